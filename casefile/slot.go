package casefile

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"forbear/casefile/internal/kdf"
)

// A slot is one way for one person into the vault: the person's secrets, sealed
// under a key that a passphrase gives. Everything outside the sealed part is
// authenticated by it, the cost of the derivation included, so that nobody can
// make a slot cheaper to guess.

const (
	slotMagic = "FRBRSLOT"

	slotPassphrase = 1
	slotRecovery   = 2 // opened by recovery words; reserved, nothing writes it yet

	kdfArgon2id = 1 // version 1.3

	labelRoom   = 64
	secretRoom  = 512
	maxName     = 400 // bytes of a person's name
	slotSize    = 8 + 2 + 1 + 1 + 4 + 4 + 1 + kdf.SaltSize + 16 + 1 + labelRoom + nonceSize + secretRoom + tagSize + sha256.Size
	secretsForm = 1
	maxSlots    = 256
)

type slotFile struct {
	kind   uint8
	cost   kdf.Cost
	salt   []byte
	person []byte
	label  string
	uneven string // the file's name, if its two copies differ

	open   []byte // everything before the sealed part: its associated data
	sealed []byte
}

// secrets are what a slot holds.
type secrets struct {
	seed   []byte
	packet []byte // scalar of the packet-signing key
	name   string
}

func newSecrets(name string) (secrets, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return secrets{}, fmt.Errorf("make packet key: %w", err)
	}
	packet, err := k.Bytes()
	if err != nil {
		return secrets{}, fmt.Errorf("make packet key: %w", err)
	}
	return secrets{seed: random(keySize), packet: packet, name: name}, nil
}

func (s secrets) encode() []byte {
	b := make([]byte, 0, secretRoom)
	b = append(b, secretsForm)
	b = append(b, s.seed...)
	b = append(b, s.packet...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.name)))
	b = append(b, s.name...)
	return b[:secretRoom]
}

// decodeSecrets copies what it takes out of b, so that b can be overwritten.
func decodeSecrets(b []byte) (secrets, bool) {
	c := cursor{b: b}
	form := c.u8()
	s := secrets{seed: bytes.Clone(c.take(keySize)), packet: bytes.Clone(c.take(32))}
	s.name = string(c.take(int(c.u16())))
	return s, !c.bad && form == secretsForm
}

