package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forbear/casefile"
	"forbear/export/page"
	"forbear/factors"
)

// Recipients of a packet. The words are those of [casefile.Request].To.
const (
	ToFieldOffice = "field-office"
	ToOPLA        = "opla"
	ToICR         = "icr"
)

// Input is everything a plan is made from. All of it are values: a plan can be
// made again from the same ones, and comes out the same.
type Input struct {
	Document casefile.Document
	Revision uint64 // of the case that Document is
	Library  *factors.Library
	Frame    string             // the instrument that the checklist is organized by
	Rows     factors.Assessment // of that frame, for the signing date

	Recipient   string // ToFieldOffice, ToOPLA, ToICR; empty: Request.To
	Request     casefile.Request
	Profile     casefile.Profile
	SigningDate factors.Date

	// Clock is the computer's time with its zone; LastEntry is the newest entry
	// of the case's journal. Together they tell a clock that was set back.
	Clock     time.Time
	LastEntry time.Time

	// Sent is the record of the packet that ICE Case Review is told about, when
	// it was made here.
	Sent *Record

	// CitePast lets the letter say that its equities are organized by a past
	// memo, for offices that take memos.
	CitePast bool

	Program string // the program's version; pinned, never printed
	Draft   bool   // DRAFT, NOT SENT across each page
}

// A Plan is what will leave, part by part, before anything is drawn. It is a
// plain value; [Plan.Lint] judges it and [Build] draws it.
type Plan struct {
	To       string `json:"to"`
	Title    string `json:"title"` // of the file's metadata; names nobody
	Pins     Pins   `json:"pins"`
	Draft    bool   `json:"draft,omitempty"`
	Invented bool   `json:"invented,omitempty"`

	Caption  Caption     `json:"caption"`
	Signer   Signer      `json:"signer"`
	Block    []BlockLine `json:"block"`
	Asks     []Outgoing  `json:"asks"`
	Why      []Outgoing  `json:"why"`
	Sections []Section   `json:"sections"`
	ICR      *Review     `json:"icr,omitempty"`

	// Letter is set when the person's own letter takes the place of ours.
	Letter *TabPart `json:"letter,omitempty"`
	Tabs   []Tab    `json:"tabs"`

	Argued      []Equity     `json:"argued"`
	Identifiers []Identifier `json:"identifiers"`

	// Told are the element paths of the matters that a sentence of the letter
	// speaks of. A decision to mention one does not put it here; the sentence
	// does.
	Told []string `json:"told,omitempty"`

	// Protected is set when the case holds material under 8 USC 1367, whether
	// somebody marked the case or only one element of it.
	Protected bool `json:"protected1367,omitempty"`

	// Stays is what does not leave, and why. No page is made from it.
	Stays []Stay `json:"stays"`

	in *inside
}

// Pins fix what the bytes depend on.
type Pins struct {
	Revision uint64            `json:"revision"`
	Date     factors.Date      `json:"date"`
	Zone     string            `json:"zone"`
	Time     time.Time         `json:"time"`
	Language string            `json:"language"`
	Library  string            `json:"library"`
	Frame    string            `json:"frame,omitempty"`
	Program  string            `json:"program,omitempty"`
	Fonts    map[string]string `json:"fonts"`
}

// A BlockLine is one line of the block on top of page one.
type BlockLine struct {
	Label  string   `json:"label"`
	Text   Outgoing `json:"text"`
	Strong bool     `json:"strong,omitempty"`
}

// A Section is a headed part of the letter after page one.
type Section struct {
	Name    string     `json:"name"` // see the Section names
	Heading string     `json:"heading"`
	Text    []Outgoing `json:"text"`
}

// Names of sections.
const (
	SectionAuthority = "authority"
	SectionEquities  = "equities"
	SectionMatters   = "matters"
	SectionRelease   = "release"
	SectionNew       = "new"
	SectionContact   = "contact"
)

