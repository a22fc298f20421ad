package export

import (
	"slices"
)

// A Record is what the office keeps of a packet: which bytes, what was in them
// and where. It is kept sealed beside the packet and never goes into it.
type Record struct {
	Format   string       `json:"format"`
	To       string       `json:"to"`
	SHA256   string       `json:"sha256"` // of the file
	Size     int64        `json:"size"`
	Signed   bool         `json:"signed"`
	Pins     Pins         `json:"pins"`
	Pages    int          `json:"pages"`
	Tabs     []Tab        `json:"tabs"`
	Exhibits []string     `json:"exhibits"` // ids, in order
	Argued   []ArguedAt   `json:"argued"`
	Stays    []Stay       `json:"stays"`
	Leaves   []Identifier `json:"identifiers"`
	Warnings []Finding    `json:"warnings,omitempty"`
}

// RecordFormat names the shape of a [Record].
const RecordFormat = "forbear-packet-record/1"

// ArguedAt is a factor that left, in the words of page one, and the numbers
// printed on the pages that prove it.
type ArguedAt struct {
	Rule  string `json:"rule"`
	Short string `json:"short"`
	Pages []int  `json:"pages"`
}

// record sums up a packet after it was written.
func (p Plan) record(l layout) Record {
	r := Record{
		Format: RecordFormat, To: p.To, Pins: p.Pins, Pages: l.total, Tabs: p.Tabs, Stays: p.Stays, Leaves: p.Identifiers,
	}
	for _, t := range p.Tabs {
		for _, part := range t.Parts {
			r.Exhibits = append(r.Exhibits, part.Exhibit)
		}
	}
	// Beside an own letter nothing is argued: what it says is in its own words.
	for _, a := range p.Argued {
		at := ArguedAt{Rule: a.Rule}
		for i, s := range a.Short.spans {
			if s.cite == nil && !(i > 0 && s.text == " · ") {
				at.Short += s.text
			}
		}
		for _, c := range a.Cites {
			if n, ok := l.number(c); ok && !slices.Contains(at.Pages, n) {
				at.Pages = append(at.Pages, n)
			}
		}
		r.Argued = append(r.Argued, at)
	}
	return r
}
