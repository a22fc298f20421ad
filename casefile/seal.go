package casefile

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The seal says that the working store's files are those that we closed, and
// which state of the journal they hold. It is taken away, and that is synced,
// before Badger opens them: whatever happens then, a crash, another program, a
// stranger with a file of his own, the files are not looked at again until we
// have closed them ourselves once more.

const (
	sealMagic = "forbear v1 seal\n"
	maxSeal   = 1 << 20
	maxSealed = 64 << 20 // of one file of the working store
)

type seal struct {
	Case    string     `json:"case"`
	Epoch   uint32     `json:"epoch"`
	Segment uint32     `json:"segment"`
	Length  int64      `json:"length"`
	Seq     uint64     `json:"seq"`
	Link    string     `json:"link"`
	Files   []sealFile `json:"files"`
}

type sealFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func sealOf(k *caseKeys, at position, files []sealFile) seal {
	return seal{
		Case: hex.EncodeToString(k.id), Epoch: k.epoch, Segment: at.segment, Length: at.length,
		Seq: at.seq, Link: hex.EncodeToString(at.link), Files: files,
	}
}

func encodeSeal(k *caseKeys, s seal) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode seal: %w", err)
	}
	b = append([]byte(sealMagic), b...)
	return append(b, mac(k.seal, b)...), nil
}

func parseSeal(b []byte, k *caseKeys) (*seal, error) {
	if len(b) < len(sealMagic)+sha256.Size || string(b[:len(sealMagic)]) != sealMagic {
		return nil, damaged("seal", "length")
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if !hmac.Equal(mac(k.seal, body), sum) {
		return nil, damaged("seal", "does not authenticate")
	}
	s := &seal{}
	d := json.NewDecoder(bytes.NewReader(body[len(sealMagic):]))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, damaged("seal", "not readable")
	}
	if s.Case != hex.EncodeToString(k.id) || s.Epoch != k.epoch {
		return nil, damaged("seal", "of another case")
	}
	return s, nil
}

// readSeal returns nil when there is none that counts.
func readSeal(d disk, dir string, k *caseKeys) *seal {
	b, err := readFile(d, filepath.Join(dir, "seal"), maxSeal)
	if err != nil {
		return nil
	}
	s, err := parseSeal(b, k)
	if err != nil {
		return nil // as good as none: the store is filled from the journal
	}
	return s
}

// matches reports whether the working store in dir is the one that was sealed,
// for this place in the journal.
func (s *seal) matches(d disk, dir string, at position) bool {
	if s == nil || s.Segment != at.segment || s.Length != at.length || s.Seq != at.seq || s.Link != hex.EncodeToString(at.link) {
		return false
	}
	files, err := hashFolder(d, dir)
	if err != nil || len(files) != len(s.Files) {
		return false
	}
	for i := range files {
		if files[i] != s.Files[i] {
			return false
		}
	}
	return true
}

// hashFolder lists the files in dir by name. Anything but a plain file is an
// error: nothing else belongs there.
func hashFolder(d disk, dir string) ([]sealFile, error) {
	entries, err := d.list(dir)
	if err != nil {
		return nil, plain(err)
	}
	files := make([]sealFile, 0, len(entries))
	for _, e := range entries {
		if !e.Type().IsRegular() {
			return nil, damaged("seal", "not a file")
		}
		f, err := d.open(filepath.Join(dir, e.Name()), os.O_RDONLY)
		if err != nil {
			return nil, plain(err)
		}
		h := sha256.New()
		n, err := io.Copy(h, io.LimitReader(f, maxSealed+1))
		f.Close()
		if err != nil {
			return nil, plain(err)
		}
		if n > maxSealed {
			return nil, ErrTooLarge
		}
		files = append(files, sealFile{Name: e.Name(), Size: n, SHA256: hex.EncodeToString(h.Sum(nil))})
	}
	return files, nil
}

// breakSeal removes the seal and makes that durable.
func breakSeal(d disk, dir string) error {
	err := d.remove(filepath.Join(dir, "seal"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("break seal: %w", plain(err))
	}
	if err := d.syncDir(dir); err != nil {
		return fmt.Errorf("break seal: %w", plain(err))
	}
	return nil
}
