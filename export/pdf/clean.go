package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// The format of a clean document, version 1. All numbers are big-endian.
//
//	magic     8 bytes: "FBCLEAN" and the version, 1
//	object    'o' number(4) valueLength(4) streamLength+1(8, 0 is no stream) value stream
//	page      'p' width(8, IEEE 754) height(8) form(4) textLength(4) text
//	removed   'r' length(4) note
//	end       'e' objects(4) pages(4) notes(4), and nothing after it
//
// Records come in this order: objects in any order of their numbers, each
// number from 0 up exactly once; then pages; then notes. A value is a tag and
// what belongs to it:
//
//	'z' null   't' true   'f' false   'i' int64(8)   'x' real(8)
//	'n' length(1) name    's' length(4) string    '@' object(4)
//	'a' count(4) values   'd' count(4), then name and value by rising name
//
// Lengths are never minimal or padded, so that each document has one encoding:
// what [OpenClean] accepts, a [CleanWriter] writes again byte for byte.
const cleanMagic = "FBCLEAN\x01"

// Bounds on a clean document.
const (
	maxObjects   = 200_000
	maxPages     = 10_000
	maxStream    = 256 << 20
	maxCleanSize = 1 << 30
	maxAllText   = 32 << 20
	maxNotes     = 1000
	maxNote      = 1000
	// maxSide is the largest page side that readers have to cope with, in
	// points (ISO 32000-1, annex C).
	maxSide = 14400
)

// Lengths of a record's fixed part, the kind byte included.
const (
	objectHead = 1 + 4 + 4 + 8
	pageHead   = 1 + 8 + 8 + 4 + 4
	noteHead   = 1 + 4
	endLength  = 1 + 4 + 4 + 4
)

// A CleanPage is one page of a clean document: one form XObject, already
// upright, whose /BBox under its /Matrix has its lower left corner at (0, 0)
// and is Width points wide and Height points high. Text is what the page says,
// for searching and for checks that look for a name; it never goes into a
// packet.
type CleanPage struct {
	Width, Height float64
	Form          Ref
	Text          string
}

// A CleanWriter writes a clean document to a plain stream, in one pass. Errors
// are kept and come back from Close. Nothing it wrote is a clean document
// before Close has returned nil.
type CleanWriter struct {
	w     io.Writer
	put   []bool // by Ref, whether its object was written
	buf   []byte
	err   error
	wrote bool
}

// NewCleanWriter returns a writer that writes to w. It does not buffer.
func NewCleanWriter(w io.Writer) *CleanWriter {
	return &CleanWriter{w: w}
}

// Reserve returns a reference to an object that will be Put later, so that
// other objects can refer to it, and it to itself.
func (w *CleanWriter) Reserve() Ref {
	if len(w.put) >= maxObjects {
		w.fail("more than %d objects", maxObjects)
		return 0
	}
	w.put = append(w.put, false)
	return Ref(len(w.put) - 1)
}

// Add writes an object and returns a reference to it.
func (w *CleanWriter) Add(o Object) Ref {
	ref := w.Reserve()
	w.Put(ref, o)
	return ref
}

// Put writes the object of a reserved reference, once. A stream's /Length is
// left out.
func (w *CleanWriter) Put(ref Ref, o Object) {
	if w.err != nil {
		return
	}
	if ref < 0 || int(ref) >= len(w.put) || w.put[ref] {
		w.fail("object %d put twice or never reserved", ref)
		return
	}
	w.put[ref] = true
	d, isDict := o.Value.(Dict)
	if o.Stream != nil && !isDict {
		w.fail("stream without a dictionary")
		return
	}
	if len(o.Stream) > maxStream {
		w.fail("stream longer than %d bytes", maxStream)
		return
	}
	if _, long := d["Length"]; long && o.Stream != nil {
		short := make(Dict, len(d))
		for k, v := range d {
			if k != "Length" {
				short[k] = v
			}
		}
		o.Value = short
	}
	value, err := encodeValue(w.buf[:0], o.Value, 0)
	if err != nil {
		w.fail("%v", err)
		return
	}
	w.buf = value
	if len(value) > maxValueBytes {
		w.fail("value longer than %d bytes", maxValueBytes)
		return
	}
	head := []byte{'o'}
	head = binary.BigEndian.AppendUint32(head, uint32(ref))
	head = binary.BigEndian.AppendUint32(head, uint32(len(value)))
	length := uint64(0)
	if o.Stream != nil {
		length = uint64(len(o.Stream)) + 1
	}
	head = binary.BigEndian.AppendUint64(head, length)
	w.write(head)
	w.write(value)
	w.write(o.Stream)
}

