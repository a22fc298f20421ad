package exhibit

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shapes draws something that looks different from every side.
const shapes = `1 0 0 rg 120 620 60 40 re f 0 0 1 rg 300 500 80 20 re f
0 g BT /F1 24 Tf 130 560 Td (Upright) Tj ET
0 0.5 0 RG 4 w 120 480 m 400 690 l S`

func TestClean_keeps_the_look_of_pages(t *testing.T) {
	cases := map[string]*file{
		"plain":        onePage(letterBox, shapes),
		"turned 90":    onePage(letterBox+" /Rotate 90", shapes),
		"turned 180":   onePage(letterBox+" /Rotate 180", shapes),
		"turned 270":   onePage(letterBox+" /Rotate 270", shapes),
		"turned -90":   onePage(letterBox+" /Rotate -90", shapes),
		"odd origin":   onePage("/MediaBox [100 450 500 720]", shapes),
		"negative":     onePage("/MediaBox [500 720 -50 -60]", shapes),
		"crop":         onePage(letterBox+" /CropBox [110 470 410 700]", shapes),
		"crop outside": onePage("/MediaBox [90 440 500 800] /CropBox [0 470 410 790]", shapes),
		"no box":       onePage("", shapes),
		"group":        onePage(letterBox+" /Group << /S /Transparency /CS /DeviceRGB /I true >>", shapes),
		"pdf 2.0":      onePage(letterBox, shapes),
		"unbalanced":   onePage(letterBox, "0.5 0 0 0.5 100 300 cm q q "+shapes),
	}
	for _, turn := range []string{"90", "180", "270"} {
		cases["odd crop, turned "+turn] = onePage("/MediaBox [-20 30 700 800] /CropBox [110 470 410 700] /Rotate "+turn, shapes)
	}
	cases["pdf 2.0"].header = "%PDF-2.0"
	cases["junk before"] = onePage(letterBox, shapes)

	inherited := onePage("", shapes)
	inherited.objects[treeObject-1] = "<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90 /MediaBox [100 450 500 720] /Resources << /Font << /F1 4 0 R >> >> >>"
	inherited.objects[pageObject-1] = "<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>"
	cases["inherited"] = inherited

	split := onePage(letterBox, "")
	split.objects[pageObject-1] = "<< /Type /Page /Parent 2 0 R /Contents [6 0 R 7 0 R 8 0 R 9 0 R] /Resources << /Font << /F1 4 0 R >> >> /MediaBox [0 0 612 792] >>"
	i, j := strings.Index(shapes, "Upr")+2, strings.Index(shapes, "0 0.5 0 RG")
	for _, part := range []string{shapes[:i], shapes[i:j], "", shapes[j:]} {
		split.add(streamObject("", part))
	}
	cases["contents in parts, cut in a string"] = split

	length := onePage(letterBox, "")
	length.objects[textObject-1] = "<< /Length 20 >>\nstream\n" + shapes + "\nendstream"
	cases["wrong length"] = length

	for name, f := range cases {
		t.Run(name, func(t *testing.T) {
			data := f.bytes()
			if name == "junk before" {
				data = append([]byte("From: somebody\r\n\r\n"), data...)
			}
			c, _, report := clean(t, KindPDF, data, Options{Accept: strings.Contains(name, "crop") || strings.Contains(name, "negative")})
			if report.Pages != 1 || report.TextPages != 1 {
				t.Errorf("report %+v", report)
			}
			if !strings.Contains(text(c), "Upright") {
				t.Errorf("text is %q", text(c))
			}
			if name == "junk before" { // poppler counts offsets from the header only
				data = f.bytes()
			}
			sameLook(t, data, c)
		})
	}
}

