package export

import (
	"fmt"
	"regexp"
	"strings"

	"forbear/export/page"
)

// A layout is where everything fell. Pages count from 0; the number printed on
// a page is one more, since a packet is one volume.
type layout struct {
	flow   *page.Flow  // the pages we write: letter and index, or the index alone
	own    page.Result // their geometry
	pages  []sheet
	first  map[string]int // first page of each exhibit
	count  map[string]int // pages of each exhibit
	index  int            // page of the index
	total  int
	signed page.Box // where the signature goes
}

// A sheet is one page of the packet.
type sheet struct {
	part    string // letter, index, or the tab's name
	exhibit string // empty: a page of ours
	page    int    // within the exhibit, or within our own pages
	opens   string // the tab that begins here
}

// number is the number that is printed on the page a cite points to.
func (l layout) number(c Cite) (int, bool) {
	if c.Style == CiteSent {
		return c.Page, c.Page >= 1 && c.Page <= l.count[c.Exhibit]
	}
	at, ok := l.at(c)
	return at + 1, ok
}

// at is the page a cite points to.
func (l layout) at(c Cite) (int, bool) {
	first, ok := l.first[c.Exhibit]
	if !ok || c.Page < 1 || c.Page > l.count[c.Exhibit] {
		return 0, false
	}
	return first + c.Page - 1, true
}

// maxPasses bounds how often the letter is laid out. Two passes settle any
// letter whose page count does not hang on the width of a page number; the rest
// need three.
const maxPasses = 6

// lay lays out the packet until its page numbers settle. signed says whether the
// file will carry a digital signature, which the index states.
func (p Plan) lay(signed bool) (layout, error) {
	l := p.number(1, 1)
	for range maxPasses {
		flow := p.compose(l, signed)
		res := flow.Measure()
		letter := res.Anchors[anchorIndex]
		next := p.number(letter, res.Pages-letter)
		next.flow, next.own = flow, res
		if next.index == l.index && next.total == l.total {
			// Same numbers in, same numbers out: what was drawn is right.
			box, ok := res.Boxes[boxSignature]
			if ok {
				if p.Letter != nil {
					box.Page += p.Letter.Pages
				}
				next.signed = box
			}
			if next.signed.Page != l.signed.Page {
				l = next
				continue
			}
			return next, nil
		}
		l = next
	}
	return layout{}, ErrUnsettled
}

const (
	anchorIndex  = "index"
	boxSignature = "signature"
)

// number gives each page its place, once the pages of letter and index are
// known. With the person's own letter, our pages hold the index alone.
func (p Plan) number(letter, index int) layout {
	l := layout{first: map[string]int{}, count: map[string]int{}}
	add := func(s sheet) { l.pages = append(l.pages, s) }
	exhibit := func(part, opens string, x TabPart) {
		l.first[x.Exhibit], l.count[x.Exhibit] = len(l.pages), x.Pages
		for n := range x.Pages {
			s := sheet{part: part, exhibit: x.Exhibit, page: n}
			if n == 0 {
				s.opens = opens
			}
			add(s)
		}
	}
	if p.Letter != nil {
		exhibit("letter", "", *p.Letter)
	}
	for n := range letter {
		add(sheet{part: "letter", page: n})
	}
	l.index = len(l.pages)
	for n := range index {
		add(sheet{part: "index", page: letter + n})
	}
	for _, t := range p.Tabs {
		for i, x := range t.Parts {
			opens := ""
			if i == 0 {
				opens = t.Name
			}
			exhibit(t.Name, opens, x)
		}
	}
	l.total = len(l.pages)
	return l
}

// tabOf is the tab under which an exhibit stands.
func (p Plan) tabOf(exhibit string) string {
	for _, t := range p.Tabs {
		for _, x := range t.Parts {
			if x.Exhibit == exhibit {
				return t.Name
			}
		}
	}
	return ""
}

// citeWords is how a cite reads.
func (p Plan) citeWords(c Cite, l layout) string {
	n, _ := l.number(c)
	switch c.Style {
	case CiteBare:
		return fmt.Sprintf("p. %d", n)
	case CiteSent:
		return fmt.Sprintf("FO p. %d", n)
	default:
		return fmt.Sprintf("Ex. %s, p. %d", p.tabOf(c.Exhibit), n)
	}
}

