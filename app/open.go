package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
	"forbear/factors"
)

// An openCase is the case on the screen. Its document is what the person sees;
// every change goes into it at once and to the disk by the saver. It belongs to
// the UI goroutine.
type openCase struct {
	shell  *shell
	file   *casefile.Case
	doc    casefile.Document
	ctx    context.Context // over when the case is closed or the window locks
	cancel context.CancelFunc
	saver  *saver

	// asOf is the looking-glass: the day the checklist is looked at as of. It
	// changes the screen only, and an opened case always begins with today.
	asOf factors.Date

	// frame is what the checklist is organized by, or empty for the default.
	frame string

	status    func(string) // "Saved 12:04"
	savedAt   time.Time
	saveError error
}

func newOpenCase(s *shell, file *casefile.Case, doc casefile.Document) *openCase {
	o := &openCase{shell: s, file: file, doc: doc, status: func(string) {}}
	o.ctx, o.cancel = context.WithCancel(s.session)
	o.saver = newSaver(o.ctx, s.work, file, o.onSaved)
	o.savedAt = file.Saved()
	return o
}

// letGo forgets the client and returns what is left to do in the background:
// save the rest, close the case.
func (o *openCase) letGo() func() error {
	o.cancel()
	rest, file := o.saver.rest(), o.file
	o.doc = casefile.Document{}
	o.status = func(string) {}
	return func() error { return errors.Join(rest(), file.Close()) }
}

func (o *openCase) onSaved(err error) {
	o.saveError = err
	if err != nil {
		o.status(o.savedWords())
		o.shell.complain(err)
		return
	}
	o.savedAt = o.shell.now()
	o.status(o.savedWords())
}

func (o *openCase) savedWords() string {
	switch {
	case o.saveError != nil:
		return lang.X("saved.not", "Not saved")
	case o.savedAt.IsZero():
		return lang.X("saved.nothing", "Nothing to save yet")
	default:
		return lang.X("saved.at", "Saved {{.Time}}", map[string]any{"Time": o.savedAt.In(o.shell.now().Location()).Format("15:04")})
	}
}

// changedClient is called after a change to the client's own fields.
func (o *openCase) changedClient() {
	d := o.doc
	d.ANumbers = slices.DeleteFunc(slices.Clone(d.ANumbers), func(n string) bool { return n == "" })
	o.saver.client(d)
}

// day is the day the checklist is computed for.
func (o *openCase) day() factors.Date {
	if !o.asOf.IsZero() {
		return o.asOf
	}
	return o.shell.today()
}

// requestedAsk is the first thing that the newest request asks for, or empty.
func (o *openCase) requestedAsk() string {
	for i := len(o.doc.Requests) - 1; i >= 0; i-- {
		if len(o.doc.Requests[i].Asks) > 0 {
			return o.doc.Requests[i].Asks[0].Kind
		}
	}
	return ""
}

// decision returns the decision about a subject, which may be the empty one.
func (o *openCase) decision(subject string) factors.Decision {
	for _, d := range o.doc.Decisions {
		if d.Subject == subject {
			return d
		}
	}
	return factors.Decision{Subject: subject}
}

// decide records a decision and saves it.
func (o *openCase) decide(d factors.Decision) {
	if d.ID == "" {
		d.ID = newID()
	}
	found := false
	for i := range o.doc.Decisions {
		if o.doc.Decisions[i].Subject == d.Subject {
			d.ID = o.doc.Decisions[i].ID
			o.doc.Decisions[i] = d
			found = true
		}
	}
	if !found {
		o.doc.Decisions = append(o.doc.Decisions, d)
	}
	o.saver.put("decisions", d.ID, d)
}

// who is the client's name as the top line writes it: last name first.
func who(c casefile.Client) string {
	given := strings.TrimSpace(c.GivenName + " " + c.MiddleName)
	switch {
	case c.FamilyName != "" && given != "":
		return c.FamilyName + ", " + given
	case c.FamilyName+given != "":
		return c.FamilyName + given
	default:
		return lang.X("client.unnamed", "No name yet")
	}
}

// aNumber writes nine digits in threes.
func aNumber(digits string) string {
	if len(digits) != 9 {
		return digits
	}
	return "A " + digits[:3] + "-" + digits[3:6] + "-" + digits[6:]
}