// newSlot seals s under the passphrase.
func newSlot(person []byte, label string, s secrets, passphrase []byte) []byte {
	cost := kdf.New()
	salt := random(kdf.SaltSize)
	b := appendOpening(slotMagic)
	b = append(b, slotPassphrase, kdfArgon2id)
	b = binary.BigEndian.AppendUint32(b, cost.Time)
	b = binary.BigEndian.AppendUint32(b, cost.Memory)
	b = append(b, cost.Lanes)
	b = append(b, salt...)
	b = append(b, person...)
	b = append(b, uint8(len(label)))
	b = append(b, label...)
	b = append(b, make([]byte, labelRoom-len(label))...)

	key := kdf.Key(passphrase, salt, cost)
	defer clear(key)
	plaintext := s.encode()
	defer clear(plaintext)
	b = append(b, sealBytes(key, plaintext, b)...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func parseSlot(b []byte) (*slotFile, error) {
	c := cursor{b: b}
	if err := c.opening("slot", slotMagic); err != nil {
		return nil, err
	}
	if len(b) != slotSize {
		return nil, damaged("slot", "length")
	}
	if sum := sha256.Sum256(b[:slotSize-sha256.Size]); string(sum[:]) != string(b[slotSize-sha256.Size:]) {
		return nil, damaged("slot", "checksum")
	}
	s := &slotFile{kind: c.u8()}
	derivation := c.u8()
	s.cost = kdf.Cost{Time: c.u32(), Memory: c.u32(), Lanes: c.u8()}
	s.salt = c.take(kdf.SaltSize)
	s.person = c.take(16)
	n := int(c.u8())
	room := c.take(labelRoom)
	s.sealed = c.take(nonceSize + secretRoom + tagSize)
	s.open = b[:len(b)-sha256.Size-len(s.sealed)]
	if c.bad || n > labelRoom || strings.Trim(string(room[n:]), "\x00") != "" || !utf8.Valid(room[:n]) {
		return nil, damaged("slot", "label")
	}
	s.label = string(room[:n])
	if derivation != kdfArgon2id || (s.kind != slotPassphrase && s.kind != slotRecovery) {
		return nil, damaged("slot", "kind")
	}
	return s, nil
}

// unlock tries the passphrase. It takes as long as the slot's cost says.
func (s *slotFile) unlock(passphrase []byte) (secrets, error) {
	if s.cost.Check() != nil {
		return secrets{}, ErrWeakKDF
	}
	key := kdf.Key(passphrase, s.salt, s.cost)
	defer clear(key)
	plaintext, err := openBytes(key, s.sealed, s.open)
	if err != nil {
		return secrets{}, ErrPassphrase
	}
	defer clear(plaintext)
	out, ok := decodeSecrets(plaintext)
	if !ok {
		clear(out.seed)
		clear(out.packet)
		return secrets{}, damaged("slot", "content")
	}
	return out, nil
}

func slotRank(b []byte) (uint64, error) {
	_, err := parseSlot(b)
	return 0, err
}

func readSlot(d disk, name string) (s *slotFile, uneven bool, err error) {
	b, uneven, err := readPair(d, name, slotSize, slotRank)
	if errors.Is(err, ErrTooLarge) || errors.Is(err, fs.ErrNotExist) {
		err = damaged("slot", "length")
	}
	if err != nil {
		return nil, false, err
	}
	s, err = parseSlot(b)
	return s, uneven, err
}

// slotNames lists the slots of a vault by file name, without what other
// programs leave in a folder. A slot of which only the second copy is left
// counts.
func slotNames(d disk, dir string) ([]string, error) {
	entries, err := d.list(filepath.Join(dir, peopleDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotVault
	}
	if err != nil {
		return nil, fmt.Errorf("list slots: %w", plain(err))
	}
	seen := map[string]bool{}
	var names []string
	for _, e := range entries {
		base := strings.TrimSuffix(e.Name(), ".1")
		id, isSlot := strings.CutSuffix(base, ".slot")
		if _, ok := rawID(id); !ok || !isSlot || seen[base] {
			continue
		}
		seen[base] = true
		names = append(names, base)
	}
	sort.Strings(names)
	if len(names) > maxSlots {
		names = names[:maxSlots]
	}
	return names, nil
}

// Slots lists the ways into the vault in dir, without a passphrase, ordered by
// label. A slot that is damaged is listed with its problem.
func Slots(dir string) ([]Slot, error) {
	d := osDisk{}
	names, err := slotNames(d, dir)
	if err != nil {
		return nil, err
	}
	slots := make([]Slot, 0, len(names))
	for _, name := range names {
		s, _, err := readSlot(d, filepath.Join(dir, peopleDir, name))
		switch {
		case err != nil:
			slots = append(slots, Slot{Problem: err})
		default:
			slot := Slot{Label: s.label, Recovery: s.kind == slotRecovery}
			if s.cost.Check() != nil {
				slot.Problem = ErrWeakKDF
			}
			slots = append(slots, slot)
		}
	}
	sort.SliceStable(slots, func(i, j int) bool { return slots[i].Label < slots[j].Label })
	return slots, nil
}

// findSlot reads the slots that name may mean and tries the passphrase on them.
// A name fits the label in clear, or, when it fits no label, the sealed name of
// the person.
func findSlot(d disk, dir, name string, passphrase []byte) (*slotFile, secrets, error) {
	names, err := slotNames(d, dir)
	if err != nil {
		return nil, secrets{}, err
	}
	fold := func(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }
	var all, labelled []*slotFile
	var firstErr error
	for _, n := range names {
		s, uneven, err := readSlot(d, filepath.Join(dir, peopleDir, n))
		if err != nil {
			firstErr = errors.Join(firstErr, err)
			continue
		}
		if s.kind != slotPassphrase {
			continue
		}
		if uneven {
			s.uneven = n
		}
		all = append(all, s)
		if name != "" && fold(s.label) == fold(name) {
			labelled = append(labelled, s)
		}
	}
	candidates, byLabel := all, name == ""
	if len(labelled) > 0 {
		candidates, byLabel = labelled, true
	}
	switch {
	case len(all) == 0 && firstErr != nil:
		return nil, secrets{}, firstErr
	case len(all) == 0:
		return nil, secrets{}, ErrNotVault
	case name == "" && differentPeople(all):
		return nil, secrets{}, ErrNoPerson
	}
	refused := error(ErrPassphrase)
	for _, s := range candidates {
		got, err := s.unlock(passphrase)
		if err != nil {
			if !errors.Is(err, ErrPassphrase) {
				refused = err
			}
			continue
		}
		if !byLabel && fold(got.name) != fold(name) {
			clear(got.seed)
			clear(got.packet)
			refused = ErrNoPerson
			continue
		}
		return s, got, nil
	}
	return nil, secrets{}, refused
}

func differentPeople(slots []*slotFile) bool {
	for _, s := range slots {
		if hex.EncodeToString(s.person) != hex.EncodeToString(slots[0].person) {
			return true
		}
	}
	return false
}