func TestClean_heeds_the_user_unit(t *testing.T) {
	f := onePage("/MediaBox [100 450 500 720] /UserUnit 1.5 /Rotate 90", shapes)
	c, _, _ := clean(t, KindPDF, f.bytes(), Options{})
	if p := c.Pages()[0]; p.Width != 405 || p.Height != 600 {
		t.Errorf("page of %v by %v", p.Width, p.Height)
	}
	if !have(t, "pdftoppm") {
		return
	}
	// Poppler does not know the entry, so its picture is that much smaller.
	compare(t, 1, render(t, f.bytes(), 45)[0], render(t, plain(t, c), 30)[0])
}

func TestClean_takes_the_newest_revision(t *testing.T) {
	data := onePage(letterBox, "BT /F1 30 Tf 100 500 Td (OLD WORDS) Tj ET").bytes()
	prev := bytes.LastIndex(data, []byte("xref\n0 "))
	var b bytes.Buffer
	b.Write(data)
	at := b.Len()
	fmt.Fprintf(&b, "5 0 obj\n%s\nendobj\n", streamObject("", "BT /F1 30 Tf 100 300 Td (new words) Tj ET"))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n5 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", at, prev, start)
	c, raw, _ := clean(t, KindPDF, b.Bytes(), Options{})
	if got := text(c); got != "new words" {
		t.Errorf("text is %q", got)
	}
	if contains(t, c, raw, "OLD") {
		t.Error("the old revision is still there")
	}
	sameLook(t, b.Bytes(), c)
}

func TestClean_leaves_out_everything_that_does_not_draw(t *testing.T) {
	f := onePage(letterBox+` /Annots [6 0 R 7 0 R 8 0 R 14 0 R 16 0 R 17 0 R] /AA << /O << /S /JavaScript /JS (CANARY-page-script) >> >>
		/Metadata 9 0 R /PieceInfo << /App << /Private (CANARY-piece) >> >> /StructParents 3 /Tabs /S
		/Resources << /Font << /F1 4 0 R /CANARY-unused-font 4 0 R >> /XObject << /Im 15 0 R /Unused 13 0 R >>
			/Properties << /MC0 << /Note (CANARY-property) >> >> >>`,
		`% CANARY-comment in content
/Span << /ActualText (CANARY-actual) /Alt (CANARY-alt) >> BDC BT /F1 20 Tf 100 600 Td (Visible) Tj ET EMC
/MC0 /Point DP /P /MC0 BDC (CANARY-operand) 0 g 100 100 50 50 re f EMC
(CANARY-unknown) zz q 100 0 0 100 300 300 cm /Im Do Q`)
	f.objects[rootObject-1] = `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (CANARY-open) >>
		/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (CANARY-named) >>] >> /EmbeddedFiles << /Names [(x) 10 0 R] >> >>
		/Metadata 9 0 R /Outlines << /First 12 0 R /Last 12 0 R /Count 1 >> /StructTreeRoot << /Type /StructTreeRoot /CANARY-struct true >>
		/PieceInfo << /App << /Private (CANARY-root-piece) >> >> >>`
	// 6 to 9: launch link, hidden note, sticky note, metadata
	f.add("<< /Type /Annot /Subtype /Link /Rect [10 10 50 50] /Border [0 0 3] /A << /S /Launch /F (CANARY-calc.exe) >> >>")
	f.add("<< /Type /Annot /Subtype /FreeText /F 2 /Rect [60 60 90 90] /Contents (CANARY-hidden) /AP << /N 13 0 R >> >>")
	f.add("<< /Type /Annot /Subtype /Text /Rect [90 90 110 110] /Contents (CANARY-note) /T (CANARY-author) /AP << /N 13 0 R >> >>")
	f.add(streamObject("/Type /Metadata /Subtype /XML", "<x>CANARY-xmp</x>"))
	// 10 to 13: file specification, its file, bookmark, an appearance
	f.add("<< /Type /Filespec /F (CANARY-name.exe) /EF << /F 11 0 R >> >>")
	f.add(streamObject("/Type /EmbeddedFile", "CANARY-file"))
	f.add("<< /Title (CANARY-bookmark) /Parent 1 0 R >>")
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 20 20] /Resources << /Font << /F1 4 0 R >> >>",
		"BT /F1 8 Tf (CANARY-appearance) Tj ET"))
	// 14: a stamp that is seen, with a comment behind it
	f.add("<< /Type /Annot /Subtype /Stamp /F 4 /Rect [400 650 560 720] /Contents (CANARY-comment) /NM (CANARY-nm) /AP << /N 18 0 R >> >>")
	// 15: an image whose JPEG says where it was taken
	photo := testJPEG(t, 16, 12, 6)
	f.add(streamObject("/Type /XObject /Subtype /Image /Width 16 /Height 12 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Metadata 9 0 R /OPI << /F (CANARY-opi) >>", string(photo)))
	f.add("<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS 10 0 R >>")
	f.add("<< /Type /Annot /Subtype /Popup /Rect [1 1 9 9] /Contents (CANARY-popup) >>")
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 160 70] /PieceInfo << /Secret (CANARY-form-piece) >> /StructParent 4",
		"0.8 0 0 RG 6 w 5 5 150 60 re S"))
	f.trailer = "/Info 19 0 R"
	f.add("<< /Author (CANARY-author) /Producer (CANARY-producer) >>")
	data := f.bytes()
	c, raw, report := clean(t, KindPDF, data, Options{})
	if contains(t, c, raw, "CANARY") {
		t.Error("a canary got through")
	}
	if !strings.Contains(text(c), "Visible") || strings.Contains(text(c), "CANARY") {
		t.Errorf("text is %q", text(c))
	}
	for _, want := range []string{
		"info", "metadata", "javascript", "attachment", "action", "outline", "structure", "private",
		"link", "note:1", "hidden-annotation:1", "media:1", "popup", "exif",
	} {
		if !slices.Contains(report.Removed, want) {
			t.Errorf("report does not say that %s was removed: %v", want, report.Removed)
		}
	}
	if !slices.Equal(c.Removed(), report.Removed) {
		t.Error("clean document and report disagree")
	}
	if have(t, "pdftoppm") {
		page := render(t, plain(t, c), 30)[0]
		// The stamp's frame is there, the link's is not.
		if p := page.at(405*30/72, page.h-685*30/72); p[0] < 120 || p[1] > 200 {
			t.Errorf("no stamp: %v", p)
		}
		if p := page.at(11*30/72, page.h-30*30/72); p != [3]byte{255, 255, 255} {
			t.Errorf("the link's border is drawn: %v", p)
		}
	}
}

