package main

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"forbear/casefile"
	"forbear/export"
	"forbear/factors"
)

// The checklist sets the recorded facts against one instrument, for and against
// side by side. It decides nothing: it shows what the file holds, what can be
// computed from it, and what only a person can say.
type checklistView struct {
	*caseScreen

	band      *fyne.Container // the looking-glass, when another day is looked at
	force     *text           // of which day the next sentence speaks
	inForce   *text
	organized *text
	blind     *text
	frames    *choice
	day       *entry
	dayHint   *text

	either  *strip
	for_    *strip
	against *strip
	matters *strip
	care    *strip
	gates   *strip
	show    *strip // exposure
	group   *row
	needs   *text
	note    *text

	scroller *roll
	rows     map[string]*row
}

// A strip is a run of rows under a heading. It hides when it is empty.
type strip struct {
	box  *fyne.Container
	fold *widget.Accordion // around the box, if it can be folded away
	list *fyne.Container
	ids  string // of the rows in it, to see whether they are the same
}

func newStrip(head ...fyne.CanvasObject) *strip {
	s := &strip{list: newColumn(2 * space)}
	s.box = newColumn(2*space, append(head, s.list)...)
	return s
}

func newChecklist(c *caseScreen) screen {
	v := &checklistView{caseScreen: c, rows: map[string]*row{}}
	v.force, v.inForce, v.organized, v.blind = caption(""), body(""), caption(""), caption("")
	v.frames = newChoice(nil, "", v.onFrame)
	v.day = newEntry(nil)
	v.day.OnSubmitted = func(string) { v.onDay() }
	v.day.SetPlaceHolder("2024-05-01")
	v.dayHint = newText("", sizeCaption, colorTrouble)
	v.band = newColumn(0)
	v.needs, v.note = caption(""), caption("")
	v.group = newRow(rowParts{}, func(bool) {}, nil)
	v.either = newStrip(head(lang.X("checklist.either", "Cuts both ways: you decide for this case"), colorEither))
	v.for_ = newStrip(v.needs)
	v.against = newStrip(v.group)
	v.matters = newStrip()
	v.care = newStrip(head(lang.X("checklist.care", "Rules that ask for special care"), colorFor))
	v.gates = newStrip(caption(lang.X("checklist.gates.note", "What this memo would have counted as a priority. It never leaves this file.")))
	v.show = newStrip(caption(lang.X("checklist.exposure.note", "What an officer may hold against the client today. It never leaves this file.")))
	return v
}

func head(words string, color fyne.ThemeColorName) *text {
	t := newText(words, sizeHeading, color)
	t.style.Bold = true
	return t
}

func (v *checklistView) object() (fyne.CanvasObject, *roll) {
	forward := newColumn(2*space, head(lang.X("checklist.for", "For"), colorFor), v.for_.box, v.care.box)
	backward := newColumn(2*space,
		head(lang.X("checklist.against", "Against - stays in this file unless you decide"), colorAgainst),
		v.matters.box, v.against.box,
		v.fold(lang.X("checklist.gates", "Enforcement priorities under this memo - stays here"), v.gates, false),
		v.fold(lang.X("checklist.exposure", "Held against people like this client today - stays here"), v.show, true),
	)
	body := newColumn(4*space, v.top(), v.note, v.either.box, newAbreast(5*space, 360, forward, backward))
	v.scroller = newRoll(inset(6*space, 4*space, body))
	return container.NewBorder(v.band, nil, nil, nil, v.scroller), v.scroller
}

// top holds the two sentences, and under them the day, folded away.
func (v *checklistView) top() fyne.CanvasObject {
	today := newButton(lang.X("checklist.look", "Look"), v.onDay)
	why := newColumn(2*space,
		caption(lang.X("checklist.day.help", "Look at another day as through a glass. It changes this screen only: what leaves is always computed for the day of signing.")),
		newFlow(2*space, container.New(fixedWidth{160}, v.day), today),
		v.dayHint,
		v.blind,
	)
	v.dayHint.Hide()
	fold := widget.NewAccordion(widget.NewAccordionItem(lang.X("checklist.why", "Another day, and why"), why))
	v.force.style.Bold = true
	by := caption(lang.X("checklist.by", "Organized by"))
	by.style.Bold = true
	return notice(
		newAbreast(6*space, 380,
			newColumn(space/2, v.force, v.inForce),
			newColumn(space/2, by, v.frames, v.organized),
		),
		fold,
	)
}

