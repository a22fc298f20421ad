package main

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"forbear/factors"
)

// A section is one of the places the rail leads to.
type section string

const (
	sectionOverview  section = "overview"
	sectionIntake    section = "intake"
	sectionChecklist section = "checklist"
	sectionExhibits  section = "exhibits"
	sectionPacket    section = "packet"
	sectionSent      section = "sent"
	sectionHistory   section = "history"
	sectionNotes     section = "notes"
)

// sections are in the order of use; Ctrl+1 is the first.
var sections = []section{
	sectionOverview, sectionIntake, sectionChecklist, sectionExhibits,
	sectionPacket, sectionSent, sectionHistory, sectionNotes,
}

func (s section) words() string {
	switch s {
	case sectionOverview:
		return lang.X("section.overview", "Overview")
	case sectionIntake:
		return lang.X("section.intake", "Intake")
	case sectionChecklist:
		return lang.X("section.checklist", "Checklist")
	case sectionExhibits:
		return lang.X("section.exhibits", "Exhibits")
	case sectionPacket:
		return lang.X("section.packet", "Packet")
	case sectionSent:
		return lang.X("section.sent", "Sent and answered")
	case sectionHistory:
		return lang.X("section.history", "History")
	default:
		return lang.X("section.notes", "Notes")
	}
}

// A caseScreen is the frame around an open case: the rail at the left, one line
// on top, the chosen section in the rest.
type caseScreen struct {
	shell *shell
	open  *openCase

	rail    []*railItem
	who     *text
	where   *text
	saved   *text
	middle  *fyne.Container
	current section
	view    screen
}

func newCaseScreen(s *shell, o *openCase) *caseScreen {
	c := &caseScreen{shell: s, open: o, middle: container.NewStack()}
	c.who = heading("")
	c.where = caption("")
	c.saved = caption("")
	c.saved.align = fyne.TextAlignTrailing
	o.status = c.saved.set
	return c
}

func (c *caseScreen) object() (fyne.CanvasObject, *roll) {
	items := newColumn(space / 2)
	for i, s := range sections {
		if s == sectionHistory {
			more := newText(lang.X("section.more", "More"), sizeCaption, colorRailQuiet)
			items.Add(inset(4*space, 2*space, more))
		}
		item := newRailItem(s.words(), i+1, func() { c.choose(s) })
		c.rail = append(c.rail, item)
		items.Add(item)
	}
	person := c.open.vault.Me()
	signed := newText(person.Name, sizeCaption, colorRailQuiet)
	rail := newPanel(colorRail, "", container.NewBorder(items, inset(4*space, 0, signed), nil, nil))
	rail.square, rail.padX, rail.padY = true, 2*space, 3*space

	back := newButton(lang.X("case.back", "< Cases"), c.shell.showCases)
	lock := newButton(lang.X("lock", "Lock"), c.shell.lock)
	top := newPanel(colorCard, "", container.New(topLayout{}, back, c.who, c.where, c.saved, lock))
	top.square, top.padX, top.padY = true, 4*space, 2*space

	// The section comes first in the tree, and so in the order of the Tab key.
	right := container.NewBorder(top, nil, nil, nil, c.middle)
	right.Objects = []fyne.CanvasObject{c.middle, top}
	right.Layout = topAndRest{}
	return container.New(railLayout{}, right, container.New(fixedWidth{200}, rail)), nil
}

func (c *caseScreen) shown() {
	c.tell()
	c.choose(sectionChecklist)
}

// tell fills the top line from the case.
func (c *caseScreen) tell() {
	d := c.open.doc
	c.who.set(who(d.Client))
	var parts []string
	if len(d.ANumbers) > 0 {
		parts = append(parts, aNumber(d.ANumbers[0]))
	}
	if d.Detained == factors.Yes {
		parts = append(parts, strings.TrimSpace(lang.X("cases.detained", "DETAINED")+" "+d.FacilityName))
	}
	if d.Invented {
		parts = append(parts, lang.X("case.invented", "Invented client"))
	}
	if c.open.file.ReadOnly() {
		parts = append(parts, lang.X("case.readonly", "Read only: this folder cannot be written to"))
	}
	if n := c.open.file.Notice(); n.Torn > 0 {
		parts = append(parts, lang.X("case.torn", "The last save before a power cut was not finished"))
	} else if n.Rebuilt {
		parts = append(parts, lang.X("case.rebuilt", "Opened from its journal: it was not closed properly"))
	}
	c.where.set(strings.Join(parts, "   "))
	c.saved.set(c.open.savedWords())
}

// choose shows a section.
func (c *caseScreen) choose(s section) {
	if c.shell.open != c.open {
		return // closed or locked meanwhile
	}
	c.open.saver.flush()
	c.current = s
	c.view = c.newView(s)
	for i, item := range c.rail {
		item.choose(sections[i] == s)
	}
	object, scroll := c.view.object()
	c.middle.Objects = []fyne.CanvasObject{object}
	c.middle.Refresh()
	c.shell.frame.scroll = scroll
	c.shell.win.Canvas().Unfocus()
	c.tell()
	c.view.shown()
}

func (c *caseScreen) newView(s section) screen {
	switch s {
	case sectionOverview:
		return newOverview(c)
	case sectionIntake:
		return newIntake(c)
	case sectionExhibits:
		return newExhibitsView(c)
	case sectionPacket:
		return newPacketView(c)
	case sectionSent:
		return newSentView(c)
	case sectionHistory:
		return newHistoryView(c)
	case sectionNotes:
		return newNotesView(c)
	default:
		return newChecklist(c)
	}
}

func (c *caseScreen) onNew() {
	vault := c.open.vault
	c.shell.leave(func() {
		c.shell.closeCase()
		c.shell.openCase(vault.NewCase, nil)
	})
}

