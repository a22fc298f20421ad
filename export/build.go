package export

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"forbear/export/exhibit"
	"forbear/export/page"
	"forbear/export/pdf"
	"forbear/export/sign"
)

// Sources gives the clean pages of exhibits. What it returns stays readable
// until the packet is written.
type Sources interface {
	Clean(exhibit string) (*pdf.Clean, error)
}

// Built says what [Build] wrote.
type Built struct {
	SHA256 [32]byte
	Size   int64
	Pages  []BuiltPage
	Record Record
}

// A BuiltPage is one page of a packet as it was written.
type BuiltPage struct {
	Number  int    `json:"number"` // printed, and the page's label
	Part    string `json:"part"`   // letter, index, or the tab's name
	Exhibit string `json:"exhibit,omitempty"`
	Page    int    `json:"page"` // within the part's own file, from 1
}

// Build lays out a packet and writes it to w in one pass. With an identity the
// file is signed; without one it is a plain copy of the same pages. Unless the
// plan is a draft, a blocking finding of the lint is a [BlockedError], and
// nothing is written. Nor is it with the key of another representative than the
// packet names as its signer: [ErrSigner]. A person or a family without one
// signs on paper, and the file then has a place for that and no signature.
//
// On an error what was written is no packet, and the caller removes it.
func Build(ctx context.Context, p Plan, src Sources, id *sign.Identity, w io.Writer) (Built, error) {
	if p.Draft && id != nil {
		return Built{}, fmt.Errorf("%w: a draft is not signed", ErrBlocked)
	}
	if id != nil && folded(id.Cert.Subject.CommonName) != folded(p.Signer.Name) {
		if p.Signer.represents() {
			return Built{}, ErrSigner
		}
		// Somebody who asks for herself, or for her family, signs on paper; the
		// key is that of whoever helped.
		id = nil
	}
	findings, err := p.Lint(src)
	if err != nil {
		return Built{}, err
	}
	if blocking := Blocking(findings); len(blocking) > 0 && !p.Draft {
		return Built{}, &BlockedError{Findings: blocking}
	}
	l, err := p.lay(id != nil)
	if err != nil {
		return Built{}, err
	}
	packet, err := p.assemble(ctx, l, src, id)
	if err != nil {
		return Built{}, err
	}
	written, err := pdf.Write(contextWriter{ctx, w}, packet)
	if err != nil {
		return Built{}, err
	}
	b := Built{SHA256: written.SHA256, Size: written.Size, Record: p.record(l)}
	b.Record.SHA256, b.Record.Size, b.Record.Signed = fmt.Sprintf("%x", written.SHA256), written.Size, id != nil
	b.Record.Warnings = findings
	for i, s := range l.pages {
		b.Pages = append(b.Pages, BuiltPage{Number: i + 1, Part: s.part, Exhibit: s.exhibit, Page: s.page + 1})
	}
	return b, nil
}

// contextWriter stops a long packet when nobody waits for it any more.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(b)
}

// Bands of a page, in points: the foot that stamps have for themselves, and the
// band on top of the first page of a tab.
const (
	footBand = 36.0
	tabBand  = 40.0
	// sideGap keeps scaled pages from the edge, where printers do not print.
	sideGap = 6.0
)

