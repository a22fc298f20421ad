package exhibit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestText_is_found_in_every_encoding(t *testing.T) {
	const words = "nunca ha sido arrestada, A 000-000-501"
	var wide, codes strings.Builder // UTF-16BE, and each character as code + 1
	for _, u := range utf16.Encode([]rune(words)) {
		fmt.Fprintf(&wide, "%04X", u)
		fmt.Fprintf(&codes, "%02X", u+1)
	}
	cmap := "/CIDInit /ProcSet findresource begin 1 begincodespacerange <%s> <%s> endcodespacerange\n1 beginbfrange <%s> <%s> <0020> endbfrange endcmap"
	toUnicode := streamObject("", fmt.Sprintf(cmap, "00", "FF", "21", "7F"))
	cases := map[string]struct {
		font    string
		extra   []string
		content string
	}{
		"winansi": {
			"<< /Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding >>", nil,
			"BT /F1 12 Tf 72 700 Td (" + words + ") Tj ET",
		},
		"no encoding": {
			"<< /Subtype /Type1 /BaseFont /Times-Roman >>", nil,
			"BT /F1 12 Tf 72 700 Td (" + words + ") ' ET",
		},
		"shifted codes with ToUnicode": {
			"<< /Subtype /Type1 /BaseFont /ABCDEF+Subset /ToUnicode 6 0 R >>",
			[]string{toUnicode},
			"BT /F1 12 Tf 72 700 Td <" + codes.String() + "> Tj ET",
		},
		"composite font": {
			"<< /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /Subtype /CIDFontType2 /DW 500 >>] >>",
			[]string{streamObject("", fmt.Sprintf(cmap, "0000", "FFFF", "0020", "00FF"))},
			"BT /F1 12 Tf 72 700 Td <" + wide.String() + "> Tj ET",
		},
		"unicode codes": {
			"<< /Subtype /Type0 /BaseFont /X /Encoding /UniJIS-UCS2-H /DescendantFonts [<< /Subtype /CIDFontType0 /DW 500 >>] >>", nil,
			"BT /F1 12 Tf 72 700 Td <" + wide.String() + "> Tj ET",
		},
		"word by word": {
			"<< /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", nil,
			"BT /F1 12 Tf 72 700 Td (nunca) Tj ET BT /F1 12 Tf 107 700 Td (ha) Tj ET BT /F1 12 Tf 1 0 0 1 125 700 Tm (sido) Tj 25 0 Td (arrestada,) Tj ET " +
				"BT 0 -1 1 0 300 400 Tm /F1 12 Tf [(A) -500 (000-0) 20 (00-501)] TJ ET",
		},
		"letter by letter, spaces by gaps": {
			"<< /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>", nil,
			letters(words),
		},
		"broken over lines": {
			"<< /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", nil,
			"BT /F1 12 Tf 14 TL 72 700 Td (nunca ha) Tj T* (sido arrestada,) Tj (A 000-000-501) ' ET",
		},
		"in a form, turned": {
			"<< /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
			[]string{streamObject("/Subtype /Form /BBox [0 0 612 792] /Matrix [0 1 -1 0 600 0]", "BT /F1 12 Tf 72 300 Td ("+words+") Tj ET")},
			"/X Do",
		},
		"invisible, as under a scan": {
			"<< /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", nil,
			"BT 3 Tr /F1 12 Tf 72 700 Td (" + words + ") Tj ET",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := onePage(letterBox+" /Resources << /Font << /F1 4 0 R >> /XObject << /X 6 0 R >> >>", c.content)
			f.objects[fontObject-1] = c.font
			for _, o := range c.extra {
				f.add(o)
			}
			cleaned, _, report := clean(t, KindPDF, f.bytes(), Options{})
			if got := strings.Join(strings.Fields(text(cleaned)), " "); got != words {
				t.Errorf("got %q", got)
			}
			if report.TextPages != 1 {
				t.Errorf("report %+v", report)
			}
		})
	}
}

// letters places each letter by itself, and spaces not at all.
func letters(words string) string {
	var b strings.Builder
	for i, r := range words {
		if r != ' ' {
			fmt.Fprintf(&b, "BT /F1 10 Tf 1 0 0 1 %.1f 500 Tm (%c) Tj ET\n", 50+float64(i)*6, r)
		}
	}
	return b.String()
}

