package exhibit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forbear/export/pdf"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// corners paints a picture whose quarters are red, green (upper half), blue and
// white (lower half).
func corners(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, quarter(x, y, w, h))
		}
	}
	return img
}

func quarter(x, y, w, h int) color.RGBA {
	switch {
	case y < h/2 && x < w/2:
		return color.RGBA{220, 20, 20, 255}
	case y < h/2:
		return color.RGBA{20, 200, 20, 255}
	case x < w/2:
		return color.RGBA{20, 20, 220, 255}
	}
	return color.RGBA{255, 255, 255, 255}
}

// testJPEG makes a photo with an orientation and everything that must go.
func testJPEG(t testing.TB, w, h int, orientation uint16) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, corners(w, h), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return dirty(buf.Bytes(), orientation)
}

// dirty adds segments that say too much, and bytes after the end.
func dirty(plain []byte, orientation uint16) []byte {
	out := []byte{0xFF, 0xD8}
	out = append(out, segment(0xE0, []byte("JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x01\x01\xFF\xFF\xFF"))...)
	out = append(out, segment(0xE1, append([]byte("Exif\x00\x00"), tiff(orientation)...))...)
	out = append(out, segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00CANARY-xmp"))...)
	out = append(out, segment(0xE2, []byte("MPF\x00CANARY-mpf"))...)
	out = append(out, segment(0xED, []byte("Photoshop 3.0\x00CANARY-iptc"))...)
	out = append(out, segment(0xFE, []byte("CANARY-comment"))...)
	out = append(out, plain[2:]...)
	return append(out, "CANARY-trailer"...)
}

// lookAt renders a clean document's only page and names the colours of its
// quarters, from the upper left by rows.
func lookAt(t *testing.T, c *pdf.Clean) (string, bitmap) {
	t.Helper()
	page := render(t, plain(t, c), 72)[0]
	names := ""
	for _, at := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		p := page.at(page.w*at[0]/4, page.h*at[1]/4)
		switch {
		case p[0] > 150 && p[1] > 150 && p[2] > 150:
			names += "w"
		case p[0] > 150 && p[1] < 100:
			names += "r"
		case p[1] > 150 && p[0] < 100:
			names += "g"
		case p[2] > 150 && p[0] < 100:
			names += "b"
		default:
			names += fmt.Sprint(p)
		}
	}
	return names, page
}

func TestClean_puts_photos_upright(t *testing.T) {
	// What the eye sees when the stored picture is r g over b w, by the EXIF
	// definition of each orientation (row 0 is ..., column 0 is ...).
	want := map[uint16]string{
		1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg",
		5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb",
	}
	for orientation, colours := range want {
		c, raw, report := clean(t, KindJPEG, testJPEG(t, 64, 40, orientation), Options{})
		if bytes.Contains(raw, []byte("CANARY")) || bytes.Contains(raw, []byte("Exif")) {
			t.Errorf("orientation %d: a canary got through", orientation)
		}
		page := c.Pages()[0]
		if turned := orientation >= 5; (page.Height > page.Width) != turned {
			t.Errorf("orientation %d: page of %v by %v", orientation, page.Width, page.Height)
		}
		for _, code := range []string{"exif", "picture-metadata", "comment", "thumbnail", "after-end"} {
			if !slices.Contains(report.Removed, code) {
				t.Errorf("report does not name %s: %v", code, report.Removed)
			}
		}
		if !have(t, "pdftoppm") {
			continue
		}
		if got, _ := lookAt(t, c); got != colours {
			t.Errorf("orientation %d: looks %s, want %s", orientation, got, colours)
		}
	}
}

