package factors

import (
	"slices"
	"strings"
	"unicode"
)

// A Row is one rule of an instrument, set against the facts of one client.
type Row struct {
	Rule       string     `json:"rule"`
	Side       Side       `json:"side"`
	Label      Label      `json:"label"`
	Answer     Answer     `json:"answer"`
	Inputs     []Input    `json:"inputs"`
	Reason     string     `json:"reason"`
	Threshold  string     `json:"threshold"`
	Pointer    string     `json:"pointer"`
	Confidence Confidence `json:"confidence"`

	Title string   `json:"title"`
	Says  string   `json:"says"`           // the paraphrase
	Asks  string   `json:"asks,omitempty"` // II.B: the question that the rule helps to answer
	State RowState `json:"state"`

	// Stand is where a person put a rule that cuts both ways: for, against,
	// not-used, or empty while nobody has. The side stays either.
	Stand string `json:"stand,omitempty"`

	// Measures is the arithmetic alone: "At least 21 years 7 months since
	// claimed entry".
	Measures []string `json:"measures,omitempty"`

	// Argue is the person's tick; Text is the sentence that the letter uses.
	Argue  bool    `json:"argue,omitempty"`
	Text   string  `json:"text,omitempty"`
	Proofs []Proof `json:"proofs,omitempty"`

	// NeverLeaves is set for gates and exposure. Nothing of such a row may be
	// put into a packet, whatever anybody decides.
	NeverLeaves bool `json:"neverLeaves"`
}

// An Input is one fact that a row looked at: its path, with the element's id or
// its position where it has none, and its value as it was recorded. Reason says
// why there is no value.
type Input struct {
	Fact   string `json:"fact"`
	Value  string `json:"value"`
	Reason Reason `json:"reason,omitempty"`
}

// A RowState is the word of a row: it speaks of the fact, and never of what an
// officer will make of it.
type RowState string

const (
	HasProof        RowState = "has-proof"
	NeedsProof      RowState = "needs-proof"
	DatesSuggest    RowState = "dates-suggest"
	NotAskedYet     RowState = "not-asked"
	AskedNotKnown   RowState = "asked-not-known"
	AskedNoAnswer   RowState = "prefers-not-to-say"
	DoesNotApply    RowState = "does-not-apply"
	PersonDecides   RowState = "person-decides"   // nothing left to ask; somebody has to say
	Recorded        RowState = "recorded"         // against: something of this kind is in the file
	NothingRecorded RowState = "nothing-recorded" // against: not the same as none
	Stated          RowState = "stated"           // says something for everybody; nothing to prove
)

// An Assessment is a checklist: the rows of one instrument in its own order,
// and below them what an officer may hold against the client on that day.
type Assessment struct {
	Memo    string `json:"memo"`
	AsOf    Date   `json:"asOf"`
	InForce bool   `json:"inForce"`
	Rows    []Row  `json:"rows"`

	// Collapse stands in place of the rows it names, which concern an offense,
	// while no offense is recorded.
	Collapse *Collapse `json:"collapse,omitempty"`

	// Partial is set while the library does not hold every rule of the
	// instrument. A screen says so.
	Partial bool `json:"partial,omitempty"`

	// Retired are decisions about rules that the library no longer has. They
	// are kept, since somebody made them for a reason.
	Retired []Decision `json:"retired,omitempty"`
}

// A Collapse is one line that stands for several rows.
type Collapse struct {
	Rules    []string `json:"rules"`
	Sentence string   `json:"sentence"`
}

// Assess sets one instrument against the facts of one client on one day. It
// returns one row per rule in the instrument's order, then the exposure rows of
// the instruments that were in force on that day. The same values give the same
// rows. The proofs are the pages that prove something, by rule id or by the
// path of an element.
//
// A date that is marked approximate or doubtful never decides a row: the answer
// is unknown, and the reason says what it would be. For an id that the library
// does not hold, the assessment has no rows.
func Assess(lib *Library, frame string, asOf Date, facts Facts, decisions []Decision, proofs map[string][]Proof) Assessment {
	a := Assessment{Memo: frame, AsOf: asOf, Rows: []Row{}}
	made := make(map[string]*Decision, len(decisions))
	for i, d := range decisions {
		made[d.Subject] = &decisions[i]
		if _, known := lib.Rule(d.Subject); !known && isRule(d.Subject) {
			a.Retired = append(a.Retired, d)
		}
	}
	in, ok := lib.Instrument(frame)
	if !ok {
		return a
	}
	a.InForce = in.status(asOf).State.InForce()
	a.Partial = !in.Complete
	for i := range in.Rules {
		a.Rows = append(a.Rows, row(&in.Rules[i], asOf, &facts, made, proofs))
	}
	for _, other := range lib.instruments {
		if other == in || !slices.ContainsFunc(other.Rules, func(r Rule) bool { return r.Side == SideExposure }) {
			continue
		}
		if !other.status(asOf).State.InForce() {
			continue
		}
		for i := range other.Rules {
			if r := &other.Rules[i]; r.Side == SideExposure {
				a.Rows = append(a.Rows, row(r, asOf, &facts, made, proofs))
			}
		}
	}
	a.Collapse = collapse(in, &facts)
	return a
}