func (v *checklistView) fold(name string, s *strip, open bool) fyne.CanvasObject {
	item := widget.NewAccordionItem(name, s.box)
	item.Open = open
	s.fold = widget.NewAccordion(item)
	return s.fold
}

func (v *checklistView) shown() { v.refresh() }

// A checklistPage is everything the checklist shows, in plain values.
type checklistPage struct {
	inForce, organized, blind, needs, note, group string
	frame                                         string
	menu                                          []option
	looking                                       string // the day looked at, or empty for today

	either, forward, care, against, gates, exposure []factors.Row
	matters                                         []factors.Matter
}

// fetch computes the page. It takes well under a millisecond and touches no
// disk, so it runs with every change.
func (v *checklistView) fetch() checklistPage {
	o, lib := v.open, v.shell.lib
	ask := o.requestedAsk()
	facts, day := o.doc.Facts, o.day()
	frame := v.frame()
	var p checklistPage
	p.frame = frame
	p.inForce, p.organized = lib.StatusSentences(frame, day, lib.Governing(facts, ask))
	p.blind = lib.BlindSentence()
	p.menu = v.frameMenu()
	if !o.asOf.IsZero() {
		p.looking = o.asOf.Words()
	}
	a := export.Checklist(lib, o.doc, frame, day)
	need := 0
	for _, r := range a.Rows {
		if r.State == factors.NeedsProof {
			need++
		}
		switch r.Side {
		case factors.SideEither:
			switch r.Stand {
			case factors.StandFor:
				p.forward = append(p.forward, r)
			case factors.StandAgainst:
				p.against = append(p.against, r)
			default:
				p.either = append(p.either, r)
			}
		case factors.SideMitigating:
			p.forward = append(p.forward, r)
		case factors.SideProtected, factors.SideSpecialCare, factors.SideProcess:
			p.care = append(p.care, r)
		case factors.SideAggravating:
			if a.Collapse == nil || !contains(a.Collapse.Rules, r.Rule) {
				p.against = append(p.against, r)
			}
		case factors.SideGate:
			p.gates = append(p.gates, r)
		default:
			p.exposure = append(p.exposure, r)
		}
	}
	if a.Collapse != nil {
		p.group = a.Collapse.Sentence
	}
	if need > 0 {
		p.needs = lang.XN("checklist.needs", "{{.N}} need proof", need, map[string]any{"N": need})
	}
	if a.Partial {
		p.note = lang.X("checklist.partial", "The library does not hold every rule of this instrument yet.")
	}
	p.matters = factors.AdverseMatters(facts, o.doc.Decisions)
	return p
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func (v *checklistView) refresh() {
	p := v.fetch()
	force := lang.X("checklist.force", "In force today")
	if p.looking != "" {
		// What was in force on a day gone by must not stand under "today".
		force = lang.X("checklist.force.day", "In force on {{.Day}}", map[string]any{"Day": p.looking})
	}
	v.force.set(force)
	v.inForce.set(p.inForce)
	v.organized.set(p.organized)
	v.blind.set(p.blind)
	v.group.set(rowParts{state: stateWords(factors.NothingRecorded), title: p.group, side: colorAgainst})
	if p.group == "" {
		v.group.Hide()
	} else {
		v.group.Show()
	}
	v.needs.set(p.needs)
	v.note.set(p.note)
	v.frames.offer(p.menu, p.frame)
	v.showBand(p.looking)
	v.fill(v.either, p.either, colorEither)
	v.fill(v.for_, p.forward, colorFor)
	v.fill(v.care, p.care, colorFor)
	v.fill(v.against, p.against, colorAgainst)
	v.fill(v.gates, p.gates, colorAgainst)
	v.fill(v.show, p.exposure, colorAgainst)
	v.fillMatters(p.matters)
	if v.scroller != nil {
		v.scroller.Refresh()
	}
}

func (v *checklistView) showBand(day string) {
	v.band.Objects = nil
	if day != "" {
		back := newButton(lang.X("checklist.today", "Back to today"), v.onToday)
		words := strong(lang.X("checklist.looking", "You are looking at {{.Day}}.", map[string]any{"Day": day}) + " " +
			lang.X("checklist.looking.note", "Packets are computed for the day of signing."))
		b := newPanel(colorBand, colorBandEdge, newEnds(words, back))
		b.square, b.padX, b.padY = true, 6*space, 2*space
		v.band.Add(b)
	}
	v.band.Refresh()
}

// fill shows rows in a strip. Cards that were there stay where they are.
func (v *checklistView) fill(s *strip, rows []factors.Row, side fyne.ThemeColorName) {
	ids := ""
	for _, r := range rows {
		ids += r.Rule + "\n"
	}
	same := ids == s.ids
	s.ids = ids
	if !same {
		s.list.Objects = nil
	}
	for _, r := range rows {
		parts := v.parts(r, side)
		if w, ok := v.rows[r.Rule]; ok {
			w.rest = func() fyne.CanvasObject { return v.rest(r) }
			w.set(parts)
		} else {
			v.rows[r.Rule] = newRow(parts, func(on bool) { v.onArgue(r.Rule, on) }, func() fyne.CanvasObject { return v.rest(r) })
		}
		if !same {
			s.list.Add(v.rows[r.Rule])
		}
	}
	if len(rows) == 0 && s != v.against && s != v.for_ {
		s.box.Hide()
	} else {
		s.box.Show()
	}
	if s.fold != nil {
		s.fold.Hidden = len(rows) == 0
	}
	s.list.Refresh()
}

func (v *checklistView) parts(r factors.Row, side fyne.ThemeColorName) rowParts {
	p := rowParts{state: stateWords(r.State), title: r.Title, reason: oneLine(r), side: side}
	for _, proof := range r.Proofs {
		p.chips = append(p.chips, v.proofWords(proof))
	}
	if r.Asks != "" {
		p.title += " (" + r.Asks + ")"
	}
	if !r.NeverLeaves && (r.Side == factors.SideMitigating || r.Side == factors.SideSpecialCare || r.Stand == factors.StandFor) {
		p.tick, p.on = lang.X("checklist.argue", "Argue"), r.Argue
	}
	return p
}

// oneLine is the arithmetic, or the first sentence of the reason.
func oneLine(r factors.Row) string {
	if len(r.Measures) > 0 {
		return strings.Join(r.Measures, "; ")
	}
	if i := strings.Index(r.Reason, ". "); i >= 0 {
		return r.Reason[:i+1]
	}
	return r.Reason
}

func (v *checklistView) proofWords(p factors.Proof) string {
	name := lang.X("exhibit.gone", "exhibit removed")
	for _, x := range v.open.doc.Exhibits {
		if x.ID == p.Exhibit {
			name = short(x.Title, 26)
		}
	}
	if p.Page > 0 {
		return lang.X("proof.page", "{{.Exhibit}}, p. {{.Page}}", map[string]any{"Exhibit": name, "Page": p.Page})
	}
	return name
}

// short cuts words to n characters, at a space where there is one.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n])
	if i := strings.LastIndex(cut, " "); i > n/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// rest is what Enter opens: where the rule stands, what it looked at, and the
// person's own part.
func (v *checklistView) rest(r factors.Row) fyne.CanvasObject {
	box := newColumn(2 * space)
	if r.Says != "" {
		box.Add(body(r.Says))
	}
	box.Add(caption(r.Reason))
	threshold := r.Threshold
	if threshold == "none" {
		threshold = lang.X("rest.nothreshold", "none stated")
	}
	box.Add(caption(lang.X("rest.where", "Threshold: {{.Threshold}}. Where: {{.Pointer}} ({{.Confidence}}).", map[string]any{
		"Threshold": threshold, "Pointer": r.Pointer, "Confidence": confidenceWords(r.Confidence),
	})))
	for _, in := range r.Inputs {
		value := in.Value
		if value == "" {
			value = "–"
			for _, reason := range reasons() {
				if reason.value == string(in.Reason) {
					value = reason.label
				}
			}
		}
		box.Add(caption(lang.X("rest.input", "Looked at {{.Fact}}: {{.Value}}", map[string]any{"Fact": v.factWords(in.Fact), "Value": value})))
	}
	if r.NeverLeaves {
		return box
	}
	v.restDecision(box, r)
	return box
}

// factWords writes a path of the case so that a person can find the field: the
// list, the place in it, the name.
func (v *checklistView) factWords(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) < 2 {
		return path
	}
	for i, id := range v.ids(parts[0]) {
		if id == parts[1] {
			parts[1] = strconv.Itoa(i + 1)
		}
	}
	return strings.Join(parts, " ")
}

