package pdf

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// A PacketFile is a file that is laid out exactly as [Write] lays out packets:
// one revision, objects that fill the file from the header to the table with
// nothing between them, each value spelled in our one way, nothing that no page
// reaches, nothing that the table of roles does not know. So it has no script,
// no action, no embedded file, no earlier or hidden version of anything.
//
// What stands in the signature's gap was not looked at.
type PacketFile struct {
	Pages int

	// Signature is nil for a plain copy.
	Signature *PacketSignature
}

// A PacketSignature is what the signature dictionary says. All of it but the
// gap is covered by the digest.
type PacketSignature struct {
	// Gap is where /Contents begins, at its '<', and where it ends, behind its
	// '>'. Everything else, from the first byte of the file to the last, is
	// what was signed.
	Gap [2]int64

	Name   string
	Reason string
	Date   string // a PDF date, see [ParseDate]
}

// maxSignatureObject bounds the signature dictionary with its gap.
const maxSignatureObject = 2*maxCMS + 1<<14

// OpenPacket reads the frame of a packet of size bytes, and the values of all
// its objects, without holding more than one of them. Any difference from what
// [Write] writes is [ErrNotPacket]; an error of r comes back as it is.
func OpenPacket(r io.ReaderAt, size int64) (*PacketFile, error) {
	f := &packetReader{r: r, size: size}
	if err := f.frame(); err != nil {
		return nil, err
	}
	if err := f.tile(); err != nil {
		return nil, err
	}
	w := newWalk(len(f.offsets), func(ref Ref) (Value, bool, error) {
		if ref < 1 || int(ref) >= len(f.offsets) {
			return nil, false, f.bad("reference to object %d of %d", ref, len(f.offsets)-1)
		}
		if int(ref) == f.last && f.signature != nil {
			return f.signature, false, nil
		}
		v, stream, _, err := f.object(int(ref))
		return v, stream, err
	})
	w.add(catalogNumber, roleCatalog)
	if err := w.run(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPacket, err)
	}
	if len(w.reached) != len(f.offsets)-1 {
		return nil, f.bad("%d of %d objects belong to nothing", len(f.offsets)-1-len(w.reached), len(f.offsets)-1)
	}
	return f.packet(w)
}

type packetReader struct {
	r       io.ReaderAt
	size    int64
	table   int64   // where the cross-reference table begins
	offsets []int64 // by object number; 0 is the head of the free list
	ends    []int64 // by object number: where the next thing begins
	last    int     // the object before the table

	// signature is the last object's value with its gap as zeros, if it is a
	// signature dictionary.
	signature Dict
	gap       [2]int64
}

func (f *packetReader) bad(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrNotPacket}, args...)...)
}

// read reads from at up to n bytes, fewer at the end of the file.
func (f *packetReader) read(at int64, n int64) ([]byte, error) {
	if at < 0 || at > f.size {
		return nil, f.bad("place outside the file")
	}
	out := make([]byte, min(n, f.size-at))
	if got, err := f.r.ReadAt(out, at); got < len(out) {
		if err == nil || err == io.EOF {
			return nil, f.bad("cut short")
		}
		return nil, fmt.Errorf("read packet: %w", err)
	}
	return out, nil
}

