package pdf

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Packet says everything about a packet's bytes.
type Packet struct {
	Title string // for the window's title bar; one line
	Lang  string // BCP 47, such as en-US

	Pages   []Page
	Outline []Bookmark

	// Signature is nil for a plain copy.
	Signature *Signature

	// ID goes into the trailer. Programs use it to tell documents apart, and
	// nothing else can be read from it if it is chosen well: the caller derives
	// it from the plan.
	ID [16]byte
}

// A Page is one page of a packet. Sizes are in points, the origin is the lower
// left corner. Layers are drawn in order. Label is the number that is printed
// on the page, with its prefix if it has one; readers show it beside the page.
type Page struct {
	Width, Height float64
	Layers        []Layer
	Label         string
	Links         []Link
}

// A Layer draws one page of a clean document, scaled and then moved to (X, Y).
// A Scale of 0 is 1. Page counts from 0.
type Layer struct {
	Source *Clean
	Page   int
	X, Y   float64
	Scale  float64
}

// A Link leads from a rectangle (left, bottom, right, top) to the top of
// another page of the packet, which counts from 0. It has no border.
type Link struct {
	Rect [4]float64
	Page int
}

// A Bookmark leads to the top of a page.
type Bookmark struct {
	Title    string
	Page     int
	Children []Bookmark
}

// A Signature is an approval signature in the PAdES baseline profile B-B
// (ETSI EN 319 142-1) with a visible field. It does not restrict what a
// recipient may do with the packet.
type Signature struct {
	Page int
	Rect [4]float64 // left, bottom, right, top; all zero is invisible

	// Appearance is drawn in the field, its X and Y counted from the field's
	// lower left corner. It may be nil.
	Appearance *Layer

	Name      string // of the signer
	Reason    string // optional
	Date      time.Time
	FieldName string // "Signature" if empty

	// Size is how many bytes are kept free for the CMS; 0 is 4096. A self-signed
	// P-256 certificate needs about 900, RSA 4096 about 2400.
	Size int

	// Sign gets the SHA-256 of all bytes but the gap and returns the CMS in
	// DER. It is called once, when everything before the gap has been written.
	Sign func(digest []byte) (cms []byte, err error)
}

// Written says what Write wrote. Digest is what was signed: the SHA-256 of the
// file without the signature's gap. It is zero for a plain copy.
type Written struct {
	Size   int64
	SHA256 [32]byte
	Digest [32]byte
}

// Bounds on packets, beside those on clean documents.
const (
	maxPacketObjects = 1_000_000
	maxPacketSize    = 9_999_999_999 // ten digits in the cross-reference table
	maxPacketValue   = 8 << 20
	maxBookmarks     = 20_000
	maxBookmarkDepth = 8
	maxLinks         = 5_000 // a page
	maxTitle         = 1000
	defaultCMS       = 4096
	maxCMS           = 64 << 10
	// openBookmarks is up to how many bookmarks are shown at once. Beyond it
	// only the top level is open: a column that has to be scrolled finds
	// nothing.
	openBookmarks = 40
)

// header is the first two lines of every packet. The second one tells programs
// that move files that this one is not text (7.5.2).
const header = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"

// Object numbers that are the same in every packet. Pages follow at firstPage.
const (
	catalogNumber = 1
	treeNumber    = 2
	firstPage     = 3
)

// Write writes a packet to w in one pass. On an error what was written is no
// packet, and the caller has to remove it.
func Write(w io.Writer, p Packet) (Written, error) {
	if err := p.check(); err != nil {
		return Written{}, err
	}
	a := &assembler{
		out:     bufio.NewWriterSize(w, 64<<10),
		file:    sha256.New(),
		signed:  sha256.New(),
		offsets: make([]int64, firstPage+len(p.Pages)),
		sources: map[*Clean][]int{},
	}
	if err := a.packet(p); err != nil {
		return Written{}, fmt.Errorf("write packet: %w", err)
	}
	if err := a.out.Flush(); err != nil {
		return Written{}, fmt.Errorf("write packet: %w", err)
	}
	done := Written{Size: a.at, SHA256: [32]byte(a.file.Sum(nil))}
	if p.Signature != nil {
		done.Digest = [32]byte(a.signed.Sum(nil))
	}
	return done, nil
}

