package pdf

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// form is a page-sized form that draws one line of Helvetica.
func form(font Ref, width, height float64, words string) Object {
	return Object{
		Value: Dict{
			"Type": Name("XObject"), "Subtype": Name("Form"),
			"BBox": Array{int64(0), int64(0), Real(width), Real(height)},
			"Resources": Dict{
				"Font": Dict{"A": font},
			},
		},
		Stream: []byte("BT /A 24 Tf 72 700 Td (" + words + ") Tj ET\n"),
	}
}

// cleanBytes makes a clean document with one page per line of words.
func cleanBytes(t testing.TB, words ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewCleanWriter(&out)
	font := w.Add(Object{Value: Dict{
		"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica"),
	}})
	var pages []CleanPage
	for _, s := range words {
		pages = append(pages, CleanPage{Width: 612, Height: 792, Form: w.Add(form(font, 612, 792, s)), Text: s})
	}
	if err := w.Close(pages, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, b []byte) *Clean {
	t.Helper()
	c, err := OpenClean(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// again writes a clean document that was read, in the order it was read in.
func again(t testing.TB, c *Clean) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewCleanWriter(&out)
	for range c.objects {
		w.Reserve()
	}
	for _, ref := range c.order {
		o, err := c.Object(ref)
		if err != nil {
			t.Fatal(err)
		}
		w.Put(ref, o)
	}
	if err := w.Close(c.Pages(), c.Removed()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestOpenClean_gives_back_what_was_written(t *testing.T) {
	var out bytes.Buffer
	w := NewCleanWriter(&out)
	self := w.Reserve()
	image := w.Add(Object{
		Value: Dict{
			"Subtype": Name("Image"), "Width": int64(1), "Height": int64(1),
			"ColorSpace": Name("DeviceGray"), "BitsPerComponent": int64(8), "Length": int64(99),
		},
		Stream: []byte{0x80},
	})
	f := form(0, 200, 100, "")
	f.Stream = []byte{}
	// A form that draws itself is nonsense, but no reason to lose an exhibit.
	f.Value.(Dict)["Resources"] = Dict{
		"XObject":    Dict{"JS": image, "AA": self},
		"ColorSpace": Dict{"C": Array{Name("Indexed"), Name("DeviceRGB"), int64(0), String{0, 255, 7}}},
	}
	w.Put(self, f)
	pages := []CleanPage{{Width: 200, Height: 100, Form: self, Text: "año"}}
	if err := w.Close(pages, []string{"scripts"}); err != nil {
		t.Fatal(err)
	}
	c := open(t, out.Bytes())
	if got := again(t, c); !bytes.Equal(got, out.Bytes()) {
		t.Errorf("written again: %d bytes that differ from the first %d", len(got), out.Len())
	}
	if p := c.Pages(); len(p) != 1 || p[0] != pages[0] {
		t.Errorf("pages: got %v", p)
	}
	if r := c.Removed(); len(r) != 1 || r[0] != "scripts" {
		t.Errorf("removed: got %v", r)
	}
	o, err := c.Object(image)
	if err != nil || !bytes.Equal(o.Stream, []byte{0x80}) {
		t.Errorf("image: got %v, %v", o.Stream, err)
	}
	if _, ok := o.Value.(Dict)["Length"]; ok {
		t.Error("a stream kept its length, which only the writer of a packet knows")
	}
	o, err = c.Object(self)
	if err != nil || o.Stream == nil {
		t.Errorf("an empty stream came back as no stream: %v", err)
	}
}

func TestOpenClean_refuses_what_must_not_be_in_a_packet(t *testing.T) {
	js := Dict{"S": Name("JavaScript"), "JS": String("app.alert(1)")}
	page := func(key Name, v Value) func(Dict) {
		return func(d Dict) { d[key] = v }
	}
	resource := func(key Name, v Value) func(Dict) {
		return func(d Dict) { d["Resources"].(Dict)[key] = v }
	}
	state := func(key Name, v Value) func(Dict) {
		return resource("ExtGState", Dict{"G": Dict{key: v}})
	}
	for name, change := range map[string]func(Dict){
		"open action":        page("OpenAction", js),
		"additional actions": page("AA", Dict{"O": js}),
		"script":             page("JS", String("x")),
		"annotations":        page("Annots", Array{}),
		"metadata":           page("Metadata", int64(1)),
		"piece info":         page("PieceInfo", Dict{}),
		"structure":          page("StructParents", int64(1)),
		"layer":              page("OC", Dict{"Type": Name("OCG")}),
		"embedded file":      page("EF", Dict{}),
		"associated file":    page("AF", Array{}),
		"external stream":    page("F", String("/etc/passwd")),
		"private name":       page("PTEX.FileName", String("secret.pdf")),
		"action in a font":   resource("Font", Dict{"A": Dict{"A": js}}),
		"named layer":        resource("Properties", Dict{"M": Dict{"Type": Name("OCG")}}),
		"private resource":   resource("Private", Dict{}),
		"uri in a state":     state("URI", String("http://example.org")),
		"halftone":           state("HT", Dict{}),
		"dictionary as text": state("LW", Dict{"A": js}),
		"unknown color space": resource("ColorSpace", Dict{
			"C": Array{Name("Mine"), Dict{"A": js}},
		}),
		"number for a font":                resource("Font", Dict{"A": int64(1)}),
		"dict for a form":                  resource("XObject", Dict{"X": Dict{"Subtype": Name("Form")}}),
		"postscript object":                resource("XObject", Dict{"X": Dict{"Subtype": Name("PS")}}),
		"unknown filter":                   page("Filter", Name("Crypt")),
		"filter by name of another object": page("Filter", Array{Array{}}),
		"long filter chain": page("Filter", Array{
			Name("FlateDecode"), Name("FlateDecode"), Name("FlateDecode"), Name("FlateDecode"), Name("FlateDecode"),
		}),
		"form off its page": page("Matrix", Array{int64(1), int64(0), int64(0), int64(1), int64(50), int64(0)}),
		"form without box":  page("BBox", nil),
		"not a form":        page("Subtype", Name("Image")),
	} {
		var out bytes.Buffer
		w := NewCleanWriter(&out)
		font := w.Add(Object{Value: Dict{"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}})
		f := form(font, 612, 792, "x")
		// The font stays reachable, so that only the change can be refused.
		f.Value.(Dict)["Resources"].(Dict)["Pattern"] = Dict{"P": Dict{
			"PatternType": int64(2), "ExtGState": Dict{"Font": Array{font, int64(1)}},
		}}
		change(f.Value.(Dict))
		pages := []CleanPage{{Width: 612, Height: 792, Form: w.Add(f)}}
		if err := w.Close(pages, nil); err != nil {
			t.Errorf("%s: writer: %v", name, err)
			continue
		}
		_, err := OpenClean(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if !errors.Is(err, ErrNotClean) {
			t.Errorf("%s: got %v, want ErrNotClean", name, err)
		}
	}
}

func TestOpenClean_refuses_every_cut_and_every_extra_byte(t *testing.T) {
	good := cleanBytes(t, "one", "two")
	for n := range good {
		if _, err := OpenClean(bytes.NewReader(good[:n]), int64(n)); !errors.Is(err, ErrNotClean) {
			t.Fatalf("cut to %d of %d bytes: got %v, want ErrNotClean", n, len(good), err)
		}
	}
	long := append(bytes.Clone(good), 0)
	if _, err := OpenClean(bytes.NewReader(long), int64(len(long))); !errors.Is(err, ErrNotClean) {
		t.Errorf("a byte more: got %v, want ErrNotClean", err)
	}
	between := append(bytes.Clone(good[:len(good)-endLength]), 0)
	between = append(between, good[len(good)-endLength:]...)
	if _, err := OpenClean(bytes.NewReader(between), int64(len(between))); !errors.Is(err, ErrNotClean) {
		t.Errorf("a byte before the end record: got %v, want ErrNotClean", err)
	}
	// A size that promises more than the reader has is the reader's trouble,
	// not a reason to hang.
	if _, err := OpenClean(bytes.NewReader(good), int64(len(good))+1); err == nil {
		t.Error("a size larger than the file was accepted")
	}
}

func TestOpenClean_refuses_objects_that_no_page_reaches(t *testing.T) {
	var out bytes.Buffer
	w := NewCleanWriter(&out)
	font := w.Add(Object{Value: Dict{"Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}})
	w.Add(Object{Value: String("what the exhibit said before it was redacted")})
	pages := []CleanPage{{Width: 612, Height: 792, Form: w.Add(form(font, 612, 792, "x"))}}
	if err := w.Close(pages, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenClean(bytes.NewReader(out.Bytes()), int64(out.Len())); !errors.Is(err, ErrNotClean) {
		t.Errorf("got %v, want ErrNotClean", err)
	}
}

func TestOpenClean_refuses_objects_that_stand_everywhere(t *testing.T) {
	var out bytes.Buffer
	w := NewCleanWriter(&out)
	// Each of these can be a color space, a function or a mask, and so on.
	lists := make([]Ref, 200)
	for i := range lists {
		lists[i] = w.Add(Object{Value: Array{}})
	}
	colors, fonts, masks, states, patterns := Dict{}, Dict{}, Dict{}, Dict{}, Dict{}
	for i, ref := range lists {
		name := Name(rune('A' + i))
		colors[name], fonts[name] = ref, ref
		states[name] = Dict{"TR": ref, "Font": ref, "LW": ref}
		patterns[name] = Dict{"PatternType": int64(1), "Matrix": ref}
		masks[name] = w.Add(Object{Value: Dict{"Subtype": Name("Image"), "Mask": ref}, Stream: []byte{}})
	}
	f := form(0, 612, 792, "x")
	f.Value.(Dict)["Resources"] = Dict{"ColorSpace": colors, "Font": fonts, "XObject": masks, "ExtGState": states, "Pattern": patterns}
	pages := []CleanPage{{Width: 612, Height: 792, Form: w.Add(f)}}
	if err := w.Close(pages, nil); err != nil {
		t.Fatal(err)
	}
	c, err := OpenClean(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatalf("five places each, by three of five objects: %v", err)
	}
	walk := newWalk(0, func(ref Ref) (Value, bool, error) {
		v, err := c.value(ref)
		return v, c.objects[ref].stream >= 0, err
	})
	walk.add(c.Pages()[0].Form, RoleForm)
	if err := walk.run(); err == nil {
		t.Error("a walk with no room for its places came to an end")
	}
}

func TestCleanWriter_reports_misuse(t *testing.T) {
	font := Object{Value: Dict{"Subtype": Name("Type1")}}
	deep := Value(int64(1))
	for range maxDepth + 1 {
		deep = Array{deep}
	}
	for name, use := range map[string]func(*CleanWriter) []CleanPage{
		"put twice":          func(w *CleanWriter) []CleanPage { r := w.Add(font); w.Put(r, font); return nil },
		"never put":          func(w *CleanWriter) []CleanPage { w.Reserve(); return nil },
		"never reserved":     func(w *CleanWriter) []CleanPage { w.Put(3, font); return nil },
		"page without form":  func(w *CleanWriter) []CleanPage { return []CleanPage{{Width: 612, Height: 792}} },
		"page without size":  func(w *CleanWriter) []CleanPage { return []CleanPage{{Form: w.Add(font)}} },
		"too deep":           func(w *CleanWriter) []CleanPage { w.Add(Object{Value: deep}); return nil },
		"name too long":      func(w *CleanWriter) []CleanPage { w.Add(Object{Value: Name(strings.Repeat("n", 256))}); return nil },
		"stream without key": func(w *CleanWriter) []CleanPage { w.Add(Object{Value: nil, Stream: []byte{1}}); return nil },
		"int of Go":          func(w *CleanWriter) []CleanPage { w.Add(Object{Value: 1}); return nil },
	} {
		w := NewCleanWriter(new(bytes.Buffer))
		if err := w.Close(use(w), nil); !errors.Is(err, ErrNotClean) {
			t.Errorf("%s: got %v, want ErrNotClean", name, err)
		}
	}
}

func FuzzOpenClean(f *testing.F) {
	f.Add(cleanBytes(f, "one"))
	f.Add(cleanBytes(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := OpenClean(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		if !bytes.Equal(again(t, c), b) {
			t.Error("accepted, but written again it is not the same")
		}
	})
}
