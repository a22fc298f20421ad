package casefile

import (
	"io"
	"time"
)

// A Case is an open case.
type Case struct{}

func (c *Case) ID() string                              { return "" }
func (c *Case) Revision() uint64                        { return 0 }
func (c *Case) Saved() time.Time                        { return time.Time{} }
func (c *Case) ReadOnly() bool                          { return false }
func (c *Case) Put(records ...Record) ([]Record, error) { return nil, ErrClosed }
func (c *Case) Get(id string) (Record, error)           { return Record{}, ErrClosed }
func (c *Case) List(kind string) ([]Record, error)      { return nil, ErrClosed }
func (c *Case) Delete(id string) error                  { return ErrClosed }
func (c *Case) History(id string) ([]Version, error)    { return nil, ErrClosed }
func (c *Case) Restore(id, version string) error        { return ErrClosed }
func (c *Case) Attach(r io.Reader) (Blob, error)        { return Blob{}, ErrClosed }
func (c *Case) OpenBlob(b Blob) (io.ReadCloser, error)  { return nil, ErrClosed }
func (c *Case) Document() (Document, error)             { return Document{}, ErrClosed }
func (c *Case) Import(d Document) error                 { return ErrClosed }
func (c *Case) SaveClient(d Document) error             { return ErrClosed }
func (c *Case) Snapshot() (*Snapshot, error)            { return nil, ErrClosed }
func (c *Case) ExportTo(dir string) ([]string, error)   { return nil, ErrClosed }
func (c *Case) Close() error                            { return ErrClosed }

// BlobReaderAt opens an attachment for random access.
func (c *Case) BlobReaderAt(b Blob) (io.ReaderAt, int64, io.Closer, error) {
	return nil, 0, nil, ErrClosed
}

// NewRecord makes a record of kind from an element of the case document.
func NewRecord(kind string, v any) (Record, error) { return Record{}, ErrClosed }

// A Snapshot is one pinned revision.
type Snapshot struct{}

func (s *Snapshot) Revision() uint64                       { return 0 }
func (s *Snapshot) Document() (Document, error)            { return Document{}, ErrClosed }
func (s *Snapshot) List(kind string) ([]Record, error)     { return nil, ErrClosed }
func (s *Snapshot) OpenBlob(b Blob) (io.ReadCloser, error) { return nil, ErrClosed }
func (s *Snapshot) Close() error                           { return nil }
func (s *Snapshot) BlobReaderAt(b Blob) (io.ReaderAt, int64, io.Closer, error) {
	return nil, 0, nil, ErrClosed
}
