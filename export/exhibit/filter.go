package exhibit

import (
	"bytes"
	"compress/flate"
	"compress/lzw"
	"compress/zlib"
	"errors"
	"io"
	"sync"

	tifflzw "golang.org/x/image/tiff/lzw"

	"forbear/export/pdf"
)

// A filter is one step of a stream's /Filter chain (ISO 32000-1 clause 7.4),
// under its full name, with the few parameters that decoding needs.
type filter struct {
	name  string
	parms decodeParms
	dict  pdf.Dict // the parameters as they stand, for passing them on
}

// decodeParms are the parameters of FlateDecode and LZWDecode (table 8).
type decodeParms struct {
	predictor, colors, bits, columns int
	earlyChange                      bool
}

// fullFilterName resolves the abbreviations of inline images, which some
// producers use for ordinary streams too.
func fullFilterName(name string) string {
	switch name {
	case "AHx":
		return "ASCIIHexDecode"
	case "A85":
		return "ASCII85Decode"
	case "LZW":
		return "LZWDecode"
	case "Fl":
		return "FlateDecode"
	case "RL":
		return "RunLengthDecode"
	case "CCF":
		return "CCITTFaxDecode"
	case "DCT":
		return "DCTDecode"
	}
	return name
}

// isImageCoding tells the filters that end in pixels; we never undo them.
func isImageCoding(name string) bool {
	switch name {
	case "CCITTFaxDecode", "DCTDecode", "JBIG2Decode", "JPXDecode":
		return true
	}
	return false
}

func isKnownFilter(name string) bool {
	switch name {
	case "ASCIIHexDecode", "ASCII85Decode", "LZWDecode", "FlateDecode", "RunLengthDecode":
		return true
	}
	return isImageCoding(name)
}

var (
	errDecodeSize = errors.New("decoded stream too large")
	errDecode     = errors.New("decode stream")
)

// unfilter undoes one filter. It gives at most limit bytes, or errDecodeSize.
// Damage in the middle gives what came before it together with errDecode:
// viewers draw that much, and the caller has to say that there was more.
func (f filter) unfilter(data []byte, limit int) ([]byte, error) {
	var out []byte
	var err error
	switch f.name {
	case "FlateDecode":
		out, err = inflate(data, limit)
	case "LZWDecode":
		out, err = unlzw(data, limit, f.parms.earlyChange)
	case "ASCII85Decode":
		out, err = un85(data, limit)
	case "ASCIIHexDecode":
		if end := bytes.IndexByte(data, '>'); end >= 0 {
			data = data[:end]
		}
		out = unhex(data)
	case "RunLengthDecode":
		out, err = unrun(data, limit)
	default:
		return nil, errDecode
	}
	if errors.Is(err, errDecodeSize) || len(out) > limit {
		return nil, errDecodeSize
	}
	if f.name == "FlateDecode" || f.name == "LZWDecode" {
		var perr error
		if out, perr = unpredict(out, f.parms); perr != nil {
			err = perr
		}
	}
	return out, err
}

// readBounded reads r to its end or to the limit.
func readBounded(r io.Reader, limit int) ([]byte, error) {
	var buf bytes.Buffer
	n, err := io.Copy(&buf, io.LimitReader(r, int64(limit)+1))
	if n > int64(limit) {
		return nil, errDecodeSize
	}
	if err != nil {
		return buf.Bytes(), errDecode
	}
	return buf.Bytes(), nil
}

func inflate(data []byte, limit int) ([]byte, error) {
	for len(data) > 0 && isSpace(data[0]) { // an end of line too many after "stream"
		data = data[1:]
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errDecode
	}
	out, err := readBounded(r, limit)
	if err != nil && !errors.Is(err, errDecodeSize) && len(out) > 0 {
		// A wrong or missing checksum after a whole deflate stream is common
		// and harmless; anything else is damage.
		raw := flate.NewReader(bytes.NewReader(data[2:]))
		if again, rerr := readBounded(raw, limit); rerr == nil {
			return again, nil
		}
	}
	return out, err
}

