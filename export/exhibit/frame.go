package exhibit

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The pipe between parent and child carries, in one direction each:
//
//	request   magic "FBEXHIB\x01", header length(4), header (JSON), the file
//	answer    frames: kind(1) length(4) body
//	          'd' a piece of the clean document, in order
//	          'r' the report (JSON), last, after a whole clean document
//	          'e' an error (JSON: code, report), last; what came before is void
//
// Numbers are big-endian. Nothing may follow the last byte of either. The
// header says how long the file is, the report how long the clean document is:
// a pipe that breaks in between is never taken for the end.
const requestMagic = "FBEXHIB\x01"

const (
	maxHeader = 4 << 10
	maxFrame  = 1 << 20
	maxAnswer = 512 << 20 // of clean document
	maxTail   = 256 << 10 // of report
)

// A request is the header of a request.
type request struct {
	Kind    string  `json:"kind"`
	Size    int64   `json:"size"`
	Options Options `json:"options"`
}

// A tail is the body of the last frame of an answer.
type tail struct {
	Size   int64  `json:"size,omitempty"` // of the clean document
	Code   string `json:"code,omitempty"` // of the error
	Report Report `json:"report"`
}

// codes names the errors that cross the pipe. The text of an error does not:
// the child may have been taken over by the file it read, so the parent says
// only what it would say itself.
var codes = map[string]error{
	"too-large":     ErrTooLarge,
	"damaged":       ErrDamaged,
	"password":      ErrPassword,
	"ask":           ErrAsk,
	"layers":        ErrLayers,
	"picture":       ErrPicture,
	"empty":         ErrEmpty,
	"kind-mismatch": ErrKindMismatch,
	"kind-heic":     ErrKindHEIC,
	"kind-tiff":     ErrKindTIFF,
	"kind-picture":  ErrKindPicture,
	"kind-word":     ErrKindWord,
	"kind-archive":  ErrKindArchive,
	"kind-text":     ErrKindText,
	"kind-unknown":  ErrKindUnknown,
}

func errorCode(err error) string {
	for code, known := range codes {
		if errors.Is(err, known) {
			return code
		}
	}
	return "damaged"
}

// writeRequest gives the bytes of a request up to the file.
func writeRequest(r request) ([]byte, error) {
	header, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	out := []byte(requestMagic)
	out = binary.BigEndian.AppendUint32(out, uint32(len(header)))
	return append(out, header...), nil
}

// readRequest reads a request to its very end.
func readRequest(r io.Reader) (request, []byte, error) {
	var q request
	head := make([]byte, len(requestMagic)+4)
	if _, err := io.ReadFull(r, head); err != nil {
		return q, nil, fmt.Errorf("%w: request cut short", ErrProtocol)
	}
	n := binary.BigEndian.Uint32(head[len(requestMagic):])
	if string(head[:len(requestMagic)]) != requestMagic || n > maxHeader {
		return q, nil, fmt.Errorf("%w: not a request", ErrProtocol)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return q, nil, fmt.Errorf("%w: request cut short", ErrProtocol)
	}
	if err := strictJSON(header, &q); err != nil {
		return q, nil, err
	}
	if q.Size < 0 || q.Size > MaxInput {
		return q, nil, fmt.Errorf("%w: request too large", ErrProtocol)
	}
	// The buffer grows with what comes, not with what is promised.
	var data bytes.Buffer
	got, err := io.Copy(&data, io.LimitReader(r, q.Size+1))
	if err != nil || got != q.Size {
		return q, nil, fmt.Errorf("%w: request of another length", ErrProtocol)
	}
	return q, data.Bytes(), nil
}

// strictJSON reads one JSON value of known fields with nothing after it.
func strictJSON(b []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("%w: unreadable header", ErrProtocol)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: unreadable header", ErrProtocol)
	}
	return nil
}

// An answerWriter frames an answer.
type answerWriter struct {
	w    io.Writer
	size int64
}

func (a *answerWriter) frame(kind byte, body []byte) error {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))
	if _, err := a.w.Write(head); err != nil {
		return err
	}
	_, err := a.w.Write(body)
	return err
}

// Write sends a part of the clean document.
func (a *answerWriter) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n := min(len(p)-done, maxFrame)
		if err := a.frame('d', p[done:done+n]); err != nil {
			return done, err
		}
		done += n
		a.size += int64(n)
	}
	return done, nil
}

