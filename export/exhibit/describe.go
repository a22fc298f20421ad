package exhibit

import (
	"strconv"
	"strings"
)

// descriptions are the codes of a [Report] in English, for the command line and
// for people who read a log. The window has its own words, by code.
var descriptions = map[string]string{
	// removed
	"encryption":        "encryption",
	"info":              "document properties (author, program, dates)",
	"metadata":          "metadata",
	"javascript":        "scripts",
	"attachment":        "attached files",
	"action":            "actions",
	"outline":           "bookmarks",
	"structure":         "structure tags",
	"private":           "private data of the program that made it",
	"form-data":         "form fields (what they show stays)",
	"link":              "links",
	"popup":             "pop-up windows of notes",
	"note":              "a note or comment",
	"media":             "an attached file, sound, film or 3D model",
	"hidden-annotation": "something hidden on top of the page",
	"signature":         "a signature without a picture",
	"hidden-layer":      "a hidden layer",
	"thumbnail":         "thumbnails",
	"exif":              "camera data (place, time, device)",
	"comment":           "a comment inside the picture",
	"picture-metadata":  "other data inside the picture",
	"after-end":         "bytes after the end of the picture",
	// questions
	"print-layer":    "a layer that looks one way on screen and another on paper",
	"undrawn-field":  "a filled form field that the file does not draw itself",
	"stale-field":    "a filled form field whose drawing may be older than its value",
	"viewer-form":    "a form that only its own viewer can draw",
	"undrawn-mark":   "a mark or drawing that the file does not draw itself",
	"redaction-mark": "an area marked for redaction: what is under it is still there",
	"text-outside":   "text outside the visible part of the page",
	"missing-pages":  "pages that the file promises and does not have",
	"damaged":        "something that could not be read, so that the page may look different",
	"cut-picture":    "a picture that ends early",
}

// Describe puts an item of [Report.Removed] or [Report.Questions] into English.
func Describe(item string) string {
	code, page, paged := strings.Cut(item, ":")
	words, ok := descriptions[code]
	if !ok {
		words = "something unknown"
	}
	if paged {
		words += " on page " + page
	}
	return words
}

// knownItem tells whether an item has the form that a [Report] promises.
func knownItem(item string) bool {
	code, page, paged := strings.Cut(item, ":")
	if _, ok := descriptions[code]; !ok {
		return false
	}
	if !paged {
		return true
	}
	n, err := strconv.Atoi(page)
	return err == nil && n >= 1 && n <= maxPages && strconv.Itoa(n) == page
}
