package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"

	"forbear/casefile"
	"forbear/factors"
)

// The caseload: one line per client, the nearest date first.
type casesScreen struct {
	shell  *shell
	search *entry
	list   *fyne.Container
	count  *text
	scroll *roll
	cards  []casefile.Card
}

func newCasesScreen(s *shell) *casesScreen {
	c := &casesScreen{shell: s, list: newColumn(space), count: caption("")}
	c.search = newEntry(func(string) { c.filter() })
	c.search.OnSubmitted = func(string) { c.onFirst() }
	c.search.SetPlaceHolder(lang.X("cases.search", "Search: name, alias, A-number"))
	return c
}

func (c *casesScreen) object() (fyne.CanvasObject, *roll) {
	add := nextStep(lang.X("cases.new", "+ New case"), c.onNew)
	lock := newButton(lang.X("lock", "Lock"), c.shell.lock)
	verify := newButton(lang.X("unlock.verify", "Verify a packet"), func() { c.shell.show(newVerifyScreen(c.shell)) })
	top := container.NewBorder(nil, nil, container.NewCenter(heading(windowTitle).unbroken()), container.NewHBox(add, verify, lock), inset(4*space, 0, c.search))
	c.scroll = newRoll(inset(6*space, 3*space, newColumn(2*space, c.count, c.list)))
	head := newPanel(colorCard, "", top)
	head.square = true
	head.padX = 6 * space
	return container.NewBorder(head, nil, nil, nil, c.scroll), c.scroll
}

func fetchCards(vault *casefile.Vault) ([]casefile.Card, error) {
	cards := vault.Cards()
	slices.SortStableFunc(cards, byNeed)
	return cards, nil
}

// byNeed sets detained people and near dates first, people without either by
// name.
func byNeed(a, b casefile.Card) int {
	rank := func(k casefile.Card) int {
		switch {
		case k.NextWhat == "removal":
			return 0
		case k.Detained == factors.Yes:
			return 1
		default:
			return 2
		}
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	day := func(k casefile.Card) factors.Day {
		if d, ok := k.NextDate.Earliest(); ok {
			return d
		}
		return 1 << 30
	}
	if d := day(a) - day(b); d != 0 {
		return int(d)
	}
	return strings.Compare(plain(a.FamilyName+" "+a.GivenName), plain(b.FamilyName+" "+b.GivenName))
}

func (c *casesScreen) shown() {
	vault := c.shell.vault // the window may lock before the background gets there
	run(c.shell.session, c.shell.work, func(context.Context) ([]casefile.Card, error) { return fetchCards(vault) }, func(cards []casefile.Card, err error) {
		if err != nil {
			c.shell.complain(err)
			return
		}
		c.cards = cards
		c.filter()
	})
	c.shell.win.Canvas().Focus(c.search)
}

// plain is what search compares: lower case, without accents, dashes, spaces and
// apostrophes, so that "nunez" finds Núñez and "000000501" finds A 000-000-501.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// matches reports whether every word of the search is in one of the names.
func matches(card casefile.Card, search string) bool {
	names := []string{plain(card.FamilyName + card.GivenName), plain(card.GivenName + card.FamilyName), plain(card.ANumber)}
	for _, n := range card.Names {
		names = append(names, plain(n))
	}
	for _, word := range strings.Fields(search) {
		word = plain(word)
		if len(word) > 1 && word[0] == 'a' && strings.Trim(word[1:], "0123456789") == "" {
			word = word[1:] // the A of an A-number
		}
		if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, word) }) {
			return false
		}
	}
	return true
}