func TestText_is_composed(t *testing.T) {
	f := onePage(letterBox, `BT /F1 12 Tf 72 700 Td <4EF161> Tj 0 -20 Td (\001\002\003\004\005\006) Tj ET`)
	f.objects[fontObject-1] = "<< /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [1 /ntilde /uni00E9 /f_i /Aogonek /u0323 /g77] >> >>"
	c, _, _ := clean(t, KindPDF, f.bytes(), Options{})
	if got := text(c); got != "Nña\nñéfi\u0104\u0323\uFFFD" {
		t.Errorf("got %q", got)
	}
}

func TestText_that_cannot_be_read_is_none(t *testing.T) {
	f := onePage(letterBox, "BT /F1 12 Tf 72 700 Td <00010002000300040005> Tj ET")
	f.objects[fontObject-1] = "<< /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Subtype /CIDFontType2 >>] >>"
	c, _, report := clean(t, KindPDF, f.bytes(), Options{})
	if text(c) != "" || report.TextPages != 0 || report.Pages != 1 {
		t.Errorf("text %q, report %+v", text(c), report)
	}
}

func TestFilters_undo_what_the_standard_packs(t *testing.T) {
	want := bytes.Repeat([]byte("0 0 m 100 100 l S\n"), 40)
	for _, c := range []struct {
		filter filter
		data   string
	}{
		{filter{name: "ASCIIHexDecode"}, fmt.Sprintf("%x", want) + ">"},
		{filter{name: "FlateDecode"}, string(deflate(want))},
		{filter{name: "FlateDecode"}, "\r\n" + string(deflate(want)[:len(deflate(want))-4]) + "junk"},
	} {
		got, err := c.filter.unfilter([]byte(c.data), 1<<20)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, %d bytes", c.filter.name, err, len(got))
		}
		if _, err := c.filter.unfilter([]byte(c.data), 100); err != errDecodeSize {
			t.Errorf("%s: the limit is not kept: %v", c.filter.name, err)
		}
	}
	for _, c := range []struct{ filter, data, want string }{
		{"ASCII85Decode", "<~87cURD]i,\"Ebo80~>", "Hello World!"},
		{"ASCII85Decode", "87cUR D]i,\"\nEbo80~>", "Hello World!"},
		{"ASCII85Decode", "z~>", "\x00\x00\x00\x00"},
		{"RunLengthDecode", "\x02abc\xFEx\x80junk", "abcxxx"},
		// The example of clause 7.4.4.2.
		{"LZWDecode", "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", "-----A---B"},
	} {
		f := filter{name: c.filter, parms: decodeParms{earlyChange: true}}
		if got, err := f.unfilter([]byte(c.data), 1000); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", c.filter, got, err)
		}
	}
	// A PNG predictor row of each kind.
	rows := []byte{0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1}
	got, err := unpredict(rows, decodeParms{predictor: 15, colors: 1, bits: 8, columns: 3})
	if want := []byte{1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestContent_is_joined_at_tokens(t *testing.T) {
	for _, c := range []struct{ parts, want string }{
		{"1 0 0 RG|2 w", "1 0 0 RG\n2 w"},
		{"(Hel|lo) Tj", "(Hello) Tj"},
		{"<48|49> Tj", "<4849> Tj"},
		{"[(a)|(b)] TJ", "[(a)\n(b)] TJ"},
		{"1 0 0 R|G 2 w", "1 0 0 R\nG 2 w"}, // cut where the standard forbids it
		{"BT (x\\(y) Tj|ET", "BT (x\\(y) Tj\nET"},
		{"BI /W 8 /H 8 /BPC 8 /CS /G ID (((|)))) EI Q", "BI /W 8 /H 8 /BPC 8 /CS /G ID ((()))) EI Q"},
	} {
		var parts [][]byte
		for _, p := range strings.Split(c.parts, "|") {
			parts = append(parts, []byte(p))
		}
		if got := string(joinContents(parts)); got != c.want {
			t.Errorf("%q became %q", c.parts, got)
		}
	}
}

func TestStrings_are_unescaped(t *testing.T) {
	for in, want := range map[string]string{
		`a\(b\)\\`: `a(b)\`, `\101\7x`: "A\ax", "a\\\nb": "ab", "a\r\nb": "a\nb", `\q`: "q", `\n\r\t\b\f`: "\n\r\t\b\f", "a\\": "a\\",
	} {
		if got := string(unescape([]byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
