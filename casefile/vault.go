package casefile

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"
)

// The names in a vault's folder.
const (
	peopleDir  = "people"
	peopleFile = "people.list"
	indexDir   = "index"
	casesDir   = "cases"
	lockName   = "lock"
)

// checkpointFrames is how many frames a segment holds before closing the case
// begins a new one.
const checkpointFrames = 512

// A Vault is a folder of cases, open for one person. Its methods may be called
// from any goroutine; Close closes the cases that are open and overwrites our
// copies of the person's keys.
type Vault struct {
	d        disk
	dir      string
	settings settings
	keys     *personKeys
	me       Person
	rawMe    []byte
	device   []byte

	// life ends when Close begins; busy counts what Close waits for.
	life context.Context
	end  context.CancelFunc
	busy sync.WaitGroup

	mu       sync.Mutex
	closing  bool
	closed   bool
	readOnly bool
	people   *people
	index    *indexData
	open     map[string]*Case
	problems map[string]error // of cases, found while scanning
}

func newSettings(options []Option) settings {
	s := settings{now: time.Now, disk: osDisk{}, checkpoint: checkpointFrames}
	for _, o := range options {
		o(&s)
	}
	if s.device == "" {
		// Without a name all computers that have none count as one.
		s.device, _ = os.Hostname()
	}
	return s
}

// IsVault reports whether dir holds a vault, sound or not. One that lost its
// people list is still a vault: somebody's way in, with cases or other people's
// ways in beside it. A way in by itself is what a crash left of [Create], which
// may begin there anew.
func IsVault(dir string) bool {
	d := osDisk{}
	if exists(d, filepath.Join(dir, peopleFile)) || exists(d, filepath.Join(dir, peopleFile+".1")) {
		return true
	}
	slots, err := slotNames(d, dir)
	if err != nil || len(slots) == 0 {
		return false
	}
	cases, err := d.list(filepath.Join(dir, casesDir))
	return len(slots) > 1 || len(cases) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// MinPassphrase is how many characters the passphrase of a new vault has at
// least. It is a floor against accidents and makes no passphrase good.
const MinPassphrase = 12

// Create makes a vault with one person in dir, which must be empty or not
// exist, and opens it. Deriving the key takes about a second, on purpose.
func Create(dir string, p NewPerson, passphrase []byte, options ...Option) (_ *Vault, err error) {
	s := newSettings(options)
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("create vault: %w", plain(err))
	}
	p.Name = norm.NFC.String(strings.TrimSpace(p.Name))
	p.Label = norm.NFC.String(strings.TrimSpace(p.Label))
	if p.Label == "" {
		p.Label = "Desk 1"
	}
	switch {
	case p.Name == "" || len(p.Name) > maxName:
		return nil, fmt.Errorf("%w: name of the person", ErrInvalid)
	case len(p.Label) > labelRoom || strings.ContainsFunc(p.Label, func(r rune) bool { return r < ' ' }):
		return nil, fmt.Errorf("%w: label of the person", ErrInvalid)
	case !p.Role.Valid():
		return nil, fmt.Errorf("%w: role of the person", ErrInvalid)
	case utf8.RuneCount(passphrase) < MinPassphrase:
		return nil, ErrPassphraseShort
	}
	d := s.disk
	// A folder lasts when the one it lies in was synced, and so on upwards to the
	// first that was there before.
	above := []string{filepath.Dir(dir)}
	for p := above[0]; p != filepath.Dir(p) && !exists(d, p); p = filepath.Dir(p) {
		above = append(above, filepath.Dir(p))
	}
	if err := d.mkdir(dir); err != nil {
		return nil, fmt.Errorf("create vault: %w", plain(err))
	}
	lock, err := d.lock(filepath.Join(dir, lockName))
	if err != nil {
		return nil, fmt.Errorf("create vault: %w", plain(err))
	}
	defer lock.Close()
	// Only now: what lies here without a list may be what another program is
	// about to finish.
	if err := mayCreate(d, dir); err != nil {
		return nil, err
	}
	if err := haveSpace(d, dir, 8<<20); err != nil {
		return nil, err
	}
	for _, name := range []string{peopleDir, indexDir, casesDir} {
		if err := d.mkdir(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("create vault: %w", plain(err))
		}
	}

	person := newID()
	raw, _ := rawID(person)
	sec, err := newSecrets(p.Name)
	if err != nil {
		return nil, err
	}
	defer clear(sec.packet)
	keys, err := newPersonKeys(sec.seed, sec.packet)
	if err != nil {
		clear(sec.seed)
		return nil, err
	}
	defer func() {
		if err != nil {
			keys.wipe()
		}
	}()
	slot := newSlot(raw, p.Label, sec, passphrase)
	list, err := appendChange(nil, make([]byte, 32), change{
		Op: opFound, Vault: newID(), Person: person, Role: p.Role, Label: p.Label,
		Recipient: keys.identity.Recipient().String(),
		Signing:   base64.StdEncoding.EncodeToString(keys.signing.Public().(ed25519.PublicKey)),
		By:        person, At: s.now().UTC(),
	}, keys.signing)
	if err != nil {
		return nil, err
	}
	members, err := parsePeople(list)
	if err != nil {
		panic("casefile: internal error: " + err.Error()) // unreachable: it was written above
	}
	v := newVault(d, dir, s, keys, members, Person{ID: person, Name: p.Name, Label: p.Label, Role: p.Role})
	v.index = &indexData{Cases: map[string]*indexedCase{}}
	if err := writePair(d, filepath.Join(dir, peopleDir, newID()+".slot"), slot); err != nil {
		return nil, fmt.Errorf("create vault: %w", err)
	}
	if err := v.writeIndex(); err != nil {
		return nil, fmt.Errorf("create vault: %w", err)
	}
	// The people list comes last: a folder without it is no vault yet.
	if err := writePair(d, filepath.Join(dir, peopleFile), list); err != nil {
		return nil, fmt.Errorf("create vault: %w", err)
	}
	for _, p := range above {
		if err := d.syncDir(p); err != nil {
			return nil, fmt.Errorf("create vault: %w", plain(err))
		}
	}
	return v, nil
}

