package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"forbear/casefile/casefiletest"
	"forbear/export"
	"forbear/factors"
)

// canary is a name that must be nowhere but on the screen of its own case.
const canary = "Quetzalcoatlus-Canario"

func (b *bench) typeInto(name, words string) {
	b.t.Helper()
	e := fieldOf[*entry](b, name)
	b.win.Canvas().Focus(e)
	test.Type(e, words)
}

func (b *bench) choose(name, value string) {
	b.t.Helper()
	c := fieldOf[*choice](b, name)
	i := slices.IndexFunc(c.options, func(o option) bool { return o.value == value })
	if i < 0 {
		b.t.Fatalf("%q offers no %q: %v", name, value, c.options)
	}
	c.SetSelectedIndex(i)
}

func (b *bench) shows(words string) bool {
	return slices.ContainsFunc(b.words(), func(w string) bool { return strings.Contains(w, words) })
}

// photo is a small picture to add as an exhibit.
func photo(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			img.Set(x, y, color.RGBA{uint8(4 * x), uint8(6 * y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "school letter.jpg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNewCase_opensOnTwoColumns(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	v, ok := c.view.(*checklistView)
	if !ok {
		t.Fatalf("a new case opens on %T", c.view)
	}
	p := v.fetch()
	if len(p.forward) == 0 || len(p.exposure) == 0 {
		t.Errorf("for has %d rows, exposure %d", len(p.forward), len(p.exposure))
	}
	for _, want := range []string{
		"No DHS or OPLA memo that lists factors is known", "ended Jan 20, 2025", "For",
		"Against - stays in this file unless you decide", "None is recorded in this file (not the same as none).",
	} {
		if !b.shows(want) {
			t.Errorf("the screen does not say %q", want)
		}
	}
}

func TestStory(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()

	// Facts, each saved by itself, the checklist following.
	c.choose(sectionIntake)
	b.typeInto("Family names", canary)
	b.typeInto("Given name", "Sample")
	number := find[*entry](b, func(e *entry) bool { return e.PlaceHolder == "A 000-000-000" })
	test.Type(number, "000-000-501")
	b.choose("Detained", "yes")
	b.choose("Held under", "236(a)")
	b.press(b.find("+ Add an entry"))
	b.typeInto("Entered on", "2005-03")
	b.press(b.find("+ Add a relative"))
	b.choose("Who", "child")
	b.choose("Status", "citizen")
	b.press(b.find("+ Add a conviction"))
	b.typeInto("Offense, in the record's words", "driving under the influence")
	b.typeInto("Convicted on", "2011-06-14")
	b.choose("Does ICE have this?", "yes")
	if !b.shows("Mar 2005: day not known") {
		t.Error("a month is not read back as a month")
	}
	doc, err := b.open.file.Document()
	if err != nil {
		t.Fatal(err)
	}
	if doc.FamilyName != canary || len(doc.Entries) != 1 || doc.Entries[0].Date.String() != "2005-03" || doc.ANumbers[0] != "000000501" {
		t.Errorf("on the disk: %q, %v, %v", doc.FamilyName, doc.Entries, doc.ANumbers)
	}
	if len(doc.Offenses) != 1 || doc.Offenses[0].ToGov != factors.Yes {
		t.Errorf("offense on the disk: %+v", doc.Offenses)
	}
	if !strings.Contains(c.saved.content, "Saved 12:04") {
		t.Errorf("top line says %q", c.saved.content)
	}
	if !strings.Contains(c.where.content, "A 000-000-501") || !strings.Contains(c.where.content, "DETAINED") {
		t.Errorf("top line says %q", c.where.content)
	}

	// One tick argues a row.
	c.choose(sectionChecklist)
	v := c.view.(*checklistView)
	if !strings.Contains(v.inForce.content, "8 CFR 236.1(c)(8)") {
		t.Errorf("in force: %q", v.inForce.content)
	}
	v.frames.changed("MAYORKAS")
	presence := v.rows["MAYORKAS/MIT-2"]
	if presence == nil {
		t.Fatal("no row for the length of presence")
	}
	if !strings.Contains(presence.reason.content, "At least 21 years") {
		t.Errorf("presence says %q", presence.reason.content)
	}
	if !strings.Contains(presence.state.content, "Dates suggest this") {
		t.Errorf("presence is %q", presence.state.content)
	}
	test.Tap(presence.tick)
	if !b.open.decision("MAYORKAS/MIT-2").Argue {
		t.Error("the tick decided nothing")
	}

	// The looking-glass changes the screen and says so.
	v.day.SetText("2024-05-01")
	v.onDay()
	if !b.shows("You are looking at May 1, 2024.") {
		t.Error("no band for another day")
	}
	if b.shows("In force today") || !b.shows("In force on May 1, 2024") {
		t.Error("what was in force on another day stands under today")
	}
	b.press(b.find("Back to today"))
	if b.shows("You are looking at") || !b.open.asOf.IsZero() {
		t.Error("the band stays")
	}
	if !b.shows("In force today") {
		t.Error("back on today, the sentence is of another day")
	}

	// An exhibit, through the worker process.
	c.choose(sectionExhibits)
	x := c.view.(*exhibitsView)
	x.onDrop([]string{photo(t)})
	if len(b.open.doc.Exhibits) != 1 || b.open.doc.Exhibits[0].Clean.ID == "" {
		t.Fatalf("exhibits: %+v", b.open.doc.Exhibits)
	}
	if !b.shows("school letter") || !b.shows("Not read for harm: cannot leave") {
		t.Error("the exhibit is not on the screen with its state")
	}
	b.press(b.find("I read every page: none of the nine"))
	x.list.Objects[0].(*row).tick.SetChecked(true)
	if !readForHarm(b.open.doc.Exhibits[0]) || !b.open.doc.Exhibits[0].InPacket {
		t.Errorf("exhibit: %+v", b.open.doc.Exhibits[0])
	}
	b.open.doc.Exhibits[0].Proves = []string{"entries/" + b.open.doc.Entries[0].ID}
	x.save(&b.open.doc.Exhibits[0])
	c.choose(sectionChecklist)
	if v := c.view.(*checklistView); !strings.Contains(v.rows["MAYORKAS/MIT-2"].state.content, "Has proof") {
		t.Errorf("with an exhibit, presence is %q", v.rows["MAYORKAS/MIT-2"].state.content)
	}

	// What ICE already has needs a decision before anything is signed.
	c.choose(sectionPacket)
	p := c.view.(*packetView)
	b.press(b.find("+ Add what is asked"))
	if !b.shows("ICE already has one thing that this letter does not mention") {
		t.Error("the packet does not ask about the conviction")
	}
	if !p.sign.Disabled() || p.why.content == "" {
		t.Errorf("signing is open, or has no reason beside it: %q", p.why.content)
	}
	b.press(b.find("Answer what ICE already has"))
	m := b.open.decision("offenses/" + b.open.doc.Offenses[0].ID)
	if m.Leave != factors.Mention {
		t.Errorf("the conviction is %q", m.Leave)
	}
	if b.shows("this letter does not mention") {
		t.Error("the card stays")
	}
	if !b.shows("was convicted on June 14, 2011") {
		t.Errorf("what leaves does not say what was decided")
	}

	// The rest of what a request must have; then it is signed, checked and written.
	b.open.doc.Exhibits[0].Role = export.RoleG28
	x.save(&b.open.doc.Exhibits[0])
	b.open.doc.DateOfBirth = factors.MustDate("1986-03")
	b.open.doc.CountryOfBirth = "Guatemala"
	b.open.doc.G28.Date = factors.MustDate("2026-09-01")
	b.open.changedClient()
	c.choose(sectionOverview)
	b.typeInto("Bar number", "00000")
	b.typeInto("Bar of", "Nowhere")
	b.typeInto("Phone", "555-0100")
	c.choose(sectionPacket)
	p = c.view.(*packetView)
	if p.blocked != "" {
		for _, f := range b.words() {
			t.Log(f)
		}
		t.Fatalf("signing is blocked: %q", p.blocked)
	}
	out := t.TempDir()
	test.Type(p.path, out)
	b.press(p.sign)
	packet := filepath.Join(out, "packet.pdf")
	if !b.shows("Signed, checked and written: packet.pdf") {
		t.Fatal("the packet is not announced")
	}
	if !b.shows("One clear copy is out") {
		t.Error("the clear copy is not on the list")
	}
	c.choose(sectionSent) // the button is there as well, for whoever sends it later
	if !b.shows("not recorded as sent") {
		t.Error("the packet is not on the list of those not sent")
	}
	b.press(b.find("I have sent it today"))
	if b.shows("not recorded as sent") {
		t.Error("the packet stays on the list of those not sent")
	}
	if c.current != sectionSent || !b.shows("With a packet made here") {
		t.Error("what was sent is not on the screen of what was sent")
	}

	// Locking takes every word about the client off every widget.
	b.win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF12}, func(fyne.Shortcut) {})
	b.shell.complain(export.ErrBlocked) // a dialog is open
	b.lock()
	if _, ok := b.screen.(*unlockScreen); !ok {
		t.Fatalf("locked, the window shows %T", b.screen)
	}
	if n := len(b.win.Canvas().Overlays().List()); n != 0 {
		t.Errorf("%d dialogs are left", n)
	}
	for _, w := range b.words() {
		for _, secret := range []string{canary, "000-000-501", "000000501", "influence", "school letter", "Ada"} {
			if strings.Contains(w, secret) {
				t.Errorf("locked, a widget holds %q", w)
			}
		}
	}
	if b.lost != nil {
		t.Errorf("the lock lost something: %v", b.lost)
	}

	// A wrong passphrase, then the right one; the case is as it was.
	u := b.screen.(*unlockScreen)
	test.Type(u.passphrase, "not the passphrase")
	test.Tap(u.go_)
	if b.vault != nil || !strings.Contains(u.wrong.content, "does not open") {
		t.Fatalf("wrong passphrase: %q", u.wrong.content)
	}
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Tap(u.go_)
	if b.vault == nil {
		t.Fatalf("not unlocked: %q", u.wrong.content)
	}
	if !b.shows(canary) {
		t.Error("the caseload does not name the client")
	}
	cases := b.screen.(*casesScreen)
	test.Type(cases.search, "quetzalcoatlus canario 501")
	if !b.shows(canary) {
		t.Error("search does not find the client")
	}
	cases.onOpen(cases.cards[0])
	if b.open == nil || b.open.doc.FamilyName != canary || !b.open.decision("MAYORKAS/MIT-2").Argue {
		t.Error("the case is not as it was")
	}

	b.lock()
	nowhere(t, b.dir, canary)
	if got := b.win.Title(); got != windowTitle {
		t.Errorf("the window's title is %q", got)
	}

	// A supervisor with nothing but the file reads three sentences.
	b.press(b.find("Verify a packet"))
	verify := b.screen.(*verifyScreen)
	verify.judge(packet)
	for _, want := range []string{"Nothing changed since it was signed.", "calls itself Ada Advocate", "Dated Nov 22, 2026, 12:04 pm"} {
		if !b.shows(want) {
			t.Errorf("verification does not say %q", want)
		}
	}
	content, err := os.ReadFile(packet)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(packet, content, 0o600); err != nil {
		t.Fatal(err)
	}
	verify.judge(packet)
	if !b.shows("Changed after signing. Do not use it.") || b.shows("Nothing changed") {
		t.Error("a changed byte is not said")
	}
}

// nowhere looks for a word in every file and every name below a folder.
func nowhere(t *testing.T, dir, word string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.Contains(filepath.Base(path), word) {
			t.Errorf("a file is named after the client")
		}
		if !d.Type().IsRegular() {
			return nil
		}
		files++
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(content, []byte(word)) {
			t.Errorf("%s holds the client's name", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Error("no file to look into")
	}
}

// find returns the first visible object that fits.
func find[T fyne.CanvasObject](b *bench, fits func(T) bool) T {
	b.t.Helper()
	var found T
	ok := false
	b.walk(func(o fyne.CanvasObject) {
		if v, is := o.(T); is && !ok && fits(v) {
			found, ok = v, true
		}
	})
	if !ok {
		b.t.Fatalf("no %T that fits", found)
	}
	return found
}
