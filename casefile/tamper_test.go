package casefile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"forbear/casefile/internal/kdf"
)

// The tests here do to a closed vault what disks, sync programs, curious people
// and thieves do. Whatever it is: afterwards the vault says the same as before,
// or says with a named error that it cannot.

func (s sample) keys(t testing.TB) (*personKeys, *people) {
	t.Helper()
	_, sec, err := findSlot(osDisk{}, s.dir, "", []byte(phrase))
	check(t, err)
	k := must[*personKeys](t)(newPersonKeys(sec.seed, sec.packet))
	return k, peopleIn(t, s.dir)
}

func (s sample) caseKeys(t testing.TB) *caseKeys {
	t.Helper()
	k, p := s.keys(t)
	var me string
	for id := range p.members {
		me = id
	}
	return must[*caseKeys](t)(openCaseKeys(osDisk{}, s.caseDir(), s.id, me, k.identity, false))
}

func peopleIn(t testing.TB, dir string) *people {
	t.Helper()
	p, _, err := readPeople(osDisk{}, dir)
	check(t, err)
	return p
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	return must[[]byte](t)(os.ReadFile(name))
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	check(t, os.WriteFile(name, data, 0o600))
}

// everyFlip calls try with one bit of every byte of data flipped.
func everyFlip(data []byte, try func(i int, flipped []byte)) {
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 1 << (i % 8)
		try(i, flipped)
	}
}

// Every byte of every file of ours that has a parser of its own. None of them
// has a byte that does not count.
func TestTamper_everyByte(t *testing.T) {
	s := newSample(t)
	keys, list := s.keys(t)
	k := s.caseKeys(t)
	me := list.members[firstKey(list.members)]
	raw, _ := rawID(me.ID)
	for _, file := range []struct {
		name  string
		parse func([]byte) error
	}{
		{s.slotFile(), func(b []byte) error {
			slot, err := parseSlot(b)
			if err != nil {
				return err
			}
			_, err = slot.unlock([]byte(phrase))
			return err
		}},
		{filepath.Join(s.dir, peopleFile), func(b []byte) error {
			_, err := parsePeople(b)
			return err
		}},
		{s.indexFile(), func(b []byte) error {
			_, err := parseIndex(b, raw, keys.index)
			return err
		}},
		{filepath.Join(s.caseDir(), "current"), func(b []byte) error {
			f, err := parseCurrent(b)
			if err == nil && (f.epoch != k.epoch || !bytes.Equal(f.id, k.id) || !bytes.Equal(mac(k.current, f.body), f.mac)) {
				err = damaged("current", "does not authenticate")
			}
			return err
		}},
		{filepath.Join(s.epochDir(), "header"), func(b []byte) error {
			h, err := parseHeader(b)
			if err != nil {
				return err
			}
			_, err = h.unlock(me.ID, keys.identity)
			if errors.Is(err, errNotEntitled) {
				err = ErrCaseMissing // what a caller sees
			}
			return err
		}},
		{filepath.Join(s.epochDir(), "card"), func(b []byte) error {
			_, err := parseCard(b, k)
			return err
		}},
		{filepath.Join(s.epochDir(), "seal"), func(b []byte) error {
			_, err := parseSeal(b, k)
			return err
		}},
	} {
		data := read(t, file.name)
		if err := file.parse(data); err != nil {
			t.Fatalf("%s: %v", filepath.Base(file.name), err)
		}
		everyFlip(data, func(i int, flipped []byte) {
			err := file.parse(flipped)
			if err == nil || !isNamed(err) {
				t.Errorf("%s byte %d: %v", filepath.Base(file.name), i, err)
			}
		})
		for n := range data {
			if err := file.parse(data[:n]); err == nil || !isNamed(err) {
				t.Errorf("%s cut to %d bytes: %v", filepath.Base(file.name), n, err)
			}
		}
		if err := file.parse(append(bytes.Clone(data), 0)); err == nil {
			t.Errorf("%s with a byte behind it is accepted", filepath.Base(file.name))
		}
	}
}

func firstKey[K comparable, V any](m map[K]V) K {
	for k := range m {
		return k
	}
	panic("empty")
}