func unlzw(data []byte, limit int, early bool) ([]byte, error) {
	var r io.ReadCloser
	if early {
		// TIFF and PDF share the habit of widening codes one early.
		r = tifflzw.NewReader(bytes.NewReader(data), tifflzw.MSB, 8)
	} else {
		r = lzw.NewReader(bytes.NewReader(data), lzw.MSB, 8)
	}
	return readBounded(r, limit)
}

func un85(data []byte, limit int) ([]byte, error) {
	if len(data)/4*5 > 5*limit {
		return nil, errDecodeSize
	}
	out := make([]byte, 0, len(data)/5*4+4)
	var group uint32
	n := 0
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case isSpace(c):
			continue
		case c == 'z' && n == 0:
			out = append(out, 0, 0, 0, 0)
			continue
		case c == '~':
			i = len(data)
			continue
		case c == '<' && i == 0: // the <~ that other formats begin with
			if i+1 < len(data) && data[i+1] == '~' {
				i++
			}
			continue
		case c < '!' || c > 'u':
			return out, errDecode
		}
		group = group*85 + uint32(c-'!')
		if n++; n == 5 {
			out = append(out, byte(group>>24), byte(group>>16), byte(group>>8), byte(group))
			group, n = 0, 0
		}
	}
	if n > 1 {
		for i := n; i < 5; i++ {
			group = group*85 + 84
		}
		tail := []byte{byte(group >> 24), byte(group >> 16), byte(group >> 8)}
		out = append(out, tail[:n-1]...)
	}
	return out, nil
}

func unrun(data []byte, limit int) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			return out, nil
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if len(out) > limit {
			return nil, errDecodeSize
		}
	}
	return out, nil
}

// unpredict undoes the PNG and TIFF predictors (7.4.4.4). TIFF's is undone for
// 8-bit samples only: nothing that we have to read (content, fonts, CMaps)
// uses it, and images are passed on as they are.
func unpredict(data []byte, p decodeParms) ([]byte, error) {
	if p.predictor < 2 {
		return data, nil
	}
	if p.colors < 1 || p.colors > 32 || p.bits < 1 || p.bits > 16 || p.columns < 1 || p.columns > 1<<20 {
		return nil, errDecode
	}
	pixel := max(1, p.colors*p.bits/8)
	row := (p.colors*p.bits*p.columns + 7) / 8
	if p.predictor == 2 {
		if p.bits != 8 {
			return nil, errDecode
		}
		for start := 0; start+row <= len(data); start += row {
			for i := pixel; i < row; i++ {
				data[start+i] += data[start+i-pixel]
			}
		}
		return data, nil
	}
	out := make([]byte, 0, len(data))
	prev := make([]byte, row)
	for len(data) > 1 {
		kind := data[0]
		line := data[1:min(1+row, len(data))]
		data = data[1+len(line):]
		for i := range line {
			var left, up, corner byte
			if i >= pixel {
				left, corner = line[i-pixel], prev[i-pixel]
			}
			up = prev[i]
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += up
			case 3:
				line[i] += byte((int(left) + int(up)) / 2)
			case 4:
				line[i] += paeth(left, up, corner)
			}
		}
		out = append(out, line...)
		copy(prev, line)
	}
	return out, nil
}

// paeth is the predictor of that name in the PNG specification, clause 9.4.
func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// packers keeps the compressors between streams: each takes nearly a megabyte,
// and a document has thousands of small streams.
var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// deflate packs bytes for a FlateDecode stream. The same bytes always pack to
// the same bytes.
func deflate(data []byte) []byte {
	var buf bytes.Buffer
	z := newDeflater(&buf)
	z.write(data)
	z.close()
	return buf.Bytes()
}

// A deflater packs into a buffer, which takes whatever it is given.
type deflater struct{ w *zlib.Writer }

func newDeflater(buf *bytes.Buffer) deflater {
	w := packers.Get().(*zlib.Writer)
	w.Reset(buf)
	return deflater{w}
}

func (d deflater) write(b []byte) {
	if _, err := d.w.Write(b); err != nil {
		panic("exhibit: internal error: buffer refused bytes")
	}
}

func (d deflater) close() {
	if err := d.w.Close(); err != nil {
		panic("exhibit: internal error: buffer refused bytes")
	}
	packers.Put(d.w)
}
