package page

import (
	"strings"
)

// A Run is a piece of a paragraph in one style.
type Run struct {
	Text   string
	Bold   bool
	Italic bool

	// Link makes the run a link to a name. Keep forbids breaking it across
	// lines, as for "Ex. C, p. 27".
	Link string
	Keep bool
}

// Text is one plain run.
func Text(s string) []Run { return []Run{{Text: s}} }

// Align says where short lines stand.
type Align uint8

const (
	Left Align = iota
	Center
	Right
)

// A Paragraph is lines of text. The zero style is 11 point serif.
type Paragraph struct {
	Runs   []Run
	Face   Face    // the upright face; bold and italic runs take its kin
	Size   float64 // 11 when 0
	Lead   float64 // line height as a multiple of the size; 1.28 when 0
	Before float64 // dropped at the top of a page
	After  float64
	Indent float64 // of all lines, from the left margin
	Right  float64 // kept free at the right margin
	Marker string  // a list's bullet or number, hung into the indent
	Label  string  // a few words in small sans at the left margin, beside the indent
	Align  Align
	Gray   float64
	Anchor string

	// WithNext keeps the whole paragraph on the page of what follows it, as a
	// heading. Whole keeps its lines together.
	WithNext bool
	Whole    bool
}

// A Flow gathers blocks from top to bottom. [Flow.Finish] puts them on pages.
type Flow struct {
	margins Margins
	slabs   []slab
	missing []missingAt
	chained int // inside this many [Flow.Together] calls
}

// Margins of a letter page, in points.
type Margins struct{ Top, Right, Bottom, Left float64 }

// LetterMargins leave an inch at the sides, and room for the foot.
var LetterMargins = Margins{Top: 58, Right: 72, Bottom: 66, Left: 72}

// NewFlow begins an empty US Letter document.
func NewFlow(m Margins) *Flow { return &Flow{margins: m} }

// Width is the measure between the margins.
func (f *Flow) Width() float64 { return LetterWidth - f.margins.Left - f.margins.Right }

// A slab is what never splits: one line, one table row. Its ops are relative
// to its upper left corner, the left margin being 0.
type slab struct {
	before, height float64
	ops            []op
	withNext       bool
	breakBefore    bool
	head           []slab // a table's head, repeated when this slab begins a page
}

type missingAt struct {
	r    rune
	slab int
}

// Paragraph adds text.
func (f *Flow) Paragraph(p Paragraph) {
	p = p.defaults()
	lines, missing := breakLines(p, f.Width()-p.Indent-p.Right)
	for _, r := range missing {
		f.missing = append(f.missing, missingAt{r, len(f.slabs)})
	}
	for i, ln := range lines {
		s := slab{height: p.Size * p.Lead}
		if i == 0 {
			s.before = p.Before
			if p.Anchor != "" {
				s.ops = append(s.ops, op{kind: opAnchor, s: p.Anchor})
			}
			if p.Label != "" {
				l, _ := Printable(SansBold, p.Label)
				s.ops = append(s.ops, op{kind: opText, face: SansBold, size: 7.5, gray: 0.35, s: l, y: p.baseline()})
			}
			if p.Marker != "" {
				m, _ := Printable(p.Face, p.Marker)
				s.ops = append(s.ops, op{
					kind: opText, face: p.Face, size: p.Size, gray: p.Gray, s: m,
					x: max(0, p.Indent-Width(p.Face, p.Size, m)-0.45*p.Size), y: p.baseline(),
				})
			}
		}
		s.ops = append(s.ops, ln.draw(p, p.Indent, f.Width()-p.Indent-p.Right)...)
		last := i == len(lines)-1
		// Two lines at least stay together at either end of a paragraph.
		s.withNext = p.WithNext || !last && (p.Whole || i == 0 || i == len(lines)-2)
		if last {
			s.height += p.After
		}
		f.add(s)
	}
}

func (p Paragraph) defaults() Paragraph {
	if p.Size == 0 {
		p.Size = 11
	}
	if p.Lead == 0 {
		p.Lead = 1.28
	}
	return p
}

// baseline is where the first line stands below the top of its slab.
func (p Paragraph) baseline() float64 { return p.Size * (p.Lead*0.5 + 0.31) }

// Rule draws a line across the measure.
func (f *Flow) Rule(before, thick, gray float64) {
	f.add(slab{before: before, height: thick, withNext: true, ops: []op{{kind: opRule, w: f.Width(), thick: thick, gray: gray}}})
}