func TestClean_draws_form_fields_into_the_page(t *testing.T) {
	f := onePage(letterBox+" /Rotate 90 /Annots [6 0 R 7 0 R 10 0 R]", shapes)
	f.objects[rootObject-1] = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 7 0 R 10 0 R] >> >>"
	f.add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Marisol) /F 4 /Rect [150 400 350 430] /AP << /N 8 0 R >> >>")
	f.add("<< /Type /Annot /Subtype /Widget /FT /Btn /T (box) /V /Yes /AS /Yes /F 4 /Rect [400 400 420 440] /AP << /N << /Yes 9 0 R /Off 8 0 R >> >> >>")
	// The matrix turns the appearance, and the rectangle is twice its size.
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 100 15] /Matrix [0 1 -1 0 40 7] /Resources << /Font << /F1 4 0 R >> >>",
		"0.9 g 0 0 100 15 re f 0 g BT /F1 12 Tf 2 3 Td (Marisol) Tj ET"))
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 10 10]", "1 0 1 rg 0 0 m 10 0 l 5 10 l f"))
	f.add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (empty) /F 4 /Rect [150 300 350 330] >>")
	c, _, report := clean(t, KindPDF, f.bytes(), Options{})
	if len(report.Questions) > 0 || !slices.Contains(report.Removed, "form-data") {
		t.Errorf("report %+v", report)
	}
	if !strings.Contains(text(c), "Marisol") {
		t.Errorf("text is %q", text(c))
	}
	sameLook(t, f.bytes(), c)
}

