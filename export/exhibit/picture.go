package exhibit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"forbear/export/pdf"
)

// Bounds on a picture. The second is what decoding a PNG may take in memory.
const (
	maxPixels      = 100_000_000
	maxPixelBytes  = 320 << 20
	maxPictureSide = 65_500
)

// A picture is drawn at pictureDPI, so that a small one is not blown up, and
// made smaller where it would not fit in the margins of a letter page,
// upright or lying.
const (
	pictureDPI   = 150
	pictureLong  = 720.0 // points
	pictureShort = 540.0
)

// pictureSize gives the page of a picture of w by h pixels, in points.
func pictureSize(w, h int) (float64, float64) {
	width, height := float64(w)*72/pictureDPI, float64(h)*72/pictureDPI
	long, short := max(width, height), min(width, height)
	scale := min(1, pictureLong/long, pictureShort/short)
	// A picture thinner than a point is no picture, but it is not an error.
	return max(1, width*scale), max(1, height*scale)
}

// upright gives the matrix that puts a picture of width by height points, drawn
// as stored, upright by its EXIF orientation (Exif 2.32 clause 4.6.4 A), and
// the size that results.
func upright(orientation int, width, height float64) (matrix, float64, float64) {
	switch orientation {
	case 2: // mirrored left to right
		return matrix{-1, 0, 0, 1, width, 0}, width, height
	case 3: // upside down
		return matrix{-1, 0, 0, -1, width, height}, width, height
	case 4: // mirrored top to bottom
		return matrix{1, 0, 0, -1, 0, height}, width, height
	case 5: // mirrored along the diagonal from the top left
		return matrix{0, -1, -1, 0, height, width}, height, width
	case 6: // to be turned clockwise
		return matrix{0, -1, 1, 0, 0, width}, height, width
	case 7: // mirrored along the other diagonal
		return matrix{0, 1, 1, 0, 0, 0}, height, width
	case 8: // to be turned counter-clockwise
		return matrix{0, 1, -1, 0, height, 0}, height, width
	}
	return identity, width, height
}

// picturePage makes the one page of a picture.
func (c *cleaner) picturePage(img pdf.Ref, w, h, orientation int) []pdf.CleanPage {
	drawnW, drawnH := pictureSize(w, h)
	m, width, height := upright(orientation, drawnW, drawnH)
	draw := fmt.Sprintf("q %.4f 0 0 %.4f 0 0 cm /Im Do Q\n", drawnW, drawnH)
	form := c.out.Add(pdf.Object{
		Value: pdf.Dict{
			"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"),
			"BBox": box{0, 0, drawnW, drawnH}.array(), "Matrix": m.array(),
			"Resources": pdf.Dict{"XObject": pdf.Dict{"Im": img}},
		},
		Stream: []byte(draw),
	})
	return []pdf.CleanPage{{Width: width, Height: height, Form: form}}
}

// jpegPage makes a page of a JPEG file, whose pixels stay as they are.
func (c *cleaner) jpegPage(data []byte) ([]pdf.CleanPage, error) {
	clean, info, err := cleanJPEG(data)
	if err != nil {
		return nil, err
	}
	if info.width > maxPictureSide || info.height > maxPictureSide || info.width*info.height > maxPixels {
		return nil, fmt.Errorf("%w: picture", ErrTooLarge)
	}
	if info.bits != 8 || info.coding > 0xC2 {
		return nil, ErrPicture
	}
	d := pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"),
		"Width": int64(info.width), "Height": int64(info.height), "BitsPerComponent": int64(8),
		"Filter": pdf.Name("DCTDecode"),
	}
	switch info.components {
	case 1:
		d["ColorSpace"] = pdf.Name("DeviceGray")
	case 3:
		d["ColorSpace"] = pdf.Name("DeviceRGB")
	case 4:
		d["ColorSpace"] = pdf.Name("DeviceCMYK")
		if info.adobe { // Adobe writes ink upside down
			d["Decode"] = pdf.Array{int64(1), int64(0), int64(1), int64(0), int64(1), int64(0), int64(1), int64(0)}
		}
	default:
		return nil, ErrPicture
	}
	for _, code := range info.removed {
		c.report.remove(code, 0)
	}
	if info.cut {
		c.report.ask("cut-picture", 0)
	}
	img := c.out.Add(pdf.Object{Value: d, Stream: clean})
	return c.picturePage(img, info.width, info.height, info.orientation), nil
}

