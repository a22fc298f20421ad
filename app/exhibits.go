package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/pdf"
	"forbear/factors"
)

// The exhibits: what was brought, whether it could be read, what it proves, and
// whether somebody has read it for what could hurt.
type exhibitsView struct {
	*caseScreen
	path     *entry
	busy     *text
	stop     *button
	list     *fyne.Container
	scroller *roll
	opened   string // id of the exhibit whose card is open
}

func newExhibitsView(c *caseScreen) screen {
	v := &exhibitsView{caseScreen: c, list: newColumn(2 * space), busy: caption("").unbroken()}
	v.busy.Hide()
	v.path = newEntry(nil)
	v.path.SetPlaceHolder(lang.X("exhibits.path", "or type the place of a file, then Enter"))
	v.path.OnSubmitted = func(s string) {
		v.path.put("")
		v.onDrop([]string{strings.TrimSpace(s)})
	}
	v.stop = newButton(lang.X("button.stop", "Stop"), func() {
		if t := v.open.taking; t != nil {
			t.cancel()
		}
	})
	v.showTaking()
	v.build()
	return v
}

func (v *exhibitsView) object() (fyne.CanvasObject, *roll) {
	add := nextStep(lang.X("exhibits.add", "+ Add files"), v.onAdd)
	bar := container.NewBorder(nil, nil, add, nil, inset(3*space, 0, v.path))
	v.scroller = newRoll(inset(6*space, 5*space, newColumn(3*space,
		bar,
		caption(lang.X("exhibits.drop", "Files may also be dropped on this window. The original is sealed as it is; only what was read from it safely can leave.")),
		newFlow(2*space, v.busy, v.stop),
		v.list,
	)))
	return v.scroller, v.scroller
}

func (v *exhibitsView) shown() {}

func (v *exhibitsView) onAdd() { v.chooseFile(func(path string) { v.onDrop([]string{path}) }) }

// chooseFile opens the file dialog.
func (v *exhibitsView) chooseFile(chosen func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			v.shell.complain(err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		if err := r.Close(); err != nil {
			v.shell.complain(err)
			return
		}
		chosen(path)
	}, v.shell.win)
	d.Show()
	d.Resize(fyne.NewSize(900, 600)) // the toolkit has nothing to resize before
}

// showTaking says what is being read, on whichever view of the exhibits is on
// the screen.
func (v *exhibitsView) showTaking() {
	if t := v.open.taking; t != nil {
		v.busy.set(t.words)
		v.stop.Show()
		return
	}
	v.busy.set("")
	v.stop.Hide()
}

// again shows the exhibits anew after something beside this view has changed
// them. The view that asked may have been left; the one on the screen counts.
func (c *caseScreen) exhibitsChanged(opened string) {
	if v, ok := c.view.(*exhibitsView); ok {
		if opened != "" {
			v.opened = opened
		}
		v.showTaking()
		v.build()
	}
}

// onDrop takes files into the case, one after another.
func (v *exhibitsView) onDrop(paths []string) {
	if len(paths) == 0 || paths[0] == "" || v.open.taking != nil {
		return // one at a time; what is under way says so
	}
	ctx, cancel := context.WithCancel(v.open.ctx)
	v.open.taking = &taking{left: len(paths), cancel: cancel}
	v.takeNext(ctx, paths)
}

func (v *exhibitsView) takeNext(ctx context.Context, paths []string) {
	path, o := paths[0], v.open
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	o.taking.left = len(paths)
	o.taking.words = lang.X("exhibits.busy", "Reading {{.Name}} ...", map[string]any{"Name": name})
	v.exhibitsChanged("")
	file, reader := o.file, v.shell.reader
	inCase(o, func(context.Context) (casefile.Exhibit, error) {
		data, err := readExhibit(path)
		if err != nil {
			return casefile.Exhibit{}, err
		}
		return export.AddExhibit(ctx, file, reader, data, casefile.Exhibit{Title: name})
	}, func(x casefile.Exhibit, err error) {
		if x.ID != "" {
			o.doc.Exhibits = append(o.doc.Exhibits, x)
			o.wrote()
		}
		if err != nil {
			v.shell.complain(err)
		}
		if len(paths) > 1 && ctx.Err() == nil {
			v.exhibitsChanged(x.ID)
			v.takeNext(ctx, paths[1:])
			return
		}
		v.doneTaking(x.ID)
	})
}

