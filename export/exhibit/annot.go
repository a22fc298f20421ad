package exhibit

import (
	"fmt"

	"forbear/export/pdf"
)

// A drawn annotation is one whose appearance becomes part of the page.
type drawnAnnotation struct {
	form   pdf.Ref
	place  matrix
	source *stream // for its text
}

// Flags of an annotation (table 165).
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// maxAnnotations bounds those of one page.
const maxAnnotations = 10_000

// annotations flattens what lies on top of a page: what a viewer shows becomes
// part of the page, the rest goes. An annotation that is to be seen but has no
// appearance of its own, so that each viewer draws it differently, is a
// question.
func (c *cleaner) annotations(n pageNode) ([]drawnAnnotation, error) {
	s := c.src
	list := s.array(n.dict["Annots"])
	if len(list) > maxAnnotations {
		return nil, fmt.Errorf("%w: annotations", ErrTooLarge)
	}
	var drawn []drawnAnnotation
	for _, v := range list {
		d, ok := s.resolve(v).(pdf.Dict)
		if !ok {
			continue
		}
		c.annotationParts(d)
		subtype := s.name(d["Subtype"])
		flags := s.integer(d["F"])
		switch subtype {
		case "Link":
			c.report.remove("link", 0)
			continue
		case "Popup":
			c.report.remove("popup", 0)
			continue
		case "Text":
			c.report.remove("note", c.page)
			continue
		case "FileAttachment", "Sound", "Movie", "Screen", "RichMedia", "3D", "Projection", "TrapNet":
			c.report.remove("media", c.page)
			continue
		case "PrinterMark":
			continue
		case "Redact":
			c.report.ask("redaction-mark", c.page)
		}
		if flags&(flagHidden|flagNoView) != 0 {
			c.report.remove("hidden-annotation", c.page)
			continue
		}
		if c.hides(d["OC"]) {
			continue
		}
		if subtype != "Widget" && s.resolve(d["Contents"]) != nil && subtype != "FreeText" {
			c.report.remove("note", c.page) // the comment behind a highlight
		}
		rect, ok := s.box(d["Rect"])
		if !ok {
			continue // nothing to see, an invisible signature for one
		}
		look := c.appearance(d)
		if look == nil {
			c.undrawn(d, subtype)
			continue
		}
		if subtype == "Widget" {
			c.stale(d)
		}
		place, ok := c.place(look, rect)
		if !ok {
			continue
		}
		form, ok := c.copyValue(sourceRef(look.number), pdf.RoleForm, scope{resources: n.resources})
		if c.err != nil {
			return nil, c.err
		}
		if ref, isRef := form.(pdf.Ref); ok && isRef {
			drawn = append(drawn, drawnAnnotation{ref, place, look})
		}
	}
	return drawn, nil
}

// annotationParts notes what an annotation can do besides being seen.
func (c *cleaner) annotationParts(d pdf.Dict) {
	for _, action := range []pdf.Value{d["A"], d["PA"]} {
		a := c.src.dict(action)
		if a == nil {
			continue
		}
		switch c.src.name(a["S"]) {
		case "JavaScript":
			c.report.remove("javascript", 0)
		case "GoTo", "URI":
		default:
			c.report.remove("action", 0)
		}
	}
	if d["AA"] != nil {
		c.report.remove("action", 0)
	}
}

// appearance finds the stream that draws an annotation (12.5.5): /AP /N, and in
// it the state that /AS names.
func (c *cleaner) appearance(d pdf.Dict) *stream {
	s := c.src
	switch v := s.resolve(s.dict(d["AP"])["N"]).(type) {
	case *stream:
		return v
	case pdf.Dict:
		st, _ := s.resolve(v[s.name(d["AS"])]).(*stream)
		return st
	}
	return nil
}

// place gives the matrix A of algorithm 8.1 (12.5.5), which puts an appearance
// into its annotation's rectangle. The form's own matrix is applied before it.
func (c *cleaner) place(look *stream, rect box) (matrix, bool) {
	bbox, ok := c.src.box(look.dict["BBox"])
	if !ok {
		return matrix{}, false
	}
	m := identity
	if n := c.src.numbers(look.dict["Matrix"], 6); n != nil {
		m = matrix(n)
	}
	quad := m.bounds(bbox)
	if !(quad.width() > 0 && quad.height() > 0) {
		return matrix{}, false
	}
	sx, sy := rect.width()/quad.width(), rect.height()/quad.height()
	a := matrix{sx, 0, 0, sy, rect.x0 - quad.x0*sx, rect.y0 - quad.y0*sy}
	for _, f := range a {
		if !(f > -1e9 && f < 1e9) {
			return matrix{}, false
		}
	}
	return a, true
}

// undrawn decides about a visible annotation without an appearance.
func (c *cleaner) undrawn(d pdf.Dict, subtype pdf.Name) {
	switch subtype {
	case "Widget":
		kind, value := c.field(d, "FT"), c.field(d, "V")
		switch kind {
		case pdf.Name("Sig"):
			c.report.remove("signature", c.page)
		case pdf.Name("Btn"):
			// Without the picture of its state a box is not drawn by viewers
			// either, unless it is switched on.
			if n, _ := value.(pdf.Name); n != "" && n != "Off" {
				c.report.ask("undrawn-field", c.page)
			}
		default:
			if filled(value) {
				c.report.ask("undrawn-field", c.page)
			}
		}
	case "Highlight", "Underline", "Squiggly", "StrikeOut", "FreeText", "Line", "Square", "Circle",
		"Polygon", "PolyLine", "Ink", "Stamp", "Caret", "Redact":
		c.report.ask("undrawn-mark", c.page)
	}
}

// stale asks where the form tells viewers to draw its fields anew: what is
// stored as the picture of a filled field may then be an older value.
func (c *cleaner) stale(d pdf.Dict) {
	form := c.src.dict(c.src.root["AcroForm"])
	if anew, _ := c.src.resolve(form["NeedAppearances"]).(bool); !anew {
		return
	}
	switch c.field(d, "FT") {
	case pdf.Name("Tx"), pdf.Name("Ch"):
		if filled(c.field(d, "V")) {
			c.report.ask("stale-field", c.page)
		}
	}
}

// field looks a field's entry up, along its parents (12.7.3.1).
func (c *cleaner) field(d pdf.Dict, key pdf.Name) pdf.Value {
	for range 32 {
		if v := c.src.resolve(d[key]); v != nil {
			if n, ok := v.(pdf.Name); ok && key == "FT" {
				return n
			}
			return v
		}
		if d = c.src.dict(d["Parent"]); d == nil {
			break
		}
	}
	return nil
}

func filled(v pdf.Value) bool {
	switch v := v.(type) {
	case nil:
		return false
	case pdf.String:
		return len(v) > 0 && !(len(v) == 2 && v[0] == 0xFE && v[1] == 0xFF)
	case pdf.Name:
		return v != "" && v != "Off"
	case pdf.Array:
		return len(v) > 0
	}
	return true
}