// mayCreate accepts an empty folder, one with nothing but what other programs
// strew into folders, and what a crash left of creating a vault here before.
func mayCreate(d disk, dir string) error {
	entries, err := d.list(dir)
	if err != nil {
		return fmt.Errorf("create vault: %w", plain(err))
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == lockName, name == indexDir, strings.HasPrefix(name, "."), strings.EqualFold(name, "desktop.ini"), strings.EqualFold(name, "Thumbs.db"):
		case name == peopleFile+".tmp":
		case name == peopleDir:
			// Whatever stands here without a list belongs to nobody, but a slot
			// could still be somebody's only copy of a key.
			if slots, err := slotNames(d, dir); err != nil || len(slots) > 1 {
				return ErrNotVault
			}
		case name == casesDir:
			if cases, err := d.list(filepath.Join(dir, name)); err != nil || len(cases) > 0 {
				return ErrNotVault
			}
		default:
			return ErrNotVault
		}
	}
	slots, err := slotNames(d, dir)
	if err != nil && !errors.Is(err, ErrNotVault) {
		return err
	}
	for _, name := range slots {
		for _, n := range []string{name, name + ".1"} {
			if err := d.remove(filepath.Join(dir, peopleDir, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("create vault: %w", plain(err))
			}
		}
	}
	return nil
}

func newVault(d disk, dir string, s settings, keys *personKeys, members *people, me Person) *Vault {
	raw, _ := rawID(me.ID)
	life, end := context.WithCancel(context.Background())
	return &Vault{
		life: life, end: end,
		d: d, dir: dir, settings: s, keys: keys, people: members, me: me, rawMe: raw,
		device: mac(keys.device, []byte(s.device))[:8],
		open:   map[string]*Case{}, problems: map[string]error{},
	}
}

