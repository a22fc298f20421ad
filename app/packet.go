package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
	"forbear/export"
	"forbear/factors"
)

// The packet screen shows what leaves and what stays before anything is made,
// asks for the decisions that are missing, and signs.
type packetView struct {
	*caseScreen
	to string

	form     *fyne.Container // the request: asks, reasons, release plan
	leaves   *fyne.Container
	stays    *fyne.Container
	record   *fyne.Container // what ICE already has
	findings *fyne.Container
	copies   *fyne.Container
	done     *fyne.Container

	path    *entry
	sign    *button
	why     *text // why signing is disabled
	busy    *text
	stop    *button
	cancel  context.CancelFunc
	blocked string

	scroller *roll
}

func newPacketView(c *caseScreen) screen {
	v := &packetView{caseScreen: c, to: export.ToFieldOffice, blocked: lang.X("packet.reading", "Reading the case ...")}
	v.form, v.leaves, v.stays = newColumn(3*space), newColumn(2*space), newColumn(space)
	v.record, v.findings, v.copies, v.done = newColumn(0), newColumn(2*space), newColumn(space), newColumn(0)
	v.why, v.busy = newText("", sizeCaption, colorAgainst), caption("")
	v.busy.Hide()
	v.record.Hide()
	v.path = newEntry(func(string) { v.tellSign() })
	v.path.OnSubmitted = func(string) { v.onSign() }
	v.path.SetPlaceHolder(lang.X("packet.path", "Folder, or folder and name of the file"))
	v.sign = nextStep(lang.X("packet.sign", "Sign and export"), v.onSign)
	v.stop = newButton(lang.X("button.stop", "Stop"), func() {
		if v.cancel != nil {
			v.cancel()
		}
	})
	v.stop.Hide()
	v.buildForm()
	v.tellSign()
	return v
}

func (v *packetView) object() (fyne.CanvasObject, *roll) {
	to := newChoice(recipients(), v.to, func(s string) {
		v.to = s
		v.buildForm()
		v.plan()
	})
	by := newChoice(v.frameMenu(), v.frame(), func(id string) {
		v.open.frame = id
		v.plan()
	})
	left := newColumn(4*space,
		narrow(420, newField(lang.X("packet.to", "To"), to, "").Container),
		narrow(420, newField(lang.X("packet.by", "Reasons organized by"), by, "").Container),
		v.form,
	)
	choose := newButton(lang.X("packet.folder", "Choose a folder"), v.onFolder)
	middle := newColumn(4*space,
		block(lang.X("packet.leaves", "What leaves"), v.leaves),
		block(lang.X("packet.stays", "What stays, and why"), v.stays),
	)
	right := newColumn(4*space,
		v.record,
		block(lang.X("packet.before", "Before you send"), v.findings),
		block(lang.X("packet.export", "Sign and export"), card(
			newField(lang.X("packet.where", "Where to"), v.path, lang.X("packet.where.help", "A stick is better than this computer: what is written here is in clear.")).Container,
			newFlow(2*space, v.sign, choose, v.stop), v.why, v.busy, v.done,
		), v.copies),
	)
	v.scroller = newRoll(inset(6*space, 5*space, newAbreast(6*space, 330, left, middle, right)))
	return v.scroller, v.scroller
}

func (v *packetView) shown() { v.plan() }

// onExport brings the person to where the packet is signed.
func (v *packetView) onExport() { v.shell.win.Canvas().Focus(v.path) }

// draft is the request that is being written for the chosen recipient, or nil.
func (v *packetView) draft() *casefile.Request {
	d := &v.open.doc
	for i := len(d.Requests) - 1; i >= 0; i-- {
		if r := &d.Requests[i]; r.To == v.to && isDraft(*r) && r.SentOn.IsZero() {
			return r
		}
	}
	return nil
}

// ensure gives the draft, a new one if there is none.
func (v *packetView) ensure() *casefile.Request {
	if r := v.draft(); r != nil {
		return r
	}
	d := &v.open.doc
	d.Requests = append(d.Requests, casefile.Request{ID: newID(), To: v.to, Office: d.EROOffice})
	return &d.Requests[len(d.Requests)-1]
}

