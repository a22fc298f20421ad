package casefile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"path/filepath"
	"testing"
)

// What is read from disk is hostile: none of the readers may panic, allocate
// without bound, or return an error that has no name. What they accept without a
// key is written again the same.

func fuzzKeys(f *testing.F) (sample, *personKeys, *people, *caseKeys) {
	s := newSample(f)
	keys, list := s.keys(f)
	return s, keys, list, s.caseKeys(f)
}

func seeds(f *testing.F, data []byte) {
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte{})
	flipped := bytes.Clone(data)
	flipped[len(flipped)/3] ^= 0x10
	f.Add(flipped)
}

func wantNamed(t *testing.T, err error) {
	t.Helper()
	if err != nil && !isNamed(err) {
		t.Errorf("error without a name: %v", err)
	}
}

func FuzzSlot(f *testing.F) {
	s, _, _, _ := fuzzKeys(f)
	seeds(f, read(f, s.slotFile()))
	f.Fuzz(func(t *testing.T, b []byte) {
		slot, err := parseSlot(b)
		wantNamed(t, err)
		if err == nil && (!bytes.HasPrefix(b, slot.open) || len(slot.label) > labelRoom) {
			t.Error("another slot than the file's")
		}
	})
}

func FuzzPeople(f *testing.F) {
	s, _, _, _ := fuzzKeys(f)
	seeds(f, read(f, filepath.Join(s.dir, peopleFile)))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parsePeople(b)
		wantNamed(t, err)
		if err == nil && len(p.links) == 0 {
			t.Error("an empty list was accepted")
		}
	})
}

func FuzzIndex(f *testing.F) {
	s, keys, list, _ := fuzzKeys(f)
	raw, _ := rawID(firstKey(list.members))
	seeds(f, read(f, s.indexFile()))
	good := read(f, s.indexFile())
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := parseIndex(b, raw, keys.index)
		wantNamed(t, err)
		if err == nil && !bytes.Equal(b, good) {
			t.Error("a forged index was accepted")
		}
	})
}

func FuzzHeader(f *testing.F) {
	s, keys, list, _ := fuzzKeys(f)
	good := read(f, filepath.Join(s.epochDir(), "header"))
	seeds(f, good)
	me := firstKey(list.members)
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHeader(b)
		wantNamed(t, err)
		if err != nil {
			return
		}
		_, err = h.unlock(me, keys.identity)
		if !errors.Is(err, errNotEntitled) {
			wantNamed(t, err)
		}
		if err == nil && !bytes.Equal(b, good) {
			t.Error("a forged header was accepted")
		}
	})
}

func FuzzCurrent(f *testing.F) {
	s, _, _, _ := fuzzKeys(f)
	seeds(f, read(f, filepath.Join(s.caseDir(), "current")))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseCurrent(b)
		wantNamed(t, err)
		if err == nil && !bytes.Equal(append(bytes.Clone(c.body), c.mac...), b) {
			t.Error("not written again the same")
		}
	})
}

func FuzzSeal(f *testing.F) {
	s, _, _, k := fuzzKeys(f)
	good := read(f, filepath.Join(s.epochDir(), "seal"))
	seeds(f, good)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := parseSeal(b, k)
		wantNamed(t, err)
		if err == nil && !bytes.Equal(b, good) {
			t.Error("a forged seal was accepted")
		}
	})
}

func FuzzCard(f *testing.F) {
	s, _, _, k := fuzzKeys(f)
	good := read(f, filepath.Join(s.epochDir(), "card"))
	seeds(f, good)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := parseCard(b, k)
		wantNamed(t, err)
		if err == nil && !bytes.Equal(b, good) {
			t.Error("a forged card was accepted")
		}
	})
}

// A journal is read up to its end or to a named error, and only true frames
// come out of it.
func FuzzJournal(f *testing.F) {
	s, _, _, k := fuzzKeys(f)
	good := read(f, filepath.Join(s.epochDir(), "journal", "000001"))
	seeds(f, good)
	links := must[*replayed](f)(replay(byteDisk{name: "000001", data: good}, "", k, nil)).links
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := replay(byteDisk{name: "000001", data: b}, "", k, nil)
		wantNamed(t, err)
		if err == nil && !bytes.Equal(links[r.at.seq], r.at.link) {
			t.Error("a forged frame was accepted")
		}
	})
}

// The inside of a frame, as somebody could write it who has the keys.
func FuzzEntry(f *testing.F) {
	chain := make([]byte, keySize)
	e := &entry{kind: entryPut, seq: 1, author: make([]byte, 16), device: make([]byte, 8), signature: make([]byte, 64)}
	raw, err := (&storedVersion{Record: "a", Kind: "notes", Body: []byte(`{}`)}).encode()
	check(f, err)
	e.items = []item{newItem(chain, raw), {digest: make([]byte, 32)}}
	seeds(f, e.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := decodeEntry(b, chain)
		if err == nil && !bytes.Equal(e.encode(), b) {
			t.Errorf("not written again the same: %s", hex.EncodeToString(b))
		}
	})
}

// A document from a stranger is refused by name, or comes back as it is read.
func FuzzDocument(f *testing.F) {
	seeds(f, []byte(handmade))
	f.Add([]byte(`{"format":"forbear-case/1","exhibits":[{"title":"x","original":{"id":"` + newID() + `","size":3,"sha256":"` + newID() + newID() + `"}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ParseDocument(b)
		wantNamed(t, err)
		if err != nil {
			return
		}
		first, err := d.Encode()
		check(t, err)
		again, err := ParseDocument(first)
		check(t, err)
		second, err := again.Encode()
		check(t, err)
		if !bytes.Equal(first, second) {
			t.Errorf("read again it is another:\n%s\n%s", first, second)
		}
		_, err = blobsIn(first)
		check(t, err)
	})
}

// Padding comes off as it went on.
func FuzzPad(f *testing.F) {
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := unpad(pad(b))
		if !ok || !bytes.Equal(got, b) {
			t.Error("padding lost something")
		}
		if out, ok := unpad(b); ok && len(out) > len(b) {
			t.Error("more than there is")
		}
	})
}
