package exhibit

import (
	"bytes"
	"unicode/utf8"
)

// The kinds that Detect knows and that cannot be exhibits.
const (
	kindEmpty   = "empty"
	kindHEIC    = "heic"
	kindTIFF    = "tiff"
	kindPicture = "picture"
	kindWord    = "word"
	kindArchive = "archive"
	kindText    = "text"
	kindUnknown = "unknown"
)

// Detect tells a file's kind by its first bytes; the name plays no part. ok is
// false for kinds that cannot be exhibits.
func Detect(data []byte) (kind string, ok bool) {
	head := data[:min(len(data), 4096)]
	has := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case len(data) == 0:
		return kindEmpty, false
	case has("\xFF\xD8\xFF"):
		return KindJPEG, true
	case has("\x89PNG\r\n\x1a\n"):
		return KindPNG, true
	// Viewers look for the header in the first kilobyte (ISO 32000-1, annex H).
	case bytes.Contains(head[:min(len(head), 1024+5)], []byte("%PDF-")):
		return KindPDF, true
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		switch string(head[8:12]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis":
			return kindHEIC, false
		}
		return kindUnknown, false
	case has("II*\x00"), has("MM\x00*"), has("II+\x00"), has("MM\x00+"):
		return kindTIFF, false
	case has("GIF8"), has("BM"), has("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return kindPicture, false
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), has("{\\rtf"):
		return kindWord, false
	case has("PK\x03\x04"), has("PK\x05\x06"):
		if bytes.Contains(head, []byte("word/")) || bytes.Contains(head, []byte("[Content_Types].xml")) ||
			bytes.Contains(head, []byte("opendocument")) {
			return kindWord, false
		}
		return kindArchive, false
	case has("7z\xBC\xAF\x27\x1C"), has("Rar!"), has("\x1F\x8B"):
		return kindArchive, false
	case isText(head, len(head) < len(data)):
		return kindText, false
	}
	return kindUnknown, false
}

// isText takes bytes for text when they are UTF-8 without control characters.
func isText(head []byte, more bool) bool {
	if more { // the cut may lie within a character
		for len(head) > 0 && !utf8.RuneStart(head[len(head)-1]) {
			head = head[:len(head)-1]
		}
		if len(head) > 0 {
			head = head[:len(head)-1]
		}
	}
	for _, b := range head {
		if b < 0x20 && !isSpace(b) || b == 0 || b == 0x7F {
			return false
		}
	}
	return utf8.Valid(head)
}

// KindError names the error of a kind that cannot be an exhibit.
func KindError(kind string) error {
	switch kind {
	case kindEmpty:
		return ErrEmpty
	case kindHEIC:
		return ErrKindHEIC
	case kindTIFF:
		return ErrKindTIFF
	case kindPicture:
		return ErrKindPicture
	case kindWord:
		return ErrKindWord
	case kindArchive:
		return ErrKindArchive
	case kindText:
		return ErrKindText
	}
	return ErrKindUnknown
}