// Close writes the pages and the notes of what was removed, and reports the
// first error of all calls. It does not close the writer below.
func (w *CleanWriter) Close(pages []CleanPage, removed []string) error {
	for ref, done := range w.put {
		if !done {
			w.fail("object %d reserved but never put", ref)
			break
		}
	}
	if len(pages) > maxPages || len(removed) > maxNotes {
		w.fail("more than %d pages or %d notes", maxPages, maxNotes)
	}
	var out []byte
	text := 0
	for i, p := range pages {
		if err := checkPage(p, len(w.put)); err != nil {
			w.fail("page %d: %v", i+1, err)
		}
		if text += len(p.Text); text > maxAllText {
			w.fail("more than %d bytes of text", maxAllText)
			break
		}
		out = append(out, 'p')
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(p.Width))
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(p.Height))
		out = binary.BigEndian.AppendUint32(out, uint32(p.Form))
		out = binary.BigEndian.AppendUint32(out, uint32(len(p.Text)))
		out = append(out, p.Text...)
	}
	for _, note := range removed {
		if err := checkNote(note); err != nil {
			w.fail("%v", err)
		}
		out = append(out, 'r')
		out = binary.BigEndian.AppendUint32(out, uint32(len(note)))
		out = append(out, note...)
	}
	out = append(out, 'e')
	out = binary.BigEndian.AppendUint32(out, uint32(len(w.put)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(pages)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(removed)))
	w.write(out)
	return w.err
}

func (w *CleanWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%w: "+format, append([]any{ErrNotClean}, args...)...)
	}
}

func (w *CleanWriter) write(b []byte) {
	if w.err != nil {
		return
	}
	if !w.wrote {
		w.wrote = true
		w.write([]byte(cleanMagic))
	}
	if _, err := w.w.Write(b); err != nil && w.err == nil {
		w.err = fmt.Errorf("write clean document: %w", err)
	}
}

func checkPage(p CleanPage, objects int) error {
	for _, side := range []float64{p.Width, p.Height} {
		if !(side >= 1 && side <= maxSide) { // written so that NaN fails too
			return fmt.Errorf("side out of bounds")
		}
	}
	if p.Form < 0 || int(p.Form) >= objects {
		return fmt.Errorf("form %d of %d objects", p.Form, objects)
	}
	if !utf8.ValidString(p.Text) {
		return fmt.Errorf("text is not UTF-8")
	}
	return nil
}

func checkNote(note string) error {
	if len(note) > maxNote || !utf8.ValidString(note) || strings.ContainsRune(note, 0) {
		return fmt.Errorf("note too long or not text")
	}
	return nil
}