// frame checks header, end, table and trailer: everything but the objects.
func (f *packetReader) frame() error {
	if f.size > maxPacketSize {
		return f.bad("too large")
	}
	head, err := f.read(0, int64(len(header)))
	if err != nil {
		return err
	}
	if string(head) != header {
		return f.bad("header")
	}
	const endMax = int64(len("startxref\n9999999999\n%%EOF\n"))
	tail, err := f.read(max(0, f.size-endMax), endMax)
	if err != nil {
		return err
	}
	i := bytes.LastIndex(tail, []byte("startxref\n"))
	if i < 0 {
		return f.bad("end of file")
	}
	number, ok := bytes.CutSuffix(tail[i+len("startxref\n"):], []byte("\n%%EOF\n"))
	if !ok {
		return f.bad("end of file")
	}
	if f.table, ok = digits(number); !ok || f.table >= f.size {
		return f.bad("startxref")
	}
	// The table's first line, and with it the table's length.
	line, err := f.read(f.table, int64(len("xref\n0 9999999\n")))
	if err != nil {
		return err
	}
	rest, ok := bytes.CutPrefix(line, []byte("xref\n0 "))
	count, _, found := bytes.Cut(rest, []byte("\n"))
	n, isNumber := digits(count)
	if !ok || !found || !isNumber || n < firstPage || n > maxPacketObjects {
		return f.bad("table")
	}
	entries := f.table + int64(len("xref\n0 \n")+len(count))
	const entry = int64(20)
	var id [16]byte
	closing := int64(len(trailer(id, int(n))) + len("startxref\n\n%%EOF\n") + len(number))
	if entries+n*entry+closing != f.size {
		return f.bad("table or trailer of another length")
	}
	b, err := f.read(entries, n*entry)
	if err != nil {
		return err
	}
	if string(b[:entry]) != "0000000000 65535 f \n" {
		return f.bad("table")
	}
	f.offsets = make([]int64, n)
	for i := int64(1); i < n; i++ {
		e := b[i*entry : (i+1)*entry]
		at, err := strconv.ParseUint(string(e[:10]), 10, 63)
		if err != nil || string(e[10:]) != " 00000 n \n" || int64(at) < int64(len(header)) || int64(at) >= f.table {
			return f.bad("table entry")
		}
		f.offsets[i] = int64(at)
	}
	end, err := f.read(entries+n*entry, closing)
	if err != nil {
		return err
	}
	const idAt = len("trailer\n<< /ID [<")
	if len(end) < idAt+32 {
		return f.bad("trailer")
	}
	if _, err := hex.Decode(id[:], end[idAt:idAt+32]); err != nil {
		return f.bad("trailer")
	}
	if !bytes.HasPrefix(end, []byte(trailer(id, int(n)))) {
		return f.bad("trailer")
	}
	return nil
}

