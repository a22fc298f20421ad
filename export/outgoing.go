package export

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// A Cite points to a page of an exhibit.
type Cite struct {
	Exhibit string `json:"exhibit"`
	Page    int    `json:"page"` // from 1, within the exhibit

	// Style says how the cite reads: "Ex. C, p. 27" when empty; "p. 27" for
	// bare; "FO p. 27" for a page of a request as it was sent, by the number
	// that is printed there.
	Style CiteStyle `json:"style,omitempty"`
}

// A CiteStyle is how a [Cite] reads.
type CiteStyle string

const (
	CiteTab  CiteStyle = ""
	CiteBare CiteStyle = "bare"
	CiteSent CiteStyle = "sent"
)

// A span is text or a cite.
type span struct {
	text string
	cite *Cite
}

// An Outgoing is a sentence that leaves, with where it comes from. Only the
// functions of this file make one, and each takes only what may leave.
type Outgoing struct {
	spans  []span
	source string
}

// Source says where the sentence comes from: a path of the case, a rule, a
// regulation, or "typed" with the field. It never leaves.
func (o Outgoing) Source() string { return o.source }

// Text is the sentence without its cites.
func (o Outgoing) Text() string {
	var b strings.Builder
	for _, s := range o.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// Cites lists the pages that the sentence points to.
func (o Outgoing) Cites() []Cite {
	var out []Cite
	for _, s := range o.spans {
		if s.cite != nil {
			out = append(out, *s.cite)
		}
	}
	return out
}

// MarshalJSON writes what a preview and the record of a packet need.
func (o Outgoing) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Text   string `json:"text"`
		Cites  []Cite `json:"cites,omitempty"`
		Source string `json:"source"`
	}{o.Text(), o.Cites(), o.source})
}

// citeMark is how a person points to an exhibit in typed text, so that the
// numbers follow when exhibits come and go: {ID} or {ID p. 3}.
var citeMark = regexp.MustCompile(`\{([0-9A-Za-z._-]{1,64})(?:\s+p\.?\s*(\d{1,5}))?\}`)

// typed is what a person wrote for the letter. Marks become cites; a mark of an
// exhibit that does not leave stays as it was typed, and the lint finds it.
func typed(source, text string, leaves map[string]bool) Outgoing {
	o := Outgoing{source: "typed: " + source}
	rest := strings.TrimSpace(text)
	for {
		m := citeMark.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		id := rest[m[2]:m[3]]
		if !leaves[id] {
			o.spans = append(o.spans, span{text: rest[:m[1]]})
			rest = rest[m[1]:]
			continue
		}
		page := 1
		if m[4] >= 0 {
			// The expression allows five digits.
			page, _ = strconv.Atoi(rest[m[4]:m[5]])
		}
		if m[0] > 0 {
			o.spans = append(o.spans, span{text: rest[:m[0]]})
		}
		o.spans = append(o.spans, span{cite: &Cite{Exhibit: id, Page: max(page, 1)}})
		rest = rest[m[1]:]
	}
	if rest != "" {
		o.spans = append(o.spans, span{text: rest})
	}
	return o
}

// fixed is a sentence of ours that says nothing about the client's history: a
// regulation, a courtesy, the client's own identifiers.
func fixed(source, text string) Outgoing {
	return Outgoing{source: source, spans: []span{{text: text}}}
}

// cited adds proofs in parentheses behind the sentence: "... (Ex. C, p. 27)."
func (o Outgoing) cited(cites []Cite) Outgoing {
	if len(cites) == 0 || len(o.Cites()) > 0 {
		return o
	}
	spans := slices.Clone(o.spans)
	end := ""
	if n := len(spans); n > 0 {
		last := spans[n-1].text
		if strings.HasSuffix(last, ".") {
			spans[n-1].text = strings.TrimSuffix(last, ".")
			end = "."
		}
	}
	spans = append(spans, span{text: " ("})
	for i := range cites {
		if i > 0 {
			spans = append(spans, span{text: "; "})
		}
		spans = append(spans, span{cite: &cites[i]})
	}
	spans = append(spans, span{text: ")" + end})
	return Outgoing{source: o.source, spans: spans}
}

