package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The frame is the root of what a window shows. It notices that somebody is
// there, knows the program's shortcuts, and scrolls a screen to the field that
// has the focus. Controls find it above themselves, so that none of them has to
// be handed it.
type frame struct {
	widget.BaseWidget

	content   fyne.CanvasObject
	scroll    *roll       // the one that holds the screen's fields, or nil
	input     func() bool // somebody moved, typed or pressed; false: too late, it has locked
	trouble   func(error) // something is wrong with what was typed
	shortcuts map[string]func()
}

var _ desktop.Hoverable = (*frame)(nil)

func newFrame(input func() bool, trouble func(error)) *frame {
	f := &frame{input: input, trouble: trouble, content: container.NewStack(), shortcuts: map[string]func(){}}
	f.ExtendBaseWidget(f)
	return f
}

// show replaces what the frame holds and forgets what it held.
func (f *frame) show(content fyne.CanvasObject, scroll *roll) {
	f.content, f.scroll = content, scroll
	f.Refresh()
}

func (f *frame) MouseIn(*desktop.MouseEvent)    { f.input() }
func (f *frame) MouseMoved(*desktop.MouseEvent) { f.input() }
func (f *frame) MouseOut()                      {}

// press runs the shortcut if it is one of ours.
func (f *frame) press(s *desktop.CustomShortcut) bool {
	run, ok := f.shortcuts[s.ShortcutName()]
	if ok && f.input() {
		run()
	}
	return ok
}

func (f *frame) CreateRenderer() fyne.WidgetRenderer {
	r := &frameRenderer{frame: f, ground: canvas.NewRectangle(theme.Color(colorGround))}
	return r
}

type frameRenderer struct {
	frame  *frame
	ground *canvas.Rectangle
}

// MinSize is small on purpose: a window never grows because a text in it did.
func (r *frameRenderer) MinSize() fyne.Size { return fyne.NewSize(640, 400) }

func (r *frameRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.frame.content.Resize(size)
}

func (r *frameRenderer) Refresh() {
	r.ground.FillColor = theme.Color(colorGround)
	r.Layout(r.frame.Size())
	canvas.Refresh(r.frame)
}

func (r *frameRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.frame.content}
}

func (r *frameRenderer) Destroy() {}

// frameOf finds the frame above an object, or nil while it is not on a screen.
func frameOf(o fyne.CanvasObject) *frame {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return nil
	}
	f, _ := c.Content().(*frame)
	return f
}

// touch notes that somebody used o. It is false when that came too late and the
// window has locked instead: whatever was pressed is gone, and must do nothing.
func touch(o fyne.CanvasObject) bool {
	f := frameOf(o)
	return f == nil || f.input()
}

// reveal scrolls the screen until o is in sight.
func reveal(o fyne.CanvasObject) {
	f := frameOf(o)
	if f == nil || f.scroll == nil {
		return
	}
	d := fyne.CurrentApp().Driver()
	if c := d.CanvasForObject(o); c == nil || c.Overlays().Top() != nil {
		return
	}
	const margin = 10 * space
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(f.scroll).Y
	bottom := top + o.Size().Height
	move := float32(0)
	switch {
	case top < margin:
		move = top - margin
	case bottom > f.scroll.Size().Height-margin:
		move = bottom - f.scroll.Size().Height + margin
	default:
		return
	}
	limit := max(0, f.scroll.Content.MinSize().Height-f.scroll.Size().Height)
	f.scroll.ScrollToOffset(fyne.NewPos(f.scroll.Offset.X, min(limit, max(0, f.scroll.Offset.Y+move))))
}

// A roll is the part of a screen that scrolls. Turning the mouse wheel is a sign
// of life: somebody reads.
type roll struct{ container.Scroll }

func newRoll(content fyne.CanvasObject) *roll {
	r := &roll{}
	r.Direction = container.ScrollVerticalOnly
	r.Content = content
	r.ExtendBaseWidget(r)
	return r
}

func (r *roll) Scrolled(e *fyne.ScrollEvent) {
	if touch(r) {
		r.Scroll.Scrolled(e)
	}
}

// lively is a part of a dialog over which the mouse is a sign of life: a dialog
// lies outside the frame.
type lively struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

var _ desktop.Hoverable = (*lively)(nil)

func newLively(content fyne.CanvasObject) *lively {
	l := &lively{content: content}
	l.ExtendBaseWidget(l)
	return l
}

func (l *lively) MouseIn(*desktop.MouseEvent)         { touch(l) }
func (l *lively) MouseMoved(*desktop.MouseEvent)      { touch(l) }
func (l *lively) MouseOut()                           {}
func (l *lively) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.content) }