// Open opens the vault in dir for the person whose label or name is name; name
// may be empty where there is only one. Deriving the key takes about a second,
// on purpose.
func Open(dir, name string, passphrase []byte, options ...Option) (_ *Vault, err error) {
	s := newSettings(options)
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open vault: %w", plain(err))
	}
	d := s.disk
	if !exists(d, filepath.Join(dir, peopleFile)) && !exists(d, filepath.Join(dir, peopleFile+".1")) {
		// Slots without a list are a vault that somebody took the list from.
		if slots, err := slotNames(d, dir); err != nil || len(slots) == 0 {
			return nil, ErrNotVault
		}
		return nil, damaged("people list", "gone")
	}
	slot, sec, err := findSlot(d, dir, name, passphrase)
	if err != nil {
		return nil, err
	}
	keys, err := newPersonKeys(sec.seed, sec.packet)
	clear(sec.packet)
	if err != nil {
		clear(sec.seed)
		return nil, damaged("slot", "content")
	}
	defer func() {
		if err != nil {
			keys.wipe()
		}
	}()
	members, unevenList, err := readPeople(d, dir)
	if err != nil {
		return nil, err
	}
	id := hex.EncodeToString(slot.person)
	m := members.members[id]
	switch {
	case m == nil || m.recipient.String() != keys.identity.Recipient().String() ||
		!m.signing.Equal(keys.signing.Public()):
		return nil, ErrPeople
	case m.revoked:
		return nil, ErrNoPerson
	}
	me := m.Person
	me.Name = sec.name
	v := newVault(d, dir, s, keys, members, me)

	var unevenIndex bool
	v.index, unevenIndex, err = readIndex(d, dir, v.rawMe, keys.index)
	if err != nil && s.rebuild && errors.Is(err, ErrDamaged) {
		if err := v.putAside(indexName(dir, v.rawMe)); err != nil {
			return nil, err
		}
		v.index, err = &indexData{Cases: map[string]*indexedCase{}}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := members.continues(v.index.People); err != nil {
		return nil, err
	}
	if slot.uneven != "" || unevenList || unevenIndex {
		v.evenPairs(slot.uneven)
	}
	if err := v.scan(); err != nil {
		return nil, err
	}
	return v, nil
}

// evenPairs makes copies equal that are not. It does no harm if it cannot.
func (v *Vault) evenPairs(slot string) {
	_ = v.withLock(func() error {
		if slot != "" {
			evenPair(v.d, filepath.Join(v.dir, peopleDir, slot), slotSize, slotRank)
		}
		evenPair(v.d, filepath.Join(v.dir, peopleFile), maxPeople, peopleRank)
		evenPair(v.d, indexName(v.dir, v.rawMe), maxIndex, indexRank(v.rawMe, v.keys.index))
		return nil
	})
}

// putAside keeps both copies of a damaged file under another name.
func (v *Vault) putAside(name string) error {
	for _, n := range []string{name, name + ".1"} {
		if err := v.d.rename(n, n+".bad"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put damaged file aside: %w", plain(err))
		}
	}
	return nil
}

// withLock runs f while no other program writes to the vault. A lock is held for
// milliseconds, so it is worth waiting for.
func (v *Vault) withLock(f func() error) error {
	var lock io.Closer
	for wait := 5 * time.Millisecond; ; wait *= 2 {
		var err error
		if lock, err = v.d.lock(filepath.Join(v.dir, lockName)); err == nil {
			break
		}
		if !errors.Is(err, ErrLocked) || wait > 3*time.Second {
			return fmt.Errorf("lock vault: %w", plain(err))
		}
		time.Sleep(wait)
	}
	return errors.Join(f(), plain(lock.Close()))
}

// writeIndex writes the index as it stands in memory. The vault's lock is held.
func (v *Vault) writeIndex() error {
	v.index.Revision++
	v.index.Written = v.settings.now().UTC()
	v.index.People = v.people.pin()
	b, err := encodeIndex(v.rawMe, v.keys.index, v.index)
	if err != nil {
		return err
	}
	if len(b) > maxIndex {
		return ErrTooLarge
	}
	return writePair(v.d, indexName(v.dir, v.rawMe), b)
}

// update merges what another program wrote in the meantime, lets f change the
// index, and writes it. v.mu is held.
func (v *Vault) update(f func(*indexData)) error {
	switch {
	case v.closed:
		return ErrClosed // the keys are gone
	case v.readOnly:
		return ErrReadOnly
	}
	return v.withLock(func() error {
		theirs, _, err := readIndex(v.d, v.dir, v.rawMe, v.keys.index)
		if err == nil {
			v.index.merge(theirs)
		} else if !errors.Is(err, ErrDamaged) {
			return err
		}
		// A copy that was damaged while we had it in memory is simply
		// written anew.
		f(v.index)
		return v.writeIndex()
	})
}

// Me is the person this vault is open for.
func (v *Vault) Me() Person { return v.me }

// ReadOnly reports that the vault's folder cannot be written.
func (v *Vault) ReadOnly() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.readOnly
}

// Profile is what this person wants filled in everywhere.
func (v *Vault) Profile() Profile {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.index.Profile
}

// SetProfile saves the profile.
func (v *Vault) SetProfile(p Profile) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closing {
		return ErrClosed
	}
	return v.update(func(x *indexData) { x.Profile = p })
}

// PacketKey is the person's key for signing packets, ECDSA on P-256. It was made
// with the vault and is kept in the slot.
func (v *Vault) PacketKey() (crypto.Signer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closing {
		return nil, ErrClosed
	}
	return v.keys.packet, nil
}