// pngPage makes a page of a PNG file: decoded, and its samples written again.
func (c *cleaner) pngPage(data []byte) ([]pdf.CleanPage, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: no picture", ErrDamaged)
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, fmt.Errorf("%w: no picture", ErrDamaged)
	}
	if config.Width > maxPictureSide || config.Height > maxPictureSide || config.Width*config.Height > maxPixels {
		return nil, fmt.Errorf("%w: picture", ErrTooLarge)
	}
	// An interlaced picture is decoded twice over at worst.
	if config.Width*config.Height*pixelBytes(config.ColorModel) > maxPixelBytes {
		return nil, fmt.Errorf("%w: picture", ErrTooLarge)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: picture cannot be decoded", ErrDamaged)
	}
	orientation := c.pngChunks(data)
	ref := c.pngImage(img)
	return c.picturePage(ref, config.Width, config.Height, orientation), nil
}

func pixelBytes(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.RGBAModel, color.NRGBAModel:
		return 4
	}
	return 1 // a palette
}

// pngChunks notes what a PNG says besides its picture, and reads the
// orientation from an eXIf chunk (PNG third edition, clause 11.3.4.5), or 1.
func (c *cleaner) pngChunks(data []byte) int {
	orientation := 1
	for pos := 8; pos+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[pos:]))
		if size > int64(len(data)-pos-12) {
			break
		}
		body := data[pos+8 : pos+8+int(size)]
		switch string(data[pos+4 : pos+8]) {
		case "tEXt", "zTXt", "iTXt":
			c.report.remove("comment", 0)
		case "eXIf":
			c.report.remove("exif", 0)
			if o := exifOrientation(body); o != 0 {
				orientation = o
			}
		case "tIME":
			c.report.remove("picture-metadata", 0)
		case "IEND":
			if pos+12 < len(data) {
				c.report.remove("after-end", 0)
			}
			return orientation
		}
		pos += 12 + int(size)
	}
	return orientation
}

// pngImage writes decoded pixels as an image: as few components and bits as
// show them all, the alpha channel as a soft mask where there is one.
func (c *cleaner) pngImage(img image.Image) pdf.Ref {
	bounds := img.Bounds()
	w, h := bounds.Dx(), bounds.Dy()
	d := pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"),
		"Width": int64(w), "Height": int64(h), "BitsPerComponent": int64(8),
	}
	alpha := false
	var rows func(y int, row []byte) []byte
	var alphaAt func(x, y int) byte
	parts, bits := 3, 8
	switch img := img.(type) {
	case *image.Paletted:
		var table pdf.String
		var through [256]byte
		for i, entry := range img.Palette {
			n := color.NRGBAModel.Convert(entry).(color.NRGBA)
			table = append(table, n.R, n.G, n.B)
			through[i] = n.A
		}
		if !opaquePalette(img, through) {
			alpha = true
			alphaAt = func(x, y int) byte { return through[img.Pix[y*img.Stride+x]] }
		}
		switch n := len(img.Palette); {
		case n <= 2:
			bits = 1
		case n <= 4:
			bits = 2
		case n <= 16:
			bits = 4
		}
		parts = 1
		d["ColorSpace"] = pdf.Array{pdf.Name("Indexed"), pdf.Name("DeviceRGB"), int64(len(img.Palette) - 1), table}
		rows = func(y int, row []byte) []byte { return packBits(row, img.Pix[y*img.Stride:][:w], bits, 0) }
	case *image.Gray:
		parts = 1
		d["ColorSpace"] = pdf.Name("DeviceGray")
		if blackAndWhite(img) {
			bits = 1
			rows = func(y int, row []byte) []byte { return packBits(row, img.Pix[y*img.Stride:][:w], 1, 7) }
		} else {
			rows = func(y int, row []byte) []byte { return append(row, img.Pix[y*img.Stride:][:w]...) }
		}
	case *image.Gray16:
		parts = 1
		d["ColorSpace"] = pdf.Name("DeviceGray")
		rows = func(y int, row []byte) []byte {
			line := img.Pix[y*img.Stride:][:2*w]
			for x := range w {
				row = append(row, line[2*x])
			}
			return row
		}
	default:
		d["ColorSpace"] = pdf.Name("DeviceRGB")
		at := func(x, y int) color.NRGBA {
			return color.NRGBAModel.Convert(img.At(bounds.Min.X+x, bounds.Min.Y+y)).(color.NRGBA)
		}
		if fast, ok := img.(*image.NRGBA); ok {
			at = func(x, y int) color.NRGBA { return fast.NRGBAAt(bounds.Min.X+x, bounds.Min.Y+y) }
		}
		if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
			alpha = true
			alphaAt = func(x, y int) byte { return at(x, y).A }
		}
		rows = func(y int, row []byte) []byte {
			for x := range w {
				p := at(x, y)
				row = append(row, p.R, p.G, p.B)
			}
			return row
		}
	}
	if alpha {
		mask := pdf.Dict{
			"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"),
			"Width": int64(w), "Height": int64(h), "BitsPerComponent": int64(8), "ColorSpace": pdf.Name("DeviceGray"),
		}
		stream := packImage(mask, w, h, 1, 8, func(y int, row []byte) []byte {
			for x := range w {
				row = append(row, alphaAt(x, y))
			}
			return row
		})
		d["SMask"] = c.out.Add(pdf.Object{Value: mask, Stream: stream})
	}
	d["BitsPerComponent"] = int64(bits)
	return c.out.Add(pdf.Object{Value: d, Stream: packImage(d, w, h, parts, bits, rows)})
}

