package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"forbear/export/sign"
)

// The verify screen reads a packet's signature in three sentences. It works
// without a vault: a supervisor has only the stick in the hand. With an open
// vault it knows the person's own key as well.
type verifyScreen struct {
	shell  *shell
	ctx    context.Context
	cancel context.CancelFunc
	path   *entry
	busy   *text
	answer *fyne.Container
}

func newVerifyScreen(s *shell) *verifyScreen {
	v := &verifyScreen{shell: s, busy: caption(""), answer: newColumn(3 * space)}
	parent := s.session
	if parent == nil {
		parent = context.Background()
	}
	v.ctx, v.cancel = context.WithCancel(parent)
	v.busy.Hide()
	v.path = newEntry(nil)
	v.path.SetPlaceHolder(lang.X("verify.path", "Place of the file, then Enter"))
	v.path.OnSubmitted = func(p string) { v.judge(strings.TrimSpace(p)) }
	return v
}

func (v *verifyScreen) object() (fyne.CanvasObject, *roll) {
	choose := newButton(lang.X("verify.choose", "Choose a file"), v.onChoose)
	back := newButton(lang.X("verify.back", "Back"), v.onBack)
	box := newColumn(3*space,
		title(lang.X("verify.title", "Verify a packet")),
		body(lang.X("verify.words", "Drop a packet on this window, choose it, or type where it is. Nothing is written and nothing is sent.")),
		card(v.path, newFlow(2*space, choose, back)),
		v.busy, v.answer,
	)
	scroll := newRoll(inset(4*space, 12*space, centred(640, box)))
	return scroll, scroll
}

func (v *verifyScreen) shown() { v.shell.win.Canvas().Focus(v.path) }

func (v *verifyScreen) onBack() {
	v.cancel()
	if v.shell.vault != nil {
		v.shell.showCases()
		return
	}
	v.shell.show(newUnlockScreen(v.shell))
}

func (v *verifyScreen) onChoose() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			v.shell.complain(err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		if err := r.Close(); err != nil {
			v.shell.complain(err)
			return
		}
		v.judge(path)
	}, v.shell.win)
	d.Show()
	d.Resize(fyne.NewSize(900, 600)) // the toolkit has nothing to resize before
}

func (v *verifyScreen) onDrop(paths []string) { v.judge(paths[0]) }

// A judgement is a verdict with the four words of its key, which take a moment
// to compute.
type judgement struct {
	verdict sign.Verdict
	words   [4]string
}

func fetchVerdict(path string, trust []*x509.Certificate) (j judgement, err error) {
	f, err := os.Open(path)
	if err != nil {
		return j, fmt.Errorf("open packet: %w", bare(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return j, fmt.Errorf("open packet: %w", bare(err))
	}
	j.verdict = sign.Verify(f, info.Size(), trust)
	if s := j.verdict.Signer; s != nil && !s.Confirmed {
		j.words = sign.Words(s.Certificate)
	}
	return j, nil
}

func (v *verifyScreen) judge(path string) {
	if path == "" {
		return
	}
	v.busy.set(lang.X("verify.busy", "Reading the whole file ..."))
	v.answer.Objects = nil
	v.answer.Refresh()
	var trust []*x509.Certificate
	if v.shell.vault != nil {
		if cert, err := x509.ParseCertificate(v.shell.vault.PacketCertificate()); err == nil {
			trust = append(trust, cert)
		}
	}
	run(v.ctx, v.shell.work, func(context.Context) (judgement, error) { return fetchVerdict(path, trust) },
		func(j judgement, err error) {
			v.busy.set("")
			if err != nil {
				v.shell.complain(err)
				return
			}
			v.answer.Objects = verdictCards(j)
			v.answer.Refresh()
		})
}

// verdictCards are the three sentences of practice point P37, each on a card of
// its own, and the next step.
func verdictCards(j judgement) []fyne.CanvasObject {
	v := j.verdict
	changed, next := stateWordsOf(v)
	cards := []fyne.CanvasObject{card(strong(changed))}
	if s := v.Signer; s != nil {
		cards = append(cards, card(strong(signerWords(s, j.words))))
	}
	if !v.Date.IsZero() {
		cards = append(cards, card(strong(lang.X("verify.dated", "Dated {{.Date}} by the signer's computer's clock; nobody else vouches for the time.",
			map[string]any{"Date": v.Date.Format("Jan 2, 2006, 3:04 pm (UTC-07:00)")}))))
	}
	box := newColumn(space, body(next))
	for _, r := range v.Reasons {
		box.Add(caption(lang.X("verify.reason", "Technical: {{.Reason}}", map[string]any{"Reason": string(r)})))
	}
	for _, n := range v.Notes {
		box.Add(caption(lang.X("verify.reason", "Technical: {{.Reason}}", map[string]any{"Reason": string(n)})))
	}
	if v.Pages > 0 {
		box.Add(caption(lang.XN("exhibits.pages", "{{.N}} pages", v.Pages, map[string]any{"N": v.Pages})))
	}
	return append(cards, newPanel(colorNotice, colorNoticeEdge, box))
}

func stateWordsOf(v sign.Verdict) (state, next string) {
	switch v.State {
	case sign.Unchanged:
		if v.Kind != sign.Ours {
			return lang.X("verify.foreign", "Nothing changed since it was signed. Not made by Forbear."),
				lang.X("verify.foreign.next", "Its own rules judged it, not ours: that is the best that can be said of a file from another program.")
		}
		if v.Signer != nil && v.Signer.Confirmed {
			return lang.X("verify.unchanged", "Nothing changed since it was signed."),
				lang.X("verify.unchanged.next", "Next: read it, as you would any paper. The signature says who and what, not whether it is right.")
		}
		return lang.X("verify.unchanged", "Nothing changed since it was signed."),
			lang.X("verify.confirm.next", "Next: call the person at a number you already have, and compare the four words.")
	case sign.Changed:
		return lang.X("verify.changed", "Changed after signing. Do not use it."),
			lang.X("verify.changed.next", "Next: ask for the file again, from the person who signed it.")
	case sign.NotSigned:
		return lang.X("verify.unsigned", "Not signed. Nobody vouches for it."),
			lang.X("verify.unsigned.next", "Next: ask for the signed file.")
	default:
		return lang.X("verify.unjudged", "This cannot be judged: it is not a PDF, or not one this program understands."),
			lang.X("verify.unjudged.next", "Next: ask for the file again. Do not use it as a packet.")
	}
}

func signerWords(s *sign.Signer, words [4]string) string {
	name := s.Name
	if name == "" {
		name = lang.X("verify.nobody", "nobody")
	}
	switch {
	case s.Confirmed && !s.ConfirmedOn.IsZero():
		return lang.X("verify.by.on", "Signed with the key of {{.Name}}, which you confirmed on {{.On}}.", map[string]any{"Name": name, "On": s.ConfirmedOn.Format("Jan 2, 2006")})
	case s.Confirmed:
		return lang.X("verify.by.own", "Signed with the key of {{.Name}}: the key of this vault.", map[string]any{"Name": name})
	default:
		return lang.X("verify.by.unknown", "Signed with a key that calls itself {{.Name}}. You have not confirmed it: call and compare these four words: {{.Words}}.",
			map[string]any{"Name": name, "Words": strings.Join(words[:], " ")})
	}
}
