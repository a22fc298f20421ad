package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// Attachments are age files, one each, under random names. The file key is
// wrapped under a key that follows from the case key, with the attachment's id
// in the associated data: two attachments that change places do not open. The
// content is padded, so that the size of a file says only in steps of 64 KiB how
// much is in it.

const (
	blobStanza = "forbear-blob-v1"
	blobStep   = 64 << 10

	// MaxBlob is the largest attachment, in bytes.
	MaxBlob = 1 << 30
)

// A blobKey is the recipient and the identity of one attachment.
type blobKey struct {
	k  *caseKeys
	id string
}

var (
	_ age.Recipient = blobKey{}
	_ age.Identity  = blobKey{}
)

func (b blobKey) associated() []byte {
	return b.k.associated("forbear v1 blob", []byte(b.id))
}

// Wrap implements [age.Recipient].
func (b blobKey) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	sealed := sealBytes(b.k.blobs, fileKey, b.associated())
	return []*age.Stanza{{
		Type: blobStanza,
		Args: []string{base64.RawStdEncoding.EncodeToString(sealed[:nonceSize])},
		Body: sealed[nonceSize:],
	}}, nil
}

// Unwrap implements [age.Identity].
func (b blobKey) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != blobStanza || len(stanzas[0].Args) != 1 {
		return nil, age.ErrIncorrectIdentity
	}
	nonce, err := base64.RawStdEncoding.Strict().DecodeString(stanzas[0].Args[0])
	if err != nil || len(nonce) != nonceSize || len(stanzas[0].Body) != 16+tagSize {
		return nil, age.ErrIncorrectIdentity
	}
	fileKey, err := openBytes(b.k.blobs, append(nonce, stanzas[0].Body...), b.associated())
	if err != nil {
		return nil, age.ErrIncorrectIdentity
	}
	return fileKey, nil
}

func blobName(dir, id string) string { return filepath.Join(dir, "blobs", id+".age") }

