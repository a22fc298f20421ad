package casefile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"filippo.io/age"
)

// The people list says who belongs to the vault and under which keys. It is a
// chain of changes, each signed by somebody who was a member with the right to
// make it; the first is the creator's own. It stands in clear, without names.
// Each person's index pins how far it went when last seen.

const (
	peopleMagic = "FRBRPEOP"
	maxPeople   = 1 << 20 // bytes
	maxChanges  = 1000
)

const (
	opFound  = "found"
	opAdd    = "add"
	opRevoke = "revoke"
)

// A change is one link of the people list. Its JSON form is signed as written.
type change struct {
	Op        string    `json:"op"`
	Vault     string    `json:"vault,omitempty"` // in the first change only
	Person    string    `json:"person"`
	Role      Role      `json:"role,omitempty"`
	Label     string    `json:"label,omitempty"`
	Recipient string    `json:"recipient,omitempty"` // age1pq…
	Signing   string    `json:"signing,omitempty"`   // Ed25519, base64
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Prev      string    `json:"prev"`
}

type member struct {
	Person
	recipient *age.HybridRecipient
	signing   ed25519.PublicKey
	founder   bool
	revoked   bool
}

type people struct {
	vault   []byte
	members map[string]*member
	links   [][]byte // after each change
	raw     []byte
}

func (p *people) head() []byte { return p.links[len(p.links)-1] }

func peopleLink(prev, payload []byte) []byte {
	h := sha256.New()
	h.Write([]byte("forbear v1 people\x00"))
	h.Write(prev)
	h.Write(payload)
	return h.Sum(nil)
}

// appendChange signs one more change. raw is empty for the first.
func appendChange(raw, prev []byte, c change, key ed25519.PrivateKey) ([]byte, error) {
	c.Prev = hex.EncodeToString(prev)
	payload, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode people change: %w", err)
	}
	if len(raw) == 0 {
		raw = appendOpening(peopleMagic)
	}
	out := binary.BigEndian.AppendUint32(bytes.Clone(raw), uint32(len(payload)))
	out = append(out, payload...)
	return append(out, ed25519.Sign(key, peopleLink(prev, payload))...), nil
}

func parsePeople(b []byte) (*people, error) {
	c := cursor{b: b}
	if err := c.opening("people list", peopleMagic); err != nil {
		return nil, err
	}
	p := &people{members: map[string]*member{}, raw: b}
	prev := make([]byte, sha256.Size)
	for len(c.b) > 0 {
		if len(p.links) == maxChanges {
			return nil, damaged("people list", "too long")
		}
		n := c.u32()
		if n > maxPeople {
			return nil, damaged("people list", "length")
		}
		payload := c.take(int(n))
		signature := c.take(ed25519.SignatureSize)
		if c.bad {
			return nil, damaged("people list", "cut off")
		}
		link := peopleLink(prev, payload)
		if err := p.apply(payload, prev, link, signature); err != nil {
			return nil, err
		}
		p.links = append(p.links, link)
		prev = link
	}
	if len(p.links) == 0 {
		return nil, damaged("people list", "empty")
	}
	return p, nil
}

func (p *people) apply(payload, prev, link, signature []byte) error {
	var c change
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return damaged("people list", "not readable")
	}
	if again, err := json.Marshal(c); err != nil || !bytes.Equal(again, payload) {
		return damaged("people list", "not in canonical form")
	}
	if _, ok := rawID(c.Person); !ok || c.Prev != hex.EncodeToString(prev) {
		return damaged("people list", "chain")
	}
	first := len(p.links) == 0
	if first != (c.Op == opFound) || first != (c.Vault != "") {
		return damaged("people list", "founder")
	}
	subject := p.members[c.Person]
	switch c.Op {
	case opFound, opAdd:
		if subject != nil {
			return ErrPeople // a known person's keys never change
		}
		recipient, err := age.ParseHybridRecipient(c.Recipient)
		signing, err2 := base64.StdEncoding.DecodeString(c.Signing)
		if err != nil || err2 != nil || len(signing) != ed25519.PublicKeySize || !c.Role.Valid() || len(c.Label) > labelRoom {
			return damaged("people list", "member")
		}
		subject = &member{
			Person:    Person{ID: c.Person, Label: c.Label, Role: c.Role},
			recipient: recipient, signing: signing, founder: first,
		}
	case opRevoke:
		if subject == nil || subject.revoked {
			return damaged("people list", "member")
		}
	default:
		return damaged("people list", "change")
	}
	by := p.members[c.By]
	if first && c.By == c.Person {
		by = subject
	}
	switch {
	case by == nil, by.revoked, !by.founder && !by.Role.MayAddPeople():
		return ErrPeople
	case !ed25519.Verify(by.signing, link, signature):
		return ErrPeople
	}
	if first {
		vault, ok := rawID(c.Vault)
		if !ok {
			return damaged("people list", "vault")
		}
		p.vault = vault
	}
	if c.Op == opRevoke {
		subject.revoked = true
		return nil
	}
	p.members[c.Person] = subject
	return nil
}

func peopleRank(b []byte) (uint64, error) {
	p, err := parsePeople(b)
	if err != nil {
		return 0, err
	}
	return uint64(len(p.links)), nil
}

func readPeople(d disk, dir string) (p *people, uneven bool, err error) {
	b, uneven, err := readPair(d, filepath.Join(dir, peopleFile), maxPeople, peopleRank)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, damaged("people list", "gone")
	case errors.Is(err, ErrTooLarge):
		return nil, false, damaged("people list", "length")
	case err != nil:
		return nil, false, err
	}
	p, err = parsePeople(b)
	return p, uneven, err
}

// A pin remembers how far the people list went.
type pin struct {
	Count int    `json:"count"`
	Head  string `json:"head"`
}

func (p *people) pin() pin { return pin{Count: len(p.links), Head: hex.EncodeToString(p.head())} }

// continues returns an error unless p contains the list that was pinned.
func (p *people) continues(known pin) error {
	switch {
	case known.Count == 0:
		return nil
	case known.Count > len(p.links):
		return ErrRolledBack
	case hex.EncodeToString(p.links[known.Count-1]) != known.Head:
		return ErrPeople
	}
	return nil
}
