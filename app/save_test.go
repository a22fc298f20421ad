package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"forbear/casefile"
	"forbear/casefile/casefiletest"
	"forbear/export"
	"forbear/factors"
)

func note(id, words string) casefile.Note { return casefile.Note{ID: id, Text: words} }

func notesOn(t *testing.T, file *casefile.Case) []string {
	t.Helper()
	doc, err := file.Document()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, n := range doc.Notes {
		all = append(all, n.Text)
	}
	return all
}

func TestSaver_oneRefusedTextHoldsUpNothing(t *testing.T) {
	test.NewTempApp(t)
	file := casefiletest.NewCase(t)
	s := newSaver(context.Background(), inline(), file, func(error) {})
	big := newID()
	s.put("notes", big, note(big, strings.Repeat("x", 600<<10)))
	for range 3 {
		id := newID()
		s.put("notes", id, note(id, "an hour of work"))
	}
	if got := notesOn(t, file); len(got) != 3 {
		t.Fatalf("%d notes on the disk, want 3", len(got))
	}
	if len(s.order) != 1 || s.order[0] != "notes/"+big {
		t.Errorf("waiting: %v", s.order)
	}
	// Shortened, it is saved.
	s.put("notes", big, note(big, "short"))
	if got := notesOn(t, file); len(got) != 4 || len(s.order) != 0 {
		t.Errorf("%d notes on the disk, %d waiting", len(got), len(s.order))
	}
}

func TestRemains_theNewerWins(t *testing.T) {
	test.NewTempApp(t)
	file := casefiletest.NewCase(t)
	id := newID()
	record := func(words string) job {
		r, err := casefile.NewRecord("notes", note(id, words))
		if err != nil {
			t.Fatal(err)
		}
		return job{key: "notes/" + id, record: &r}
	}
	done := make(chan struct{})
	close(done)
	r := &remains{
		under: &batch{done: done, refused: []job{record("hello")}, err: casefile.ErrNoSpace},
		jobs:  []job{record("hello world")},
	}
	if err := r.write(file); err != nil {
		t.Fatal(err)
	}
	if got := notesOn(t, file); len(got) != 1 || got[0] != "hello world" {
		t.Errorf("on the disk: %q", got)
	}
}

func TestLetGo_givesTheDiskASecondChance(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	h := b.holdable()
	b.open.saver.work = b.work
	h.hold = true
	id := newID()
	b.open.saver.put("notes", id, note(id, "typed"))
	file := b.open.file
	if err := file.Close(); err != nil { // as if its disk had refused once
		t.Fatal(err)
	}
	b.lock()
	h.release()
	u := b.screen.(*unlockScreen)
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	again, err := b.vault.OpenCase(file.ID())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := notesOn(t, again); len(got) != 1 {
		t.Errorf("on the disk: %q, lost: %v", got, b.lost)
	}
}

func TestLeave_asksBeforeLosingAnything(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	id := newID()
	b.open.saver.put("notes", id, note(id, strings.Repeat("x", 600<<10)))
	if c.saved.content != "Not saved" {
		t.Errorf("the top line says %q", c.saved.content)
	}
	b.open.wrote() // something else was written meanwhile
	if c.saved.content != "Not saved" {
		t.Errorf("the top line forgets what is not saved: %q", c.saved.content)
	}
	for _, o := range b.win.Canvas().Overlays().List() {
		b.win.Canvas().Overlays().Remove(o)
	}
	for name, leave := range map[string]func(){"back": b.showCases, "new": c.onNew} {
		leave()
		if b.open == nil || b.screen != screen(c) {
			t.Fatalf("%s leaves without asking", name)
		}
		if !b.shows("Leave, and lose it") && b.win.Canvas().Overlays().Top() == nil {
			t.Errorf("%s does not ask", name)
		}
	}
}

func TestEntry_takesNoMoreThanItCanKeep(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	e := fieldOf[*entry](b, "Family names")
	e.SetText(strings.Repeat("é", maxLine+5))
	if n := len([]rune(b.open.doc.FamilyName)); n != maxLine {
		t.Errorf("kept %d characters, want %d", n, maxLine)
	}
	if !b.shows("was cut") {
		t.Error("cut without a word")
	}
}

