package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"regexp"
	"strconv"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"forbear/assets"
	"forbear/casefile"
	"forbear/factors"
)

// photo is a family's picture as a telephone saves it: stored on its side, with
// an orientation tag that says so and the place where it was taken. Upright, the
// sky is blue and on top, the ground is green and at the bottom, and the house
// stands on the ground with its roof up.
func photo() (File, error) {
	const w, h = 900, 1200
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(m, image.Rect(0, 0, w, h*2/3), color.RGBA{120, 180, 235, 255})
	fill(m, image.Rect(0, h*2/3, w, h), color.RGBA{70, 150, 70, 255})
	for y := -70; y <= 70; y++ {
		for x := -70; x <= 70; x++ {
			if x*x+y*y <= 70*70 {
				m.Set(740+x, 160+y, color.RGBA{250, 220, 90, 255})
			}
		}
	}
	fill(m, image.Rect(250, 560, 650, 860), color.RGBA{225, 205, 180, 255})
	for y := range 170 {
		half := y * 250 / 170
		fill(m, image.Rect(450-half, 390+y, 450+half, 391+y), color.RGBA{150, 60, 45, 255})
	}
	fill(m, image.Rect(410, 700, 490, 860), color.RGBA{90, 60, 40, 255})
	for i, tall := range []int{190, 120} {
		x := 180 + i*520
		fill(m, image.Rect(x, 960-tall, x+60, 960), color.RGBA{60, 60, uint8(140 + 60*i), 255})
		fill(m, image.Rect(x+8, 960-tall-44, x+52, 960-tall), color.RGBA{170, 120, 85, 255})
	}
	if err := write(m, 60, 1120, 40, "INVENTED. Nobody in this picture exists."); err != nil {
		return File{}, err
	}
	data, err := phoneJPEG(m)
	if err != nil {
		return File{}, err
	}
	f := File{Name: "IMG_0007.jpg", Kind: "jpeg", Title: "Family photograph", Data: data}
	f.Meta = casefile.Exhibit{
		ID: exhibitPhoto, Title: "Family photograph", Date: factors.MustDate("2025"), InPacket: true, Proves: []string{"relatives/" + child}, Reading: reading(data, nil),
	}
	return f, nil
}

// inhaler is a prescription's label, photographed sideways.
func inhaler() (File, error) {
	m := image.NewRGBA(image.Rect(0, 0, 1000, 640))
	fill(m, m.Bounds(), color.RGBA{245, 243, 236, 255})
	fill(m, image.Rect(0, 0, 1000, 90), color.RGBA{40, 90, 120, 255})
	for i, line := range []string{
		"", "Basswood Pharmacy (invented)", "For: the child of M. Xol Caal de Núñez", "Inhaler, two puffs when short of breath",
		"Refills: 3     Date: September 9, 2026", "INVENTED. Nobody on this label exists.",
	} {
		if err := write(m, 50, 90+i*85, 42, line); err != nil {
			return File{}, err
		}
	}
	data, err := phoneJPEG(m)
	if err != nil {
		return File{}, err
	}
	f := File{Name: "IMG_0011.jpg", Kind: "jpeg", Title: "Prescription", Data: data}
	f.Meta = casefile.Exhibit{
		ID: exhibitInhaler, Title: "Prescription of the child’s inhaler", Date: factors.MustDate("2026-09-09"), Language: "English", InPacket: true,
		Proves: []string{"health/" + asthma}, Reading: reading(data, nil),
	}
	return f, nil
}

