package pdf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

var newYork = time.FixedZone("", -5*3600)

// packet is five pages: a letter with links, an exhibit of two pages drawn
// small under a stamp, and the letter once more.
func packet(t testing.TB) Packet {
	t.Helper()
	letter := open(t, cleanBytes(t, "Invented letter", "Second page"))
	exhibit := open(t, cleanBytes(t, "Invented exhibit", "Its second page"))
	page := func(label string, layers ...Layer) Page {
		return Page{Width: 612, Height: 792, Label: label, Layers: layers}
	}
	p := Packet{
		Title: "Request of Invented & Example <año>", Lang: "en-US", ID: [16]byte{1, 2, 254},
		Pages: []Page{
			page("1", Layer{Source: letter}),
			page("2", Layer{Source: letter, Page: 1}),
			page("A-3", Layer{Source: exhibit, X: 61.2, Y: 79.2, Scale: 0.8}, Layer{Source: letter, Page: 1}),
			page("A-4", Layer{Source: exhibit, Page: 1}),
			page("", Layer{Source: letter}),
		},
		Outline: []Bookmark{
			{Title: "Letter", Page: 0},
			{Title: "Exhibits año", Page: 2, Children: []Bookmark{{Title: "A", Page: 2}, {Title: "A, second", Page: 3}}},
		},
	}
	p.Pages[0].Links = []Link{{Rect: [4]float64{72, 690, 300, 720}, Page: 3}}
	return p
}

func write(t testing.TB, p Packet) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := Write(&out, p)
	if err != nil {
		t.Fatal(err)
	}
	if w.Size != int64(out.Len()) || w.SHA256 != sha256.Sum256(out.Bytes()) {
		t.Errorf("reported %d bytes %x, wrote %d bytes", w.Size, w.SHA256, out.Len())
	}
	return out.Bytes()
}

func openPacket(b []byte) (*PacketFile, error) {
	return OpenPacket(bytes.NewReader(b), int64(len(b)))
}

func TestWrite_gives_equal_bytes_for_equal_packets(t *testing.T) {
	if a, b := write(t, packet(t)), write(t, packet(t)); !bytes.Equal(a, b) {
		t.Error("two packets of the same plan differ")
	}
}

// PACKET.md describes these bytes. If they have to change, it changes with them.
func TestWrite_lays_packets_out_as_ever(t *testing.T) {
	for name, c := range map[string]struct {
		packet Packet
		want   string
	}{
		"plain":  {packet(t), "2f186649b1b0cdcccf96273c7bb5d10d8f6d38e1f03b7b9e2afbbb293cf09ff4"},
		"signed": {signed(packet(t)), "14226d8e0c8ce26c61100182c8113f41123fb6fb12172f25bcb53fdca3e7e367"},
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256(write(t, c.packet))); got != c.want {
			t.Errorf("%s: SHA-256 %s, want %s", name, got, c.want)
		}
	}
}

func TestWrite_says_nothing_about_the_program(t *testing.T) {
	b := bytes.ToLower(write(t, packet(t)))
	for _, word := range []string{"forbear", "producer", "creator", "/info", "creationdate", "moddate", "fbclean"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("packet contains %q", word)
		}
	}
}