func (v *packetView) save(r *casefile.Request) {
	v.open.saver.put("requests", r.ID, *r)
	v.planSoon()
}

// planSoon plans again when what was typed is saved.
func (v *packetView) planSoon() {
	v.block(lang.X("packet.changed", "Something changed: reading it again ..."))
	v.plan()
}

func askOptions() []option {
	return []option{
		{factors.AskRelease, lang.X("ask.release", "Release under 8 CFR 236.1(c)(8)")},
		{factors.AskParole, lang.X("ask.parole", "Parole under 8 CFR 212.5(b)")},
		{"stay", lang.X("ask.stay", "Stay of removal")},
		{"no-arrest", lang.X("ask.noarrest", "Not to arrest or detain")},
		{"cancel-nta", lang.X("ask.cancel", "Cancel or not file the NTA")},
		{"continuance", lang.X("ask.continuance", "Not to oppose a continuance")},
		{"dismissal", lang.X("ask.dismissal", "Dismissal")},
	}
}

func (v *packetView) buildForm() {
	r := casefile.Request{To: v.to}
	if d := v.draft(); d != nil {
		r = *d
	}
	var f form
	f.changed = func() {
		d := v.ensure()
		id := d.ID
		*d = r
		d.ID, d.To = id, v.to
		v.save(d)
	}
	v.form.Objects = nil
	asks := newColumn(2 * space)
	for i := range r.Asks {
		a := &r.Asks[i]
		remove := newButton(lang.X("button.remove", "Remove"), func() {
			r.Asks = append(r.Asks[:i:i], r.Asks[i+1:]...)
			f.changed()
			v.buildForm()
		})
		asks.Add(f.pick(lang.X("packet.ask", "We ask, {{.N}}", map[string]any{"N": i + 1}), &a.Kind, askOptions()).Container)
		asks.Add(newEnds(f.text(lang.X("packet.ask.text", "In your words, if not ours"), &a.Text, "").Container, remove))
	}
	asks.Add(newFlow(0, newButton(lang.X("packet.ask.add", "+ Add what is asked"), func() {
		kind := factors.AskRelease
		if len(r.Asks) > 0 {
			kind = factors.AskParole
		}
		r.Asks = append(slices.Clone(r.Asks), casefile.Ask{Kind: kind})
		f.changed()
		v.buildForm()
	})))
	v.form.Add(block(lang.X("packet.asks", "What is asked, in order of preference"), newPanel(colorCard, colorEdge, asks)))
	v.form.Add(card(line(boxes(
		f.text(lang.X("sent.office", "Office"), &r.Office, ""),
		f.text(lang.X("sent.officer", "Officer, if known"), &r.Officer, ""),
	)...)))
	if v.to == export.ToICR {
		v.form.Add(card(
			body(lang.X("packet.icr", "The field office will see everything in this packet. ICR's status in 2026 is not confirmed.")),
			f.lines(lang.X("packet.new", "What is new since the request"), &r.New, 3, "").Container,
			f.text(lang.X("packet.near", "Removal is near: why both are asked at the same time (attorney only)"), &r.NearRemoval, "").Container,
		))
	} else {
		why := strings.Join(r.Why, "\n")
		wf := f
		wf.changed = func() {
			r.Why = nil
			for _, l := range strings.Split(why, "\n") {
				if strings.TrimSpace(l) != "" {
					r.Why = append(r.Why, strings.TrimSpace(l))
				}
			}
			f.changed()
		}
		v.form.Add(card(
			wf.lines(lang.X("packet.why", "Why, at most six lines"), &why, 4, lang.X("packet.why.help", "Left empty, the letter takes the argued rows of the checklist.")).Container,
			f.lines(lang.X("packet.release", "Release plan"), &r.Release, 3, lang.X("packet.release.help", "Address through counsel, sponsor, way to court.")).Container,
		))
	}
	if v.to != export.ToICR {
		v.form.Add(v.consent())
	}
	v.form.Refresh()
}