// check finds what no file can be made of, before anything is written.
func (p Packet) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrPlan}, args...)...)
	}
	if !line(p.Title) || p.Title == "" {
		return bad("title is empty, too long or not one line")
	}
	if len(p.Lang) < 2 || len(p.Lang) > 35 || strings.Trim(p.Lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return bad("language is not a language tag")
	}
	if len(p.Pages) == 0 || len(p.Pages) > maxPages {
		return bad("%d pages", len(p.Pages))
	}
	for i, page := range p.Pages {
		for _, side := range []float64{page.Width, page.Height} {
			if !(side >= 1 && side <= maxSide) {
				return bad("page %d: side out of bounds", i+1)
			}
		}
		if !line(page.Label) {
			return bad("page %d: label is too long or not one line", i+1)
		}
		for _, l := range page.Layers {
			if err := l.check(); err != nil {
				return bad("page %d: %v", i+1, err)
			}
		}
		if len(page.Links) > maxLinks {
			return bad("page %d: %d links", i+1, len(page.Links))
		}
		for _, l := range page.Links {
			if l.Page < 0 || l.Page >= len(p.Pages) || !finite(l.Rect[:]...) {
				return bad("page %d: link to a page or from a place that is not there", i+1)
			}
		}
	}
	count := 0
	if err := checkBookmarks(p.Outline, len(p.Pages), 1, &count); err != nil {
		return bad("%v", err)
	}
	s := p.Signature
	if s == nil {
		return nil
	}
	if s.Page < 0 || s.Page >= len(p.Pages) || !finite(s.Rect[:]...) || s.Rect[0] > s.Rect[2] || s.Rect[1] > s.Rect[3] {
		return bad("signature on a page or in a place that is not there")
	}
	if s.Appearance != nil {
		if err := s.Appearance.check(); err != nil {
			return bad("signature: %v", err)
		}
	}
	if !line(s.Name) || !line(s.Reason) || !line(s.FieldName) || strings.Contains(s.FieldName, ".") {
		return bad("signature: a text is too long or not one line")
	}
	if y := s.Date.Year(); y < 1900 || y > 9999 {
		return bad("signature: date out of bounds")
	}
	if s.Size < 0 || s.Size > maxCMS || s.Sign == nil {
		return bad("signature: nobody to sign, or no space for it")
	}
	return nil
}

func (l Layer) check() error {
	if l.Source == nil || l.Page < 0 || l.Page >= len(l.Source.pages) {
		return fmt.Errorf("layer draws a page that is not there")
	}
	if !finite(l.X, l.Y, l.Scale) || l.Scale < 0 {
		return fmt.Errorf("layer in a place that is not there")
	}
	return nil
}

func checkBookmarks(list []Bookmark, pages, depth int, count *int) error {
	if depth > maxBookmarkDepth && len(list) > 0 {
		return fmt.Errorf("bookmarks nested deeper than %d", maxBookmarkDepth)
	}
	for _, b := range list {
		if *count++; *count > maxBookmarks {
			return fmt.Errorf("more than %d bookmarks", maxBookmarks)
		}
		if b.Title == "" || !line(b.Title) || b.Page < 0 || b.Page >= pages {
			return fmt.Errorf("bookmark %d has no title, or no page", *count)
		}
		if err := checkBookmarks(b.Children, pages, depth+1, count); err != nil {
			return err
		}
	}
	return nil
}

