package exhibit

import (
	"math"
	"strings"

	"golang.org/x/text/unicode/norm"

	"forbear/export/pdf"
)

// Bounds on text, in bytes: of one page, and of all.
const (
	maxPageText = 1 << 20
	maxText     = 30 << 20
)

// maxFormDepth bounds forms within forms when text is read.
const maxFormDepth = 12

// A reader of text walks a page the way a viewer draws it and writes down what
// is shown, in the order in which it is drawn. Lines and words are told by
// where the pen stands (ISO 32000-1 clause 9.4.4). Hidden layers are not read;
// text that is there but not painted (a scan's recognised text) is.
type textReader struct {
	c       *cleaner
	out     strings.Builder
	unread  int // characters of unknown meaning
	read    int
	seen    box // the visible part of the page
	outside bool
	// moved says that the pen was put where it is, rather than carried there by
	// widths that may be wrong.
	moved bool

	// where the last shown text ended, and how it ran
	endX, endY float64
	dirX, dirY float64
	size       float64
	started    bool
}

// textState is what q saves and Q restores, as far as text needs it.
type textState struct {
	ctm                        matrix
	font                       *font
	size, char, word, scale, l float64
}

// pageText reads the text of a page and of what is drawn on top of it. It is ""
// where there is none, and where most of it cannot be read: a page without a
// text layer for our purposes.
func (c *cleaner) pageText(content []byte, resources pdf.Dict, annots []drawnAnnotation, seen box) (string, error) {
	r := &textReader{c: c, seen: seen}
	if err := r.run(content, resources, identity, 0); err != nil {
		return "", err
	}
	for _, a := range annots {
		r.breakLine()
		if err := r.form(a.source, resources, a.place, 0); err != nil {
			return "", err
		}
	}
	if r.outside {
		c.report.ask("text-outside", c.page)
	}
	if r.unread > r.read {
		return "", nil
	}
	text := norm.NFC.String(strings.ToValidUTF8(r.out.String(), "\uFFFD"))
	return strings.TrimSpace(strings.NewReplacer("\x00", "", " \n", "\n").Replace(text)), nil
}

// form reads the text of a form XObject.
func (r *textReader) form(st *stream, resources pdf.Dict, ctm matrix, depth int) error {
	if depth > maxFormDepth {
		return nil
	}
	c := r.c
	if err := c.spend(formWork); err != nil {
		return err
	}
	content, cached := c.forms[st.number]
	if !cached {
		var err error
		if content, err = c.decode(st); err != nil {
			return err
		}
		if c.formBytes+len(content) <= 32<<20 {
			c.formBytes += len(content)
			c.forms[st.number] = content
		}
	}
	if own := c.src.dict(st.dict["Resources"]); own != nil {
		resources = own
	}
	if m := c.src.numbers(st.dict["Matrix"], 6); m != nil {
		ctm = matrix(m).times(ctm)
	}
	return r.run(content, resources, ctm, depth+1)
}

func (r *textReader) run(content []byte, resources pdf.Dict, ctm matrix, depth int) error {
	c := r.c
	fonts := c.src.dict(resources["Font"])
	objects := c.src.dict(resources["XObject"])
	marks := markedContent{c: c, properties: c.src.dict(resources["Properties"])}
	state := textState{ctm: ctm, scale: 1}
	var stack []textState
	tm, line := identity, identity
	reader := newContentReader(content)
	for {
		op, more := reader.next()
		if !more || r.out.Len() > maxPageText {
			return nil
		}
		if err := c.spend(1); err != nil {
			return err
		}
		if marks.step(op) {
			continue
		}
		arg := func(i int) float64 {
			if i < len(op.args) {
				return op.args[i].number()
			}
			return 0
		}
		nextLine := func(x, y float64) {
			line = matrix{1, 0, 0, 1, x, y}.times(line)
			tm = line
			r.moved = true
		}
		show := func(t token) {
			if !marks.hidden() {
				r.show(t.bytes(), &state, &tm)
			}
		}
		switch op.op {
		case "q":
			if len(stack) < 1000 {
				stack = append(stack, state)
			}
		case "Q":
			if n := len(stack); n > 0 {
				state, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			state.ctm = matrix{arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)}.times(state.ctm)
		case "BT":
			tm, line = identity, identity
		case "Tf":
			if len(op.args) >= 2 {
				state.font = nil
				if v, there := fonts[pdf.Name(op.args[0].name())]; there {
					state.font = c.font(v)
				}
				state.size = arg(1)
			}
		case "Tc":
			state.char = arg(0)
		case "Tw":
			state.word = arg(0)
		case "Tz":
			state.scale = arg(0) / 100
		case "TL":
			state.l = arg(0)
		case "Td":
			nextLine(arg(0), arg(1))
		case "TD":
			state.l = -arg(1)
			nextLine(arg(0), arg(1))
		case "Tm":
			line = matrix{arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)}
			tm = line
			r.moved = true
		case "T*":
			nextLine(0, -state.l)
		case "Tj":
			for _, t := range op.args {
				show(t)
			}
		case "'":
			nextLine(0, -state.l)
			for _, t := range op.args {
				show(t)
			}
		case "\"":
			state.word, state.char = arg(0), arg(1)
			nextLine(0, -state.l)
			for _, t := range op.args {
				show(t)
			}
		case "TJ":
			for _, t := range op.args {
				if t.kind == tokenNumber {
					tm = matrix{1, 0, 0, 1, -t.number() / 1000 * state.size * state.scale, 0}.times(tm)
					continue
				}
				show(t)
			}
		case "Do":
			if marks.hidden() || len(op.args) == 0 {
				continue
			}
			st, ok := c.src.resolve(objects[pdf.Name(op.args[0].name())]).(*stream)
			if !ok || c.src.name(st.dict["Subtype"]) != "Form" {
				continue
			}
			if hidden, _ := c.layers.judge(st.dict["OC"]); hidden {
				continue
			}
			if err := r.form(st, resources, state.ctm, depth); err != nil {
				return err
			}
		}
	}
}

