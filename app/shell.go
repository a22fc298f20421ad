package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"forbear/casefile"
	"forbear/export/exhibit"
	"forbear/factors"
)

// windowTitle never changes: a title bar is read by whoever looks over a
// shoulder, and by the system's own list of windows.
const windowTitle = "Forbear"

// A door is how the shell gets into a vault. Tests have one that takes no time.
type door struct {
	create func(dir string, p casefile.NewPerson, passphrase []byte) (*casefile.Vault, error)
	open   func(dir, name string, passphrase []byte) (*casefile.Vault, error)

	// anew is open, and makes the person's list of cases anew from the cases.
	anew func(dir, name string, passphrase []byte) (*casefile.Vault, error)
}

// A shell is one window: what it shows, the vault that is unlocked in it, and
// the case that is open. Everything in it belongs to the UI goroutine; what goes
// elsewhere goes through the worker.
type shell struct {
	app     fyne.App
	win     fyne.Window
	work    worker
	now     func() time.Time
	lib     *factors.Library
	dir     string
	door    door
	reader  exhibit.Worker
	version string // of the program
	frame   *frame
	idle    *idle
	memory  *memoryPreferences
	screen  screen // what the frame shows, for shortcuts
	vault   *casefile.Vault
	session context.Context // over when the window locks
	end     context.CancelFunc
	open    *openCase
	warning *text
	notice  string // of the office, for the lock screen once somebody has unlocked

	// closing is the end of what was open before the last lock. Unlocking waits
	// for it.
	closing *ending

	// settled is the end of the case that was closed last.
	settled *ending

	// lost is what the last lock could not save, and untaken the number of files
	// that were being taken in. The lock screen says so.
	lost    error
	untaken int

	// clients says that a case was open in this session, whose words may be on
	// the clipboard.
	clients bool

	profile profileSaver
}

// An ending is a case or a vault being saved and closed in the background. err
// may be read when done is closed.
type ending struct {
	done chan struct{}
	err  error
}

// A screen is something the frame can show.
type screen interface {
	// object is what to draw, and scroll the part of it that scrolls with the
	// focus, or nil.
	object() (fyne.CanvasObject, *roll)

	// shown is called when the screen is in the frame: time to fetch.
	shown()
}

// Keys of the screens that have them.
type (
	saves    interface{ onSave() }
	finds    interface{ onFind() }
	makesNew interface{ onNew() }
)

type shellParts struct {
	app     fyne.App
	work    worker
	now     func() time.Time
	lib     *factors.Library
	dir     string
	door    door
	reader  exhibit.Worker
	memory  *memoryPreferences
	version string
}

func newShell(p shellParts) *shell {
	s := &shell{app: p.app, work: p.work, now: p.now, lib: p.lib, dir: p.dir, door: p.door, reader: p.reader, memory: p.memory, version: p.version}
	s.closing = &ending{done: make(chan struct{})}
	close(s.closing.done)
	s.settled = s.closing
	s.idle = &idle{work: p.work, now: p.now, warn: s.onIdleWarning, lock: s.lock}
	s.win = p.app.NewWindow(windowTitle)
	s.win.SetPadded(false)
	s.frame = newFrame(s.idle.touch, s.complain)
	s.win.SetContent(s.frame)
	s.win.SetOnDropped(s.onDropped)
	s.win.SetCloseIntercept(s.onClose)
	s.bindKeys()
	s.show(newUnlockScreen(s))
	return s
}