func TestClean_asks_where_the_look_is_in_doubt(t *testing.T) {
	field := "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Marisol) /F 4 /Rect [150 400 350 430] %s >>"
	form := "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] %s >> >>"
	look := streamObject("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f")
	cases := map[string]func() *file{
		"undrawn-field:1": func() *file {
			f := onePage(letterBox+" /Annots [6 0 R]", shapes)
			f.add(fmt.Sprintf(field, ""))
			return f
		},
		"stale-field:1": func() *file {
			f := onePage(letterBox+" /Annots [6 0 R]", shapes)
			f.objects[rootObject-1] = fmt.Sprintf(form, "/NeedAppearances true")
			f.add(fmt.Sprintf(field, "/AP << /N 7 0 R >>"))
			f.add(look)
			return f
		},
		"undrawn-mark:1": func() *file {
			f := onePage(letterBox+" /Annots [6 0 R]", shapes)
			f.add("<< /Type /Annot /Subtype /Highlight /Rect [150 400 350 430] /QuadPoints [150 430 350 430 150 400 350 400] >>")
			return f
		},
		"redaction-mark:1": func() *file {
			f := onePage(letterBox+" /Annots [6 0 R]", shapes)
			f.add("<< /Type /Annot /Subtype /Redact /Rect [150 400 350 430] /AP << /N 7 0 R >> >>")
			f.add(look)
			return f
		},
		"text-outside:1": func() *file { return onePage(letterBox, shapes+" BT /F1 9 Tf 700 700 Td (cropped away) Tj ET") },
		"missing-pages": func() *file {
			f := onePage(letterBox, shapes)
			f.objects[treeObject-1] = "<< /Type /Pages /Kids [3 0 R 99 0 R] /Count 2 >>"
			return f
		},
		"damaged:1": func() *file {
			f := onePage(letterBox, "")
			packed := deflate(bytes.Repeat([]byte(shapes+"\n"), 50))
			f.objects[textObject-1] = streamObject("/Filter /FlateDecode", string(packed[:len(packed)/2]))
			return f
		},
		"viewer-form": func() *file {
			f := onePage(letterBox, shapes)
			f.objects[rootObject-1] = "<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /XFA [(a) 5 0 R] >> >>"
			return f
		},
		"hidden-layer:1": func() *file { return layered("/OFF [6 0 R]") },
		"print-layer:1": func() *file {
			f := layered("")
			f.objects[5] = "<< /Type /OCG /Name (x) /Usage << /Print << /PrintState /OFF >> >> >>"
			return f
		},
	}
	for want, make := range cases {
		t.Run(want, func(t *testing.T) {
			data := make().bytes()
			report, err := discard(KindPDF, data, Options{})
			wantError(t, err, ErrAsk)
			if !slices.Equal(report.Questions, []string{want}) {
				t.Errorf("questions %v", report.Questions)
			}
			if report, err = discard(KindPDF, data, Options{Accept: true}); err != nil || report.Pages != 1 {
				t.Errorf("accepted: %v %+v", err, report)
			}
			if strings.HasPrefix(Describe(want), "something unknown") {
				t.Error("no words for it")
			}
		})
	}
}

// layered makes a page with a layer over marked content and over a form.
func layered(config string) *file {
	f := onePage(letterBox+` /Resources << /Font << /F1 4 0 R >> /Properties << /L 6 0 R /M 7 0 R >> /XObject << /X 8 0 R >> >>`,
		shapes+`
/OC /L BDC 1 0 0 rg 200 200 80 80 re f BT /F1 30 Tf 200 300 Td (SECRET) Tj ET q 1 0 0 1 40 0 cm EMC
/OC /M BDC BT /F1 30 Tf 200 350 Td (SECRET) Tj ET EMC Q
/X Do 0 0 1 rg 400 200 30 30 re f`)
	f.objects[rootObject-1] = "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /Order [6 0 R] " + config + " >> >> >>"
	f.add("<< /Type /OCG /Name (Draft remarks) >>")
	f.add("<< /Type /OCMD /OCGs [6 0 R] /P /AllOn >>")
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /OC 6 0 R /Resources << /Font << /F1 4 0 R >> >>",
		"BT /F1 30 Tf 200 120 Td (SECRET) Tj ET"))
	return f
}