// consent records that the client agreed to this packet, and how (practice point
// P20).
func (v *packetView) consent() fyne.CanvasObject {
	c := &v.open.doc.Consent
	f := form{changed: func() {
		v.open.changedClient()
		v.planSoon()
	}}
	return card(
		strong(lang.X("consent", "Consent of the client")),
		line(boxes(
			f.pick(lang.X("consent.mode", "How"), &c.Mode, []option{
				{"", lang.X("consent.none", "Not recorded")},
				{"read-in-person", lang.X("consent.person", "Read in person")},
				{"read-by-phone", lang.X("consent.phone", "Read by phone")},
				{"agreed-facts-and-ask", lang.X("consent.facts", "Agreed to the facts and the ask")},
				{"not-reached", lang.X("consent.notreached", "Could not be reached, counsel decided")},
			}),
			f.date(lang.X("consent.on", "On"), &c.On),
		)...),
		line(boxes(
			f.text(lang.X("consent.by", "Read by"), &c.By, ""),
			f.text(lang.X("consent.language", "In which language"), &c.Language, ""),
		)...),
		line(boxes(
			f.text(lang.X("consent.interpreter", "Interpreter"), &c.Interpreter, ""),
			f.text(lang.X("consent.why", "Because"), &c.Why, ""),
		)...),
	)
}

// A packetPage is what the screen shows of a plan, in plain values.
type packetPage struct {
	gate     []export.GateReason // not empty: ICE Case Review cannot be asked
	leaves   []leaving
	stays    []export.Stay
	findings []export.Finding
	copies   []clearCopy
}

type leaving struct{ name, words string }

type clearCopy struct {
	id string
	export.ClearCopy
}

func (v *packetView) order() export.Order {
	return export.Order{
		Library: v.shell.lib, Frame: v.frame(), Recipient: v.to, Profile: v.open.vault.Profile(),
		Program: v.shell.version,
	}
}

// fetchPacket plans a packet from what is on the disk and judges it. The time of
// an order is read here, after everything was saved: a packet that is dated
// before its own case would be refused.
func fetchPacket(file *casefile.Case, order export.Order, now func() time.Time) (p packetPage, err error) {
	order.Now = now()
	if p.copies, err = fetchCopies(file); err != nil {
		return p, err
	}
	d, err := export.Prepare(file, order)
	var gate *export.GateError
	if errors.As(err, &gate) {
		p.gate = gate.Reasons
		return p, nil
	}
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p.findings, err = d.Findings()
	if err != nil {
		return p, err
	}
	p.stays = d.Plan.Stays
	words, err := d.Plan.Words()
	if err != nil {
		return p, err
	}
	p.leaves = leavings(d.Plan, words)
	return p, nil
}

func fetchCopies(file *casefile.Case) ([]clearCopy, error) {
	records, err := file.List(casefile.KindClearCopies)
	if err != nil {
		return nil, err
	}
	var all []clearCopy
	for _, r := range records {
		var c export.ClearCopy
		if err := json.Unmarshal(r.Body, &c); err != nil {
			return nil, fmt.Errorf("read list of clear copies: %w", casefile.ErrDamaged)
		}
		if c.Gone == "" {
			all = append(all, clearCopy{r.ID, c})
		}
	}
	return all, nil
}

// leavings writes a plan as the reader of the packet will read it: part by part,
// in its order.
func leavings(p export.Plan, read func(export.Outgoing) string) []leaving {
	var all []leaving
	add := func(name string, words ...string) { all = append(all, leaving{name, strings.Join(words, "\n")}) }
	for _, b := range p.Block {
		add(b.Label, read(b.Text))
	}
	list := func(name string, sentences []export.Outgoing) {
		var words []string
		for _, o := range sentences {
			words = append(words, read(o))
		}
		if len(words) > 0 {
			add(name, words...)
		}
	}
	list(lang.X("leaves.asks", "We ask"), p.Asks)
	list(lang.X("leaves.why", "Why"), p.Why)
	if p.ICR != nil {
		list(lang.X("leaves.decision", "Decision to review"), p.ICR.Decision)
		list(lang.X("leaves.new", "What is new"), p.ICR.New)
	}
	for _, s := range p.Sections {
		list(s.Heading, s.Text)
	}
	for _, t := range p.Tabs {
		add(lang.X("leaves.exhibit", "Ex. {{.Tab}}", map[string]any{"Tab": t.Name}), t.Title+", "+lang.XN("exhibits.pages", "{{.N}} pages", t.Pages(), map[string]any{"N": t.Pages()}))
	}
	return all
}