func TestTamper_everyByteOfASegment(t *testing.T) {
	_, c := newTestCase(t)
	must[[]Record](t)(c.Put(note("first")))
	must[[]Record](t)(c.Put(note("second")))
	k := c.k
	d := byteDisk{name: "000001", data: read(t, filepath.Join(c.journalDir(), "000001"))}
	whole := must[*replayed](t)(replay(d, "", k, nil))
	everyFlip(d.data, func(i int, flipped []byte) {
		_, err := replay(byteDisk{name: "000001", data: flipped}, "", k, nil)
		var damage *DamageError
		switch {
		case errors.Is(err, ErrNewerFormat):
		case !errors.As(err, &damage):
			t.Errorf("byte %d: %v", i, err)
		case damage.Part != "journal" || damage.Segment != 1 || (i < segmentHeader) != (damage.Frame == 0):
			t.Errorf("byte %d: %+v", i, damage)
		}
	})
	// Keeping a prefix is what a crash does: it may be read, but never as more
	// than it is, and never without a word about the torn rest.
	for n := range d.data {
		r, err := replay(byteDisk{name: "000001", data: d.data[:n]}, "", k, nil)
		if err == nil && (r.at.seq >= whole.at.seq || r.at.length+r.torn != int64(n)) {
			t.Errorf("cut to %d: %d entries, %d bytes torn", n, r.at.seq, r.torn)
		}
		wantSameOrNamed(t, fmt.Sprint("cut to ", n), err)
	}
}

// boundaries are the lengths of a segment after each of its frames.
func boundaries(t testing.TB, dir string, k *caseKeys) []int64 {
	t.Helper()
	var out []int64
	_, err := walkSegment(osDisk{}, dir, 1, k, -1, func(_ *entry, at position) error {
		out = append(out, at.length)
		return nil
	})
	check(t, err)
	return out
}

// A journal that was closed properly and is shorter now is not believed.
func TestTamper_cutAtFrames(t *testing.T) {
	s := newSample(t)
	ends := boundaries(t, filepath.Join(s.epochDir(), "journal"), s.caseKeys(t))
	for _, end := range ends[:len(ends)-1] {
		for _, by := range []int64{-1, 0, 1} {
			s := s.copyTo(t)
			check(t, os.Truncate(filepath.Join(s.epochDir(), "journal", "000001"), end+by))
			if err := s.look(); !errors.Is(err, ErrRolledBack) && !errors.Is(err, ErrDamaged) {
				t.Errorf("cut at %d%+d: %v", end, by, err)
			}
		}
	}
}

func TestTamper_damagedFrameIsNamedAndKept(t *testing.T) {
	s := newSample(t)
	ends := boundaries(t, filepath.Join(s.epochDir(), "journal"), s.caseKeys(t))
	name := filepath.Join(s.epochDir(), "journal", "000001")
	data := read(t, name)
	data[ends[1]+40] ^= 1
	write(t, name, data)
	var d *DamageError
	if err := s.look(); !errors.As(err, &d) || d.Segment != 1 || d.Frame != 3 {
		t.Errorf("open: %v", err)
	}
	if !bytes.Equal(read(t, name), data) {
		t.Error("the damaged file was changed")
	}
	v := openVault(t, s.dir)
	defer v.Close()
	report := must[Report](t)(v.Check(t.Context(), nil))
	if report.Sound() || !errors.Is(report.Problems[0].Err, ErrDamaged) {
		t.Errorf("check: %+v", report)
	}
}

// One file after the other deleted, emptied, flipped in its middle, or joined by
// what other programs leave behind.
func TestTamper_everyFile(t *testing.T) {
	s := newSample(t)
	var files []string
	check(t, filepath.WalkDir(s.dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, name[len(s.dir):])
		}
		return err
	}))
	damages := []struct {
		name string
		do   func(string) error
	}{
		{"deleted", os.Remove},
		{"emptied", func(n string) error { return os.Truncate(n, 0) }},
		{"flipped", func(n string) error {
			b, err := os.ReadFile(n)
			if err != nil || len(b) == 0 {
				return err
			}
			b[len(b)/2] ^= 4
			return os.WriteFile(n, b, 0o600)
		}},
	}
	for i, file := range files {
		for j, damage := range damages {
			if stride(3, 1) == 3 && i%3 != j && !strings.HasSuffix(file, ".age") {
				continue // each file in one way, over all files every way
			}
			what := damage.name
			s := s.copyTo(t)
			check(t, damage.do(s.dir+file))
			err := s.look()
			wantSameOrNamed(t, what+" "+filepath.Base(file), err)
			inStore := strings.Contains(file, "/db/")
			single := strings.HasSuffix(file, ".age") || strings.HasSuffix(file, "000001") && !inStore
			if !single && err != nil {
				t.Errorf("%s %s costs more than it must: %v", what, filepath.Base(file), err)
			}
			if single && err == nil {
				t.Errorf("%s %s is not noticed", what, filepath.Base(file))
			}
			if !single {
				check(t, s.look()) // and is made good
			}
		}
	}
	// Stray files everywhere at once.
	check(t, filepath.WalkDir(s.dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		for _, stray := range []string{"._x", "._000001", "Thumbs.db", "desktop.ini", ".DS_Store", "Copy of 000001", "000001 (1)", "header (conflicted copy)", "00009.mem", "x.slot", "current.bak"} {
			if err := os.WriteFile(filepath.Join(name, stray), []byte("junk"), 0o600); err != nil {
				return err
			}
		}
		return nil
	}))
	check(t, s.look())
	check(t, s.look())
}

