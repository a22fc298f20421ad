package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"forbear/casefile"
	"forbear/factors"
)

// Severity says whether a packet may be sealed with a finding open.
type Severity string

const (
	Block Severity = "block"
	Warn  Severity = "warn"
)

// A Finding is something that the lint saw. Its message says nothing about a
// client; the places do, and are for the screen of the person who decides.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Source   string   `json:"source"` // why the rule is there
	Places   []Place  `json:"places,omitempty"`
}

// A Place is where a finding points: a page of the packet, an exhibit, an
// element of the case. Passage is the text itself.
type Place struct {
	Part    string `json:"part,omitempty"`    // letter, or an element's path
	Exhibit string `json:"exhibit,omitempty"` // id
	Tab     string `json:"tab,omitempty"`
	Page    int    `json:"page,omitempty"` // the number that is printed
	Passage string `json:"passage,omitempty"`
}

// String names the place without the passage: "Ex. F, p. 31", "letter",
// "offenses/3f2a".
func (p Place) String() string {
	switch {
	case p.Tab != "" && p.Page > 0:
		return fmt.Sprintf("Ex. %s, p. %d", p.Tab, p.Page)
	case p.Tab != "":
		return "Ex. " + p.Tab
	case p.Page > 0:
		return fmt.Sprintf("%s, p. %d", p.Part, p.Page)
	default:
		return p.Part
	}
}

// MarshalJSON leaves the passage out: findings are kept and printed, and what
// they quote is only for the screen of the case.
func (p Place) MarshalJSON() ([]byte, error) {
	type plain Place
	p.Passage = ""
	return json.Marshal(plain(p))
}

// A Rule is one thing that the lint looks for.
type Rule struct {
	ID       string
	Severity Severity
	Source   string
	Message  string

	look func(*view) []Place
}

// Blocking lists the findings that forbid sealing.
func Blocking(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Severity == Block {
			out = append(out, f)
		}
	}
	return out
}

// Lint judges a plan by every rule, in the order of [Rules]. It reads the text
// of the exhibits; an exhibit that cannot be read is an error, except that one
// which was never cleaned is itself a finding.
func (p Plan) Lint(src Sources) ([]Finding, error) {
	v, err := p.view(src)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, r := range Rules {
		if places := r.look(v); len(places) > 0 {
			out = append(out, Finding{Rule: r.ID, Severity: r.Severity, Message: r.Message, Source: r.Source, Places: places})
		}
	}
	return out, nil
}

// A view is what the rules look at: the plan, where everything falls, and the
// words of every page.
type view struct {
	p       Plan
	in      *inside
	doc     casefile.Document
	l       layout
	letter  []passage            // what we say, and what an own letter says
	exhibit map[string][]passage // by id, page by page
	unclean []string
	missing []rune
}

// A passage is text with its place.
type passage struct {
	text  string
	place Place
}

func (p Plan) view(src Sources) (*view, error) {
	if p.in == nil {
		return nil, fmt.Errorf("lint: plan was not made by NewPlan")
	}
	l, err := p.lay(true)
	if err != nil {
		return nil, err
	}
	v := &view{p: p, in: p.in, doc: p.in.input.Document, l: l, exhibit: map[string][]passage{}}
	for _, m := range l.own.Missing {
		v.missing = append(v.missing, m.Rune)
	}
	add := func(o Outgoing, part string) {
		v.letter = append(v.letter, passage{p.words(o, l), Place{Part: part, Passage: p.words(o, l)}})
	}
	if p.Letter == nil {
		for _, o := range p.Asks {
			add(o, "letter")
		}
		for _, o := range p.Why {
			add(o, "letter")
		}
		for _, s := range p.Sections {
			for _, o := range s.Text {
				add(o, "letter")
			}
		}
		if p.ICR != nil {
			for _, o := range slices.Concat(p.ICR.Decision, p.ICR.New) {
				add(o, "letter")
			}
			for _, row := range p.ICR.Table {
				add(row.What, "letter")
				// What an answer said is quoted, and is not ours to word.
			}
		}
	}
	for id, pages := range l.count {
		c, err := src.Clean(id)
		if errors.Is(err, ErrNotClean) || pages == 0 {
			v.unclean = append(v.unclean, id)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open exhibit: %w", err)
		}
		tab := p.tabOf(id)
		for i, pg := range c.Pages() {
			place := Place{Exhibit: id, Tab: tab, Page: l.first[id] + i + 1}
			if tab == "" {
				place.Part = "letter"
			}
			ps := passage{pg.Text, place}
			if p.Letter != nil && id == p.Letter.Exhibit {
				v.letter = append(v.letter, ps)
				continue
			}
			v.exhibit[id] = append(v.exhibit[id], ps)
		}
	}
	slices.Sort(v.unclean)
	return v, nil
}

// whole is the place of an exhibit as such.
func (v *view) whole(id string) Place {
	place := Place{Exhibit: id, Tab: v.p.tabOf(id)}
	if first, ok := v.l.first[id]; ok && v.l.count[id] > 0 {
		place.Page = first + 1
	}
	if place.Tab == "" {
		place.Part = "exhibits/" + id
	}
	return place
}

// pages are an exhibit's pages in the order of the packet.
func (v *view) allPages() []passage {
	var out []passage
	for _, x := range v.in.exhibits {
		out = append(out, v.exhibit[x.ID]...)
	}
	return out
}

// asSent reports that an exhibit is a packet of ours as it was sent: it was
// judged then, and it may not be changed now.
func (v *view) asSent(x casefile.Exhibit) bool {
	if x.Role != RoleRequest || x.Original.SHA256 == "" {
		return false
	}
	return slices.ContainsFunc(v.doc.Requests, func(r casefile.Request) bool { return r.Packet.SHA256 == x.Original.SHA256 })
}

// elements turns paths into places.
func elements(paths ...string) []Place {
	out := make([]Place, len(paths))
	for i, p := range paths {
		out[i] = Place{Part: p}
	}
	return out
}

// english reports that a document needs no translation.
func english(language string) bool {
	switch strings.ToLower(strings.TrimSpace(language)) {
	case "", "en", "eng", "english", "inglés", "ingles":
		return true
	}
	return false
}

// sameDay reports that the computer's clock shows the day that is signed.
func sameDay(clock time.Time, d factors.Date) bool {
	return factors.DateOf(clock).String() == d.String()
}