func (v *exhibitsView) doneTaking(opened string) {
	v.open.taking.cancel()
	v.open.taking = nil
	v.exhibitsChanged(opened)
}

// readExhibit reads a file of bounded size. Errors do not name it: a file is
// often named after a client.
func readExhibit(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open exhibit: %w", bare(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, export.MaxExhibit+1))
	if err != nil {
		return nil, fmt.Errorf("read exhibit: %w", bare(err))
	}
	return data, nil
}

// bare drops the path from a file error.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (v *exhibitsView) save(x *casefile.Exhibit) { v.open.saver.put("exhibits", x.ID, *x) }

func (v *exhibitsView) build() {
	d := &v.open.doc
	v.list.Objects = nil
	if len(d.Exhibits) == 0 {
		v.list.Add(card(
			strong(lang.X("exhibits.empty", "No exhibit yet.")),
			body(lang.X("exhibits.empty.do", "Add the G-28 first, then what proves the argued rows of the checklist. PDF, JPEG and PNG are read.")),
		))
	}
	for i := range d.Exhibits {
		// The pointer holds until the list changes, and then this is built anew.
		x := &d.Exhibits[i]
		var r *row
		r = newRow(v.parts(x), func(on bool) {
			x.InPacket = on
			v.save(x)
			r.set(v.parts(x))
		}, func() fyne.CanvasObject { return v.rest(x, func() { r.set(v.parts(x)) }) })
		if x.ID == v.opened {
			r.openRest()
		}
		v.list.Add(r)
	}
	v.list.Refresh()
}

func (v *exhibitsView) parts(x *casefile.Exhibit) rowParts {
	p := rowParts{title: x.Title, side: colorFor, tick: lang.X("exhibits.inpacket", "In the packet"), on: x.InPacket}
	if p.title == "" {
		p.title = lang.X("exhibits.untitled", "No title yet")
	}
	switch {
	case x.Clean.ID == "":
		p.state, p.side = "? "+lang.X("exhibits.refused", "Could not be read safely: kept, cannot leave"), colorAgainst
	case !readForHarm(*x):
		p.state, p.side = "? "+lang.X("exhibits.unread", "Not read for harm: cannot leave"), colorAgainst
	case x.InPacket:
		p.state = "■ " + lang.X("exhibits.ready", "In the packet")
	default:
		p.state = "○ " + lang.X("exhibits.kept", "Stays here")
	}
	facts := []string{lang.XN("exhibits.pages", "{{.N}} pages", x.Pages, map[string]any{"N": x.Pages})}
	if !x.Date.IsZero() {
		facts = append(facts, x.Date.Words())
	}
	if x.Language != "" {
		facts = append(facts, x.Language)
	}
	if len(x.Proves) == 0 {
		facts = append(facts, lang.X("exhibits.provesnothing", "linked to nothing yet"))
	}
	p.reason = strings.Join(facts, " · ")
	for _, s := range x.Proves {
		p.chips = append(p.chips, v.subjectWords(s))
	}
	return p
}

// readForHarm reports a complete reading of these very bytes.
func readForHarm(x casefile.Exhibit) bool {
	if x.Reading.By == "" || x.Reading.SHA256 != x.Original.SHA256 {
		return false
	}
	answered := map[string]bool{}
	for _, a := range x.Reading.Answers {
		answered[a.Question] = a.Found != factors.Unknown
	}
	for _, q := range harmQuestions() {
		if !answered[q.value] {
			return false
		}
	}
	return true
}

// harmQuestions are the nine of practice point P5.
func harmQuestions() []option {
	return []option{
		{"arrests", lang.X("harm.arrests", "Arrests or police contact that nobody decided to tell?")},
		{"alcohol-drugs", lang.X("harm.alcohol", "Alcohol or drugs?")},
		{"numbers", lang.X("harm.numbers", "A Social Security or tax number, or work under another name?")},
		{"citizenship-claim", lang.X("harm.citizenship", "A claim to be a US citizen, or voting?")},
		{"entry", lang.X("harm.entry", "How or when the client entered, or other entries?")},
		{"other-people", lang.X("harm.people", "Other people's names, status or addresses?")},
		{"safe-address", lang.X("harm.address", "A shelter or an address that has to stay unknown?")},
		{"contradiction", lang.X("harm.contradiction", "A statement that contradicts the letter or another exhibit?")},
		{"unknown-to-client", lang.X("harm.unknown", "Anything that the client did not know is in it?")},
	}
}

