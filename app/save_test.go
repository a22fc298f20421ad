package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"forbear/casefile"
	"forbear/casefile/casefiletest"
	"forbear/export"
	"forbear/factors"
)

// pressDialog presses a button of the toolkit's dialog.
func (b *bench) pressDialog(label string) {
	b.t.Helper()
	test.Tap(find[*widget.Button](b, func(v *widget.Button) bool { return v.Text == label }))
}

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

func TestUnlock_offersToMakeTheListAnew(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	b.typeInto("Family names", canary)
	b.lock()
	index := filepath.Join(b.dir, "index")
	files, err := os.ReadDir(index)
	if err != nil || len(files) == 0 {
		t.Fatalf("index: %v, %v", files, err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(index, f.Name()), []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u := b.screen.(*unlockScreen)
	if u.anew.Visible() {
		t.Error("offered without a reason")
	}
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	if b.vault != nil || !strings.Contains(u.wrong.content, "the cases are not") || !u.anew.Visible() {
		t.Fatalf("damaged list: %q", u.wrong.content)
	}
	u.anew.SetChecked(true)
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	if b.vault == nil || !b.shows(canary) {
		t.Errorf("the list is not made anew: %q", u.wrong.content)
	}
}

func TestCases_aMissingCaseCanBeAccepted(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	id := b.open.file.ID()
	b.lock()
	gone := 0
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == id {
			gone++
			if err := os.RemoveAll(path); err != nil {
				return err
			}
			return filepath.SkipDir
		}
		return err
	})
	if err != nil || gone != 1 {
		t.Fatalf("removed %d folders: %v", gone, err)
	}
	u := b.screen.(*unlockScreen)
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	c := b.screen.(*casesScreen)
	if len(c.cards) != 1 || !b.shows("A case you know is not here any more.") {
		t.Fatalf("cards: %+v", c.cards)
	}
	c.onOpen(c.cards[0])
	if !b.shows("Is this as it should be?") {
		t.Fatal("nobody asks")
	}
	b.pressDialog("Yes, I did that")
	if len(c.cards) != 0 {
		t.Errorf("still on the list: %+v", c.cards)
	}
}

func TestExhibits_aRedactedFileTakesThePlace(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionExhibits)
	v := c.view.(*exhibitsView)
	v.onDrop([]string{photo(t)})
	x := &b.open.doc.Exhibits[0]
	old := x.Original.SHA256
	var answers []casefile.HarmAnswer
	for _, q := range harmQuestions() {
		answers = append(answers, casefile.HarmAnswer{Question: q.value, Found: factors.No})
	}
	answers[2] = casefile.HarmAnswer{Question: answers[2].Question, Found: factors.Yes, Done: "redacted"}
	x.Reading = casefile.Reading{By: "Ada", On: b.today(), SHA256: old, Answers: answers}
	v.save(x)
	other := photo(t)
	content, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	// Another picture: a comment in it makes other bytes.
	content = append(append(append([]byte{}, content[:2]...), 0xff, 0xfe, 0, 4, 'x', 'y'), content[2:]...)
	if err := os.WriteFile(other, content, 0o600); err != nil {
		t.Fatal(err)
	}
	v.replace(x.ID, other)
	x = &b.open.doc.Exhibits[0]
	if len(b.open.doc.Exhibits) != 1 || x.Original.SHA256 == old || x.Clean.ID == "" {
		t.Fatalf("%d exhibits, %+v", len(b.open.doc.Exhibits), x)
	}
	if readForHarm(*x) || x.Reading.Earlier != old || len(x.Reading.Answers) != 1 {
		t.Errorf("reading: %+v", x.Reading)
	}
	b.press(b.find("I read every page: nothing else"))
	if x.Reading.Earlier != old || !readForHarm(*x) || x.Reading.Answers[2].Done != "redacted" {
		t.Errorf("read again: %+v", x.Reading)
	}
	doc, err := b.open.file.Document()
	if err != nil {
		t.Fatal(err)
	}
	if doc.Exhibits[0].Reading.Earlier != old || doc.Exhibits[0].Original.SHA256 != x.Original.SHA256 {
		t.Errorf("on the disk: %+v", doc.Exhibits[0])
	}
}

func TestDecide_leavesOneDecision(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	o := b.open
	for _, leave := range []factors.Leave{factors.LeaveOut, factors.Mention} {
		d := factors.Decision{ID: newID(), Subject: "arrests/a", Leave: leave}
		o.doc.Decisions = append(o.doc.Decisions, d)
		o.saver.put("decisions", d.ID, d)
	}
	first := o.doc.Decisions[0].ID
	d := o.decision("arrests/a")
	d.Leave = factors.ExplainWith
	o.decide(d)
	doc, err := o.file.Document()
	if err != nil {
		t.Fatal(err)
	}
	for name, all := range map[string][]factors.Decision{"screen": o.doc.Decisions, "disk": doc.Decisions} {
		if len(all) != 1 || all[0].ID != first || all[0].Leave != factors.ExplainWith {
			t.Errorf("on the %s: %+v", name, all)
		}
	}
}

func TestProtected_isConfirmedASecondTime(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	b.open.doc.Protected1367 = true
	b.open.changedClient()
	c.choose(sectionPacket)
	b.press(b.find("Confirm a second time"))
	if b.open.decision("protected1367").SecondLook != "" {
		t.Error("confirmed without a question")
	}
	b.pressDialog("Yes, the client wants it sent")
	if b.open.decision("protected1367").SecondLook != "Ada Advocate" {
		t.Error("not confirmed by name")
	}
	if b.shows("nobody confirmed it a second time") {
		t.Error("the finding stays")
	}
}

func TestRelatives_areNamedByDecision(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	b.press(b.find("+ Add a relative"))
	find[*tick](b, func(v *tick) bool { return v.Text == "Agreed to be named in the packet" }).SetChecked(true)
	if d := b.open.decision("relatives/" + b.open.doc.Relatives[0].ID); d.SecondLook != "Ada Advocate" {
		t.Errorf("decision: %+v", d)
	}
}

// Closing a case waits for what works in it.
func TestLock_waitsForWorkInTheCase(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	b.work = background()
	b.work.sleep = inline().sleep
	file := b.open.file
	begun, result := make(chan struct{}), make(chan error, 1)
	inCase(b.open, func(ctx context.Context) (struct{}, error) {
		close(begun)
		<-ctx.Done() // a packet under way is told to stop
		_, err := file.Document()
		result <- err
		return struct{}{}, err
	}, func(struct{}, error) { t.Error("told a screen that is gone") })
	<-begun
	b.lock()
	if err := <-result; err != nil {
		t.Errorf("the case was closed under the work: %v", err)
	}
	<-b.closing.done
	if _, err := file.Document(); err == nil {
		t.Error("the case is still open")
	}
}
