package casefile

import "encoding/binary"

// A cursor reads the fixed big-endian fields of our own files. After the first
// field that does not fit, bad is set and everything reads as zero, so a parser
// checks once, at its end.
type cursor struct {
	b   []byte
	bad bool
}

// take returns the next n bytes without copying them.
func (c *cursor) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.b) {
		c.bad = true
		return make([]byte, max(0, min(n, 1024)))
	}
	out := c.b[:n:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) u8() uint8 {
	return c.take(1)[0]
}

func (c *cursor) u16() uint16 {
	return binary.BigEndian.Uint16(c.take(2))
}

func (c *cursor) u32() uint32 {
	return binary.BigEndian.Uint32(c.take(4))
}

func (c *cursor) u64() uint64 {
	return binary.BigEndian.Uint64(c.take(8))
}

// opening reads the magic and the format of a file of ours.
func (c *cursor) opening(part, magic string) error {
	if string(c.take(len(magic))) != magic {
		return damaged(part, "not a "+part)
	}
	format := int(c.u16())
	switch {
	case c.bad || format == 0:
		return damaged(part, "no format")
	case format > Format:
		return &VersionError{Found: format, Newest: Format}
	}
	return nil
}

func appendOpening(magic string) []byte {
	return binary.BigEndian.AppendUint16([]byte(magic), Format)
}