// plan reads the case and shows what a packet made now would be.
func (v *packetView) plan() {
	file, order, now := v.open.file, v.order(), v.shell.now
	v.open.saver.whenSaved(func(err error) {
		if err != nil {
			v.block(unsavedWords(err))
			return
		}
		inCase(v.open, func(context.Context) (packetPage, error) { return fetchPacket(file, order, now) },
			func(p packetPage, err error) {
				if v.view != screen(v) || order.Recipient != v.to {
					return // another section, or another recipient, meanwhile
				}
				if err != nil {
					words, _ := explain(err)
					v.block(words.String())
					v.shell.complain(err)
					return
				}
				v.show(p)
			})
	})
}

func (v *packetView) show(p packetPage) {
	v.leaves.Objects, v.stays.Objects, v.findings.Objects = nil, nil, nil
	for _, l := range p.leaves {
		v.leaves.Add(newColumn(0, caption(l.name), body(l.words)))
	}
	for _, s := range p.stays {
		v.stays.Add(caption(v.subject(s.What) + ": " + s.Why))
	}
	elsewhere := v.arguedElsewhere()
	for _, words := range elsewhere {
		v.stays.Add(caption(words))
	}
	if len(p.stays)+len(elsewhere) == 0 {
		v.stays.Add(caption(lang.X("packet.stays.none", "Nothing was decided to stay. What nobody decided stays as well.")))
	}
	v.showRecord()
	blocking := 0
	for _, f := range p.findings {
		if f.Severity == export.Block {
			blocking++
		}
		v.findings.Add(v.finding(f))
	}
	for _, g := range p.gate {
		v.findings.Add(caption("– " + gateWords(g)))
	}
	switch {
	case len(p.gate) > 0:
		v.findings.Objects = append([]fyne.CanvasObject{body(lang.X("gate.closed", "ICR reviews field-office decisions. Without one, it sends the case back and says it will not review it yet."))}, v.findings.Objects...)
		v.findings.Add(newFlow(0, newButton(sectionSent.words(), func() { v.choose(sectionSent) })))
		v.block(lang.X("packet.gate", "ICE Case Review comes second: record the request and its outcome first."))
	case blocking > 0:
		v.block(lang.XN("packet.blocking", "Not yet: {{.N}} things above have to be settled first.", blocking, map[string]any{"N": blocking}))
	default:
		if len(p.findings) == 0 {
			v.findings.Add(caption(lang.X("packet.clean", "Nothing that this program looks for.")))
		}
		v.block("")
	}
	v.showCopies(p.copies)
	for _, o := range []*fyne.Container{v.leaves, v.stays, v.findings} {
		o.Refresh()
	}
	v.scroller.Refresh()
}

// subject names something that stays in words of the screen.
func (v *packetView) subject(path string) string {
	if r, ok := v.shell.lib.Rule(path); ok {
		return r.Title
	}
	kind, id, _ := strings.Cut(path, "/")
	if kind == "protected1367" {
		return lang.X("protected.file", "The file as a whole")
	}
	if kind == "exhibits" {
		for _, x := range v.open.doc.Exhibits {
			if x.ID == id {
				return kindWords(kind) + " " + x.Title
			}
		}
	}
	for _, m := range factors.AdverseMatters(v.open.doc.Facts, v.open.doc.Decisions) {
		if m.Path == path {
			return matterTitle(m)
		}
	}
	return kindWords(kind)
}

// finding is one line of the lint with its source and one action.
func (v *packetView) finding(f export.Finding) fyne.CanvasObject {
	state := newText("! "+lang.X("finding.block", "Has to be settled"), sizeCaption, colorTrouble)
	if f.Severity != export.Block {
		state = newText("i "+lang.X("finding.warn", "Look at this"), sizeCaption, colorAgainst)
	}
	state.style.Bold = true
	box := newColumn(space, state, body(f.Message))
	to := sectionPacket
	for _, p := range f.Places {
		words := v.place(p)
		if p.Passage != "" {
			words += ": " + short(p.Passage, 160)
		}
		if words != "" {
			box.Add(caption(words))
		}
		if s := sectionOf(p); s != sectionPacket {
			to = s
		}
	}
	box.Add(caption(f.Source))
	if f.Rule == "1367" && v.decides() {
		box.Add(newFlow(0, newButton(lang.X("finding.1367", "Confirm a second time"), v.onProtected)))
	}
	if to != sectionPacket {
		box.Add(newFlow(0, newButton(lang.X("finding.go", "Go to {{.Where}}", map[string]any{"Where": to.words()}), func() { v.choose(to) })))
	}
	return newPanel(colorCard, colorEdge, box)
}