func TestSent_isNotOverwrittenByTyping(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	o := b.open
	r := casefile.Request{ID: newID(), To: export.ToFieldOffice}
	o.doc.Requests = append(o.doc.Requests, r)
	o.saver.put("requests", r.ID, r)
	sent := r
	sent.How, sent.SentOn = "forbear", b.today()
	if _, err := export.PutRequest(o.file, sent); err != nil {
		t.Fatal(err)
	}
	// Meanwhile the officer's name is typed into the request as it was.
	o.doc.Requests[0].Officer = "typed"
	o.saver.put("requests", r.ID, o.doc.Requests[0])
	o.sent(sent)
	doc, err := o.file.Document()
	if err != nil {
		t.Fatal(err)
	}
	if doc.Requests[0].SentOn.IsZero() || doc.Requests[0].Officer != "typed" {
		t.Errorf("on the disk: %+v", doc.Requests[0])
	}
}

func TestExhibits_takenInByAViewThatWasLeft(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionExhibits)
	c.view.(*exhibitsView).onDrop([]string{photo(t)})
	h := b.holdable()
	b.shell.work = h.worker()
	h.hold = true
	c.view.(*exhibitsView).onDrop([]string{photo(t)}) // slow
	c.choose(sectionPacket)
	c.choose(sectionExhibits) // another view, with the first exhibit on it
	h.release()
	v := c.view.(*exhibitsView)
	if len(b.open.doc.Exhibits) != 2 || len(v.list.Objects) != 2 {
		t.Fatalf("%d exhibits, %d on the screen", len(b.open.doc.Exhibits), len(v.list.Objects))
	}
	first := v.list.Objects[0].(*row)
	first.tick.SetChecked(true)
	if !b.open.doc.Exhibits[0].InPacket {
		t.Error("the tick on the screen changes an exhibit that is no more")
	}
	if b.open.taking != nil || v.stop.Visible() {
		t.Error("the screen still says that something is being read")
	}
}

func TestLock_saysWhichFilesWereUnderWay(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionExhibits)
	h := b.holdable()
	h.hold = true
	c.view.(*exhibitsView).onDrop([]string{"none-1.pdf", "none-2.pdf"})
	b.lock()
	h.release()
	if !b.shows("2 files were being taken in when this locked.") {
		t.Errorf("the lock screen does not say so: %v", b.words())
	}
}

func TestIdle_aNightAwayLocks(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	e := fieldOf[*entry](b, "Family names")
	b.win.Canvas().Focus(e)
	b.clock.move(10 * time.Hour) // the lid was closed; the timer stood still
	e.TypedRune('x')
	if b.vault != nil {
		t.Fatal("ten hours later it is still open")
	}
	if e.Text != "" {
		t.Error("the key went into a field of a locked window")
	}
}

func TestIdle_lateSignsDoNothing(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	v := c.view.(*checklistView)
	v.frames.changed("MAYORKAS")
	r := v.rows["MAYORKAS/MIT-2"]
	add := b.find("Lock")
	b.clock.move(time.Hour)
	test.Tap(r.tick) // must not decide anything, nor crash
	test.Tap(add)
	v.frames.SetSelectedIndex(1)
	b.frame.MouseMoved(nil)
	if b.vault != nil {
		t.Error("not locked")
	}
}

func TestCases_readAfterALock(t *testing.T) {
	b := newBench(t)
	b.signIn()
	h := b.holdable()
	h.hold = true
	b.screen.(*casesScreen).shown()
	b.lock()
	h.release() // must not look for a vault that is gone
}

func TestLock_clearsTheClipboardOfTheSession(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	b.app.Clipboard().SetContent(canary)
	b.showCases()
	b.lock()
	if got := b.app.Clipboard().Content(); got != "" {
		t.Errorf("the clipboard holds %q", got)
	}
}

func TestProfile_isNotLostAtTheLock(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionOverview)
	h := b.holdable()
	h.hold = true
	b.typeInto("Phone", "555-0100")
	b.lock()
	h.release()
	u := b.screen.(*unlockScreen)
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	if got := b.vault.Profile().Representative.Phone; got != "555-0100" {
		t.Errorf("the phone is %q", got)
	}
}

func TestSign_doesNotBeginWhileSomethingIsUnsaved(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionPacket)
	p := c.view.(*packetView)
	b.open.decide(factors.Decision{Subject: "MAYORKAS/MIT-2", Argue: true})
	p.block("")
	test.Type(p.path, t.TempDir())
	if p.sign.Disabled() {
		t.Fatal("not ready to sign")
	}
	id := newID()
	b.open.saver.put("notes", id, note(id, strings.Repeat("x", 600<<10)))
	p.onSign()
	if p.cancel != nil || !strings.Contains(p.why.content, "Save first") {
		t.Errorf("signing goes on: %q", p.why.content)
	}
}