func TestOpenPacket_accepts_what_Write_wrote(t *testing.T) {
	f, err := openPacket(write(t, packet(t)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Pages != 5 || f.Signature != nil {
		t.Errorf("got %+v", f)
	}
}

// signed adds a signature whose CMS is the digest itself.
func signed(p Packet) Packet {
	look := p.Pages[0].Layers[0]
	look.Scale = 0.2
	p.Signature = &Signature{
		Page: 1, Rect: [4]float64{72, 100, 272, 160}, Appearance: &look,
		Name: "Ana Ñandú (invented)", Reason: "Request", Size: 40,
		Date: time.Date(2026, 11, 21, 16, 10, 5, 0, newYork),
		Sign: func(digest []byte) ([]byte, error) { return digest, nil },
	}
	return p
}

func TestWrite_signs_all_but_the_gap(t *testing.T) {
	var out bytes.Buffer
	w, err := Write(&out, signed(packet(t)))
	if err != nil {
		t.Fatal(err)
	}
	b := out.Bytes()
	f, err := openPacket(b)
	if err != nil {
		t.Fatal(err)
	}
	s := f.Signature
	if s == nil || s.Name != "Ana Ñandú (invented)" || s.Reason != "Request" || s.Date != "D:20261121161005-05'00" {
		t.Fatalf("signature: got %+v", s)
	}
	rest := append(bytes.Clone(b[:s.Gap[0]]), b[s.Gap[1]:]...)
	digest := sha256.Sum256(rest)
	if digest != w.Digest {
		t.Errorf("digest reported %x, of the bytes around the gap %x", w.Digest, digest)
	}
	want := fmt.Sprintf("<%X%s>", digest, strings.Repeat("00", 8))
	if got := string(b[s.Gap[0]:s.Gap[1]]); got != want {
		t.Errorf("gap: got %s, want %s", got, want)
	}
	// The gap is the last thing before the end of the last object.
	if i := bytes.LastIndex(b, []byte(" 0 obj\n")); int64(i) > s.Gap[0] || !bytes.HasPrefix(b[i:], []byte(" 0 obj\n<< /ByteRange [0 ")) {
		t.Error("signature dictionary is not the last object")
	}
	// Whoever signs, the bytes around the gap are the same.
	p := signed(packet(t))
	p.Signature.Sign = func([]byte) ([]byte, error) { return []byte("another"), nil }
	c := write(t, p)
	if !bytes.Equal(c[:s.Gap[0]], b[:s.Gap[0]]) || !bytes.Equal(c[s.Gap[1]:], b[s.Gap[1]:]) {
		t.Error("bytes outside the gap depend on the signature")
	}
}

func TestWrite_stops_at_a_signature_that_does_not_fit(t *testing.T) {
	p := signed(packet(t))
	p.Signature.Sign = func([]byte) ([]byte, error) { return make([]byte, 41), nil }
	var out bytes.Buffer
	if _, err := Write(&out, p); !errors.Is(err, ErrSignatureSize) {
		t.Errorf("got %v, want ErrSignatureSize", err)
	}
	if bytes.Contains(out.Bytes(), []byte("%%EOF")) {
		t.Error("an unsigned packet was finished")
	}
	mine := errors.New("card pulled out")
	p.Signature.Sign = func([]byte) ([]byte, error) { return nil, mine }
	if _, err := Write(io.Discard, p); !errors.Is(err, mine) {
		t.Errorf("got %v, want the signer's error", err)
	}
}

type brokenWriter struct{ left int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(b), nil
}

func TestWrite_reports_the_writers_error(t *testing.T) {
	if _, err := Write(&brokenWriter{left: 100}, signed(packet(t))); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
}

func TestWrite_refuses_plans_that_make_no_packet(t *testing.T) {
	for name, change := range map[string]func(*Packet){
		"no pages":            func(p *Packet) { p.Pages = nil },
		"no title":            func(p *Packet) { p.Title = "" },
		"title of two lines":  func(p *Packet) { p.Title = "a\nb" },
		"no language":         func(p *Packet) { p.Lang = "" },
		"language with an <":  func(p *Packet) { p.Lang = "en<" },
		"endless page":        func(p *Packet) { p.Pages[0].Height = 1e9 },
		"link to nowhere":     func(p *Packet) { p.Pages[0].Links[0].Page = 5 },
		"bookmark to nowhere": func(p *Packet) { p.Outline[1].Children[0].Page = -1 },
		"nameless bookmark":   func(p *Packet) { p.Outline[0].Title = "" },
		"page of no source":   func(p *Packet) { p.Pages[2].Layers[0].Source = nil },
		"page not in source":  func(p *Packet) { p.Pages[2].Layers[0].Page = 2 },
		"signature elsewhere": func(p *Packet) { p.Signature.Page = 9 },
		"nobody signs":        func(p *Packet) { p.Signature.Sign = nil },
		"field with a dot":    func(p *Packet) { p.Signature.FieldName = "a.b" },
	} {
		p := signed(packet(t))
		change(&p)
		if _, err := Write(io.Discard, p); !errors.Is(err, ErrPlan) {
			t.Errorf("%s: got %v, want ErrPlan", name, err)
		}
	}
}

func TestPageLabels(t *testing.T) {
	var pages []Page
	for _, l := range []string{"1", "2", "3", "A-1", "A-2", "7", "cover", "cover", "007", "", "12345678901"} {
		pages = append(pages, Page{Label: l})
	}
	got, err := appendValue(nil, pageLabels(pages), own)
	if err != nil {
		t.Fatal(err)
	}
	want := "<< /Nums [0 << /S /D /St 1 >> 3 << /P (A-) /S /D /St 1 >> 5 << /S /D /St 7 >>" +
		" 6 << /P (cover) >> 7 << /P (cover) >> 8 << /P (007) >> 9 << >> 10 << /P (12345678901) >>] >>"
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if pageLabels([]Page{{}, {}}) != nil {
		t.Error("labels for pages that have none")
	}
}

func TestValues_have_one_spelling(t *testing.T) {
	for _, v := range []Value{
		nil, true, false, int64(-12), Real(0.5), Real(-612.25), Real(1e-12), Real(1e14), Real(1.0 / 3),
		Name(""), Name("A B#/é"), String("plain"), String("a(b"),
		String{0, 255},
		String{},
		Array{},
		Array{int64(1), int64(0), Name("R")},
		Array{Ref(7), Ref(8)},
		Dict{},
		Dict{"B": Dict{"": nil}, "A": Array{Dict{}, String("x"), Ref(1)}},
	} {
		b, err := appendValue(nil, v, own)
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		p := parser{b: append(b, "\nendobj\n"...)}
		got, err := p.value(0)
		if err != nil || string(p.b) != "\nendobj\n" {
			t.Errorf("%s: read back with %v, %q left", b, err, p.b)
			continue
		}
		same, err := appendValue(nil, got, own)
		if err != nil || !bytes.Equal(same, b) {
			t.Errorf("%s: read and written again: %s, %v", b, same, err)
		}
		// A window that is too short says so rather than guessing.
		for n := range b {
			p := parser{b: b[:n]}
			if _, err := p.value(0); err != errShort {
				t.Errorf("%s cut to %d bytes: got %v", b, n, err)
			}
		}
	}
}

func TestText_survives(t *testing.T) {
	for _, s := range []string{"", "Ana (x)", "Ñandú", "日本 😀"} {
		if got := PlainText(Text(s)); got != s {
			t.Errorf("got %q, want %q", got, s)
		}
	}
}

func TestParseDate(t *testing.T) {
	at := time.Date(2026, 11, 21, 16, 10, 5, 0, newYork)
	got, ok := ParseDate(formatDate(at))
	if !ok || !got.Equal(at) || got.Hour() != 16 {
		t.Errorf("got %v, %v", got, ok)
	}
	for s, want := range map[string]bool{
		"D:20261121": true, "D:20261121161005Z": true, "D:20261121161005+05'30'": true,
		"": false, "D:": false, "D:2026": false, "D:20261321": false, "D:20261121161005+99'00": false,
		"D:20261121161005+-1'00": false, "D:20261121161005 ": false, "20261121": false,
	} {
		if _, ok := ParseDate(s); ok != want {
			t.Errorf("%q: got %v, want %v", s, ok, want)
		}
	}
}

// Every byte of a packet is either part of its one layout or of a text, a
// number, a stream: what OpenPacket still accepts after a change has to be
// another packet of the same layout, never something between.
func TestOpenPacket_knows_only_one_layout(t *testing.T) {
	good := write(t, signed(packet(t)))
	for name, b := range map[string][]byte{
		"empty":        nil,
		"appended":     append(bytes.Clone(good), '\n'),
		"in front":     append([]byte("\n"), good...),
		"version":      bytes.Replace(good, []byte("%PDF-1.7"), []byte("%PDF-1.4"), 1),
		"comment":      bytes.Replace(good, []byte("%\xE2\xE3\xCF\xD3"), []byte("%\xE2\xE3\xCF\xD4"), 1),
		"two endings":  append(bytes.Clone(good), "startxref\n0\n%%EOF\n"...),
		"line endings": bytes.Replace(good, []byte("endobj\n"), []byte("endobj\r"), 1),
		"spelling":     bytes.Replace(good, []byte("/Type /Page >>"), []byte("/Type /Page  >>"), 1),
		"action":       bytes.Replace(good, []byte("/Dest ["), []byte("/URI  ["), 1),
		"free entry":   bytes.Replace(good, []byte(" 00000 n "), []byte(" 00000 f "), 1),
		"generation":   bytes.Replace(good, []byte(" 00000 n "), []byte(" 00001 n "), 1),
		"byte range":   bytes.Replace(good, []byte("/ByteRange [0 "), []byte("/ByteRange [1 "), 1),
		"subfilter":    bytes.Replace(good, []byte("ETSI.CAdES"), []byte("ETSI.RFC31"), 1),
		"root":         bytes.Replace(good, []byte("/Root 1 0 R"), []byte("/Root 2 0 R"), 1),
		"open action":  bytes.Replace(good, []byte("/PageLabels"), []byte("/OpenAction"), 1),
		"field type":   bytes.Replace(good, []byte("/FT /Sig"), []byte("/FT /Btn"), 1),
		"tree":         bytes.Replace(good, []byte("/Kids [3 0 R 4 0 R"), []byte("/Kids [4 0 R 3 0 R"), 1),
		"count":        bytes.Replace(good, []byte("/Count 5"), []byte("/Count 4"), 1),
	} {
		if bytes.Equal(b, good) {
			t.Errorf("%s: the test changed nothing", name)
		}
		if _, err := openPacket(b); !errors.Is(err, ErrNotPacket) {
			t.Errorf("%s: got %v, want ErrNotPacket", name, err)
		}
	}
	for n := range good {
		if _, err := openPacket(good[:n]); !errors.Is(err, ErrNotPacket) {
			t.Fatalf("cut to %d bytes: got %v, want ErrNotPacket", n, err)
		}
	}
}

// rebuilt takes a packet apart, lets change have its objects (0 is what comes
// behind the header), and writes them with a table and a byte range that are
// right: a sound PDF, whatever is in it now. A signature dictionary stays last.
func rebuilt(t *testing.T, b []byte, change func(objects map[int]string)) []byte {
	t.Helper()
	f := &packetReader{r: bytes.NewReader(b), size: int64(len(b))}
	if err := f.frame(); err != nil {
		t.Fatal(err)
	}
	if err := f.tile(); err != nil {
		t.Fatal(err)
	}
	objects := map[int]string{0: ""}
	for n := 1; n < len(f.offsets); n++ {
		body := string(b[f.offsets[n]:f.ends[n]])
		body = strings.TrimPrefix(body, fmt.Sprintf("%d 0 obj\n", n))
		objects[n] = strings.TrimSuffix(body, "\nendobj\n")
	}
	change(objects)
	a := &assembler{offsets: make([]int64, len(objects))}
	out := []byte(header + objects[0])
	put := func(n int) {
		a.offsets[n] = int64(len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	for n := 1; n < len(objects); n++ {
		if n != f.last || f.signature == nil {
			put(n)
		}
	}
	if f.signature != nil {
		put(f.last)
	}
	out = append(out, a.table(int64(len(out)), [16]byte{})...)
	if f.signature != nil {
		old := fmt.Sprintf("/ByteRange [0 %d %d %d]", f.gap[0], f.gap[1], len(b)-int(f.gap[1]))
		from := bytes.Index(out, []byte(old)) + len(old) + len(" /Contents ")
		to := from + int(f.gap[1]-f.gap[0])
		out = bytes.Replace(out, []byte(old), fmt.Appendf(nil, "/ByteRange [0 %d %d %d]", from, to, len(out)-to), 1)
	}
	return out
}

func TestOpenPacket_refuses_sound_files_with_more_in_them(t *testing.T) {
	good := write(t, packet(t))
	add := func(objects map[int]string, body string) int {
		n := len(objects)
		objects[n] = body
		return n
	}
	catalog := func(objects map[int]string, entry, instead string) {
		if !strings.Contains(objects[1], entry) {
			t.Fatalf("catalog has no %s", entry)
		}
		objects[1] = strings.Replace(objects[1], entry, instead, 1)
	}
	same := rebuilt(t, good, func(map[int]string) {})
	if _, err := openPacket(same); err != nil {
		t.Fatalf("the same objects in another order: %v", err)
	}
	for name, change := range map[string]func(map[int]string){
		"unused object": func(o map[int]string) { add(o, "(what was left out)") },
		"unused page": func(o map[int]string) {
			add(o, "<< /MediaBox [0 0 612 792] /Parent 2 0 R /Resources << >> /Type /Page >>")
		},
		"open action": func(o map[int]string) {
			n := add(o, "<< /JS (x) /S /JavaScript >>")
			catalog(o, " /Outlines", fmt.Sprintf(" /OpenAction %d 0 R /Outlines", n))
		},
		"names": func(o map[int]string) {
			catalog(o, " /Outlines", " /Names << /EmbeddedFiles << /Names [] >> >> /Outlines")
		},
		"permissions": func(o map[int]string) {
			catalog(o, " /ViewerPreferences", " /Perms << >> /ViewerPreferences")
		},
		"empty form": func(o map[int]string) {
			catalog(o, "<< /Lang", "<< /AcroForm << /Fields [] /SigFlags 3 >> /Lang")
		},
		"empty signature field": func(o map[int]string) {
			n := add(o, "<< /F 132 /FT /Sig /P 3 0 R /Rect [0 0 0 0] /Subtype /Widget /T (x) /Type /Annot >>")
			catalog(o, "<< /Lang", fmt.Sprintf("<< /AcroForm << /Fields [%d 0 R] /SigFlags 3 >> /Lang", n))
		},
		"second page tree": func(o map[int]string) {
			n := add(o, "<< /Count 0 /Kids [] /Type /Pages >>")
			o[3] = strings.Replace(o[3], "/Parent 2 0 R", fmt.Sprintf("/Parent %d 0 R", n), 1)
		},
		"uri link": func(o map[int]string) {
			for n, body := range o {
				o[n] = strings.Replace(body, "/Border [0 0 0] /Dest", "/A << /S /URI /URI (x) >> /Border [0 0 0] /Dest", 1)
			}
		},
		"reference for an object": func(o map[int]string) { add(o, "3 0 R") },
		"comment":                 func(o map[int]string) { o[0] = "% hello\n" },
		"another spelling":        func(o map[int]string) { o[3] = strings.Replace(o[3], "/Type /Page", "/Typ#65 /Page", 1) },
		"another order":           func(o map[int]string) { o[2] = "<< /Type /Pages " + strings.Replace(o[2], " /Type /Pages", "", 1)[3:] },
		"info in the tree":        func(o map[int]string) { o[2] = strings.Replace(o[2], "<< ", "<< /AA << >> ", 1) },
		"reference out of range":  func(o map[int]string) { o[2] = strings.Replace(o[2], "7 0 R", "700 0 R", 1) },
	} {
		b := rebuilt(t, good, change)
		if bytes.Equal(b, same) {
			t.Errorf("%s: the test changed nothing", name)
		}
		if _, err := openPacket(b); !errors.Is(err, ErrNotPacket) {
			t.Errorf("%s: got %v, want ErrNotPacket", name, err)
		}
	}
}

func TestOpenPacket_refuses_a_second_signature(t *testing.T) {
	p := signed(packet(t))
	p.Signature.Size = 400
	good := write(t, p)
	second := func(fields bool) func(map[int]string) {
		return func(o map[int]string) {
			n := len(o)
			o[n] = "<< /Contents <00> /Type /Sig >>"
			widget := fmt.Sprintf("<< /F 132 /FT /Sig /P 3 0 R /Rect [0 0 0 0] /Subtype /Widget /T (x) /Type /Annot /V %d 0 R >>", n)
			o[n+1] = widget
			o[3] = strings.Replace(o[3], "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", n+1), 1)
			if fields {
				o[1] = strings.Replace(o[1], "/Fields [", fmt.Sprintf("/Fields [%d 0 R ", n+1), 1)
			}
		}
	}
	if f, err := openPacket(rebuilt(t, good, func(map[int]string) {})); err != nil || f.Signature == nil {
		t.Fatalf("the same objects in another order: %v", err)
	}
	none := func(o map[int]string) {
		o[1] = regexp.MustCompile(`/Fields \[[^]]*\]`).ReplaceAllString(o[1], "/Fields []")
	}
	for name, change := range map[string]func(map[int]string){
		"field": second(true), "hidden": second(false), "signature without a field": none,
	} {
		b := rebuilt(t, good, change)
		if _, err := openPacket(b); !errors.Is(err, ErrNotPacket) {
			t.Errorf("%s: got %v, want ErrNotPacket", name, err)
		}
	}
}

func TestOpenPacket_refuses_a_byte_range_that_leaves_something_out(t *testing.T) {
	good := write(t, signed(packet(t)))
	f, err := openPacket(good)
	if err != nil {
		t.Fatal(err)
	}
	n := []int{int(f.Signature.Gap[0]), int(f.Signature.Gap[1]), len(good) - int(f.Signature.Gap[1])}
	form := func(n []int) []byte { return fmt.Appendf(nil, "/ByteRange [0 %d %d %d]", n[0], n[1], n[2]) }
	for i := range n {
		for _, by := range []int{-2, 2} {
			other := append([]int{}, n...)
			other[i] += by
			b := bytes.Replace(good, form(n), form(other), 1)
			if bytes.Equal(b, good) || len(b) != len(good) {
				t.Fatal("the test changed nothing, or too much")
			}
			if _, err := openPacket(b); !errors.Is(err, ErrNotPacket) {
				t.Errorf("number %d by %d: got %v, want ErrNotPacket", i+1, by, err)
			}
		}
	}
}

func TestBookmarks_stay_closed_when_there_are_many(t *testing.T) {
	p := packet(t)
	for range openBookmarks {
		p.Outline[1].Children = append(p.Outline[1].Children, Bookmark{Title: "x", Page: 3})
	}
	b := write(t, p)
	if !regexp.MustCompile(`/Count -42 /Dest`).Match(b) || !regexp.MustCompile(`/Count 2 /First`).Match(b) {
		t.Error("the second level is open")
	}
	b = write(t, packet(t))
	if !regexp.MustCompile(`/Count 2 /Dest`).Match(b) || !regexp.MustCompile(`/Count 4 /First`).Match(b) {
		t.Error("a short outline is not open")
	}
}

// noICC is what mutool says about itself, not about the file.
const noICC = "warning: ICC support is not available\n"

// tool runs a program that reads PDFs, if this machine has it.
func tool(t *testing.T, name string, args ...string) (string, bool) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		fmt.Printf("UNRUN %s: %s is not installed\n", t.Name(), name)
		return "", false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out), true
}

func TestPackets_are_sound_to_other_readers(t *testing.T) {
	dir := t.TempDir()
	for name, p := range map[string]Packet{"plain": packet(t), "signed": signed(packet(t))} {
		file := filepath.Join(dir, name+".pdf")
		if err := os.WriteFile(file, write(t, p), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, ok := tool(t, "qpdf", "--check", file); ok && !strings.Contains(out, "No syntax or stream encoding errors found") {
			t.Errorf("%s: qpdf: %s", name, out)
		}
		if out, ok := tool(t, "mutool", "draw", "-q", "-o", filepath.Join(dir, "page%d.png"), file); ok && strings.ReplaceAll(out, noICC, "") != "" {
			t.Errorf("%s: mutool: %s", name, out)
		}
		if out, ok := tool(t, "pdftotext", "-f", "3", "-l", "3", file, "-"); ok && (!strings.Contains(out, "Invented exhibit") || !strings.Contains(out, "Second page")) {
			t.Errorf("%s: pdftotext: %q", name, out)
		}
		if out, ok := tool(t, "pdfinfo", file); ok && (!strings.Contains(out, "Pages:           5") || strings.Contains(out, "Error")) {
			t.Errorf("%s: pdfinfo: %s", name, out)
		}
		// Agencies combine and extract: nothing may stand in the way.
		part := filepath.Join(dir, name+"-part.pdf")
		if _, ok := tool(t, "qpdf", file, "--pages", file, "2-3", file, "1", "--", part); ok {
			if out, ok := tool(t, "qpdf", "--check", part); ok && !strings.Contains(out, "No syntax") {
				t.Errorf("%s: extracted pages: %s", name, out)
			}
		}
	}
}

// The schema is one table; this keeps a slip in it from opening a door.
func TestRoles_name_no_key_that_acts(t *testing.T) {
	for role, s := range shapes {
		for _, key := range []Name{
			"JS", "JavaScript", "AA", "OpenAction", "Launch", "EmbeddedFile",
			"EmbeddedFiles", "EF", "AF", "RichMedia", "URI", "A", "Names", "PieceInfo",
			"StructParents", "StructParent", "Perms", "OC", "OCProperties", "XFA",
			"NeedAppearances", "Reference", "Alternates", "OPI", "Length", "FFilter",
		} {
			if _, ok := s.keys[key]; ok {
				t.Errorf("role %d allows /%s", role, key)
			}
		}
		if role < roleCatalog && (s.keys["Annots"] != 0 || s.keys["Metadata"] != 0 || s.keys["F"] != 0) {
			t.Errorf("role %d of drawn content allows an annotation, metadata or a file", role)
		}
		if s.array != (s.element != nil) {
			t.Errorf("role %d: arrays without elements, or the reverse", role)
		}
	}
}

func TestRole_Entry_agrees_with_what_is_checked(t *testing.T) {
	if r, ok := RoleXObject.Entry("Image", "SMask"); !ok || r != RoleImage {
		t.Errorf("SMask of an image: got %v, %v", r, ok)
	}
	if _, ok := RoleXObject.Entry("PS", "Level1"); ok {
		t.Error("PostScript may be copied")
	}
	if r, ok := RoleFonts.Entry("", "JS"); !ok || r != RoleFont {
		t.Errorf("a font called JS: got %v, %v", r, ok)
	}
	if _, ok := RoleFont.Element("", 0); !ok || RoleForm.Takes(Dict{}, false) || !RoleForm.Takes(Dict{}, true) {
		t.Error("descendant fonts or forms are taken for something else")
	}
	if r, ok := RoleColorSpace.Element("Indexed", 1); !ok || !reflect.DeepEqual(r, RoleColorSpace) {
		t.Errorf("base of an indexed space: got %v, %v", r, ok)
	}
}

func FuzzOpenPacket(f *testing.F) {
	f.Add(write(f, packet(f)))
	f.Add(write(f, signed(packet(f))))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := openPacket(b)
		if err != nil {
			return
		}
		if p.Pages < 1 || (p.Signature != nil && (p.Signature.Gap[0] < 0 || p.Signature.Gap[1] > int64(len(b)))) {
			t.Errorf("accepted with %+v", p)
		}
	})
}

