package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"forbear/casefile"
	"forbear/casefile/casefiletest"
	"forbear/factors"
)

// A heldWorker keeps what it is given until it is told to go on.
type heldWorker struct {
	hold bool
	jobs []func()
}

func (h *heldWorker) worker() worker {
	return worker{
		spawn: func(f func()) {
			if h.hold {
				h.jobs = append(h.jobs, f)
				return
			}
			f()
		},
		sleep: inline().sleep,
	}
}

func (h *heldWorker) release() {
	h.hold = false
	for len(h.jobs) > 0 {
		next := h.jobs[0]
		h.jobs = h.jobs[1:]
		next()
	}
}

// hold replaces the bench's worker by one that can be held.
func (b *bench) holdable() *heldWorker {
	h := &heldWorker{}
	b.work = h.worker()
	b.idle.work = b.work
	return h
}

func TestLock_showsTheLockScreenBeforeAnythingIsClosed(t *testing.T) {
	b := newBench(t)
	h := b.holdable()
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	h.hold = true
	b.typeInto("Family names", canary) // typed, and not yet saved
	b.lock()
	if _, ok := b.screen.(*unlockScreen); !ok {
		t.Fatalf("while the disk is busy, the window shows %T", b.screen)
	}
	for _, w := range b.words() {
		if strings.Contains(w, canary) {
			t.Errorf("a widget still holds %q", w)
		}
	}
	h.release()
	if b.lost != nil {
		t.Fatalf("lost: %v", b.lost)
	}

	// What was typed is there after unlocking.
	u := b.screen.(*unlockScreen)
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	if !b.shows(canary) {
		t.Error("what was typed before the lock is lost")
	}
}

func TestUnlock_waitsForTheLock(t *testing.T) {
	b := newBench(t)
	b.work = background()
	b.work.sleep = inline().sleep
	closing := make(chan struct{})
	b.closing = &ending{done: closing}
	opened := make(chan bool, 1)
	b.door.open = func(string, string, []byte) (*casefile.Vault, error) {
		select {
		case <-closing:
			opened <- true
		default:
			opened <- false
		}
		return nil, casefile.ErrPassphrase
	}
	u := &unlockScreen{shell: b.shell, go_: newButton("", nil), passphrase: newEntry(nil), who: newChoice(nil, "", nil), anew: newTick("", false, nil), wrong: body(""), busy: body("")}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nothing is to be shown by this screen
	u.ctx = ctx
	u.unlock()
	close(closing)
	if !<-opened {
		t.Error("the vault is opened while the last one is still closing")
	}
}

func TestLock_clearsTheClipboard(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	b.app.Clipboard().SetContent(canary)
	b.lock()
	if got := b.app.Clipboard().Content(); got != "" {
		t.Errorf("the clipboard holds %q", got)
	}
}

func TestSaver_keepsWhatTheDiskRefused(t *testing.T) {
	test.NewTempApp(t)
	file := casefiletest.NewCase(t)
	var told []error
	s := newSaver(context.Background(), inline(), file, func(err error) { told = append(told, err) })
	s.put("entries", newID(), factors.Entry{Place: "one"})
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	s.put("entries", newID(), factors.Entry{Place: "two"})
	if len(told) != 2 || told[0] != nil || told[1] == nil {
		t.Fatalf("told %v", told)
	}
	if len(s.order) != 1 {
		t.Errorf("%d changes wait for another attempt, want 1", len(s.order))
	}
	var got error
	s.whenSaved(func(err error) { got = err })
	if got == nil {
		t.Error("whenSaved says saved, and nothing is")
	}
}

func TestSaver_writesTheLastWord(t *testing.T) {
	test.NewTempApp(t)
	file := casefiletest.NewCase(t)
	h := &heldWorker{}
	s := newSaver(context.Background(), h.worker(), file, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	id := newID()
	h.hold = true
	for _, place := range []string{"a", "ab", "abc"} {
		s.put("entries", id, factors.Entry{ID: id, Place: place})
	}
	h.release()
	versions, err := file.History(id)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := file.Document()
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) != 1 || len(doc.Entries) != 1 || doc.Entries[0].Place != "abc" {
		t.Errorf("%d versions, entries %+v", len(versions), doc.Entries)
	}
	s.drop("entries", id)
	if doc, err = file.Document(); err != nil || len(doc.Entries) != 0 {
		t.Errorf("dropped: %+v, %v", doc.Entries, err)
	}
}