func TestClean_leaves_hidden_layers_out(t *testing.T) {
	for _, config := range []string{"/OFF [6 0 R]", "/BaseState /OFF"} {
		data := layered(config).bytes()
		c, raw, _ := clean(t, KindPDF, data, Options{Accept: true})
		if contains(t, c, raw, "SECRET") || strings.Contains(text(c), "SECRET") || contains(t, c, raw, "Draft") {
			t.Error("the hidden layer is still there")
		}
		sameLook(t, data, c)
	}
	shown := layered("").bytes()
	c, raw, _ := clean(t, KindPDF, shown, Options{})
	if !strings.Contains(text(c), "SECRET") || contains(t, c, raw, "Draft") {
		t.Error("the visible layer is gone, or its name is not")
	}
	sameLook(t, shown, c)

	woven := onePage(letterBox+" /Resources << /Font << /F1 4 0 R >> /Properties << /L 6 0 R >> >>",
		"BT /F1 30 Tf 200 300 Td (a) Tj /OC /L BDC (SECRET) Tj EMC (b) Tj ET")
	woven.objects[rootObject-1] = layered("/OFF [6 0 R]").objects[rootObject-1]
	woven.add("<< /Type /OCG /Name (x) >>")
	_, err := discard(KindPDF, woven.bytes(), Options{Accept: true})
	wantError(t, err, ErrLayers)
}

func TestClean_copies_every_kind_of_resource(t *testing.T) {
	f := onePage(letterBox+` /Resources << /Font << /F1 4 0 R /T3 13 0 R >>
		/ColorSpace << /Sep [/Separation /Spot /DeviceRGB 6 0 R] /Calc [/Separation /Spot /DeviceRGB 15 0 R] /Ix [/Indexed /DeviceRGB 1 <FF000000FF00>] /Pat [/Pattern /DeviceRGB] >>
		/Pattern << /Tile 7 0 R /Shade 8 0 R >> /Shading << /Sh 9 0 R >> /ExtGState << /Half << /Type /ExtGState /ca 0.5 /SMask 10 0 R >> /None << /SMask /None >> >>
		/XObject << /Im 12 0 R >> >>`,
		`/Sep cs 0.7 scn 50 600 100 100 re f
/Pattern cs /Tile scn 200 600 100 100 re f /Shade scn 350 600 100 100 re f
q 50 450 100 100 re W n /Sh sh Q
q /Half gs 0 0 1 rg 200 450 100 100 re f /None gs Q
q 100 0 0 100 350 450 cm /Im Do Q
q 100 0 0 100 50 300 cm BI /W 2 /H 2 /CS /Ix /BPC 1 /Secret (CANARY) ID `+"\x40\x80"+` EI Q
q 100 0 0 100 200 300 cm BI /W 8 /H 2 /IM true /D [1 0] ID `+"\xAA\x55"+`
EI Q
BT /T3 40 Tf 350 300 Td (aa) Tj ET
/Calc cs 0.8 scn 50 150 100 100 re f 0 g BT /F1 20 Tf 200 150 Td (Mapped) Tj ET`)
	f.objects[fontObject-1] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 16 0 R >>"
	f.add("<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.9 0.2 0.1] /N 1 >>")
	f.add(streamObject("/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 20 20] /XStep 20 /YStep 20 /Resources << >>",
		"% CANARY\n0 0.6 0 rg 0 0 10 10 re f"))
	f.add("<< /Type /Pattern /PatternType 2 /Shading 9 0 R >>")
	f.add("<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [50 0 450 0] /Function 6 0 R /Extend [true true] >>")
	f.add("<< /Type /Mask /S /Luminosity /G 11 0 R >>")
	f.add(streamObject("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >>",
		"1 g 200 450 50 100 re f"))
	f.add(streamObject("/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter [/ASCIIHexDecode] /Alternates [<< /Image 12 0 R >>]",
		"00 80 C0 40>"))
	f.add("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 10 10] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97 /LastChar 97 /Widths [12] /Encoding << /Differences [97 /box] >> /CharProcs << /box 14 0 R >> >>")
	f.add(streamObject("", "10 0 0 0 10 10 d1 % CANARY\n0 0 8 8 re f"))
	f.add(streamObject("/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]", "{ % CANARY\ndup 1 exch sub exch 0.5 mul 0 }"))
	f.add(streamObject("", "%%Title: CANARY\n/CIDInit /ProcSet findresource begin begincmap\n1 beginbfrange <20> <7E> <0020> endbfrange endcmap"))
	c, raw, report := clean(t, KindPDF, f.bytes(), Options{})
	if contains(t, c, raw, "CANARY") {
		t.Error("a canary got through")
	}
	if !strings.Contains(text(c), "Mapped") {
		t.Errorf("text is %q", text(c))
	}
	if len(report.Questions) > 0 {
		t.Errorf("questions %v", report.Questions)
	}
	sameLook(t, f.bytes(), c)
}

