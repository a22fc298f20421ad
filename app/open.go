package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
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

	vault *casefile.Vault

	// jobs are the pieces of background work that use the case. It is closed
	// after they have ended.
	jobs *sync.WaitGroup

	// taking is the files that are being taken in, or nil.
	taking *taking

	status    func(string) // "Saved 12:04"
	savedAt   time.Time
	saveError error // of the saver's last batch; nothing else changes it
}

// taking is files on their way into the case.
type taking struct {
	left   int // files, with the one that is being read
	words  string
	cancel context.CancelFunc
}

func newOpenCase(s *shell, file *casefile.Case, doc casefile.Document) *openCase {
	o := &openCase{shell: s, file: file, doc: doc, vault: s.vault, jobs: &sync.WaitGroup{}, status: func(string) {}}
	o.ctx, o.cancel = context.WithCancel(s.session)
	o.saver = newSaver(o.ctx, s.work, file, o.onSaved)
	o.savedAt = file.Saved()
	return o
}

// inCase runs work that uses the open case. Closing the case waits for it; its
// context is over from then on.
func inCase[T any](o *openCase, work func(context.Context) (T, error), done func(T, error)) {
	o.jobs.Add(1)
	jobs := o.jobs
	run(o.ctx, o.shell.work, func(ctx context.Context) (T, error) {
		defer jobs.Done()
		return work(ctx)
	}, done)
}

// letGo forgets the client and returns what is left to do in the background:
// wait for what is under way, save the rest, close the case. A disk that refused
// once is given a second chance, with the case opened anew.
func (o *openCase) letGo() func() error {
	o.cancel()
	rest, file, vault, jobs := o.saver.rest(), o.file, o.vault, o.jobs
	o.doc = casefile.Document{}
	o.status = func(string) {}
	return func() error {
		jobs.Wait()
		err := rest.write(file)
		closed := file.Close()
		if len(rest.jobs) > 0 && !atFault(err) {
			again, cannot := vault.OpenCase(file.ID())
			if cannot != nil {
				return errors.Join(err, closed)
			}
			return errors.Join(rest.write(again), again.Close())
		}
		return errors.Join(err, closed)
	}
}

// onSaved is what the saver says. A refusal is shown once, not with each letter.
func (o *openCase) onSaved(err error) {
	first := o.saveError == nil
	o.saveError = err
	if err == nil {
		o.savedAt = o.shell.now()
	}
	o.status(o.savedWords())
	if err != nil && first {
		o.shell.complain(err)
	}
}

// wrote notes that something beside the saver has written to the case.
func (o *openCase) wrote() {
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

// sent takes over what was recorded about a request as sent, and keeps what was
// typed into it meanwhile.
func (o *openCase) sent(r casefile.Request) {
	for i := range o.doc.Requests {
		now := &o.doc.Requests[i]
		if now.ID != r.ID {
			continue
		}
		now.How, now.SentOn, now.SentTime, now.Channel = r.How, r.SentOn, r.SentTime, r.Channel
		now.Packet, now.Argued = r.Packet, r.Argued
		// Typing may have asked for the unsent request to be saved.
		o.saver.put("requests", now.ID, *now)
		return
	}
	o.doc.Requests = append(o.doc.Requests, r)
}

// exhibit finds an exhibit by its id, or nil. The pointer holds until the list of
// exhibits changes.
func (o *openCase) exhibit(id string) *casefile.Exhibit {
	for i := range o.doc.Exhibits {
		if o.doc.Exhibits[i].ID == id {
			return &o.doc.Exhibits[i]
		}
	}
	return nil
}

// decide records a decision and saves it. Of several about one subject, which
// two computers may have brought together, this one remains.
func (o *openCase) decide(d factors.Decision) {
	d.ID = ""
	var rest []factors.Decision
	for _, old := range o.doc.Decisions {
		switch {
		case old.Subject != d.Subject:
			rest = append(rest, old)
		case d.ID == "":
			d.ID = old.ID
			rest = append(rest, d)
		default:
			o.saver.drop("decisions", old.ID)
		}
	}
	if d.ID == "" {
		d.ID = newID()
		rest = append(rest, d)
	}
	for i := range rest {
		if rest[i].Subject == d.Subject {
			rest[i] = d
		}
	}
	o.doc.Decisions = rest
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