// Badger accepts a write-ahead log that was made without any key. It must never
// come to see one.
func TestTamper_forgedLogIsNeverRead(t *testing.T) {
	s := newSample(t)
	k := s.caseKeys(t)
	forge := t.TempDir()
	st := must[*store](t)(openFolder(forge, nil))
	check(t, st.apply([]pair{{name: k.valueName(KindClient, strings.Repeat("0", 32)), value: []byte("forged")}}))
	var forged []byte
	for _, e := range must[[]fs.DirEntry](t)(os.ReadDir(forge)) {
		if strings.HasSuffix(e.Name(), ".mem") {
			forged = read(t, filepath.Join(forge, e.Name()))
		}
	}
	check(t, st.close())
	if !bytes.Contains(forged, []byte("forged")) {
		t.Fatal("the forgery is empty")
	}
	write(t, filepath.Join(s.epochDir(), "db", "00099.mem"), forged)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	if !c.store.memory || !c.Notice().Rebuilt {
		t.Error("Badger was shown a file that we did not close")
	}
	if documentOf(t, c) != s.want {
		t.Error("another document")
	}
	check(t, v.Close())
	if exists(osDisk{}, filepath.Join(s.epochDir(), "db", "00099.mem")) {
		t.Error("the forgery is still there")
	}
	check(t, s.look())
}

func TestTamper_olderCopyPutBack(t *testing.T) {
	s := newSample(t)
	old := s.copyTo(t)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	must[[]Record](t)(c.Put(note("newer")))
	newer := documentOf(t, c)
	check(t, v.Close())

	check(t, os.RemoveAll(s.caseDir()))
	copyDir(t, old.caseDir(), s.caseDir())
	v = openVault(t, s.dir)
	defer v.Close()
	if cards := v.Cards(); len(cards) != 1 || !errors.Is(cards[0].Problem, ErrRolledBack) || cards[0].FamilyName != canary {
		t.Errorf("cards: %+v", cards)
	}
	if _, err := v.OpenCase(s.id); !errors.Is(err, ErrRolledBack) {
		t.Errorf("open: %v", err)
	}
	report := must[Report](t)(v.Check(t.Context(), nil))
	if report.Sound() || !errors.Is(report.Problems[0].Err, ErrRolledBack) {
		t.Errorf("check: %+v", report)
	}
	// A person who put it there on purpose can say so.
	check(t, v.Accept(s.id))
	c = must[*Case](t)(v.OpenCase(s.id))
	if got := documentOf(t, c); got != s.want || got == newer {
		t.Error("another document than the old one")
	}
}

// Only the journal put back, with everything else new: the seal and the card
// know better even if the index is gone.
func TestTamper_olderJournalWithoutIndex(t *testing.T) {
	s := newSample(t)
	name := filepath.Join(s.epochDir(), "journal", "000001")
	old := read(t, name)
	v := openVault(t, s.dir)
	must[[]Record](t)(must[*Case](t)(v.OpenCase(s.id)).Put(note("newer")))
	check(t, v.Close())
	write(t, name, old)
	check(t, os.RemoveAll(filepath.Join(s.dir, indexDir)))
	if err := s.look(); !errors.Is(err, ErrDamaged) {
		t.Errorf("without index: %v", err)
	}
	check(t, os.MkdirAll(filepath.Join(s.dir, indexDir), 0o700))
	v, err := Open(s.dir, "", []byte(phrase), RebuildIndex())
	check(t, err)
	defer v.Close()
	if _, err := v.OpenCase(s.id); !errors.Is(err, ErrRolledBack) {
		t.Errorf("open: %v", err)
	}
}