// ids lists the ids of a list of the case document in its order.
func (v *checklistView) ids(list string) (ids []string) {
	d := v.open.doc
	switch list {
	case "entries":
		for _, e := range d.Entries {
			ids = append(ids, e.ID)
		}
	case "offenses":
		for _, e := range d.Offenses {
			ids = append(ids, e.ID)
		}
	case "arrests":
		for _, e := range d.Arrests {
			ids = append(ids, e.ID)
		}
	case "orders":
		for _, e := range d.Orders {
			ids = append(ids, e.ID)
		}
	case "relatives":
		for _, e := range d.Relatives {
			ids = append(ids, e.ID)
		}
	case "health":
		for _, e := range d.Health {
			ids = append(ids, e.ID)
		}
	case "disputes":
		for _, e := range d.Disputes {
			ids = append(ids, e.ID)
		}
	case "roles":
		for _, e := range d.Roles {
			ids = append(ids, e.ID)
		}
	case "communityTies":
		for _, e := range d.Ties {
			ids = append(ids, e.ID)
		}
	case "adverse":
		for _, e := range d.Adverse {
			ids = append(ids, e.ID)
		}
	case "reliefPending":
		for _, e := range d.Relief {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func (v *checklistView) restDecision(box *fyne.Container, r factors.Row) {
	d := v.open.decision(r.Rule)
	f := form{changed: func() { v.open.decide(d) }}
	if r.Side == factors.SideEither {
		stand := newChoice([]option{
			{"", lang.X("stand.none", "Not decided")},
			{factors.StandFor, lang.X("stand.for", "For")},
			{factors.StandAgainst, lang.X("stand.against", "Against")},
			{factors.StandNotUsed, lang.X("stand.notused", "Not used")},
		}, d.Stand, func(s string) {
			d.Stand = s
			v.open.decide(d)
			v.refresh()
		})
		box.Add(narrow(240, newField(lang.X("stand.field", "In this case"), stand, "").Container))
	}
	applies := newChoice([]option{
		{"unknown", lang.X("applies.open", "Left open")},
		{"yes", lang.X("applies.yes", "It applies")},
		{"no", lang.X("applies.no", "It does not apply")},
	}, d.Applies.String(), func(s string) {
		d.Applies = answerOf(s)
		v.open.decide(d)
		v.refresh()
	})
	box.Add(line(
		newField(lang.X("applies.field", "You say"), applies, "").Container,
		f.text(lang.X("applies.why", "Because"), &d.Why, "").Container,
	))
	if r.Side == factors.SideMitigating || r.Side == factors.SideSpecialCare || r.Side == factors.SideEither {
		box.Add(f.lines(lang.X("rest.sentence", "Sentence for the letter, in your words"), &d.Text, 2, lang.X("rest.sentence.help", "Left empty, the letter drafts one from the recorded facts.")).Container)
		v.proofPicker(box, d)
	}
}

// proofPicker links a page of an exhibit to the decision.
func (v *checklistView) proofPicker(box *fyne.Container, d factors.Decision) {
	if len(v.open.doc.Exhibits) == 0 {
		box.Add(caption(lang.X("proof.none", "No exhibit yet. Add one under Exhibits (Ctrl+4), then link its page here.")))
		return
	}
	var options []option
	for _, x := range v.open.doc.Exhibits {
		options = append(options, option{x.ID, short(x.Title, 40)})
	}
	which := newChoice(options, options[0].value, func(string) {})
	page := newEntry(nil)
	page.SetPlaceHolder(lang.X("proof.page.hint", "page"))
	link := newButton(lang.X("proof.link", "Link proof"), func() {
		n, err := strconv.Atoi(strings.TrimSpace(page.Text))
		if err != nil || n < 0 {
			n = 0
		}
		d.Proofs = append(d.Proofs, factors.Proof{Exhibit: which.value(), Page: n})
		v.open.decide(d)
		v.refresh()
	})
	box.Add(newFlow(2*space, container.New(fixedWidth{240}, which), container.New(fixedWidth{70}, page), link))
	for i, p := range d.Proofs {
		remove := newButton(lang.X("proof.unlink", "Unlink"), func() {
			d.Proofs = append(d.Proofs[:i:i], d.Proofs[i+1:]...)
			v.open.decide(d)
			v.refresh()
		})
		box.Add(newEnds(caption(v.proofWords(p)), remove))
	}
}

func (v *checklistView) onArgue(rule string, on bool) {
	d := v.open.decision(rule)
	if d.Argue == on {
		return
	}
	d.Argue = on
	v.open.decide(d)
	v.refresh()
}

func (v *checklistView) onFrame(id string) {
	v.open.frame = id
	v.refresh()
}

func (v *checklistView) onDay() {
	d, err := factors.ParseDate(strings.TrimSpace(v.day.Text))
	if _, one := d.Day(); err != nil || !one {
		v.dayHint.set(lang.X("checklist.day.wrong", "Write one day, as 2024-05-01."))
		return
	}
	v.dayHint.set("")
	v.open.asOf = d
	if d.String() == v.shell.today().String() {
		v.open.asOf = factors.Date{}
	}
	v.refresh()
}

func (v *checklistView) onToday() {
	v.open.asOf = factors.Date{}
	v.day.put("")
	v.refresh()
}

// fillMatters shows what could be held against the client, each with its
// decision.
func (v *checklistView) fillMatters(matters []factors.Matter) {
	ids := ""
	for _, m := range matters {
		ids += m.Path + "\n"
	}
	same := ids == v.matters.ids
	v.matters.ids = ids
	if !same {
		v.matters.list.Objects = nil
	}
	for _, m := range matters {
		parts := v.matterParts(m)
		rest := func() fyne.CanvasObject { return v.matterRest(m) }
		if w, ok := v.rows[m.Path]; ok {
			w.rest = rest
			w.set(parts)
		} else {
			v.rows[m.Path] = newRow(parts, func(bool) {}, rest)
		}
		if !same {
			v.matters.list.Add(v.rows[m.Path])
		}
	}
	if len(matters) == 0 {
		v.matters.box.Hide()
	} else {
		v.matters.box.Show()
	}
	v.matters.list.Refresh()
}

func (v *checklistView) matterParts(m factors.Matter) rowParts {
	state := ""
	switch {
	case m.Internal:
		state = "– " + lang.X("matter.internal", "Never leaves")
	case m.Leaves() == factors.Undecided:
		state = "? " + lang.X("matter.undecided", "Undecided: stays here")
	default:
		state = "■ " + leaveWords(m.Leaves())
	}
	known := lang.X("matter.ice.unknown", "Whether ICE has it is not recorded.")
	switch m.KnownToGov {
	case factors.Yes:
		known = lang.X("matter.ice.yes", "ICE has it.")
		if m.KnownFrom != "" {
			known = lang.X("matter.ice.from", "ICE has it ({{.From}}).", map[string]any{"From": m.KnownFrom})
		}
	case factors.No:
		known = lang.X("matter.ice.no", "ICE is not known to have it.")
	}
	when := ""
	if !m.Date.IsZero() {
		when = m.Date.Words() + ". "
	}
	return rowParts{state: state, title: matterTitle(m), reason: when + known, side: colorAgainst}
}

func matterTitle(m factors.Matter) string {
	kind := ""
	switch m.Kind {
	case "offense":
		kind = lang.X("matter.offense", "Conviction")
	case "arrest":
		kind = lang.X("matter.arrest", "Arrest or charge")
	case "order":
		kind = lang.X("matter.order", "Order")
	case "removal":
		kind = lang.X("matter.removal", "Earlier removal")
	case "entry":
		return lang.X("matter.entry", "Entry without inspection or by a false claim")
	default:
		kind = lang.X("matter.other", "Other matter")
	}
	if m.Title != "" {
		return kind + ": " + m.Title
	}
	return kind
}

func leaveWords(l factors.Leave) string {
	switch l {
	case factors.LeaveOut:
		return lang.X("leave.out", "Leave out")
	case factors.Mention:
		return lang.X("leave.mention", "Mention")
	case factors.ExplainWith:
		return lang.X("leave.explain", "Explain with proof")
	default:
		return lang.X("leave.undecided", "Undecided")
	}
}

// decides reports whether this person may decide what leaves and what is left
// out: that is legal judgment (practice point P24).
func (c *caseScreen) decides() bool {
	switch c.open.vault.Me().Role {
	case casefile.Attorney, casefile.FullAccredited, casefile.PartialAccredited, casefile.Supervisor:
		return true
	default:
		return false
	}
}

func (v *checklistView) matterRest(m factors.Matter) fyne.CanvasObject {
	box := newColumn(2 * space)
	if m.Internal {
		box.Add(body(lang.X("matter.internal.note", "Marked at intake as never leaving. No packet can hold it.")))
		return box
	}
	if !v.decides() {
		box.Add(body(lang.X("matter.role", "An attorney or an accredited representative decides this.")))
		return box
	}
	d := v.open.decision(m.Path)
	var leave *choice
	leave = newChoice([]option{
		{string(factors.Undecided), leaveWords(factors.Undecided)},
		{string(factors.LeaveOut), leaveWords(factors.LeaveOut)},
		{string(factors.Mention), leaveWords(factors.Mention)},
		{string(factors.ExplainWith), leaveWords(factors.ExplainWith)},
	}, string(d.Leave), func(s string) { v.onLeave(m, d, factors.Leave(s), leave) })
	f := form{changed: func() { v.open.decide(d) }}
	box.Add(line(
		newField(lang.X("leave.field", "In the packet"), leave, "").Container,
		f.text(lang.X("leave.reason", "Reason (stays here)"), &d.Reason, "").Container,
	))
	if d.Leave == factors.Mention || d.Leave == factors.ExplainWith {
		help := lang.X("leave.text.none", "Nothing can be drafted from what is recorded: type the sentence, or the letter says nothing of it.")
		if draft := export.DraftMatter(v.open.doc, m.Path, v.shell.today()); draft != "" {
			help = lang.X("leave.text.help", "Left empty, this draft is used: {{.Draft}}", map[string]any{"Draft": draft})
		}
		box.Add(f.lines(lang.X("leave.text", "What the letter says of it"), &d.Text, 3, help).Container)
	}
	if d.Leave == factors.ExplainWith {
		v.proofPicker(box, d)
	}
	return box
}

// onLeave records what happens to a matter. Putting one in that ICE is not known
// to have takes a second look, by name.
func (v *checklistView) onLeave(m factors.Matter, d factors.Decision, l factors.Leave, field *choice) {
	keep := func() {
		d.Leave = l
		v.open.decide(d)
		v.refresh()
	}
	puts := l == factors.Mention || l == factors.ExplainWith
	if !puts || m.KnownToGov == factors.Yes {
		d.SecondLook = ""
		keep()
		return
	}
	words := newColumn(2*space,
		strong(matterTitle(m)),
		body(lang.X("second.words", "ICE is not recorded to have this. If the letter mentions it, ICE will have it, and may use it against the client. This cannot be taken back.")),
	)
	v.shell.ask(lang.X("second.title", "Tell ICE something it may not know?"), words,
		lang.X("second.yes", "Put it in"), lang.X("second.no", "Keep it here"), func(yes bool) {
			if !yes {
				field.offer(field.options, string(d.Leave))
				return
			}
			d.SecondLook = v.open.vault.Me().Name
			keep()
		})
}