// onProtected asks a second time about what 8 USC 1367 protects.
func (v *packetView) onProtected() {
	subjects := v.protectedSubjects()
	box := newColumn(2*space, body(lang.X("protected.words", "8 USC 1367 protects that somebody asked for relief as a victim, and everything that shows it. What this packet says of it will be in ICE's file. Does the client know, and want that?")))
	for _, s := range subjects {
		box.Add(caption("– " + v.subject(s)))
	}
	v.shell.ask(lang.X("protected.title", "Send what 8 USC 1367 protects?"), box, lang.X("protected.yes", "Yes, the client wants it sent"), lang.X("second.no", "Keep it here"), func(yes bool) {
		if !yes {
			return
		}
		for _, s := range subjects {
			d := v.open.decision(s)
			d.SecondLook = v.open.vault.Me().Name
			v.open.decide(d)
		}
		v.planSoon()
	})
}

// protectedSubjects are the decisions by which protected material leaves: that
// of the file, of each argued row that rests on it, of each exhibit that proves
// it.
func (v *packetView) protectedSubjects() []string {
	d := v.open.doc
	guarded := map[string]bool{}
	for _, r := range d.Roles {
		if r.Protected {
			guarded["roles/"+r.ID] = true
		}
	}
	for _, r := range d.Relief {
		if r.Protected || slices.Contains([]string{"u", "t", "vawa"}, r.Kind) {
			guarded["reliefPending/"+r.ID] = true
		}
	}
	touches := func(path string) bool {
		parts := strings.SplitN(path, "/", 3)
		return len(parts) > 1 && guarded[parts[0]+"/"+parts[1]]
	}
	all := []string{"protected1367"}
	add := func(s string) {
		if !contains(all, s) {
			all = append(all, s)
		}
	}
	for _, row := range export.Checklist(v.shell.lib, d, v.frame(), v.shell.today()).Rows {
		if row.Argue && slices.ContainsFunc(row.Inputs, func(in factors.Input) bool { return touches(in.Fact) }) {
			add(row.Rule)
		}
	}
	for _, x := range d.Exhibits {
		for _, s := range x.Proves {
			if x.InPacket && touches(s) {
				add(s)
			}
		}
	}
	return all
}

// place names where a finding points in words of the screen.
func (v *packetView) place(p export.Place) string {
	if p.Tab != "" || p.Page > 0 || p.Part == "letter" {
		return p.String()
	}
	list, id, _ := strings.Cut(p.Part, "/")
	switch list {
	case "familyName", "givenName":
		return lang.X("intake.family", "Family names")
	case "aNumbers":
		return lang.X("intake.anumbers", "A-numbers, the first one primary")
	case "dateOfBirth":
		return lang.X("intake.dob", "Date of birth")
	case "countryOfBirth":
		return lang.X("intake.born", "Country of birth")
	case "removalDate":
		return lang.X("intake.removal", "Removal scheduled on")
	case "g28":
		return lang.X("intake.g28", "G-28 filed on")
	case "protected1367":
		return lang.X("protected.file", "The file as a whole")
	case "consent":
		return lang.X("consent", "Consent of the client")
	case "representative":
		return lang.X("overview.you", "Who signs (the same in all your cases)")
	case "requests":
		if strings.Contains(id, "asks") {
			return lang.X("packet.asks", "What is asked, in order of preference")
		}
		return kindWords(list)
	case "exhibits":
		if id == export.RoleG28 {
			return "G-28"
		}
	}
	return v.subject(p.Part)
}