// digits reads a number without sign or leading zero.
func digits(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 10 || (b[0] == '0' && len(b) > 1) {
		return 0, false
	}
	n := int64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// tile checks that the objects follow one another from the header to the table
// without a byte between them.
func (f *packetReader) tile() error {
	order := make([]int, 0, len(f.offsets)-1)
	for n := 1; n < len(f.offsets); n++ {
		order = append(order, n)
	}
	slices.SortFunc(order, func(a, b int) int { return int(min(1, max(-1, f.offsets[a]-f.offsets[b]))) })
	f.ends = make([]int64, len(f.offsets))
	at := int64(len(header))
	for i, n := range order {
		next := f.table
		if i < len(order)-1 {
			next = f.offsets[order[i+1]]
		}
		f.ends[n] = next
		if f.offsets[n] != at {
			return f.bad("bytes between objects")
		}
		at = next
	}
	f.last = order[len(order)-1]
	for _, n := range order {
		if n == f.last {
			signed, err := f.readSignature()
			if err != nil {
				return err
			}
			if signed {
				continue
			}
		}
		_, _, end, err := f.object(n)
		if err != nil {
			return err
		}
		if end != f.ends[n] {
			return f.bad("bytes between objects")
		}
	}
	return nil
}

// object parses one object and returns where it ends.
func (f *packetReader) object(number int) (v Value, stream bool, end int64, err error) {
	at := f.offsets[number]
	room := f.ends[number] - at
	var b []byte
	var used int
	for window := int64(1 << 12); ; window *= 8 {
		window = min(window, room, maxPacketValue)
		if b, err = f.read(at, window); err != nil {
			return nil, false, 0, err
		}
		v, used, err = f.parse(number, b)
		if err == nil {
			break
		}
		if err != errShort || window == room || window == maxPacketValue {
			return nil, false, 0, f.bad("object %d: %v", number, err)
		}
	}
	const plainEnd = "\nendobj\n"
	const streamStart, streamEnd = "\nstream\n", "\nendstream\nendobj\n"
	following, err := f.read(at+int64(used), int64(len(streamStart)))
	if err != nil {
		return nil, false, 0, err
	}
	at += int64(used)
	switch string(following) {
	case plainEnd:
		return v, false, at + int64(len(plainEnd)), nil
	case streamStart:
	default:
		return nil, false, 0, f.bad("object %d: end", number)
	}
	at += int64(len(streamStart))
	d, _ := v.(Dict)
	length, ok := d["Length"].(int64)
	if !ok || length < 0 || length > f.ends[number]-at {
		return nil, false, 0, f.bad("object %d: length of stream", number)
	}
	delete(d, "Length")
	at += length
	closing, err := f.read(at, int64(len(streamEnd)))
	if err != nil {
		return nil, false, 0, err
	}
	if string(closing) != streamEnd {
		return nil, false, 0, f.bad("object %d: end of stream", number)
	}
	return v, true, at + int64(len(streamEnd)), nil
}

// parse parses "N 0 obj", a line feed and a value, and checks that we would
// have written it the same way. It returns how many bytes that took.
func (f *packetReader) parse(number int, b []byte) (Value, int, error) {
	head := fmt.Sprintf("%d 0 obj\n", number)
	if len(b) < len(head) {
		return nil, 0, errShort
	}
	if string(b[:len(head)]) != head {
		return nil, 0, fmt.Errorf("head")
	}
	p := parser{b: b[len(head):]}
	v, err := p.value(0)
	if err != nil {
		return nil, 0, err
	}
	if _, ok := v.(Ref); ok {
		return nil, 0, fmt.Errorf("reference in place of an object")
	}
	used := len(b) - len(p.b)
	same, err := appendValue([]byte(head), v, own)
	if err != nil {
		return nil, 0, err
	}
	if !bytes.Equal(same, b[:used]) {
		return nil, 0, fmt.Errorf("spelled in another way")
	}
	return v, used, nil
}

// readSignature looks at the last object and reads it when it is a signature
// dictionary: its gap is somebody else's business and is read as zeros.
func (f *packetReader) readSignature() (bool, error) {
	at, room := f.offsets[f.last], f.ends[f.last]-f.offsets[f.last]
	b, err := f.read(at, min(room, maxSignatureObject))
	if err != nil {
		return false, err
	}
	head := fmt.Appendf(nil, "%d 0 obj\n<< /ByteRange [", f.last)
	rest, ok := bytes.CutPrefix(b, head)
	if !ok {
		return false, nil
	}
	if room > maxSignatureObject {
		return false, f.bad("signature longer than allowed")
	}
	span, _, _ := bytes.Cut(rest, []byte("]"))
	from := at + int64(len(head)+len(span)+len("] /Contents "))
	words := bytes.Split(span, []byte(" "))
	if len(words) != 4 {
		return false, f.bad("byte range")
	}
	var n [4]int64
	for i, w := range words {
		if n[i], ok = digits(w); !ok {
			return false, f.bad("byte range")
		}
	}
	size := n[2] - n[1] // of the gap
	if n[0] != 0 || n[1] != from || n[2]+n[3] != f.size || n[2] >= f.table || size < 4 || size%2 != 0 {
		return false, f.bad("byte range")
	}
	gap := b[from-at : n[2]-at]
	gap[0], gap[len(gap)-1] = '<', '>'
	for i := 1; i < len(gap)-1; i++ {
		gap[i] = '0'
	}
	// One zero byte would be spelled in hex by our rules, and so are many.
	v, used, err := f.parse(f.last, b)
	if err != nil {
		return false, f.bad("signature: %v", err)
	}
	if string(b[used:]) != "\nendobj\n" {
		return false, f.bad("signature: end")
	}
	d, ok := v.(Dict)
	contents, isString := d["Contents"].(String)
	if !ok || !isString || int64(len(contents))*2+2 != size {
		return false, f.bad("signature: gap")
	}
	if d["Type"] != Name("Sig") || d["Filter"] != Name("Adobe.PPKLite") || d["SubFilter"] != Name("ETSI.CAdES.detached") {
		return false, f.bad("signature of another kind")
	}
	f.signature, f.gap = d, [2]int64{n[1], n[2]}
	return true, nil
}

// packet checks what is said about the whole, and collects the answer.
func (f *packetReader) packet(w *walk) (*PacketFile, error) {
	v, _, _, err := f.object(catalogNumber)
	if err != nil {
		return nil, err
	}
	catalog, _ := v.(Dict)
	if catalog["Type"] != Name("Catalog") || catalog["Pages"] != Ref(treeNumber) {
		return nil, f.bad("catalog")
	}
	if v, _, _, err = f.object(treeNumber); err != nil {
		return nil, err
	}
	tree, _ := v.(Dict)
	kids, _ := tree["Kids"].(Array)
	if len(kids) == 0 || tree["Count"] != int64(len(kids)) || len(kids) > maxPages {
		return nil, f.bad("page tree")
	}
	for i, k := range kids {
		if k != Ref(firstPage+i) {
			return nil, f.bad("page tree")
		}
	}
	var fields, signatures []Ref
	for p := range w.seen {
		switch p.role {
		case rolePage:
			if p.ref < firstPage || int(p.ref) >= firstPage+len(kids) {
				return nil, f.bad("page outside the page tree")
			}
		case rolePageTree:
			if p.ref != treeNumber {
				return nil, f.bad("page tree")
			}
		case roleSignature:
			signatures = append(signatures, p.ref)
		}
	}
	out := &PacketFile{Pages: len(kids)}
	forms, _ := catalog["AcroForm"].(Dict)
	if f.signature == nil {
		if catalog["AcroForm"] != nil || len(signatures) > 0 {
			return nil, f.bad("form without a signature")
		}
		return out, nil
	}
	list, _ := forms["Fields"].(Array)
	for _, e := range list {
		if ref, ok := e.(Ref); ok {
			fields = append(fields, ref)
		}
	}
	if len(fields) != 1 || len(list) != 1 || forms["SigFlags"] != int64(3) {
		return nil, f.bad("not exactly one form field")
	}
	if v, _, _, err = f.object(int(fields[0])); err != nil {
		return nil, err
	}
	field, _ := v.(Dict)
	if field["Subtype"] != Name("Widget") || field["FT"] != Name("Sig") || field["V"] != Ref(f.last) {
		return nil, f.bad("field is not the signature's")
	}
	if len(signatures) != 1 || signatures[0] != Ref(f.last) {
		return nil, f.bad("not exactly one signature")
	}
	name, _ := f.signature["Name"].(String)
	reason, _ := f.signature["Reason"].(String)
	date, _ := f.signature["M"].(String)
	out.Signature = &PacketSignature{
		Gap: f.gap, Name: PlainText(name), Reason: PlainText(reason), Date: string(date),
	}
	return out, nil
}

// A parser reads our own spelling of PDF values: one space between things, no
// comments, no escapes but in names. It may be a little generous, since what it
// read is spelled again and compared; it must only never run off or blow up.
// It says [errShort] when more bytes could make the difference.
type parser struct {
	b []byte
}

var errSyntax = fmt.Errorf("not a value")

// next takes one byte.
func (p *parser) next() (byte, error) {
	if len(p.b) == 0 {
		return 0, errShort
	}
	c := p.b[0]
	p.b = p.b[1:]
	return c, nil
}

// skip takes s if it comes next.
func (p *parser) skip(s string) (bool, error) {
	if len(p.b) < len(s) && bytes.HasPrefix([]byte(s), p.b) {
		return false, errShort
	}
	if !bytes.HasPrefix(p.b, []byte(s)) {
		return false, nil
	}
	p.b = p.b[len(s):]
	return true, nil
}

func (p *parser) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	if len(p.b) < 2 {
		return nil, errShort
	}
	switch c := p.b[0]; {
	case c == '/':
		return p.name()
	case c == '(':
		end := bytes.IndexByte(p.b, ')')
		if end < 0 {
			return nil, errShort
		}
		s := String(bytes.Clone(p.b[1:end]))
		p.b = p.b[end+1:]
		return s, nil
	case c == '<' && p.b[1] == '<':
		p.b = p.b[2:]
		return p.dict(depth)
	case c == '<':
		end := bytes.IndexByte(p.b, '>')
		if end < 0 {
			return nil, errShort
		}
		s := make(String, hex.DecodedLen(end-1))
		if _, err := hex.Decode(s, p.b[1:end]); err != nil {
			return nil, errSyntax
		}
		p.b = p.b[end+1:]
		return s, nil
	case c == '[':
		p.b = p.b[1:]
		return p.array(depth)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for i, word := range []string{"null", "true", "false"} {
		if ok, err := p.skip(word); ok || err != nil {
			return []Value{nil, true, false}[i], err
		}
	}
	return nil, errSyntax
}

func (p *parser) name() (Name, error) {
	p.b = p.b[1:]
	var out []byte
	for {
		if len(p.b) == 0 {
			return "", errShort
		}
		c := p.b[0]
		if c != '#' && !regular(c) {
			n := Name(out)
			return n, checkName(n)
		}
		p.b = p.b[1:]
		if c == '#' {
			if len(p.b) < 2 {
				return "", errShort
			}
			var one [1]byte
			if _, err := hex.Decode(one[:], p.b[:2]); err != nil {
				return "", errSyntax
			}
			c = one[0]
			p.b = p.b[2:]
		}
		if out = append(out, c); len(out) > maxName {
			return "", errSyntax
		}
	}
}

// number reads an integer, a real number, or a reference.
func (p *parser) number() (Value, error) {
	end, real := 1, false
	for end < len(p.b) && (p.b[end] == '.' || p.b[end] >= '0' && p.b[end] <= '9') {
		real = real || p.b[end] == '.'
		end++
	}
	// A reference ends three bytes further on.
	if len(p.b) < end+len(" 0 R") {
		return nil, errShort
	}
	if end > 40 {
		return nil, errSyntax
	}
	word := string(p.b[:end])
	p.b = p.b[end:]
	if real {
		r, err := strconv.ParseFloat(word, 64)
		if err != nil || math.Abs(r) > maxReal {
			return nil, errSyntax
		}
		return Real(r), nil
	}
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return nil, errSyntax
	}
	if bytes.HasPrefix(p.b, []byte(" 0 R")) {
		if n < 1 || n > maxPacketObjects {
			return nil, errSyntax
		}
		p.b = p.b[len(" 0 R"):]
		return Ref(n), nil
	}
	return n, nil
}

func (p *parser) array(depth int) (Value, error) {
	out := Array{}
	if ok, err := p.skip("]"); ok || err != nil {
		return out, err
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		c, err := p.next()
		if err != nil {
			return nil, err
		}
		switch c {
		case ']':
			return out, nil
		case ' ':
		default:
			return nil, errSyntax
		}
	}
}

func (p *parser) dict(depth int) (Value, error) {
	out := Dict{}
	for {
		if ok, err := p.skip(" >>"); ok || err != nil {
			return out, err
		}
		if len(p.b) < 2 {
			return nil, errShort
		}
		if p.b[0] != ' ' || p.b[1] != '/' {
			return nil, errSyntax
		}
		p.b = p.b[1:]
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		ok, err := p.skip(" ")
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, errSyntax
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, errSyntax
		}
		out[key] = v
	}
}