// bindKeys makes every shortcut work on the canvas and inside text entries,
// which would swallow it otherwise.
func (s *shell) bindKeys() {
	bind := func(key fyne.KeyName, modifier fyne.KeyModifier, f func()) {
		shortcut := &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
		pressed := func() {
			if !s.idle.touch() {
				return
			}
			// A dialog is answered first. Locking needs no answer.
			if key == fyne.KeyL || s.win.Canvas().Overlays().Top() == nil {
				f()
			}
		}
		s.frame.shortcuts[shortcut.ShortcutName()] = pressed
		s.win.Canvas().AddShortcut(shortcut, func(fyne.Shortcut) { pressed() })
	}
	s.win.Canvas().SetOnTypedKey(s.onKey)
	ctrl := fyne.KeyModifierShortcutDefault
	bind(fyne.KeyL, ctrl, s.onLockKey)
	bind(fyne.KeyN, ctrl, func() {
		if v, ok := s.screen.(makesNew); ok {
			v.onNew()
		}
	})
	bind(fyne.KeyF, ctrl, func() {
		if v, ok := s.screen.(finds); ok {
			v.onFind()
		} else if s.vault != nil {
			s.showCases()
		}
	})
	bind(fyne.KeyS, ctrl, func() {
		if s.open != nil {
			s.open.saver.flush()
		}
		if v, ok := s.screen.(saves); ok {
			v.onSave()
		}
	})
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8} {
		bind(key, ctrl, func() {
			if v, ok := s.screen.(*caseScreen); ok {
				v.choose(sections[i])
			}
		})
	}
	bind(fyne.KeyE, ctrl, func() {
		if v, ok := s.screen.(*caseScreen); ok {
			v.onExport()
		}
	})
}

// show puts a screen into the frame. What was there before is forgotten.
func (s *shell) show(v screen) {
	s.screen = v
	s.warning = newText("", sizeCaption, colorAgainst)
	s.warning.align = fyne.TextAlignCenter
	s.warning.Hide()
	object, scroll := v.object()
	s.frame.show(container.NewBorder(nil, s.warning, nil, nil, object), scroll)
	s.win.Canvas().Unfocus()
	v.shown()
}

// onKey puts away what lies over the screen.
func (s *shell) onKey(e *fyne.KeyEvent) {
	if !s.idle.touch() {
		return
	}
	if top, ok := s.win.Canvas().Overlays().Top().(*widget.PopUp); ok && e.Name == fyne.KeyEscape {
		top.Hide()
	}
}

func (s *shell) onIdleWarning(on bool) {
	if on {
		s.warning.set(lang.X("idle.warning", "Nobody is here? This locks in 20 seconds. Move the mouse or press a key to stay."))
		return
	}
	s.warning.set("")
}

// unlocked takes over a vault that was just opened or created.
func (s *shell) unlocked(v *casefile.Vault) {
	s.vault = v
	s.clients, s.untaken = false, 0
	s.profile = profileSaver{}
	s.notice = v.Profile().Office.Notice
	s.session, s.end = context.WithCancel(context.Background())
	s.idle.watch(s.session)
	s.showCases()
}

func (s *shell) showCases() {
	if s.vault == nil {
		return // locked meanwhile
	}
	s.leave(func() {
		s.closeCase()
		s.show(newCasesScreen(s))
	})
}

// leave goes on to something else when everything in the open case is saved. If
// it cannot be saved, leaving is a decision.
func (s *shell) leave(then func()) {
	o := s.open
	if o == nil {
		then()
		return
	}
	o.saver.whenSaved(func(err error) {
		if s.open != o {
			return
		}
		if err == nil {
			then()
			return
		}
		words, _ := explain(err)
		s.ask(lang.X("leave.title", "Not everything is saved"),
			newColumn(2*space, strong(words.what), body(words.do), body(lang.X("leave.words", "What you typed last is on the screen and not on the disk."))),
			lang.X("leave.yes", "Leave, and lose it"), lang.X("leave.no", "Stay"), func(yes bool) {
				if yes && s.open == o {
					then()
				}
			})
	})
}

func (s *shell) onLockKey() {
	if s.vault != nil {
		s.lock()
	}
}

