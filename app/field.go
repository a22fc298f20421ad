package main

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// An entry is the toolkit's text entry, with three things added: typing counts
// as a sign of life, the program's own shortcuts work inside it, and the screen
// scrolls to it when the Tab key reaches it.
type entry struct {
	widget.Entry
	limit int // characters
}

// Limits of what a field takes, in characters. They are far above what anybody
// types and below what a record can hold; more than that was pasted by mistake,
// or belongs into an exhibit.
const (
	maxLine  = 2_000
	maxLines = 20_000
	maxNote  = 100_000
)

func newEntry(changed func(string)) *entry {
	e := &entry{limit: maxLine}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.OnChanged = func(s string) {
		if cut, over := atMost(s, e.limit); over {
			e.put(cut)
			s = cut
			if f := frameOf(e); f != nil {
				f.trouble(errTooLong)
			}
		}
		if changed != nil {
			changed(s)
		}
	}
	e.ExtendBaseWidget(e)
	return e
}

// atMost cuts s to n characters, and reports whether it was longer.
func atMost(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	r := []rune(s)
	if len(r) <= n {
		return s, false
	}
	return string(r[:n]), true
}

func newLines(rows int, changed func(string)) *entry {
	e := newEntry(changed)
	e.MultiLine = true
	e.limit = maxLines
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	return e
}

func newPassphrase(submitted func()) *entry {
	e := newEntry(nil)
	e.Password = true
	e.OnSubmitted = func(string) { submitted() }
	return e
}

// AcceptsTab is no even for several lines: Tab goes on to the next field.
func (e *entry) AcceptsTab() bool { return false }

func (e *entry) TypedRune(r rune) {
	if touch(e) {
		e.Entry.TypedRune(r)
	}
}

func (e *entry) TypedKey(k *fyne.KeyEvent) {
	if touch(e) {
		e.Entry.TypedKey(k)
	}
}

func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if !touch(e) {
		return
	}
	if custom, ok := s.(*desktop.CustomShortcut); ok {
		if f := frameOf(e); f != nil && f.press(custom) {
			return
		}
	}
	e.Entry.TypedShortcut(s)
}

func (e *entry) FocusGained() {
	if touch(e) {
		reveal(e)
	}
	e.Entry.FocusGained()
}

// CreateRenderer lays a wheel over a single line: the toolkit's entry swallows
// the turning of the mouse wheel even when it has nothing to scroll, and a form
// would stand still under the pointer.
func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	r := e.Entry.CreateRenderer()
	if e.MultiLine {
		return r
	}
	return &wheeled{WidgetRenderer: r, wheel: newWheel()}
}

type wheeled struct {
	fyne.WidgetRenderer
	wheel *wheel
}

func (w *wheeled) Layout(size fyne.Size) {
	w.WidgetRenderer.Layout(size)
	w.wheel.Resize(size)
}

func (w *wheeled) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, w.WidgetRenderer.Objects()...), w.wheel)
}

// A wheel cannot be seen or pressed. It hands the turning of the mouse wheel to
// the screen.
type wheel struct{ widget.BaseWidget }

var _ fyne.Scrollable = (*wheel)(nil)

func newWheel() *wheel {
	w := &wheel{}
	w.ExtendBaseWidget(w)
	return w
}

func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if f := frameOf(w); f != nil && touch(w) && f.scroll != nil {
		f.scroll.Scrolled(e)
	}
}

// put shows a value that did not come from the keyboard, without reporting it
// as a change.
func (e *entry) put(value string) {
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(value)
	e.OnChanged = changed
}

// An option is a stored value and the words a person reads for it. The words
// are never compared or stored.
type option struct{ value, label string }

// A choice is one value out of a few.
type choice struct {
	widget.Select
	options []option
	changed func(string)
	focused bool
}

func newChoice(options []option, value string, changed func(string)) *choice {
	c := &choice{changed: changed}
	c.ExtendBaseWidget(c)
	c.offer(options, value)
	c.OnChanged = func(string) {
		if touch(c) && c.changed != nil {
			c.changed(c.value())
		}
	}
	return c
}

