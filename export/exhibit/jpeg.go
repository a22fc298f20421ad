package exhibit

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// jpegInfo is what placing a JPEG on a page needs to know.
type jpegInfo struct {
	width, height int
	components    int
	bits          int
	coding        byte // the frame's marker: C0 baseline, C1 extended, C2 progressive
	orientation   int  // 1 to 8, EXIF tag 0x0112; 1 when absent
	adobe         bool // an Adobe APP14 segment: four components are inverted
	cut           bool // no end-of-image marker: the file ends early
	removed       []string
}

const (
	jpegSOI = 0xD8
	jpegEOI = 0xD9
	jpegSOS = 0xDA
)

// cleanJPEG copies what decoding a JPEG needs and nothing else: the coding
// segments, JFIF without its thumbnail, the colour profile, Adobe's colour
// marker. EXIF with its place, serial number and second picture, XMP, comments,
// maker notes, multi-picture indexes and all bytes after the end go. The
// picture is not decoded, so not a single pixel changes (ITU-T T.81 annex B).
//
// Orientation is read from EXIF before it is dropped.
func cleanJPEG(data []byte) ([]byte, jpegInfo, error) {
	info := jpegInfo{orientation: 1}
	bad := func(what string) ([]byte, jpegInfo, error) {
		return nil, info, fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	if len(data) < 4 || data[0] != 0xFF || data[1] != jpegSOI {
		return bad("no start of picture")
	}
	out := make([]byte, 0, len(data))
	out = append(out, 0xFF, jpegSOI)
	pos := 2
	scans := 0
	for {
		// Fill bytes may stand before any marker.
		for pos < len(data) && data[pos] != 0xFF {
			pos++
		}
		for pos < len(data) && data[pos] == 0xFF {
			pos++
		}
		if pos >= len(data) {
			info.cut = true
			break
		}
		marker := data[pos]
		pos++
		if marker == jpegEOI {
			break
		}
		if marker == 0 || marker == 0x01 || marker == jpegSOI || (marker >= 0xD0 && marker <= 0xD7) {
			continue
		}
		if pos+2 > len(data) {
			info.cut = true
			break
		}
		size := int(binary.BigEndian.Uint16(data[pos:]))
		if size < 2 || pos+size > len(data) {
			if scans > 0 {
				info.cut = true
				break
			}
			return bad("segment beyond the end")
		}
		body := data[pos+2 : pos+size]
		pos += size
		keep := info.segment(marker, body)
		if keep != nil {
			out = append(out, 0xFF, marker)
			out = binary.BigEndian.AppendUint16(out, uint16(len(keep)+2))
			out = append(out, keep...)
		}
		if marker == jpegSOS {
			scans++
			end := scanEnd(data, pos)
			out = append(out, data[pos:end]...)
			pos = end
		}
	}
	if scans == 0 || info.width == 0 || info.height == 0 {
		return bad("no picture")
	}
	if rest := data[pos:]; len(bytes.TrimRight(rest[:min(len(rest), 8)], "\x00\r\n ")) > 0 {
		info.remove("after-end")
	}
	return append(out, 0xFF, jpegEOI), info, nil
}

// scanEnd finds the marker that ends the entropy-coded bytes from pos on.
func scanEnd(data []byte, pos int) int {
	for {
		i := bytes.IndexByte(data[pos:], 0xFF)
		if i < 0 || pos+i+1 >= len(data) {
			return len(data)
		}
		pos += i
		if m := data[pos+1]; m != 0 && m != 0xFF && (m < 0xD0 || m > 0xD7) {
			return pos
		}
		pos++
	}
}

// segment returns the bytes of a segment that may stay, nil when it must go.
func (info *jpegInfo) segment(marker byte, body []byte) []byte {
	switch {
	case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
		if len(body) >= 6 {
			info.coding, info.bits = marker, int(body[0])
			info.height = int(binary.BigEndian.Uint16(body[1:]))
			info.width = int(binary.BigEndian.Uint16(body[3:]))
			info.components = int(body[5])
		}
		return body
	case marker == 0xC4, marker == 0xCC, marker == 0xDB, marker == 0xDC, marker == 0xDD, marker == jpegSOS:
		return body
	case marker == 0xE0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		kept := bytes.Clone(body[:14])
		if kept[12] != 0 || kept[13] != 0 {
			kept[12], kept[13] = 0, 0
			info.remove("thumbnail")
		}
		return kept
	case marker == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
		if o := exifOrientation(body[6:]); o != 0 {
			info.orientation = o
		}
		info.remove("exif")
		return nil
	case marker == 0xE2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
		return body
	case marker == 0xEE && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
		info.adobe = true
		return body[:12]
	case marker == 0xFE:
		info.remove("comment")
	case marker >= 0xE0 && marker <= 0xEF:
		info.remove("picture-metadata")
	}
	return nil
}

func (info *jpegInfo) remove(code string) {
	for _, r := range info.removed {
		if r == code {
			return
		}
	}
	info.removed = append(info.removed, code)
}

// exifOrientation reads tag 0x0112 of the first directory of a TIFF structure
// (Exif 2.32 clause 4.6.4 A), or 0.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[e:]) != 0x0112 || order.Uint16(tiff[e+2:]) != 3 {
			continue
		}
		if v := int(order.Uint16(tiff[e+8:])); v >= 1 && v <= 8 {
			return v
		}
		return 0
	}
	return 0
}

// cleanJPX drops the boxes of a JPEG 2000 file that do not draw: XML, UUID and
// its info, licences. A bare codestream is returned as it is. What cannot be
// read as boxes to its end is reported, so that nothing passes unseen
// (ISO 15444-1 annex I).
func cleanJPX(data []byte) ([]byte, error) {
	if len(data) >= 4 && bytes.Equal(data[:4], []byte{0xFF, 0x4F, 0xFF, 0x51}) {
		return data, nil
	}
	out := make([]byte, 0, len(data))
	for pos := 0; pos < len(data); {
		if pos+8 > len(data) {
			return nil, fmt.Errorf("%w: picture ends in a box", ErrDamaged)
		}
		size := uint64(binary.BigEndian.Uint32(data[pos:]))
		switch size {
		case 0:
			size = uint64(len(data) - pos)
		case 1:
			if pos+16 > len(data) {
				return nil, fmt.Errorf("%w: picture ends in a box", ErrDamaged)
			}
			size = binary.BigEndian.Uint64(data[pos+8:])
		}
		if size < 8 || size > uint64(len(data)-pos) {
			return nil, fmt.Errorf("%w: picture box beyond the end", ErrDamaged)
		}
		switch string(data[pos+4 : pos+8]) {
		case "jP  ", "ftyp", "jp2h", "jp2c", "rreq":
			out = append(out, data[pos:pos+int(size)]...)
		}
		pos += int(size)
	}
	return out, nil
}
