package exhibit

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// named are the errors that a bad file may end in.
var named = []error{ErrDamaged, ErrTooLarge, ErrPassword, ErrAsk, ErrLayers, ErrPicture, ErrEmpty, ErrKindMismatch, ErrKindUnknown, ErrKindText}

func isNamed(err error) bool {
	for _, n := range named {
		if errors.Is(err, n) {
			return true
		}
	}
	return false
}

func TestClean_survives_hostile_files(t *testing.T) {
	bomb := deflate(bytes.Repeat([]byte("0 0 m "), 11_500_000))
	cases := map[string]struct {
		make func() []byte
		want error // nil: any named error, or none
	}{
		"flate bomb in content": {func() []byte {
			f := onePage(letterBox, "")
			f.objects[textObject-1] = streamObject("/Filter /FlateDecode", string(bomb))
			return f.bytes()
		}, ErrTooLarge},
		"bomb in a bomb": {func() []byte {
			f := onePage(letterBox, "")
			f.objects[textObject-1] = streamObject("/Filter [/FlateDecode /FlateDecode]", string(deflate(bomb)))
			return f.bytes()
		}, ErrTooLarge},
		"nested arrays": {func() []byte {
			f := onePage(letterBox+" /Group "+strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000), shapes)
			return f.bytes()
		}, nil},
		"nested arrays in content": {func() []byte {
			return onePage(letterBox, strings.Repeat("[", 200_000)+"(x)"+strings.Repeat("]", 200_000)+" TJ "+shapes).bytes()
		}, nil},
		"page tree in a circle": {func() []byte {
			f := onePage(letterBox, shapes)
			f.objects[treeObject-1] = "<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 >>"
			return f.bytes()
		}, ErrAsk},
		"parents in a circle": {func() []byte {
			f := onePage("/Annots [6 0 R]", shapes)
			f.add("<< /Subtype /Widget /Rect [0 0 9 9] /Parent 6 0 R >>")
			f.objects[treeObject-1] = "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>"
			return f.bytes()
		}, nil},
		"reference to itself": {func() []byte {
			f := onePage(letterBox, shapes)
			f.objects[textObject-1] = "5 0 R"
			return f.bytes()
		}, nil},
		"previous table in a circle": {func() []byte {
			data := onePage(letterBox, shapes).bytes()
			at := bytes.LastIndex(data, []byte("xref\n0 "))
			return bytes.Replace(data, []byte("/Root 1 0 R"), fmt.Appendf(nil, "/Root 1 0 R /Prev %d", at), 1)
		}, nil},
		"huge count": {func() []byte {
			f := onePage(letterBox, shapes)
			f.objects[treeObject-1] = "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"
			return f.bytes()
		}, ErrAsk},
		"huge size": {func() []byte {
			return bytes.Replace(onePage(letterBox, shapes).bytes(), []byte("/Size 6"), []byte("/Size 2000000000"), 1)
		}, nil},
		"too many pages": {func() []byte {
			f := onePage(letterBox, shapes)
			f.objects[treeObject-1] = "<< /Type /Pages /Count 1 /Kids [" + strings.Repeat("3 0 R ", maxPages+1) + "] >>"
			return f.bytes()
		}, ErrTooLarge},
		"forms that multiply": {func() []byte {
			f := onePage(letterBox+" /Resources << /XObject << /X 6 0 R >> >>", strings.Repeat("/X Do ", 50))
			for i := range 11 {
				f.add(streamObject(fmt.Sprintf("/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>", 7+i), strings.Repeat("/X Do ", 50)))
			}
			f.add(streamObject("/Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f"))
			return f.bytes()
		}, ErrTooLarge},
		"form that draws itself": {func() []byte {
			f := onePage(letterBox+" /Resources << /XObject << /X 6 0 R >> >>", "/X Do "+shapes)
			f.add(streamObject("/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>", "/X Do 0 0 9 9 re f"))
			return f.bytes()
		}, nil},
		"font that draws with itself": {func() []byte {
			f := onePage(letterBox+" /Resources << /Font << /F1 6 0 R >> >>", shapes)
			f.add("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /CharProcs << /U 7 0 R >> /Encoding << /Differences [85 /U] >> /Resources << /Font << /F1 6 0 R >> >> >>")
			f.add(streamObject("", "9 0 d0 BT /F1 9 Tf (U) Tj ET"))
			return f.bytes()
		}, nil},
		"patterns in a row": {func() []byte {
			f := onePage(letterBox+" /Resources << /Pattern << /P 6 0 R >> >>", "/Pattern cs /P scn 0 0 9 9 re f")
			for i := range 1000 {
				f.add(streamObject(fmt.Sprintf("/PatternType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << /Pattern << /P %d 0 R >> >>", 7+i), "/Pattern cs /P scn 0 0 9 9 re f"))
			}
			return f.bytes()
		}, nil},
		"no numbers": {func() []byte {
			return onePage("/MediaBox [0 0 nan inf] /Rotate (x) /UserUnit 1e300", "1e999 nan 0 -- 9 9 re f "+shapes).bytes()
		}, nil},
		"endless page": {func() []byte { return onePage("/MediaBox [0 0 1000000 1000000]", shapes).bytes() }, ErrDamaged},
		"no pages": {func() []byte {
			f := onePage(letterBox, shapes)
			f.objects[treeObject-1] = "<< /Type /Pages /Kids [] /Count 0 >>"
			return f.bytes()
		}, ErrDamaged},
		"unknown filter": {func() []byte {
			f := onePage(letterBox, "")
			f.objects[textObject-1] = streamObject("/Filter /Nonsense", "abc")
			return f.bytes()
		}, ErrAsk},
		"picture that is none": {func() []byte {
			f := onePage(letterBox+" /Resources << /XObject << /X 6 0 R >> >>", "/X Do")
			f.add(streamObject("/Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", "nothing like it"))
			return f.bytes()
		}, ErrAsk},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := discard(KindPDF, c.make(), Options{})
			if c.want != nil {
				wantError(t, err, c.want)
			} else if err != nil && !isNamed(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestClean_survives_cut_and_spoiled_files(t *testing.T) {
	files := map[string][]byte{
		KindPDF:  layered("").bytes(),
		KindJPEG: testJPEG(t, 40, 30, 6),
		KindPNG:  testPNG(t),
	}
	random := rand.New(rand.NewSource(1))
	for kind, data := range files {
		step := max(1, len(data)/70)
		for i := 0; i < len(data); i += step {
			if _, err := discard(kind, data[:i], Options{}); err != nil && !isNamed(err) {
				t.Errorf("%s cut at %d: %v", kind, i, err)
			}
		}
		for range 100 {
			spoiled := bytes.Clone(data)
			for range 1 + random.Intn(8) {
				spoiled[random.Intn(len(spoiled))] = byte(random.Intn(256))
			}
			if _, err := discard(kind, spoiled, Options{}); err != nil && !isNamed(err) {
				t.Errorf("%s spoiled: %v", kind, err)
			}
		}
		noise := make([]byte, 2000)
		random.Read(noise)
		noise = append(bytes.Clone(data[:8]), noise...)
		if _, err := discard(kind, noise, Options{}); err == nil {
			t.Errorf("%s: noise was taken", kind)
		}
	}
}

func TestCleanPNG_bounds_pixels(t *testing.T) {
	data := testPNG(t)
	for _, size := range []string{"\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF", "\x00\x00\xFF\x00\x00\x00\xFF\x00", "\x00\x00\x00\x00\x00\x00\x00\x01"} {
		header := append([]byte(size), data[24:29]...)
		bad := append(append(bytes.Clone(data[:8]), chunk("IHDR", header)...), data[33:]...)
		if _, err := discard(KindPNG, bad, Options{}); !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrDamaged) {
			t.Errorf("got %v", err)
		}
	}
}

func TestDetect_goes_by_the_bytes(t *testing.T) {
	for data, want := range map[string]error{
		"":                                      ErrEmpty,
		"\x00\x00\x00\x18ftypheic\x00\x00":      ErrKindHEIC,
		"\x00\x00\x00\x18ftypmp42\x00\x00":      ErrKindUnknown,
		"II*\x00....":                           ErrKindTIFF,
		"MM\x00*....":                           ErrKindTIFF,
		"GIF89a":                                ErrKindPicture,
		"RIFF....WEBPVP8 ":                      ErrKindPicture,
		"PK\x03\x04...[Content_Types].xml word": ErrKindWord,
		"PK\x03\x04...family.jpg":               ErrKindArchive,
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....":  ErrKindWord,
		"{\\rtf1 hello}":                        ErrKindWord,
		"Querida señora,\n":                     ErrKindText,
		"<html>":                                ErrKindText,
		"\x00\x01\x02\x03":                      ErrKindUnknown,
		"\x89PNG\r\n\x1a\n":                     ErrKindMismatch,
	} {
		_, err := discard(KindPDF, []byte(data), Options{})
		wantError(t, err, want)
	}
	for data, want := range map[string]string{
		"%PDF-1.4":                             KindPDF,
		strings.Repeat("\n", 900) + "%PDF-2.0": KindPDF,
		"\xFF\xD8\xFF\xE0":                     KindJPEG,
		"\x89PNG\r\n\x1a\n":                    KindPNG,
	} {
		if kind, ok := Detect([]byte(data)); !ok || kind != want {
			t.Errorf("%q is %s, %v", data, kind, ok)
		}
	}
	_, err := discard(KindJPEG, []byte("%PDF-1.4"), Options{})
	wantError(t, err, ErrKindMismatch)
}

func TestItems_all_have_words(t *testing.T) {
	if got := Describe("note:12"); got != "a note or comment on page 12" {
		t.Errorf("got %q", got)
	}
	for code := range descriptions {
		if !knownItem(code) || !knownItem(code+":1") {
			t.Errorf("%s is not known", code)
		}
	}
	for _, bad := range []string{"", "nothing", "note:", "note:0", "note:-1", "note:01", "note:1:2", "note:5001"} {
		if knownItem(bad) {
			t.Errorf("%q is known", bad)
		}
	}
}