// end sends the last frame.
func (a *answerWriter) end(report Report, err error) error {
	t := tail{Report: report}
	kind := byte('r')
	if err != nil {
		kind, t.Code = 'e', errorCode(err)
	} else {
		t.Size = a.size
	}
	body, jerr := json.Marshal(t)
	if jerr != nil {
		return fmt.Errorf("encode report: %w", jerr)
	}
	return a.frame(kind, body)
}

// An answerReader takes an answer apart as it comes. It is an io.Writer, so
// that bytes of a child that says too much, or nonsense, stop being read at the
// first of them.
type answerReader struct {
	head  []byte
	need  int // bytes still to come of the frame under way
	kind  byte
	clean bytes.Buffer
	tail  []byte
	done  bool
	err   error
}

// Write takes bytes from the child.
func (a *answerReader) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 && a.err == nil {
		if a.done {
			a.err = fmt.Errorf("%w: bytes after the end", ErrProtocol)
			break
		}
		if a.need == 0 {
			n := min(5-len(a.head), len(p))
			a.head = append(a.head, p[:n]...)
			p = p[n:]
			if len(a.head) == 5 {
				a.begin()
			}
			continue
		}
		n := min(a.need, len(p))
		if a.kind == 'd' {
			a.clean.Write(p[:n])
		} else {
			a.tail = append(a.tail, p[:n]...)
		}
		p = p[n:]
		if a.need -= n; a.need == 0 && a.kind != 'd' {
			a.done = true
		}
	}
	if a.err != nil {
		return total - len(p), a.err
	}
	return total, nil
}

// begin looks at a frame's head.
func (a *answerReader) begin() {
	a.kind = a.head[0]
	n := binary.BigEndian.Uint32(a.head[1:])
	a.head = a.head[:0]
	switch {
	case n == 0:
		a.err = fmt.Errorf("%w: empty frame", ErrProtocol)
	case a.kind == 'd' && n > maxFrame, a.kind != 'd' && n > maxTail:
		a.err = fmt.Errorf("%w: frame too long", ErrProtocol)
	case a.kind == 'd' && a.clean.Len()+int(n) > maxAnswer:
		a.err = fmt.Errorf("%w: clean document", ErrTooLarge)
	case a.kind != 'd' && a.kind != 'r' && a.kind != 'e':
		a.err = fmt.Errorf("%w: unknown frame", ErrProtocol)
	}
	a.need = int(n)
}

// finish gives the report of a whole answer, and the error that the child
// reported or that the answer is.
func (a *answerReader) finish() (Report, error) {
	if a.err != nil {
		return Report{}, a.err
	}
	if !a.done {
		return Report{}, fmt.Errorf("%w: cut short", ErrProtocol)
	}
	var t tail
	if err := strictJSON(a.tail, &t); err != nil {
		return Report{}, err
	}
	if err := checkReport(t.Report); err != nil {
		return Report{}, err
	}
	if a.kind == 'e' {
		known, ok := codes[t.Code]
		if !ok {
			return Report{}, fmt.Errorf("%w: unknown error", ErrProtocol)
		}
		return t.Report, known
	}
	if t.Size != int64(a.clean.Len()) || t.Code != "" {
		return Report{}, fmt.Errorf("%w: clean document of another length", ErrProtocol)
	}
	return t.Report, nil
}

// checkReport lets only items through that this program has words for, so that
// a child that was taken over cannot put words in front of anybody.
func checkReport(r Report) error {
	if r.Pages < 0 || r.Pages > maxPages || r.TextPages < 0 || r.TextPages > r.Pages ||
		len(r.Removed) > maxItems || len(r.Questions) > maxItems {
		return fmt.Errorf("%w: report out of bounds", ErrProtocol)
	}
	if r.Kind != KindPDF && r.Kind != KindJPEG && r.Kind != KindPNG {
		return fmt.Errorf("%w: report of another kind", ErrProtocol)
	}
	for _, list := range [][]string{r.Removed, r.Questions} {
		for _, item := range list {
			if !knownItem(item) {
				return fmt.Errorf("%w: unknown item in report", ErrProtocol)
			}
		}
	}
	return nil
}