// subjectWords names a rule or an element that an exhibit proves.
func (v *exhibitsView) subjectWords(subject string) string {
	if r, ok := v.shell.lib.Rule(subject); ok {
		return short(r.Title, 34)
	}
	for _, o := range v.subjects() {
		if o.value == subject {
			return short(o.label, 34)
		}
	}
	return lang.X("exhibits.subject.gone", "something removed")
}

// subjects is what an exhibit can be said to prove: the recorded elements, and
// the rules that are argued.
func (v *exhibitsView) subjects() []option {
	d := v.open.doc
	var o []option
	add := func(list, id, kind, title string, day factors.Date) {
		words := kind
		if title != "" {
			words += ": " + title
		}
		if !day.IsZero() {
			words += ", " + day.Words()
		}
		o = append(o, option{list + "/" + id, words})
	}
	for _, e := range d.Entries {
		add("entries", e.ID, kindWords("entries"), e.Place, e.Date)
	}
	for _, e := range d.Relatives {
		add("relatives", e.ID, kindWords("relatives"), e.Relation, e.DateOfBirth)
	}
	for _, e := range d.Health {
		add("health", e.ID, kindWords("health"), e.Title, e.Since)
	}
	for _, e := range d.Disputes {
		add("disputes", e.ID, kindWords("disputes"), e.Matter, e.ComplaintDate)
	}
	for _, e := range d.Roles {
		add("roles", e.ID, kindWords("roles"), e.Matter, e.Since)
	}
	for _, e := range d.Ties {
		add("communityTies", e.ID, kindWords("communityTies"), e.Title, e.Since)
	}
	for _, e := range d.Offenses {
		add("offenses", e.ID, kindWords("offenses"), e.Title, e.ConvictionDate)
	}
	for _, e := range d.Arrests {
		add("arrests", e.ID, kindWords("arrests"), e.Title, e.Date)
	}
	for _, k := range d.Decisions {
		if r, ok := v.shell.lib.Rule(k.Subject); ok && k.Argue {
			o = append(o, option{k.Subject, r.Title})
		}
	}
	return o
}

// rest is what Enter opens on an exhibit; again shows its card anew.
func (v *exhibitsView) rest(x *casefile.Exhibit, again func()) fyne.CanvasObject {
	f := form{changed: func() { v.save(x) }}
	box := newColumn(3*space,
		line(boxes(
			f.text(lang.X("exhibits.title", "Title, as the index shows it"), &x.Title, ""),
			f.date(lang.X("exhibits.date", "Date of the document"), &x.Date),
			f.pick(lang.X("exhibits.role", "What it is"), &x.Role, []option{
				{"", lang.X("exhibits.role.proof", "A document that proves something")},
				{export.RoleG28, "G-28"},
				{export.RoleLetter, lang.X("exhibits.role.letter", "Your own letter, in place of ours")},
				{export.RoleDeclaration, lang.X("exhibits.role.declaration", "A declaration")},
				{export.RoleRequest, lang.X("exhibits.role.request", "A request as it was sent")},
				{export.RoleAnswer, lang.X("exhibits.role.answer", "An answer, or proof of sending")},
				{export.RoleCertificate, lang.X("exhibits.role.certificate", "A certificate of translation")},
				{export.RolePrivacy, lang.X("exhibits.role.privacy", "A privacy waiver")},
			}),
			f.text(lang.X("exhibits.language", "Language"), &x.Language, ""),
		)...),
		v.proves(x),
		v.translation(f, x),
		v.harm(x, again),
	)
	if len(x.Removed) > 0 {
		var words []string
		for _, item := range x.Removed {
			words = append(words, exhibit.Describe(item))
		}
		box.Add(caption(lang.X("exhibits.removed", "Taken out when it was read: {{.What}}.", map[string]any{"What": strings.Join(words, "; ")})))
	}
	remove := newButton(lang.X("exhibits.remove", "Remove from this case"), func() { v.onRemove(x.ID) })
	box.Add(newFlow(2*space, newButton(lang.X("exhibits.replace", "Put a redacted file in its place"), func() { v.onReplace(x.ID) }), newButton(lang.X("exhibits.text", "Show its text"), func() { v.onText(*x) }), remove))
	if x.Clean.ID == "" {
		box.Add(newFlow(2*space,
			newButton(lang.X("exhibits.retry", "Read it again"), func() { v.onRetry(*x, false) }),
			newButton(lang.X("exhibits.accept", "Take it as it looks"), func() { v.onAccept(*x) }),
		))
	}
	return box
}

