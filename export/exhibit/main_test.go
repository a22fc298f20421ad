package exhibit

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forbear/export/pdf"
)

// TestMain makes the test binary its own worker, and a few bad ones.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case Command:
			os.Exit(Run(os.Stdin, os.Stdout))
		case "hang":
			time.Sleep(time.Hour)
		case "hog": // asks for memory until there is none
			if confine() != nil {
				os.Exit(9)
			}
			var held [][]byte
			for range 200 {
				b := make([]byte, 16<<20)
				for i := 0; i < len(b); i += 512 {
					b[i] = byte(i)
				}
				held = append(held, b)
			}
			fmt.Println(len(held))
			os.Exit(0)
		case "babble":
			for {
				if _, err := os.Stdout.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					os.Exit(1)
				}
			}
		case "die":
			os.Exit(7)
		case "lie": // a whole answer with a document that is none
			if _, _, err := readRequest(os.Stdin); err != nil {
				os.Exit(1)
			}
			a := &answerWriter{w: os.Stdout}
			if _, err := a.Write([]byte("FBCLEAN\x01 not at all")); err != nil {
				os.Exit(1)
			}
			if err := a.end(Report{Kind: KindPDF, Pages: 1}, nil); err != nil {
				os.Exit(1)
			}
			os.Exit(0)
		case "peek": // says what it can see
			fmt.Fprintln(os.Stderr, len(os.Environ()))
			entries, err := os.ReadDir("/proc/self/fd")
			if err == nil {
				fmt.Fprintln(os.Stderr, len(entries))
			}
			if len(os.Environ()) != 0 {
				os.Exit(8)
			}
			os.Exit(Run(os.Stdin, os.Stdout))
		}
	}
	testOnlyPanics = true
	os.Exit(m.Run())
}

// A file is a PDF made by hand: the body of each object by its number from 1.
type file struct {
	header  string
	objects []string
	trailer string
}

// add appends an object and returns its number.
func (f *file) add(body string) int {
	f.objects = append(f.objects, body)
	return len(f.objects)
}

func streamObject(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// bytes writes the file with a classic cross-reference table.
func (f *file) bytes() []byte {
	var b bytes.Buffer
	header := f.header
	if header == "" {
		header = "%PDF-1.7"
	}
	fmt.Fprintf(&b, "%s\n%%\xE2\xE3\xCF\xD3\n", header)
	var at []int
	for i, o := range f.objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, f.trailer, start)
	return b.Bytes()
}

// Numbers of the objects of every page file.
const (
	rootObject = 1
	treeObject = 2
	pageObject = 3
	fontObject = 4
	textObject = 5
)

// onePage makes a file of one page. page holds entries of the page (its
// MediaBox unless that is inherited), content its content stream.
func onePage(page, content string) *file {
	f := &file{}
	f.add("<< /Type /Catalog /Pages 2 0 R >>")
	f.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	if !strings.Contains(page, "/Resources") {
		page += " /Resources << /Font << /F1 4 0 R >> >>"
	}
	f.add("<< /Type /Page /Parent 2 0 R /Contents 5 0 R " + page + " >>")
	f.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	f.add(streamObject("", content))
	return f
}

const letterBox = "/MediaBox [0 0 612 792]"

// clean cleans a file that is expected to be taken.
func clean(t testing.TB, kind string, data []byte, opt Options) (*pdf.Clean, []byte, Report) {
	t.Helper()
	var buf bytes.Buffer
	report, err := Clean(kind, data, &buf, opt)
	if err != nil {
		t.Fatalf("clean: %v (%+v)", err, report)
	}
	c, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatalf("open clean: %v", err)
	}
	return c, buf.Bytes(), report
}

// plain makes an ordinary PDF of the pages of a clean document.
func plain(t testing.TB, c *pdf.Clean) []byte {
	t.Helper()
	p := pdf.Packet{Title: "test", Lang: "en-US"}
	for i, page := range c.Pages() {
		p.Pages = append(p.Pages, pdf.Page{
			Width: page.Width, Height: page.Height, Label: fmt.Sprint(i + 1),
			Layers: []pdf.Layer{{Source: c, Page: i}},
		})
	}
	var buf bytes.Buffer
	if _, err := pdf.Write(&buf, p); err != nil {
		t.Fatalf("write: %v", err)
	}
	return buf.Bytes()
}

// have tells whether a program is installed, and says so when it is not.
func have(t testing.TB, program string) bool {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		fmt.Printf("UNRUN %s: %s is not installed\n", t.Name(), program)
		return false
	}
	return true
}