func TestTamper_caseGone(t *testing.T) {
	s := newSample(t)
	check(t, os.RemoveAll(s.caseDir()))
	v := openVault(t, s.dir)
	defer v.Close()
	if cards := v.Cards(); len(cards) != 1 || !errors.Is(cards[0].Problem, ErrCaseMissing) || cards[0].FamilyName != canary {
		t.Errorf("cards: %+v", cards)
	}
	if _, err := v.OpenCase(s.id); !errors.Is(err, ErrCaseMissing) {
		t.Errorf("open: %v", err)
	}
	if report := must[Report](t)(v.Check(t.Context(), nil)); report.Sound() || !errors.Is(report.Problems[0].Err, ErrCaseMissing) {
		t.Errorf("check: %+v", report)
	}
	check(t, v.Accept(s.id))
	if len(v.Cards()) != 0 {
		t.Error("the case is still listed")
	}
}

// Files that change places between two cases of one person.
func TestTamper_swappedBetweenCases(t *testing.T) {
	a := newSample(t)
	v := openVault(t, a.dir)
	c := must[*Case](t)(v.NewCase())
	must[[]Record](t)(c.Put(note("other client"), note("more")))
	otherBlob := must[Blob](t)(c.Attach(strings.NewReader("another client's paper")))
	b := a
	b.id = c.ID()
	check(t, v.Close())
	for _, name := range []string{"current", "e0001/header", "e0001/journal/000001", "e0001/card", "e0001/seal", "e0001/db", "e0001", ""} {
		s := a.copyTo(t)
		other := s
		other.id = b.id
		swap(t, filepath.Join(s.caseDir(), name), filepath.Join(other.caseDir(), name))
		if exists(osDisk{}, filepath.Join(s.caseDir(), name+".1")) {
			swap(t, filepath.Join(s.caseDir(), name+".1"), filepath.Join(other.caseDir(), name+".1"))
		}
		err := s.look()
		wantSameOrNamed(t, "swapped "+name, err)
		derived := name == "e0001/card" || name == "e0001/seal" || name == "e0001/db"
		if derived != (err == nil) {
			t.Errorf("swapped %s: %v", name, err)
		}
	}
	// Two attachments of one case.
	s := a.copyTo(t)
	v = openVault(t, s.dir)
	c = must[*Case](t)(v.OpenCase(s.id))
	second := must[Blob](t)(c.Attach(strings.NewReader("second paper")))
	check(t, v.Close())
	blobs := filepath.Join(s.epochDir(), "blobs")
	swap(t, filepath.Join(blobs, s.blob.ID+".age"), filepath.Join(blobs, second.ID+".age"))
	if err := s.look(); !errors.Is(err, ErrDamaged) {
		t.Errorf("two attachments swapped: %v", err)
	}
	// And one from another case under the same name.
	s = a.copyTo(t)
	from := read(t, filepath.Join(s.dir, casesDir, b.id, "e0001", "blobs", otherBlob.ID+".age"))
	write(t, filepath.Join(s.epochDir(), "blobs", s.blob.ID+".age"), from)
	if err := s.look(); !errors.Is(err, ErrDamaged) {
		t.Errorf("attachment of another case: %v", err)
	}
}

func swap(t testing.TB, a, b string) {
	t.Helper()
	check(t, os.Rename(a, a+".swap"))
	check(t, os.Rename(b, a))
	check(t, os.Rename(a+".swap", b))
}