func TestMatters_needASecondLookAndARole(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	b.open.doc.Arrests = []factors.Arrest{{ID: newID(), Title: "disturbing the peace", Known: factors.Known{ToGov: factors.No}}}
	c.choose(sectionChecklist)
	v := c.view.(*checklistView)
	path := "arrests/" + b.open.doc.Arrests[0].ID
	v.rows[path].toggle()
	b.choose("In the packet", string(factors.Mention))
	if b.open.decision(path).Leave != factors.Undecided {
		t.Error("put in without a second look")
	}
	if !b.shows("ICE is not recorded to have this.") {
		t.Fatal("the risk is not named")
	}
	b.win.Canvas().Overlays().Remove(b.win.Canvas().Overlays().Top())
	b.choose("In the packet", string(factors.LeaveOut))
	if b.open.decision(path).Leave != factors.LeaveOut {
		t.Error("leaving out needs no second look")
	}
	if !strings.Contains(v.rows[path].state.content, "Leave out") {
		t.Errorf("the card says %q", v.rows[path].state.content)
	}
}

func TestCase_withoutARoleDecidesNothing(t *testing.T) {
	b := newBench(t)
	u := b.screen.(*unlockScreen)
	test.Type(u.name, "Vera Volunteer")
	b.choose("Your role", string(casefile.Volunteer))
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Type(u.again, casefiletest.Passphrase)
	test.Tap(u.go_)
	c := b.newCase()
	b.open.doc.Offenses = []factors.Offense{{ID: newID(), Title: "x", Known: factors.Known{ToGov: factors.Yes}}}
	c.choose(sectionChecklist)
	v := c.view.(*checklistView)
	v.rows["offenses/"+b.open.doc.Offenses[0].ID].toggle()
	if !b.shows("An attorney or an accredited representative decides this.") {
		t.Error("a volunteer is offered the decision")
	}
}

func TestCreate_refusesInWords(t *testing.T) {
	b := newBench(t)
	u := b.screen.(*unlockScreen)
	test.Tap(u.go_)
	if !strings.Contains(u.wrong.content, "Your name is missing") {
		t.Errorf("no name: %q", u.wrong.content)
	}
	test.Type(u.name, "A")
	test.Type(u.passphrase, "short")
	test.Tap(u.go_)
	if !strings.Contains(u.wrong.content, "too short") {
		t.Errorf("short: %q", u.wrong.content)
	}
	test.Type(u.passphrase, " but longer now")
	test.Type(u.again, "another")
	test.Tap(u.go_)
	if !strings.Contains(u.wrong.content, "differ") || b.vault != nil {
		t.Errorf("differ: %q", u.wrong.content)
	}
}

func TestIdle_locksTheShell(t *testing.T) {
	b := newBench(t)
	h := b.holdable()
	b.signIn()
	b.newCase()
	h.hold = true
	b.idle.work.sleep = func(_ context.Context, d time.Duration) error {
		b.clock.move(d)
		return nil
	}
	b.idle.watch(b.session)
	h.jobs[0]() // the only timer: up to the warning
	if !b.shows("This locks in 20 seconds.") {
		t.Error("no warning")
	}
	h.jobs[1]()
	if b.vault != nil {
		t.Error("three minutes later it is still open")
	}
	h.release()
}

func TestOpen_whileLockingIsClosedAgain(t *testing.T) {
	b := newBench(t)
	h := b.holdable()
	b.signIn()
	b.newCase()
	b.showCases()
	cards := b.screen.(*casesScreen)
	var opened *casefile.Case
	vault := b.vault
	h.hold = true
	b.openCase(func() (*casefile.Case, error) {
		var err error
		opened, err = vault.OpenCase(cards.cards[0].ID)
		return opened, err
	}, nil)
	open := h.jobs
	h.jobs = nil
	b.lock()
	lock := h.jobs
	h.jobs = nil
	open[0]() // the disk answers after the window has locked
	if b.open != nil {
		t.Error("a case is on the screen of a locked window")
	}
	h.jobs = append(h.jobs, lock...)
	h.release()
	if _, err := opened.Document(); err == nil {
		t.Error("the case is still open")
	}
}

