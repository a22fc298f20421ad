package exhibit

import (
	"bytes"
	"fmt"
	"slices"

	"forbear/export/pdf"
)

// Copying follows [pdf.Role]: a value is copied in the role that its place
// gives it, and an entry that the role does not name is not looked at. What
// does not fit its role is left out; a viewer would not have drawn it either.

// maxNesting bounds values within values within one object, and objects within
// objects.
const (
	maxNesting = 24
	maxDeep    = 200
)

// A scope is where a value stands: the resources of the content around it,
// which a form without resources of its own uses (7.8.3, a leftover of PDF
// 1.1), how deep in its object it lies, and how many objects lead to it.
type scope struct {
	resources pdf.Dict
	nesting   int
	deep      int
}

func (sc scope) in() scope     { return scope{sc.resources, sc.nesting + 1, sc.deep} }
func (sc scope) object() scope { return scope{sc.resources, 0, sc.deep + 1} }

// copyValue copies v in a role; ok is false when it may not or cannot be.
func (c *cleaner) copyValue(v pdf.Value, role pdf.Role, sc scope) (out pdf.Value, ok bool) {
	if sc.nesting > maxNesting || sc.deep > maxDeep {
		return nil, false
	}
	ref, isRef := v.(sourceRef)
	v = c.src.resolve(v)
	st, isStream := v.(*stream)
	var d pdf.Dict
	if isStream {
		d = st.dict
	} else {
		d, _ = v.(pdf.Dict)
	}
	if d == nil {
		if a, isArray := v.(pdf.Array); isArray {
			if !role.Takes(pdf.Array{}, false) {
				return nil, false
			}
			return c.copyArray(a, role, ref, isRef, sc)
		}
		if !role.Takes(v, false) {
			return nil, false
		}
		return scalar(v)
	}
	// Roles look at /Subtype; it may stand behind a reference.
	probe := pdf.Dict{"Subtype": c.src.name(d["Subtype"])}
	if !role.Takes(probe, isStream) {
		return nil, false
	}
	if !isRef && !isStream {
		return c.copyDict(d, role, sc), true
	}
	number := int(ref)
	if isStream {
		number = st.number
	}
	key := memoKey{number, settled(role, c.src.name(d["Subtype"]))}
	if done, there := c.memo[key]; there {
		return done, true
	}
	if isStream {
		if _, known := c.src.filters(st); !known {
			c.src.lost = true
			return nil, false
		}
		if key.role == pdf.RoleImage {
			return c.copyImage(st, key, sc)
		}
	}
	to := c.out.Reserve()
	c.memo[key] = to
	object := pdf.Object{}
	if isStream {
		var err error
		if object, err = c.copyStream(st, key.role, sc); err != nil {
			c.fail(err)
			object = pdf.Object{Value: pdf.Dict{}, Stream: []byte{}}
		}
	} else {
		object.Value = c.copyDict(d, key.role, sc.object())
	}
	c.out.Put(to, object)
	return to, true
}

// scalar passes plain values that the clean document can hold.
func scalar(v pdf.Value) (pdf.Value, bool) {
	switch v := v.(type) {
	case pdf.Name:
		return v, len(v) <= 255 && bytes.IndexByte([]byte(v), 0) < 0
	case pdf.String:
		return v, len(v) <= 1<<16
	}
	return v, true
}

// settled resolves the roles that depend on /Subtype, so that one object is
// copied once.
func settled(role pdf.Role, subtype pdf.Name) pdf.Role {
	switch {
	case role == pdf.RoleXObject && subtype == "Form":
		return pdf.RoleForm
	case (role == pdf.RoleXObject || role == pdf.RoleMask) && subtype == "Image":
		return pdf.RoleImage
	}
	return role
}