// onAccept asks before a file is taken although something in it is not on its
// pages.
func (v *exhibitsView) onAccept(x casefile.Exhibit) {
	v.shell.ask(lang.X("exhibits.accept.title", "Take it as it looks?"),
		body(lang.X("exhibits.accept.words", "Hidden layers stay out, and fields that the file leaves to the viewer to draw stay empty. Look at every page of the original first, in another program: what it shows there and what leaves may differ.")),
		lang.X("exhibits.accept.yes", "I looked at every page"), lang.X("button.cancel", "Cancel"), func(yes bool) {
			if yes {
				v.onRetry(x, true)
			}
		})
}

// onReplace asks for the file that takes an exhibit's place, usually the same
// with something redacted or a page dropped.
func (v *exhibitsView) onReplace(id string) {
	v.chooseFile(func(path string) { v.replace(id, path) })
}

// replace puts another file in an exhibit's place. The reading is void with it;
// what it says was taken out stays as a note of what was found, and where.
func (v *exhibitsView) replace(id, path string) {
	o := v.open
	x := o.exhibit(id)
	if x == nil || o.taking != nil {
		return
	}
	old := *x
	ctx, cancel := context.WithCancel(o.ctx)
	o.taking = &taking{left: 1, cancel: cancel, words: lang.X("exhibits.busy", "Reading {{.Name}} ...", map[string]any{"Name": old.Title})}
	v.showTaking()
	file, reader := o.file, v.shell.reader
	o.saver.whenSaved(func(err error) {
		if err != nil {
			v.doneTaking("")
			return // the saver has said why
		}
		inCase(o, func(context.Context) (casefile.Exhibit, error) {
			data, err := readExhibit(path)
			if err != nil {
				return casefile.Exhibit{}, err
			}
			return export.AddExhibit(ctx, file, reader, data, old)
		}, func(new casefile.Exhibit, err error) {
			if now := o.exhibit(id); now != nil && new.Original.SHA256 != "" && new.Original != old.Original {
				now.Kind, now.Original, now.Clean, now.Pages, now.Removed = new.Kind, new.Original, new.Clean, new.Pages, new.Removed
				now.Reading = voided(old, new.Original.SHA256)
				o.saver.put("exhibits", id, *now)
			}
			if err != nil {
				v.shell.complain(err)
			}
			v.doneTaking(id)
		})
	})
}

// voided is what remains of a reading when another file takes the place of the
// one that was read: nobody has read the new one.
func voided(old casefile.Exhibit, sha256 string) casefile.Reading {
	r := casefile.Reading{SHA256: sha256, Earlier: old.Original.SHA256}
	for _, a := range old.Reading.Answers {
		if a.Found == factors.Yes && (a.Done == "redacted" || a.Done == "page-dropped") {
			r.Answers = append(r.Answers, a)
		}
	}
	return r
}

// onRetry reads the sealed original once more. What was typed about the exhibit
// is saved first, and what is typed meanwhile stays.
func (v *exhibitsView) onRetry(x casefile.Exhibit, accept bool) {
	o := v.open
	if o.taking != nil {
		return
	}
	ctx, cancel := context.WithCancel(o.ctx)
	o.taking = &taking{left: 1, cancel: cancel, words: lang.X("exhibits.busy", "Reading {{.Name}} ...", map[string]any{"Name": x.Title})}
	v.showTaking()
	file, reader := o.file, v.shell.reader
	reader.Options.Accept = accept
	o.saver.whenSaved(func(err error) {
		if err != nil {
			v.doneTaking("")
			return // the saver has said why
		}
		inCase(o, func(context.Context) (casefile.Exhibit, error) {
			return export.CleanAgain(ctx, file, reader, x)
		}, func(again casefile.Exhibit, err error) {
			if err != nil {
				v.shell.complain(err)
			} else if now := o.exhibit(again.ID); now != nil {
				now.Kind, now.Clean, now.Pages, now.Removed = again.Kind, again.Clean, again.Pages, again.Removed
				o.saver.put("exhibits", now.ID, *now)
			}
			v.doneTaking(x.ID)
		})
	})
}

