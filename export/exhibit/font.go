package exhibit

import (
	"strings"
	"unicode/utf16"

	"forbear/export/pdf"
)

// A font knows what the codes of a string say and how far they move the pen
// (ISO 32000-1 clauses 9.6, 9.7 and 9.10).
type font struct {
	composite bool
	toUnicode *cmap
	encoding  *cmap // an embedded CMap, for its code lengths
	utf16     bool  // codes are UTF-16 themselves
	simple    [256]string
	widths    map[uint32]float64 // thousandths of the size
	standard  float64            // where widths has none
	unit      float64            // 0.001, or the FontMatrix of a Type 3 font
}

// font reads a font for its text. It never fails: of a font that cannot be
// read, every character is U+FFFD.
func (c *cleaner) font(v pdf.Value) *font {
	ref, isRef := v.(sourceRef)
	if isRef {
		if f, there := c.fonts[int(ref)]; there {
			return f
		}
	}
	f := c.readFont(c.src.dict(v))
	if isRef && len(c.fonts) < 10_000 {
		c.fonts[int(ref)] = f
	}
	return f
}

func (c *cleaner) readFont(d pdf.Dict) *font {
	s := c.src
	f := &font{widths: map[uint32]float64{}, standard: 500, unit: 0.001}
	f.toUnicode = c.readCMap(d["ToUnicode"])
	if s.name(d["Subtype"]) == "Type0" {
		f.composite = true
		f.standard = 1000
		switch enc := s.resolve(d["Encoding"]).(type) {
		case pdf.Name:
			f.utf16 = strings.Contains(string(enc), "UCS2") || strings.Contains(string(enc), "UTF16")
		case *stream:
			f.encoding = c.readCMap(enc)
		}
		if kids := s.array(d["DescendantFonts"]); len(kids) > 0 {
			c.cidWidths(f, s.dict(kids[0]))
		}
		return f
	}
	if m := s.numbers(d["FontMatrix"], 6); m != nil && s.name(d["Subtype"]) == "Type3" && m[0] != 0 {
		f.unit = m[0]
	}
	descriptor := s.dict(d["FontDescriptor"])
	if w, ok := s.number(descriptor["MissingWidth"]); ok && w > 0 {
		f.standard = w
	}
	if strings.Contains(string(s.name(d["BaseFont"])), "Courier") {
		f.standard = 600
	}
	if s.resolve(d["Widths"]) == nil {
		standardWidths(f, string(s.name(d["BaseFont"])))
	}
	first := s.integer(d["FirstChar"])
	for i, v := range s.array(d["Widths"]) {
		if w, ok := s.number(v); ok && i < 256 {
			f.widths[uint32(first+i)] = w
		}
	}
	f.simple = c.simpleEncoding(d, descriptor)
	return f
}

func (c *cleaner) readCMap(v pdf.Value) *cmap {
	st, ok := c.src.resolve(v).(*stream)
	if !ok {
		return nil
	}
	lost := c.src.lost
	data, err := c.decode(st)
	c.src.lost = lost // text alone is no loss of the page's look
	if err != nil || len(data) > 8<<20 {
		return nil
	}
	return parseCMap(data)
}

// simpleEncoding gives the text of each code of a simple font (9.6.6).
func (c *cleaner) simpleEncoding(d, descriptor pdf.Dict) [256]string {
	s := c.src
	base := string(s.name(d["BaseFont"]))
	if i := strings.IndexByte(base, '+'); i == 6 {
		base = base[7:]
	}
	if strings.HasPrefix(base, "ZapfDingbats") || strings.HasPrefix(base, "Symbol") || strings.HasPrefix(base, "Wingdings") {
		return [256]string{}
	}
	embedded := descriptor["FontFile"] != nil || descriptor["FontFile3"] != nil
	table := baseEncoding("WinAnsiEncoding")
	if embedded || s.name(d["Subtype"]) == "Type1" {
		// A Type 1 font's built-in encoding is nearly always the standard one
		// for Latin letters; its own program could say otherwise.
		table = baseEncoding("StandardEncoding")
	}
	switch enc := s.resolve(d["Encoding"]).(type) {
	case pdf.Name:
		table = baseEncoding(string(enc))
	case pdf.Dict:
		if b := s.name(enc["BaseEncoding"]); b != "" {
			table = baseEncoding(string(b))
		}
		code := 0
		for _, v := range s.array(enc["Differences"]) {
			switch v := s.resolve(v).(type) {
			case pdf.Name:
				if code >= 0 && code < 256 {
					table[code] = glyphText(string(v))
				}
				code++
			default:
				code = s.integer(v)
			}
		}
	}
	return table
}

// cidWidths reads /W and /DW of a composite font (9.7.4.3).
func (c *cleaner) cidWidths(f *font, d pdf.Dict) {
	s := c.src
	if w, ok := s.number(d["DW"]); ok {
		f.standard = w
	}
	list := s.array(d["W"])
	for i := 0; i+1 < len(list); {
		first := s.integer(list[i])
		if widths, ok := s.resolve(list[i+1]).(pdf.Array); ok {
			for j, v := range widths {
				if w, ok := s.number(v); ok && len(f.widths) < maxCMapEntries {
					f.widths[uint32(first+j)] = w
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			break
		}
		last := s.integer(list[i+1])
		w, _ := s.number(list[i+2])
		for code := first; code <= last && code-first <= 0xFFFF && len(f.widths) < maxCMapEntries; code++ {
			f.widths[uint32(code)] = w
		}
		i += 3
	}
}

// next takes the first character off a string: its code, its text and how many
// bytes it had. Text that cannot be known is U+FFFD.
func (f *font) next(b []byte) (code uint32, text string, rest []byte) {
	if !f.composite {
		code, rest = uint32(b[0]), b[1:]
		if f.toUnicode != nil {
			if t, ok := f.toUnicode.text(code); ok {
				return code, t, rest
			}
		}
		if t := f.simple[b[0]]; t != "" {
			return code, t, rest
		}
		return code, "\uFFFD", rest
	}
	code, rest = f.encoding.cut(b, 2)
	if f.toUnicode != nil {
		if t, ok := f.toUnicode.text(code); ok {
			return code, t, rest
		}
	}
	if f.utf16 {
		return code, string(utf16.Decode([]uint16{uint16(code)})), rest
	}
	return code, "\uFFFD", rest
}

func (f *font) width(code uint32) float64 {
	if w, ok := f.widths[code]; ok {
		return w * f.unit
	}
	return f.standard * f.unit
}

// The widths of the printable ASCII characters of the two proportional families
// among the 14 fonts that a file need not describe (9.6.2.2), from their public
// metrics. Bold is a little wider; for telling words apart it will do.
var (
	sansWidths = []float64{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}
	serifWidths = []float64{
		250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
		500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
		921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
		556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
		333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
		500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
	}
)

func standardWidths(f *font, base string) {
	table := sansWidths
	switch {
	case strings.Contains(base, "Courier"), strings.Contains(base, "Mono"):
		return
	case strings.Contains(base, "Times"), strings.Contains(base, "Serif"), strings.Contains(base, "Georgia"):
		table = serifWidths
	}
	for i, w := range table {
		f.widths[uint32(' '+i)] = w
	}
}