func encodeValue(out []byte, v Value, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	var err error
	switch v := v.(type) {
	case nil:
		return append(out, 'z'), nil
	case bool:
		if v {
			return append(out, 't'), nil
		}
		return append(out, 'f'), nil
	case int64:
		return binary.BigEndian.AppendUint64(append(out, 'i'), uint64(v)), nil
	case Real:
		if err := checkReal(v); err != nil {
			return nil, err
		}
		return binary.BigEndian.AppendUint64(append(out, 'x'), math.Float64bits(float64(v))), nil
	case Name:
		if err := checkName(v); err != nil {
			return nil, err
		}
		return append(append(out, 'n', byte(len(v))), v...), nil
	case String:
		if len(v) > maxString {
			return nil, fmt.Errorf("string longer than %d bytes", maxString)
		}
		out = binary.BigEndian.AppendUint32(append(out, 's'), uint32(len(v)))
		return append(out, v...), nil
	case Ref:
		if v < 0 || v >= maxObjects {
			return nil, fmt.Errorf("reference out of range")
		}
		return binary.BigEndian.AppendUint32(append(out, '@'), uint32(v)), nil
	case Array:
		out = binary.BigEndian.AppendUint32(append(out, 'a'), uint32(len(v)))
		for _, e := range v {
			if out, err = encodeValue(out, e, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Dict:
		out = binary.BigEndian.AppendUint32(append(out, 'd'), uint32(len(v)))
		for _, k := range sortedKeys(v) {
			if err := checkName(k); err != nil {
				return nil, err
			}
			out = append(append(out, byte(len(k))), k...)
			if out, err = encodeValue(out, v[k], depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("value of a type that PDF does not have")
}

func checkReal(v Real) error {
	if f := float64(v); math.IsNaN(f) || math.Abs(f) > maxReal {
		return fmt.Errorf("number out of range")
	}
	return nil
}

func checkName(n Name) error {
	if len(n) > maxName || strings.IndexByte(string(n), 0) >= 0 {
		return fmt.Errorf("name longer than %d bytes or with a zero byte", maxName)
	}
	return nil
}

// A decoder reads one value from bytes that somebody else may have made.
type decoder struct {
	b       []byte
	objects int // references must be below
}

// errShort is every way of asking for bytes that are not there.
var errShort = fmt.Errorf("value cut short")

func (d *decoder) take(n int) ([]byte, error) {
	if n < 0 || n > len(d.b) {
		return nil, errShort
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out, nil
}

func (d *decoder) number() (int, error) {
	b, err := d.take(4)
	if err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint32(b)
	if n > maxCleanSize {
		return 0, errShort
	}
	return int(n), nil
}

func (d *decoder) name() (Name, error) {
	b, err := d.take(1)
	if err != nil {
		return "", err
	}
	if b, err = d.take(int(b[0])); err != nil {
		return "", err
	}
	n := Name(b)
	return n, checkName(n)
}

func (d *decoder) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	tag, err := d.take(1)
	if err != nil {
		return nil, err
	}
	switch tag[0] {
	case 'z':
		return nil, nil
	case 't':
		return true, nil
	case 'f':
		return false, nil
	case 'i', 'x':
		b, err := d.take(8)
		if err != nil {
			return nil, err
		}
		u := binary.BigEndian.Uint64(b)
		if tag[0] == 'i' {
			return int64(u), nil
		}
		r := Real(math.Float64frombits(u))
		return r, checkReal(r)
	case 'n':
		return d.name()
	case 's':
		n, err := d.number()
		if err != nil {
			return nil, err
		}
		if n > maxString {
			return nil, fmt.Errorf("string longer than %d bytes", maxString)
		}
		b, err := d.take(n)
		return String(bytes.Clone(b)), err
	case '@':
		n, err := d.number()
		if err != nil {
			return nil, err
		}
		if n >= d.objects {
			return nil, fmt.Errorf("reference to object %d of %d", n, d.objects)
		}
		return Ref(n), nil
	case 'a':
		n, err := d.number()
		if err != nil {
			return nil, err
		}
		if n > len(d.b) { // an element takes a byte at least
			return nil, errShort
		}
		out := make(Array, n)
		for i := range out {
			if out[i], err = d.value(depth + 1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case 'd':
		n, err := d.number()
		if err != nil {
			return nil, err
		}
		if n > len(d.b)/2 {
			return nil, errShort
		}
		out := make(Dict)
		last := Name("")
		for i := range n {
			k, err := d.name()
			if err != nil {
				return nil, err
			}
			if i > 0 && k <= last {
				return nil, fmt.Errorf("dictionary out of order")
			}
			last = k
			if out[k], err = d.value(depth + 1); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("unknown value tag")
}

// A Clean is a clean document that has been checked from end to end: each
// reference leads to an object, each object is of the kind that its place asks
// for, nothing lies in it that no page reaches. Only the pages' text is held in
// memory. Its methods may be called from several goroutines if the reader below
// allows it.
type Clean struct {
	r       io.ReaderAt
	objects []cleanObject
	order   []Ref // as written
	pages   []CleanPage
	removed []string
}

type cleanObject struct {
	at     int64 // of the value
	value  int64
	stream int64 // -1: none
}

// OpenClean reads a clean document of size bytes. The bytes may come from
// anywhere: whatever is wrong with them is an error that is [ErrNotClean], or
// the reader's own. r must stay open for as long as the document is used.
func OpenClean(r io.ReaderAt, size int64) (*Clean, error) {
	c := &Clean{r: r}
	if err := c.scan(size); err != nil {
		return nil, err
	}
	w := newWalk(len(c.objects), func(ref Ref) (Value, bool, error) {
		v, err := c.value(ref)
		return v, c.objects[ref].stream >= 0, err
	})
	for i, p := range c.pages {
		w.add(p.Form, RoleForm)
		if err := c.checkForm(p); err != nil {
			return nil, fmt.Errorf("%w: page %d: %w", ErrNotClean, i+1, err)
		}
	}
	if err := w.run(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotClean, err)
	}
	if len(w.reached) != len(c.objects) {
		return nil, fmt.Errorf("%w: %d of %d objects belong to no page", ErrNotClean,
			len(c.objects)-len(w.reached), len(c.objects))
	}
	return c, nil
}

// scan finds the records and checks all that can be told without following a
// reference.
func (c *Clean) scan(size int64) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrNotClean}, args...)...)
	}
	if size > maxCleanSize {
		return bad("larger than %d bytes", maxCleanSize)
	}
	if size < int64(len(cleanMagic)+endLength) {
		return bad("cut short")
	}
	end, err := c.bytes(size-endLength, endLength)
	if err != nil {
		return err
	}
	if end[0] != 'e' {
		return bad("no end record")
	}
	objects := binary.BigEndian.Uint32(end[1:])
	pages := binary.BigEndian.Uint32(end[5:])
	notes := binary.BigEndian.Uint32(end[9:])
	if objects > maxObjects || pages > maxPages || notes > maxNotes {
		return bad("more objects, pages or notes than allowed")
	}
	// Each record has a length of its own, so the counts cannot ask for more
	// memory than the file pays for.
	if int64(objects)*objectHead+int64(pages)*pageHead+int64(notes)*noteHead > size {
		return bad("cut short")
	}
	magic, err := c.bytes(0, len(cleanMagic))
	if err != nil {
		return err
	}
	if string(magic) != cleanMagic {
		return bad("unknown format or version")
	}
	c.objects = make([]cleanObject, objects)
	at, last := int64(len(cleanMagic)), size-endLength
	for range objects {
		if last-at < objectHead {
			return bad("cut short")
		}
		h, err := c.bytes(at, objectHead)
		if err != nil {
			return err
		}
		at += objectHead
		number := binary.BigEndian.Uint32(h[1:])
		value := int64(binary.BigEndian.Uint32(h[5:]))
		stream := binary.BigEndian.Uint64(h[9:])
		if h[0] != 'o' || number >= objects || c.objects[number].at != 0 {
			return bad("objects out of order")
		}
		if value > maxValueBytes || stream > maxStream+1 || value+int64(stream) > last-at+1 {
			return bad("object longer than allowed")
		}
		o := cleanObject{at: at, value: value, stream: int64(stream) - 1}
		c.objects[number] = o
		c.order = append(c.order, Ref(number))
		at += value + max(o.stream, 0)
		if at > last {
			return bad("cut short")
		}
		v, err := c.value(Ref(number))
		if err != nil {
			return err
		}
		d, isDict := v.(Dict)
		_, isRef := v.(Ref)
		_, long := d["Length"]
		if isRef || (o.stream >= 0 && (!isDict || long)) {
			return bad("object %d is not an object", number)
		}
	}
	text := 0
	for i := range pages {
		if last-at < pageHead {
			return bad("cut short")
		}
		h, err := c.bytes(at, pageHead)
		if err != nil {
			return err
		}
		at += pageHead
		n := int64(binary.BigEndian.Uint32(h[21:]))
		if text += int(n); h[0] != 'p' || n > last-at || n > maxAllText || text > maxAllText {
			return bad("page %d of unknown form", i+1)
		}
		words, err := c.bytes(at, int(n))
		if err != nil {
			return err
		}
		at += n
		p := CleanPage{
			Width:  math.Float64frombits(binary.BigEndian.Uint64(h[1:])),
			Height: math.Float64frombits(binary.BigEndian.Uint64(h[9:])),
			Form:   Ref(binary.BigEndian.Uint32(h[17:])),
			Text:   string(words),
		}
		if err := checkPage(p, int(objects)); err != nil {
			return bad("page %d: %v", i+1, err)
		}
		c.pages = append(c.pages, p)
	}
	for range notes {
		if last-at < noteHead {
			return bad("cut short")
		}
		h, err := c.bytes(at, noteHead)
		if err != nil {
			return err
		}
		at += noteHead
		n := int64(binary.BigEndian.Uint32(h[1:]))
		if h[0] != 'r' || n > last-at || n > maxNote {
			return bad("note of unknown form")
		}
		note, err := c.bytes(at, int(n))
		if err != nil {
			return err
		}
		at += n
		if err := checkNote(string(note)); err != nil {
			return bad("%v", err)
		}
		c.removed = append(c.removed, string(note))
	}
	if at != last {
		return bad("bytes that belong to nothing")
	}
	return nil
}

// checkForm holds a page's form to its promise: the corner at the origin, the
// size that the page claims. Otherwise an exhibit could draw outside its own
// page, under a stamp or off the paper.
func (c *Clean) checkForm(p CleanPage) error {
	v, err := c.value(p.Form)
	if err != nil {
		return err
	}
	d, _ := v.(Dict)
	if d["Subtype"] != Name("Form") {
		return fmt.Errorf("form is not a form")
	}
	box, ok := numbers(d["BBox"], 4)
	if !ok {
		return fmt.Errorf("form without a box")
	}
	m := []float64{1, 0, 0, 1, 0, 0}
	if d["Matrix"] != nil {
		if m, ok = numbers(d["Matrix"], 6); !ok {
			return fmt.Errorf("form with an unreadable matrix")
		}
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, corner := range [][2]float64{{box[0], box[1]}, {box[0], box[3]}, {box[2], box[1]}, {box[2], box[3]}} {
		x := m[0]*corner[0] + m[2]*corner[1] + m[4]
		y := m[1]*corner[0] + m[3]*corner[1] + m[5]
		x0, x1 = min(x0, x), max(x1, x)
		y0, y1 = min(y0, y), max(y1, y)
	}
	for _, off := range []float64{x0, y0, x1 - p.Width, y1 - p.Height} {
		if !(math.Abs(off) <= 1) {
			return fmt.Errorf("form's box is not its page")
		}
	}
	return nil
}

// numbers reads an array of exactly n direct numbers.
func numbers(v Value, n int) ([]float64, bool) {
	a, ok := v.(Array)
	if !ok || len(a) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i, e := range a {
		switch e := e.(type) {
		case int64:
			out[i] = float64(e)
		case Real:
			out[i] = float64(e)
		default:
			return nil, false
		}
	}
	return out, true
}

// bytes reads n bytes at an offset that is known to lie inside the document.
func (c *Clean) bytes(at int64, n int) ([]byte, error) {
	out := make([]byte, n)
	if got, err := c.r.ReadAt(out, at); got < n {
		if err == nil || err == io.EOF {
			return nil, fmt.Errorf("%w: cut short", ErrNotClean)
		}
		return nil, fmt.Errorf("read clean document: %w", err)
	}
	return out, nil
}

// value reads an object's value. It is checked each time: the bytes below may
// not be the same as when they were first looked at.
func (c *Clean) value(ref Ref) (Value, error) {
	o := c.objects[ref]
	b, err := c.bytes(o.at, int(o.value))
	if err != nil {
		return nil, err
	}
	d := decoder{b: b, objects: len(c.objects)}
	v, err := d.value(0)
	if err != nil {
		return nil, fmt.Errorf("%w: object %d: %w", ErrNotClean, ref, err)
	}
	if len(d.b) != 0 {
		return nil, fmt.Errorf("%w: object %d has bytes to spare", ErrNotClean, ref)
	}
	return v, nil
}

// Pages returns the pages in order. The slice is the document's own.
func (c *Clean) Pages() []CleanPage { return c.pages }

// Removed returns one note for each kind of thing that was left out when the
// document was made clean.
func (c *Clean) Removed() []string { return c.removed }

// Len returns how many objects there are; references run from 0 to Len()-1.
func (c *Clean) Len() int { return len(c.objects) }

// Object reads one object. Stream is not nil for every stream, the empty one
// included.
func (c *Clean) Object(ref Ref) (Object, error) {
	if ref < 0 || int(ref) >= len(c.objects) {
		return Object{}, fmt.Errorf("%w: object %d of %d", ErrNotClean, ref, len(c.objects))
	}
	v, err := c.value(ref)
	if err != nil {
		return Object{}, err
	}
	o := c.objects[ref]
	if o.stream < 0 {
		return Object{Value: v}, nil
	}
	s, err := c.bytes(o.at+o.value, int(o.stream))
	if err != nil {
		return Object{}, err
	}
	return Object{Value: v, Stream: s}, nil
}

// stream returns a reader of a stream's raw bytes, and false when the object is
// not a stream.
func (c *Clean) stream(ref Ref) (*io.SectionReader, bool) {
	o := c.objects[ref]
	if o.stream < 0 {
		return nil, false
	}
	return io.NewSectionReader(c.r, o.at+o.value, o.stream), true
}
