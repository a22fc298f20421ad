package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
	Part    string `json:"part,omitempty"`    // letter, title, or an element's path
	Exhibit string `json:"exhibit,omitempty"` // id
	Tab     string `json:"tab,omitempty"`
	Page    int    `json:"page,omitempty"` // the number that is printed
	Passage string `json:"passage,omitempty"`
}

// String names the place without the passage: "Ex. F, p. 31", "letter",
// "title of Ex. F", "offenses/3f2a".
func (p Place) String() string {
	switch {
	case p.Part == partTitle && p.Tab != "":
		return "title of Ex. " + p.Tab
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
	names   []passage            // titles of exhibits, who signs, quoted answers
	exhibit map[string][]passage // by id, page by page
	unclean []string
	missing []rune
	stayed  *seen
}

// A passage is text with its place.
type passage struct {
	text  string
	place Place
}

// said is everything that leaves in our words or in words that somebody typed
// for us: what exhibits show is not in it.
func (v *view) said() []passage { return slices.Concat(v.letter, v.names) }

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
	v.gatherLetter()
	v.gatherNames()
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
			ps := passage{rejoined(pg.Text), place}
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

// gatherLetter takes every sentence of our letter. With an own letter there is
// none, and its pages stand in their place.
func (v *view) gatherLetter() {
	p := v.p
	if p.Letter != nil {
		return
	}
	for _, o := range p.outgoing() {
		text := p.words(o, v.l)
		v.letter = append(v.letter, passage{text, Place{Part: "letter", Passage: text}})
	}
}

// gatherNames takes what leaves beside sentences: the titles of exhibits, which
// stand in the index and in the bookmarks whoever wrote the letter; the lines of
// the signature; and the words of an answer, which are quoted and not ours to
// choose.
func (v *view) gatherNames() {
	p := v.p
	add := func(text string, place Place) {
		if strings.TrimSpace(text) != "" {
			place.Passage = text
			v.names = append(v.names, passage{text, place})
		}
	}
	for _, t := range p.Tabs {
		for i, part := range t.Parts {
			if i > 0 && part.Title == t.Title {
				continue
			}
			add(part.Title, Place{Part: partTitle, Exhibit: part.Exhibit, Tab: t.Name})
		}
	}
	if p.Letter != nil {
		add(p.Letter.Title, Place{Part: partTitle, Exhibit: p.Letter.Exhibit})
		return
	}
	for _, line := range slices.Concat(p.Signer.Head, p.Signer.Lines) {
		add(line, Place{Part: "representative"})
	}
	if p.ICR != nil {
		for _, row := range p.ICR.Table {
			add(p.words(row.Said, v.l), Place{Part: "letter"})
		}
	}
}

// partTitle is the part of a place that is the title of an exhibit.
const partTitle = "title"

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

// leaving are the exhibits that leave, an own letter among them: it is somebody
// else's file as much as any exhibit is.
func (v *view) leaving() []casefile.Exhibit {
	if v.in.letter == nil {
		return v.in.exhibits
	}
	return slices.Concat([]casefile.Exhibit{*v.in.letter}, v.in.exhibits)
}

// pagesOf are the pages of an exhibit or of an own letter.
func (v *view) pagesOf(x casefile.Exhibit) []passage {
	if v.in.letter != nil && x.ID == v.in.letter.ID {
		return v.letter
	}
	return v.exhibit[x.ID]
}

// allPages are the exhibits' pages in the order of the packet.
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

// sameDay reports that the computer's clock shows the day that is signed.
func sameDay(clock time.Time, d factors.Date) bool {
	return factors.DateOf(clock).String() == d.String()
}

// split is a word that was cut at the end of a line.
var split = regexp.MustCompile(`(\pL)[-\x{2010}\x{AD}][ \t]*\r?\n[ \t]*(\p{Ll})`)

// rejoined joins words that were cut at the end of a line, so that no rule
// misses one for where it stands on the page.
func rejoined(text string) string {
	return strings.ReplaceAll(split.ReplaceAllString(text, "$1$2"), "\u00AD", "")
}

// abbreviated are words before a full stop that ends no sentence.
var abbreviated = map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "aug": true, "sep": true, "sept": true, "oct": true,
	"nov": true, "dec": true, "no": true, "ms": true, "mr": true, "mrs": true, "dr": true, "jr": true, "sr": true, "sra": true, "st": true,
	"v": true, "vs": true, "ex": true, "exh": true, "exs": true, "p": true, "pp": true, "inc": true, "co": true, "reg": true, "cir": true,
	"sec": true, "art": true, "par": true, "fed": true, "u.s": true, "u.s.c": true, "c.f.r": true, "i.e": true, "e.g": true, "cf": true,
}

// sentences cuts text into sentences, roughly, joining lines.
func sentences(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '.':
			word := strings.ToLower(text[strings.LastIndexByte(text[:i], ' ')+1 : i])
			number := i+2 < len(text) && text[i+2] >= '0' && text[i+2] <= '9'
			if abbreviated[strings.TrimLeft(word, "(“‘")] && (word != "no" || number) {
				continue
			}
		case '!', '?', ';':
		default:
			continue
		}
		if i+1 == len(text) || text[i+1] == ' ' {
			out = append(out, text[start:i+1])
			start = i + 1
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}