// onExport goes to the packet, and there to where it is signed.
func (c *caseScreen) onExport() {
	if c.current != sectionPacket {
		c.choose(sectionPacket)
	}
	if v, ok := c.view.(*packetView); ok {
		v.onExport()
	}
}

func (c *caseScreen) onFind() {
	if v, ok := c.view.(finds); ok {
		v.onFind()
		return
	}
	c.shell.showCases()
}

func (c *caseScreen) onDrop(paths []string) {
	type drops interface{ onDrop([]string) }
	if v, ok := c.view.(drops); ok {
		v.onDrop(paths)
	}
}

// A railItem is one line of the rail, with the digit of its shortcut.
type railItem struct {
	widget.BaseWidget
	label             string
	digit             int
	tapped            func()
	on, focused, over bool
}

var (
	_ fyne.Tappable     = (*railItem)(nil)
	_ fyne.Focusable    = (*railItem)(nil)
	_ desktop.Hoverable = (*railItem)(nil)
)

func newRailItem(label string, digit int, tapped func()) *railItem {
	i := &railItem{label: label, digit: digit, tapped: tapped}
	i.ExtendBaseWidget(i)
	return i
}

func (i *railItem) choose(on bool) {
	if i.on != on {
		i.on = on
		i.Refresh()
	}
}

func (i *railItem) Tapped(*fyne.PointEvent) {
	if touch(i) {
		i.tapped()
	}
}

func (i *railItem) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		i.Tapped(nil)
	}
}

func (i *railItem) TypedRune(rune)                         {}
func (i *railItem) FocusGained()                           { i.focused = true; i.Refresh() }
func (i *railItem) FocusLost()                             { i.focused = false; i.Refresh() }
func (i *railItem) MouseIn(*desktop.MouseEvent)            { i.over = true; i.Refresh() }
func (i *railItem) MouseMoved(*desktop.MouseEvent)         {}
func (i *railItem) MouseOut()                              { i.over = false; i.Refresh() }
func (i *railItem) AccessibilityLabel() string             { return i.label }
func (i *railItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (i *railItem) CreateRenderer() fyne.WidgetRenderer {
	r := &railRenderer{item: i, ground: canvas.NewRectangle(nil), label: canvas.NewText(i.label, nil), digit: canvas.NewText(string(rune('0'+i.digit)), nil)}
	r.Refresh()
	return r
}

type railRenderer struct {
	item         *railItem
	ground       *canvas.Rectangle
	label, digit *canvas.Text
}

func (r *railRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 36) }

func (r *railRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.label.Move(fyne.NewPos(4*space, 0))
	r.label.Resize(fyne.NewSize(size.Width-8*space, size.Height))
	r.digit.Move(fyne.NewPos(size.Width-6*space, 0))
	r.digit.Resize(fyne.NewSize(3*space, size.Height))
}

func (r *railRenderer) Refresh() {
	i := r.item
	r.ground.Hidden = !i.on && !i.focused && !i.over
	r.ground.FillColor = nil
	if i.on || i.over {
		r.ground.FillColor = theme.Color(colorRailChosen)
	}
	r.ground.CornerRadius = 6
	r.ground.StrokeWidth = 0
	if i.focused {
		r.ground.StrokeWidth = 2
		r.ground.StrokeColor = theme.Color(colorRailText)
	}
	r.label.TextSize = theme.Size(sizeBody)
	r.label.TextStyle.Bold = i.on
	r.label.Color = theme.Color(colorRailText)
	r.digit.TextSize = theme.Size(sizeCaption)
	r.digit.Color = theme.Color(colorRailQuiet)
	r.digit.Alignment = fyne.TextAlignTrailing
	canvas.Refresh(i)
}

func (r *railRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.label, r.digit}
}

func (r *railRenderer) Destroy() {}

// railLayout sets the second object left at its own width, the first in the
// rest.
type railLayout struct{}

func (railLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+b.Width, max(a.Height, b.Height))
}

func (railLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := o[1].MinSize().Width
	o[1].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(w, size.Height))
	o[0].Move(fyne.NewPos(w, 0))
	o[0].Resize(fyne.NewSize(size.Width-w, size.Height))
}

// topAndRest sets the second object on top at its own height, the first below.
type topAndRest struct{}

func (topAndRest) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}

func (topAndRest) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := o[1].MinSize().Height
	o[1].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(size.Width, h))
	o[0].Move(fyne.NewPos(0, h))
	o[0].Resize(fyne.NewSize(size.Width, size.Height-h))
}

type fixedWidth struct{ width float32 }

func (f fixedWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(f.width, o[0].MinSize().Height)
}

func (f fixedWidth) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(size)
}

// topLayout sets back, who, where, saved and lock on one line: who takes what it
// needs up to two fifths, where the rest.
type topLayout struct{}

func (topLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(500, max(o[0].MinSize().Height, o[4].MinSize().Height))
}

func (topLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const gap = 4 * space
	place := func(i int, x, w float32) {
		h := min(size.Height, fit(o[i], w))
		o[i].Resize(fyne.NewSize(w, h))
		o[i].Move(fyne.NewPos(x, (size.Height-h)/2))
	}
	back, lock := o[0].MinSize().Width, o[4].MinSize().Width
	place(0, 0, back)
	place(4, size.Width-lock, lock)
	const saved = 110
	place(3, size.Width-lock-gap-saved, saved)
	x := back + gap
	rest := size.Width - lock - saved - 2*gap - x
	name := rest
	if t, ok := o[1].(*text); ok {
		name = min(rest*0.6, fyne.MeasureText(t.content, theme.Size(t.size), t.style).Width+1)
	}
	place(1, x, name)
	place(2, x+name+gap, max(0, rest-name-gap))
}