// A stranger who can write to the disk knows every public key. He makes a case
// of his own for the advocate and puts it in place of a real one, or beside it.
func TestTamper_strangersCase(t *testing.T) {
	s := newSample(t)
	strangerDir := t.TempDir()
	stranger := createVault(t, strangerDir)
	// The stranger's vault believes to be the advocate's as far as keys that
	// are public go.
	_, list := s.keys(t)
	mine := list.members[firstKey(list.members)]
	theirs := must[*Case](t)(stranger.newCase(s.id))
	must[[]Record](t)(theirs.Put(note("sign here")))
	k := newCaseKeys(bytes.Clone(theirs.k.id), 1, bytes.Clone(theirs.k.key), bytes.Clone(theirs.k.chain))
	check(t, stranger.Close())
	header := must[[]byte](t)(encodeHeaderFor(k, mine))
	from := filepath.Join(strangerDir, casesDir, s.id)
	check(t, writePair(osDisk{}, filepath.Join(from, "e0001", "header"), header))

	check(t, os.RemoveAll(s.caseDir()))
	copyDir(t, from, s.caseDir())
	err := s.look()
	if !errors.Is(err, ErrRolledBack) && !errors.Is(err, ErrDamaged) {
		t.Errorf("in place of a known case: %v", err)
	}
	v := openVault(t, s.dir)
	check(t, v.Accept(s.id))
	if _, err := v.OpenCase(s.id); !errors.Is(err, ErrDamaged) {
		t.Errorf("beside the known ones: %v", err)
	}
	check(t, v.Close())
}