func (c *casesScreen) filter() {
	c.list.Objects = nil
	n := 0
	for _, card := range c.cards {
		if !matches(card, c.search.Text) {
			continue
		}
		if n == 0 {
			c.list.Add(newCaseLine(headLine(), true, nil))
		}
		n++
		c.list.Add(newCaseLine(c.line(card), false, func() { c.onOpen(card) }))
	}
	switch {
	case len(c.cards) == 0:
		c.list.Add(card(
			strong(lang.X("cases.empty", "No case yet.")),
			body(lang.X("cases.empty.do", "Press + New case (Ctrl+N). A new case opens on its checklist at once; nothing has to be filled in first.")),
		))
	case n == 0:
		c.list.Add(card(
			strong(lang.X("cases.none", "Nobody by that name or number here.")),
			body(lang.X("cases.none.do", "Search looks at names, aliases and A-numbers, and ignores accents and dashes. The person may stand under another surname.")),
		))
	}
	c.count.set("")
	if len(c.cards) > 0 {
		c.tellCount(n)
	}
	c.list.Refresh()
}

func (c *casesScreen) tellCount(n int) {
	c.count.set(lang.X("cases.count", "Removal and detention near first. {{.Shown}} of {{.All}}.", map[string]any{"Shown": n, "All": len(c.cards)}))
}

func headLine() []string {
	return []string{
		lang.X("cases.name", "Name"), lang.X("cases.anumber", "A-number"), lang.X("cases.where", "Where"),
		lang.X("cases.next", "Next date"), lang.X("cases.stage", "Stage"), lang.X("cases.state", "State"),
	}
}

func (c *casesScreen) line(k casefile.Card) []string {
	number := aNumber(k.ANumber)
	if k.NoANumber {
		number = lang.X("cases.noanumber", "none assigned")
	}
	where := k.Where
	if k.Detained == factors.Yes {
		where = lang.X("cases.detained", "DETAINED") + " " + where
	}
	next := k.NextDate.Words()
	if next != "" && k.NextWhat != "" {
		next = dateKind(k.NextWhat) + " " + next
	}
	state := ""
	if k.Problem != nil {
		words, _ := explain(k.Problem)
		state = words.what
	} else if k.Invented {
		state = lang.X("cases.invented", "Invented")
	}
	return []string{who(casefile.Client{FamilyName: k.FamilyName, GivenName: k.GivenName}), number, where, next, stageWords(k.Stage), state}
}

func dateKind(what string) string {
	switch what {
	case "removal":
		return lang.X("cases.removal", "REMOVAL")
	case "hearing":
		return lang.X("cases.hearing", "Hearing")
	default:
		return what
	}
}

// onFirst opens the first line of the search: a name and Enter are enough.
func (c *casesScreen) onFirst() {
	for _, card := range c.cards {
		if matches(card, c.search.Text) {
			c.onOpen(card)
			return
		}
	}
}

func (c *casesScreen) onOpen(card casefile.Card) {
	vault := c.shell.vault
	open := func() (*casefile.Case, error) { return vault.OpenCase(card.ID) }
	c.shell.openCase(open, func(err error) {
		if errors.Is(err, casefile.ErrRolledBack) || errors.Is(err, casefile.ErrCaseMissing) {
			c.askAccept(card, err)
			return
		}
		c.shell.complain(err)
	})
}

// askAccept lets a person say that a case which is older than last seen, or gone,
// is meant to be so: a backup was put in its place on purpose.
func (c *casesScreen) askAccept(card casefile.Card, err error) {
	words, _ := explain(err)
	vault := c.shell.vault
	c.shell.ask(lang.X("accept.title", "Is this as it should be?"),
		newColumn(2*space, strong(words.what), body(words.do),
			body(lang.X("accept.words", "If you put a backup in its place yourself, or took the case away, say so: from then on it is taken as it is, and this warning does not come again."))),
		lang.X("accept.yes", "Yes, I did that"), lang.X("accept.no", "No, leave it"), func(yes bool) {
			if !yes || c.shell.vault != vault {
				return
			}
			run(c.shell.session, c.shell.work, func(context.Context) (struct{}, error) { return struct{}{}, vault.Accept(card.ID) },
				func(_ struct{}, err error) {
					if err != nil {
						c.shell.complain(err)
					}
					c.shown()
				})
		})
}

func (c *casesScreen) onNew() {
	vault := c.shell.vault
	c.shell.openCase(vault.NewCase, nil)
}

func (c *casesScreen) onFind() { c.shell.win.Canvas().Focus(c.search) }

