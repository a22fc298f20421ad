package page

import "math"

// A Mark is one piece of text at a fixed place of a [Sheet]: the foot of a
// page, a tab, a watermark.
type Mark struct {
	Text  string
	Face  Face
	Size  float64
	X, Y  float64 // of the baseline's left end, middle or right end, from the upper left corner
	Align Align
	Gray  float64
	Angle float64 // degrees, counterclockwise about the middle of the text; Align is then Center

	// Sheer lets what lies below show through, as a watermark does.
	Sheer bool

	// Framed draws a frame around the text, on white.
	Framed bool
}

// A Sheet is a page on which only marks stand. Drawn above another page it is
// a stamp; alone it is a small picture of text such as a signature's
// appearance.
type Sheet struct {
	Width, Height float64
	Marks         []Mark
}

// Sheets draws one page per sheet.
func Sheets(sheets []Sheet) (Result, error) {
	leaves := make([]leaf, len(sheets))
	var missing []Missing
	for n, sh := range sheets {
		leaves[n] = leaf{width: sh.Width, height: sh.Height}
		for _, m := range sh.Marks {
			s, lost := Printable(m.Face, m.Text)
			for _, r := range lost {
				missing = append(missing, Missing{Rune: r, Page: n})
			}
			w := Width(m.Face, m.Size, s)
			o := op{kind: opText, face: m.Face, size: m.Size, x: m.X, y: m.Y, gray: m.Gray, s: s, angle: m.Angle, sheer: m.Sheer}
			switch {
			case m.Angle != 0:
				// gopdf turns about the text's own start.
				sin, cos := math.Sincos(m.Angle * math.Pi / 180)
				o.x -= cos*w/2 - sin*m.Size*0.35
				o.y += sin*w/2 + cos*m.Size*0.35
			case m.Align == Center:
				o.x -= w / 2
			case m.Align == Right:
				o.x -= w
			}
			if m.Framed {
				pad := m.Size * 0.5
				frame := op{kind: opFill, x: o.x - pad, y: o.y - m.Size*0.72 - pad, w: w + 2*pad, h: m.Size*0.72 + 2*pad, gray: 1}
				leaves[n].ops = append(leaves[n].ops, frame)
				frame.kind, frame.gray, frame.thick = opFrame, 0, 0.9
				leaves[n].ops = append(leaves[n].ops, frame)
			}
			leaves[n].ops = append(leaves[n].ops, o)
		}
	}
	res, err := render(leaves, false)
	if err != nil {
		return Result{}, err
	}
	res.Missing = missing
	return res, nil
}