func opaquePalette(img *image.Paletted, through [256]byte) bool {
	for i := range img.Palette {
		if through[i] != 255 {
			return false
		}
	}
	return true
}

func blackAndWhite(img *image.Gray) bool {
	for _, p := range img.Pix {
		if p != 0 && p != 255 {
			return false
		}
	}
	return true
}

// packBits packs samples of bits bits, taken from each byte above shift.
func packBits(row, samples []byte, bits, shift int) []byte {
	if bits == 8 {
		return append(row, samples...)
	}
	var acc, n int
	for _, s := range samples {
		acc = acc<<bits | int(s)>>shift
		if n += bits; n == 8 {
			row = append(row, byte(acc))
			acc, n = 0, 0
		}
	}
	if n > 0 {
		row = append(row, byte(acc<<(8-n)))
	}
	return row
}

// packImage packs rows with the PNG predictors (7.4.4.4) where they help, which
// they do for whole bytes.
func packImage(d pdf.Dict, w, h, parts, bits int, rows func(y int, row []byte) []byte) []byte {
	d["Filter"] = pdf.Name("FlateDecode")
	size := (w*parts*bits + 7) / 8
	predict := bits == 8 && d["ColorSpace"] != nil
	if _, indexed := d["ColorSpace"].(pdf.Array); indexed {
		predict = false
	}
	if predict {
		d["DecodeParms"] = pdf.Dict{
			"Predictor": int64(15), "Colors": int64(parts), "BitsPerComponent": int64(bits), "Columns": int64(w),
		}
	}
	var out bytes.Buffer
	z := newDeflater(&out)
	prev, row, line := make([]byte, size), make([]byte, 0, size), make([]byte, size+1)
	for y := range h {
		row = rows(y, row[:0])
		if !predict {
			z.write(row)
			continue
		}
		predictRow(line, row, prev, parts)
		z.write(line)
		prev, row = row, prev
	}
	z.close()
	return out.Bytes()
}

// predictRow chooses among no filter, Sub, Up and Paeth by the smallest sum of
// differences, as the PNG specification advises (clause 12.7).
func predictRow(line, row, prev []byte, pixel int) {
	sums := [5]int{}
	for i, v := range row {
		var left, corner byte
		if i >= pixel {
			left, corner = row[i-pixel], prev[i-pixel]
		}
		sums[0] += abs(int(int8(v)))
		sums[1] += abs(int(int8(v - left)))
		sums[2] += abs(int(int8(v - prev[i])))
		sums[4] += abs(int(int8(v - paeth(left, prev[i], corner))))
	}
	best := 0
	for _, k := range []int{1, 2, 4} {
		if sums[k] < sums[best] {
			best = k
		}
	}
	line[0] = byte(best)
	for i, v := range row {
		var left, corner byte
		if i >= pixel {
			left, corner = row[i-pixel], prev[i-pixel]
		}
		switch best {
		case 1:
			v -= left
		case 2:
			v -= prev[i]
		case 4:
			v -= paeth(left, prev[i], corner)
		}
		line[i+1] = v
	}
}