// A caseLine is one line of the caseload, with cells at fixed shares of the
// width. Enter or a press opens it.
type caseLine struct {
	widget.BaseWidget
	cells         []string
	head          bool
	tapped        func()
	focused, over bool
}

var caseShares = []float32{0.26, 0.13, 0.22, 0.17, 0.12, 0.10}

var (
	_ fyne.Tappable     = (*caseLine)(nil)
	_ fyne.Focusable    = (*caseLine)(nil)
	_ fyne.Disableable  = (*caseLine)(nil)
	_ desktop.Hoverable = (*caseLine)(nil)
)

func newCaseLine(cells []string, head bool, tapped func()) *caseLine {
	l := &caseLine{cells: cells, head: head, tapped: tapped}
	l.ExtendBaseWidget(l)
	return l
}

func (l *caseLine) Tapped(*fyne.PointEvent) {
	if l.tapped != nil && touch(l) {
		l.tapped()
	}
}

func (l *caseLine) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.Tapped(nil)
	}
}

// Disabled keeps the head line out of the Tab order.
func (l *caseLine) Disabled() bool                 { return l.head }
func (l *caseLine) Enable()                        {}
func (l *caseLine) Disable()                       {}
func (l *caseLine) TypedRune(rune)                 {}
func (l *caseLine) FocusGained()                   { reveal(l); l.focused = true; l.Refresh() }
func (l *caseLine) FocusLost()                     { l.focused = false; l.Refresh() }
func (l *caseLine) MouseIn(*desktop.MouseEvent)    { l.over = true; l.Refresh() }
func (l *caseLine) MouseMoved(*desktop.MouseEvent) {}
func (l *caseLine) MouseOut()                      { l.over = false; l.Refresh() }
func (l *caseLine) AccessibilityLabel() string     { return strings.Join(l.cells, ", ") }
func (l *caseLine) AccessibilityRole() fyne.AccessibleRole {
	return fyne.AccessibleRoleButton
}

func (l *caseLine) CreateRenderer() fyne.WidgetRenderer {
	r := &caseLineRenderer{line: l, ground: canvas.NewRectangle(nil), ring: newRing()}
	for _, c := range l.cells {
		t := newText(c, sizeBody, colorText)
		if l.head {
			t = caption(c)
		}
		r.cells = append(r.cells, t)
	}
	if !l.head {
		r.cells[0].style.Bold = true
	}
	r.Refresh()
	return r
}

type caseLineRenderer struct {
	line         *caseLine
	ground, ring *canvas.Rectangle
	cells        []*text
}

func (r *caseLineRenderer) pad() (x, y float32) {
	if r.line.head {
		return 3 * space, 0
	}
	return 3 * space, 2.5 * space
}

func (r *caseLineRenderer) MinSize() fyne.Size {
	_, y := r.pad()
	h := float32(0)
	for _, c := range r.cells {
		h = max(h, c.MinSize().Height)
	}
	return fyne.NewSize(500, h+2*y)
}

func (r *caseLineRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Resize(size)
	px, y := r.pad()
	x, width := px, size.Width-2*px
	for i, c := range r.cells {
		w := caseShares[i] * width
		c.Move(fyne.NewPos(x, y))
		c.Resize(fyne.NewSize(w-2*space, size.Height-2*y))
		x += w
	}
}

func (r *caseLineRenderer) Refresh() {
	l := r.line
	r.ground.Hidden = l.head
	r.ground.FillColor = theme.Color(colorCard)
	r.ground.StrokeColor = theme.Color(colorEdge)
	if l.over {
		r.ground.StrokeColor = theme.Color(colorAccent)
	}
	r.ground.StrokeWidth = 1
	r.ground.CornerRadius = 6
	r.ring.StrokeColor = theme.Color(colorRing)
	r.ring.CornerRadius = 6
	r.ring.Hidden = !l.focused
	canvas.Refresh(l)
}

func (r *caseLineRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.ground}
	for _, c := range r.cells {
		o = append(o, c)
	}
	return append(o, r.ring)
}

func (r *caseLineRenderer) Destroy() {}
