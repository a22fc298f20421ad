package main

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
)

// The unlock screen is all that a stranger sees. It makes the first vault,
// opens an existing one, and reads a packet's signature without either.
type unlockScreen struct {
	shell  *shell
	ctx    context.Context
	cancel context.CancelFunc

	box    *fyne.Container
	notice *text
	wrong  *text
	busy   *text

	who        *choice
	passphrase *entry
	again      *entry
	name       *entry
	role       *choice
	go_        *button
	creating   bool
	anew       *tick // make the list of cases anew
}

func newUnlockScreen(s *shell) *unlockScreen {
	u := &unlockScreen{shell: s}
	u.ctx, u.cancel = context.WithCancel(context.Background())
	u.notice = body("")
	u.wrong = newText("", sizeBody, colorTrouble)
	u.wrong.Hide()
	u.busy = caption("")
	u.busy.Hide()
	u.box = newColumn(3 * space)
	return u
}

func (u *unlockScreen) object() (fyne.CanvasObject, *roll) {
	scroll := newRoll(inset(4*space, 12*space, centred(480, u.box)))
	return scroll, scroll
}

// What a stranger can read of the ways in.
type entrance struct {
	exists bool
	slots  []casefile.Slot
}

func (u *unlockScreen) fetch(context.Context) (entrance, error) {
	if !casefile.IsVault(u.shell.dir) {
		return entrance{}, nil
	}
	slots, err := casefile.Slots(u.shell.dir)
	return entrance{true, slots}, err
}

func (u *unlockScreen) shown() {
	run(u.ctx, u.shell.work, u.fetch, func(e entrance, err error) {
		if err != nil {
			u.fail(err)
		}
		u.build(e)
	})
	switch {
	case u.shell.lost != nil:
		u.sayLost(u.shell.lost)
	case u.shell.untaken > 0:
		u.wrong.set(lang.XN("unlock.untaken", "{{.N}} files were being taken in when this locked. Look under Exhibits which of them are there.",
			u.shell.untaken, map[string]any{"N": u.shell.untaken}))
	}
}

// sayLost says that the last lock could not save everything.
func (u *unlockScreen) sayLost(err error) {
	words, _ := explain(err)
	u.wrong.set(lang.X("unlock.lost", "When this was locked, the last change could not be saved.") + " " + words.String())
}

func (u *unlockScreen) build(e entrance) {
	u.creating = !e.exists
	u.passphrase = newPassphrase(u.onGo)
	verify := newButton(lang.X("unlock.verify", "Verify a packet"), u.onVerify)
	name := title(windowTitle)
	u.box.Objects = nil
	u.box.Add(name)
	if u.creating {
		u.buildCreate(verify)
	} else {
		u.buildUnlock(e, verify)
	}
	u.box.Refresh()
}

func (u *unlockScreen) buildUnlock(e entrance, verify *button) {
	u.notice.set(lang.X("unlock.notice", "Confidential legal files. If you are asked to open this device, call the office first."))
	if u.shell.notice != "" {
		u.notice.set(u.shell.notice)
	}
	var options []option
	for _, slot := range e.slots {
		if !slot.Recovery {
			options = append(options, option{slot.Label, slot.Label})
		}
	}
	first := ""
	if len(options) > 0 {
		first = options[0].value
	}
	u.who = newChoice(options, first, func(string) {})
	u.go_ = nextStep(lang.X("unlock.go", "Unlock"), u.onGo)
	u.box.Add(u.notice)
	u.anew = newTick(lang.X("unlock.anew", "Make the list of cases anew"), false, func(bool) {})
	u.anew.Hide()
	u.box.Add(card(
		newField(lang.X("unlock.who", "Who"), u.who, "").Container,
		newField(lang.X("unlock.passphrase", "Passphrase"), u.passphrase, "").Container,
		u.wrong, u.anew, u.busy,
		newFlow(2*space, u.go_, verify),
	))
	u.shell.win.Canvas().Focus(u.passphrase)
}

func (u *unlockScreen) buildCreate(verify *button) {
	u.name = newEntry(nil)
	u.role = newChoice(roles(), string(casefile.Attorney), func(string) {})
	u.again = newPassphrase(u.onGo)
	u.go_ = nextStep(lang.X("unlock.create", "Create case files"), u.onGo)
	u.box.Add(body(lang.X("unlock.first", "There are no case files on this computer yet. Your name, your role and a passphrase, and you can begin.")))
	u.box.Add(card(
		newField(lang.X("unlock.name", "Your name"), u.name, lang.X("unlock.name.help", "As it stands under what you sign. Kept sealed.")).Container,
		newField(lang.X("unlock.role", "Your role"), u.role, "").Container,
		newField(lang.X("unlock.passphrase", "Passphrase"), u.passphrase, lang.X("unlock.passphrase.help", "Four or more words. Nobody can open the files without it, not even we.")).Container,
		newField(lang.X("unlock.again", "The same again"), u.again, "").Container,
		u.wrong, u.busy,
		newFlow(2*space, u.go_, verify),
	))
	u.shell.win.Canvas().Focus(u.name)
}