// lock shows the lock screen and lets go of everything that knows a client.
// What is still unsaved is saved in the background, then the case and the vault
// are closed; until that is done, unlocking waits.
func (s *shell) lock() {
	if s.vault == nil {
		return
	}
	vault, open := s.vault, s.open
	s.idle.watching = false
	s.end()
	s.vault, s.open, s.session, s.end = nil, nil, nil, nil
	for _, o := range s.win.Canvas().Overlays().List() {
		s.win.Canvas().Overlays().Remove(o)
	}
	s.untaken = 0
	var rest func() error
	if open != nil {
		if open.taking != nil {
			s.untaken = open.taking.left
		}
		rest = open.letGo()
	}
	if s.clients {
		// What was copied out of a case does not outlive it on the clipboard.
		s.app.Clipboard().SetContent("")
	}
	if s.memory != nil {
		s.memory.forget()
	}
	profile := s.profile.rest()
	s.show(newUnlockScreen(s))

	settled, end := s.settled, &ending{done: make(chan struct{})}
	s.closing = end
	run(context.Background(), s.work, func(context.Context) (struct{}, error) {
		defer close(end.done)
		<-settled.done
		err := settled.err
		if rest != nil {
			err = errors.Join(err, rest())
		}
		end.err = errors.Join(err, profile(vault), vault.Close())
		return struct{}{}, end.err
	}, func(_ struct{}, err error) {
		s.lost = err
		if u, ok := s.screen.(*unlockScreen); ok && err != nil {
			u.sayLost(err)
		}
	})
}

// openCase opens a case of the vault and shows it. failed, if there is one, says
// what to do about an error.
func (s *shell) openCase(open func() (*casefile.Case, error), failed func(error)) {
	type opened struct {
		file *casefile.Case
		doc  casefile.Document
	}
	if s.vault == nil {
		return // locked meanwhile
	}
	ctx, settled := s.session, s.settled
	// Not under the session's context: a case that was opened while the window
	// locked has to be closed again, and nobody else knows of it.
	run(context.Background(), s.work, func(context.Context) (opened, error) {
		<-settled.done
		file, err := open()
		if err != nil {
			return opened{}, err
		}
		doc, err := file.Document()
		if err != nil {
			return opened{}, errors.Join(err, file.Close())
		}
		return opened{file, doc}, nil
	}, func(o opened, err error) {
		switch {
		case ctx.Err() != nil:
			if err == nil {
				s.putBack(o.file.Close)
			}
		case err != nil && failed != nil:
			failed(err)
		case err != nil:
			s.complain(err)
		default:
			s.closeCase()
			s.clients = true
			s.open = newOpenCase(s, o.file, o.doc)
			s.show(newCaseScreen(s, s.open))
		}
	})
}

// putBack closes what was opened for a screen that is gone. A vault that is
// closed already has closed it as well.
func (s *shell) putBack(shut func() error) {
	run(context.Background(), s.work, func(context.Context) (struct{}, error) { return struct{}{}, shut() },
		func(_ struct{}, err error) {
			if err != nil && !errors.Is(err, casefile.ErrClosed) {
				s.complain(err)
			}
		})
}

// closeCase saves and closes the open case, if there is one.
func (s *shell) closeCase() {
	if s.open == nil {
		return
	}
	rest := s.open.letGo()
	s.open = nil
	end := &ending{done: make(chan struct{})}
	s.settled = end
	run(s.session, s.work, func(context.Context) (struct{}, error) {
		defer close(end.done)
		end.err = rest()
		return struct{}{}, end.err
	}, func(_ struct{}, err error) {
		end.err = nil // shown here; a lock need not show it again
		if err != nil {
			s.complain(err)
		}
		if c, ok := s.screen.(*casesScreen); ok {
			c.shown() // its card has changed
		}
	})
}

// onClose ends the program when everything is saved and closed. If something
// could not be saved, the window stays and says so; closing it once more ends
// it.
func (s *shell) onClose() {
	told := s.lost != nil
	s.lock()
	closing := s.closing
	run(context.Background(), s.work, func(context.Context) (struct{}, error) {
		<-closing.done
		return struct{}{}, closing.err
	}, func(_ struct{}, err error) {
		if err != nil && !told {
			return // the lock screen says what was lost
		}
		s.win.SetCloseIntercept(nil)
		s.win.Close()
	})
}

func (s *shell) onDropped(_ fyne.Position, uris []fyne.URI) {
	type drops interface{ onDrop(paths []string) }
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	if v, ok := s.screen.(drops); ok && len(paths) > 0 {
		if s.idle.touch() {
			v.onDrop(paths)
		}
	}
}

func (s *shell) today() factors.Date { return factors.DateOf(s.now()) }

// newID is the id of an element that is new: 128 random bits.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, says its documentation
	return hex.EncodeToString(b[:])
}
