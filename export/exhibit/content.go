package exhibit

import (
	"bytes"
	"strconv"
)

// A tokenKind says what a token of a content stream is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenName
	tokenString
	tokenHex
	tokenOpen  // [ or <<
	tokenClose // ] or >>
	tokenWord  // an operator, or true, false and null
)

// A token is one lexical unit of ISO 32000-1 clause 7.2, with the bytes as
// they stand in the stream.
type token struct {
	kind tokenKind
	raw  []byte
}

// A lexer cuts a content stream or a CMap into tokens. It never fails: what it
// cannot read it skips, as every viewer does, and it always moves on.
type lexer struct {
	b   []byte
	pos int
	// open is set when the last token was a string that the end of the stream
	// cut off.
	open bool
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next returns the next token; comments and white space are passed over.
func (l *lexer) next() token {
	for l.pos < len(l.b) {
		c := l.b[l.pos]
		switch {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
		case c == '(':
			return l.literal()
		case c == '<':
			if l.pos+1 < len(l.b) && l.b[l.pos+1] == '<' {
				return l.take(tokenOpen, 2)
			}
			return l.hex()
		case c == '>':
			if l.pos+1 < len(l.b) && l.b[l.pos+1] == '>' {
				return l.take(tokenClose, 2)
			}
			l.pos++
		case c == '[' || c == '{': // braces: calculator functions (7.10.5)
			return l.take(tokenOpen, 1)
		case c == ']' || c == '}':
			return l.take(tokenClose, 1)
		case c == '/':
			return l.regular(tokenName, l.pos+1)
		case isDelimiter(c):
			l.pos++
		case c == '+' || c == '-' || c == '.' || (c >= '0' && c <= '9'):
			return l.regular(tokenNumber, l.pos)
		default:
			return l.regular(tokenWord, l.pos)
		}
	}
	return token{}
}

func (l *lexer) take(kind tokenKind, n int) token {
	t := token{kind, l.b[l.pos : l.pos+n]}
	l.pos += n
	return t
}

func (l *lexer) regular(kind tokenKind, from int) token {
	end := from
	for end < len(l.b) && !isSpace(l.b[end]) && !isDelimiter(l.b[end]) {
		end++
	}
	t := token{kind, l.b[l.pos:end]}
	l.pos = end
	return t
}

func (l *lexer) literal() token {
	depth := 0
	for i := l.pos; i < len(l.b); i++ {
		switch l.b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return l.take(tokenString, i+1-l.pos)
			}
		}
	}
	l.pos, l.open = len(l.b), true
	return token{}
}

func (l *lexer) hex() token {
	end := bytes.IndexByte(l.b[l.pos:], '>')
	if end < 0 {
		l.pos, l.open = len(l.b), true
		return token{}
	}
	return l.take(tokenHex, end+1)
}

// number gives the value of a number token; what does not parse counts as 0,
// which is what the common viewers take it for.
func (t token) number() float64 {
	f, err := strconv.ParseFloat(string(t.raw), 64)
	if err != nil || f != f || f > 1e12 || f < -1e12 {
		return 0
	}
	return f
}

// name gives a name token without its slash and with #xx resolved.
func (t token) name() string {
	if t.kind != tokenName {
		return ""
	}
	raw := t.raw[1:]
	if bytes.IndexByte(raw, '#') < 0 {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			hi, ok1 := hexDigit(raw[i+1])
			lo, ok2 := hexDigit(raw[i+2])
			if ok1 && ok2 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return string(out)
}

// bytes gives the bytes of a string or hexadecimal token (7.3.4).
func (t token) bytes() []byte {
	switch t.kind {
	case tokenString:
		return unescape(t.raw[1 : len(t.raw)-1])
	case tokenHex:
		return unhex(t.raw[1 : len(t.raw)-1])
	}
	return nil
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// unhex reads hexadecimal digits, passing over everything else; an odd last
// digit counts as if a 0 followed.
func unhex(s []byte) []byte {
	out := make([]byte, 0, len(s)/2+1)
	half, have := byte(0), false
	for _, c := range s {
		d, ok := hexDigit(c)
		if !ok {
			continue
		}
		if have {
			out = append(out, half<<4|d)
		}
		half, have = d, !have
	}
	if have {
		out = append(out, half<<4)
	}
	return out
}

// unescape resolves the escapes of a literal string (7.3.4.2).
func unescape(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '\r') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\r' { // any end of line in a string reads as a line feed
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			out = append(out, '\n')
			continue
		}
		if c != '\\' || i+1 >= len(s) {
			out = append(out, c)
			continue
		}
		i++
		switch c = s[i]; c {
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case '\n':
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			v := 0
			n := 0
			for ; n < 3 && i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '7'; n++ {
				v = v<<3 | int(s[i+n]-'0')
			}
			i += n - 1
			out = append(out, byte(v))
		default:
			out = append(out, c)
		}
	}
	return out
}

// An operation is one operator of a content stream with its operands. The
// operands belong to the reader and are good until the next call.
type operation struct {
	op   string
	args []token
	// data holds the samples of an inline image; op is then "BI" and args its
	// keys and values.
	data []byte
}

// operands of one operator beyond this many are not kept: no operator takes
// them, and an endless array must not fill memory.
const maxOperands = 1 << 20

// A contentReader reads operations.
type contentReader struct {
	lex   lexer
	args  []token
	start int // where the operation under way begins
}

func newContentReader(b []byte) *contentReader { return &contentReader{lex: lexer{b: b}} }

