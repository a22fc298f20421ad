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
const MaxExhibit = exhibit.MaxInput

// AddExhibit takes one document into the case: the original is sealed as it
// came, then read by the exhibit worker, a child process that gets its bytes and
// nothing else; what the worker returns is sealed beside it. A packet is built
// from that and never from the original.
//
// meta carries what a person said about the document. Its ID, if empty, becomes
// a new one; Kind, Original, Clean, Pages and Removed are set here, and a harm
// reading survives only if it was of these very bytes.
//
// The record is saved as soon as the original is sealed: whatever happens while
// the worker reads, a lock or a power cut, the document is in the case, and
// [CleanAgain] goes on from there. A document that the worker refuses is kept in
// the same way, without its clean form; the error says why. A document of a kind
// that Forbear does not read is not taken in.
func AddExhibit(ctx context.Context, c *casefile.Case, worker exhibit.Worker, data []byte, meta casefile.Exhibit) (casefile.Exhibit, error) {
	if len(data) > MaxExhibit {
		return meta, ErrTooLarge
	}
	kind, ok := exhibit.Detect(data)
	if !ok {
		return meta, exhibit.KindError(kind)
	}
	original, err := c.Attach(bytes.NewReader(data))
	if err != nil {
		return meta, fmt.Errorf("seal original: %w", err)
	}
	meta.Kind, meta.Original = kind, original
	meta.Clean, meta.Pages, meta.Removed = casefile.Blob{}, 0, nil
	if meta.Reading.SHA256 != original.SHA256 {
		meta.Reading = casefile.Reading{}
	}
	if meta, err = PutExhibit(c, meta); err != nil {
		return meta, err
	}
	return cleanExhibit(ctx, c, worker, data, meta)
}

// CleanAgain has the worker read an exhibit's original anew: one that came with
// a case from outside, one whose reading was interrupted, or one that an older
// program refused.
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

// cleanExhibit adds to a saved exhibit what the worker makes of its bytes. The
// record is read again afterwards, since a person may have gone on with it while
// the worker read: only what this function found out is changed.
func cleanExhibit(ctx context.Context, c *casefile.Case, worker exhibit.Worker, data []byte, meta casefile.Exhibit) (casefile.Exhibit, error) {
	kind, ok := exhibit.Detect(data)
	if !ok {
		return meta, exhibit.KindError(kind)
	}
	report, clean, refused := worker.Clean(ctx, data, kind)
	if refused != nil {
		return meta, refused
	}
	blob, err := c.Attach(bytes.NewReader(clean))
	if err != nil {
		return meta, fmt.Errorf("seal clean pages: %w", err)
	}
	record, err := c.Get(meta.ID)
	if err != nil {
		return meta, fmt.Errorf("find exhibit: %w", err)
	}
	now, err := casefile.Decode[casefile.Exhibit](record)
	if err != nil {
		return meta, fmt.Errorf("read exhibit: %w", err)
	}
	if now.Original.SHA256 != meta.Original.SHA256 {
		return now, ErrReplaced
	}
	now.Kind, now.Clean, now.Pages, now.Removed = kind, blob, report.Pages, report.Removed
	return PutExhibit(c, now)
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