// A slot with a cheaper derivation, made by somebody who does not know the
// passphrase.
func TestTamper_cheaperSlot(t *testing.T) {
	s := newSample(t)
	b := read(t, s.slotFile())
	for name, change := range map[string]struct {
		at   int
		to   uint32
		want error
	}{
		"fewer passes":  {12, 0, ErrWeakKDF},
		"more passes":   {12, 21, ErrWeakKDF},
		"other passes":  {12, 2, ErrPassphrase},
		"less memory":   {16, 4, ErrWeakKDF},
		"absurd memory": {16, kdf.Ceiling.Memory + 1, ErrWeakKDF},
		"other memory":  {16, 16, ErrPassphrase},
	} {
		altered := bytes.Clone(b)
		binary.BigEndian.PutUint32(altered[change.at:], change.to)
		sum := sha256.Sum256(altered[:len(altered)-sha256.Size])
		copy(altered[len(altered)-sha256.Size:], sum[:])
		s := s.copyTo(t)
		write(t, s.slotFile(), altered)
		write(t, s.slotFile()+".1", altered)
		if _, err := Open(s.dir, "", []byte(phrase)); !errors.Is(err, change.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTamper_newerFormat(t *testing.T) {
	s := newSample(t)
	for _, file := range []string{s.slotFile(), filepath.Join(s.dir, peopleFile), s.indexFile(), filepath.Join(s.caseDir(), "current"), filepath.Join(s.epochDir(), "header"), filepath.Join(s.epochDir(), "journal", "000001")} {
		name := must[string](t)(filepath.Rel(s.dir, file))
		s := s.copyTo(t)
		for _, n := range []string{name, name + ".1"} {
			if b, err := os.ReadFile(filepath.Join(s.dir, n)); err == nil {
				binary.BigEndian.PutUint16(b[8:], Format+1)
				write(t, filepath.Join(s.dir, n), b)
			}
		}
		var version *VersionError
		if err := s.look(); !errors.As(err, &version) || version.Found != Format+1 || !errors.Is(err, ErrNewerFormat) {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}

// What a power cut leaves at the end of the journal was never acknowledged: it
// is passed over, kept, and said.
func TestTamper_tornEnd(t *testing.T) {
	s := newSample(t)
	k := s.caseKeys(t)
	journal := filepath.Join(s.epochDir(), "journal", "000001")
	data := read(t, journal)
	ends := boundaries(t, filepath.Dir(journal), k)
	last := data[ends[len(ends)-2]:]
	hole := bytes.Clone(last)
	clear(hole[len(hole)/2:])
	for name, tail := range map[string][]byte{
		"zeros":         make([]byte, 3000),
		"few bytes":     {1, 2, 3},
		"a hole":        hole,
		"few zeros":     make([]byte, 5),
		"half a header": make([]byte, frameHead),
	} {
		s := s.copyTo(t)
		journal := filepath.Join(s.epochDir(), "journal", "000001")
		// As it is after a crash: no seal, and a journal that goes on.
		check(t, os.Remove(filepath.Join(s.epochDir(), "seal")))
		write(t, journal, append(bytes.Clone(data), tail...))
		v := openVault(t, s.dir)
		c, err := v.OpenCase(s.id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			check(t, v.Close())
			continue
		}
		if n := c.Notice(); n.Torn != int64(len(tail)) {
			t.Errorf("%s: notice is %+v", name, n)
		}
		if documentOf(t, c) != s.want {
			t.Errorf("%s: another document", name)
		}
		must[[]Record](t)(c.Put(note("goes on")))
		s.want = documentOf(t, c)
		check(t, v.Close())
		if got := read(t, journal); !bytes.Equal(got, append(bytes.Clone(data), tail...)) {
			t.Errorf("%s: the torn segment was changed", name)
		}
		check(t, s.look())
		v = openVault(t, s.dir)
		if report := must[Report](t)(v.Check(t.Context(), nil)); !report.Sound() {
			t.Errorf("%s: check: %+v", name, report)
		}
		check(t, v.Close())
	}
}

// A segment in the middle that is gone or cut is found by check and by history,
// while the newest state stays readable.
func TestTamper_olderSegments(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	for range 2 {
		check(t, func() error { c.mu.Lock(); defer c.mu.Unlock(); return c.checkpoint() }())
	}
	check(t, v.Close())
	check(t, s.look())
	for name, do := range map[string]func(string) error{
		"gone":    os.Remove,
		"cut":     func(n string) error { return os.Truncate(n, 300) },
		"flipped": func(n string) error { b, _ := os.ReadFile(n); b[400] ^= 1; return os.WriteFile(n, b, 0o600) },
	} {
		for _, segment := range []string{"000001", "000002"} {
			s := s.copyTo(t)
			check(t, do(filepath.Join(s.epochDir(), "journal", segment)))
			check(t, s.look())
			v := openVault(t, s.dir)
			if report := must[Report](t)(v.Check(t.Context(), nil)); report.Sound() {
				t.Errorf("segment %s %s: not found", segment, name)
			}
			check(t, v.Close())
		}
	}
}

func TestTamper_peopleListReplaced(t *testing.T) {
	s := newSample(t)
	other := t.TempDir()
	check(t, createVault(t, other).Close())
	for _, suffix := range []string{"", ".1"} {
		write(t, filepath.Join(s.dir, peopleFile+suffix), read(t, filepath.Join(other, peopleFile)))
	}
	if err := s.look(); !errors.Is(err, ErrPeople) {
		t.Errorf("another vault's people: %v", err)
	}
}

func TestPeople_chain(t *testing.T) {
	s := newSample(t)
	keys, list := s.keys(t)
	me := firstKey(list.members)
	other := must[*personKeys](t)(newPersonKeys(random(32), must[secrets](t)(newSecrets("Eve")).packet))
	c := change{
		Op: opAdd, Person: newID(), Role: Volunteer, Label: "Desk 2", Recipient: other.identity.Recipient().String(),
		Signing: signingText(other), By: me, At: testClock()().UTC(),
	}
	longer := must[[]byte](t)(appendChange(list.raw, list.head(), c, keys.signing))
	grown := must[*people](t)(parsePeople(longer))
	if len(grown.members) != 2 || grown.continues(list.pin()) != nil {
		t.Errorf("a list with a second member: %+v", grown.members)
	}
	if err := list.continues(grown.pin()); !errors.Is(err, ErrRolledBack) {
		t.Errorf("a shorter list: %v", err)
	}
	for name, f := range map[string]func() ([]byte, error){
		"signed by a stranger": func() ([]byte, error) { return appendChange(list.raw, list.head(), c, other.signing) },
		"other keys for a known person": func() ([]byte, error) {
			c := c
			c.Person = me
			return appendChange(list.raw, list.head(), c, keys.signing)
		},
		"added by a volunteer": func() ([]byte, error) {
			d := c
			d.By, d.Person = c.Person, newID()
			return appendChange(longer, grown.head(), d, other.signing)
		},
		"added by one who was removed": func() ([]byte, error) {
			d := change{Op: opRevoke, Person: c.Person, By: me, At: c.At}
			b, err := appendChange(longer, grown.head(), d, keys.signing)
			if err != nil {
				return nil, err
			}
			removed, err := parsePeople(b)
			if err != nil {
				return nil, err
			}
			d = c
			d.By, d.Person = c.Person, newID()
			return appendChange(b, removed.head(), d, other.signing)
		},
	} {
		b, err := f()
		check(t, err)
		if _, err := parsePeople(b); !errors.Is(err, ErrPeople) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func signingText(k *personKeys) string {
	return base64.StdEncoding.EncodeToString(k.signing.Public().(ed25519.PublicKey))
}

func encodeHeaderFor(k *caseKeys, m *member) ([]byte, error) {
	return encodeHeader(k, map[string]*age.HybridRecipient{m.ID: m.recipient})
}