// assemble puts pages, stamps, links and bookmarks together.
func (p Plan) assemble(ctx context.Context, l layout, src Sources, id *sign.Identity) (pdf.Packet, error) {
	letter, err := l.flow.Finish()
	if err != nil {
		return pdf.Packet{}, err
	}
	own, err := exhibit.CleanOwn(letter.PDF)
	if err != nil {
		return pdf.Packet{}, err
	}
	clean := make(map[string]*pdf.Clean)
	for id, pages := range l.count {
		if err := ctx.Err(); err != nil {
			return pdf.Packet{}, err
		}
		if pages == 0 {
			// Only a draft comes this far with an exhibit that has no pages yet.
			continue
		}
		c, err := src.Clean(id)
		if err != nil {
			return pdf.Packet{}, fmt.Errorf("open exhibit: %w", err)
		}
		if len(c.Pages()) != pages {
			return pdf.Packet{}, ErrPages
		}
		clean[id] = c
	}

	packet := pdf.Packet{Title: p.Title, Lang: "en-US", Pages: make([]pdf.Page, l.total)}
	sheets := make([]page.Sheet, l.total)
	for i, s := range l.pages {
		pg := &packet.Pages[i]
		pg.Width, pg.Height, pg.Label = page.LetterWidth, page.LetterHeight, fmt.Sprint(i+1)
		if s.exhibit == "" {
			pg.Layers = []pdf.Layer{{Source: own, Page: s.page}}
		} else {
			place(pg, clean[s.exhibit], s)
		}
		sheets[i] = p.stamps(i, s, l, pg.Width, pg.Height)
	}
	// The visible signature is drawn with the stamps, behind the last page.
	stamped, err := page.Sheets(append(sheets, p.signature()))
	if err != nil {
		return pdf.Packet{}, err
	}
	overlay, err := exhibit.CleanOwn(stamped.PDF)
	if err != nil {
		return pdf.Packet{}, err
	}
	for i := range packet.Pages {
		packet.Pages[i].Layers = append(packet.Pages[i].Layers, pdf.Layer{Source: overlay, Page: i})
	}

	for i, s := range l.pages {
		if s.exhibit != "" {
			continue
		}
		for _, link := range letter.Links {
			if link.Page != s.page {
				continue
			}
			if to, ok := l.link(link.Target); ok {
				packet.Pages[i].Links = append(packet.Pages[i].Links, pdf.Link{Rect: link.Rect, Page: to})
			}
		}
	}
	packet.Outline = p.bookmarks(l)
	packet.ID = p.fileID(letter.PDF, stamped.PDF)
	p.putSignature(&packet, l, id, pdf.Layer{Source: overlay, Page: l.total})
	return packet, nil
}

// place puts an exhibit's page onto Letter, upright or across, above the foot
// and below the tab, so that no stamp ever hides anything. It is made smaller
// where it must be, and never larger.
func place(pg *pdf.Page, c *pdf.Clean, s sheet) {
	cp := c.Pages()[s.page]
	if cp.Width > cp.Height {
		pg.Width, pg.Height = page.LetterHeight, page.LetterWidth
	}
	top := sideGap
	if s.opens != "" {
		top = tabBand
	}
	width, height := pg.Width-2*sideGap, pg.Height-footBand-top
	scale := min(1, width/cp.Width, height/cp.Height)
	pg.Layers = []pdf.Layer{{
		Source: c, Page: s.page, Scale: scale,
		X: (pg.Width - scale*cp.Width) / 2,
		Y: footBand + (height-scale*cp.Height)/2,
	}}
}

// Words that stamps have.
const (
	inventedFoot = "Invented sample. Not a real person."
	draftMark    = "DRAFT, NOT SENT"
)

// stamps are what stands on top of a page: the foot with its number, the tab
// where one begins, and the warnings of a sample or a draft.
func (p Plan) stamps(i int, s sheet, l layout, width, height float64) page.Sheet {
	out := page.Sheet{Width: width, Height: height}
	// Pages of a request as sent keep the number that they have, in the right
	// corner; the number of an ICR packet is in the left one.
	foot := page.Mark{Text: fmt.Sprintf("%s · %d of %d", p.Caption.Foot, i+1, l.total), Face: page.Sans, Size: 8, X: width - 54, Y: height - 18, Align: page.Right}
	note := page.Mark{Text: inventedFoot, Face: page.SansItalic, Size: 8, X: 54, Y: height - 18}
	if p.ICR != nil {
		foot.Text = fmt.Sprintf("%s · ICR %d of %d", p.Caption.Foot, i+1, l.total)
		foot.X, foot.Align = 54, page.Left
		note.X, note.Align = width-54, page.Right
	}
	// A name of many parts is set smaller rather than run off the page.
	room := width - 120
	if p.Invented {
		room -= page.Width(page.SansItalic, 8, inventedFoot)
	}
	if w := page.Width(foot.Face, foot.Size, foot.Text); w > room {
		foot.Size *= room / w
	}
	out.Marks = append(out.Marks, foot)
	if p.Invented {
		out.Marks = append(out.Marks, note)
	}
	if s.opens != "" {
		out.Marks = append(out.Marks, page.Mark{
			Text: "EXHIBIT " + s.opens, Face: page.SansBold, Size: 11, X: width - 36, Y: 26, Align: page.Right, Framed: true,
		})
	}
	if p.Draft {
		out.Marks = append(out.Marks, page.Mark{Text: draftMark, Face: page.SansBold, Size: 58, X: width / 2, Y: height / 2, Gray: 0.45, Angle: 45, Sheer: true})
	}
	return out
}