// line tells whether s is text on one line.
func line(s string) bool {
	return len(s) <= maxTitle && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

func finite(fs ...float64) bool {
	for _, f := range fs {
		if !(math.Abs(f) <= 1e6) {
			return false
		}
	}
	return true
}

// An assembler writes objects one after the other and remembers where.
type assembler struct {
	out     *bufio.Writer
	at      int64
	file    hash.Hash // of everything
	signed  hash.Hash // of everything but the gap
	offsets []int64   // by object number; 0 is not written yet
	sources map[*Clean][]int
	todo    []copied
	buf     []byte
}

// copied is an object of a clean document that has a number and waits to be
// written.
type copied struct {
	source *Clean
	ref    Ref
	number int
}

// Write makes an assembler the one place that bytes pass through, and counts
// and hashes them.
func (a *assembler) Write(b []byte) (int, error) {
	a.signed.Write(b)
	return a.unsigned(b)
}

// unsigned writes bytes that the signature does not cover: the gap.
func (a *assembler) unsigned(b []byte) (int, error) {
	a.file.Write(b)
	a.at += int64(len(b))
	if a.at > maxPacketSize {
		return 0, fmt.Errorf("packet larger than %d bytes", int64(maxPacketSize))
	}
	return a.out.Write(b)
}

// number hands out the next object number.
func (a *assembler) number() int {
	a.offsets = append(a.offsets, 0)
	return len(a.offsets) - 1
}

// own is the number function for values that we made ourselves, in which a
// reference is an object number already.
func own(r Ref) (int, error) { return int(r), nil }

// object writes an object without a stream.
func (a *assembler) object(number int, v Value) error {
	return a.put(number, v, own, nil, 0)
}

// put writes one object; stream is nil for one without.
func (a *assembler) put(number int, v Value, refs func(Ref) (int, error), stream io.Reader, length int64) error {
	if a.offsets[number] != 0 {
		panic("pdf: internal error: object written twice")
	}
	if len(a.offsets) > maxPacketObjects {
		return fmt.Errorf("more than %d objects", maxPacketObjects)
	}
	if stream != nil {
		d := make(Dict)
		for k, e := range v.(Dict) {
			d[k] = e
		}
		d["Length"] = length
		v = d
	}
	a.offsets[number] = a.at
	b := strconv.AppendInt(a.buf[:0], int64(number), 10)
	b = append(b, " 0 obj\n"...)
	b, err := appendValue(b, v, refs)
	if err != nil {
		return err
	}
	a.buf = b
	if len(b) > maxPacketValue {
		return fmt.Errorf("object longer than %d bytes", maxPacketValue)
	}
	if stream == nil {
		_, err = a.Write(append(b, "\nendobj\n"...))
		return err
	}
	if _, err := a.Write(append(b, "\nstream\n"...)); err != nil {
		return err
	}
	n, err := io.Copy(a, stream)
	if err != nil {
		return err
	}
	if n != length {
		return fmt.Errorf("%w: cut short", ErrNotClean)
	}
	_, err = io.WriteString(a, "\nendstream\nendobj\n")
	return err
}

// copy gives an object of a clean document a number, the same one each time,
// and puts it in line to be written if it is new.
func (a *assembler) copy(source *Clean, ref Ref) int {
	numbers := a.sources[source]
	if numbers == nil {
		numbers = make([]int, len(source.objects))
		a.sources[source] = numbers
	}
	if numbers[ref] == 0 {
		numbers[ref] = a.number()
		a.todo = append(a.todo, copied{source, ref, numbers[ref]})
	}
	return numbers[ref]
}

// flush writes all objects that are in line, and those that they refer to.
func (a *assembler) flush() error {
	for len(a.todo) > 0 {
		c := a.todo[0]
		a.todo = a.todo[1:]
		v, err := c.source.value(c.ref)
		if err != nil {
			return err
		}
		refs := func(r Ref) (int, error) { return a.copy(c.source, r), nil }
		if s, ok := c.source.stream(c.ref); ok {
			err = a.put(c.number, v, refs, s, s.Size())
		} else {
			err = a.put(c.number, v, refs, nil, 0)
		}
		if err != nil {
			return err
		}
	}
	a.todo = nil
	return nil
}

// draw returns the content stream that draws layers, and the resources that it
// needs.
func (a *assembler) draw(layers []Layer) ([]byte, Dict) {
	var content []byte
	forms := Dict{}
	for i, l := range layers {
		name := Name("F" + strconv.Itoa(i))
		forms[name] = Ref(a.copy(l.Source, l.Source.pages[l.Page].Form))
		scale := l.Scale
		if scale == 0 {
			scale = 1
		}
		content = append(content, "q "...)
		for _, f := range []float64{scale, 0, 0, scale, l.X, l.Y} {
			content = append(appendReal(content, f), ' ')
		}
		content = append(appendName(append(content, "cm "...), name), " Do Q\n"...)
	}
	if len(forms) == 0 {
		return content, Dict{}
	}
	return content, Dict{"XObject": forms}
}

func appendReal(out []byte, f float64) []byte {
	out, err := appendValue(out, Real(f), own)
	if err != nil {
		panic("pdf: internal error: number was checked before")
	}
	return out
}

func rect(r [4]float64) Array {
	return Array{Real(r[0]), Real(r[1]), Real(r[2]), Real(r[3])}
}

func (a *assembler) packet(p Packet) error {
	if _, err := io.WriteString(a, header); err != nil {
		return err
	}
	// The signature dictionary is written last, but its field refers to it.
	field, signature := 0, 0
	if p.Signature != nil {
		field, signature = a.number(), a.number()
	}
	for i, page := range p.Pages {
		if err := a.page(p, i, page, field); err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	if p.Signature != nil {
		if err := a.field(p.Signature, field, signature); err != nil {
			return err
		}
	}
	catalog := Dict{
		"Type": Name("Catalog"), "Pages": Ref(treeNumber), "Lang": String(p.Lang),
		"ViewerPreferences": Dict{"DisplayDocTitle": true},
	}
	if labels := pageLabels(p.Pages); labels != nil {
		catalog["PageLabels"] = labels
	}
	if len(p.Outline) > 0 {
		root, err := a.outline(p)
		if err != nil {
			return err
		}
		catalog["Outlines"], catalog["PageMode"] = Ref(root), Name("UseOutlines")
	}
	metadata := a.number()
	catalog["Metadata"] = Ref(metadata)
	xmp := xmpPacket(p.Title, p.Lang)
	err := a.put(metadata, Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, own,
		bytes.NewReader(xmp), int64(len(xmp)))
	if err != nil {
		return err
	}
	kids := make(Array, len(p.Pages))
	for i := range kids {
		kids[i] = Ref(firstPage + i)
	}
	tree := Dict{"Type": Name("Pages"), "Count": int64(len(kids)), "Kids": kids}
	if err := a.object(treeNumber, tree); err != nil {
		return err
	}
	if p.Signature != nil {
		catalog["AcroForm"] = Dict{"Fields": Array{Ref(field)}, "SigFlags": int64(3)}
	}
	if err := a.object(catalogNumber, catalog); err != nil {
		return err
	}
	if p.Signature != nil {
		return a.sign(p, signature)
	}
	_, err = a.Write(a.table(a.at, p.ID))
	return err
}

func (a *assembler) page(p Packet, i int, page Page, field int) error {
	content, resources := a.draw(page.Layers)
	if err := a.flush(); err != nil {
		return err
	}
	drawn := a.number()
	if err := a.put(drawn, Dict{}, own, bytes.NewReader(content), int64(len(content))); err != nil {
		return err
	}
	var notes Array
	for _, l := range page.Links {
		n := a.number()
		notes = append(notes, Ref(n))
		err := a.object(n, Dict{
			"Type": Name("Annot"), "Subtype": Name("Link"), "Rect": rect(l.Rect),
			"Border": Array{int64(0), int64(0), int64(0)}, "F": int64(4),
			"Dest": destination(p, l.Page),
		})
		if err != nil {
			return err
		}
	}
	if p.Signature != nil && p.Signature.Page == i {
		notes = append(notes, Ref(field))
	}
	d := Dict{
		"Type": Name("Page"), "Parent": Ref(treeNumber), "Resources": resources,
		"MediaBox": rect([4]float64{0, 0, page.Width, page.Height}),
		"Contents": Ref(drawn),
	}
	if notes != nil {
		d["Annots"] = notes
	}
	return a.object(firstPage+i, d)
}

// destination is the top of a page, at whatever zoom the reader has chosen.
func destination(p Packet, page int) Array {
	return Array{Ref(firstPage + page), Name("XYZ"), nil, Real(p.Pages[page].Height), nil}
}

// field writes the signature field, which is its own widget, and what it looks
// like. /F 132 is printed and locked (12.5.3).
func (a *assembler) field(s *Signature, field, signature int) error {
	var layers []Layer
	if s.Appearance != nil {
		layers = []Layer{*s.Appearance}
	}
	content, resources := a.draw(layers)
	if err := a.flush(); err != nil {
		return err
	}
	look := a.number()
	err := a.put(look, Dict{
		"Type": Name("XObject"), "Subtype": Name("Form"), "Resources": resources,
		"BBox": rect([4]float64{0, 0, s.Rect[2] - s.Rect[0], s.Rect[3] - s.Rect[1]}),
	}, own, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	name := s.FieldName
	if name == "" {
		name = "Signature"
	}
	return a.object(field, Dict{
		"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": Text(name),
		"V": Ref(signature), "P": Ref(firstPage + s.Page), "F": int64(132),
		"Rect": rect(s.Rect), "AP": Dict{"N": Ref(look)},
	})
}

// outline writes the bookmarks and returns the number of their root.
func (a *assembler) outline(p Packet) (int, error) {
	open := countBookmarks(p.Outline) <= openBookmarks
	root := a.number()
	first, last, err := a.bookmarks(p, p.Outline, root, open)
	if err != nil {
		return 0, err
	}
	return root, a.object(root, Dict{
		"Type": Name("Outlines"), "First": Ref(first), "Last": Ref(last),
		"Count": int64(shown(p.Outline, open)),
	})
}

func (a *assembler) bookmarks(p Packet, list []Bookmark, parent int, open bool) (first, last int, err error) {
	numbers := make([]int, len(list))
	for i := range numbers {
		numbers[i] = a.number()
	}
	for i, b := range list {
		d := Dict{"Title": Text(b.Title), "Parent": Ref(parent), "Dest": destination(p, b.Page)}
		if i > 0 {
			d["Prev"] = Ref(numbers[i-1])
		}
		if i < len(list)-1 {
			d["Next"] = Ref(numbers[i+1])
		}
		if len(b.Children) > 0 {
			first, last, err := a.bookmarks(p, b.Children, numbers[i], open)
			if err != nil {
				return 0, 0, err
			}
			d["First"], d["Last"] = Ref(first), Ref(last)
			// A closed bookmark counts what would show if it were open, below
			// zero (12.3.3).
			d["Count"] = int64(shown(b.Children, open))
			if !open {
				d["Count"] = -d["Count"].(int64)
			}
		}
		if err := a.object(numbers[i], d); err != nil {
			return 0, 0, err
		}
	}
	return numbers[0], numbers[len(numbers)-1], nil
}

func countBookmarks(list []Bookmark) int {
	n := len(list)
	for _, b := range list {
		n += countBookmarks(b.Children)
	}
	return n
}

// shown counts the lines that a list takes when its own level is unfolded.
func shown(list []Bookmark, open bool) int {
	if open {
		return countBookmarks(list)
	}
	return len(list)
}

// pageLabels makes readers show the printed numbers (12.4.2). It returns nil
// when no page has a label.
func pageLabels(pages []Page) Value {
	var nums Array
	labeled := false
	prefix, next := "", 0
	for i, p := range pages {
		labeled = labeled || p.Label != ""
		pre, n := splitLabel(p.Label)
		if i > 0 && n > 0 && pre == prefix && n == next {
			next++
			continue
		}
		d := Dict{}
		if pre != "" {
			d["P"] = Text(pre)
		}
		if n > 0 {
			d["S"], d["St"] = Name("D"), int64(n)
		}
		nums = append(nums, int64(i), d)
		// A label without a number says the same on every page of its range, so
		// each such page has a range of its own.
		prefix, next = pre, n+1
		if n == 0 {
			next = 0
		}
	}
	if !labeled {
		return nil
	}
	return Dict{"Nums": nums}
}

// splitLabel takes the number off the end of a label. Numbers that a reader
// would print differently, "007" or 0, stay in the prefix.
func splitLabel(label string) (prefix string, n int) {
	cut := len(label)
	for cut > 0 && label[cut-1] >= '0' && label[cut-1] <= '9' {
		cut--
	}
	digits := label[cut:]
	if digits == "" || digits[0] == '0' || len(digits) > 9 {
		return label, 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic("pdf: internal error: nine digits are a number")
	}
	return label[:cut], n
}

// xmpPacket holds the title and the language and nothing else: no dates, no
// program, no identifiers (ISO 16684-1).
func xmpPacket(title, lang string) []byte {
	var t bytes.Buffer
	if err := xml.EscapeText(&t, []byte(title)); err != nil {
		panic("pdf: internal error: a buffer does not fail")
	}
	return []byte("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n" +
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n" +
		"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" + t.String() + "</rdf:li></rdf:Alt></dc:title>\n" +
		"<dc:language><rdf:Bag><rdf:li>" + lang + "</rdf:li></rdf:Bag></dc:language>\n" +
		"</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
}

// table returns the cross-reference table, the trailer and the end of the file,
// for a table that begins at start.
func (a *assembler) table(start int64, id [16]byte) []byte {
	out := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(a.offsets))
	for number, at := range a.offsets {
		if number == 0 {
			continue
		}
		if at == 0 {
			panic("pdf: internal error: object never written")
		}
		out = fmt.Appendf(out, "%010d 00000 n \n", at)
	}
	out = append(out, trailer(id, len(a.offsets))...)
	return fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", start)
}

func trailer(id [16]byte, size int) string {
	s := strings.ToUpper(hex.EncodeToString(id[:]))
	return fmt.Sprintf("trailer\n<< /ID [<%s> <%s>] /Root %d 0 R /Size %d >>\n", s, s, catalogNumber, size)
}

// sign writes the signature dictionary, the table and the signature. By now
// every length is known but those of the numbers that say how long things are,
// so the tail is composed until its numbers agree with it. Each round can only
// make numbers longer: the loop ends.
func (a *assembler) sign(p Packet, number int) error {
	s := p.Signature
	size := s.Size
	if size == 0 {
		size = defaultCMS
	}
	rest := Dict{
		"Filter": Name("Adobe.PPKLite"), "M": String(formatDate(s.Date)), "Name": Text(s.Name),
		"SubFilter": Name("ETSI.CAdES.detached"), "Type": Name("Sig"),
	}
	if s.Reason != "" {
		rest["Reason"] = Text(s.Reason)
	}
	after, err := appendValue(nil, rest, own)
	if err != nil {
		return err
	}
	after = append(after[len("<<"):], "\nendobj\n"...)
	gap := int64(len("<>") + 2*size)

	a.offsets[number] = a.at
	var before, tail []byte
	var from, to, left int64
	for {
		// Sorted, as every dictionary is; /ByteRange and /Contents come first.
		before = fmt.Appendf(nil, "%d 0 obj\n<< /ByteRange [0 %d %d %d] /Contents ", number, from, to, left)
		start := a.at + int64(len(before)) + gap + int64(len(after))
		tail = append(bytes.Clone(after), a.table(start, p.ID)...)
		f := a.at + int64(len(before))
		if from == f && to == f+gap && left == int64(len(tail)) {
			break
		}
		from, to, left = f, f+gap, int64(len(tail))
	}

	if _, err := a.Write(before); err != nil {
		return err
	}
	a.signed.Write(tail)
	cms, err := s.Sign(a.signed.Sum(nil))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	if len(cms) > size {
		return fmt.Errorf("%w: %d bytes of %d", ErrSignatureSize, len(cms), size)
	}
	contents := make([]byte, 0, gap)
	contents = append(contents, '<')
	for _, b := range cms {
		contents = append(contents, upperHex[b>>4], upperHex[b&15])
	}
	contents = append(contents, bytes.Repeat([]byte("00"), size-len(cms))...)
	if _, err := a.unsigned(append(contents, '>')); err != nil {
		return err
	}
	_, err = a.unsigned(tail)
	return err
}

// formatDate writes a date as 7.9.4 has it, in the date's own zone.
func formatDate(t time.Time) string {
	_, offset := t.Zone()
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("D:%s%c%02d'%02d", t.Format("20060102150405"), sign, offset/3600, offset/60%60)
}

// ParseDate reads a PDF date (7.9.4) with at least its day. A date without a
// zone is taken as UTC.
func ParseDate(s string) (time.Time, bool) {
	s, ok := strings.CutPrefix(s, "D:")
	if !ok {
		return time.Time{}, false
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits < 8 || digits > 14 || digits%2 != 0 {
		return time.Time{}, false
	}
	zone := s[digits:]
	at, err := time.Parse("20060102150405", s[:digits]+"000000"[:14-digits])
	if err != nil {
		return time.Time{}, false
	}
	zone = strings.TrimSuffix(zone, "'")
	if zone == "" || zone == "Z" || zone == "Z00'00" {
		return at, true
	}
	var h, m int
	if len(zone) == 6 && zone[3] == '\'' && (zone[0] == '+' || zone[0] == '-') {
		var err1, err2 error
		h, err1 = strconv.Atoi(zone[1:3])
		m, err2 = strconv.Atoi(zone[4:6])
		if err1 != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
			return time.Time{}, false
		}
	} else {
		return time.Time{}, false
	}
	offset := h*3600 + m*60
	if zone[0] == '-' {
		offset = -offset
	}
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0,
		time.FixedZone("", offset)), true
}