func (v *exhibitsView) proves(x *casefile.Exhibit) fyne.CanvasObject {
	options := append([]option{{"", lang.X("exhibits.proves.choose", "Choose what it proves ...")}}, v.subjects()...)
	pick := newChoice(options, "", func(s string) {
		if s == "" || contains(x.Proves, s) {
			return
		}
		x.Proves = append(x.Proves, s)
		v.opened = x.ID
		v.save(x)
		v.build()
	})
	box := newColumn(space, narrow(480, newField(lang.X("exhibits.proves", "What it proves"), pick, lang.X("exhibits.proves.help", "Facts from the intake, and rows that are argued.")).Container))
	for i, s := range x.Proves {
		remove := newButton(lang.X("proof.unlink", "Unlink"), func() {
			x.Proves = append(x.Proves[:i:i], x.Proves[i+1:]...)
			v.opened = x.ID
			v.save(x)
			v.build()
		})
		box.Add(newFlow(2*space, body(short(v.subjectLong(s), 80)).unbroken(), remove))
	}
	return box
}

func (v *exhibitsView) subjectLong(s string) string {
	if r, ok := v.shell.lib.Rule(s); ok {
		return r.Title
	}
	for _, o := range v.subjects() {
		if o.value == s {
			return o.label
		}
	}
	return lang.X("exhibits.subject.gone", "something removed")
}

// translation is folded away: most exhibits are in English.
func (v *exhibitsView) translation(f form, x *casefile.Exhibit) fyne.CanvasObject {
	t := &x.Translation
	originals := []option{{"", lang.X("translation.none", "Nothing")}}
	for _, o := range v.open.doc.Exhibits {
		if o.ID != x.ID {
			originals = append(originals, option{o.ID, short(o.Title, 40)})
		}
	}
	return widget.NewAccordion(widget.NewAccordionItem(lang.X("translation.name", "Translation"), newColumn(2*space,
		line(boxes(
			f.pick(lang.X("translation.of", "This translates or certifies"), &x.TranslationOf, originals),
			f.text(lang.X("translation.translator", "Translator"), &t.Translator, ""),
			f.text(lang.X("translation.address", "Translator's address"), &t.Address, ""),
			f.text(lang.X("translation.phone", "Translator's phone"), &t.Phone, ""),
			f.date(lang.X("translation.signed", "Certificate signed"), &t.Signed),
		)...),
		newFlow(6*space,
			f.tick(lang.X("translation.needed", "Not in English: needs a translation"), &t.Needed),
			f.tick(lang.X("translation.competent", "Certificate says: competent"), &t.Competent),
			f.tick(lang.X("translation.accurate", "Certificate says: true and accurate"), &t.Accurate),
		),
	)))
}

// harm is the harm reading: nine questions, answered by a person who has read
// the pages.
func (v *exhibitsView) harm(x *casefile.Exhibit, again func()) fyne.CanvasObject {
	box := newColumn(space)
	answers := map[string]*casefile.HarmAnswer{}
	if x.Reading.SHA256 == x.Original.SHA256 {
		for i := range x.Reading.Answers {
			a := x.Reading.Answers[i]
			answers[a.Question] = &a
		}
	}
	status := caption("")
	keep := func() {
		var all []casefile.HarmAnswer
		open := 0
		for _, q := range harmQuestions() {
			if a := answers[q.value]; a != nil && a.Found != factors.Unknown {
				all = append(all, *a)
			} else {
				open++
			}
		}
		// What was taken out was found in the file before this one.
		x.Reading = casefile.Reading{Earlier: x.Reading.Earlier, By: v.open.vault.Me().Name, On: v.shell.today(), SHA256: x.Original.SHA256, Answers: all}
		status.set(harmStatus(*x, open))
		v.save(x)
	}
	for _, q := range harmQuestions() {
		a := answers[q.value]
		if a == nil {
			a = &casefile.HarmAnswer{Question: q.value}
			answers[q.value] = a
		}
		box.Add(v.harmLine(q, a, keep))
	}
	open := 0
	for _, a := range answers {
		if a.Found == factors.Unknown {
			open++
		}
	}
	status.set(harmStatus(*x, open))
	label := lang.X("harm.none", "I read every page: none of the nine")
	for _, a := range answers {
		if a.Found == factors.Yes {
			label = lang.X("harm.nothingelse", "I read every page: nothing else")
		}
	}
	all := newButton(label, func() {
		for _, a := range answers {
			if a.Found != factors.Yes {
				a.Found, a.Done, a.Why = factors.No, "", ""
			}
		}
		keep()
		again()
	})
	item := widget.NewAccordionItem(lang.X("harm", "Harm reading"), newColumn(2*space,
		caption(lang.X("harm.note", "Read the pages themselves, as the officer will. Changing the file voids the reading.")),
		status, box, newFlow(0, all)))
	item.Open = !readForHarm(*x)
	return widget.NewAccordion(item)
}