// led puts the cites behind a short line: "..., Ex. C, p. 27".
func (o Outgoing) led(cites []Cite) Outgoing {
	if len(cites) == 0 || len(o.Cites()) > 0 {
		return o
	}
	spans := slices.Clone(o.spans)
	if n := len(spans); n > 0 {
		spans[n-1].text = strings.TrimSuffix(spans[n-1].text, ".")
	}
	spans = append(spans, span{text: " · "}, span{cite: &cites[0]})
	return Outgoing{source: o.source, spans: spans}
}

// An Equity is one argued factor: a line for page one and sentences for the
// body.
type Equity struct {
	Rule    string     `json:"rule"`
	Heading string     `json:"heading"`
	Short   Outgoing   `json:"short"`
	Long    []Outgoing `json:"long"`  // before its cites are put behind the last one
	Cites   []Cite     `json:"cites"` // what the lawyer chose first, first
}

// A refusal says why something argued stays, in words for the person who plans.
type refusal string

// forClient reports a row that can stand on the client's side.
func forClient(row factors.Row) bool {
	return !row.NeverLeaves && (row.Side == factors.SideMitigating || row.Side == factors.SideSpecialCare || row.Side == factors.SideEither)
}

// equity makes an argued row into what the letter says of it. It refuses what
// must not or cannot be said: a row of a side that never leaves, a row that
// nobody argues, one without proof in the packet, one that rests on a matter
// which itself stays.
func equity(row factors.Row, decision factors.Decision, e evidence) (Equity, refusal) {
	switch {
	case row.NeverLeaves:
		return Equity{}, "never leaves"
	case row.Side == factors.SideEither && decision.Stand != factors.StandFor:
		return Equity{}, "cuts both ways, and nobody put it on the client’s side"
	case !forClient(row):
		return Equity{}, "not a factor in the client’s favor"
	case !decision.Argue:
		return Equity{}, "not argued"
	case row.Answer == factors.No:
		return Equity{}, "the recorded facts say that it does not apply"
	}
	elements := rowElements(row)
	for _, p := range elements {
		if e.stays[p] {
			return Equity{}, "rests on a matter that stays in the file"
		}
		if e.protected[p] && decision.SecondLook == "" {
			return Equity{}, "protected by 8 USC 1367 and not confirmed"
		}
	}
	cites := e.cites(row.Rule, decision.Proofs, elements)
	if len(cites) == 0 {
		return Equity{}, "argued, and nothing in this packet proves it"
	}
	eq := Equity{Rule: row.Rule, Heading: rowHeading(elements), Cites: cites}
	short := ""
	if text := strings.TrimSpace(decision.Text); text != "" {
		// Whoever wrote a sentence wrote it in the place of the draft, on page
		// one as well.
		eq.Long = []Outgoing{typed("decision on "+row.Rule, sentence(text), e.leaves)}
		short = firstSentence(text)
	} else {
		d := draftRow(e, elements, decision.Proofs)
		short = d.short
		for _, s := range d.long {
			eq.Long = append(eq.Long, Outgoing{source: "drafted from " + strings.Join(elements, ", "), spans: []span{{text: s}}})
		}
	}
	if len(eq.Long) == 0 {
		return Equity{}, "argued, and no sentence was written for it"
	}
	eq.Short = typed("decision on "+row.Rule, short, e.leaves).led(cites)
	return eq, ""
}