// sectionOf says where a finding can be settled.
func sectionOf(p export.Place) section {
	list, _, _ := strings.Cut(p.Part, "/")
	switch {
	case p.Exhibit != "" || list == "exhibits":
		return sectionExhibits
	case slices.Contains([]string{"offenses", "arrests", "orders", "priorRemovals", "adverse"}, list):
		return sectionChecklist
	case slices.Contains([]string{"familyName", "givenName", "aNumbers", "dateOfBirth", "g28", "entries", "removalDate", "countryOfBirth"}, list):
		return sectionIntake
	case list == "representative":
		return sectionOverview
	default:
		return sectionPacket
	}
}

// showRecord is the one card about what ICE already has (practice point P3).
func (v *packetView) showRecord() {
	v.record.Objects = nil
	open := export.Unanswered(v.open.doc)
	if len(open) > 0 && v.to != export.ToICR {
		box := newColumn(2*space, strong(lang.XN("packet.unanswered", "ICE already has {{.N}} things this letter does not mention", len(open), map[string]any{"N": len(open)})))
		for _, m := range factors.AdverseMatters(v.open.doc.Facts, v.open.doc.Decisions) {
			for _, u := range open {
				if u.Path == m.Path {
					box.Add(body("– " + matterTitle(m)))
				}
			}
		}
		if v.decides() {
			box.Add(newFlow(2*space,
				newButton(lang.X("packet.answer", "Answer what ICE already has"), v.onAnswer),
				newButton(lang.X("packet.leaveall", "Leave all out"), v.onLeaveAll),
				newButton(lang.X("packet.onebyone", "Decide one by one"), func() { v.choose(sectionChecklist) }),
			))
			box.Add(caption(lang.X("packet.supervisor", "Or ask your supervisor first: nothing leaves while these are undecided.")))
		} else {
			box.Add(caption(lang.X("matter.role", "An attorney or an accredited representative decides this.")))
		}
		v.record.Add(newPanel(colorNotice, colorNoticeEdge, box))
	}
	v.record.Hidden = len(v.record.Objects) == 0
	v.record.Refresh()
}

func (v *packetView) decideAll(decisions []factors.Decision) {
	for _, d := range decisions {
		v.open.decide(d)
	}
	v.planSoon()
}

func (v *packetView) onAnswer() { v.decideAll(export.AnswerWhatICEHas(v.open.doc)) }

func (v *packetView) onLeaveAll() {
	reason := newEntry(nil)
	content := newColumn(2*space,
		body(lang.X("leaveall.words", "The officer reads this letter beside the record. Silence is lawful; words of a clean record beside it are not, and are looked for before signing.")),
		newField(lang.X("leaveall.reason", "One reason for all (stays here)"), reason, "").Container,
	)
	v.shell.ask(lang.X("packet.leaveall", "Leave all out"), content, lang.X("packet.leaveall", "Leave all out"), lang.X("button.cancel", "Cancel"), func(yes bool) {
		if yes {
			v.decideAll(export.LeaveAllOut(v.open.doc, strings.TrimSpace(reason.Text)))
		}
	})
}

// block disables signing for a reason, or with an empty one enables it as far as
// the folder is named.
func (v *packetView) block(reason string) {
	v.blocked = reason
	v.tellSign()
}

func (v *packetView) tellSign() {
	reason := v.blocked
	if reason == "" && strings.TrimSpace(v.path.Text) == "" {
		reason = lang.X("packet.nofolder", "Choose where to export to.")
	}
	if v.cancel != nil {
		reason = lang.X("packet.underway", "Under way.")
	}
	v.why.set(reason)
	if reason == "" {
		v.sign.Enable()
	} else {
		v.sign.Disable()
	}
}

func (v *packetView) onFolder() {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil {
			v.shell.complain(err)
			return
		}
		if u != nil {
			v.path.put(u.Path())
			v.tellSign()
		}
	}, v.shell.win)
	d.Show()
	d.Resize(fyne.NewSize(900, 600)) // the toolkit has nothing to resize before
}

