package casefile

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sort"

	"filippo.io/age"
)

// A header says who may open one epoch of a case. The case key is sealed once
// for each entitled person, as an ordinary age file to the person's hybrid
// recipient. Anybody who can write to the disk could seal a key of their own
// choosing, which is why the header carries a MAC under the case key, why the
// journal's last entry must be signed by a member, and why the person's index
// holds an anchor under the chain key.

const (
	headerMagic  = "FRBRHEAD"
	currentMagic = "FRBRCURR"
	boxMagic     = "forbear v1 case key\n"
	maxHeader    = 8 << 20
	maxEntitled  = 1000
	boxSize      = len(boxMagic) + 16 + 4 + keySize + keySize
)

type headerFile struct {
	id    []byte
	epoch uint32
	boxes map[string][]byte // person's id, age file
	body  []byte            // what the MAC covers
	mac   []byte
}

// encodeHeader seals the keys for each person.
func encodeHeader(k *caseKeys, to map[string]*age.HybridRecipient) ([]byte, error) {
	var ids []string
	for id := range to {
		ids = append(ids, id)
	}
	sort.Strings(ids)

	b := append(appendOpening(headerMagic), k.id...)
	b = binary.BigEndian.AppendUint32(b, k.epoch)
	b = binary.BigEndian.AppendUint16(b, uint16(len(ids)))
	plaintext := make([]byte, 0, boxSize)
	plaintext = append(append(plaintext, boxMagic...), k.id...)
	plaintext = binary.BigEndian.AppendUint32(plaintext, k.epoch)
	plaintext = append(append(plaintext, k.key...), k.chain...)
	defer clear(plaintext)
	for _, id := range ids {
		raw, ok := rawID(id)
		if !ok {
			return nil, errors.New("encode header: person without id")
		}
		var box bytes.Buffer
		w, err := age.Encrypt(&box, to[id])
		if err != nil {
			return nil, fmt.Errorf("seal case key: %v", err)
		}
		if _, err := w.Write(plaintext); err != nil {
			return nil, fmt.Errorf("seal case key: %v", err)
		}
		if err := w.Close(); err != nil {
			return nil, fmt.Errorf("seal case key: %v", err)
		}
		b = append(b, raw...)
		b = binary.BigEndian.AppendUint32(b, uint32(box.Len()))
		b = append(b, box.Bytes()...)
	}
	return append(b, mac(k.header, b)...), nil
}

func parseHeader(b []byte) (*headerFile, error) {
	c := cursor{b: b}
	if err := c.opening("header", headerMagic); err != nil {
		return nil, err
	}
	h := &headerFile{id: c.take(16), epoch: c.u32(), boxes: map[string][]byte{}}
	count := int(c.u16())
	if c.bad || count == 0 || count > maxEntitled || h.epoch == 0 {
		return nil, damaged("header", "length")
	}
	last := ""
	for range count {
		id := hex.EncodeToString(c.take(16))
		n := c.u32()
		if n > maxHeader {
			return nil, damaged("header", "length")
		}
		box := c.take(int(n))
		if c.bad || id <= last {
			return nil, damaged("header", "list of people")
		}
		h.boxes[id], last = box, id
	}
	h.body = b[:len(b)-len(c.b)]
	h.mac = c.take(sha256.Size)
	if c.bad || len(c.b) != 0 {
		return nil, damaged("header", "length")
	}
	return h, nil
}

// errNotEntitled: this person is not among those the case is sealed for.
var errNotEntitled = errors.New("not entitled")

func (h *headerFile) unlock(person string, identity *age.HybridIdentity) (*caseKeys, error) {
	box := h.boxes[person]
	if box == nil {
		return nil, errNotEntitled
	}
	r, err := age.Decrypt(bytes.NewReader(box), identity)
	if err != nil {
		return nil, damaged("header", "case key does not open")
	}
	plaintext, err := io.ReadAll(io.LimitReader(r, int64(boxSize)+1))
	if err != nil || len(plaintext) != boxSize {
		return nil, damaged("header", "case key does not open")
	}
	defer clear(plaintext)
	c := cursor{b: plaintext}
	magic, id, epoch := c.take(len(boxMagic)), c.take(16), c.u32()
	key, chain := bytes.Clone(c.take(keySize)), bytes.Clone(c.take(keySize))
	if string(magic) != boxMagic || !bytes.Equal(id, h.id) || epoch != h.epoch {
		return nil, damaged("header", "case key of another case")
	}
	k := newCaseKeys(bytes.Clone(id), epoch, key, chain)
	if !hmac.Equal(mac(k.header, h.body), h.mac) {
		k.wipe()
		return nil, damaged("header", "does not authenticate")
	}
	return k, nil
}