// A Signer is who signs, in the words of the signature block.
type Signer struct {
	Name         string   `json:"name"`
	Organization string   `json:"organization,omitempty"`
	Type         string   `json:"type,omitempty"`
	Lines        []string `json:"lines"` // under the name
	From         string   `json:"from"`  // one line for the block
	Head         []string `json:"head"`  // of the letter: organization, address, phone and e-mail
}

// An Identifier is a value that can name or find somebody, and that will leave.
type Identifier struct {
	Kind   string `json:"kind"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// A Stay is something that stays in the file, and why.
type Stay struct {
	What string `json:"what"` // a rule, an element, an exhibit
	Why  string `json:"why"`
}

// inside is what the lint reads and nobody else: it holds what stays.
type inside struct {
	input    Input
	matters  []factors.Matter
	exhibits []casefile.Exhibit // those that leave, without an own letter
	letter   *casefile.Exhibit  // the own letter

	// untold are matters that somebody decided to tell and that our letter does
	// not tell, with the reason.
	untold []Stay
}

// NewPlan plans a packet. It returns [ErrRecipient], [ErrPlanDate], or for ICE
// Case Review a [GateError] or [ErrSentRecord]. A plan that comes back may still be refused by the
// lint; it never holds what nobody decided.
func NewPlan(in Input) (Plan, error) {
	to := in.Recipient
	if to == "" {
		to = in.Request.To
	}
	if to != ToFieldOffice && to != ToOPLA && to != ToICR {
		return Plan{}, ErrRecipient
	}
	if in.SigningDate.IsZero() || in.Rows.AsOf.String() != in.SigningDate.String() {
		return Plan{}, ErrPlanDate
	}
	var decided casefile.Request
	if to == ToICR {
		var err error
		if decided, err = ICRGate(in.Document, in.Request, representative(in).Type, in.SigningDate); err != nil {
			return Plan{}, err
		}
		if in.Sent != nil && in.Sent.SHA256 != decided.Packet.SHA256 {
			// The record of another request must not lend it its pages.
			in.Sent = nil
		}
		if decided.How == "forbear" && in.Sent == nil {
			return Plan{}, ErrSentRecord
		}
	}

	doc := in.Document
	p := Plan{
		To: to, Title: "Request for prosecutorial discretion", Draft: in.Draft, Invented: doc.Invented,
		Caption: newCaption(doc), Signer: newSigner(representative(in), in.Profile, doc), Protected: protects(doc),
		Pins: Pins{
			Revision: in.Revision, Date: in.SigningDate, Zone: in.Clock.Format("-07:00"), Time: in.Clock.Truncate(time.Second),
			Language: "en", Frame: in.Frame, Program: in.Program, Fonts: page.FontHashes(),
		},
	}
	if in.Library != nil {
		p.Pins.Library = in.Library.SHA256
	}
	if to == ToICR {
		p.Title = "Request for ICE Case Review"
	}
	if doc.Invented {
		p.Title += " (invented sample)"
	}

	matters := factors.AdverseMatters(doc.Facts, doc.Decisions)
	exhibits, own := p.chooseExhibits(in, matters, decided)
	name := letterTab
	if to == ToICR {
		name = func(n int) string { return fmt.Sprint(n + 1) }
	}
	p.Tabs = arrangeTabs(exhibits, name)
	if to == ToICR {
		p.Tabs = reviewOrder(p.Tabs)
	}

	e := evidence{
		doc: doc, on: in.SigningDate, leaves: map[string]bool{}, stays: map[string]bool{}, protected: protectedPaths(doc),
	}
	for _, t := range p.Tabs {
		for _, part := range t.Parts {
			e.leaves[part.Exhibit] = true
			i := slices.IndexFunc(exhibits, func(x casefile.Exhibit) bool { return x.ID == part.Exhibit })
			e.exhibits = append(e.exhibits, exhibits[i])
		}
	}
	for _, m := range matters {
		e.stays[m.Path] = hides(m)
	}

	p.in = &inside{input: in, matters: matters, exhibits: e.exhibits, letter: own}
	switch {
	case own != nil:
		// The person's own letter leaves in place of every sentence of ours.
		p.Letter = &TabPart{
			Exhibit: own.ID, What: "letter", Title: own.Title, Pages: own.Pages, SHA256: own.Original.SHA256, Role: own.Role, Kind: own.Kind,
		}
	case to == ToICR:
		p.planAsks(in, e)
		p.planReview(in, decided, e)
		p.Block = p.blockLines(in, e)
	default:
		p.planAsks(in, e)
		p.planEquities(in, e)
		p.planSections(in, matters, e)
		p.Block = p.blockLines(in, e)
	}
	p.stayingMatters(matters)
	p.identifiers(doc)
	return p, nil
}

func representative(in Input) casefile.Representative {
	if in.Document.Representative.Name != "" {
		return in.Document.Representative
	}
	return in.Profile.Representative
}

// protectedPaths are the elements under 8 USC 1367: those that somebody marked,
// and petitions that are under it by their kind, whether marked or not.
func protectedPaths(doc casefile.Document) map[string]bool {
	out := make(map[string]bool)
	for i, r := range doc.Roles {
		if r.Protected {
			out[elementPath("roles", r.ID, i)] = true
		}
	}
	for i, r := range doc.Relief {
		if r.Protected || slices.Contains(protectedRelief, r.Kind) {
			out[elementPath("reliefPending", r.ID, i)] = true
		}
	}
	return out
}

// protectedRelief are the kinds of relief that 8 USC 1367(a)(2) covers.
var protectedRelief = []string{"u", "t", "vawa"}

// protects reports that a case holds anything under 8 USC 1367. One element is
// enough: which pages would speak of it nobody can tell beforehand.
func protects(doc casefile.Document) bool {
	return doc.Protected1367 || len(protectedPaths(doc)) > 0
}

// chooseExhibits keeps what was put into the packet and may leave. An exhibit
// that proves nothing but a matter which stays would tell ICE what the letter
// does not, so it stays as well.
func (p *Plan) chooseExhibits(in Input, matters []factors.Matter, decided casefile.Request) ([]casefile.Exhibit, *casefile.Exhibit) {
	hidden := make(map[string]bool)
	for _, m := range matters {
		if m.Kind != "entry" {
			hidden[m.Path] = hides(m)
		}
	}
	var own *casefile.Exhibit
	var out []casefile.Exhibit
	for _, x := range in.Document.Exhibits {
		why := ""
		switch {
		case !x.InPacket:
			why = "not put into the packet"
		case provesOnlyHidden(together(x, in.Document.Exhibits), in.Document.Decisions, hidden):
			why = "proves only a matter that stays in the file"
		case p.To == ToICR:
			why = p.icrExhibit(x, in, decided)
		case x.Role == RoleRequest || x.Role == RoleAnswer:
			why = "belongs to an earlier request"
		case x.Role == RoleLetter:
			if own == nil {
				own = &x
				continue
			}
			why = "another letter takes the place of ours"
		}
		if why != "" {
			p.Stays = append(p.Stays, Stay{What: "exhibits/" + x.ID, Why: why})
			continue
		}
		out = append(out, x)
	}
	// What translates or certifies an exhibit stays with it.
	for {
		n := len(out)
		out = slices.DeleteFunc(out, func(x casefile.Exhibit) bool {
			if x.TranslationOf == "" || slices.ContainsFunc(out, func(o casefile.Exhibit) bool { return o.ID == x.TranslationOf }) {
				return false
			}
			p.Stays = append(p.Stays, Stay{What: "exhibits/" + x.ID, Why: "belongs to an exhibit that stays"})
			return true
		})
		if len(out) == n {
			return out, own
		}
	}
}

// together is an exhibit with its translation, its original and its certificate:
// what one of them is said to prove, all of them show.
func together(x casefile.Exhibit, all []casefile.Exhibit) []casefile.Exhibit {
	root := x.ID
	if x.TranslationOf != "" {
		root = x.TranslationOf
	}
	var out []casefile.Exhibit
	for _, o := range all {
		if o.ID == x.ID || root != "" && (o.ID == root || o.TranslationOf == root) {
			out = append(out, o)
		}
	}
	return out
}

// provesOnlyHidden reports that everything these exhibits are said to prove
// stays.
func provesOnlyHidden(group []casefile.Exhibit, decisions []factors.Decision, hidden map[string]bool) bool {
	touches, shows := false, false
	look := func(subject string) {
		parts := strings.SplitN(subject, "/", 3)
		if len(parts) >= 2 {
			if stays, isMatter := hidden[parts[0]+"/"+parts[1]]; isMatter {
				touches = touches || stays
				shows = shows || !stays
				return
			}
		}
		shows = true
	}
	for _, x := range group {
		for _, s := range x.Proves {
			look(s)
		}
	}
	for _, d := range decisions {
		for _, pr := range d.Proofs {
			if !slices.ContainsFunc(group, func(x casefile.Exhibit) bool { return x.ID == pr.Exhibit }) {
				continue
			}
			// A factor that is not argued shows nothing.
			if _, isMatter := hidden[d.Subject]; isMatter || d.Argue {
				look(d.Subject)
			}
		}
	}
	return touches && !shows
}

// arguable are the rows of the frame, and those of any other instrument that
// somebody argued. What is argued is a fact about the client; the instrument
// under which it was ticked only orders the checklist, and looking at another
// one must not take a reason out of the letter.
func (in Input) arguable() []factors.Row {
	rows := slices.Clone(in.Rows.Rows)
	if in.Library == nil {
		return rows
	}
	other := make(map[string][]factors.Row)
	for _, d := range in.Document.Decisions {
		rule, known := in.Library.Rule(d.Subject)
		if !known || !d.Argue || slices.ContainsFunc(rows, func(r factors.Row) bool { return r.Rule == d.Subject }) {
			continue
		}
		if _, done := other[rule.Instrument]; !done {
			other[rule.Instrument] = factors.Assess(in.Library, rule.Instrument, in.SigningDate, in.Document.Facts, in.Document.Decisions, nil).Rows
		}
		for _, r := range other[rule.Instrument] {
			if r.Rule == d.Subject {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// planEquities puts the argued rows under their headings.
func (p *Plan) planEquities(in Input, e evidence) {
	decisions := make(map[string]factors.Decision, len(in.Document.Decisions))
	for _, d := range in.Document.Decisions {
		if _, first := decisions[d.Subject]; !first {
			decisions[d.Subject] = d
		}
	}
	twice := decidedTwice(in.Document.Decisions)
	for _, row := range in.arguable() {
		d, ok := decisions[row.Rule]
		eq, why := equity(row, d, e)
		if slices.Contains(twice, row.Rule) {
			why = "decided twice, differently"
		}
		if why != "" {
			if ok || row.Argue {
				p.Stays = append(p.Stays, Stay{What: row.Rule, Why: string(why)})
			}
			continue
		}
		p.Argued = append(p.Argued, eq)
	}
	for _, h := range headingOrder {
		var text []Outgoing
		var said []string
		for _, eq := range p.Argued {
			if eq.Heading != h {
				continue
			}
			var fresh []Outgoing
			for _, o := range eq.Long {
				// Two rows may rest on the same fact.
				if !slices.Contains(said, o.Text()) {
					said = append(said, o.Text())
					fresh = append(fresh, o)
				}
			}
			if n := len(fresh); n > 0 {
				fresh[n-1] = fresh[n-1].cited(e.ordered(eq.Cites))
				text = append(text, fresh...)
			}
		}
		if len(text) > 0 {
			p.Sections = append(p.Sections, Section{Name: SectionEquities, Heading: h, Text: text})
		}
	}

	lines := in.Request.Why
	for i, w := range lines {
		if i >= maxWhy {
			p.Stays = append(p.Stays, Stay{What: fmt.Sprintf("requests/why/%d", i), Why: "page one has six lines"})
			continue
		}
		p.Why = append(p.Why, typed(fmt.Sprintf("requests/why/%d", i), w, e.leaves))
	}
	if len(lines) > 0 {
		return
	}
	var said []string
	for _, eq := range p.Argued {
		if len(p.Why) < maxWhy && !slices.Contains(said, eq.Short.Text()) {
			said = append(said, eq.Short.Text())
			p.Why = append(p.Why, eq.Short)
		}
	}
}

// maxWhy is how many reasons page one has (practice point P30).
const maxWhy = 6

// planSections adds authority in front of the equities, and what follows them.
func (p *Plan) planSections(in Input, matters []factors.Matter, e evidence) {
	equities := p.Sections
	p.Sections = nil
	if text := p.authority(in); len(text) > 0 {
		p.Sections = append(p.Sections, Section{Name: SectionAuthority, Heading: "Authority", Text: text})
	}
	p.Sections = append(p.Sections, equities...)

	var decided []Outgoing
	for _, m := range matters {
		o, why := matter(m, e)
		switch {
		case why == "":
			decided = append(decided, o)
			p.Told = append(p.Told, m.Path)
		case !m.Internal && (m.Leaves() == factors.Mention || m.Leaves() == factors.ExplainWith):
			p.in.untold = append(p.in.untold, Stay{What: m.Path, Why: string(why)})
		}
	}
	if len(decided) > 0 {
		p.Sections = append(p.Sections, Section{Name: SectionMatters, Heading: "Matters in the record", Text: decided})
	}
	if text := strings.TrimSpace(in.Request.Release); text != "" {
		release := []Outgoing{typed("requests/releasePlan", sentence(text), e.leaves)}
		if p.Signer.represents() {
			who := clientWords(in.Document)
			release = append(release, fixed("fixed: address through counsel", upperFirst(who.possessive)+" address will be given through counsel."))
		}
		p.Sections = append(p.Sections, Section{Name: SectionRelease, Heading: "Release plan", Text: release})
	}
	p.Sections = append(p.Sections, Section{Name: SectionContact, Heading: "Contact", Text: contact(in, p.Signer)})
}

// stayingMatters notes each matter that stays, and each that a decision could
// not take out.
func (p *Plan) stayingMatters(matters []factors.Matter) {
	for _, m := range matters {
		why := ""
		switch {
		case m.Internal:
			why = "internal: never leaves"
		case m.Leaves() == factors.Undecided:
			why = "undecided"
		case m.Leaves() == factors.LeaveOut:
			why = "left out"
			if m.Decision.Reason != "" {
				why += ": " + m.Decision.Reason
			}
		case !matterLeaves(m):
			why = "ICE is not known to have it, and nobody confirmed a second time"
		case p.To == ToICR:
			why = "stands in the request as sent, if it does"
		case p.Letter != nil:
			why = "stands in the own letter, if it does"
		case !slices.Contains(p.Told, m.Path):
			why = "decided to be told, and no sentence was typed for it"
		}
		if why != "" {
			p.Stays = append(p.Stays, Stay{What: m.Path, Why: why})
		}
	}
}

// identifiers lists what in the letter can name or find somebody. Exhibits hold
// more, and are listed by themselves.
func (p *Plan) identifiers(doc casefile.Document) {
	add := func(kind, value, source string) {
		if value != "" {
			p.Identifiers = append(p.Identifiers, Identifier{kind, value, source})
		}
	}
	add("name", p.Caption.Last+", "+p.Caption.First, "familyName, givenName")
	for i, a := range doc.ANumbers {
		add("A-number", dashed(a), fmt.Sprintf("aNumbers/%d", i))
	}
	add("birth", p.Caption.Born, "dateOfBirth, countryOfBirth")
	add("representative", p.Signer.From, "representative")
	for _, b := range p.Block {
		if b.Strong || b.Label == "Hearing" {
			add("place and date", b.Text.Text(), b.Text.Source())
		}
	}
}