// matter makes a decided matter into its sentences, or says why not.
func matter(m factors.Matter, e evidence) (Outgoing, refusal) {
	switch l := m.Leaves(); {
	case l != factors.Mention && l != factors.ExplainWith:
		return Outgoing{}, "not decided to be told"
	case !matterLeaves(m):
		return Outgoing{}, "not confirmed a second time"
	}
	text := strings.TrimSpace(m.Decision.Text)
	o := typed("decision on "+m.Path, sentence(text), e.leaves)
	if text == "" {
		draft := DraftMatter(e.doc, m.Path, e.on)
		if draft == "" {
			return Outgoing{}, "no sentence typed"
		}
		o = Outgoing{source: "drafted from " + m.Path, spans: []span{{text: draft}}}
	}
	if m.Kind == "entry" {
		// What proves presence does not prove how somebody came.
		return o.cited(e.cites("", m.Decision.Proofs, nil)), ""
	}
	return o.cited(e.cites(m.Path, m.Decision.Proofs, []string{m.Path})), ""
}

// evidence is what the sentences of one packet may rest on.
type evidence struct {
	doc       casefile.Document
	on        factors.Date
	exhibits  []casefile.Exhibit // those that leave, in tab order
	leaves    map[string]bool    // their ids
	stays     map[string]bool    // paths of matters that stay
	protected map[string]bool    // paths under 8 USC 1367
}

// cites lists where the packet proves a rule or the elements it rests on: what
// the decision names first, then what exhibits name. Only exhibits that leave
// prove anything to the reader.
func (e evidence) cites(subject string, chosen []factors.Proof, elements []string) []Cite {
	var out []Cite
	add := func(p factors.Proof) {
		c := Cite{Exhibit: p.Exhibit, Page: max(p.Page, 1)}
		if e.leaves[p.Exhibit] && !slices.Contains(out, c) && !slices.ContainsFunc(out, func(o Cite) bool { return o.Exhibit == c.Exhibit && p.Page == 0 }) {
			out = append(out, c)
		}
	}
	for _, p := range chosen {
		add(p)
	}
	if subject != "" {
		for _, p := range provenBy(e.exhibits, subject) {
			add(p)
		}
	}
	for _, path := range elements {
		for _, p := range provenBy(e.exhibits, path) {
			add(p)
		}
	}
	// A certificate of translation proves the translation, not the fact.
	return slices.DeleteFunc(out, func(c Cite) bool {
		return slices.ContainsFunc(e.exhibits, func(x casefile.Exhibit) bool { return x.ID == c.Exhibit && x.Role == RoleCertificate })
	})
}

// proved reports that the packet proves one element of a row: an exhibit says
// so, or the row rests on this element alone and the person chose a page for it.
// A relative is proved by an exhibit only: a page chosen for a family says
// nothing about which of its members it shows.
func (e evidence) proved(path string, elements []string, chosen []factors.Proof) bool {
	if len(provenBy(e.exhibits, path)) > 0 {
		return true
	}
	return len(elements) == 1 && !strings.HasPrefix(path, "relatives/") &&
		slices.ContainsFunc(chosen, func(p factors.Proof) bool { return e.leaves[p.Exhibit] })
}

// rowElements lists the elements that a row looked at, each once: the first two
// parts of each input's path.
func rowElements(row factors.Row) []string {
	var out []string
	for _, in := range row.Inputs {
		parts := strings.SplitN(in.Fact, "/", 3)
		if len(parts) < 2 {
			continue
		}
		if path := parts[0] + "/" + parts[1]; !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}

// ordered are the cites in the order of the packet.
func (e evidence) ordered(cites []Cite) []Cite {
	place := func(c Cite) int {
		return slices.IndexFunc(e.exhibits, func(x casefile.Exhibit) bool { return x.ID == c.Exhibit })
	}
	out := slices.Clone(cites)
	slices.SortStableFunc(out, func(a, b Cite) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return a.Page - b.Page
	})
	return out
}

// firstSentence is the first sentence of a text, without its mark. A full stop
// ends one only behind a word of some length: not in "Ms." or "U.S."
func firstSentence(s string) string {
	s = strings.Join(strings.Fields(citeMark.ReplaceAllString(s, "")), " ")
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '.' && s[i+1] == ' ' && i-strings.LastIndexAny(s[:i], " .")-1 > 3 {
			return s[:i]
		}
	}
	return strings.TrimSuffix(s, ".")
}