func TestPacket_saysWhatIsArguedElsewhere(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	b.open.decide(factors.Decision{Subject: "MAYORKAS/MIT-2", Argue: true})
	b.open.doc.Detained, b.open.doc.CustodyAuthority = factors.Yes, "236(a)"
	b.open.changedClient()
	c.choose(sectionPacket)
	if !b.shows("argued under Sept 30, 2021 Guidelines, and so not in this letter") {
		t.Error("an argued row stays out without a word")
	}
	b.choose("Reasons organized by", "MAYORKAS")
	if b.shows("and so not in this letter") {
		t.Error("the row is still said to stay out")
	}
}

// The clock of a packet is read when everything is saved, however long that
// takes.
func TestPacket_isDatedAfterWhatItHolds(t *testing.T) {
	b := newBench(t)
	b.shell.now = func() time.Time {
		b.clock.move(time.Second) // time passes with each look
		return b.clock.now()
	}
	b.door.create = func(dir string, p casefile.NewPerson, pass []byte) (*casefile.Vault, error) {
		return casefile.Create(dir, p, pass, casefile.WithClock(b.shell.now))
	}
	b.signIn()
	c := b.newCase()
	c.choose(sectionPacket)
	b.press(b.find("+ Add what is asked")) // saved, and planned again
	if b.shows("clock") {
		t.Errorf("the clock is said to be wrong")
	}
}

// Looking at another day changes the screen and nothing that leaves.
func TestPacket_isOfToday(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	v := c.view.(*checklistView)
	v.day.SetText("2024-05-01")
	v.onDay()
	if !strings.Contains(v.inForce.content, "On May 1, 2024") {
		t.Errorf("looking at another day, the screen says %q", v.inForce.content)
	}
	c.choose(sectionPacket)
	p, err := fetchPacket(b.open.file, c.view.(*packetView).order(), b.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range p.leaves {
		if strings.Contains(l.words, "2024") || strings.Contains(l.words, "in force") {
			t.Errorf("%s: %q", l.name, l.words)
		}
	}
}

// The mouse wheel moves the form also while the pointer is over a field.
func TestWheel_overAFieldScrollsTheScreen(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	e := fieldOf[*entry](b, "Family names")
	at := b.app.Driver().AbsolutePositionForObject(e).AddXY(10, 10)
	test.Scroll(b.win.Canvas(), at, 0, -300)
	if b.frame.scroll.Offset.Y == 0 {
		t.Error("the form stands still")
	}
}

// Reading with the wheel, or over a dialog, is not being away.
func TestIdle_readingIsALifeSign(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionIntake)
	look := func(what string, use func()) {
		t.Helper()
		b.clock.move(time.Minute)
		before := b.idle.last
		use()
		if !b.idle.last.After(before) {
			t.Errorf("%s is no sign of life", what)
		}
	}
	look("the wheel", func() { b.frame.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -10}}) })
	look("the mouse", func() { b.frame.MouseMoved(nil) })
	look("typing", func() { test.Type(fieldOf[*entry](b, "Family names"), "x") })
	b.complain(casefile.ErrDamaged)
	look("the mouse over a dialog", func() { find[*lively](b, func(*lively) bool { return true }).MouseMoved(nil) })
}

func TestClose_staysWhenSomethingIsLost(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	closed := false
	b.win.SetOnClosed(func() { closed = true })
	id := newID()
	b.open.saver.put("notes", id, casefile.Note{ID: id, Text: strings.Repeat("x", 600<<10)})
	b.onClose()
	if closed {
		t.Error("the window closes without a word about what was lost")
	}
	if !b.shows("the last change could not be saved") {
		t.Error("the lock screen does not say that something was lost")
	}
	b.onClose()
	if !closed {
		t.Error("the window cannot be closed any more")
	}
}

func TestClose_savesFirst(t *testing.T) {
	b := newBench(t)
	b.signIn()
	b.newCase()
	closed := false
	b.win.SetOnClosed(func() { closed = true })
	b.onClose()
	if !closed || b.vault != nil {
		t.Errorf("closed: %v, vault open: %v", closed, b.vault != nil)
	}
}
