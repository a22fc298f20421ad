package exhibit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// marks are the endings of the glyph names that compose a letter and an accent
// ("eacute", "Ntilde"), as in the Adobe Glyph List.
var marks = []struct {
	name string
	mark rune
}{
	{"hungarumlaut", 0x030B},
	{"commaaccent", 0x0326},
	{"circumflex", 0x0302},
	{"dotaccent", 0x0307},
	{"dieresis", 0x0308},
	{"cedilla", 0x0327},
	{"ogonek", 0x0328},
	{"macron", 0x0304},
	{"acute", 0x0301},
	{"grave", 0x0300},
	{"tilde", 0x0303},
	{"caron", 0x030C},
	{"breve", 0x0306},
	{"ring", 0x030A},
}

// glyphNames holds the names that are neither a letter, nor a letter with a
// mark, nor uniXXXX. "name code" pairs, codes in hexadecimal.
var glyphNames = parseGlyphNames(`
space 20 exclam 21 quotedbl 22 numbersign 23 dollar 24 percent 25 ampersand 26 quotesingle 27
parenleft 28 parenright 29 asterisk 2A plus 2B comma 2C hyphen 2D minus 2212 period 2E slash 2F
zero 30 one 31 two 32 three 33 four 34 five 35 six 36 seven 37 eight 38 nine 39
colon 3A semicolon 3B less 3C equal 3D greater 3E question 3F at 40
bracketleft 5B backslash 5C bracketright 5D asciicircum 5E underscore 5F grave 60
braceleft 7B bar 7C braceright 7D asciitilde 7E
nbspace A0 nonbreakingspace A0 exclamdown A1 cent A2 sterling A3 currency A4 yen A5 brokenbar A6 section A7
dieresis A8 copyright A9 ordfeminine AA guillemotleft AB logicalnot AC sfthyphen AD softhyphen AD registered AE
macron AF degree B0 plusminus B1 twosuperior B2 threesuperior B3 acute B4 mu B5 paragraph B6 periodcentered B7
middot B7 cedilla B8 onesuperior B9 ordmasculine BA guillemotright BB onequarter BC onehalf BD threequarters BE
questiondown BF AE C6 Eth D0 multiply D7 Oslash D8 Thorn DE germandbls DF ae E6 eth F0 divide F7 oslash F8 thorn FE
Dcroat 110 dcroat 111 Hbar 126 hbar 127 dotlessi 131 Lslash 141 lslash 142 Eng 14A eng 14B OE 152 oe 153
Tbar 166 tbar 167 Ohorn 1A0 ohorn 1A1 Uhorn 1AF uhorn 1B0 florin 192 circumflex 2C6 caron 2C7 breve 2D8 dotaccent 2D9
ring 2DA ogonek 2DB tilde 2DC hungarumlaut 2DD
endash 2013 emdash 2014 quoteleft 2018 quoteright 2019 quotesinglbase 201A quotedblleft 201C quotedblright 201D
quotedblbase 201E dagger 2020 daggerdbl 2021 bullet 2022 ellipsis 2026 perthousand 2030 guilsinglleft 2039
guilsinglright 203A fraction 2044 Euro 20AC trademark 2122 onedotenleader 2024
ff FB00 fi FB01 fl FB02 ffi FB03 ffl FB04
alpha 3B1 beta 3B2 gamma 3B3 delta 3B4 pi 3C0 Omega 2126 Delta 2206 Sigma 3A3 summation 2211 radical 221A
infinity 221E notequal 2260 lessequal 2264 greaterequal 2265 approxequal 2248 arrowleft 2190 arrowright 2192
`)

func parseGlyphNames(list string) map[string]rune {
	names := map[string]rune{}
	f := strings.Fields(list)
	for i := 0; i+1 < len(f); i += 2 {
		code, err := strconv.ParseUint(f[i+1], 16, 32)
		if err != nil {
			panic("exhibit: internal error: glyph name list")
		}
		names[f[i]] = rune(code)
	}
	return names
}

