package main

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"forbear/factors"
)

// A rowParts is what a row card shows. It is plain text: who makes it knows the
// law, who draws it does not.
type rowParts struct {
	state  string // shape and word
	title  string
	reason string // one line
	chips  []string
	side   fyne.ThemeColorName
	tick   string // words of the one tick, empty for none
	on     bool   // whether it is set
}

// A row is one card of the checklist: the word for its state, the title, one
// line of reason, the proofs, one tick. Enter on the card, or a press on it,
// opens the rest below.
type row struct {
	widget.BaseWidget

	parts   rowParts
	ticked  func(bool)
	rest    func() fyne.CanvasObject // makes what Enter opens
	opened  fyne.CanvasObject
	focused bool
	over    bool

	state, title, reason *text
	chips                *fyne.Container
	tick                 *tick
	side                 *fyne.Container // the tick with its margin
	below                *fyne.Container
	panel                *panel
}

var (
	_ fyne.Focusable    = (*row)(nil)
	_ fyne.Tappable     = (*row)(nil)
	_ desktop.Hoverable = (*row)(nil)
	_ fyne.Accessible   = (*row)(nil)
)

func newRow(parts rowParts, ticked func(bool), rest func() fyne.CanvasObject) *row {
	r := &row{ticked: ticked, rest: rest}
	r.state = newText("", sizeCaption, colorFor)
	r.state.style.Bold = true
	r.title = strong("")
	r.reason = newText("", sizeCaption, colorQuiet)
	r.chips = newFlow(space)
	r.tick = newTick("", false, func(on bool) { r.ticked(on) })
	r.below = newColumn(0)
	r.side = inset(5*space, 0, r.tick)
	words := newColumn(space/2, r.state, r.title, r.reason, r.chips)
	r.panel = newPanel(colorCard, colorEdge, newColumn(0, newEnds(words, r.side), r.below))
	r.panel.padY = 2 * space
	r.ExtendBaseWidget(r)
	r.set(parts)
	return r
}

// set shows other parts in the same card, so that nothing jumps and the focus
// stays where it is.
func (r *row) set(p rowParts) {
	old := r.parts
	r.parts = p
	r.state.setColor(p.side)
	r.state.set(p.state)
	r.title.set(p.title)
	r.reason.set(p.reason)
	r.panel.bar = p.side
	if strings.Join(old.chips, "\x00") != strings.Join(p.chips, "\x00") {
		r.chips.Objects = nil
		for _, c := range p.chips {
			r.chips.Add(newChip(c, r.toggle))
		}
	}
	if p.tick == "" {
		r.side.Hide()
	} else {
		r.tick.Text = p.tick
		r.tick.put(p.on)
		r.side.Show()
	}
	if len(p.chips) == 0 {
		r.chips.Hide()
	} else {
		r.chips.Show()
	}
	if r.opened != nil {
		r.openRest()
	}
	r.Refresh()
}

// toggle opens or closes the rest.
func (r *row) toggle() {
	if !touch(r) {
		return
	}
	if r.opened != nil {
		r.opened = nil
		r.below.Objects = nil
		r.below.Refresh()
		r.Refresh()
		return
	}
	r.openRest()
	r.Refresh()
}

func (r *row) openRest() {
	if r.rest == nil {
		return
	}
	r.opened = r.rest()
	r.below.Objects = []fyne.CanvasObject{inset(0, 3*space, r.opened)}
	r.below.Refresh()
}

func (r *row) Tapped(*fyne.PointEvent) { r.toggle() }

func (r *row) TypedKey(e *fyne.KeyEvent) {
	if !touch(r) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		r.toggle()
	case fyne.KeySpace:
		if r.parts.tick != "" && !r.tick.Disabled() {
			r.tick.SetChecked(!r.tick.Checked)
		}
	}
}

func (r *row) TypedRune(rune)                 {}
func (r *row) FocusGained()                   { reveal(r); r.focused = true; r.Refresh() }
func (r *row) FocusLost()                     { r.focused = false; r.Refresh() }
func (r *row) MouseIn(*desktop.MouseEvent)    { r.over = true; r.Refresh() }
func (r *row) MouseMoved(*desktop.MouseEvent) { touch(r) }
func (r *row) MouseOut()                      { r.over = false; r.Refresh() }

// AccessibilityLabel reads the state first, then the title.
func (r *row) AccessibilityLabel() string {
	return strings.Join([]string{r.parts.state, r.parts.title, r.parts.reason}, ". ")
}

func (r *row) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{row: r, ring: newRing(), more: canvas.NewText("", nil)}
}

type rowRenderer struct {
	row  *row
	ring *canvas.Rectangle
	more *canvas.Text
}

func (r *rowRenderer) MinSize() fyne.Size { return r.row.panel.MinSize() }

func (r *rowRenderer) Layout(size fyne.Size) {
	r.row.panel.Resize(size)
	r.ring.Resize(size)
	r.more.Resize(fyne.NewSize(6*space, 5*space))
	r.more.Move(fyne.NewPos(size.Width-8*space, 2*space))
}

func (r *rowRenderer) Refresh() {
	r.ring.StrokeColor = theme.Color(colorRing)
	r.ring.CornerRadius = 6
	r.ring.Hidden = !r.row.focused
	r.row.panel.edge = colorEdge
	if r.row.over {
		r.row.panel.edge = colorAccent
	}
	r.more.Text = "+"
	if r.row.opened != nil {
		r.more.Text = "–"
	}
	if r.row.rest == nil {
		r.more.Text = ""
	}
	r.more.Color = theme.Color(colorQuiet)
	r.more.TextSize = theme.Size(sizeBody)
	r.more.Alignment = fyne.TextAlignTrailing
	r.row.panel.Refresh()
	r.Layout(r.row.Size())
	canvas.Refresh(r.row)
}

func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.row.panel, r.more, r.ring}
}

func (r *rowRenderer) Destroy() {}

// stateWords is the shape and the word of a row's state. The state speaks of
// the fact and not of what an officer will make of it; an empty square is never
// a no.
func stateWords(s factors.RowState) string {
	switch s {
	case factors.HasProof:
		return "■ " + lang.X("state.proof", "Has proof")
	case factors.NeedsProof:
		return "? " + lang.X("state.needsproof", "Needs proof")
	case factors.DatesSuggest:
		return "● " + lang.X("state.suggest", "Dates suggest this")
	case factors.NotAskedYet:
		return "○ " + lang.X("state.notasked", "Not asked")
	case factors.AskedNotKnown:
		return "○ " + lang.X("state.notknown", "Asked, not known")
	case factors.AskedNoAnswer:
		return "○ " + lang.X("state.prefers", "Prefers not to say")
	case factors.DoesNotApply:
		return "– " + lang.X("state.no", "Does not apply")
	case factors.PersonDecides:
		return "? " + lang.X("state.person", "You decide")
	case factors.Recorded:
		return "■ " + lang.X("state.recorded", "In this file")
	case factors.NothingRecorded:
		return "○ " + lang.X("state.nothing", "Nothing recorded")
	default:
		return string(s)
	}
}

// confidenceWords says how well a statement of the library was found.
func confidenceWords(c factors.Confidence) string {
	switch c {
	case factors.Found:
		return lang.X("confidence.found", "found in a named source")
	case factors.Weak:
		return lang.X("confidence.weak", "found only in a secondary or contradicted source")
	default:
		return lang.X("confidence.unverified", "text unverified: check it before anybody relies on it")
	}
}