// collapse gathers the aggravating rules that concern an offense and nothing
// else, as long as none is recorded.
func collapse(in *Instrument, facts *Facts) *Collapse {
	if len(facts.Offenses) > 0 {
		return nil
	}
	var rules []string
	for _, r := range in.Rules {
		if r.Side == SideAggravating && slices.Equal(r.Facts, []string{"offenses"}) {
			rules = append(rules, r.ID)
		}
	}
	if len(rules) < 2 {
		return nil
	}
	return &Collapse{
		Rules: rules,
		Sentence: "The " + numberWord(len(rules)) + " aggravating factors concern an offense. " +
			"None is recorded in this file (not the same as none).",
	}
}

func numberWord(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return "listed"
}

// isRule reports whether the subject of a decision is a rule, in the library or
// no longer in it, and not an element of the file: instruments are named in
// capitals.
func isRule(subject string) bool {
	instrument, rule, ok := strings.Cut(subject, "/")
	return ok && isID(instrument, true) && isID(rule, false) && strings.ContainsFunc(instrument, unicode.IsUpper)
}

func row(r *Rule, asOf Date, facts *Facts, made map[string]*Decision, proofs map[string][]Proof) Row {
	q := question{facts: facts, asOf: asOf, with: r.With, rule: r}
	f := r.run(q)
	if f.answer == Unknown {
		if plain, changed := facts.unqualified(); changed {
			q.facts = plain
			if would := r.run(q).answer; would != Unknown {
				f.reason += " A date is marked approximate or doubtful; taken as it stands, the answer would be " + would.String() + "."
				f.human = true
			}
		}
	}
	out := Row{
		Rule: r.ID, Side: r.Side, Label: r.Label, Answer: f.answer, Inputs: f.inputs, Reason: f.reason,
		Threshold: r.Threshold, Pointer: r.Pointer, Confidence: r.Confidence,
		Title: r.Title, Says: r.Says, Asks: r.Asks, Measures: f.measures, NeverLeaves: r.NeverLeaves,
	}
	if out.Inputs == nil {
		out.Inputs = []Input{}
	}

	out.Proofs = append(out.Proofs, proofs[r.ID]...)
	seen := map[string]bool{}
	for _, in := range f.inputs {
		el := elementOf(in.Fact)
		if !seen[el] {
			seen[el] = true
			out.Proofs = append(out.Proofs, proofs[el]...)
		}
	}
	d := made[r.ID]
	if d != nil {
		out.Argue, out.Text = d.Argue && !r.NeverLeaves, d.Text
		out.Proofs = append(out.Proofs, d.Proofs...)
		if r.Side == SideEither {
			out.Stand = d.Stand
		}
		if d.Applies != Unknown && out.Answer == Unknown {
			// What was computed stays; what was left open, a person may close.
			out.Answer = d.Applies
			out.Reason = strings.TrimSpace(out.Reason + " A person decided: " + d.Applies.String() + "." + because(d.Why))
		}
	}
	out.Proofs = distinct(out.Proofs)
	out.State = state(&out, r, f, d, facts)
	return out
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " " + strings.TrimRight(why, ". ") + "."
}

// state chooses the row's word. A row on the client's side asks for proof; a row
// against the client, a gate or an exposure only says whether the file holds
// something.
func state(out *Row, r *Rule, f finding, d *Decision, facts *Facts) RowState {
	if d != nil && d.Applies == No {
		return DoesNotApply
	}
	if f.stated {
		return Stated
	}
	silence, none := facts.silence(r.Facts)
	if !f.recorded && none && out.Answer == Unknown {
		// Every list that the rule looks at was asked about, and none was named.
		out.Answer = No
		out.Reason = "Asked, and none was named" + onWords(facts, r.Facts) + "."
	}
	if out.Answer == No && r.Side != SideGate && r.Side != SideExposure {
		return DoesNotApply
	}
	claimed := f.recorded || (d != nil && (d.Applies == Yes || d.Argue))
	switch r.Side {
	case SideAggravating, SideGate, SideExposure:
		switch {
		case out.Answer == No:
			return DoesNotApply
		case claimed && f.human && r.Side == SideGate:
			return PersonDecides
		case claimed:
			return Recorded
		case silence != NotAskedYet:
			return silence
		default:
			return NothingRecorded
		}
	}
	switch {
	case len(out.Proofs) > 0:
		return HasProof
	case f.suggests && (d == nil || (d.Applies == Unknown && !d.Argue)):
		return DatesSuggest
	case claimed && r.Compute == "age" && (d == nil || (d.Applies == Unknown && !d.Argue)):
		return PersonDecides
	case claimed:
		return NeedsProof
	case f.human && len(r.Facts) == 0:
		return PersonDecides
	default:
		return silence
	}
}