// PacketCertificate is the DER of the certificate for [Vault.PacketKey], or nil
// before one was set.
func (v *Vault) PacketCertificate() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]byte(nil), v.index.Certificate...)
}

// SetPacketCertificate keeps the certificate, sealed, in the person's index.
func (v *Vault) SetPacketCertificate(der []byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closing:
		return ErrClosed
	case len(der) > 64<<10:
		return ErrTooLarge
	}
	return v.update(func(x *indexData) { x.Certificate = append([]byte(nil), der...) })
}

// Cards lists the caseload, by name. Cases that this person knows and that are
// gone are listed with their last card and [ErrCaseMissing].
func (v *Vault) Cards() []Card {
	v.mu.Lock()
	out := make([]Card, 0, len(v.index.Cases))
	for id, known := range v.index.Cases {
		x := known.Card
		x.ID, x.Problem = id, v.problems[id]
		out = append(out, x)
	}
	open := make(map[string]*Case, len(v.open))
	for id, c := range v.open {
		open[id] = c
	}
	v.mu.Unlock()

	for i := range out {
		// A case lock is never taken while v.mu is held: closing a case takes
		// them the other way round.
		c := open[out[i].ID]
		if c == nil {
			continue
		}
		c.mu.RLock()
		if !c.closed {
			id := out[i].ID
			out[i] = c.summary()
			out[i].ID = id
		}
		c.mu.RUnlock()
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := strings.ToLower(out[i].FamilyName+"\x00"+out[i].GivenName), strings.ToLower(out[j].FamilyName+"\x00"+out[j].GivenName)
		if a != b {
			return a < b
		}
		return out[i].ID < out[j].ID
	})
	return out
}

