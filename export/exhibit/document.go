package exhibit

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"forbear/export/pdf"
)

// A cleaner makes one clean document.
type cleaner struct {
	src    *source
	out    *objects
	report *Report
	layers *layers
	// page is the number, from 1, of the page under way.
	page int
	// memo has the copies of source objects by what they were copied as.
	memo  map[memoKey]pdf.Ref
	empty *pdf.Ref // a form that draws nothing
	// decoded counts against maxDecoded, work against maxWork.
	decoded, work int
	fonts         map[int]*font
	forms         map[int][]byte // decoded content of forms, for text
	formBytes     int
	err           error // the first that copying met
}

type memoKey struct {
	number int
	role   pdf.Role
}

// A box is a rectangle with x0 < x1 and y0 < y1, in points.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }

func (b box) array() pdf.Array {
	return pdf.Array{pdf.Real(b.x0), pdf.Real(b.y0), pdf.Real(b.x1), pdf.Real(b.y1)}
}

// A matrix is a transformation as in ISO 32000-1 clause 8.3.4.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times gives the matrix that applies m first and then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

func (m matrix) array() pdf.Array {
	out := make(pdf.Array, 6)
	for i, f := range m {
		out[i] = pdf.Real(f)
	}
	return out
}

// bounds gives the upright rectangle around a transformed box.
func (m matrix) bounds(b box) box {
	out := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := m.apply(p[0], p[1])
		out.x0, out.x1 = min(out.x0, x), max(out.x1, x)
		out.y0, out.y1 = min(out.y0, y), max(out.y1, y)
	}
	return out
}