// silence says why nothing is recorded under these facts: the word for the row,
// and whether each of them was asked about and answered with none.
func (f *Facts) silence(names []string) (RowState, bool) {
	word, none := NotAskedYet, len(names) > 0
	for _, name := range names {
		a := f.Answers[name]
		if a.Answer != No {
			none = false
		}
		switch {
		case word != NotAskedYet:
		case a.Reason == NotKnown:
			word = AskedNotKnown
		case a.Reason == PrefersNotToSay, a.Reason == DoNotAskAgain:
			word = AskedNoAnswer
		}
	}
	return word, none
}

func onWords(f *Facts, names []string) string {
	for _, name := range names {
		if on := f.Answers[name].On; !on.IsZero() {
			return " (" + on.Words() + ")"
		}
	}
	return ""
}

func distinct(list []Proof) []Proof {
	var out []Proof
	for _, p := range list {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// A Matter is something in the file that could be held against the client.
type Matter struct {
	Path       string    // offenses/3f2a…
	Kind       string    // offense, arrest, order, removal, adverse, entry
	Title      string    // as recorded; never leaves without a decision
	Date       Date      // the date that dates it, if one is recorded
	KnownToGov Answer    // does ICE have it already?
	KnownFrom  string    // NTA, RAP sheet …
	Decision   *Decision // nil: undecided, and what nobody decided does not leave
	Internal   bool      // never leaves, whatever is decided
}

// Leaves returns what was decided about the matter. A matter that is internal
// is always left out.
func (m Matter) Leaves() Leave {
	switch {
	case m.Internal:
		return LeaveOut
	case m.Decision == nil:
		return Undecided
	default:
		return m.Decision.Leave
	}
}

// Agrees reports that two decisions let the same thing happen. Their ids and
// the reasons that somebody gave may differ.
func (d Decision) Agrees(o Decision) bool {
	return d.Subject == o.Subject && d.Applies == o.Applies && d.Stand == o.Stand && d.Argue == o.Argue &&
		d.Text == o.Text && d.Leave == o.Leave && d.SecondLook == o.SecondLook && slices.Equal(d.Proofs, o.Proofs)
}

// AdverseMatters lists every element of the facts that could be held against
// the client, whatever rule looks at it: convictions, arrests, orders, earlier
// removals, entries that were not admissions, and what else was written down.
//
// A matter about which two decisions disagree is undecided: whichever of them
// were taken, the other one was somebody's last word too.
func AdverseMatters(facts Facts, decisions []Decision) []Matter {
	made := make(map[string]*Decision, len(decisions))
	for i, d := range decisions {
		if o, twice := made[d.Subject]; !twice {
			made[d.Subject] = &decisions[i]
		} else if o != nil && !o.Agrees(d) {
			made[d.Subject] = nil
		}
	}
	var all []Matter
	add := func(list, id string, i int, kind, title string, date Date, k Known, internal bool) {
		p := element(list, id, i)
		all = append(all, Matter{
			Path: p, Kind: kind, Title: title, Date: date,
			KnownToGov: k.ToGov, KnownFrom: k.From, Decision: made[p], Internal: internal,
		})
	}
	for i, o := range facts.Offenses {
		date := o.ConvictionDate
		if date.IsZero() {
			date = o.OffenseDate
		}
		add("offenses", o.ID, i, "offense", o.Title, date, o.Known, false)
	}
	for i, a := range facts.Arrests {
		add("arrests", a.ID, i, "arrest", a.Title, a.Date, a.Known, false)
	}
	for i, o := range facts.Orders {
		add("orders", o.ID, i, "order", o.Kind, o.Date, o.Known, false)
	}
	for i, r := range facts.Removals {
		add("priorRemovals", r.ID, i, "removal", r.Manner, r.Date, r.Known, false)
	}
	for i, a := range facts.Adverse {
		add("adverse", a.ID, i, "adverse", a.Title, a.Date, a.Known, a.Internal)
	}
	for i, e := range facts.Entries {
		if manner, _ := mannerOf(e.Manner); manner != WithoutInspection && manner != FalseClaim {
			continue
		}
		add("entries", e.ID, i, "entry", e.Manner, e.Date, e.Known, false)
	}
	return all
}