// A TabLine is what somebody who writes an own letter needs to know of a tab:
// the numbers printed on its first and last page.
type TabLine struct {
	Tab, Title  string
	First, Last int
}

// TabTable lists the tabs with their numbers, for pasting into one's own letter.
// With that letter in the plan the numbers are those of the packet it will
// stand in.
func (p Plan) TabTable() ([]TabLine, error) {
	l, err := p.lay(true)
	if err != nil {
		return nil, err
	}
	var out []TabLine
	for _, t := range p.Tabs {
		if t.Pages() == 0 {
			continue
		}
		first := l.first[t.Parts[0].Exhibit] + 1
		out = append(out, TabLine{Tab: t.Name, Title: t.Title, First: first, Last: first + t.Pages() - 1})
	}
	return out, nil
}

// Words is a sentence as it is printed in a packet laid out now: with its
// cites. It is for previews and for tables to paste into one's own letter.
func (p Plan) Words() (func(Outgoing) string, error) {
	l, err := p.lay(true)
	if err != nil {
		return nil, err
	}
	return func(o Outgoing) string { return p.words(o, l) }, nil
}

func (p Plan) words(o Outgoing, l layout) string {
	var b strings.Builder
	for _, s := range o.spans {
		b.WriteString(s.text)
		if s.cite != nil {
			b.WriteString(p.citeWords(*s.cite, l))
		}
	}
	return b.String()
}

// unbroken are dates, citations and initials with their names, which are read
// wrong when a line ends inside them.
var unbroken = regexp.MustCompile(`(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}|\d+ (?:CFR|USC|U\.S\.) \d[\d.]*(?:\([0-9A-Za-z]+\))*|\bp{1,2}\. \d+|\bA \d{3}-\d{3}-\d{3}|\b[A-Z]\. \pL+`)

// runs are a sentence as runs of a paragraph, its cites kept whole and linked.
func (p Plan) runs(o Outgoing, l layout, bold bool) []page.Run {
	var out []page.Run
	for _, s := range o.spans {
		if s.cite == nil {
			at := 0
			for _, m := range unbroken.FindAllStringIndex(s.text, -1) {
				out = append(out, page.Run{Text: s.text[at:m[0]], Bold: bold}, page.Run{Text: s.text[m[0]:m[1]], Bold: bold, Keep: true})
				at = m[1]
			}
			out = append(out, page.Run{Text: s.text[at:], Bold: bold})
			continue
		}
		out = append(out, page.Run{Text: p.citeWords(*s.cite, l), Keep: true, Link: target(s.cite.Exhibit, s.cite.Page), Bold: bold})
	}
	return out
}

// target names a page of an exhibit for a link.
func target(exhibit string, page int) string { return fmt.Sprintf("%d/%s", page, exhibit) }

// link resolves what [target] named.
func (l layout) link(name string) (int, bool) {
	var n int
	num, exhibit, ok := strings.Cut(name, "/")
	if _, err := fmt.Sscanf(num, "%d", &n); !ok || err != nil {
		return 0, false
	}
	return l.at(Cite{Exhibit: exhibit, Page: n})
}

// compose gathers the pages that we write.
func (p Plan) compose(l layout, signed bool) *page.Flow {
	f := page.NewFlow(page.LetterMargins)
	switch {
	case p.Letter != nil:
	case p.ICR != nil:
		p.drawReview(f, l)
	default:
		p.drawLetter(f, l)
	}
	f.Break()
	f.Anchor(anchorIndex)
	p.drawIndex(f, l, signed)
	return f
}

func heading(f *page.Flow, text string) {
	f.Paragraph(page.Paragraph{Runs: page.Text(text), Face: page.SansBold, Size: 10.5, Before: 12, After: 3, WithNext: true})
}

func (p Plan) drawHead(f *page.Flow) {
	for i, line := range p.Signer.Head {
		if i == 0 {
			f.Paragraph(page.Paragraph{Runs: page.Text(line), Face: page.SerifBold, Size: 16, After: 1})
			continue
		}
		f.Paragraph(page.Paragraph{Runs: page.Text(line), Face: page.Sans, Size: 8.5, Gray: 0.25})
	}
	f.Rule(5, 0.9, 0)
	f.Paragraph(page.Paragraph{Runs: page.Text(longDate(p.Pins.Date)), Before: 12, After: 10})
}

