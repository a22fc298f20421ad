package page

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pdftotext returns the text of a document page by page, or false where the
// tool is missing.
func pdftotext(t *testing.T, pdf []byte) ([]string, bool) {
	t.Helper()
	bin, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Logf("UNRUN %s: pdftotext is not installed", t.Name())
		return nil, false
	}
	name := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(bin, "-layout", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f"), true
}

func sample() *Flow {
	f := NewFlow(LetterMargins)
	f.Paragraph(Paragraph{Runs: Text("A heading"), Face: SansBold, WithNext: true, Anchor: "top"})
	for range 30 {
		f.Paragraph(Paragraph{Runs: []Run{
			{Text: "Words in several styles, "},
			{Text: "some bold", Bold: true},
			{Text: ", with a cite (", Italic: true},
			{Text: "Ex. C, p. 27", Link: "exhibit:c", Keep: true},
			{Text: "), and enough of them that the line is full and the paragraph goes on for several lines of text as paragraphs do."},
		}, After: 6})
	}
	rows := make([][]Cell, 40)
	for i := range rows {
		rows[i] = []Cell{{Runs: Text("A")}, {Runs: Text("A document with a rather long title that needs two lines of its column")}, {Runs: Text("12"), Align: Right}}
	}
	f.Table(Table{Columns: []float64{1, 6, 1}, Head: []Cell{{Runs: Text("Tab")}, {Runs: Text("Document")}, {Runs: Text("Page"), Align: Right}}, Rows: rows, Lined: true, Face: Sans})
	f.Together(func() {
		f.Paragraph(Paragraph{Runs: Text("Respectfully,")})
		f.Reserve("signature", 220, 50)
		f.Paragraph(Paragraph{Runs: Text("Name of the signer")})
	})
	return f
}

