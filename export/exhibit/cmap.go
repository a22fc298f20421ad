package exhibit

import (
	"sort"
	"unicode/utf16"
)

// A cmap maps character codes to text: the part of a ToUnicode stream (ISO
// 32000-1 clause 9.10.3) or of an embedded CMap that reading text needs.
type cmap struct {
	// spaces are the code lengths by range of first byte; empty means that
	// the font's kind decides.
	spaces []codespace
	chars  map[uint32]string
	ranges []cmapRange
}

type codespace struct {
	size   int
	lo, hi uint32
}

type cmapRange struct {
	lo, hi uint32
	to     []uint16 // the last unit counts up over the range
}

// maxCMapEntries bounds one CMap; a font has at most 65,536 glyphs.
const maxCMapEntries = 70_000

// parseCMap reads what it can; the rest of a damaged CMap is lost, which shows
// up as characters that cannot be read, never as wrong ones.
func parseCMap(data []byte) *cmap {
	m := &cmap{chars: map[uint32]string{}}
	lex := lexer{b: data}
	var args []token
	for {
		t := lex.next()
		switch {
		case t.kind == tokenEnd:
			sort.SliceStable(m.ranges, func(i, j int) bool { return m.ranges[i].lo < m.ranges[j].lo })
			return m
		case t.kind != tokenWord:
			if len(args) < 4*maxCMapEntries {
				args = append(args, t)
			}
			continue
		}
		switch string(t.raw) {
		case "endcodespacerange":
			for i := 0; i+1 < len(args) && len(m.spaces) < 64; i += 2 {
				lo := args[i].bytes()
				if n := len(lo); n >= 1 && n <= 4 {
					m.spaces = append(m.spaces, codespace{n, bigEndian(lo), bigEndian(args[i+1].bytes())})
				}
			}
		case "endbfchar":
			for i := 0; i+1 < len(args) && len(m.chars) < maxCMapEntries; i += 2 {
				m.chars[bigEndian(args[i].bytes())] = utf16Text(args[i+1].bytes())
			}
		case "endbfrange":
			m.addRanges(args)
		}
		args = args[:0]
	}
}

func (m *cmap) addRanges(args []token) {
	for i := 0; i+2 < len(args); {
		lo, hi := bigEndian(args[i].bytes()), bigEndian(args[i+1].bytes())
		if args[i+2].kind != tokenOpen {
			if to := units(args[i+2].bytes()); hi >= lo && len(to) > 0 && len(m.ranges) < maxCMapEntries {
				m.ranges = append(m.ranges, cmapRange{lo, hi, to})
			}
			i += 3
			continue
		}
		i += 3
		for code := lo; i < len(args) && args[i].kind != tokenClose; i++ {
			if code <= hi && len(m.chars) < maxCMapEntries {
				m.chars[code] = utf16Text(args[i].bytes())
			}
			code++
		}
		i++
	}
}

// text gives the text of a code, and false where the map has none.
func (m *cmap) text(code uint32) (string, bool) {
	if s, ok := m.chars[code]; ok {
		return s, true
	}
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].lo > code })
	for i--; i >= 0; i-- {
		r := m.ranges[i]
		if code <= r.hi {
			to := append([]uint16(nil), r.to...)
			to[len(to)-1] += uint16(code - r.lo)
			return string(utf16.Decode(to)), true
		}
		if code-r.lo > 0xFFFF {
			break
		}
	}
	return "", false
}

// cut takes the first code from s by the codespace ranges (9.7.6.2), with
// fallback bytes where none fits.
func (m *cmap) cut(s []byte, fallback int) (code uint32, rest []byte) {
	if m != nil {
		for n := 1; n <= 4 && n <= len(s); n++ {
			v := bigEndian(s[:n])
			for _, space := range m.spaces {
				if space.size == n && inSpace(v, space, n) {
					return v, s[n:]
				}
			}
		}
	}
	n := min(fallback, len(s))
	return bigEndian(s[:n]), s[n:]
}

// inSpace compares byte by byte, as the standard defines a codespace range.
func inSpace(v uint32, space codespace, n int) bool {
	for i := range n {
		shift := uint(8 * i)
		b := byte(v >> shift)
		if b < byte(space.lo>>shift) || b > byte(space.hi>>shift) {
			return false
		}
	}
	return true
}

func bigEndian(b []byte) uint32 {
	var v uint32
	for _, c := range b[:min(len(b), 4)] {
		v = v<<8 | uint32(c)
	}
	return v
}

// units reads UTF-16BE; no text of one character code is longer than 32 units.
func units(b []byte) []uint16 {
	if len(b) == 1 {
		return []uint16{uint16(b[0])}
	}
	var u []uint16
	for i := 0; i+1 < len(b) && len(u) < 32; i += 2 {
		u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return u
}

func utf16Text(b []byte) string { return string(utf16.Decode(units(b))) }
