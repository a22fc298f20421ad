package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"forbear/casefile"
	"forbear/export/exhibit"
	"forbear/export/pdf"
)

// MaxExhibit bounds one exhibit as it comes, in bytes.
const MaxExhibit = 512 << 20

// AddExhibit takes one document into the case: the original is sealed as it
// came, then read by the exhibit worker, a child process that gets its bytes and
// nothing else; what the worker returns is sealed beside it. A packet is built
// from that and never from the original.
//
// meta carries what a person said about the document. Its ID, if empty, becomes
// a new one; Kind, Original, Clean, Pages and Removed are set here, and a harm
// reading survives only if it was of these very bytes.
//
// A document that the worker refuses is kept all the same, sealed, without its
// clean form: the error says why, and nothing is lost. A document of a kind that
// Forbear does not read is not taken in.
func AddExhibit(ctx context.Context, c *casefile.Case, worker exhibit.Worker, data []byte, meta casefile.Exhibit) (casefile.Exhibit, error) {
	if len(data) > MaxExhibit {
		return meta, ErrTooLarge
	}
	if kind, ok := exhibit.Detect(data); !ok {
		return meta, exhibit.KindError(kind)
	}
	original, err := c.Attach(bytes.NewReader(data))
	if err != nil {
		return meta, fmt.Errorf("seal original: %w", err)
	}
	meta.Original = original
	if meta.Reading.SHA256 != original.SHA256 {
		meta.Reading = casefile.Reading{}
	}
	return cleanExhibit(ctx, c, worker, data, meta)
}

// CleanAgain has the worker read an exhibit's original anew: one that came with
// a case from outside, or that an older program refused.
func CleanAgain(ctx context.Context, c *casefile.Case, worker exhibit.Worker, meta casefile.Exhibit) (_ casefile.Exhibit, err error) {
	blob, err := c.OpenBlob(meta.Original)
	if err != nil {
		return meta, fmt.Errorf("open original: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(blob, MaxExhibit+1))
	if err = errors.Join(err, blob.Close()); err != nil {
		return meta, fmt.Errorf("read original: %w", err)
	}
	if len(data) > MaxExhibit {
		return meta, ErrTooLarge
	}
	return cleanExhibit(ctx, c, worker, data, meta)
}

// cleanExhibit fills in what the worker makes of data and saves the record,
// whether the worker refused or not.
func cleanExhibit(ctx context.Context, c *casefile.Case, worker exhibit.Worker, data []byte, meta casefile.Exhibit) (casefile.Exhibit, error) {
	meta.Clean, meta.Pages, meta.Removed = casefile.Blob{}, 0, nil
	var clean bytes.Buffer
	kind, _ := exhibit.Detect(data)
	report, refused := worker.Clean(ctx, bytes.NewReader(data), kind, &clean)
	meta.Kind = kind
	if refused == nil {
		var err error
		if meta.Clean, err = c.Attach(&clean); err != nil {
			return meta, fmt.Errorf("seal clean pages: %w", err)
		}
		meta.Pages, meta.Removed = report.Pages, report.Removed
	}
	saved, err := PutExhibit(c, meta)
	if err != nil {
		return meta, errors.Join(err, refused)
	}
	return saved, refused
}

// PutExhibit saves what is recorded about an exhibit and returns it with its ID.
func PutExhibit(c *casefile.Case, meta casefile.Exhibit) (casefile.Exhibit, error) {
	record, err := casefile.NewRecord("exhibits", meta)
	if err != nil {
		return meta, fmt.Errorf("encode exhibit: %w", err)
	}
	saved, err := c.Put(record)
	if err != nil {
		return meta, fmt.Errorf("save exhibit: %w", err)
	}
	meta.ID = saved[0].ID
	return meta, nil
}

// CaseSources reads the clean pages of a case's exhibits, one at a time.
type CaseSources struct {
	Case interface {
		BlobReaderAt(casefile.Blob) (io.ReaderAt, int64, io.Closer, error)
	}
	Exhibits []casefile.Exhibit

	open []func() error
}

// Clean opens the clean pages of the exhibit with this id. They stay readable
// until Close.
func (s *CaseSources) Clean(id string) (*pdf.Clean, error) {
	for _, x := range s.Exhibits {
		if x.ID != id {
			continue
		}
		if x.Clean.ID == "" {
			return nil, ErrNotClean
		}
		r, size, closer, err := s.Case.BlobReaderAt(x.Clean)
		if err != nil {
			return nil, fmt.Errorf("open clean pages: %w", err)
		}
		s.open = append(s.open, closer.Close)
		return pdf.OpenClean(r, size)
	}
	return nil, fmt.Errorf("find exhibit: %w", casefile.ErrNotFound)
}

// Close closes every exhibit that Clean opened.
func (s *CaseSources) Close() error {
	var errs []error
	for _, closeOne := range s.open {
		errs = append(errs, closeOne())
	}
	s.open = nil
	return errors.Join(errs...)
}