// box reads a rectangle, whichever corners it is given by (7.9.5).
func (s *source) box(v pdf.Value) (box, bool) {
	n := s.numbers(v, 4)
	if n == nil {
		return box{}, false
	}
	b := box{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
	return b, b.width() > 0 && b.height() > 0
}

// A pageNode is a page with what it inherits (7.7.3.4).
type pageNode struct {
	dict      pdf.Dict
	resources pdf.Dict
	media     pdf.Value
	crop      pdf.Value
	rotate    pdf.Value
}

// document reads a PDF.
func (c *cleaner) document(data []byte) ([]pdf.CleanPage, error) {
	src, err := openSource(data)
	if err != nil {
		return nil, err
	}
	c.src = src
	c.memo = map[memoKey]pdf.Ref{}
	c.fonts = map[int]*font{}
	c.forms = map[int][]byte{}
	c.layers = readLayers(src)
	c.documentParts()
	nodes, err := c.pageNodes()
	if err != nil {
		return nil, err
	}
	var pages []pdf.CleanPage
	text := 0
	for i, node := range nodes {
		c.page = i + 1
		page, err := c.cleanPage(node)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", c.page, err)
		}
		if text += len(page.Text); text > maxText {
			return nil, fmt.Errorf("%w: text", ErrTooLarge)
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// documentParts notes what a document has besides pages. None of it is looked
// at more closely, since none of it is copied.
func (c *cleaner) documentParts() {
	s := c.src
	root := s.root
	names := s.dict(root["Names"])
	for _, part := range []struct {
		code string
		has  bool
	}{
		{"encryption", s.encrypted},
		{"info", s.info},
		{"metadata", root["Metadata"] != nil},
		{"javascript", names["JavaScript"] != nil},
		{"attachment", names["EmbeddedFiles"] != nil || root["AF"] != nil || root["Collection"] != nil},
		{"action", root["OpenAction"] != nil || root["AA"] != nil},
		{"outline", root["Outlines"] != nil},
		{"structure", root["StructTreeRoot"] != nil},
		{"private", root["PieceInfo"] != nil},
		{"form-data", root["AcroForm"] != nil},
	} {
		if part.has {
			c.report.remove(part.code, 0)
		}
	}
	form := s.dict(root["AcroForm"])
	if v, _ := s.resolve(root["NeedsRendering"]).(bool); v && form["XFA"] != nil {
		c.report.ask("viewer-form", 0)
	}
}

// pageNodes walks the page tree. A tree that runs in circles, is too deep or
// claims more pages than it has still gives the pages that can be reached.
func (c *cleaner) pageNodes() ([]pageNode, error) {
	s := c.src
	var nodes []pageNode
	seen := map[sourceRef]bool{}
	broken := false
	var walk func(v pdf.Value, up pageNode, depth int) error
	walk = func(v pdf.Value, up pageNode, depth int) error {
		ref, isRef := v.(sourceRef)
		d, ok := s.resolve(v).(pdf.Dict)
		if !ok || depth > 60 {
			broken = true
			return nil
		}
		here := up
		here.dict = d
		if r := s.dict(d["Resources"]); r != nil {
			here.resources = r
		}
		for key, to := range map[pdf.Name]*pdf.Value{"MediaBox": &here.media, "CropBox": &here.crop, "Rotate": &here.rotate} {
			if v := s.resolve(d[key]); v != nil {
				*to = v
			}
		}
		kids, isTree := s.resolve(d["Kids"]).(pdf.Array)
		if !isTree {
			if len(nodes) == maxPages {
				return fmt.Errorf("%w: more than %d pages", ErrTooLarge, maxPages)
			}
			nodes = append(nodes, here)
			return nil
		}
		if isRef {
			if seen[ref] {
				broken = true
				return nil
			}
			seen[ref] = true
		}
		for _, kid := range kids {
			if err := walk(kid, here, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(s.root["Pages"], pageNode{}, 0); err != nil {
		return nil, err
	}
	if len(nodes) == 0 {
		return nil, fmt.Errorf("%w: no pages", ErrDamaged)
	}
	if claimed := s.integer(s.dict(s.root["Pages"])["Count"]); claimed > len(nodes) {
		broken = true
	}
	if broken {
		c.report.ask("missing-pages", 0)
	}
	return nodes, nil
}

// visible gives the part of a page that is seen, in its own units, and the
// matrix that puts it upright with its corner at the origin, in points.
func (c *cleaner) visible(n pageNode) (box, matrix, error) {
	s := c.src
	media, ok := s.box(n.media)
	if !ok {
		media = box{0, 0, 612, 792} // what viewers take for a missing box
	}
	seen := media
	if crop, ok := s.box(n.crop); ok {
		cut := box{max(crop.x0, media.x0), max(crop.y0, media.y0), min(crop.x1, media.x1), min(crop.y1, media.y1)}
		if cut.width() > 0 && cut.height() > 0 {
			seen = cut
		}
	}
	unit, ok := s.number(n.dict["UserUnit"])
	if !ok || unit <= 0 {
		unit = 1
	}
	var m matrix
	turn := s.integer(n.rotate) % 360
	switch (turn + 360) % 360 {
	case 90:
		m = matrix{0, -1, 1, 0, -seen.y0, seen.x1}
	case 180:
		m = matrix{-1, 0, 0, -1, seen.x1, seen.y1}
	case 270:
		m = matrix{0, 1, -1, 0, seen.y1, -seen.x0}
	default:
		m = matrix{1, 0, 0, 1, -seen.x0, -seen.y0}
	}
	m = m.times(matrix{unit, 0, 0, unit, 0, 0})
	out := m.bounds(seen)
	for _, side := range []float64{out.width(), out.height()} {
		if !(side >= 1 && side <= 14400) {
			return box{}, matrix{}, fmt.Errorf("%w: page size", ErrDamaged)
		}
	}
	return seen, m, nil
}

func (c *cleaner) cleanPage(n pageNode) (pdf.CleanPage, error) {
	s := c.src
	seen, upright, err := c.visible(n)
	if err != nil {
		return pdf.CleanPage{}, err
	}
	s.lost = false
	content, err := c.contents(n.dict["Contents"])
	if err != nil {
		return pdf.CleanPage{}, err
	}
	body, used, err := c.cleanContent(content, n.resources)
	if err != nil {
		return pdf.CleanPage{}, err
	}
	for _, part := range []struct {
		code string
		key  pdf.Name
	}{{"metadata", "Metadata"}, {"private", "PieceInfo"}, {"action", "AA"}, {"attachment", "AF"}, {"thumbnail", "Thumb"}} {
		if n.dict[part.key] != nil {
			c.report.remove(part.code, 0)
		}
	}
	resources, err := c.resources(n.resources, used)
	if err != nil {
		return pdf.CleanPage{}, err
	}
	annots, err := c.annotations(n)
	if err != nil {
		return pdf.CleanPage{}, err
	}

	form := pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"),
		"BBox": seen.array(), "Matrix": upright.array(), "Resources": resources,
		"Filter": pdf.Name("FlateDecode"),
	}
	if len(annots) > 0 {
		// The page becomes a form of its own, so that a graphics state that it
		// leaves behind cannot move what is drawn on top.
		inner := pdf.Dict{
			"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"),
			"BBox": seen.array(), "Resources": resources, "Filter": pdf.Name("FlateDecode"),
		}
		objects := pdf.Dict{"P": c.out.Add(pdf.Object{Value: inner, Stream: deflate(body)})}
		var draw bytes.Buffer
		draw.WriteString("q /P Do Q\n")
		for i, a := range annots {
			name := fmt.Sprintf("A%d", i)
			objects[pdf.Name(name)] = a.form
			fmt.Fprintf(&draw, "q %s cm /%s Do Q\n", a.place.operands(), name)
		}
		form["Resources"] = pdf.Dict{"XObject": objects}
		body = draw.Bytes()
	}
	if group := s.dict(n.dict["Group"]); group != nil {
		if g, ok := c.copyDict(group, pdf.RoleGroup, scope{resources: n.resources}).(pdf.Dict); ok && g["S"] != nil {
			g["I"] = true // a page's group is isolated (11.4.7)
			form["Group"] = g
		}
	}
	ref := c.out.Add(pdf.Object{Value: form, Stream: deflate(body)})
	text, err := c.pageText(content, n.resources, annots, seen)
	if err != nil {
		return pdf.CleanPage{}, err
	}
	if s.lost {
		c.report.ask("damaged", c.page)
	}
	size := upright.bounds(seen)
	return pdf.CleanPage{Width: size.width(), Height: size.height(), Form: ref, Text: text}, nil
}

// operands writes a matrix the way a content stream wants it.
func (m matrix) operands() string {
	return fmt.Sprintf("%.6f %.6f %.6f %.6f %.4f %.4f", m[0], m[1], m[2], m[3], m[4], m[5])
}

// contents decodes and joins the content streams of a page.
func (c *cleaner) contents(v pdf.Value) ([]byte, error) {
	s := c.src
	var parts [][]byte
	total := 0
	add := func(v pdf.Value) error {
		st, ok := s.resolve(v).(*stream)
		if !ok {
			if v != nil {
				s.lost = true
			}
			return nil
		}
		data, err := c.decode(st)
		if err != nil {
			return err
		}
		if total += len(data); total > maxContent {
			return fmt.Errorf("%w: page content", ErrTooLarge)
		}
		parts = append(parts, data)
		return nil
	}
	switch got := s.resolve(v).(type) {
	case *stream:
		if err := add(got); err != nil {
			return nil, err
		}
	case pdf.Array:
		if len(got) > 10_000 {
			return nil, fmt.Errorf("%w: page content", ErrTooLarge)
		}
		for _, e := range got {
			if err := add(e); err != nil {
				return nil, err
			}
		}
	default:
		if v != nil {
			s.lost = true
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return joinContents(parts), nil
}

// decode undoes all filters of a stream. Damage gives what could be read and a
// question.
func (c *cleaner) decode(st *stream) ([]byte, error) {
	chain, ok := c.src.filters(st)
	if !ok {
		c.src.lost = true
		return nil, nil
	}
	return c.unfilter(st.raw, chain)
}

func (c *cleaner) unfilter(data []byte, chain []filter) ([]byte, error) {
	for _, f := range chain {
		if isImageCoding(f.name) {
			c.src.lost = true
			return nil, nil
		}
		out, err := f.unfilter(data, min(maxContent, maxDecoded-c.decoded))
		if errors.Is(err, errDecodeSize) {
			return nil, fmt.Errorf("%w: unpacked stream", ErrTooLarge)
		}
		if err != nil {
			c.src.lost = true
		}
		c.decoded += len(out)
		data = out
	}
	return data, nil
}