func harmStatus(x casefile.Exhibit, open int) string {
	if open > 0 || x.Reading.By == "" {
		return lang.XN("harm.open", "{{.N}} questions open.", open, map[string]any{"N": open})
	}
	return lang.X("harm.done", "Read by {{.By}} on {{.On}}.", map[string]any{"By": x.Reading.By, "On": x.Reading.On.Words()})
}

func (v *exhibitsView) harmLine(q option, a *casefile.HarmAnswer, keep func()) fyne.CanvasObject {
	why := newEntry(func(s string) {
		a.Why = s
		keep()
	})
	why.SetPlaceHolder(lang.X("harm.why", "what, which page, and why"))
	why.put(a.Why)
	value := a.Found.String()
	if a.Found == factors.Yes {
		value = a.Done
	}
	found := newChoice([]option{
		{"unknown", lang.X("harm.unread", "Not read")},
		{"no", lang.X("answer.no", "No")},
		{"redacted", lang.X("harm.redacted", "Yes: redacted")},
		{"page-dropped", lang.X("harm.dropped", "Yes: page dropped")},
		{"kept", lang.X("harm.kept", "Yes: kept, because")},
	}, value, func(s string) {
		switch s {
		case "unknown", "no":
			a.Found, a.Done = answerOf(s), ""
			why.Hide()
		default:
			a.Found, a.Done = factors.Yes, s
			why.Show()
		}
		keep()
	})
	if a.Found != factors.Yes {
		why.Hide()
	}
	return newAbreast(3*space, 240, body(q.label), found, why)
}

func (v *exhibitsView) onRemove(id string) {
	v.shell.ask(lang.X("exhibits.remove.title", "Remove this exhibit?"),
		body(lang.X("exhibits.remove.words", "It goes into this case's trash. Proofs that point to it fall away.")),
		lang.X("button.remove", "Remove"), lang.X("button.keep", "Keep"), func(yes bool) {
			if !yes {
				return
			}
			d := &v.open.doc
			for i, x := range d.Exhibits {
				if x.ID == id {
					d.Exhibits = append(d.Exhibits[:i:i], d.Exhibits[i+1:]...)
					break
				}
			}
			v.open.saver.drop("exhibits", id)
			v.build()
		})
}

// onText shows what a machine can read of an exhibit: what the lint reads, and
// what the reader of the packet can search.
func (v *exhibitsView) onText(x casefile.Exhibit) {
	file := v.open.file
	inCase(v.open, func(context.Context) ([]string, error) { return fetchText(file, x) },
		func(pages []string, err error) {
			if err != nil {
				v.shell.complain(err)
				return
			}
			box := newColumn(3 * space)
			for i, p := range pages {
				if strings.TrimSpace(p) == "" {
					p = lang.X("exhibits.text.none", "No text a machine can read: look at the page itself.")
				}
				box.Add(strong(lang.X("exhibits.text.page", "Page {{.N}}", map[string]any{"N": i + 1})))
				box.Add(body(p))
			}
			v.shell.dialog(lang.X("exhibits.text", "Show its text"), box, lang.X("button.close", "Close")).Resize(fyne.NewSize(760, 560))
		})
}

func fetchText(file *casefile.Case, x casefile.Exhibit) (pages []string, err error) {
	if x.Clean.ID == "" {
		return nil, export.ErrNotClean
	}
	r, size, closer, err := file.BlobReaderAt(x.Clean)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	c, err := pdf.OpenClean(r, size)
	if err != nil {
		return nil, err
	}
	for _, p := range c.Pages() {
		pages = append(pages, p.Text)
	}
	return pages, nil
}