func finish(t *testing.T, f *Flow) Result {
	t.Helper()
	res, err := f.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestFinish_equal_blocks_give_equal_bytes(t *testing.T) {
	a, b := finish(t, sample()), finish(t, sample())
	if !bytes.Equal(a.PDF, b.PDF) {
		t.Error("two layouts of the same blocks differ")
	}
}

func TestFinish_repeats_the_head_of_a_table_on_each_page_it_reaches(t *testing.T) {
	res := finish(t, sample())
	pages, ok := pdftotext(t, res.PDF)
	if !ok {
		return
	}
	if len(pages) != res.Pages {
		t.Fatalf("pdftotext sees %d pages, layout says %d", len(pages), res.Pages)
	}
	for i, p := range pages {
		if strings.Contains(p, "rather long title") && !strings.Contains(p, "Document") {
			t.Errorf("page %d has rows and no head", i+1)
		}
	}
	if n := strings.Count(strings.Join(pages, ""), "rather long title"); n != 40 {
		t.Errorf("%d rows were drawn, want 40", n)
	}
}

func TestFinish_a_kept_run_stays_on_one_line_and_is_linked_where_it_stands(t *testing.T) {
	res := finish(t, sample())
	if len(res.Links) != 30 {
		t.Fatalf("%d links, want 30: a kept run was torn", len(res.Links))
	}
	for _, l := range res.Links {
		w := Width(Serif, 11, "Ex. C, p. 27")
		if got := l.Rect[2] - l.Rect[0]; got < w-0.1 || got > w+0.1 || l.Target != "exhibit:c" {
			t.Errorf("link %v is %.1f wide, want %.1f", l, got, w)
		}
		if l.Rect[0] < 72 || l.Rect[2] > 540.1 || l.Rect[1] < 60 || l.Rect[3] > 740 {
			t.Errorf("link %v lies outside the margins", l)
		}
	}
}

func TestFinish_keeps_a_block_together_and_says_where_the_reserved_area_is(t *testing.T) {
	// However long what comes before, the three lines stay on one page.
	for lines := range 60 {
		f := NewFlow(LetterMargins)
		for range lines {
			f.Paragraph(Paragraph{Runs: Text("line")})
		}
		f.Together(func() {
			f.Paragraph(Paragraph{Runs: Text("Respectfully,"), Anchor: "first"})
			f.Reserve("signature", 220, 50)
			f.Paragraph(Paragraph{Runs: Text("Name"), Anchor: "last"})
		})
		res := finish(t, f)
		box, ok := res.Boxes["signature"]
		if !ok || box.Page != res.Anchors["first"] || box.Page != res.Anchors["last"] {
			t.Fatalf("after %d lines: box on %d, first on %d, last on %d", lines, box.Page, res.Anchors["first"], res.Anchors["last"])
		}
		if h := box.Rect[3] - box.Rect[1]; h < 49.9 || h > 50.1 {
			t.Fatalf("box is %.1f high", h)
		}
	}
}

func TestFinish_a_heading_is_never_the_last_line_of_a_page(t *testing.T) {
	for lines := range 60 {
		f := NewFlow(LetterMargins)
		for range lines {
			f.Paragraph(Paragraph{Runs: Text("line")})
		}
		f.Paragraph(Paragraph{Runs: Text("Heading"), WithNext: true, Anchor: "heading"})
		f.Paragraph(Paragraph{Runs: Text("text"), Anchor: "text"})
		res := finish(t, f)
		if res.Anchors["heading"] != res.Anchors["text"] {
			t.Fatalf("after %d lines the heading stands alone", lines)
		}
	}
}

func TestFinish_no_page_is_ever_empty(t *testing.T) {
	f := NewFlow(LetterMargins)
	f.Break()
	f.Space(2000)
	f.Break()
	f.Break()
	f.Paragraph(Paragraph{Runs: Text("text")})
	f.Space(3000)
	if res := finish(t, f); res.Pages != 1 {
		t.Errorf("%d pages, want 1", res.Pages)
	}
	if res := finish(t, NewFlow(LetterMargins)); res.Pages != 1 {
		t.Errorf("nothing at all gives %d pages, want 1", res.Pages)
	}
}

func TestFinish_a_table_row_longer_than_a_page_goes_on(t *testing.T) {
	f := NewFlow(LetterMargins)
	long := strings.TrimSpace(strings.Repeat("counted ", 3000))
	f.Table(Table{Columns: []float64{1, 1}, Rows: [][]Cell{{{Runs: Text(long)}, {Runs: Text("x")}}}})
	res := finish(t, f)
	if res.Pages < 3 {
		t.Fatalf("%d pages", res.Pages)
	}
	if pages, ok := pdftotext(t, res.PDF); ok {
		if n := strings.Count(strings.Join(pages, ""), "counted"); n != 3000 {
			t.Errorf("%d words of 3000 were drawn", n)
		}
	}
}

func TestParagraph_a_word_wider_than_the_line_is_cut_and_not_lost(t *testing.T) {
	f := NewFlow(LetterMargins)
	f.Paragraph(Paragraph{Runs: []Run{{Text: "before "}, {Text: strings.Repeat("W", 400)}, {Text: " after"}}})
	res := finish(t, f)
	if pages, ok := pdftotext(t, res.PDF); ok {
		if n := strings.Count(pages[0], "W"); n != 400 || !strings.Contains(pages[0], "after") {
			t.Errorf("%d of 400 letters were drawn", n)
		}
	}
}

func TestPrintable_composes_and_reports_what_it_cannot_draw(t *testing.T) {
	for _, c := range []struct {
		in, want string
		lost     int
	}{
		{"Nu\u0301n\u0303ez", "Núñez", 0},
		{"Nguye\u0302\u0303n", "Nguyễn", 0},
		{"Q\u2019eqchi\u2019", "Q’eqchi’", 0},
		{"a\u200bb\u202ec", "abc", 0},
		{"\u4e2d", "□", 1},
		{"\u0633\u0644", "□□", 2},
		{"x\U0001f600", "x□", 1},
		{"q\u0323\u0307", "q□□", 2},
		{"a\tb", "a b", 0},
	} {
		got, lost := Printable(Serif, c.in)
		if got != c.want || len(lost) != c.lost {
			t.Errorf("Printable(%+q) = %+q with %d lost, want %+q with %d", c.in, got, len(lost), c.want, c.lost)
		}
	}
	f := NewFlow(LetterMargins)
	f.Paragraph(Paragraph{Runs: Text("one")})
	f.Break()
	f.Paragraph(Paragraph{Runs: Text("\u4e2d")})
	if res := finish(t, f); len(res.Missing) != 1 || res.Missing[0].Page != 1 {
		t.Errorf("missing = %v, want one character on the second page", res.Missing)
	}
}

func TestFaces_have_what_letters_need(t *testing.T) {
	for f := range faces {
		for _, r := range "§·–—‘’“”•□áéíóúñÑçãõàèịẤřşž" {
			if f.advance(r) < 0 {
				t.Errorf("%s has no %q", f.family(), r)
			}
		}
	}
	if len(FontHashes()) != int(faces) {
		t.Error("two faces share a name")
	}
}

func TestSheets_place_marks_and_draw_blank_ones(t *testing.T) {
	res, err := Sheets([]Sheet{
		{Width: LetterWidth, Height: LetterHeight, Marks: []Mark{
			{Text: "LAST, A 000-000-501 · 12 of 46", Face: Sans, Size: 8, X: 306, Y: 775, Align: Center},
			{Text: "EXHIBIT C", Face: SansBold, Size: 11, X: 560, Y: 30, Align: Right, Framed: true},
			{Text: "DRAFT, NOT SENT", Face: SansBold, Size: 60, X: 306, Y: 396, Gray: 0.8, Angle: 45},
		}},
		{Width: LetterWidth, Height: LetterHeight},
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, ok := pdftotext(t, res.PDF)
	if !ok {
		return
	}
	for _, want := range []string{"LAST, A 000-000-501 · 12 of 46", "EXHIBIT C"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("%q is not drawn", want)
		}
	}
	if len(pages) != 2 {
		t.Errorf("%d pages, want 2", len(pages))
	}
}

func BenchmarkFinish(b *testing.B) {
	for b.Loop() {
		if _, err := sample().Finish(); err != nil {
			b.Fatal(err)
		}
	}
}