func (p Plan) drawBlock(f *page.Flow, l layout) {
	for _, b := range p.Block {
		f.Paragraph(page.Paragraph{
			Runs: p.runs(b.Text, l, b.Strong), Label: strings.ToUpper(b.Label), Indent: 64, After: 2.5, Size: 10.5, Whole: true,
		})
	}
	f.Rule(5, 0.9, 0)
}

func (p Plan) drawAsks(f *page.Flow, l layout) {
	if len(p.Asks) == 0 {
		return
	}
	heading(f, "We ask")
	for i, a := range p.Asks {
		f.Paragraph(page.Paragraph{Runs: p.runs(a, l, false), Marker: fmt.Sprintf("%d.", i+1), Indent: 20, After: 2.5})
	}
}

// drawLetter draws page one, which is the officer's sheet, and the pages after
// it.
func (p Plan) drawLetter(f *page.Flow, l layout) {
	p.drawHead(f)
	p.drawBlock(f, l)
	p.drawAsks(f, l)
	if len(p.Why) > 0 {
		heading(f, "Why")
		for _, w := range p.Why {
			f.Paragraph(page.Paragraph{Runs: p.runs(w, l, false), Marker: "•", Indent: 20, After: 2.5})
		}
	}
	f.Break()
	p.drawSections(f, l)
	p.drawSignature(f)
}

// drawSections draws what is argued, and on a page of its own what follows: the
// matters in the record, the plan, the contact. So deciding to answer a matter,
// or to leave it out, changes that section and moves nothing else in the
// packet, and the signature stands below what was decided last.
func (p Plan) drawSections(f *page.Flow, l layout) {
	argued := true
	for _, s := range p.Sections {
		if argued && s.Name != SectionAuthority && s.Name != SectionEquities {
			argued = false
			f.Break()
		}
		heading(f, s.Heading)
		p.drawText(f, l, s.Text)
	}
}

func (p Plan) drawText(f *page.Flow, l layout, text []Outgoing) {
	for _, o := range text {
		f.Paragraph(page.Paragraph{Runs: p.runs(o, l, false), After: 5})
	}
}

func (p Plan) drawSignature(f *page.Flow) {
	f.Together(func() {
		f.Paragraph(page.Paragraph{Runs: page.Text("Respectfully,"), Before: 14, After: 4})
		f.Reserve(boxSignature, signatureWidth, signatureHeight)
		f.Paragraph(page.Paragraph{Runs: []page.Run{{Text: p.Signer.Name, Bold: true}}, Before: 3})
		for _, line := range p.Signer.Lines {
			f.Paragraph(page.Paragraph{Runs: page.Text(line), Size: 10})
		}
	})
}

// Size of the visible signature, in points.
const (
	signatureWidth  = 230.0
	signatureHeight = 42.0
)

// drawReview draws the letter to ICE Case Review.
func (p Plan) drawReview(f *page.Flow, l layout) {
	p.drawHead(f)
	if p.ICR.Urgent != "" {
		f.Paragraph(page.Paragraph{Runs: page.Text(p.ICR.Urgent), Face: page.SansBold, Size: 13, After: 8})
	}
	p.drawBlock(f, l)
	heading(f, "Decision to review")
	p.drawText(f, l, p.ICR.Decision)
	p.drawAsks(f, l)
	if len(p.ICR.Table) > 0 {
		f.Break()
		title := "What the request showed"
		if p.ICR.Answers {
			title = "The request and the answer"
		}
		heading(f, title)
		t := page.Table{
			Columns: []float64{5, 2.2}, Size: 10, Lined: true, Pad: 4, Before: 4, After: 6,
			Head: []page.Cell{{Runs: page.Text("What the request showed")}, {Runs: page.Text("Where")}},
		}
		if p.ICR.Answers {
			t.Columns = []float64{4.4, 2, 3}
			t.Head = append(t.Head, page.Cell{Runs: page.Text("What the answer says of it")})
		} else if p.ICR.Unwritten {
			f.Paragraph(page.Paragraph{Runs: page.Text(noReasons), After: 3, WithNext: true})
		}
		for _, row := range p.ICR.Table {
			cells := []page.Cell{{Runs: p.runs(row.What, l, false)}, {Runs: p.runs(row.Where, l, false)}}
			if p.ICR.Answers {
				cells = append(cells, page.Cell{Runs: p.runs(row.Said, l, false)})
			}
			t.Rows = append(t.Rows, cells)
		}
		f.Table(t)
		f.Paragraph(page.Paragraph{
			Runs: page.Text("“FO p.” is the number printed at the foot of the page in the request as sent."), Size: 9, Gray: 0.25,
		})
	}
	f.Break()
	if len(p.ICR.New) > 0 {
		heading(f, "What is new")
		p.drawText(f, l, p.ICR.New)
	}
	for _, s := range p.Sections {
		heading(f, s.Heading)
		p.drawText(f, l, s.Text)
	}
	p.drawSignature(f)
}