func TestClean_opens_encryption_with_an_empty_password(t *testing.T) {
	if !have(t, "qpdf") {
		return
	}
	in := save(t, "in.pdf", onePage(letterBox, shapes).bytes())
	for _, way := range []string{"40", "128 --use-aes=n", "128 --use-aes=y", "256", "256 --cleartext-metadata"} {
		args := []string{"--encrypt", "", "owner"}
		if strings.HasPrefix(way, "40") || strings.Contains(way, "aes=n") {
			args = append([]string{"--allow-weak-crypto"}, args...)
		}
		args = append(args, strings.Fields(way)...)
		for _, objects := range []string{"disable", "generate"} {
			out := filepath.Join(t.TempDir(), "out.pdf")
			run(t, "qpdf", append(slices.Clone(args), "--", "--object-streams="+objects, in, out)...)
			data := readFile(t, out)
			c, _, report := clean(t, KindPDF, data, Options{})
			if text(c) != "Upright" || !slices.Contains(report.Removed, "encryption") {
				t.Errorf("%s, object streams %s: text %q, %v", way, objects, text(c), report.Removed)
			}
			sameLook(t, data, c)
		}
	}
	out := filepath.Join(t.TempDir(), "locked.pdf")
	run(t, "qpdf", "--encrypt", "user", "owner", "256", "--", in, out)
	_, err := discard(KindPDF, readFile(t, out), Options{})
	wantError(t, err, ErrPassword)
}

func TestClean_gives_equal_bytes_for_equal_files(t *testing.T) {
	data := layered("").bytes()
	_, first, _ := clean(t, KindPDF, data, Options{})
	for range 5 {
		if _, again, _ := clean(t, KindPDF, data, Options{}); !bytes.Equal(first, again) {
			t.Fatal("the same file gave other bytes")
		}
	}
	if _, err := exec.LookPath("qpdf"); err != nil {
		return
	}
	out := filepath.Join(t.TempDir(), "linear.pdf")
	run(t, "qpdf", "--linearize", "--object-streams=generate", save(t, "in.pdf", data), out)
	c, _, _ := clean(t, KindPDF, readFile(t, out), Options{})
	sameLook(t, data, c)
}

func TestCleanOwn_opens_what_it_cleaned(t *testing.T) {
	c, err := CleanOwn(onePage(letterBox, shapes).bytes())
	if err != nil || len(c.Pages()) != 1 || c.Pages()[0].Text != "Upright" {
		t.Fatalf("got %v", err)
	}
	_, err = CleanOwn([]byte("%PDF-1.7 nothing"))
	wantError(t, err, ErrDamaged)
}
