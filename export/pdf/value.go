package pdf

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
)

// A Value is one PDF value: nil (null), bool, int64, [Real], [Name], [String],
// [Array], [Dict] or [Ref]. No other type is allowed; a writer that meets one
// reports it.
type Value any

// A Real is a PDF real number. It is finite and at most 10^15 in size; below
// 10^-9 it is written as zero, since PDF knows no exponents.
type Real float64

// A Name is a PDF name without its slash and with its escapes resolved. It has
// at most 255 bytes and no zero byte.
type Name string

// A String is a PDF string: bytes, not text. See [Text].
type String []byte

// An Array holds values in order.
type Array []Value

// A Dict holds values by name. Two dictionaries with the same entries are
// written as the same bytes.
type Dict map[Name]Value

// A Ref refers to an object of the same document: an index from 0 in a clean
// document, an object number from 1 in a packet.
type Ref int

// An Object is one indirect object. It is a stream when Value is a [Dict] and
// Stream is not nil; Stream then holds the bytes as encoded by /Filter, and the
// dictionary holds no /Length.
type Object struct {
	Value  Value
	Stream []byte
}

// Bounds on values. They are far above what drawing programs write, and low
// enough that no value costs more than some tens of megabytes to hold.
const (
	maxDepth      = 32
	maxName       = 255
	maxString     = 1 << 16
	maxValueBytes = 4 << 20
	maxReal       = 1e15
	tinyReal      = 1e-9
)

// Text returns s as a PDF text string (ISO 32000-1, 7.9.2.2): its own bytes
// where all of them are printable ASCII, UTF-16BE behind a byte order mark
// otherwise.
func Text(s string) String {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7E {
			plain = false
			break
		}
	}
	if plain {
		return String(s)
	}
	out := String{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// PlainText returns the text of a PDF text string: the reverse of [Text].
// Bytes above ASCII without a byte order mark become U+FFFD, since we never
// write them.
func PlainText(s String) string {
	if len(s) >= 2 && s[0] == 0xFE && s[1] == 0xFF {
		var units []uint16
		for i := 2; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	}
	var out []rune
	for _, b := range s {
		if b > 0x7E {
			out = append(out, '\uFFFD')
			continue
		}
		out = append(out, rune(b))
	}
	return string(out)
}

// sortedKeys gives the one order in which we write dictionaries.
func sortedKeys(d Dict) []Name {
	keys := make([]Name, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// regular tells which bytes stand for themselves in a name (ISO 32000-1,
// 7.3.5).
func regular(b byte) bool {
	return b > 0x20 && b < 0x7F && bytes.IndexByte([]byte("()<>[]{}/%#"), b) < 0
}

const upperHex = "0123456789ABCDEF"

// appendValue appends v in PDF syntax. There is one spelling for each value:
// the strict reader depends on it, since it writes again what it has read and
// compares. number gives the object number of a reference.
func appendValue(out []byte, v Value, number func(Ref) (int, error)) ([]byte, error) {
	return appendDeep(out, v, number, 0)
}

func appendDeep(out []byte, v Value, number func(Ref) (int, error), depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	var err error
	switch v := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case int64:
		return strconv.AppendInt(out, v, 10), nil
	case Real:
		f := float64(v)
		switch {
		case math.IsNaN(f) || math.Abs(f) > maxReal:
			return nil, fmt.Errorf("number out of range")
		case math.Abs(f) < tinyReal:
			f = 0 // also takes the sign off a negative zero
		}
		return strconv.AppendFloat(out, f, 'f', -1, 64), nil
	case Name:
		return appendName(out, v), nil
	case String:
		return appendString(out, v), nil
	case Array:
		out = append(out, '[')
		for i, e := range v {
			if i > 0 {
				out = append(out, ' ')
			}
			if out, err = appendDeep(out, e, number, depth+1); err != nil {
				return nil, err
			}
		}
		return append(out, ']'), nil
	case Dict:
		out = append(out, "<<"...)
		for _, k := range sortedKeys(v) {
			out = append(out, ' ')
			out = appendName(out, k)
			out = append(out, ' ')
			if out, err = appendDeep(out, v[k], number, depth+1); err != nil {
				return nil, err
			}
		}
		return append(out, " >>"...), nil
	case Ref:
		n, err := number(v)
		if err != nil {
			return nil, err
		}
		out = strconv.AppendInt(out, int64(n), 10)
		return append(out, " 0 R"...), nil
	}
	return nil, fmt.Errorf("value of a type that PDF does not have")
}

func appendName(out []byte, n Name) []byte {
	out = append(out, '/')
	for i := 0; i < len(n); i++ {
		if regular(n[i]) {
			out = append(out, n[i])
			continue
		}
		out = append(out, '#', upperHex[n[i]>>4], upperHex[n[i]&15])
	}
	return out
}

func appendString(out []byte, s String) []byte {
	plain := true
	for _, b := range s {
		if b < 0x20 || b > 0x7E || b == '(' || b == ')' || b == '\\' {
			plain = false
			break
		}
	}
	if plain {
		out = append(out, '(')
		out = append(out, s...)
		return append(out, ')')
	}
	out = append(out, '<')
	for _, b := range s {
		out = append(out, upperHex[b>>4], upperHex[b&15])
	}
	return append(out, '>')
}