func TestClean_leaves_no_place_in_a_photo(t *testing.T) {
	data := testJPEG(t, 64, 40, 6)
	clean, info, err := cleanJPEG(data)
	if err != nil || info.orientation != 6 {
		t.Fatal(err, info)
	}
	before, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	after, err := jpeg.Decode(bytes.NewReader(clean))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 40 {
		for x := range 64 {
			if before.At(x, y) != after.At(x, y) {
				t.Fatal("a pixel changed")
			}
		}
	}
	if !have(t, "exiftool") {
		return
	}
	if out := run(t, "exiftool", "-a", "-G", save(t, "before.jpg", data)); !strings.Contains(out, "GPS") {
		t.Errorf("the test photo has no place:\n%s", out)
	}
	out := run(t, "exiftool", "-a", "-G", save(t, "after.jpg", clean))
	for _, word := range []string{"GPS", "EXIF]", "XMP", "Comment", "CANARY"} {
		if strings.Contains(out, word) {
			t.Errorf("the clean photo still says %s:\n%s", word, out)
		}
	}
	again, _, err := cleanJPEG(clean)
	if err != nil || !bytes.Equal(again, clean) {
		t.Error("cleaning twice is not cleaning once")
	}
}

func TestClean_takes_other_kinds_of_jpeg(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 64, 40))
	for i := range gray.Pix {
		gray.Pix[i] = byte(40 + 170*(i%64/32))
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, gray, nil); err != nil {
		t.Fatal(err)
	}
	c, _, _ := clean(t, KindJPEG, dirty(buf.Bytes(), 1), Options{})
	if have(t, "pdftoppm") {
		_, page := lookAt(t, c)
		if l, r := page.at(page.w/4, page.h/2), page.at(page.w*3/4, page.h/2); l[0] > 60 || r[0] < 180 {
			t.Errorf("gray picture looks %v %v", l, r)
		}
	}
	if _, err := exec.LookPath("convert"); err != nil {
		fmt.Printf("UNRUN %s: convert is not installed\n", t.Name())
		return
	}
	var rgb bytes.Buffer
	if err := png.Encode(&rgb, corners(64, 40)); err != nil {
		t.Fatal(err)
	}
	in := save(t, "in.png", rgb.Bytes())
	for name, args := range map[string][]string{
		"progressive": {"-interlace", "JPEG"},
		"cmyk":        {"-colorspace", "CMYK"},
	} {
		out := filepath.Join(t.TempDir(), "out.jpg")
		run(t, "convert", append(append([]string{in}, args...), "-quality", "95", out)...)
		c, _, _ := clean(t, KindJPEG, readFile(t, out), Options{})
		if !have(t, "pdftoppm") {
			continue
		}
		// Readers turn inks into other greens and blues; upside-down inks would
		// turn white into black.
		if got, _ := lookAt(t, c); !strings.HasPrefix(got, "r") || !strings.HasSuffix(got, "w") {
			t.Errorf("%s: looks %s", name, got)
		}
	}
}

func TestClean_asks_about_photos_that_end_early(t *testing.T) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, corners(64, 40), nil); err != nil {
		t.Fatal(err)
	}
	report, err := discard(KindJPEG, buf.Bytes()[:buf.Len()-40], Options{})
	wantError(t, err, ErrAsk)
	if !slices.Equal(report.Questions, []string{"cut-picture"}) {
		t.Errorf("questions %v", report.Questions)
	}
}

