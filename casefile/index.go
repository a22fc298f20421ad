package casefile

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"
)

// The index is one person's memory of the vault: the caseload, so that
// unlocking does not open every case, and the anchors, so that a case that was
// taken away or put back to an older state is noticed. It is one sealed file
// that lives in memory while the vault is open. Everything in it but the
// anchors, the profile and the certificate can be read from the cases again.

const (
	indexMagic = "FRBRINDX"
	maxIndex   = 64 << 20
)

// An anchor is the newest state of a case that this person has seen.
type anchor struct {
	Epoch uint32 `json:"epoch"`
	Seq   uint64 `json:"seq"`
	Link  string `json:"link"`
}

type indexedCase struct {
	Anchor anchor `json:"anchor"`
	Card   Card   `json:"card"`
	Hash   string `json:"hash,omitempty"` // SHA-256 of the card file the card was read from
}

type indexData struct {
	Revision    uint64                  `json:"revision"`
	Written     time.Time               `json:"written"`
	People      pin                     `json:"people"`
	Profile     Profile                 `json:"profile,omitzero"`
	Certificate []byte                  `json:"certificate,omitempty"` // DER
	Cases       map[string]*indexedCase `json:"cases"`
}

// merge keeps, case by case, the anchor that saw more. Two programs of the same
// person may each know something that the other does not.
func (x *indexData) merge(other *indexData) {
	for id, theirs := range other.Cases {
		ours := x.Cases[id]
		if ours == nil || theirs.Anchor.newer(ours.Anchor) {
			x.Cases[id] = theirs
		}
	}
	if other.People.Count > x.People.Count {
		x.People = other.People
	}
	if other.Revision > x.Revision {
		x.Profile, x.Certificate, x.Revision = other.Profile, other.Certificate, other.Revision
	}
}

func (a anchor) newer(b anchor) bool {
	return a.Epoch > b.Epoch || a.Epoch == b.Epoch && a.Seq > b.Seq
}

func indexPrefix(person []byte, revision uint64) []byte {
	b := append(appendOpening(indexMagic), person...)
	return binary.BigEndian.AppendUint64(b, revision)
}

func encodeIndex(person, key []byte, x *indexData) ([]byte, error) {
	plaintext, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	defer clear(plaintext)
	padded := pad(plaintext)
	defer clear(padded)
	prefix := indexPrefix(person, x.Revision)
	return append(bytes.Clone(prefix), sealBytes(key, padded, prefix)...), nil
}

func parseIndex(b, person, key []byte) (*indexData, error) {
	c := cursor{b: b}
	if err := c.opening("index", indexMagic); err != nil {
		return nil, err
	}
	whose, revision := c.take(16), c.u64()
	if c.bad || !bytes.Equal(whose, person) {
		return nil, damaged("index", "somebody else's")
	}
	padded, err := openBytes(key, c.b, b[:len(b)-len(c.b)])
	if err != nil {
		return nil, damaged("index", "does not authenticate")
	}
	defer clear(padded)
	plaintext, ok := unpad(padded)
	if !ok {
		return nil, damaged("index", "padding")
	}
	x := &indexData{}
	d := json.NewDecoder(bytes.NewReader(plaintext))
	d.DisallowUnknownFields()
	if err := d.Decode(x); err != nil || x.Revision != revision {
		return nil, damaged("index", "not readable")
	}
	if x.Cases == nil {
		x.Cases = map[string]*indexedCase{}
	}
	for id, known := range x.Cases {
		if _, ok := rawID(id); !ok || known == nil {
			return nil, damaged("index", "not readable")
		}
	}
	return x, nil
}

func indexName(dir string, person []byte) string {
	return filepath.Join(dir, indexDir, hex.EncodeToString(person)+".idx")
}

func readIndex(d disk, dir string, person, key []byte) (x *indexData, uneven bool, err error) {
	b, uneven, err := readPair(d, indexName(dir, person), maxIndex, indexRank(person, key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, damaged("index", "gone")
	case errors.Is(err, ErrTooLarge):
		return nil, false, damaged("index", "length")
	case err != nil:
		return nil, false, err
	}
	x, err = parseIndex(b, person, key)
	return x, uneven, err
}

func indexRank(person, key []byte) func([]byte) (uint64, error) {
	return func(b []byte) (uint64, error) {
		x, err := parseIndex(b, person, key)
		if err != nil {
			return 0, err
		}
		return x.Revision, nil
	}
}
