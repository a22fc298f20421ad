package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"forbear/assets"
	"forbear/casefile"
	"forbear/casefile/casefiletest"
	"forbear/export/exhibit"
	"forbear/factors"
)

// The test binary is its own exhibit worker, as the program is.
func TestMain(m *testing.M) {
	if w, err := exhibit.Self(); err == nil && len(os.Args) == 2 && os.Args[1] == w.Args[0] {
		os.Exit(exhibit.Run(os.Stdin, os.Stdout))
	}
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A clock moves only when somebody sleeps by it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 11, 22, 12, 4, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// inline is a worker that works at once. Sleeping for the idle lock would never
// end in it, and so only short rests pass.
func inline() worker {
	return worker{
		spawn: func(f func()) { f() },
		sleep: func(_ context.Context, d time.Duration) error {
			if d > time.Second {
				return context.Canceled
			}
			return nil
		},
	}
}

// testDoor makes and opens vaults whose passphrase derivation takes no time.
func testDoor() door {
	casefiletest.CheapKDF()
	return door{
		create: func(dir string, p casefile.NewPerson, passphrase []byte) (*casefile.Vault, error) {
			return casefile.Create(dir, p, passphrase)
		},
		open: func(dir, name string, passphrase []byte) (*casefile.Vault, error) {
			return casefile.Open(dir, name, passphrase)
		},
		anew: func(dir, name string, passphrase []byte) (*casefile.Vault, error) {
			return casefile.Open(dir, name, passphrase, casefile.RebuildIndex())
		},
	}
}

// A bench is a shell in a test: no screen, no waiting, a real vault.
type bench struct {
	*shell
	t     testing.TB
	clock *clock
}

func newBench(t testing.TB) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(newTheme())
	lib, err := factors.Load(assets.Memos)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := exhibit.Self()
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	s := newShell(shellParts{
		app: a, work: inline(), now: c.now, lib: lib, dir: t.TempDir() + "/vault", door: testDoor(),
		reader: reader,
		memory: &memoryPreferences{},
	})
	s.win.Resize(fyne.NewSize(1366, 768))
	b := &bench{shell: s, t: t, clock: c}
	t.Cleanup(s.lock)
	return b
}

// signIn creates the vault by the unlock screen's own fields.
func (b *bench) signIn() {
	b.t.Helper()
	u := b.screen.(*unlockScreen)
	if !u.creating {
		b.t.Fatal("a new folder does not offer to create case files")
	}
	test.Type(u.name, "Ada Advocate")
	test.Type(u.passphrase, casefiletest.Passphrase)
	test.Type(u.again, casefiletest.Passphrase)
	test.Tap(u.go_)
	if b.vault == nil {
		b.t.Fatalf("no vault after creating one: %q", u.wrong.content)
	}
}

// newCase opens a new case by the caseload's own button.
func (b *bench) newCase() *caseScreen {
	b.t.Helper()
	b.press(b.find("+ New case"))
	c, ok := b.screen.(*caseScreen)
	if !ok {
		b.t.Fatalf("+ New case shows %T", b.screen)
	}
	return c
}

// walk visits everything the window shows or could show: the content, the
// overlays, and what widgets draw.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil {
		return
	}
	visit(o)
	switch v := o.(type) {
	case *fyne.Container:
		for _, c := range v.Objects {
			walk(c, visit)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(v).Objects() {
			walk(c, visit)
		}
	}
}

func (b *bench) walk(visit func(fyne.CanvasObject)) {
	walk(b.win.Canvas().Content(), visit)
	for _, o := range b.win.Canvas().Overlays().List() {
		walk(o, visit)
	}
}

// words are all texts in the window, drawn or typed.
func (b *bench) words() (all []string) {
	b.walk(func(o fyne.CanvasObject) {
		switch v := o.(type) {
		case *canvas.Text:
			all = append(all, v.Text)
		case *text:
			all = append(all, v.content)
		case *entry:
			all = append(all, v.Text, v.PlaceHolder)
		case *choice:
			all = append(all, v.Options...)
			all = append(all, v.Selected)
		case *widget.Label:
			all = append(all, v.Text)
		}
	})
	return all
}

// find returns the button with these words.
func (b *bench) find(label string) *button {
	b.t.Helper()
	var found *button
	b.walk(func(o fyne.CanvasObject) {
		if v, ok := o.(*button); ok && v.Text == label && v.Visible() {
			found = v
		}
	})
	if found == nil {
		b.t.Fatalf("no button %q", label)
	}
	return found
}

func (b *bench) press(v *button) {
	b.t.Helper()
	if v.Disabled() {
		b.t.Fatalf("button %q is disabled", v.Text)
	}
	test.Tap(v)
}

// fieldOf returns the control under a name, the last one on the screen: the
// element that was added last.
func fieldOf[T fyne.CanvasObject](b *bench, name string) T {
	b.t.Helper()
	var found T
	ok := false
	b.walk(func(o fyne.CanvasObject) {
		box, is := o.(*fyne.Container)
		if !is || len(box.Objects) != 3 {
			return
		}
		if label, is := box.Objects[0].(*text); is && label.content == name {
			if v, is := box.Objects[1].(T); is {
				found, ok = v, true
			}
		}
	})
	if !ok {
		b.t.Fatalf("no field %q", name)
	}
	return found
}