// glyphText gives the text of a glyph by its name: the Adobe Glyph List's
// Latin part, uniXXXX and uXXXXXX, ligatures joined by underscores. Names that
// say nothing (g12, cid7) give "".
func glyphText(name string) string {
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	if r, ok := glyphNames[name]; ok {
		return string(r)
	}
	if len(name) == 1 && name[0] < utf8.RuneSelf {
		return name
	}
	if strings.IndexByte(name, '_') > 0 && len(name) < 64 {
		var b strings.Builder
		for _, part := range strings.Split(name, "_") {
			if strings.IndexByte(part, '_') < 0 {
				b.WriteString(glyphText(part))
			}
		}
		return b.String()
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 && len(hex)%4 == 0 && len(hex) <= 32 {
		var b strings.Builder
		for ; len(hex) >= 4; hex = hex[4:] {
			code, err := strconv.ParseUint(hex[:4], 16, 32)
			if err != nil {
				return ""
			}
			b.WriteRune(rune(code))
		}
		return b.String()
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if code, err := strconv.ParseUint(hex, 16, 32); err == nil && code <= utf8.MaxRune {
			return string(rune(code))
		}
	}
	for _, m := range marks {
		if letter, ok := strings.CutSuffix(name, m.name); ok {
			if letter == "dotlessi" {
				letter = "i"
			}
			if len(letter) == 1 {
				return norm.NFC.String(letter + string(m.mark))
			}
			if base := glyphNames[letter]; base != 0 && letter != "" {
				return norm.NFC.String(string(base) + string(m.mark))
			}
		}
	}
	return ""
}

// baseEncoding gives the 256 texts of one of the encodings of annex D.
func baseEncoding(name string) [256]string {
	var table [256]string
	switch name {
	case "MacRomanEncoding", "MacExpertEncoding":
		for i := 32; i < 256; i++ {
			table[i] = string(charmap.Macintosh.DecodeByte(byte(i)))
		}
	case "StandardEncoding":
		return standardEncoding()
	default:
		for i := 32; i < 256; i++ {
			if r := charmap.Windows1252.DecodeByte(byte(i)); r != utf8.RuneError {
				table[i] = string(r)
			}
		}
		table[127] = ""
	}
	return table
}

// standardHigh names the upper half of StandardEncoding (annex D.2), which no
// character map of x/text has.
var standardHigh = map[byte]string{
	0xA1: "exclamdown", 0xA2: "cent", 0xA3: "sterling", 0xA4: "fraction", 0xA5: "yen", 0xA6: "florin", 0xA7: "section",
	0xA8: "currency", 0xA9: "quotesingle", 0xAA: "quotedblleft", 0xAB: "guillemotleft", 0xAC: "guilsinglleft",
	0xAD: "guilsinglright", 0xAE: "fi", 0xAF: "fl", 0xB1: "endash", 0xB2: "dagger", 0xB3: "daggerdbl",
	0xB4: "periodcentered", 0xB6: "paragraph", 0xB7: "bullet", 0xB8: "quotesinglbase", 0xB9: "quotedblbase",
	0xBA: "quotedblright", 0xBB: "guillemotright", 0xBC: "ellipsis", 0xBD: "perthousand", 0xBF: "questiondown",
	0xC1: "grave", 0xC2: "acute", 0xC3: "circumflex", 0xC4: "tilde", 0xC5: "macron", 0xC6: "breve", 0xC7: "dotaccent",
	0xC8: "dieresis", 0xCA: "ring", 0xCB: "cedilla", 0xCD: "hungarumlaut", 0xCE: "ogonek", 0xCF: "caron", 0xD0: "emdash",
	0xE1: "AE", 0xE3: "ordfeminine", 0xE8: "Lslash", 0xE9: "Oslash", 0xEA: "OE", 0xEB: "ordmasculine", 0xF1: "ae",
	0xF5: "dotlessi", 0xF8: "lslash", 0xF9: "oslash", 0xFA: "oe", 0xFB: "germandbls",
}

func standardEncoding() [256]string {
	var table [256]string
	for i := 32; i < 127; i++ {
		table[i] = string(rune(i))
	}
	table['\''], table['`'] = "\u2019", "\u2018"
	for code, name := range standardHigh {
		table[code] = glyphText(name)
	}
	return table
}