// next returns the next operation, and false at the end of the stream.
// Operands that no operator follows are dropped.
func (r *contentReader) next() (operation, bool) {
	r.args = r.args[:0]
	r.start = r.lex.pos
	for {
		at := r.lex.pos
		t := r.lex.next()
		switch t.kind {
		case tokenEnd:
			if r.lex.open {
				r.start = at
			}
			return operation{}, false
		case tokenWord:
			switch string(t.raw) {
			case "true", "false", "null":
			case "BI":
				return r.inline()
			default:
				return operation{op: string(t.raw), args: r.args}, true
			}
		}
		if len(r.args) < maxOperands {
			r.args = append(r.args, t)
		}
	}
}

// inline reads an inline image (8.9.7): keys and values up to ID, one white
// space, the samples, EI.
func (r *contentReader) inline() (operation, bool) {
	r.args = r.args[:0]
	for {
		t := r.lex.next()
		if t.kind == tokenEnd {
			r.lex.open = true
			return operation{}, false
		}
		if t.kind == tokenWord && string(t.raw) == "ID" {
			break
		}
		if len(r.args) < maxOperands {
			r.args = append(r.args, t)
		}
	}
	b := r.lex.b
	from := r.lex.pos
	if from < len(b) && isSpace(b[from]) {
		from++
	}
	size := inlineSize(r.args)
	end, after := -1, -1
	if size >= 0 && from+size <= len(b) {
		// The length is known: EI must be the next word. Where it is not, the
		// dictionary lies and the search below decides.
		probe := lexer{b: b, pos: from + size}
		if t := probe.next(); t.kind == tokenWord && string(t.raw) == "EI" {
			end, after = from+size, probe.pos
		}
	}
	if end < 0 {
		end, after = findEI(b, from)
	}
	if end < 0 {
		r.lex.pos, r.lex.open = len(b), true
		return operation{}, false
	}
	r.lex.pos = after
	return operation{op: "BI", args: r.args, data: b[from:end]}, true
}

// findEI looks for the EI that ends an inline image of unknown length: set off
// by white space and followed by something that reads like a content stream.
func findEI(b []byte, from int) (end, after int) {
	for i := from; i+1 < len(b); i++ {
		if b[i] != 'E' || b[i+1] != 'I' {
			continue
		}
		if i > from && !isSpace(b[i-1]) {
			continue
		}
		if i+2 < len(b) && !isSpace(b[i+2]) {
			continue
		}
		text := true
		for _, c := range b[min(i+2, len(b)):min(i+14, len(b))] {
			if c >= 0x7F || (c < 0x20 && !isSpace(c)) {
				text = false
				break
			}
		}
		if text {
			return max(from, i-1), i + 2
		}
	}
	return -1, -1
}

// inlineSize computes the length of unfiltered samples, or -1.
func inlineSize(args []token) int {
	width, height, bits, parts := 0, 0, 8, 0
	mask := false
	for i := 0; i+1 < len(args); i += 2 {
		v := args[i+1]
		switch args[i].name() {
		case "W", "Width":
			width = int(v.number())
		case "H", "Height":
			height = int(v.number())
		case "BPC", "BitsPerComponent":
			bits = int(v.number())
		case "IM", "ImageMask":
			mask = string(v.raw) == "true"
		case "F", "Filter":
			return -1
		case "CS", "ColorSpace":
			switch v.name() {
			case "G", "DeviceGray", "CalGray":
				parts = 1
			case "RGB", "DeviceRGB", "CalRGB":
				parts = 3
			case "CMYK", "DeviceCMYK":
				parts = 4
			}
			if v.kind == tokenOpen {
				if i+2 < len(args) && (args[i+2].name() == "I" || args[i+2].name() == "Indexed") {
					parts = 1
				}
				return indexedSize(args, width, height, bits)
			}
		}
	}
	if mask {
		bits, parts = 1, 1
	}
	return sampleSize(width, height, bits, parts)
}

// indexedSize covers the one array that a colour space may be in an inline
// image, Indexed, after which the keys no longer come in steps of two.
func indexedSize(args []token, width, height, bits int) int {
	for i := 0; i+1 < len(args); i++ {
		switch args[i].name() {
		case "W", "Width":
			width = int(args[i+1].number())
		case "H", "Height":
			height = int(args[i+1].number())
		case "BPC", "BitsPerComponent":
			bits = int(args[i+1].number())
		case "F", "Filter":
			return -1
		}
	}
	return sampleSize(width, height, bits, 1)
}

func sampleSize(width, height, bits, parts int) int {
	if width <= 0 || height <= 0 || width > 1<<16 || height > 1<<16 || parts == 0 || bits <= 0 || bits > 16 {
		return -1
	}
	return (width*bits*parts + 7) / 8 * height
}

// withoutComments writes a program, a CMap or a calculator function, again
// token by token.
func withoutComments(program []byte) []byte {
	out := make([]byte, 0, len(program))
	lex := lexer{b: program}
	for {
		t := lex.next()
		if t.kind == tokenEnd {
			return out
		}
		out = append(out, t.raw...)
		out = append(out, '\n')
	}
}

// splitString is the longest string or inline image, cut in two by the border
// between two content streams, that is still put together again.
const splitString = 64 << 10

// joinContents joins the streams of a /Contents array. The standard lets them
// be cut between tokens only (7.8.2), so a line feed goes between; but a
// producer that cuts through a string is met in practice, and there nothing
// may be put in between.
func joinContents(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}
	var out []byte
	from := 0 // every operation before this is whole
	for i, p := range parts {
		out = append(out, p...)
		if i == len(parts)-1 {
			break
		}
		r := newContentReader(out[from:])
		for {
			if _, more := r.next(); !more {
				break
			}
		}
		if r.lex.open && len(out)-from-r.start < splitString {
			from += r.start
			continue
		}
		out = append(out, '\n')
		from = len(out)
	}
	return out
}