// show writes down one string and moves the pen.
func (r *textReader) show(s []byte, state *textState, tm *matrix) {
	if state.font == nil {
		return
	}
	for len(s) > 0 {
		code, text, rest := state.font.next(s)
		single := len(s)-len(rest) == 1 && code == ' '
		s = rest
		place := tm.times(state.ctm)
		advance := state.font.width(code)*state.size + state.char
		if single {
			advance += state.word
		}
		*tm = matrix{1, 0, 0, 1, advance * state.scale, 0}.times(*tm)
		after := tm.times(state.ctm)
		r.put(text, place, state.size, after[4], after[5])
	}
}

// A step is how the pen came from one character to the next.
type step int

const (
	stepOn   step = iota
	stepGap       // a space between words
	stepLine      // another line, or another column
)

// put writes one character at its place: after a line feed when it stands on
// another line than what came before, after a space when there is a gap.
func (r *textReader) put(text string, at matrix, size, endX, endY float64) {
	x, y := at[4], at[5]
	dirX, dirY := at[0], at[1]
	length := math.Hypot(dirX, dirY)
	if length == 0 {
		dirX, dirY, length = 1, 0, 1
	}
	dirX, dirY = dirX/length, dirY/length
	// The height of a letter is measured across the line.
	height := math.Hypot(at[2], at[3]) * math.Abs(size)
	if !(height > 0.01) {
		height = math.Max(1, r.size)
	}
	how := stepOn
	if r.started {
		dx, dy := x-r.endX, y-r.endY
		along := dx*dirX + dy*dirY
		across := -dx*dirY + dy*dirX
		turned := dirX*r.dirX+dirY*r.dirY < 0.9
		switch {
		case turned || math.Abs(across) > 0.6*height:
			how = stepLine
		case along > 0.15*height || along < -1.5*height:
			how = stepGap
		}
	}
	if strings.TrimSpace(text) == "" {
		// Some programs drop spaces anywhere on the page; only one that
		// follows what was written belongs to it.
		if r.started && how != stepLine {
			r.space()
			r.endX, r.endY = endX, endY
		}
		return
	}
	switch how {
	case stepGap:
		r.space()
	case stepLine:
		r.breakLine()
	}
	r.dirX, r.dirY, r.size, r.started = dirX, dirY, height, true
	r.endX, r.endY = endX, endY
	if text == "\uFFFD" {
		r.unread++
	} else {
		r.read++
	}
	const margin = 3 // points: accents and overhang are no secret
	if r.moved && (x < r.seen.x0-margin || x > r.seen.x1+margin || y < r.seen.y0-margin || y > r.seen.y1+margin) {
		r.outside = true
	}
	r.moved = false
	r.out.WriteString(text)
}

func (r *textReader) last() byte {
	s := r.out.String()
	if s == "" {
		return '\n'
	}
	return s[len(s)-1]
}

func (r *textReader) space() {
	if l := r.last(); l != ' ' && l != '\n' {
		r.out.WriteByte(' ')
	}
}

func (r *textReader) breakLine() {
	if r.last() != '\n' {
		r.out.WriteByte('\n')
	}
	r.started = false
}