// copyArray copies an array in place; a plain one behind a reference becomes an
// object, since widths of fonts are shared that way.
func (c *cleaner) copyArray(a pdf.Array, role pdf.Role, ref sourceRef, isRef bool, sc scope) (pdf.Value, bool) {
	key := memoKey{int(ref), role}
	if isRef && role == pdf.RolePlain {
		if done, there := c.memo[key]; there {
			return done, true
		}
	}
	var first pdf.Name
	if len(a) > 0 {
		first = c.src.name(a[0])
	}
	out := make(pdf.Array, 0, len(a))
	for i, e := range a {
		r, ok := role.Element(first, i)
		if !ok {
			break
		}
		v, ok := c.copyValue(e, r, sc.in())
		if !ok {
			if role != pdf.RolePlain {
				return nil, false
			}
			v = nil
		}
		out = append(out, v)
	}
	if isRef && role == pdf.RolePlain {
		to := c.out.Add(pdf.Object{Value: out})
		c.memo[key] = to
		return to, true
	}
	return out, true
}

// copyDict copies the entries of a dictionary that its role names, in the order
// of their names, so that the same file gives the same bytes.
func (c *cleaner) copyDict(d pdf.Dict, role pdf.Role, sc scope) pdf.Value {
	subtype := c.src.name(d["Subtype"])
	out := pdf.Dict{}
	for _, key := range sortedKeys(d) {
		switch key {
		case "Filter", "DecodeParms", "Length":
			continue // the stream's own business
		}
		if _, fits := scalar(key); !fits {
			continue
		}
		r, ok := role.Entry(subtype, key)
		if !ok {
			continue
		}
		if r == pdf.RoleResources || r == pdf.RoleGlyphs {
			continue // content; copied by use, see below
		}
		v, ok := c.copyValue(d[key], r, sc.in())
		if !ok {
			continue
		}
		out[key] = v
	}
	if role == pdf.RoleFont && d["CharProcs"] != nil {
		c.glyphs(d, out, sc)
	}
	return out
}