// Space leaves room that vanishes at the top of a page.
func (f *Flow) Space(h float64) { f.add(slab{before: h}) }

// Break begins a new page, unless one has just begun.
func (f *Flow) Break() { f.add(slab{breakBefore: true, withNext: true}) }

// Anchor names this place without drawing anything.
func (f *Flow) Anchor(name string) {
	f.add(slab{withNext: true, ops: []op{{kind: opAnchor, s: name}}})
}

// Reserve keeps an area of the page free under a name; [Result.Boxes] says
// where it fell.
func (f *Flow) Reserve(name string, w, h float64) {
	f.add(slab{height: h, withNext: true, ops: []op{{kind: opBox, w: w, h: h, s: name}}})
}

// Together keeps everything that do adds on one page, if one page holds it.
func (f *Flow) Together(do func()) {
	f.chained++
	start := len(f.slabs)
	do()
	f.chained--
	if n := len(f.slabs); f.chained == 0 && n > start {
		f.slabs[n-1].withNext = false
	}
}

func (f *Flow) add(s slab) {
	if f.chained > 0 {
		s.withNext = true
	}
	f.slabs = append(f.slabs, s)
}

// FinishLocked is like [Flow.Finish] and encrypts the file in the old way that
// some courts' systems still use, with an empty password. It protects nothing;
// it is for samples of what people bring. The bytes differ from run to run.
func (f *Flow) FinishLocked() (Result, error) { return f.finish(true) }

// Finish puts the blocks on pages and draws them. A flow with no blocks gives
// one blank page.
func (f *Flow) Finish() (Result, error) { return f.finish(false) }

func (f *Flow) finish(locked bool) (Result, error) {
	leaves, missing := f.leaves()
	res, err := render(leaves, locked)
	if err != nil {
		return Result{}, err
	}
	res.Missing = missing
	return res, nil
}

// Measure puts the blocks on pages without drawing them: the result of
// [Flow.Finish] without its bytes.
func (f *Flow) Measure() Result {
	leaves, missing := f.leaves()
	res := measure(leaves)
	res.Missing = missing
	return res
}

// leaves puts the blocks on pages.
func (f *Flow) leaves() ([]leaf, []Missing) {
	body := LetterHeight - f.margins.Top - f.margins.Bottom
	leaves := []leaf{{width: LetterWidth, height: LetterHeight}}
	pageOf := make([]int, len(f.slabs)+1)
	y, empty := 0.0, true
	put := func(s slab) {
		for _, o := range s.ops {
			o.x += f.margins.Left
			o.y += f.margins.Top + y
			leaves[len(leaves)-1].ops = append(leaves[len(leaves)-1].ops, o)
		}
		y += s.height
		empty = empty && s.height == 0
	}
	turn := func() {
		leaves = append(leaves, leaf{width: LetterWidth, height: LetterHeight})
		y, empty = 0, true
	}
	for i := 0; i < len(f.slabs); {
		// A chain is a slab with all that must follow it on the same page.
		end := i
		need := f.slabs[i].before + f.slabs[i].height
		for f.slabs[end].withNext && end+1 < len(f.slabs) && !f.slabs[end+1].breakBefore {
			end++
			need += f.slabs[end].before + f.slabs[end].height
		}
		if !empty && (f.slabs[i].breakBefore || y+need > body+0.01) {
			turn()
		}
		for ; i <= end; i++ {
			s := f.slabs[i]
			if !empty && y+s.before+s.height > body+0.01 {
				// The chain is longer than a page.
				turn()
			}
			if empty {
				if y == 0 && len(leaves) > 1 {
					for _, h := range s.head {
						put(h)
					}
				}
			} else {
				y += s.before
			}
			pageOf[i] = len(leaves) - 1
			put(s)
		}
	}
	// Space at the very end must not leave a page with nothing on it.
	if len(leaves) > 1 && len(leaves[len(leaves)-1].ops) == 0 {
		leaves = leaves[:len(leaves)-1]
	}
	pageOf[len(f.slabs)] = len(leaves) - 1
	var missing []Missing
	for _, m := range f.missing {
		missing = append(missing, Missing{Rune: m.r, Page: pageOf[m.slab]})
	}
	return leaves, missing
}

// A piece is part of a line in one face.
type piece struct {
	face Face
	s    string
	link string
	w    float64
}

type line struct {
	pieces []piece
	w      float64
}