// offer replaces what can be chosen. A value that none of the options has is
// shown as it is stored, so that nothing recorded disappears from the screen.
func (c *choice) offer(options []option, value string) {
	found := false
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.label
		found = found || o.value == value
	}
	if !found {
		options = append(options[:len(options):len(options)], option{value, value})
		labels = append(labels, value)
	}
	c.options = options
	c.Options = labels
	changed := c.OnChanged
	c.OnChanged = nil
	for i, o := range options {
		if o.value == value {
			c.SetSelectedIndex(i)
		}
	}
	c.OnChanged = changed
}

func (c *choice) value() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.options[i].value
	}
	return ""
}

func (c *choice) FocusGained() {
	if touch(c) {
		reveal(c)
	}
	c.focused = true
	c.Select.FocusGained()
}

func (c *choice) FocusLost() {
	c.focused = false
	c.Select.FocusLost()
}

// CreateRenderer draws an edge around the toolkit's select, which has none and
// could not be told from the ground it stands on.
func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	return &edged{WidgetRenderer: c.Select.CreateRenderer(), edge: canvas.NewRectangle(nil), focused: func() bool { return c.focused }}
}

type edged struct {
	fyne.WidgetRenderer
	edge    *canvas.Rectangle
	focused func() bool
}

func (e *edged) Layout(size fyne.Size) {
	e.WidgetRenderer.Layout(size)
	e.edge.Resize(size)
	e.color()
}

func (e *edged) color() {
	e.edge.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	e.edge.StrokeWidth = 1
	e.edge.StrokeColor = theme.Color(theme.ColorNameInputBorder)
	if e.focused() {
		e.edge.StrokeWidth = 2
		e.edge.StrokeColor = theme.Color(colorRing)
	}
}

func (e *edged) Refresh() {
	e.color()
	e.WidgetRenderer.Refresh()
	e.edge.Refresh()
}

func (e *edged) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, e.WidgetRenderer.Objects()...), e.edge)
}

func (c *choice) TypedKey(k *fyne.KeyEvent) {
	if touch(c) {
		c.Select.TypedKey(k)
	}
}

func (c *choice) TypedShortcut(s fyne.Shortcut) { pressIn(c, s) }

// A tick is the toolkit's check box with the same three things added.
type tick struct{ widget.Check }

func newTick(label string, on bool, changed func(bool)) *tick {
	t := &tick{}
	t.Text = label
	t.Checked = on
	t.ExtendBaseWidget(t)
	t.OnChanged = func(on bool) {
		if touch(t) {
			changed(on)
		}
	}
	return t
}

func (t *tick) put(on bool) {
	changed := t.OnChanged
	t.OnChanged = nil
	t.SetChecked(on)
	t.OnChanged = changed
}

func (t *tick) FocusGained() {
	if touch(t) {
		reveal(t)
	}
	t.Check.FocusGained()
}

func (t *tick) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		t.TypedRune(' ')
		return
	}
	t.Check.TypedKey(k)
}

func pressIn(o fyne.CanvasObject, s fyne.Shortcut) {
	if custom, ok := s.(*desktop.CustomShortcut); ok {
		if f := frameOf(o); f != nil {
			f.press(custom)
		}
	}
}

// A field is a control under its name, with a line below for what is wrong with
// what it holds, or for what a person should know.
//
// It is not an object itself: what goes into a layout is its Container, since
// the toolkit looks into containers by their exact type.
type field struct {
	Container *fyne.Container

	name *text
	hint *text
	help string
}

func newField(name string, control fyne.CanvasObject, help string) *field {
	f := &field{name: newText(name, sizeCaption, colorQuiet), hint: caption(""), help: help}
	f.hint.set(help)
	f.Container = newColumn(space/2, f.name, control, f.hint)
	return f
}

// complain shows what is wrong in place of the help, or with an empty string
// the help again.
func (f *field) complain(wrong string) {
	if wrong == "" {
		f.hint.setColor(colorQuiet)
		f.hint.set(f.help)
		return
	}
	f.hint.setColor(colorTrouble)
	f.hint.set(wrong)
}

// say shows what the field was understood as.
func (f *field) say(words string) {
	f.hint.setColor(colorQuiet)
	f.hint.set(words)
}