// writeBlob seals what r gives under id and returns when the disk has it. want,
// when not empty, is the SHA-256 that it must have.
func writeBlob(d disk, dir string, k *caseKeys, id string, r io.Reader, want string) (_ Blob, err error) {
	if err := haveSpace(d, dir, 4*blobStep); err != nil {
		return Blob{}, err
	}
	name := blobName(dir, id)
	temporary := name + ".tmp"
	f, err := d.open(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	done := false
	defer func() {
		if !done {
			f.Close()
			_ = d.remove(temporary) // what cannot be removed now is swept when the case opens
		}
	}()
	gate := &gatedWriter{d: d, dir: dir, w: f}
	w, err := age.Encrypt(gate, blobKey{k, id})
	if err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(h, w), io.LimitReader(r, MaxBlob+1))
	if err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	if n > MaxBlob {
		return Blob{}, ErrTooLarge
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if want != "" && sum != want {
		return Blob{}, fmt.Errorf("write attachment: %w: not the bytes that its hash names", ErrInvalid)
	}
	if rest := n % blobStep; rest > 0 || n == 0 {
		if _, err := w.Write(make([]byte, blobStep-rest)); err != nil {
			return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
		}
	}
	if err := w.Close(); err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	if err := f.Sync(); err != nil {
		return Blob{}, fmt.Errorf("sync attachment: %w", plain(err))
	}
	if err := f.Close(); err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	if err := d.rename(temporary, name); err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	done = true
	if err := d.syncDir(filepath.Dir(name)); err != nil {
		return Blob{}, fmt.Errorf("write attachment: %w", plain(err))
	}
	return Blob{ID: id, Size: n, SHA256: sum}, nil
}

// A gatedWriter asks for space again every few megabytes: the reserve belongs to
// the working store.
type gatedWriter struct {
	d     disk
	dir   string
	w     io.Writer
	since int
}

func (g *gatedWriter) Write(p []byte) (int, error) {
	if g.since += len(p); g.since > 4<<20 {
		g.since = 0
		if err := haveSpace(g.d, g.dir, 8<<20); err != nil {
			return 0, err
		}
	}
	return g.w.Write(p)
}

// An openBlob is an attachment that is open for random access.
type openBlob struct {
	file diskFile
	r    io.ReaderAt
	size int64
}

func openBlobAt(d disk, dir string, k *caseKeys, b Blob) (*openBlob, error) {
	if !validBlobID(b.ID) {
		return nil, ErrNotFound
	}
	bad := func(why string) error { return damaged("blob", why) }
	f, err := d.open(blobName(dir, b.ID), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open attachment: %w", plain(err))
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open attachment: %w", plain(err))
	}
	r, size, err := age.DecryptReaderAt(f, info.Size(), blobKey{k, b.ID})
	if err != nil {
		f.Close()
		return nil, bad("does not authenticate")
	}
	if b.Size < 0 || b.Size > size || size-b.Size > blobStep || size%blobStep != 0 {
		f.Close()
		return nil, bad("size")
	}
	return &openBlob{file: f, r: r, size: b.Size}, nil
}

// A blobReader reads an attachment from its beginning and compares the whole
// with the hash that its record names.
type blobReader struct {
	*openBlob
	c    *Case
	want string
	hash hash.Hash
	at   int64
}

func (b *blobReader) Read(p []byte) (int, error) {
	if b.c.isClosed() {
		return 0, ErrClosed
	}
	if b.at == b.size {
		if hex.EncodeToString(b.hash.Sum(nil)) != b.want {
			return 0, damaged("blob", "hash")
		}
		return 0, io.EOF
	}
	if left := b.size - b.at; int64(len(p)) > left {
		p = p[:left]
	}
	n, err := b.r.ReadAt(p, b.at)
	b.at += int64(n)
	b.hash.Write(p[:n])
	switch {
	case n == len(p):
		return n, nil
	case err == nil || errors.Is(err, io.EOF):
		return n, damaged("blob", "cut off")
	default:
		return n, damaged("blob", "does not authenticate")
	}
}

func (b *blobReader) Close() error { return plain(b.file.Close()) }

// A blobAt reads an attachment anywhere.
type blobAt struct {
	*openBlob
	c *Case
}

func (b *blobAt) ReadAt(p []byte, offset int64) (int, error) {
	switch {
	case b.c.isClosed():
		return 0, ErrClosed
	case offset < 0:
		return 0, errors.New("read attachment: offset before the beginning")
	case offset >= b.size:
		return 0, io.EOF
	}
	short := false
	if left := b.size - offset; int64(len(p)) > left {
		p, short = p[:left], true
	}
	n, err := b.r.ReadAt(p, offset)
	if n < len(p) {
		if err == nil || errors.Is(err, io.EOF) {
			return n, damaged("blob", "cut off")
		}
		return n, damaged("blob", "does not authenticate")
	}
	if short {
		return n, io.EOF
	}
	return n, nil
}

func (b *blobAt) Close() error { return plain(b.file.Close()) }

// blobsIn finds the attachments that a JSON value names, at any depth.
func blobsIn(raw []byte) ([]Blob, error) {
	var v any
	if err := decodeLoose(raw, &v); err != nil {
		return nil, err
	}
	var out []Blob
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			id, _ := v["id"].(string)
			sum, _ := v["sha256"].(string)
			size, isNumber := number(v["size"])
			// A blob of nothing leaves out its size.
			if validBlobID(id) && len(sum) == 2*sha256.Size && (isNumber || v["size"] == nil) {
				out = append(out, Blob{ID: id, Size: size, SHA256: sum})
				return
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return out, nil
}

func validBlobID(id string) bool {
	_, ok := rawID(id)
	return ok
}

// verifyBlob reads an attachment to its end.
func verifyBlob(ctx context.Context, d disk, dir string, k *caseKeys, b Blob) error {
	o, err := openBlobAt(d, dir, k, b)
	if err != nil {
		return err
	}
	defer o.file.Close()
	h := sha256.New()
	for at := int64(0); at < o.size; at += 16 << 20 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := io.Copy(h, io.NewSectionReader(o.r, at, min(16<<20, o.size-at))); err != nil {
			return damaged("blob", "does not authenticate")
		}
	}
	if hex.EncodeToString(h.Sum(nil)) != b.SHA256 {
		return damaged("blob", "hash")
	}
	// The padding is part of the file: a flipped byte in it is damage as well.
	padded := (o.size + blobStep - 1) / blobStep * blobStep
	if padded == 0 {
		padded = blobStep
	}
	if _, err := io.Copy(io.Discard, io.NewSectionReader(o.r, o.size, padded-o.size)); err != nil {
		return damaged("blob", "does not authenticate")
	}
	return nil
}

func newBlobReader(c *Case, o *openBlob, b Blob) *blobReader {
	return &blobReader{openBlob: o, c: c, want: b.SHA256, hash: sha256.New()}
}