func sortedKeys(d pdf.Dict) []pdf.Name {
	keys := make([]pdf.Name, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// glyphs replaces the glyph streams of a Type 3 font, which are content, by
// clean ones, and gives the font what they use.
func (c *cleaner) glyphs(d, out pdf.Dict, sc scope) {
	procs := c.src.dict(d["CharProcs"])
	resources := c.src.dict(d["Resources"])
	if resources == nil {
		resources = sc.resources
	}
	used := usage{}
	clean := pdf.Dict{}
	for _, name := range sortedKeys(procs) {
		st, ok := c.src.resolve(procs[name]).(*stream)
		if _, fits := scalar(name); !ok || !fits {
			continue
		}
		content, err := c.decode(st)
		if err != nil {
			c.fail(err)
			return
		}
		body, uses, err := c.cleanContent(content, resources)
		if err != nil {
			c.fail(err)
			return
		}
		used.add(uses)
		clean[name] = c.out.Add(pdf.Object{Value: pdf.Dict{"Filter": pdf.Name("FlateDecode")}, Stream: deflate(body)})
	}
	out["CharProcs"] = clean
	res, err := c.resources(resources, used)
	if err != nil {
		c.fail(err)
		return
	}
	out["Resources"] = res
}

// copyStream copies a stream other than an image.
func (c *cleaner) copyStream(st *stream, role pdf.Role, sc scope) (pdf.Object, error) {
	deep := sc.object()
	d, _ := c.copyDict(st.dict, role, deep).(pdf.Dict)
	if role == pdf.RoleForm || (role == pdf.RolePattern && c.src.integer(st.dict["PatternType"]) == 1) {
		own := c.src.dict(st.dict["Resources"])
		if own == nil {
			own = sc.resources
		}
		content, err := c.decode(st)
		if err != nil {
			return pdf.Object{}, err
		}
		body, used, err := c.cleanContent(content, own)
		if err != nil {
			return pdf.Object{}, err
		}
		inner := deep
		inner.resources = own
		res, err := c.resourcesIn(own, used, inner)
		if err != nil {
			return pdf.Object{}, err
		}
		d["Resources"] = res
		d["Filter"] = pdf.Name("FlateDecode")
		return pdf.Object{Value: d, Stream: deflate(body)}, nil
	}
	switch role {
	case pdf.RoleCMap, pdf.RoleEncoding, pdf.RoleFunction:
		data, err := c.decode(st)
		if err != nil {
			return pdf.Object{}, err
		}
		// A table of bytes can be in these places too, and stays as it is.
		if bytes.Contains(data, []byte("begincmap")) || c.src.integer(st.dict["FunctionType"]) == 4 {
			d["Filter"] = pdf.Name("FlateDecode")
			return pdf.Object{Value: d, Stream: deflate(withoutComments(data))}, nil
		}
	}
	chain, _ := c.src.filters(st)
	c.passFilters(d, chain, deep)
	return pdf.Object{Value: d, Stream: whole(st.raw)}, nil
}

// whole makes sure that a stream without bytes is still a stream.
func whole(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// passFilters writes a filter chain with its parameters.
func (c *cleaner) passFilters(d pdf.Dict, chain []filter, sc scope) {
	if len(chain) == 0 {
		return
	}
	var names, parms pdf.Array
	some := false
	for _, f := range chain {
		names = append(names, pdf.Name(f.name))
		var p pdf.Value
		if f.dict != nil {
			if copied, ok := c.copyDict(f.dict, pdf.RoleDecodeParms, sc).(pdf.Dict); ok && len(copied) > 0 {
				p, some = copied, true
			}
		}
		parms = append(parms, p)
	}
	if len(chain) == 1 {
		d["Filter"] = names[0]
		if some {
			d["DecodeParms"] = parms[0]
		}
		return
	}
	d["Filter"] = names
	if some {
		d["DecodeParms"] = parms
	}
}

// copyImage copies an image. Its samples stay as they are, except that a JPEG
// or JPEG 2000 loses everything that does not draw.
func (c *cleaner) copyImage(st *stream, key memoKey, sc scope) (pdf.Value, bool) {
	chain, _ := c.src.filters(st)
	data := st.raw
	if n := len(chain); n > 0 && (chain[n-1].name == "DCTDecode" || chain[n-1].name == "JPXDecode") {
		packed, err := c.unfilter(data, chain[:n-1])
		if err != nil {
			c.fail(err)
			return nil, false
		}
		chain = chain[n-1:]
		if chain[0].name == "DCTDecode" {
			if start := bytes.Index(packed[:min(len(packed), 1024)], []byte{0xFF, jpegSOI}); start > 0 {
				packed = packed[start:]
			}
			var info jpegInfo
			data, info, err = cleanJPEG(packed)
			for _, code := range info.removed {
				c.report.remove(code, 0)
			}
			if info.cut {
				c.src.lost = true
			}
		} else {
			data, err = cleanJPX(packed)
		}
		if err != nil {
			// Not a picture that anybody could look through for what it hides;
			// viewers show nothing or something. A person has to decide.
			c.src.lost = true
			return nil, false
		}
	}
	if st.dict["Metadata"] != nil || st.dict["PieceInfo"] != nil {
		c.report.remove("metadata", 0)
	}
	to := c.out.Reserve()
	c.memo[key] = to
	deep := sc.object()
	d, _ := c.copyDict(st.dict, pdf.RoleImage, deep).(pdf.Dict)
	c.passFilters(d, chain, deep)
	c.out.Put(to, pdf.Object{Value: d, Stream: whole(data)})
	return to, true
}

// fail keeps the first error that happens deep inside copying.
func (c *cleaner) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// categories pairs the kinds of resources with their roles, in a fixed order.
var categories = []struct {
	key  pdf.Name
	role pdf.Role
}{
	{"ColorSpace", pdf.RoleColorSpace},
	{"ExtGState", pdf.RoleGraphicsState},
	{"Font", pdf.RoleFont},
	{"Pattern", pdf.RolePattern},
	{"Shading", pdf.RoleShading},
	{"XObject", pdf.RoleXObject},
}

// A usage lists, by category, the resource names that a content stream uses.
type usage map[pdf.Name]map[pdf.Name]bool

func (u usage) use(category pdf.Name, name string) {
	if u[category] == nil {
		u[category] = map[pdf.Name]bool{}
	}
	u[category][pdf.Name(name)] = true
}

func (u usage) add(more usage) {
	for category, names := range more {
		for n := range names {
			u.use(category, string(n))
		}
	}
}

// resources copies what a content stream uses of its resources. The rest of
// the dictionary, which may hold the pictures of pages that somebody took out,
// stays behind.
func (c *cleaner) resources(src pdf.Dict, used usage) (pdf.Dict, error) {
	return c.resourcesIn(src, used, scope{resources: src})
}

func (c *cleaner) resourcesIn(src pdf.Dict, used usage, sc scope) (pdf.Dict, error) {
	out := pdf.Dict{}
	for _, cat := range categories {
		from := c.src.dict(src[cat.key])
		if cat.key == "ColorSpace" {
			// These three stand in for device colours without being named.
			for _, name := range []pdf.Name{"DefaultCMYK", "DefaultGray", "DefaultRGB"} {
				if from[name] != nil {
					used.use(cat.key, string(name))
				}
			}
		}
		to := pdf.Dict{}
		for _, name := range sortedNames(used[cat.key]) {
			v, there := from[name]
			if _, fits := scalar(name); !there || !fits {
				continue
			}
			if cat.key == "XObject" && c.hides(c.src.dict(v)["OC"]) {
				to[name] = c.nothing()
				continue
			}
			if copied, ok := c.copyValue(v, cat.role, sc.in()); ok {
				to[name] = copied
			}
			if c.err != nil {
				return nil, c.err
			}
		}
		if len(to) > 0 {
			out[cat.key] = to
		}
	}
	return out, nil
}

func sortedNames(set map[pdf.Name]bool) []pdf.Name {
	names := make([]pdf.Name, 0, len(set))
	for n := range set {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// nothing is a form that draws nothing, in the place of a hidden one.
func (c *cleaner) nothing() pdf.Ref {
	if c.empty == nil {
		ref := c.out.Add(pdf.Object{Value: pdf.Dict{
			"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"),
			"BBox": box{0, 0, 1, 1}.array(),
		}, Stream: []byte{}})
		c.empty = &ref
	}
	return *c.empty
}

// contentOperators are the operators that draw (ISO 32000-1 annex A), marked
// content and compatibility sections aside. The number says whether strings may
// be among the operands.
var contentOperators = map[string]bool{
	"b": false, "B": false, "b*": false, "B*": false, "BT": false, "c": false, "cm": false, "CS": false, "cs": false,
	"d": false, "d0": false, "d1": false, "Do": false, "ET": false, "f": false, "F": false, "f*": false, "G": false,
	"g": false, "gs": false, "h": false, "i": false, "j": false, "J": false, "K": false, "k": false, "l": false,
	"m": false, "M": false, "n": false, "q": false, "Q": false, "re": false, "RG": false, "rg": false, "ri": false,
	"s": false, "S": false, "SC": false, "sc": false, "SCN": false, "scn": false, "sh": false, "T*": false, "Tc": false,
	"Td": false, "TD": false, "Tf": false, "Tj": true, "TJ": true, "TL": false, "Tm": false, "Tr": false, "Ts": false,
	"Tw": false, "Tz": false, "v": false, "w": false, "W": false, "W*": false, "y": false, "'": true, "\"": true,
}

// cleanContent writes a content stream again with the operators that draw and
// nothing else, and tells which resources it uses. Hidden layers are left out;
// the graphics state they would have set is kept.
func (c *cleaner) cleanContent(content []byte, resources pdf.Dict) ([]byte, usage, error) {
	used := usage{}
	var out bytes.Buffer
	out.Grow(len(content) + 64)
	marks := markedContent{c: c, properties: c.src.dict(resources["Properties"])}
	r := newContentReader(content)
	for {
		op, more := r.next()
		if !more {
			break
		}
		if err := c.spend(1); err != nil {
			return nil, nil, err
		}
		if marks.step(op) {
			continue
		}
		if op.op == "BI" {
			if !marks.hidden() {
				c.inlineImage(&out, op, used)
			}
			continue
		}
		strings, known := contentOperators[op.op]
		if !known {
			continue
		}
		if marks.hidden() {
			switch op.op {
			case "Do", "sh":
				continue
			case "b", "B", "b*", "B*", "f", "F", "f*", "s", "S":
				op.op, op.args = "n", nil
			case "Tj", "TJ", "'", "\"":
				if marks.woven() {
					return nil, nil, ErrLayers
				}
				continue
			}
		}
		last := ""
		if n := len(op.args); n > 0 {
			last = op.args[n-1].name()
		}
		switch op.op {
		case "Do":
			used.use("XObject", last)
		case "gs":
			used.use("ExtGState", last)
		case "sh":
			used.use("Shading", last)
		case "CS", "cs":
			used.use("ColorSpace", last)
		case "SCN", "scn":
			if last != "" {
				used.use("Pattern", last)
			}
		case "Tf":
			if len(op.args) >= 2 {
				used.use("Font", op.args[len(op.args)-2].name())
			}
		}
		for _, a := range op.args {
			if !strings && (a.kind == tokenString || a.kind == tokenHex) {
				continue
			}
			out.Write(a.raw)
			out.WriteByte(' ')
		}
		out.WriteString(op.op)
		out.WriteByte('\n')
	}
	return out.Bytes(), used, nil
}

// spend counts work that repeated forms could multiply without end.
func (c *cleaner) spend(n int) error {
	if c.work += n; c.work > maxWork {
		return fmt.Errorf("%w: too many operators", ErrTooLarge)
	}
	return nil
}

// inlineKeys are the entries of an inline image (table 93).
var inlineKeys = map[string]bool{
	"BPC": true, "BitsPerComponent": true, "CS": true, "ColorSpace": true, "D": true, "Decode": true,
	"DP": true, "DecodeParms": true, "F": true, "Filter": true, "H": true, "Height": true, "IM": true, "ImageMask": true,
	"I": true, "Interpolate": true, "W": true, "Width": true, "Intent": true,
}

func (c *cleaner) inlineImage(out *bytes.Buffer, op operation, used usage) {
	out.WriteString("BI")
	filterName := ""
	for i := 0; i < len(op.args); {
		key := op.args[i].name()
		i++
		from, depth := i, 0
		for i < len(op.args) { // one value, however deep
			switch op.args[i].kind {
			case tokenOpen:
				depth++
			case tokenClose:
				depth--
			}
			i++
			if depth <= 0 {
				break
			}
		}
		if !inlineKeys[key] {
			continue
		}
		out.WriteString(" /" + key)
		for _, t := range op.args[from:i] {
			if t.kind == tokenName {
				switch key {
				case "CS", "ColorSpace":
					used.use("ColorSpace", t.name())
				case "F", "Filter":
					filterName += fullFilterName(t.name())
				}
			}
			out.WriteByte(' ')
			out.Write(t.raw)
		}
	}
	data := op.data
	if filterName == "DCTDecode" {
		if clean, _, err := cleanJPEG(data); err == nil {
			data = clean
		}
	}
	out.WriteString(" ID ")
	out.Write(data)
	out.WriteString("\nEI\n")
}

// markedContent follows BDC and EMC (14.6), in which hidden layers are written.
type markedContent struct {
	c          *cleaner
	properties pdf.Dict
	stack      []bool
	depth      int  // how many of stack hide
	text       bool // between BT and ET
	textHidden bool // and BT was hidden too
}

const maxMarks = 10_000

// step takes an operation; it returns true when that was about marked content
// and is done with.
func (m *markedContent) step(op operation) bool {
	switch op.op {
	case "BMC", "BDC":
		hide := false
		if op.op == "BDC" && len(op.args) >= 2 && op.args[0].name() == "OC" {
			hide = m.c.hides(m.properties[pdf.Name(op.args[1].name())])
		}
		if len(m.stack) < maxMarks {
			m.stack = append(m.stack, hide)
			if hide {
				m.depth++
			}
		}
		return true
	case "EMC":
		if n := len(m.stack); n > 0 {
			if m.stack[n-1] {
				m.depth--
			}
			m.stack = m.stack[:n-1]
		}
		return true
	case "MP", "DP", "BX", "EX":
		return true
	case "BT":
		m.text, m.textHidden = true, m.hidden()
	case "ET":
		m.text = false
	}
	return false
}

func (m *markedContent) hidden() bool { return m.depth > 0 }

// woven tells whether visible text may follow in the same text object, whose
// place would change if hidden text before it were left out.
func (m *markedContent) woven() bool { return m.text && !m.textHidden }
