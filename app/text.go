package main

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A text is a paragraph that wraps between words at the width it is given, and
// is as tall as that takes. The toolkit's label does the same with a margin
// around it, which cards cannot afford.
type text struct {
	widget.BaseWidget

	content string
	color   fyne.ThemeColorName
	size    fyne.ThemeSizeName
	style   fyne.TextStyle
	align   fyne.TextAlign
	whole   bool // never wrapped: asks for the width of its words

	width float32 // what the lines were broken for
	lines []string
}

var (
	_ fyne.Widget     = (*text)(nil)
	_ fyne.Accessible = (*text)(nil)
)

func newText(content string, size fyne.ThemeSizeName, color fyne.ThemeColorName) *text {
	t := &text{content: content, size: size, color: color}
	t.ExtendBaseWidget(t)
	return t
}

func body(content string) *text    { return newText(content, sizeBody, colorText) }
func caption(content string) *text { return newText(content, sizeCaption, colorQuiet) }

func strong(content string) *text {
	t := newText(content, sizeBody, colorText)
	t.style.Bold = true
	return t
}

func heading(content string) *text {
	t := newText(content, sizeHeading, colorText)
	t.style.Bold = true
	return t
}

func title(content string) *text {
	t := newText(content, sizeTitle, colorText)
	t.style.Bold = true
	return t
}

// unbroken makes the text one line that asks for the width it needs.
func (t *text) unbroken() *text {
	t.whole = true
	return t
}

// set changes the words, and shows or hides the paragraph when it becomes
// non-empty or empty.
func (t *text) set(content string) {
	if content == t.content && (content != "") == t.Visible() {
		return
	}
	t.content = content
	t.wrap(t.width, true)
	if content == "" {
		t.Hide()
	} else {
		t.Show()
	}
	t.Refresh()
}

func (t *text) setColor(name fyne.ThemeColorName) {
	if t.color != name {
		t.color = name
		t.Refresh()
	}
}

func (t *text) AccessibilityLabel() string             { return t.content }
func (t *text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *text) Resize(size fyne.Size) {
	t.wrap(size.Width, false)
	t.BaseWidget.Resize(size)
}

// wrap breaks the content for a width. A word longer than the line stands alone
// on it and is clipped by nobody: it hangs over, which is visible, where a
// broken A-number would be misread.
func (t *text) wrap(width float32, again bool) {
	if !again && width == t.width && t.lines != nil {
		return
	}
	t.width = width
	t.lines = t.lines[:0]
	size := theme.Size(t.size)
	measure := func(s string) float32 { return fyne.MeasureText(s, size, t.style).Width }
	for _, paragraph := range strings.Split(t.content, "\n") {
		if t.whole || width <= 0 || measure(paragraph) <= width {
			t.lines = append(t.lines, paragraph)
			continue
		}
		line := ""
		// A zero-width space marks where a long path may be broken.
		for _, word := range strings.Fields(strings.ReplaceAll(paragraph, "\u200b", " \u200b")) {
			next := word
			if line != "" {
				next = line + " " + word
			}
			if strings.HasPrefix(word, "\u200b") {
				word = strings.TrimPrefix(word, "\u200b")
				next = line + word
			}
			if line != "" && measure(next) > width {
				t.lines = append(t.lines, line)
				next = word
			}
			line = next
		}
		t.lines = append(t.lines, line)
	}
}

func (t *text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t}
	r.Refresh()
	return r
}

type textRenderer struct {
	text  *text
	lines []*canvas.Text
}

func (r *textRenderer) lineHeight() float32 {
	return fyne.MeasureText("Ág", theme.Size(r.text.size), r.text.style).Height
}

func (r *textRenderer) MinSize() fyne.Size {
	if r.text.lines == nil {
		r.text.wrap(r.text.width, true)
	}
	w := float32(0)
	if r.text.whole {
		w = fyne.MeasureText(r.text.content, theme.Size(r.text.size), r.text.style).Width
	} else if r.text.width <= 0 {
		// Never laid out: ask for a short line, and grow when the width is known.
		w = min(fyne.MeasureText(r.text.content, theme.Size(r.text.size), r.text.style).Width, 40)
	}
	return fyne.NewSize(w, r.lineHeight()*float32(max(1, len(r.text.lines))))
}

func (r *textRenderer) Layout(size fyne.Size) {
	r.text.wrap(size.Width, false)
	r.sync()
	h := r.lineHeight()
	for i, l := range r.lines {
		l.Move(fyne.NewPos(0, float32(i)*h))
		l.Resize(fyne.NewSize(size.Width, h))
	}
}

// sync makes one canvas text per line, and keeps no text beyond them.
func (r *textRenderer) sync() {
	for len(r.lines) < len(r.text.lines) {
		r.lines = append(r.lines, canvas.NewText("", nil))
	}
	r.lines = r.lines[:len(r.text.lines)]
	for i, l := range r.lines {
		l.Text = r.text.lines[i]
		l.TextSize = theme.Size(r.text.size)
		l.TextStyle = r.text.style
		l.Alignment = r.text.align
		l.Color = theme.Color(r.text.color)
	}
}

func (r *textRenderer) Refresh() {
	r.text.wrap(r.text.width, true)
	r.Layout(r.text.Size())
	for _, l := range r.lines {
		l.Refresh()
	}
	canvas.Refresh(r.text)
}

func (r *textRenderer) Objects() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, len(r.lines))
	for i, l := range r.lines {
		o[i] = l
	}
	return o
}

func (r *textRenderer) Destroy() {}
