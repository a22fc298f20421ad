package casefile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// A case in the open is a folder: case.json, the attachments under exhibits/,
// and a manifest of hashes that `sha256sum -c` reads. It is in clear, made only
// where a person asked for it.

const (
	documentName = "case.json"
	exhibitsName = "exhibits"
	manifestName = "manifest.sha256"
)

// withoutDerived takes out of d what is made from an exhibit's original and
// must be made again: a clean object stream is trusted because we wrote it, and
// nobody can tell who wrote one that comes from outside.
func (d *Document) withoutDerived() {
	exhibits := make([]Exhibit, len(d.Exhibits))
	copy(exhibits, d.Exhibits)
	for i := range exhibits {
		exhibits[i].Clean = Blob{}
	}
	if len(exhibits) > 0 {
		d.Exhibits = exhibits
	}
}

// Encode writes the document as `forbear case export` does.
func (d Document) Encode() ([]byte, error) {
	b, err := marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode case: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return nil, fmt.Errorf("encode case: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// A clearCopy is the record of a folder that was written in clear. It has the
// fields that export reads in records of [KindClearCopies]. The hash is there
// from the beginning, so that nobody takes the record for that of a packet which
// was never finished.
type clearCopy struct {
	Path   string    `json:"path"`
	SHA256 string    `json:"sha256"` // of case.json in it
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
}

// unfinishedName is what a folder is called until it is complete. It follows
// from the folder's own, so that the next attempt finds what a kill left.
func unfinishedName(dir string) string {
	return filepath.Join(filepath.Dir(dir), ".forbear-export-"+filepath.Base(dir))
}

// ExportTo writes the case in clear into dir, which must be empty or not exist,
// and returns the names of the files, relative to dir. Either everything is
// there at the end or nothing.
//
// Before anything is written the case notes it under [KindClearCopies]; a case
// that cannot be written is therefore not exported either. Whatever a kill left
// behind is named by that record, lies beside dir under its name with
// ".forbear-export-" before it, and goes away when dir is written again.
func (c *Case) ExportTo(ctx context.Context, dir string) (_ []string, err error) {
	s, err := c.Snapshot()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	d, err := s.Document()
	if err != nil {
		return nil, err
	}
	d.withoutDerived()
	document, err := d.Encode()
	if err != nil {
		return nil, err
	}
	blobs, err := blobsIn(document)
	if err != nil {
		return nil, fmt.Errorf("export case: %w", err)
	}

	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("export case: folder is not empty: %w", fs.ErrExist)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	sum := sha256.Sum256(document)
	note, err := NewRecord(KindClearCopies, clearCopy{
		Path: dir, SHA256: hex.EncodeToString(sum[:]), At: c.v.settings.now(), By: c.v.me.Name,
	})
	if err != nil {
		return nil, fmt.Errorf("note clear copy: %w", err)
	}
	noted, err := c.Put(note)
	if err != nil {
		return nil, fmt.Errorf("note clear copy: %w", err)
	}
	temporary := unfinishedName(dir)
	defer func() {
		if err == nil {
			return
		}
		gone := plain(os.RemoveAll(temporary))
		if gone == nil {
			gone = c.Delete(noted[0].ID) // the list names it until it is certain
		}
		err = errors.Join(err, gone)
	}()
	if err := os.RemoveAll(temporary); err != nil {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	sums := map[string]string{}
	if err := writeClear(ctx, filepath.Join(temporary, documentName), bytes.NewReader(document)); err != nil {
		return nil, err
	}
	sums[documentName] = hex.EncodeToString(sum[:])
	if len(blobs) > 0 {
		if err := os.Mkdir(filepath.Join(temporary, exhibitsName), 0o700); err != nil {
			return nil, fmt.Errorf("export case: %w", plain(err))
		}
	}
	for _, b := range blobs {
		name := exhibitsName + "/" + b.ID + d.extension(b.ID)
		if sums[name] != "" {
			continue
		}
		r, err := s.OpenBlob(b)
		if err != nil {
			return nil, fmt.Errorf("export attachment: %w", err)
		}
		err = writeClear(ctx, filepath.Join(temporary, filepath.FromSlash(name)), r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		sums[name] = b.SHA256
	}
	names := make([]string, 0, len(sums)+1)
	for name := range sums {
		names = append(names, name)
	}
	sort.Strings(names)
	var manifest strings.Builder
	for _, name := range names {
		fmt.Fprintf(&manifest, "%s  %s\n", sums[name], name)
	}
	if err := writeClear(ctx, filepath.Join(temporary, manifestName), strings.NewReader(manifest.String())); err != nil {
		return nil, err
	}
	for _, name := range []string{filepath.Join(temporary, exhibitsName), temporary} {
		if err := syncDir(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("export case: %w", plain(err))
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	if err := os.Rename(temporary, dir); err != nil {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return nil, fmt.Errorf("export case: %w", plain(err))
	}
	return append(names, manifestName), nil
}

// extension is for the person who looks into the folder.
func (d Document) extension(blob string) string {
	for _, x := range d.Exhibits {
		if x.Original.ID == blob {
			switch x.Kind {
			case "pdf":
				return ".pdf"
			case "jpeg":
				return ".jpg"
			case "png":
				return ".png"
			}
		}
	}
	for _, r := range d.Requests {
		if r.Packet.ID == blob {
			return ".pdf"
		}
	}
	return ".bin"
}

// whileWanted ends with the cause when nobody waits for the copy any more.
type whileWanted struct {
	ctx context.Context
	r   io.Reader
}

func (w whileWanted) Read(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	return w.r.Read(p)
}

func writeClear(ctx context.Context, name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", plain(err))
	}
	if _, err := io.Copy(f, whileWanted{ctx, r}); err != nil {
		f.Close()
		return fmt.Errorf("write export: %w", plain(err))
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return fmt.Errorf("write export: %w", plain(err))
	}
	return plain(f.Close())
}

// AddDocument makes a case of a document, under the document's id if it has
// one, and opens it. A case that is in the vault is [ErrExists]; one that this
// person knows and whose folder is gone is replaced. Attachments that the document names are not there yet.
func (v *Vault) AddDocument(d Document) (*Case, error) { return v.add(d, "") }

// AddFile makes a case of a document in a file, together with the attachments
// that lie in the folder exhibits beside it and have the hashes that the
// document names, and opens it. What the document says of exhibits having been
// cleaned is not believed: the caller cleans them again. [Case.MissingBlobs]
// says what was not there.
func (v *Vault) AddFile(path string) (*Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read case document: %w", plain(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read case document: %w", plain(err))
	}
	d, err := ParseDocument(b)
	if err != nil {
		return nil, fmt.Errorf("read case document: %w", err)
	}
	return v.add(d, filepath.Join(filepath.Dir(path), exhibitsName))
}

func (v *Vault) add(d Document, exhibits string) (_ *Case, err error) {
	if err := d.Facts.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	d.withoutDerived()
	encoded, err := marshal(d)
	if err != nil {
		return nil, fmt.Errorf("add case: %w", err)
	}
	id := d.ID
	if id == "" {
		id = newID()
	}
	c, err := v.newCase(id)
	if errors.Is(err, ErrExists) {
		lost, roomErr := v.makeRoom(id)
		if roomErr != nil {
			return nil, roomErr
		}
		defer func() {
			if err != nil && lost != nil {
				err = errors.Join(err, v.lose(id, lost))
			}
		}()
		c, err = v.newCase(id)
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			// Half a case is none: what was made of it goes away again.
			err = errors.Join(err, v.discard(c))
		}
	}()
	if exhibits != "" {
		blobs, err := blobsIn(encoded)
		if err != nil {
			return nil, fmt.Errorf("add case: %w", err)
		}
		if err := c.attachAll(exhibits, blobs); err != nil {
			return nil, err
		}
	}
	if err := c.Import(d); err != nil {
		return nil, err
	}
	return c, nil
}

// attachAll seals those files in dir that blobs name. A file is found by the id
// its name begins with, and taken only with the right hash.
func (c *Case) attachAll(dir string, blobs []Blob) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read attachments: %w", plain(err))
	}
	names := map[string]string{}
	for _, e := range entries {
		id, _, _ := strings.Cut(e.Name(), ".")
		if validBlobID(id) && e.Type().IsRegular() {
			names[id] = e.Name()
		}
	}
	done := map[string]bool{}
	for _, b := range blobs {
		if names[b.ID] == "" || done[b.ID] {
			continue
		}
		done[b.ID] = true
		f, err := os.Open(filepath.Join(dir, names[b.ID]))
		if err != nil {
			return fmt.Errorf("read attachment: %w", plain(err))
		}
		got, err := c.attach(b.ID, f, b.SHA256)
		f.Close()
		switch {
		case err != nil:
			return err
		case got.Size != b.Size:
			return fmt.Errorf("%w: size of an attachment", ErrInvalid)
		}
	}
	return nil
}