// draw places a line's pieces; left and width are the column it stands in.
func (l line) draw(p Paragraph, left, width float64) []op {
	x := left
	switch p.Align {
	case Center:
		x += (width - l.w) / 2
	case Right:
		x += width - l.w
	}
	var ops []op
	for _, pc := range l.pieces {
		ops = append(ops, op{kind: opText, face: pc.face, size: p.Size, gray: p.Gray, x: x, y: p.baseline(), s: pc.s})
		if pc.link != "" {
			ops = append(ops, op{kind: opLink, x: x, y: p.baseline() - 0.78*p.Size, w: pc.w, h: p.Size, s: pc.link})
		}
		x += pc.w
	}
	return ops
}

// breakLines fills lines of at most width points, breaking at blanks. A word
// that is wider than a line is cut.
func breakLines(p Paragraph, width float64) ([]line, []rune) {
	type word struct {
		piece
		blank bool // a blank stands before it
		wrap  bool // it may begin a line
		turn  bool // it must begin a line
	}
	var words []word
	var missing []rune
	blank, turn := false, false
	for _, r := range p.Runs {
		face := p.Face
		if r.Bold {
			face = face.bold()
		} else if r.Italic {
			face = face.italic()
		}
		text, lost := Printable(face, r.Text)
		missing = append(missing, lost...)
		add := func(s string) {
			if s == "" {
				return
			}
			words = append(words, word{
				piece: piece{face: face, s: s, link: r.Link, w: Width(face, p.Size, s)},
				blank: blank, wrap: blank, turn: turn,
			})
			blank, turn = false, false
		}
		if r.Keep {
			trimmed := strings.Join(strings.Fields(text), " ")
			blank = blank || strings.HasPrefix(text, " ")
			add(trimmed)
			blank = strings.HasSuffix(text, " ")
			continue
		}
		start := 0
		for i, c := range text {
			if c != ' ' && c != '\n' {
				continue
			}
			add(text[start:i])
			start = i + 1
			if c == '\n' {
				turn = true
			} else {
				blank = true
			}
		}
		add(text[start:])
	}

	var lines []line
	var cur line
	flush := func() {
		lines = append(lines, cur)
		cur = line{}
	}
	put := func(pc piece, blank bool) {
		if blank && len(cur.pieces) > 0 {
			// The blank belongs to the piece before it, unless only the piece
			// after it is linked or styled alike.
			sp := Width(pc.face, p.Size, " ")
			last := &cur.pieces[len(cur.pieces)-1]
			if last.face == pc.face && last.link == pc.link {
				last.s += " " + pc.s
				last.w += sp + pc.w
				cur.w += sp + pc.w
				return
			}
			sp = Width(last.face, p.Size, " ")
			if last.link == "" {
				last.s += " "
				last.w += sp
			} else {
				cur.pieces = append(cur.pieces, piece{face: last.face, s: " ", w: sp})
			}
			cur.w += sp
		}
		cur.pieces = append(cur.pieces, pc)
		cur.w += pc.w
	}
	for i := 0; i < len(words); {
		// What has no blank inside stays together: a word with its comma, even
		// where the style changes between them.
		end := i + 1
		w := words[i].w
		for end < len(words) && !words[end].wrap && !words[end].turn {
			w += words[end].w
			end++
		}
		lead := 0.0
		if words[i].blank && len(cur.pieces) > 0 {
			lead = Width(words[i].face, p.Size, " ")
		}
		if words[i].turn || len(cur.pieces) > 0 && cur.w+lead+w > width {
			if len(cur.pieces) > 0 || words[i].turn {
				flush()
			}
		}
		for ; i < end; i++ {
			wd := words[i]
			for cur.w+wd.w > width && (len(cur.pieces) == 0 || w > width) {
				head, rest := cut(wd.face, p.Size, wd.s, width-cur.w)
				if head != "" {
					put(piece{face: wd.face, s: head, link: wd.link, w: Width(wd.face, p.Size, head)}, false)
				}
				if rest == "" {
					wd.s, wd.w = "", 0
					break
				}
				flush()
				wd.s, wd.w, wd.blank = rest, Width(wd.face, p.Size, rest), false
			}
			if wd.s != "" {
				put(wd.piece, wd.blank)
			}
		}
	}
	if len(cur.pieces) > 0 || len(lines) == 0 {
		flush()
	}
	return lines, missing
}

// cut returns as much of s as width holds, at least one character when the
// line is otherwise empty, and the rest.
func cut(f Face, size float64, s string, width float64) (string, string) {
	var w float64
	for i, r := range s {
		w += max(0, f.advance(r)) * size
		if w > width && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}