// payStub shows a name and a number that are not hers. Nobody has decided what
// to do about it: the harm reading stops it.
func payStub() (File, error) {
	m := image.NewRGBA(image.Rect(0, 0, 1100, 520))
	fill(m, m.Bounds(), color.White)
	for i, line := range []string{
		"Delta Feather Poultry (invented): statement of pay", "Employee: Yolanda Ficticia", "Number: 000-00-0000", "Week 38 of 2025: 40 hours, overtime 0",
		"INVENTED. Nobody on this page exists.",
	} {
		if err := write(m, 60, 100+i*90, 40, line); err != nil {
			return File{}, err
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, m); err != nil {
		return File{}, fmt.Errorf("draw sample: %w", err)
	}
	f := File{Name: "stub.png", Kind: "png", Title: "Pay stub", Data: buf.Bytes()}
	f.Meta = casefile.Exhibit{
		ID: exhibitPayStub, Title: "Pay stub", Date: factors.MustDate("2025-09"), Language: "English", InPacket: true, Proves: []string{"disputes/" + dispute},
		Reading: reading(buf.Bytes(), map[string]casefile.HarmAnswer{"numbers": {}, "other-people": {}}),
	}
	return f, nil
}

func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// write draws a line of text with its baseline at (x, y).
func write(m *image.RGBA, x, y int, size float64, s string) error {
	data, err := assets.Fonts.ReadFile("fonts/LiberationSans-Regular.ttf")
	if err != nil {
		return fmt.Errorf("draw sample: %w", err)
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		return fmt.Errorf("draw sample: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return fmt.Errorf("draw sample: %w", err)
	}
	d := font.Drawer{Dst: m, Src: image.Black, Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
	return face.Close()
}

// phoneJPEG stores a picture as a telephone does that was held upright: turned
// a quarter to the left, with the tag (orientation 6) that tells a viewer to
// turn it back, and with a place.
func phoneJPEG(upright *image.RGBA) ([]byte, error) {
	b := upright.Bounds()
	stored := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			stored.Set(y, b.Dx()-1-x, upright.At(x, y))
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, stored, &jpeg.Options{Quality: 88}); err != nil {
		return nil, fmt.Errorf("draw sample: %w", err)
	}
	data := buf.Bytes()
	app1 := exif()
	out := append([]byte{}, data[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(app1)+2))
	out = append(out, app1...)
	return append(out, data[2:]...), nil
}

// exif is an Exif block (CIPA DC-008) with an orientation, a camera's name and
// an invented place in the Gulf of Mexico.
func exif() []byte {
	be := binary.BigEndian
	b := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08")
	entry := func(tag, typ uint16, count, value uint32) {
		b = be.AppendUint16(b, tag)
		b = be.AppendUint16(b, typ)
		b = be.AppendUint32(b, count)
		b = be.AppendUint32(b, value)
	}
	const (
		first = 8
		make  = first + 2 + 3*12 + 4 // where the camera's name lies
		place = make + 16            // where the GPS directory lies
		fixes = place + 2 + 4*12 + 4 // where its numbers lie
	)
	b = be.AppendUint16(b, 3)
	entry(0x010F, 2, 16, make)
	entry(0x0112, 3, 1, 6<<16)
	entry(0x8825, 4, 1, place)
	b = be.AppendUint32(b, 0)
	b = append(b, "InventedCamera0\x00"...)
	b = be.AppendUint16(b, 4)
	entry(1, 2, 2, uint32('N')<<24)
	entry(2, 5, 3, fixes)
	entry(3, 2, 2, uint32('W')<<24)
	entry(4, 5, 3, fixes+24)
	b = be.AppendUint32(b, 0)
	for _, degrees := range []uint32{27, 30, 0, 90, 15, 0} {
		b = be.AppendUint32(b, degrees)
		b = be.AppendUint32(b, 1)
	}
	return b
}

var (
	objectStart = regexp.MustCompile(`(?m)^(\d+) 0 obj`)
	pageDict    = regexp.MustCompile(`/Type /Page\s`)
	tableStart  = regexp.MustCompile(`(?s)\nxref\n0 (\d+)\n.*?trailer`)
	tableOffset = regexp.MustCompile(`startxref\s+\d+`)
)

// sideways tells readers to turn the nth page of one of our own files by a
// quarter, as scanners do, and writes the table of objects again.
func sideways(pdf []byte, nth int) ([]byte, error) {
	hits := pageDict.FindAllIndex(pdf, -1)
	if len(hits) < nth {
		return nil, fmt.Errorf("draw sample: %d pages", len(hits))
	}
	at := hits[nth-1][1]
	out := append([]byte{}, pdf[:at]...)
	out = append(out, "/Rotate 90\n"...)
	out = append(out, pdf[at:]...)
	m := tableStart.FindSubmatchIndex(out)
	if m == nil {
		return nil, fmt.Errorf("draw sample: no table of objects")
	}
	count, err := strconv.Atoi(string(out[m[2]:m[3]]))
	if err != nil {
		return nil, fmt.Errorf("draw sample: %w", err)
	}
	offsets := make([]int, count)
	for _, o := range objectStart.FindAllSubmatchIndex(out[:m[0]+1], -1) {
		if n, err := strconv.Atoi(string(out[o[2]:o[3]])); err == nil && n < count {
			offsets[n] = o[0]
		}
	}
	table := fmt.Sprintf("\nxref\n0 %d\n0000000000 65535 f \n", count)
	for _, o := range offsets[1:] {
		table += fmt.Sprintf("%010d 00000 n \n", o)
	}
	res := append([]byte{}, out[:m[0]]...)
	start := len(res) + 1
	res = append(res, table+"trailer"...)
	res = append(res, out[m[1]:]...)
	return tableOffset.ReplaceAll(res, []byte("startxref\n"+strconv.Itoa(start))), nil
}