// run runs a program that is installed.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func save(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A bitmap is a rendered page, three bytes a pixel.
type bitmap struct {
	w, h int
	pix  []byte
}

func (b bitmap) at(x, y int) [3]byte { return [3]byte(b.pix[3*(y*b.w+x):]) }

// render draws the pages of a PDF.
func render(t testing.TB, data []byte, dpi int) []bitmap {
	t.Helper()
	path := save(t, "in.pdf", data)
	prefix := filepath.Join(filepath.Dir(path), "out")
	run(t, "pdftoppm", "-cropbox", "-r", fmt.Sprint(dpi), path, prefix)
	names, err := filepath.Glob(prefix + "*.ppm")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var pages []bitmap
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		var w, h, most int
		parts := bytes.SplitN(raw, []byte("\n"), 4)
		if _, err := fmt.Sscanf(string(parts[1])+" "+string(parts[2]), "%d %d %d", &w, &h, &most); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, bitmap{w, h, parts[3]})
	}
	return pages
}

// sameLook compares a PDF with its clean pages as two pictures. Edges may
// differ by rounding: at most one sample in a hundred by more than a quarter.
func sameLook(t *testing.T, before []byte, c *pdf.Clean) {
	t.Helper()
	after := plain(t, c)
	if have(t, "qpdf") {
		run(t, "qpdf", "--check", save(t, "clean.pdf", after))
	}
	if !have(t, "pdftoppm") {
		return
	}
	was, is := render(t, before, 30), render(t, after, 30)
	if len(was) != len(is) || len(is) == 0 {
		t.Fatalf("rendered %d pages, clean %d", len(was), len(is))
	}
	for i := range was {
		compare(t, i+1, was[i], is[i])
	}
}

func compare(t *testing.T, page int, was, is bitmap) {
	t.Helper()
	if abs(was.w-is.w) > 1 || abs(was.h-is.h) > 1 {
		t.Errorf("page %d: %dx%d became %dx%d", page, was.w, was.h, is.w, is.h)
		return
	}
	w, h := min(was.w, is.w), min(was.h, is.h)
	off, ink := 0, 0
	for y := range h {
		for x := range w {
			a, b := was.at(x, y), is.at(x, y)
			for k := range 3 {
				if a[k] < 250 {
					ink++
				}
				if abs(int(a[k])-int(b[k])) > 64 {
					off++
				}
			}
		}
	}
	if ink == 0 {
		t.Errorf("page %d: nothing to compare", page)
	}
	if off*100 > w*h*3 || off*5 > ink {
		t.Errorf("page %d: %d of %d samples differ (%d inked)", page, off, w*h*3, ink)
	}
}

// contains looks for words in the clean bytes, packed streams unpacked.
func contains(t testing.TB, c *pdf.Clean, raw []byte, words string) bool {
	t.Helper()
	if bytes.Contains(raw, []byte(words)) {
		return true
	}
	for ref := range c.Len() {
		o, err := c.Object(pdf.Ref(ref))
		if err != nil {
			t.Fatal(err)
		}
		d, _ := o.Value.(pdf.Dict)
		if d["Filter"] == pdf.Name("FlateDecode") {
			if data, err := inflate(o.Stream, 1<<26); err == nil && bytes.Contains(data, []byte(words)) {
				return true
			}
		}
	}
	return false
}

func text(c *pdf.Clean) string {
	var all []string
	for _, p := range c.Pages() {
		all = append(all, p.Text)
	}
	return strings.Join(all, "\n")
}

// tiff makes an EXIF structure with an orientation and a place.
func tiff(orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08")
	b = binary.BigEndian.AppendUint16(b, 2)
	entry := func(tag, kind uint16, count, value uint32) {
		b = binary.BigEndian.AppendUint16(b, tag)
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint32(b, count)
		b = binary.BigEndian.AppendUint32(b, value)
	}
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	const gps = 8 + 2 + 24 + 4
	entry(0x8825, 4, 1, gps)
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint16(b, 4)
	entry(1, 2, 2, 'N'<<24)
	entry(2, 5, 3, gps+2+4*12+4)
	entry(3, 2, 2, 'W'<<24)
	entry(4, 5, 3, gps+2+4*12+4+24)
	b = binary.BigEndian.AppendUint32(b, 0)
	for _, v := range []uint32{14, 1, 37, 1, 12, 1, 90, 1, 31, 1, 5, 1} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return append(b, "CANARY-GPS"...)
}

// segment makes a JPEG segment.
func segment(marker byte, body []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2))
	return append(out, body...)
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func discard(kind string, data []byte, opt Options) (Report, error) {
	return Clean(kind, data, io.Discard, opt)
}