// makeRoom clears the id of a case for one that is being added: it removes what
// adding left behind when it was cut short, a case in which nothing but its own
// creation was ever written, and takes a case whose folder is gone off the list.
// Of the latter it returns what was known. Anything else under that id is
// [ErrExists].
func (v *Vault) makeRoom(id string) (lost *indexedCase, err error) {
	c, err := v.OpenCase(id)
	switch {
	case errors.Is(err, ErrCaseMissing):
		v.mu.Lock()
		defer v.mu.Unlock()
		if _, err := v.d.list(filepath.Join(v.dir, casesDir, id)); !errors.Is(err, fs.ErrNotExist) {
			return nil, ErrExists // it is there, and lets somebody else in
		}
		lost = v.index.Cases[id]
		return lost, v.update(func(x *indexData) { delete(x.Cases, id) })
	case err != nil:
		return nil, ErrExists // what cannot be read may hold anything
	case c.Revision() > 1 || c.ReadOnly():
		return nil, errors.Join(ErrExists, c.Close())
	}
	return nil, v.discard(c)
}

// lose puts a case that is gone back onto the list.
func (v *Vault) lose(id string, known *indexedCase) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems[id] = ErrCaseMissing
	return v.update(func(x *indexData) { x.Cases[id] = known })
}

// discard removes a case that was being added and never came to be.
func (v *Vault) discard(c *Case) error {
	err := c.Close()
	v.mu.Lock()
	defer v.mu.Unlock()
	return errors.Join(err, v.remove(c.id))
}

// MissingBlobs counts the attachments that the case names and does not have.
func (c *Case) MissingBlobs() (int, error) {
	records, err := c.List("")
	if err != nil {
		return 0, err
	}
	missing := map[string]bool{}
	for _, rec := range records {
		blobs, err := blobsIn(rec.Body)
		if err != nil {
			return 0, damaged("record", "not readable")
		}
		for _, b := range blobs {
			if !exists(c.d, blobName(c.path, b.ID)) {
				missing[b.ID] = true
			}
		}
	}
	return len(missing), nil
}
