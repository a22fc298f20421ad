package casefile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"forbear/casefile/internal/kdf"
)

// canary is a client's name that must not be found in any file.
const canary = "Xochiquetzalli"

const phrase = "six words that nobody has guessed"

func TestMain(m *testing.M) {
	kdf.TestOnlyCheap()
	switch os.Getenv("FORBEAR_TEST_CHILD") {
	case "write":
		writeUntilKilled(os.Args[len(os.Args)-2], os.Args[len(os.Args)-1])
	case "open":
		os.Exit(openOnce(os.Args[len(os.Args)-2], os.Args[len(os.Args)-1]))
	default:
		os.Exit(m.Run())
	}
}

func testClock() func() time.Time {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", -6*3600))
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Second)
		return at
	}
}

func testOptions() []Option {
	return []Option{WithClock(testClock()), WithDevice("test"), withDisk(lazyDisk{})}
}

func createVault(t testing.TB, dir string, options ...Option) *Vault {
	t.Helper()
	v, err := Create(dir, NewPerson{Name: "Ada Advocate", Role: Attorney}, []byte(phrase), append(testOptions(), options...)...)
	if err != nil {
		t.Fatalf("create vault: %v", err)
	}
	return v
}

func openVault(t testing.TB, dir string, options ...Option) *Vault {
	t.Helper()
	v, err := Open(dir, "", []byte(phrase), append(testOptions(), options...)...)
	if err != nil {
		t.Fatalf("open vault: %v", err)
	}
	return v
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func note(text string) Record {
	b, _ := json.Marshal(map[string]string{"text": text})
	return Record{Kind: "notes", Body: b}
}

// A sample is a closed vault with one case in it, and what it holds.
type sample struct {
	dir, id string
	want    string // the document
	blob    Blob
	content []byte
}

func newSample(t testing.TB) sample {
	t.Helper()
	s := sample{dir: filepath.Join(t.TempDir(), "vault")}
	v := createVault(t, s.dir)
	c := must[*Case](t)(v.NewCase())
	s.id = c.ID()
	s.content = bytes.Repeat([]byte("a page that says something "), 4000)
	s.blob = must[Blob](t)(c.Attach(bytes.NewReader(s.content)))
	exhibit, _ := json.Marshal(Exhibit{Title: "Letter of " + canary, Original: s.blob})
	client := fmt.Sprintf(`{"familyName":%q,"givenName":"Ana","aNumbers":["A000-000-501"],"answers":{"arrests":{"answer":"no"}}}`, canary)
	must[[]Record](t)(c.Put(Record{Kind: KindClient, Body: json.RawMessage(client)}))
	must[[]Record](t)(c.Put(Record{Kind: "exhibits", Body: exhibit}, note("first"), note("second")))
	must[[]Record](t)(c.Put(note("third about " + canary)))
	s.want = documentOf(t, c)
	check(t, v.Close())
	return s
}

func documentOf(t testing.TB, c *Case) string {
	t.Helper()
	d := must[Document](t)(c.Document())
	return string(must[[]byte](t)(d.Encode()))
}

func (s sample) caseDir() string   { return filepath.Join(s.dir, casesDir, s.id) }
func (s sample) epochDir() string  { return filepath.Join(s.caseDir(), "e0001") }
func (s sample) slotFile() string  { return s.glob("people/*.slot") }
func (s sample) indexFile() string { return s.glob("index/*.idx") }

func (s sample) glob(pattern string) string {
	names, err := filepath.Glob(filepath.Join(s.dir, pattern))
	if err != nil || len(names) != 1 {
		panic(fmt.Sprintf("%s: %d files, %v", pattern, len(names), err))
	}
	return names[0]
}

// copyTo gives the same vault in another folder.
func (s sample) copyTo(t testing.TB) sample {
	t.Helper()
	s2 := s
	s2.dir = filepath.Join(t.TempDir(), "copy")
	copyDir(t, s.dir, s2.dir)
	return s2
}

func copyDir(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// look reads everything there is in the sample.
func (s sample) look() (err error) {
	v, err := Open(s.dir, "", []byte(phrase), testOptions()...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	c, err := v.OpenCase(s.id)
	if err != nil {
		return err
	}
	d, err := c.Document()
	if err != nil {
		return err
	}
	b, err := d.Encode()
	if err != nil {
		return err
	}
	if string(b) != s.want {
		return errors.New("another document, and nobody said so")
	}
	for _, x := range d.Exhibits {
		r, err := c.OpenBlob(x.Original)
		if err != nil {
			return err
		}
		got, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
		if !bytes.Equal(got, s.content) {
			return errors.New("another attachment, and nobody said so")
		}
	}
	for _, card := range v.Cards() {
		if card.ID == s.id && card.FamilyName != canary {
			return errors.New("another card, and nobody said so")
		}
	}
	return nil
}

var named = []error{
	ErrPassphrase, ErrPassphraseShort, ErrNoPerson, ErrWeakKDF, ErrNotVault, ErrLocked, ErrDamaged, ErrRolledBack, ErrCaseMissing,
	ErrNewerFormat, ErrPeople, ErrClosed, ErrReadOnly, ErrNoSpace, ErrWriteFailed, ErrNotFound, ErrExists, ErrTooLarge, ErrInvalid,
}

func isNamed(err error) bool {
	for _, n := range named {
		if errors.Is(err, n) {
			return true
		}
	}
	return false
}

// wantSameOrNamed is the rule for everything that can happen to a file.
func wantSameOrNamed(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil && !isNamed(err) {
		t.Errorf("%s: %v", what, err)
	}
}

func TestVault_roundTrip(t *testing.T) {
	s := newSample(t)
	for range 3 {
		check(t, s.look())
	}
	v := openVault(t, s.dir)
	defer v.Close()
	if me := v.Me(); me.Name != "Ada Advocate" || me.Label != "Desk 1" || me.Role != Attorney {
		t.Errorf("me is %+v", me)
	}
	cards := v.Cards()
	if len(cards) != 1 || cards[0].ANumber != "000000501" || cards[0].ID != s.id || cards[0].Problem != nil {
		t.Errorf("cards are %+v", cards)
	}
	c := must[*Case](t)(v.OpenCase(s.id))
	if n := c.Notice(); n.Rebuilt || n.Torn != 0 {
		t.Errorf("a case that was closed properly opens with %+v", n)
	}
	report, err := v.Check(t.Context(), nil)
	if err != nil || !report.Sound() || report.Cases != 1 || report.Blobs != 1 || report.Records != 5 || report.Orphans != 0 {
		t.Errorf("check: %+v, %v", report, err)
	}
}

func TestVault_profileAndCertificate(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	want := Profile{Representative: Representative{Name: "Ada Advocate", Phone: "555-0100"}, Office: Office{Frame: "MAYORKAS"}}
	check(t, v.SetProfile(want))
	check(t, v.SetPacketCertificate([]byte{1, 2, 3}))
	key1 := must[crypto.Signer](t)(v.PacketKey()).(*ecdsa.PrivateKey)
	check(t, v.Close())
	v = openVault(t, s.dir)
	defer v.Close()
	if got := v.Profile(); got != want {
		t.Errorf("profile is %+v", got)
	}
	if got := v.PacketCertificate(); !bytes.Equal(got, []byte{1, 2, 3}) {
		t.Errorf("certificate is %x", got)
	}
	if key2 := must[crypto.Signer](t)(v.PacketKey()); !key1.Equal(key2) {
		t.Error("packet key changed")
	}
}

// Two programs of one person: what one learns the other does not undo.
func TestVault_twoProgramsMerge(t *testing.T) {
	dir := t.TempDir()
	first := createVault(t, dir)
	second := openVault(t, dir)
	a := must[*Case](t)(first.NewCase())
	b := must[*Case](t)(second.NewCase())
	must[[]Record](t)(a.Put(note("a")))
	must[[]Record](t)(b.Put(note("b")))
	check(t, second.SetProfile(Profile{Office: Office{Name: "Rural clinic"}}))
	check(t, first.Close())
	check(t, second.Close())
	v := openVault(t, dir)
	defer v.Close()
	if n := len(v.Cards()); n != 2 {
		t.Errorf("%d cards", n)
	}
	if v.Profile().Office.Name != "Rural clinic" {
		t.Error("the first program's index undid the second's profile")
	}
}

func TestVault_names(t *testing.T) {
	s := newSample(t)
	for _, name := range []string{"", "Desk 1", "desk 1", "Ada Advocate", "ada advocate"} {
		v, err := Open(s.dir, name, []byte(phrase))
		if err != nil {
			t.Errorf("open as %q: %v", name, err)
			continue
		}
		check(t, v.Close())
	}
	if _, err := Open(s.dir, "Somebody", []byte(phrase)); !errors.Is(err, ErrNoPerson) {
		t.Errorf("open as somebody else: %v", err)
	}
	slots := must[[]Slot](t)(Slots(s.dir))
	if len(slots) != 1 || slots[0].Label != "Desk 1" || slots[0].Problem != nil {
		t.Errorf("slots are %+v", slots)
	}
}

func TestVault_wrongPassphrase(t *testing.T) {
	s := newSample(t)
	for _, wrong := range []string{"", "x", phrase + " ", strings.ToUpper(phrase)} {
		if _, err := Open(s.dir, "", []byte(wrong)); !errors.Is(err, ErrPassphrase) {
			t.Errorf("open with %q: %v", wrong, err)
		}
	}
	check(t, s.look())
}

// Keyboards send é as one letter or as two. It is one passphrase.
func TestVault_passphraseIsNormalized(t *testing.T) {
	dir := t.TempDir()
	v, err := Create(dir, NewPerson{Name: "Ada", Role: Staff}, []byte("caf\u00e9 canci\u00f3n"))
	check(t, err)
	check(t, v.Close())
	v, err = Open(dir, "", []byte("cafe\u0301 cancio\u0301n"))
	check(t, err)
	check(t, v.Close())
}

func TestVault_createRefuses(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o600))
	if _, err := Create(dir, NewPerson{Name: "Ada", Role: Staff}, []byte(phrase)); !errors.Is(err, ErrNotVault) {
		t.Errorf("a folder with something in it: %v", err)
	}
	s := newSample(t)
	if _, err := Create(s.dir, NewPerson{Name: "Eve", Role: Staff}, []byte(phrase)); !errors.Is(err, ErrNotVault) {
		t.Errorf("a folder that is a vault: %v", err)
	}
	check(t, s.look())
	for name, p := range map[string]NewPerson{
		"no name": {Role: Staff}, "no role": {Name: "Ada"}, "long label": {Name: "Ada", Role: Staff, Label: strings.Repeat("x", 65)},
		"line break": {Name: "Ada", Role: Staff, Label: "a\nb"}, "long name": {Name: strings.Repeat("x", 401), Role: Staff},
	} {
		if _, err := Create(filepath.Join(t.TempDir(), "v"), p, []byte(phrase)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, short := range []string{"", "x", "elevenchars", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"} {
		dir := filepath.Join(t.TempDir(), "v")
		if _, err := Create(dir, NewPerson{Name: "Ada", Role: Staff}, []byte(short)); !errors.Is(err, ErrPassphraseShort) || exists(osDisk{}, dir) {
			t.Errorf("%d characters: %v", len([]rune(short)), err)
		}
	}
	if _, err := Open(t.TempDir(), "", []byte("x")); !errors.Is(err, ErrNotVault) {
		t.Errorf("open an empty folder: %v", err)
	}
}

// Where cases lie nobody is asked to begin anew, whatever else is gone.
func TestVault_isOneWithoutItsList(t *testing.T) {
	s := newSample(t)
	for _, name := range []string{"", "people.list", "people.list.1"} {
		if name != "" {
			check(t, os.Remove(filepath.Join(s.dir, name)))
		}
		if !IsVault(s.dir) {
			t.Errorf("without %s it is no vault", name)
		}
	}
	if _, err := Open(s.dir, "", []byte(phrase)); !errors.Is(err, ErrDamaged) {
		t.Errorf("open: %v", err)
	}
	// One way in and nothing else is a vault that was never finished.
	check(t, os.RemoveAll(filepath.Join(s.dir, casesDir)))
	if IsVault(s.dir) || IsVault(t.TempDir()) || IsVault(filepath.Join(s.dir, "nowhere")) {
		t.Error("what is none counts as a vault")
	}
	check(t, createVault(t, s.dir).Close())
}

// Whoever comes second is turned away and takes nothing from the first, at
// whatever moment it comes.
func TestVault_createdTwiceAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	second, times := error(nil), 0
	d := &watchedDisk{before: func(op, _ string) error {
		if op != "rename" {
			return nil
		}
		times++
		if v, err := Create(dir, NewPerson{Name: "Eve", Role: Staff}, []byte(phrase), withDisk(lazyDisk{})); err == nil {
			second = errors.Join(errors.New("a second vault was made"), v.Close())
		} else if !errors.Is(err, ErrLocked) {
			second = err
		}
		return nil
	}}
	check(t, createVault(t, dir, withDisk(d)).Close())
	if second != nil || times == 0 {
		t.Errorf("the second of %d: %v", times, second)
	}
	check(t, openVault(t, dir).Close())
}

// The shipped program neither makes nor opens a vault with a cheap passphrase
// derivation, and the cost cannot be lowered afterwards.
func TestVault_weakDerivationIsRefused(t *testing.T) {
	s := newSample(t)
	kdf.TestOnlyShipped()
	defer kdf.TestOnlyCheap()
	if _, err := Open(s.dir, "", []byte(phrase)); !errors.Is(err, ErrWeakKDF) {
		t.Errorf("open: %v", err)
	}
	slots := must[[]Slot](t)(Slots(s.dir))
	if len(slots) != 1 || !errors.Is(slots[0].Problem, ErrWeakKDF) {
		t.Errorf("slots: %+v", slots)
	}
}

func TestVault_closed(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	snapshot := must[*Snapshot](t)(c.Snapshot())
	blob := must[io.ReadCloser](t)(c.OpenBlob(s.blob))
	k := c.k
	keys := v.keys
	check(t, v.Close())
	for name, err := range map[string]error{
		"vault close": v.Close(), "case close": c.Close(), "delete": c.Delete("x"), "profile": v.SetProfile(Profile{}),
		"import": c.Import(Document{}), "save client": c.SaveClient(Document{}),
		"put":       second(c.Put(note("x"))),
		"get":       second(c.Get("x")),
		"list":      second(c.List("")),
		"history":   second(c.History("x")),
		"document":  second(c.Document()),
		"attach":    second(c.Attach(strings.NewReader("x"))),
		"open blob": second(c.OpenBlob(s.blob)),
		"snapshot":  second(c.Snapshot()),
		"pinned":    second(snapshot.Document()),
		"read blob": second(blob.Read(make([]byte, 1))),
		"new case":  second(v.NewCase()),
		"open case": second(v.OpenCase(s.id)),
		"check":     second(v.Check(t.Context(), nil)),
		"key":       second(v.PacketKey()),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, blob.Close())
	for name, b := range map[string][]byte{
		"case key": k.key, "chain key": k.chain, "journal key": k.journal, "values key": k.values, "seed": keys.seed, "signing key": keys.signing,
	} {
		if !allZero(b) {
			t.Errorf("%s is still in memory", name)
		}
	}
}

// Nothing that a slot gave away hangs on the buffer it was opened in: all of that
// buffer is overwritten.
func TestSlot_secretsAreCopies(t *testing.T) {
	want := must[secrets](t)(newSecrets("Ada"))
	plaintext := want.encode()
	got, ok := decodeSecrets(plaintext)
	clear(plaintext)
	if !ok || !bytes.Equal(got.seed, want.seed) || !bytes.Equal(got.packet, want.packet) || got.name != "Ada" {
		t.Error("secrets are overwritten with the buffer they came in")
	}
}

func second[T any](_ T, err error) error { return err }

func TestCase_secondOpeningIsLocked(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	defer v.Close()
	must[*Case](t)(v.OpenCase(s.id))
	if _, err := v.OpenCase(s.id); !errors.Is(err, ErrLocked) {
		t.Errorf("same vault: %v", err)
	}
	other := openVault(t, s.dir)
	defer other.Close()
	if _, err := other.OpenCase(s.id); !errors.Is(err, ErrLocked) {
		t.Errorf("another vault in this process: %v", err)
	}
}

func TestCase_files(t *testing.T) {
	s := newSample(t)
	see := func(when string) {
		err := filepath.WalkDir(s.dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			// Badger makes its files readable to all; the folder keeps them in.
			want := os.FileMode(0o600)
			if e.IsDir() {
				want = 0o700
			}
			if mode := info.Mode().Perm(); mode != want && !strings.Contains(name, string(filepath.Separator)+"db") && os.PathSeparator == '/' {
				t.Errorf("%s: mode of %s is %o", when, e.Name(), mode)
			}
			if e.IsDir() {
				return nil
			}
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, word := range []string{canary, strings.ToUpper(canary), "Ada Advocate", "first", "000000501", "exhibits"} {
				if bytes.Contains(b, []byte(word)) || strings.Contains(name[len(s.dir):], word) {
					t.Errorf("%s: %q in clear in a file of %d bytes", when, word, len(b))
				}
			}
			return nil
		})
		check(t, err)
	}
	see("closed")
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	must[[]Record](t)(c.Put(note("more about " + canary)))
	see("open")
	check(t, c.Delete(must[[]Record](t)(c.List("notes"))[0].ID))
	check(t, v.Close())
	see("closed again")
	if exists(osDisk{}, filepath.Join(s.epochDir(), "db", "DISCARD")) {
		t.Error("a megabyte of DISCARD is left")
	}
}