// bookmarks have the printed number in their words, so that a printed list of
// them still leads somewhere.
func (p Plan) bookmarks(l layout) []pdf.Bookmark {
	title := func(text string, at int) string {
		return fmt.Sprintf("%s, p. %d", oneLine(text), at+1)
	}
	out := []pdf.Bookmark{{Title: title("Letter", 0), Page: 0}, {Title: title("Index of exhibits", l.index), Page: l.index}}
	if p.Letter == nil {
		out[0].Children = []pdf.Bookmark{{Title: title("Signature", l.signed.Page), Page: l.signed.Page}}
	}
	for _, t := range p.Tabs {
		if t.Pages() == 0 {
			continue
		}
		at := l.first[t.Parts[0].Exhibit]
		b := pdf.Bookmark{Title: title("Exhibit "+t.Name+": "+t.Title, at), Page: at}
		if len(t.Parts) > 1 {
			for _, part := range t.Parts {
				if part.Pages > 0 {
					at := l.first[part.Exhibit]
					b.Children = append(b.Children, pdf.Bookmark{Title: title(upperFirst(part.What)+": "+part.Title, at), Page: at})
				}
			}
		}
		out = append(out, b)
	}
	return out
}

// fileID is derived from what leaves and from nothing else: a digest of what
// stays would let somebody who holds a guess confirm it.
func (p Plan) fileID(letter, stamps []byte) [16]byte {
	h := sha256.New()
	h.Write(letter)
	h.Write(stamps)
	for _, t := range p.Tabs {
		for _, part := range t.Parts {
			fmt.Fprintln(h, part.SHA256, part.Pages)
		}
	}
	return [16]byte(h.Sum(nil))
}

// signature is what the visible signature looks like.
func (p Plan) signature() page.Sheet {
	return page.Sheet{Width: signatureWidth, Height: signatureHeight, Marks: []page.Mark{
		{Text: "/s/ " + p.Signer.Name, Face: page.SerifItalic, Size: 17, X: 2, Y: 22},
		{Text: "Signed " + longDate(p.Pins.Date), Face: page.Sans, Size: 7.5, Gray: 0.25, X: 2, Y: 35},
	}}
}

// putSignature shows the signature: in the field of a signed packet, on the page
// itself in a plain copy. A draft has an empty place.
func (p Plan) putSignature(packet *pdf.Packet, l layout, id *sign.Identity, look pdf.Layer) {
	box := l.signed
	switch {
	case p.Draft:
	case id == nil && !p.Signer.represents():
		// Nobody has signed yet: the place stays empty for the hand.
	case id == nil:
		look.X, look.Y = box.Rect[0], box.Rect[1]
		pg := &packet.Pages[box.Page]
		pg.Layers = append(pg.Layers, look)
	default:
		packet.Signature = &pdf.Signature{
			Page: box.Page, Rect: box.Rect, Appearance: &look, Name: oneLine(p.Signer.Name), Date: p.Pins.Time, Sign: id.CMS,
		}
	}
}
