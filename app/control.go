package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// This file holds the controls that people press. They are the toolkit's, with
// a focus ring that can be seen.

// A button is the toolkit's button inside a ring when it has the focus.
type button struct {
	widget.Button
	focused bool
}

func newButton(label string, tapped func()) *button {
	b := &button{}
	b.Text, b.OnTapped = label, tapped
	b.ExtendBaseWidget(b)
	return b
}

// nextStep is the button of the one obvious next step on a screen.
func nextStep(label string, tapped func()) *button {
	b := newButton(label, tapped)
	b.Importance = widget.HighImportance
	return b
}

func (b *button) FocusGained() {
	if touch(b) {
		reveal(b)
	}
	b.focused = true
	b.Button.FocusGained()
	b.Refresh()
}

func (b *button) Tapped(e *fyne.PointEvent) {
	if touch(b) {
		b.Button.Tapped(e)
	}
}

func (b *button) FocusLost() {
	b.focused = false
	b.Button.FocusLost()
	b.Refresh()
}

// TypedKey presses the button on Enter as well as on the space bar.
func (b *button) TypedKey(e *fyne.KeyEvent) {
	if !touch(b) {
		return
	}
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		e = &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	b.Button.TypedKey(e)
}

func (b *button) AccessibilityLabel() string             { return b.Text }
func (b *button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (b *button) CreateRenderer() fyne.WidgetRenderer {
	r := &ringed{WidgetRenderer: b.Button.CreateRenderer(), ring: newRing(), focused: func() bool { return b.focused }}
	return r
}

func newRing() *canvas.Rectangle {
	ring := canvas.NewRectangle(nil)
	ring.StrokeWidth = 2
	ring.Hidden = true
	return ring
}

// ringed draws a ring over what another renderer draws.
type ringed struct {
	fyne.WidgetRenderer
	ring    *canvas.Rectangle
	focused func() bool
}

func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	// The ring stands off the button's own edge, where it has the ground on
	// both of its sides.
	r.ring.Move(fyne.NewPos(-2, -2))
	r.ring.Resize(size.AddWidthHeight(4, 4))
}

func (r *ringed) Refresh() {
	r.ring.StrokeColor = theme.Color(colorRing)
	r.ring.CornerRadius = theme.Size(theme.SizeNameButtonRadius) + 2
	r.ring.Hidden = !r.focused()
	r.WidgetRenderer.Refresh()
	r.ring.Refresh()
}

func (r *ringed) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, r.WidgetRenderer.Objects()...), r.ring)
}

// A chip is a short word in a box that may be pressed: a proof, a page.
type chip struct {
	widget.BaseWidget

	label         string
	tapped        func()
	focused, over bool
}

var (
	_ fyne.Tappable     = (*chip)(nil)
	_ fyne.Focusable    = (*chip)(nil)
	_ desktop.Hoverable = (*chip)(nil)
)

func newChip(label string, tapped func()) *chip {
	c := &chip{label: label, tapped: tapped}
	c.ExtendBaseWidget(c)
	return c
}

func (c *chip) Tapped(*fyne.PointEvent) {
	if c.tapped != nil && touch(c) {
		c.tapped()
	}
}

func (c *chip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		c.Tapped(nil)
	}
}

func (c *chip) TypedRune(rune)                         {}
func (c *chip) FocusGained()                           { reveal(c); c.focused = true; c.Refresh() }
func (c *chip) FocusLost()                             { c.focused = false; c.Refresh() }
func (c *chip) MouseIn(*desktop.MouseEvent)            { c.over = true; c.Refresh() }
func (c *chip) MouseMoved(*desktop.MouseEvent)         {}
func (c *chip) MouseOut()                              { c.over = false; c.Refresh() }
func (c *chip) AccessibilityLabel() string             { return c.label }
func (c *chip) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{chip: c, ground: canvas.NewRectangle(nil), label: canvas.NewText("", nil), ring: newRing()}
	r.Refresh()
	return r
}

type chipRenderer struct {
	chip         *chip
	ground, ring *canvas.Rectangle
	label        *canvas.Text
}

func (r *chipRenderer) MinSize() fyne.Size {
	s := fyne.MeasureText(r.chip.label, theme.Size(sizeCaption), fyne.TextStyle{})
	return fyne.NewSize(s.Width+4*space, s.Height+2*space)
}

func (r *chipRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Resize(size)
	r.label.Resize(size)
}

func (r *chipRenderer) Refresh() {
	r.ground.FillColor = theme.Color(colorChip)
	r.ground.CornerRadius = 6
	r.ground.StrokeColor = theme.Color(colorBandEdge)
	r.ground.StrokeWidth = 1
	if r.chip.over && r.chip.tapped != nil {
		r.ground.StrokeColor = theme.Color(colorAccent)
	}
	r.ring.StrokeColor = theme.Color(colorRing)
	r.ring.CornerRadius = 6
	r.ring.Hidden = !r.chip.focused
	r.label.Text = r.chip.label
	r.label.TextSize = theme.Size(sizeCaption)
	r.label.Color = theme.Color(colorChipText)
	r.label.Alignment = fyne.TextAlignCenter
	canvas.Refresh(r.chip)
}

func (r *chipRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.label, r.ring}
}

func (r *chipRenderer) Destroy() {}
