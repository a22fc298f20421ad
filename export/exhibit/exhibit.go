// Package exhibit turns a file that a stranger made into pages that may go into
// a packet.
//
// What a client brings is a PDF, a photo or a screenshot, made by nobody knows
// what. Two things can go wrong with it. It may attack whoever reads it; and it
// may say more than it shows: the place where a photo was taken, the note that
// a colleague stuck to a page and forgot, the text under a hidden layer, the
// file attached to a form. A packet goes to the people who decide about
// somebody's freedom, so the second is the worse.
//
// Both have one answer: nothing is passed on because nobody thought of
// forbidding it. [Clean] reads the file and writes a clean document (package
// pdf), in which each page is one form that draws exactly what the page showed,
// made of kinds of objects and entries that [pdf.Role] names, and of nothing
// else. Content streams are read operator by operator and written again;
// comments, marked content and unused resources fall away there. Pictures are
// not recompressed. What remains unseen is inside the programs of fonts, colour
// profiles and pixels, which are passed on as they are.
//
// Where the picture of a page is in doubt (a hidden layer, a field that the
// file leaves to the viewer to draw, an area marked for redaction that still
// holds its text), Clean does not choose. It gives [ErrAsk] and the questions.
//
// Clean runs in a child process of the same program, see [Worker] and [Run]:
// the parent holds the keys and talks to the child by pipes alone; the child
// has no key, no path, little memory and little time. In this process Clean is
// called for the pages that we drew ourselves, through [CleanOwn].
package exhibit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"forbear/export/pdf"
)

// The kinds of file that can be exhibits.
const (
	KindPDF  = "pdf"
	KindJPEG = "jpeg"
	KindPNG  = "png"
)

// Bounds on one exhibit, whatever its kind.
const (
	// MaxInput is the largest file that is read, in bytes.
	MaxInput   = 256 << 20
	maxContent = 64 << 20  // decoded bytes of one content stream, font or CMap
	maxDecoded = 512 << 20 // decoded bytes of all of them together
	maxPages   = 5000
	// maxWork bounds the operators that are looked at, forms within forms
	// included; drawing a form counts as formWork of them. A page of text has
	// some thousands.
	maxWork  = 60_000_000
	formWork = 200
)

// Options say how to treat what is in doubt.
type Options struct {
	// Accept takes the file as it looks although there are questions: hidden
	// layers stay out, fields without a picture stay empty. It is set after
	// somebody has seen the questions.
	Accept bool `json:"accept,omitempty"`
}

// A Report says what became of a file. Items are a code, and where it concerns
// one page ":" and the page's number from 1; [Describe] puts them into English.
// Nothing from inside the file is in a report.
type Report struct {
	Kind  string `json:"kind"`
	Pages int    `json:"pages"`
	// TextPages counts the pages with readable text. On the others nobody but
	// a person can see what they say.
	TextPages int `json:"textPages"`
	// Removed lists what the file had and the clean document has not.
	Removed []string `json:"removed,omitempty"`
	// Questions lists what a person has to look at before the file is taken.
	Questions []string `json:"questions,omitempty"`
}

func (r *Report) remove(code string, page int) { r.Removed = note(r.Removed, code, page) }
func (r *Report) ask(code string, page int)    { r.Questions = note(r.Questions, code, page) }

// maxItems bounds either list of a report.
const maxItems = 900

func note(list []string, code string, page int) []string {
	if page > 0 {
		code += ":" + strconv.Itoa(page)
	}
	if len(list) >= maxItems || slices.Contains(list, code) {
		return list
	}
	return append(list, code)
}

// Clean writes the clean document of a file to w. kind is what the file is said
// to be; the file's first bytes have to agree.
//
// The bytes are hostile until proven otherwise, and are not proven otherwise:
// any input gives a result or an error of this package, and what was written to
// w before an error is worthless. The report is meaningful with [ErrAsk] too.
func Clean(kind string, data []byte, w io.Writer, opt Options) (report Report, err error) {
	defer func() {
		// A panic here is a bug, ours or the parser's; to the person waiting
		// it is a file that cannot be read, and nothing else may be lost.
		if r := recover(); r != nil {
			if testOnlyPanics {
				panic(r)
			}
			err = fmt.Errorf("%w: reader gave up", ErrDamaged)
		}
	}()
	report.Kind = kind
	if len(data) == 0 {
		return report, ErrEmpty
	}
	if len(data) > MaxInput {
		return report, ErrTooLarge
	}
	found, ok := Detect(data)
	switch {
	case !ok:
		return report, KindError(found)
	case found != kind:
		return report, ErrKindMismatch
	}
	c := &cleaner{out: &objects{}, report: &report}
	var pages []pdf.CleanPage
	switch kind {
	case KindPDF:
		pages, err = c.document(data)
	case KindJPEG:
		pages, err = c.jpegPage(data)
	case KindPNG:
		pages, err = c.pngPage(data)
	}
	if err != nil {
		return report, err
	}
	report.Pages = len(pages)
	for _, p := range pages {
		if p.Text != "" {
			report.TextPages++
		}
	}
	if len(report.Questions) > 0 && !opt.Accept {
		return report, ErrAsk
	}
	if err := c.out.write(w, pages, report.Removed); err != nil {
		if errors.Is(err, pdf.ErrNotClean) {
			return report, fmt.Errorf("%w: %w", ErrTooLarge, err)
		}
		return report, err
	}
	return report, nil
}

// testOnlyPanics lets panics through, so that fuzzing finds them.
var testOnlyPanics = false

// CleanOwn cleans pages that this program drew itself, in this process and in
// memory. They pass the same checks as anybody's, but a question about them is
// an error: we do not draw layers or forms.
func CleanOwn(data []byte) (*pdf.Clean, error) {
	var buf bytes.Buffer
	report, err := Clean(KindPDF, data, &buf, Options{})
	if err != nil {
		return nil, fmt.Errorf("read drawn pages: %w", err)
	}
	c, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return nil, fmt.Errorf("open drawn pages: %w", err)
	}
	if got := len(c.Pages()); got != report.Pages {
		return nil, fmt.Errorf("open drawn pages: %d of %d", got, report.Pages)
	}
	return c, nil
}
