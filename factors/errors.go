package factors

import (
	"errors"
	"fmt"
)

// The errors below are the ones a caller may test for. Everything else that
// this package returns says what is wrong with a library file, and is meant to
// be shown.
var (
	// ErrDate is returned for text that is not a date of the forms that
	// [ParseDate] reads. The text itself is not repeated: it is a client's.
	ErrDate = errors.New("not a date in the form 2020-11-01, 2020-11, 2020, 2020-22, 2005~ or 2019/2020")

	// ErrLibrary is wrapped by every error of [Load].
	ErrLibrary = errors.New("memo library is not usable")
)

// A FieldError reports one field of a document that could not be read. It names
// the field by its path and never repeats what stood there.
type FieldError struct {
	Path   string // entries/0/date
	Reason string
}

func (e *FieldError) Error() string { return fmt.Sprintf("%s: %s", e.Path, e.Reason) }
