package main

import (
	"bytes"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"github.com/BurntSushi/toml"
)

// The toolkit's own file dialog writes the folder it was in to the toolkit's
// preferences. With ours, nothing is written anywhere.
func TestFileDialog_leavesNoTrace(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"} {
		t.Setenv(name, home)
	}
	before := fyne.CurrentApp()
	t.Cleanup(func() { fyne.SetCurrentApp(before) })
	a, memory := newApp()
	if memory == nil {
		t.Fatal("the app does not use our preferences")
	}
	if fyne.CurrentApp() != a {
		t.Fatal("the dialogs would ask another app")
	}
	folder := filepath.Join(t.TempDir(), canary)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	w := a.NewWindow(windowTitle)
	w.SetContent(container.NewStack())
	w.Resize(fyne.NewSize(1000, 700))
	d := dialog.NewFileOpen(func(fyne.URIReadCloser, error) {}, w)
	place, err := storage.ListerForURI(storage.NewFileURI(folder))
	if err != nil {
		t.Fatal(err)
	}
	d.SetLocation(place)
	d.Show()
	remembered := false
	for _, v := range memory.values {
		if s, ok := v.(string); ok && strings.Contains(s, canary) {
			remembered = true
		}
	}
	if !remembered {
		t.Error("the dialog was not in the folder: this test looks at nothing")
	}
	d.Hide()
	a.Quit()
	err = filepath.WalkDir(home, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			t.Errorf("a file appeared: %s", strings.TrimPrefix(path, home))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	memory.forget()
	if memory.String("fyne:fileDialogLastFolder") != "" {
		t.Error("the folder is remembered after forgetting")
	}
}

func TestMemoryPreferences(t *testing.T) {
	p := &memoryPreferences{}
	heard := 0
	p.AddChangeListener(func() { heard++ })
	p.SetInt("n", 3)
	p.SetString("s", "x")
	p.SetBoolList("b", []bool{true})
	if p.Int("n") != 3 || p.String("s") != "x" || !p.BoolList("b")[0] || heard != 3 {
		t.Errorf("got %d %q %v after %d changes", p.Int("n"), p.String("s"), p.BoolList("b"), heard)
	}
	if p.StringWithFallback("n", "other kind") != "other kind" || p.FloatWithFallback("none", 2) != 2 {
		t.Error("a missing value is not the fallback")
	}
	p.RemoveValue("n")
	if p.Int("n") != 0 {
		t.Error("a removed value is still there")
	}
}

func TestPathless(t *testing.T) {
	var b bytes.Buffer
	l := log.New(pathless{&b}, "", log.LstdFlags)
	l.Println("Fyne error:  window creation error")
	l.Println("unable to get ListableURI for file:///home/x/" + canary)
	l.Println(`open C:\Users\` + canary)
	if got := b.String(); strings.Contains(got, canary) || !strings.Contains(got, "window creation error") {
		t.Errorf("logged %q", got)
	}
}

// FyneApp.toml names the program for packaging, the code for running.
func TestMetadata_namesOneProgram(t *testing.T) {
	var meta struct{ Details struct{ ID, Name string } }
	if _, err := toml.DecodeFile("../FyneApp.toml", &meta); err != nil {
		t.Fatal(err)
	}
	if meta.Details.ID != appID || meta.Details.Name != windowTitle {
		t.Errorf("FyneApp.toml says %q, %q; the code %q, %q", meta.Details.ID, meta.Details.Name, appID, windowTitle)
	}
}

// The exhibits' own button opens the dialog; it once crashed before it was
// shown.
func TestExhibits_addOpensTheDialog(t *testing.T) {
	b := newBench(t)
	b.signIn()
	c := b.newCase()
	c.choose(sectionExhibits)
	b.press(b.find("+ Add files"))
	if b.win.Canvas().Overlays().Top() == nil {
		t.Fatal("no dialog")
	}
	c.choose(sectionPacket)
	b.press(b.find("Choose a folder"))
	b.lock()
	if b.win.Canvas().Overlays().Top() != nil {
		t.Error("a dialog survives the lock")
	}
	b.press(b.find("Verify a packet"))
	b.press(b.find("Choose a file"))
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("no dialog to choose a packet")
	}
	test.NewTempApp(t)
}
