// Command forbear keeps case files of people who ask for prosecutorial
// discretion, shows what speaks for and against them, and makes the packets that
// are sent.
//
// Without arguments it opens its window; anything else is a command. This
// package is the window: package main and Fyne, with one screen per file. What a
// screen shows is fetched as plain values first and drawn afterwards; what takes
// time goes through the one worker; nothing about a client is kept by a widget
// once the window has locked.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"

	"forbear/app/command"
	"forbear/assets"
	"forbear/casefile"
	"forbear/export/exhibit"
	"forbear/factors"
)

func main() {
	command.Disarm()
	if len(os.Args) > 1 {
		os.Exit(command.Execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	if err := openWindow(); err != nil {
		fmt.Fprintln(os.Stderr, "forbear:", err)
		os.Exit(1)
	}
}

// openWindow runs the window until it is closed.
func openWindow() error {
	lib, err := factors.Load(assets.Memos)
	if err != nil {
		return err
	}
	dir, err := command.DefaultVaultDir()
	if err != nil {
		return err
	}
	reader, err := exhibit.Self()
	if err != nil {
		return err
	}
	log.SetOutput(pathless{os.Stderr})
	a, memory := newApp()
	s := newShell(shellParts{
		app: a, memory: memory, lib: lib, dir: dir, version: command.Version(),
		work: background(),
		// The wall clock, without the monotonic one: a computer that slept
		// through the night has been idle for a night.
		now: func() time.Time { return time.Now().Round(0) },
		door: door{
			create: func(dir string, p casefile.NewPerson, passphrase []byte) (*casefile.Vault, error) {
				return casefile.Create(dir, p, passphrase)
			},
			open: func(dir, name string, passphrase []byte) (*casefile.Vault, error) {
				return casefile.Open(dir, name, passphrase)
			},
			anew: func(dir, name string, passphrase []byte) (*casefile.Vault, error) {
				return casefile.Open(dir, name, passphrase, casefile.RebuildIndex())
			},
		},
		reader: reader,
	})
	a.Lifecycle().SetOnEnteredForeground(func() { s.idle.check() })
	s.win.Resize(fyne.NewSize(1366, 768))
	s.win.CenterOnScreen()
	s.win.ShowAndRun()
	return nil
}

// pathless passes on what the toolkit logs, except for lines that hold a path:
// the toolkit names folders, and a folder is often named after a client.
type pathless struct{ w io.Writer }

func (p pathless) Write(b []byte) (int, error) {
	for _, line := range strings.SplitAfter(string(b), "\n") {
		words := line
		if fields := strings.Fields(line); len(fields) > 0 && strings.Count(fields[0], "/") == 2 {
			words = strings.Join(fields[1:], " ") // the date that log puts in front
		}
		if strings.ContainsAny(words, `/\`) {
			continue
		}
		if _, err := io.WriteString(p.w, line); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// newApp makes the toolkit's application, with preferences that live in memory,
// our look, our words and our icon.
func newApp() (fyne.App, *memoryPreferences) {
	a := app.NewWithID(appID)
	a.SetCloudProvider(keepNothing{})
	memory, _ := a.Preferences().(*memoryPreferences)
	a.Settings().SetTheme(newTheme())
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		// The English words stand in the code as well.
		fyne.LogError("read translations", err)
	}
	if icon, err := assets.Icons.ReadFile("icons/forbear.svg"); err == nil {
		a.SetIcon(fyne.NewStaticResource("forbear.svg", icon))
	}
	return a, memory
}