// target is the file to write. A folder gets a neutral name in it.
func target(typed string, to string, isDir func(string) bool) string {
	typed = strings.TrimSpace(typed)
	if !isDir(typed) {
		if strings.EqualFold(filepath.Ext(typed), ".pdf") {
			return typed
		}
		return typed + ".pdf"
	}
	name := "packet"
	if to == export.ToICR {
		name = "packet-icr"
	}
	file := filepath.Join(typed, name+".pdf")
	for n := 2; exists(file); n++ {
		file = filepath.Join(typed, fmt.Sprintf("%s-%d.pdf", name, n))
	}
	return file
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// onSign prepares the packet once more, signs it and writes it.
func (v *packetView) onSign() {
	if v.sign.Disabled() {
		return
	}
	var ctx context.Context
	ctx, v.cancel = context.WithCancel(v.open.ctx)
	v.stop.Show()
	v.busy.set(lang.X("packet.making", "Making, signing and checking the packet ..."))
	v.done.Objects = nil
	v.tellSign()
	file, vault, order, typed, now := v.open.file, v.open.vault, v.order(), v.path.Text, v.shell.now
	v.open.saver.whenSaved(func(err error) {
		if err != nil {
			v.onDelivered(export.Delivered{}, err)
			v.block(unsavedWords(err))
			return
		}
		inCase(v.open, func(context.Context) (export.Delivered, error) {
			order.Now = now()
			return deliver(ctx, file, vault, order, typed)
		}, v.onDelivered)
	})
}

// unsavedWords say that a packet is made from what is saved.
func unsavedWords(err error) string {
	words, _ := explain(err)
	return lang.X("packet.unsaved", "Save first: a packet is made from what is on the disk.") + " " + words.String()
}

func deliver(ctx context.Context, file *casefile.Case, vault *casefile.Vault, order export.Order, typed string) (out export.Delivered, err error) {
	id, err := export.SigningIdentity(vault, order.Now)
	if err != nil {
		return out, err
	}
	d, err := export.Prepare(file, order)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return export.Deliver(ctx, file, d, id, target(typed, order.Recipient, isFolder), order.Now)
}

func (v *packetView) onDelivered(out export.Delivered, err error) {
	v.cancel()
	v.cancel = nil
	v.stop.Hide()
	v.busy.set("")
	if err != nil {
		v.shell.complain(err)
		v.plan()
		return
	}
	v.done.Objects = []fyne.CanvasObject{newColumn(space,
		strong(lang.X("packet.done", "Signed, checked and written: {{.Name}}, {{.Pages}} pages.", map[string]any{"Name": filepath.Base(out.Path), "Pages": out.Pages})),
		caption(lang.X("packet.done.next", "A sealed copy stays in this case. When you have sent it, press the button: ICE Case Review counts from there.")),
		newFlow(2*space, newButton(lang.X("packet.marksent", "I have sent it today"), func() { v.onSent(out.Packet) })),
	)}
	v.done.Refresh()
	v.open.wrote()
	v.tellSign()
	v.readCopies()
}

func (v *packetView) onSent(packet string) { v.markSent(packet, v.busy.set) }

func (v *packetView) readCopies() {
	file := v.open.file
	inCase(v.open, func(context.Context) ([]clearCopy, error) { return fetchCopies(file) },
		func(copies []clearCopy, err error) {
			if err != nil {
				v.shell.complain(err)
				return
			}
			v.showCopies(copies)
		})
}

// showCopies lists the files in clear that nobody has confirmed gone.
func (v *packetView) showCopies(copies []clearCopy) {
	v.copies.Objects = nil
	if len(copies) > 0 {
		v.copies.Add(strong(lang.XN("copies.count", "{{.N}} clear copies are out", len(copies), map[string]any{"N": len(copies)})))
	}
	for _, c := range copies {
		gone := newButton(lang.X("copies.gone", "It is deleted or handed over"), func() { v.onGone(c) })
		v.copies.Add(card(caption(strings.ReplaceAll(c.Path, string(filepath.Separator), string(filepath.Separator)+"\u200b")+", "+c.At.In(v.shell.now().Location()).Format("Jan 2 15:04")), newFlow(0, gone)))
	}
	v.copies.Refresh()
}

func (v *packetView) onGone(c clearCopy) {
	c.Gone = lang.X("copies.confirmed", "confirmed by a person")
	v.open.saver.put(casefile.KindClearCopies, c.id, c.ClearCopy)
	v.open.saver.flush()
	v.open.saver.whenSaved(func(err error) {
		if err == nil {
			v.readCopies()
		}
	})
}