// A packet of 300 pages, 60 of them scans of 0.9 MB.
func BenchmarkWrite300Pages(b *testing.B) {
	var doc bytes.Buffer
	w := NewCleanWriter(&doc)
	font := w.Add(Object{Value: Dict{"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}})
	var pages []CleanPage
	scan := bytes.Repeat([]byte("\xFF\xD8 not a picture"), 60_000)
	for i := range 300 {
		f := form(font, 612, 792, "Invented page")
		if i%5 == 4 {
			image := w.Add(Object{Value: Dict{
				"Type": Name("XObject"), "Subtype": Name("Image"), "Width": int64(2550), "Height": int64(3300),
				"ColorSpace": Name("DeviceRGB"), "BitsPerComponent": int64(8), "Filter": Name("DCTDecode"),
			}, Stream: scan})
			f.Value.(Dict)["Resources"].(Dict)["XObject"] = Dict{"I": image}
		}
		pages = append(pages, CleanPage{Width: 612, Height: 792, Form: w.Add(f)})
	}
	if err := w.Close(pages, nil); err != nil {
		b.Fatal(err)
	}
	c := open(b, doc.Bytes())
	p := Packet{Title: "Invented", Lang: "en"}
	for i := range pages {
		p.Pages = append(p.Pages, Page{Width: 612, Height: 792, Label: fmt.Sprint(i + 1), Layers: []Layer{{Source: c, Page: i}}})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		done, err := Write(io.Discard, p)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(done.Size)
	}
}