// scan brings the index up to date with the folders that are there: new cases
// that are sealed for this person, changed cards, cases that are gone.
func (v *Vault) scan() error {
	entries, err := v.d.list(filepath.Join(v.dir, casesDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list cases: %w", plain(err))
	}
	fresh := map[string]*indexedCase{}
	there := map[string]bool{}
	for _, e := range entries {
		id := e.Name()
		if _, ok := rawID(id); !ok || !e.IsDir() {
			continue
		}
		there[id] = true
		known := v.index.Cases[id]
		found, err := v.scanCase(id, known)
		switch {
		case errors.Is(err, errNotEntitled) && known == nil:
			continue // somebody else's
		case errors.Is(err, errNotEntitled):
			v.problems[id] = ErrCaseMissing
		case err != nil:
			v.problems[id] = err
			if known == nil {
				fresh[id] = &indexedCase{} // there is a row, so that somebody sees it
			}
		case found != nil:
			fresh[id] = found
		}
	}
	for id := range v.index.Cases {
		if !there[id] {
			v.problems[id] = ErrCaseMissing
		}
	}
	changed := false
	for id, x := range fresh {
		known := v.index.Cases[id]
		if v.problems[id] != nil {
			continue
		}
		changed = changed || known == nil || known.Hash != x.Hash || x.Anchor.newer(known.Anchor)
	}
	// Rows of cases with a problem live in memory only: an anchor is what this
	// person has seen, and nothing was seen of these.
	defer func() {
		for id, x := range fresh {
			if v.index.Cases[id] == nil && v.problems[id] != nil {
				v.index.Cases[id] = x
			}
		}
	}()
	if !changed && v.people.pin() == v.index.People {
		return nil
	}
	err = v.update(func(x *indexData) {
		for id, c := range fresh {
			if v.problems[id] == nil && (x.Cases[id] == nil || !x.Cases[id].Anchor.newer(c.Anchor)) {
				x.Cases[id] = c
			}
		}
	})
	if errors.Is(err, ErrReadOnly) || errors.Is(err, ErrNoSpace) {
		// Reading works all the same.
		v.readOnly = errors.Is(err, ErrReadOnly)
		for id, c := range fresh {
			if v.problems[id] == nil {
				v.index.Cases[id] = c
			}
		}
		return nil
	}
	return err
}

// scanCase returns nil when the card is the one that the index has.
func (v *Vault) scanCase(id string, known *indexedCase) (*indexedCase, error) {
	caseDir := filepath.Join(v.dir, casesDir, id)
	if known != nil {
		// Without opening any key: is it the same card, and was the case
		// closed? The epoch is only a place to look, so it need not be
		// authentic.
		epochDir := filepath.Join(caseDir, epochName(max(known.Anchor.Epoch, 1)))
		if b, err := readCardFile(v.d, epochDir); err == nil && b != nil && cardHash(b) == known.Hash &&
			exists(v.d, filepath.Join(epochDir, "seal")) && exists(v.d, filepath.Join(caseDir, "current")) {
			return nil, nil
		}
	}
	// Without the case's lock: somebody may be writing there.
	k, err := openCaseKeys(v.d, caseDir, id, v.me.ID, v.keys.identity, false)
	if err != nil {
		return nil, err
	}
	defer k.wipe()
	epochDir := filepath.Join(caseDir, epochName(k.epoch))
	b, err := readCardFile(v.d, epochDir)
	if err == nil && b != nil && exists(v.d, filepath.Join(epochDir, "seal")) {
		if x, err := parseCard(b, k); err == nil {
			a := anchor{Epoch: k.epoch, Seq: x.Revision, Link: x.Link}
			if known != nil && known.Anchor.newer(a) {
				return nil, ErrRolledBack
			}
			return &indexedCase{Anchor: a, Card: x, Hash: cardHash(b)}, nil
		}
	}
	// The case was not closed, or its card is damaged: the journal knows.
	client := []byte(nil)
	r, err := replay(v.d, filepath.Join(epochDir, "journal"), k, func(s *storedVersion, _ item, _ []head) error {
		if s.Record == KindClient {
			client = s.Body
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	author := v.people.members[hex.EncodeToString(r.last.author)]
	if author == nil || !r.last.verify(k.id, author.signing) {
		return nil, &DamageError{Part: "journal", Segment: int(r.at.segment), Frame: r.at.frames, Cause: errors.New("not signed by a member")}
	}
	a := anchor{Epoch: k.epoch, Seq: r.at.seq, Link: hex.EncodeToString(r.at.link)}
	if known != nil && known.Anchor.newer(a) {
		return nil, ErrRolledBack
	}
	return &indexedCase{Anchor: a, Card: summarize(client, r.at.seq, r.when, r.at.link)}, nil
}

// NewCase makes an empty case and opens it.
func (v *Vault) NewCase() (*Case, error) { return v.newCase(newID()) }

func (v *Vault) newCase(id string) (*Case, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closing:
		return nil, ErrClosed
	case v.readOnly:
		return nil, ErrReadOnly
	case v.index.Cases[id] != nil, v.open[id] != nil:
		return nil, ErrExists
	}
	raw, ok := rawID(id)
	if !ok {
		return nil, fmt.Errorf("%w: id of the case", ErrInvalid)
	}
	k := newCaseKeys(raw, 1, random(keySize), random(keySize))
	defer k.wipe()
	var at position
	err := v.withLock(func() (err error) {
		at, err = v.buildCase(id, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	known := &indexedCase{Anchor: anchor{Epoch: 1, Seq: at.seq, Link: hex.EncodeToString(at.link)}}
	known.Card = summarize(nil, at.seq, v.settings.now(), at.link)
	var c *Case
	if err = v.update(func(x *indexData) { x.Cases[id] = known }); err == nil {
		c, err = v.openLocked(id)
	}
	if err != nil {
		// Nobody knows yet that there is a case, and an empty one that nobody
		// asked for would only be in the way.
		return nil, errors.Join(err, v.remove(id))
	}
	return c, nil
}

// remove takes a case that never came to be off the list, and then its folder
// away. A folder that stays is found at the next opening; a row that stays would
// speak of a case that was lost. v.mu is held.
func (v *Vault) remove(id string) error {
	if err := v.update(func(x *indexData) { delete(x.Cases, id) }); err != nil {
		delete(v.index.Cases, id)
		return err
	}
	return errors.Join(
		plain(v.d.removeAll(filepath.Join(v.dir, casesDir, id))),
		plain(v.d.syncDir(filepath.Join(v.dir, casesDir))))
}

// buildCase makes the whole folder under a name that is no case's and renames
// it, so that a case is there whole or not at all.
func (v *Vault) buildCase(id string, k *caseKeys) (position, error) {
	var zero position
	fail := func(err error) (position, error) { return zero, fmt.Errorf("create case: %w", plain(err)) }
	cases := filepath.Join(v.dir, casesDir)
	if err := haveSpace(v.d, v.dir, 1<<20); err != nil {
		return zero, err
	}
	entries, err := v.d.list(cases)
	if err != nil {
		return fail(err)
	}
	for _, e := range entries {
		switch {
		case e.Name() == id:
			return zero, ErrExists
		case strings.HasPrefix(e.Name(), "new-"):
			// Only the holder of the vault's lock makes these, and that is us.
			if err := v.d.removeAll(filepath.Join(cases, e.Name())); err != nil {
				return fail(err)
			}
		}
	}
	dir := filepath.Join(cases, "new-"+id)
	epoch := filepath.Join(dir, epochName(k.epoch))
	journal := filepath.Join(epoch, "journal")
	for _, name := range []string{journal, filepath.Join(epoch, "blobs")} {
		if err := v.d.mkdir(name); err != nil {
			return fail(err)
		}
	}
	header, err := encodeHeader(k, map[string]*age.HybridRecipient{v.me.ID: v.keys.identity.Recipient()})
	if err != nil {
		return zero, err
	}
	if err := writePair(v.d, filepath.Join(epoch, "header"), header); err != nil {
		return fail(err)
	}
	now := v.settings.now()
	_, offset := now.Zone()
	at, err := createSegment(v.d, journal, k, position{}, []*entry{{
		kind: entrySnapshot, at: now.UnixNano(), offset: int32(offset), author: v.rawMe, device: v.device,
	}}, v.keys.signing)
	if err != nil {
		return zero, err
	}
	if err := writePair(v.d, filepath.Join(dir, "current"), encodeCurrent(k)); err != nil {
		return fail(err)
	}
	for _, name := range []string{epoch, dir} {
		if err := v.d.syncDir(name); err != nil {
			return fail(err)
		}
	}
	if err := v.d.rename(dir, filepath.Join(cases, id)); err != nil {
		return fail(err)
	}
	if err := v.d.syncDir(cases); err != nil {
		return fail(err)
	}
	return at, nil
}

// OpenCase opens a case. It returns [ErrLocked] while the case is open
// elsewhere, also by this vault.
func (v *Vault) OpenCase(id string) (*Case, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closing {
		return nil, ErrClosed
	}
	if _, ok := rawID(id); !ok {
		return nil, ErrNotFound
	}
	return v.openLocked(id)
}

func (v *Vault) openLocked(id string) (*Case, error) {
	if v.open[id] != nil {
		return nil, ErrLocked
	}
	known := v.index.Cases[id]
	if known != nil && known.Anchor.Link == "" {
		known = nil // a row for a case that could not be read
	}
	c, err := openCase(v, id, known, v.people)
	if err != nil {
		return nil, err
	}
	v.open[id] = c
	delete(v.problems, id)
	return c, nil
}

// Accept forgets what this person has seen of a case: the next opening takes it
// as it is, older or not there at all. It is for a copy from a backup that was
// put in place on purpose; ask before using it.
func (v *Vault) Accept(id string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closing:
		return ErrClosed
	case v.index.Cases[id] == nil:
		return ErrNotFound
	case v.open[id] != nil:
		return ErrLocked
	}
	if entries, err := v.d.list(filepath.Join(v.dir, casesDir, id)); err == nil {
		for _, e := range entries {
			// Card and seal remember too; both are made again.
			for _, name := range []string{"card", "seal"} {
				err := v.d.remove(filepath.Join(v.dir, casesDir, id, e.Name(), name))
				if e.IsDir() && err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("accept case: %w", plain(err))
				}
			}
		}
	}
	if err := v.update(func(x *indexData) { delete(x.Cases, id) }); err != nil {
		return err
	}
	delete(v.problems, id)
	return v.scan()
}

// noteCase records what was seen of a case.
func (v *Vault) noteCase(id string, x *indexedCase) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.readOnly {
		return nil
	}
	return v.update(func(index *indexData) { index.Cases[id] = x })
}

func (v *Vault) forget(c *Case) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.open[c.id] == c {
		delete(v.open, c.id)
	}
}

// Close closes every open case and overwrites the keys.
func (v *Vault) Close() error {
	v.mu.Lock()
	if v.closing {
		v.mu.Unlock()
		return ErrClosed
	}
	v.closing = true
	var open []*Case
	for _, c := range v.open {
		open = append(open, c)
	}
	v.mu.Unlock()

	v.end()
	var errs []error
	for _, c := range open {
		if err := c.Close(); !errors.Is(err, ErrClosed) {
			errs = append(errs, err)
		}
		<-c.finished // somebody else may be closing it
	}
	v.busy.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.keys.wipe()
	v.index = &indexData{Cases: map[string]*indexedCase{}}
	return errors.Join(errs...)
}
