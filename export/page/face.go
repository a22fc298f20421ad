package page

import (
	"fmt"
	"maps"
	"path"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"forbear/assets"
)

// A Face is one of the six type faces that the program ships. Serif is for
// what a person reads, Sans for labels, tables and stamps.
type Face uint8

const (
	Serif Face = iota
	SerifBold
	SerifItalic
	Sans
	SansBold
	SansItalic
	faces
)

var faceFiles = [faces]string{
	Serif: "LiberationSerif-Regular.ttf", SerifBold: "LiberationSerif-Bold.ttf", SerifItalic: "LiberationSerif-Italic.ttf",
	Sans: "LiberationSans-Regular.ttf", SansBold: "LiberationSans-Bold.ttf", SansItalic: "LiberationSans-Italic.ttf",
}

func (f Face) family() string { return strings.TrimSuffix(faceFiles[f], path.Ext(faceFiles[f])) }

func (f Face) bold() Face {
	if f >= Sans {
		return SansBold
	}
	return SerifBold
}

func (f Face) italic() Face {
	if f >= Sans {
		return SansItalic
	}
	return SerifItalic
}

// A metric measures one face. Widths come from the font itself and not from
// gopdf, so that laying out twice costs no second document.
type metric struct {
	data []byte
	font *sfnt.Font
	near [0x250]float64 // of the Latin letters, in ems; -1: the face has no glyph
	mu   sync.Mutex
	buf  sfnt.Buffer
	far  map[rune]float64 // of the others, as they are asked for
}

// metrics reads the six fonts once. They are our own embedded bytes, so a font
// that does not parse is a bug in the program.
var metrics = sync.OnceValue(func() *[faces]*metric {
	var all [faces]*metric
	for f := range faces {
		data, err := assets.Fonts.ReadFile("fonts/" + faceFiles[f])
		if err != nil {
			panic("page: internal error: " + err.Error())
		}
		parsed, err := sfnt.Parse(data)
		if err != nil {
			panic("page: internal error: " + err.Error())
		}
		m := &metric{data: data, font: parsed, far: make(map[rune]float64)}
		for r := range m.near {
			m.near[r] = m.read(rune(r))
		}
		all[f] = m
	}
	return &all
})

// advance returns the width of r in ems, or -1 when the face cannot draw it.
func (f Face) advance(r rune) float64 {
	m := metrics()[f]
	if r >= 0 && int(r) < len(m.near) {
		return m.near[r]
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.far[r]
	if !ok {
		w = m.read(r)
		m.far[r] = w
	}
	return w
}

// read asks the font itself.
func (m *metric) read(r rune) float64 {
	idx, err := m.font.GlyphIndex(&m.buf, r)
	if err != nil || idx == 0 {
		return -1
	}
	em := fixed.I(int(m.font.UnitsPerEm()))
	a, err := m.font.GlyphAdvance(&m.buf, idx, em, font.HintingNone)
	if err != nil {
		return -1
	}
	return float64(a) / float64(em)
}

// Width is the width of s in points, set in face f at the given size. s must
// have been through [Printable].
func Width(f Face, size float64, s string) float64 {
	var w float64
	for _, r := range s {
		if a := f.advance(r); a > 0 {
			w += a
		}
	}
	return w * size
}

// substitute stands where a face has no glyph. A blank would hide that
// something is missing.
const substitute = '\u25a1'

// unshaped are the scripts whose letters change with their neighbors, or run
// from right to left. This layout does neither, and a name set wrong is worse
// than a box that is reported.
var unshaped = []*unicode.RangeTable{
	unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
	unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Thai, unicode.Lao,
	unicode.Tibetan, unicode.Myanmar, unicode.Khmer, unicode.Mongolian, unicode.Mn, unicode.Me,
}

// Printable returns s as face f can draw it: composed (NFC), control and
// formatting characters gone, and a box for each character that the face does
// not have or that needs shaping. The second result lists those characters, in
// the order they come.
func Printable(f Face, s string) (string, []rune) {
	var b strings.Builder
	var missing []rune
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r == '\t' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unicode.Is(unicode.C, r):
			// Zero-width and control characters leave no mark on paper, and a
			// reader who copies the text should not get them either.
			if r == unicode.ReplacementChar {
				b.WriteRune(substitute)
			}
		case unicode.IsOneOf(unshaped, r) || f.advance(r) < 0:
			missing = append(missing, r)
			b.WriteRune(substitute)
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), missing
}

// FontHashes names each embedded face with the SHA-256 of its file, for the
// pins of a plan.
func FontHashes() map[string]string { return maps.Clone(fontHashes()) }

var fontHashes = sync.OnceValue(func() map[string]string {
	out := make(map[string]string, faces)
	for f := range faces {
		out[f.family()] = fmt.Sprintf("%x", sum(metrics()[f].data))
	}
	return out
})