func TestClean_refuses_jpegs_that_readers_do_not_share(t *testing.T) {
	plain := testJPEG(t, 16, 16, 1)
	for _, marker := range []byte{0xC3, 0xC9} {
		data := bytes.Replace(plain, []byte{0xFF, 0xC0, 0, 17}, []byte{0xFF, marker, 0, 17}, 1)
		_, err := discard(KindJPEG, data, Options{})
		wantError(t, err, ErrPicture)
	}
	huge := bytes.Clone(plain)
	at := bytes.Index(huge, []byte{0xFF, 0xC0, 0, 17})
	copy(huge[at+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	_, err := discard(KindJPEG, huge, Options{})
	wantError(t, err, ErrTooLarge)
}

// chunk makes a PNG chunk.
func chunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, kind...)
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func TestClean_takes_every_kind_of_png(t *testing.T) {
	const w, h = 37, 23
	base := corners(w, h)
	kinds := map[string]image.Image{"rgb": base}
	n64 := image.NewNRGBA64(image.Rect(0, 0, w, h))
	alpha := image.NewNRGBA(image.Rect(0, 0, w, h))
	pal := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{
		color.RGBA{220, 20, 20, 255}, color.RGBA{20, 200, 20, 255}, color.RGBA{20, 20, 220, 255}, color.RGBA{255, 255, 255, 255}, color.NRGBA{9, 9, 9, 0},
	})
	for y := range h {
		for x := range w {
			p := quarter(x, y, w, h)
			n64.Set(x, y, p)
			pal.Set(x, y, p)
			if y >= h/2 && x >= w/2 {
				alpha.Set(x, y, color.NRGBA{0, 0, 0, 0}) // paper shows through
				pal.SetColorIndex(x, y, 4)
			} else {
				alpha.Set(x, y, p)
			}
		}
	}
	kinds["16 bit"], kinds["alpha"], kinds["palette"] = n64, alpha, pal
	for name, img := range kinds {
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			t.Fatal(err)
		}
		data := buf.Bytes()
		dirty := slices.Concat(data[:33], chunk("tEXt", []byte("Comment\x00CANARY-text")), chunk("tIME", []byte{7, 234, 1, 2, 3, 4, 5}),
			data[33:], []byte("CANARY-after"))
		c, raw, report := clean(t, KindPNG, dirty, Options{})
		if contains(t, c, raw, "CANARY") {
			t.Errorf("%s: a canary got through", name)
		}
		if want := []string{"comment", "picture-metadata", "after-end"}; !slices.Equal(report.Removed, want) {
			t.Errorf("%s: removed %v", name, report.Removed)
		}
		if have(t, "pdftoppm") {
			if got, _ := lookAt(t, c); got != "rgbw" {
				t.Errorf("%s: looks %s", name, got)
			}
		}
		turned := slices.Concat(data[:33], chunk("eXIf", tiff(6)), data[33:])
		if c, _, _ := clean(t, KindPNG, turned, Options{}); c.Pages()[0].Height < c.Pages()[0].Width {
			t.Errorf("%s: orientation is not heeded", name)
		}
	}
	if !have(t, "convert") || !have(t, "pdftoppm") {
		return
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, base); err != nil {
		t.Fatal(err)
	}
	in := save(t, "in.png", buf.Bytes())
	for _, kind := range []string{"PNG24", "PNG48", "PNG64", "PNG8"} {
		out := filepath.Join(t.TempDir(), "out.png")
		run(t, "convert", in, "-interlace", "PNG", kind+":"+out)
		c, _, _ := clean(t, KindPNG, readFile(t, out), Options{})
		if got, _ := lookAt(t, c); got != "rgbw" {
			t.Errorf("interlaced %s: looks %s", kind, got)
		}
	}
}

func TestClean_keeps_black_and_white_small(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1001, 1001))
	for y := range 1001 {
		for x := range 1001 {
			if (x/100+y/100)%2 == 0 {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	c, raw, _ := clean(t, KindPNG, buf.Bytes(), Options{})
	if len(raw) > 8000 {
		t.Errorf("%d bytes", len(raw))
	}
	if have(t, "pdftoppm") {
		page := render(t, plain(t, c), 72)[0]
		if a, b := page.at(5, 5), page.at(60, 5); a[0] < 200 || b[0] > 50 {
			t.Errorf("looks %v %v", a, b)
		}
	}
}

func TestPictureSize_fits_a_letter_page(t *testing.T) {
	for _, px := range [][2]int{{1, 1}, {10, 60_000}, {4032, 3024}, {3024, 4032}, {640, 480}, {5000, 5000}, {60_000, 3}} {
		w, h := pictureSize(px[0], px[1])
		if w < 1 || h < 1 || max(w, h) > 720.001 || min(w, h) > 540.001 {
			t.Errorf("%v: %v by %v", px, w, h)
		}
	}
	if w, h := pictureSize(640, 480); w != 307.2 || h != 230.4 {
		t.Errorf("a small picture is blown up: %v by %v", w, h)
	}
}