func roles() []option {
	return []option{
		{string(casefile.Attorney), lang.X("role.attorney", "Attorney")},
		{string(casefile.FullAccredited), lang.X("role.full", "Accredited representative (full)")},
		{string(casefile.PartialAccredited), lang.X("role.partial", "Accredited representative (partial, DHS only)")},
		{string(casefile.Student), lang.X("role.student", "Law student or graduate, supervised")},
		{string(casefile.Volunteer), lang.X("role.volunteer", "Volunteer")},
		{string(casefile.Supervisor), lang.X("role.supervisor", "Supervisor")},
		{string(casefile.Staff), lang.X("role.staff", "Staff")},
	}
}

func (u *unlockScreen) onGo() {
	if u.go_.Disabled() {
		return
	}
	if u.creating {
		u.create()
		return
	}
	u.unlock()
}

// take hands the passphrase over and leaves the field empty. The toolkit keeps
// text as Go strings, which nothing can overwrite; the copy we hold is ours to
// clear.
func (u *unlockScreen) take() []byte {
	pass := []byte(u.passphrase.Text)
	u.passphrase.put("")
	if u.again != nil {
		u.again.put("")
	}
	return pass
}

func (u *unlockScreen) unlock() {
	name, pass := u.who.value(), u.take()
	open := u.shell.door.open
	if u.anew.Checked {
		open = u.shell.door.anew
	}
	u.wait(lang.X("unlock.busy", "Opening. This takes about a second on purpose."), pass, func() (*casefile.Vault, error) {
		return open(u.shell.dir, name, pass)
	})
}

func (u *unlockScreen) create() {
	name := strings.TrimSpace(u.name.Text)
	switch {
	case name == "":
		u.fail(errNoName)
		u.shell.win.Canvas().Focus(u.name)
		return
	case len([]rune(u.passphrase.Text)) < casefile.MinPassphrase:
		u.fail(casefile.ErrPassphraseShort)
		u.shell.win.Canvas().Focus(u.passphrase)
		return
	case u.passphrase.Text != u.again.Text:
		u.fail(errSamePassphrase)
		u.shell.win.Canvas().Focus(u.again)
		return
	}
	p := casefile.NewPerson{Name: name, Role: casefile.Role(u.role.value())}
	pass := u.take()
	u.wait(lang.X("unlock.making", "Making the keys. This takes about a second on purpose."), pass, func() (*casefile.Vault, error) {
		v, err := u.shell.door.create(u.shell.dir, p, pass)
		if err != nil {
			return nil, err
		}
		profile := v.Profile()
		profile.Representative.Name = p.Name
		profile.Representative.Type = string(p.Role)
		if err := v.SetProfile(profile); err != nil {
			v.Close()
			return nil, err
		}
		return v, nil
	})
}

func (u *unlockScreen) wait(busy string, pass []byte, open func() (*casefile.Vault, error)) {
	u.wrong.set("")
	u.busy.set(busy)
	u.go_.Disable()
	closing := u.shell.closing
	// Not under the screen's context: a vault that opens after somebody has gone
	// on to another screen has to be closed again.
	run(context.Background(), u.shell.work, func(context.Context) (*casefile.Vault, error) {
		defer clear(pass)
		<-closing.done // what the last lock left to do comes first
		return open()
	}, func(v *casefile.Vault, err error) {
		if u.ctx.Err() != nil {
			if err == nil {
				u.shell.putBack(v.Close)
			}
			return
		}
		u.busy.set("")
		u.go_.Enable()
		if err != nil {
			u.fail(err)
			u.shell.win.Canvas().Focus(u.passphrase)
			return
		}
		u.shell.lost, u.shell.untaken = nil, 0
		u.cancel()
		u.shell.unlocked(v)
	})
}

func (u *unlockScreen) fail(err error) {
	words, known := explain(err)
	if !known {
		u.shell.complain(err)
	}
	u.wrong.set(words.String())
	var damage *casefile.DamageError
	if errors.As(err, &damage) && damage.Part == "index" {
		// Both copies of the list are gone. The cases are not: the list can be
		// made from them, and what only the list knew is named first.
		u.wrong.set(lang.X("unlock.index", "Your list of cases is damaged; the cases are not. It can be made anew from them. Lost with it are the block of who signs and your packet certificate, and, this once, the warning when a case is missing or was put back to an older state. Look for a backup first. Then tick below, and type the passphrase again."))
		u.anew.Show()
		u.box.Refresh()
	}
}

func (u *unlockScreen) onVerify() {
	u.cancel()
	u.shell.show(newVerifyScreen(u.shell))
}

// onDrop judges a packet that was dropped on the lock screen.
func (u *unlockScreen) onDrop(paths []string) {
	u.cancel()
	v := newVerifyScreen(u.shell)
	u.shell.show(v)
	v.judge(paths[0])
}