// current names the epoch that counts.
func encodeCurrent(k *caseKeys) []byte {
	b := append(appendOpening(currentMagic), k.id...)
	b = binary.BigEndian.AppendUint32(b, k.epoch)
	return append(b, mac(k.current, b)...)
}

type currentFile struct {
	id        []byte
	epoch     uint32
	body, mac []byte
}

func parseCurrent(b []byte) (*currentFile, error) {
	c := cursor{b: b}
	if err := c.opening("current", currentMagic); err != nil {
		return nil, err
	}
	f := &currentFile{id: c.take(16), epoch: c.u32()}
	f.body = b[:len(b)-len(c.b)]
	f.mac = c.take(sha256.Size)
	if c.bad || len(c.b) != 0 || f.epoch == 0 || f.epoch > 9999 {
		return nil, damaged("current", "length")
	}
	return f, nil
}

func epochName(epoch uint32) string { return fmt.Sprintf("e%04d", epoch) }

// openCaseKeys reads current and header of the case in dir and opens the keys
// for one person. Each copy is judged with the key that it leads to. If even is
// set, which needs the case's lock, a copy that is damaged or missing is made
// good from the other.
func openCaseKeys(d disk, dir, id, person string, identity *age.HybridIdentity, even bool) (*caseKeys, error) {
	raw, ok := rawID(id)
	if !ok {
		return nil, ErrNotFound
	}
	var opened []*caseKeys // by the epochs that current names, at most two
	keysOf := func(epoch uint32) (*caseKeys, error) {
		for _, k := range opened {
			if k.epoch == epoch {
				return k, nil
			}
		}
		k, err := openHeader(d, filepath.Join(dir, epochName(epoch)), raw, epoch, person, identity, even)
		if err == nil {
			opened = append(opened, k)
		}
		return k, err
	}
	rank := func(b []byte) (uint64, error) {
		f, err := parseCurrent(b)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(f.id, raw) {
			return 0, damaged("current", "of another case")
		}
		k, err := keysOf(f.epoch)
		if err != nil {
			return 0, err
		}
		if !hmac.Equal(mac(k.current, f.body), f.mac) {
			return 0, damaged("current", "does not authenticate")
		}
		return uint64(f.epoch), nil
	}
	name := filepath.Join(dir, "current")
	b, uneven, err := readPair(d, name, 4096, rank)
	if err == nil && uneven && even {
		evenPair(d, name, 4096, rank)
	}
	var best *caseKeys
	if err == nil {
		// unreachable error: rank has parsed it.
		f, _ := parseCurrent(b)
		best, _ = keysOf(f.epoch)
	}
	for _, k := range opened {
		if k != best {
			k.wipe()
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, damaged("current", "gone")
	case errors.Is(err, ErrTooLarge):
		return nil, damaged("current", "length")
	}
	return best, err
}

func openHeader(d disk, epochDir string, id []byte, epoch uint32, person string, identity *age.HybridIdentity, even bool) (*caseKeys, error) {
	unlock := func(b []byte) (*caseKeys, error) {
		h, err := parseHeader(b)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(h.id, id) || h.epoch != epoch {
			return nil, damaged("header", "of another case")
		}
		return h.unlock(person, identity)
	}
	rank := func(b []byte) (uint64, error) {
		k, err := unlock(b)
		if err == nil {
			k.wipe()
		}
		return 0, err
	}
	name := filepath.Join(epochDir, "header")
	b, uneven, err := readPair(d, name, maxHeader, rank)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, damaged("header", "gone")
	case errors.Is(err, ErrTooLarge):
		return nil, damaged("header", "length")
	case err != nil:
		return nil, err
	}
	if uneven && even {
		evenPair(d, name, maxHeader, rank)
	}
	return unlock(b)
}