// drawIndex draws the list of exhibits, and the lines about the signature.
func (p Plan) drawIndex(f *page.Flow, l layout, signed bool) {
	f.Paragraph(page.Paragraph{Runs: page.Text("Index of exhibits"), Face: page.SerifBold, Size: 15, After: 2})
	f.Paragraph(page.Paragraph{Runs: page.Text(joined(" · ", p.Caption.Foot, fmt.Sprintf("%d pages", l.total))), Face: page.Sans, Size: 8.5, Gray: 0.25, After: 8})
	t := page.Table{
		Columns: []float64{0.75, 5.6, 2.5, 1.2, 2.1}, Face: page.Sans, Size: 9, Lined: true, Pad: 4, After: 14,
		Head: []page.Cell{
			{Runs: page.Text("Tab")}, {Runs: page.Text("Document")}, {Runs: page.Text("Date")}, {Runs: page.Text("Pages")}, {Runs: page.Text("Language")},
		},
	}
	for _, tab := range p.Tabs {
		for i, part := range tab.Parts {
			title, name := part.Title, ""
			if i == 0 {
				name = tab.Name
			}
			if part.What != "document" {
				title = upperFirst(part.What) + ": " + title
			}
			// Empty stays empty: nobody has said which language it is.
			language := part.Language
			if part.What == "translation" {
				language = "English translation"
			}
			first := l.first[part.Exhibit] + 1
			pages := fmt.Sprint(first)
			if part.Pages > 1 {
				pages = fmt.Sprintf("%d–%d", first, first+part.Pages-1)
			}
			link := target(part.Exhibit, 1)
			t.Rows = append(t.Rows, []page.Cell{
				{Runs: []page.Run{{Text: name, Bold: true}}},
				{Runs: []page.Run{{Text: title, Link: link}}},
				{Runs: page.Text(part.Date)},
				{Runs: []page.Run{{Text: pages, Link: link, Keep: true}}},
				{Runs: page.Text(language)},
			})
		}
	}
	f.Table(t)

	by := joined(", ", p.Signer.Name, p.Signer.Organization)
	at := l.signed.Page + 1
	if p.Letter != nil {
		at = p.Letter.Pages
	}
	note := "This file carries a digital signature of " + by + ". A PDF reader may report the signer’s identity as unknown because the certificate was issued by the office itself; the handwritten or typed signature"
	switch {
	case signed:
	case p.Signer.represents():
		note = "This is a plain copy without a digital signature; the file that carries the digital signature of " + by + " has the same pages. In either, the handwritten or typed signature"
	default:
		note = "This file carries no digital signature; the handwritten signature"
	}
	note += fmt.Sprintf(" on page %d is the signature of the request.", at)
	f.Together(func() {
		f.Paragraph(page.Paragraph{Runs: page.Text(note), Size: 9, Lead: 1.3, Gray: 0.2, Whole: true})
		if p.Letter != nil {
			// The person's own letter is signed in its own way. The digital
			// signature still needs a place that can be seen.
			f.Space(10)
			f.Reserve(boxSignature, signatureWidth, signatureHeight)
			f.Paragraph(page.Paragraph{Runs: page.Text(p.Signer.Name), Size: 10})
		}
	})
}
