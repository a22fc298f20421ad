// Package page lays out every page that Forbear writes itself: letters,
// tables, the index, and the stamps that go on top of exhibits.
//
// The layout is ours and happens before anything is drawn: text is cut into
// lines with the widths of the embedded fonts, lines are gathered into slabs
// that stay whole, and slabs are put on pages. Only then does gopdf write the
// pages. So the geometry that the rest of a packet needs (on which page a
// heading fell, where the signature goes, where each link lies) is known as
// numbers and is not read back from a file.
//
// The same blocks give the same bytes, whatever the clock says. Everything is
// drawn in black and shades of gray, since the file will be printed and
// scanned by people who were not asked.
//
// Units are points. A caller's y runs down from the top of the page; the
// geometry that is returned runs up from its lower left corner, as in PDF.
package page

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/signintech/gopdf"
)

// US Letter in points.
const (
	LetterWidth  = 612.0
	LetterHeight = 792.0
)

// A Result is a laid-out document with its geometry.
type Result struct {
	PDF   []byte
	Pages int

	// Anchors gives the page, from 0, on which each named anchor fell.
	Anchors map[string]int

	// Links and Boxes are in points from the lower left corner of their page.
	Links []Link
	Boxes map[string]Box

	// Missing lists characters that no shipped font can draw.
	Missing []Missing
}

// A Link is an area that points to something by name: an anchor of this
// document, or a name that only the caller understands.
type Link struct {
	Page   int
	Rect   [4]float64 // left, bottom, right, top
	Target string
}

// A Box is an area that was kept free under a name, as for a signature.
type Box struct {
	Page int
	Rect [4]float64
}

// Missing is one character that could not be drawn, and the page it was on.
type Missing struct {
	Rune rune
	Page int
}

// A leaf is one page before it is drawn.
type leaf struct {
	width, height float64
	ops           []op
}

// An op draws one thing, in points from the upper left corner. A run of text
// stands on its baseline.
type op struct {
	kind       opKind
	x, y, w, h float64 // text: x, baseline y; rule: from x,y to x+w,y+h; others: a rectangle
	face       Face
	size       float64
	gray       float64 // 0 black, 1 white
	thick      float64
	angle      float64
	sheer      bool   // lets what is below it show through
	s          string // text, link target, anchor or box name
}

type opKind uint8

const (
	opText opKind = iota
	opRule
	opFill
	opFrame
	opLink
	opAnchor
	opBox
)

// fixedCreation stands in every document that is laid out. gopdf would take
// the clock's, and the packet carries the date of signing elsewhere.
var fixedCreation = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// measure reads the geometry off the leaves.
func measure(leaves []leaf) Result {
	res := Result{Pages: len(leaves), Anchors: map[string]int{}, Boxes: map[string]Box{}}
	for n, l := range leaves {
		for _, o := range l.ops {
			rect := [4]float64{o.x, l.height - o.y - o.h, o.x + o.w, l.height - o.y}
			switch o.kind {
			case opLink:
				res.Links = append(res.Links, Link{Page: n, Rect: rect, Target: o.s})
			case opAnchor:
				res.Anchors[o.s] = n
			case opBox:
				res.Boxes[o.s] = Box{Page: n, Rect: rect}
			}
		}
	}
	return res
}

// render draws the leaves.
func render(leaves []leaf, locked bool) (Result, error) {
	res := measure(leaves)
	var used [faces]bool
	for _, l := range leaves {
		for _, o := range l.ops {
			if o.kind == opText {
				used[o.face] = true
			}
		}
	}
	// A page without text still gets a blank, and that needs one face.
	used[Sans] = true

	var g gopdf.GoPdf
	config := gopdf.Config{PageSize: gopdf.Rect{W: LetterWidth, H: LetterHeight}}
	if locked {
		config.Protection = gopdf.PDFProtectionConfig{UseProtection: true, Permissions: gopdf.PermissionsPrint, OwnerPass: []byte("sample")}
	}
	g.Start(config)
	g.SetInfo(gopdf.PdfInfo{CreationDate: fixedCreation})
	for f := range faces {
		if !used[f] {
			continue
		}
		if err := g.AddTTFFontData(f.family(), metrics()[f].data); err != nil {
			return Result{}, fmt.Errorf("embed font: %v", err)
		}
	}
	d := drawer{g: &g}
	for _, l := range leaves {
		g.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: l.width, H: l.height}})
		d.fresh()
		// gopdf writes a broken page when nothing is drawn on it.
		if err := d.text(op{face: Sans, size: 1, x: 0, y: l.height, s: " "}); err != nil {
			return Result{}, err
		}
		for _, o := range l.ops {
			switch o.kind {
			case opText:
				if err := d.text(o); err != nil {
					return Result{}, err
				}
			case opRule:
				d.stroke(o)
				g.Line(o.x, o.y, o.x+o.w, o.y+o.h)
			case opFill:
				d.fill(o.gray)
				g.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "F")
			case opFrame:
				d.stroke(o)
				g.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "D")
			}
		}
	}
	pdf, err := g.GetBytesPdfReturnErr()
	if err != nil {
		return Result{}, fmt.Errorf("write pages: %v", err)
	}
	res.PDF = pdf
	return res, nil
}

// A drawer remembers what gopdf was last told, so that content streams do not
// repeat it.
type drawer struct {
	g    *gopdf.GoPdf
	face Face
	size float64
	gray float64
	line float64
	ink  float64
}

func (d *drawer) fresh() { d.face, d.size, d.gray, d.line, d.ink = faces, 0, -1, -1, -1 }

func (d *drawer) text(o op) error {
	if d.face != o.face || d.size != o.size {
		if err := d.g.SetFont(o.face.family(), "", o.size); err != nil {
			return fmt.Errorf("set font: %v", err)
		}
		d.face, d.size = o.face, o.size
	}
	d.fill(o.gray)
	if o.angle != 0 {
		d.g.Rotate(o.angle, o.x, o.y)
	}
	if o.sheer {
		// gopdf applies transparency to cells only.
		d.g.SetXY(o.x, o.y-0.72*o.size)
		look := gopdf.Transparency{Alpha: 0.3, BlendModeType: gopdf.NormalBlendMode}
		if err := d.g.CellWithOption(&gopdf.Rect{W: Width(o.face, o.size, o.s), H: o.size}, o.s, gopdf.CellOption{Transparency: &look}); err != nil {
			return fmt.Errorf("draw text: %v", err)
		}
	} else {
		d.g.SetXY(o.x, o.y)
		if err := d.g.Text(o.s); err != nil {
			return fmt.Errorf("draw text: %v", err)
		}
	}
	if o.angle != 0 {
		d.g.RotateReset()
	}
	return nil
}

func (d *drawer) fill(gray float64) {
	if d.gray != gray {
		d.g.SetGrayFill(gray)
		d.gray = gray
	}
}

func (d *drawer) stroke(o op) {
	if d.line != o.thick {
		d.g.SetLineWidth(o.thick)
		d.line = o.thick
	}
	if d.ink != o.gray {
		d.g.SetGrayStroke(o.gray)
		d.ink = o.gray
	}
}

func sum(b []byte) [32]byte { return sha256.Sum256(b) }
