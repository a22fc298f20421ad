package casefile

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A Case is an open case. Its methods may be called from any goroutine; Close
// waits for those under way. After Close every method returns [ErrClosed] and
// our copies of the case's keys have been overwritten.
type Case struct {
	v    *Vault
	d    disk
	id   string
	path string // of the epoch's folder
	k    *caseKeys
	lock io.Closer // nil when the folder cannot be written

	// busy counts what goes on without mu because it can take long: Close waits
	// for it.
	busy     sync.WaitGroup
	finished chan struct{} // closed at the end of Close

	mu        sync.RWMutex
	closed    bool
	readOnly  bool
	j         *journal // nil when readOnly
	at        position
	when      time.Time
	dir       directory
	store     *store
	changed   bool // since it was opened
	snapshots map[*Snapshot]bool
	notice    Notice
}

// A Notice says what opening a case found that is worth telling a person.
// Nothing that was acknowledged was lost in any of it.
type Notice struct {
	// Rebuilt says that the working store was filled from the journal: the case
	// was not closed properly, or somebody touched its files.
	Rebuilt bool

	// Torn is how many bytes of a write that was never acknowledged stand at
	// the end of the journal. They are kept.
	Torn int64
}

// A reading is one state of the records, together with a view of the store that
// holds their bodies.
type reading struct {
	k    *caseKeys
	dir  directory
	view *view
}

func (k *caseKeys) valueName(record, version string) []byte {
	return append([]byte("r"), mac(k.names, []byte(record), []byte{0}, []byte(version))[:16]...)
}

func (k *caseKeys) sealValue(record string, it item) pair {
	version := versionID(it.digest)
	plaintext := append(append(make([]byte, 0, 16+len(it.raw)), it.salt...), it.raw...)
	padded := pad(plaintext)
	clear(plaintext)
	defer clear(padded)
	return pair{
		name:  k.valueName(record, version),
		value: sealBytes(k.values, padded, k.associated("forbear v1 value", []byte(record), []byte(version))),
	}
}

// item reads one version from the store and holds it against its digest, which
// the version's id is a half of.
func (r reading) item(record, version string) (item, *storedVersion, error) {
	bad := damaged("record", "working store does not hold it")
	sealed, err := r.view.get(r.k.valueName(record, version))
	if err != nil {
		return item{}, nil, err
	}
	padded, err := openBytes(r.k.values, sealed, r.k.associated("forbear v1 value", []byte(record), []byte(version)))
	if err != nil {
		return item{}, nil, bad
	}
	plaintext, ok := unpad(padded)
	if !ok || len(plaintext) <= 16 {
		return item{}, nil, bad
	}
	it := item{salt: plaintext[:16], raw: plaintext[16:]}
	it.digest = itemDigest(r.k.chain, it.salt, it.raw)
	if versionID(it.digest) != version {
		return item{}, nil, bad
	}
	v, err := decodeVersion(it.raw)
	if err != nil || v.Record != record {
		return item{}, nil, bad
	}
	return it, v, nil
}

func (r reading) record(id string, t *thing, h head) (Record, error) {
	_, v, err := r.item(id, h.version)
	if err != nil {
		return Record{}, err
	}
	return Record{
		ID: id, Kind: t.kind, Body: bodyWithID(t.kind, id, v.Body),
		Version: h.version, Conflict: len(t.heads) > 1,
	}, nil
}

func (r reading) get(id string) (Record, error) {
	t := r.dir[id]
	if t == nil || len(t.living()) == 0 {
		return Record{}, ErrNotFound
	}
	return r.record(id, t, t.living()[0])
}

func (r reading) list(kind string) ([]Record, error) {
	var out []Record
	for _, id := range r.dir.ids(kind) {
		t := r.dir[id]
		for _, h := range t.living() {
			rec, err := r.record(id, t, h)
			if err != nil {
				return nil, err
			}
			out = append(out, rec)
		}
	}
	return out, nil
}

// openCase opens the case id, whose folder is there.
func openCase(v *Vault, id string, known *indexedCase, members *people) (_ *Case, err error) {
	c := &Case{v: v, d: v.d, id: id, snapshots: map[*Snapshot]bool{}, finished: make(chan struct{})}
	caseDir := filepath.Join(v.dir, casesDir, id)
	defer func() {
		if err != nil {
			c.abandon()
		}
	}()

	lock, err := c.d.lock(filepath.Join(caseDir, "lock"))
	switch {
	case err == nil:
		c.lock = lock
	case isReadOnly(err):
		c.readOnly = true
	case errors.Is(err, ErrLocked):
		return nil, ErrLocked
	case errors.Is(err, fs.ErrNotExist) && known != nil:
		return nil, ErrCaseMissing
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	default:
		return nil, fmt.Errorf("lock case: %w", plain(err))
	}

	c.k, err = openCaseKeys(c.d, caseDir, id, v.me.ID, v.keys.identity, !c.readOnly)
	switch {
	case errors.Is(err, errNotEntitled) && known != nil:
		return nil, ErrCaseMissing
	case errors.Is(err, errNotEntitled):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("open case: %w", err)
	}
	c.path = filepath.Join(caseDir, epochName(c.k.epoch))

	r, err := replay(c.d, c.journalDir(), c.k, nil)
	if err != nil {
		return nil, err
	}
	sealed := readSeal(c.d, c.path, c.k)
	if err := c.trust(r, sealed, known, members); err != nil {
		return nil, err
	}
	c.dir, c.at, c.when, c.notice.Torn = r.dir, r.at, r.when, r.torn

	// Badger may look at its files only if they are those that were sealed, and
	// only after the seal was broken.
	if !c.readOnly && haveSpace(c.d, c.path, reserve) == nil && sealed.matches(c.d, c.storeDir(), r.at) {
		c.store = c.openSealed(r.dir)
	}
	if c.store == nil {
		if _, err := c.fill(); err != nil {
			return nil, err
		}
		c.notice.Rebuilt = r.at.seq > 1
	}
	if c.readOnly {
		return c, nil
	}
	c.sweep()
	if c.j, err = openJournal(c.d, c.journalDir(), c.k, c.at); err != nil {
		return nil, err
	}
	if c.notice.Torn > 0 {
		// The torn bytes stay where they are; writing goes on in a segment of
		// its own, whose header says where this one ends. A disk that is full
		// can still be read from.
		err := c.checkpoint()
		if errors.Is(err, ErrNoSpace) {
			c.readOnly = true
			return c, c.j.close()
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Case) journalDir() string { return filepath.Join(c.path, "journal") }
func (c *Case) storeDir() string   { return filepath.Join(c.path, "db") }

// openSealed breaks the seal, opens the working store and reads every value in
// it. It returns nil when anything is amiss: then the journal fills a new one.
func (c *Case) openSealed(dir directory) *store {
	if breakSeal(c.d, c.path) != nil {
		return nil
	}
	s, err := openFolder(c.storeDir(), c.k.badger)
	if err != nil {
		return nil
	}
	view := s.view()
	defer view.close()
	r := reading{k: c.k, dir: dir, view: view}
	for id, t := range dir {
		for _, h := range t.heads {
			if _, _, err := r.item(id, h.version); err != nil {
				view.close()
				_ = s.close() // it is written anew when the case closes
				return nil
			}
		}
	}
	return s
}

// fill makes an in-memory store from the journal.
func (c *Case) fill() (*replayed, error) {
	s, err := openMemory()
	if err != nil {
		return nil, err
	}
	var batch []pair
	r, err := replay(c.d, c.journalDir(), c.k, func(v *storedVersion, it item, gone []head) error {
		for _, h := range gone {
			batch = append(batch, pair{name: c.k.valueName(v.Record, h.version)})
		}
		batch = append(batch, c.k.sealValue(v.Record, it))
		if len(batch) < 256 {
			return nil
		}
		full := batch
		batch = nil
		return s.apply(full)
	})
	if err == nil {
		err = s.apply(batch)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	c.store = s
	return r, nil
}

// trust holds the end of the journal against everything that knows better: the
// members' signatures, this person's anchor, the seal and the card.
func (c *Case) trust(r *replayed, sealed *seal, known *indexedCase, members *people) error {
	author := members.members[hex.EncodeToString(r.last.author)]
	if author == nil || !r.last.verify(c.k.id, author.signing) {
		return &DamageError{Part: "journal", Segment: int(r.at.segment), Frame: r.at.frames, Cause: errors.New("not signed by a member")}
	}
	if sealed != nil && sealed.Seq > r.at.seq {
		return ErrRolledBack
	}
	if b, err := readCardFile(c.d, c.path); err == nil && b != nil {
		if x, err := parseCard(b, c.k); err == nil && x.Revision > r.at.seq {
			return ErrRolledBack
		}
	}
	if known == nil {
		return nil
	}
	a := known.Anchor
	switch {
	case c.k.epoch < a.Epoch, r.at.seq < a.Seq:
		return ErrRolledBack
	}
	link, err := r.linkAt(c.d, c.journalDir(), c.k, a.Seq)
	if err != nil {
		return err
	}
	if hex.EncodeToString(link) != a.Link {
		return ErrRolledBack
	}
	return nil
}

// sweep removes what a crash may have left half-made under names of ours.
// Whatever cannot be removed does no harm.
func (c *Case) sweep() {
	for _, name := range []string{"db.new", "db.old"} {
		_ = c.d.removeAll(filepath.Join(c.path, name))
	}
	for _, dir := range []string{filepath.Join(c.path, "blobs"), c.journalDir(), c.path} {
		entries, err := c.d.list(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			base, isTemporary := strings.CutSuffix(e.Name(), ".tmp")
			if !isTemporary {
				continue
			}
			_, segment := segmentNumber(base)
			if segment || validBlobID(strings.TrimSuffix(base, ".age")) || base == "card" || base == "seal" {
				_ = c.d.remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// ID is the case's name, 32 hex digits.
func (c *Case) ID() string { return c.id }

// Revision counts the journal's entries. It grows with every write.
func (c *Case) Revision() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.at.seq
}

// Saved is the latest time at which anything was ever saved in this case, by the
// clock of the computer that saved it. A clock that shows an earlier time is
// wrong now, or was wrong then; saving again does not hide it.
func (c *Case) Saved() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.when
}

// ReadOnly reports that the folder cannot be written. Methods that write return
// [ErrReadOnly].
func (c *Case) ReadOnly() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.readOnly
}

// Notice says what opening found.
func (c *Case) Notice() Notice { return c.notice }

func (c *Case) isClosed() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.closed
}

// read calls f with the present state.
func (c *Case) read(f func(reading) error) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return ErrClosed
	}
	view := c.store.view()
	defer view.close()
	return f(reading{k: c.k, dir: c.dir, view: view})
}

// Get returns the record with this id, or [ErrNotFound] if there is none or it
// is in the trash. Of a record in conflict it returns the first head.
func (c *Case) Get(id string) (Record, error) {
	var rec Record
	err := c.read(func(r reading) (err error) {
		rec, err = r.get(id)
		return err
	})
	return rec, err
}

// List returns the records of a kind in the order in which they were made, all
// heads of each. The empty kind lists everything.
func (c *Case) List(kind string) ([]Record, error) {
	var out []Record
	err := c.read(func(r reading) (err error) {
		out, err = r.list(kind)
		return err
	})
	return out, err
}

// A draft is a version that is about to be written.
type draft struct {
	id, kind string
	body     []byte
	deleted  bool
	order    uint64   // 0 keeps the record's place, or gives it the last one
	parents  []string // nil means every head there is
}

// Put saves records, all of them or none, and returns them as saved, with ids
// and versions. When it returns without an error they are on the disk. Each
// takes the place of every head that its record has.
func (c *Case) Put(records ...Record) ([]Record, error) {
	if len(records) == 0 {
		return nil, nil
	}
	drafts := make([]draft, 0, len(records))
	for _, rec := range records {
		d, err := newDraft(rec)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, d)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.write(drafts)
}

// Delete puts the record into the trash. Its history stays, and [Case.Restore]
// brings it back.
func (c *Case) Delete(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	t := c.dir[id]
	if t == nil || len(t.living()) == 0 {
		return ErrNotFound
	}
	_, err := c.write([]draft{{id: id, kind: t.kind, deleted: true}})
	return err
}

// write is called with the case's lock held.
func (c *Case) write(drafts []draft) ([]Record, error) {
	switch {
	case c.closed:
		return nil, ErrClosed
	case c.readOnly:
		return nil, ErrReadOnly
	case c.j.failed:
		return nil, ErrWriteFailed
	}
	now := c.v.settings.now()
	_, offset := now.Zone()
	e := &entry{
		kind: entryPut, at: now.UnixNano(), offset: int32(offset),
		author: c.v.rawMe, device: c.v.device,
	}
	seq := c.at.seq + 1
	total := 0
	var versions []*storedVersion
	seen := map[string]bool{}
	for i, d := range drafts {
		if seen[d.id] {
			return nil, fmt.Errorf("%w: the same record twice", ErrInvalid)
		}
		seen[d.id] = true
		v := &storedVersion{
			Record: d.id, Kind: d.kind, Order: d.order, Parents: d.parents,
			Author: c.v.me.ID, Device: hex.EncodeToString(c.v.device),
			Time: e.at, Offset: e.offset, Deleted: d.deleted, Body: d.body,
		}
		if old := c.dir[d.id]; old != nil {
			if old.kind != d.kind {
				return nil, fmt.Errorf("%w: a record's kind cannot change", ErrInvalid)
			}
			if v.Order == 0 {
				v.Order = old.order
			}
			if v.Parents == nil {
				for _, h := range old.heads {
					v.Parents = append(v.Parents, h.version)
				}
			}
		}
		if v.Order == 0 {
			v.Order = seq<<20 | uint64(i)
		}
		raw, err := v.encode()
		if err != nil {
			return nil, fmt.Errorf("encode record: %w", err)
		}
		if total += len(raw); total > maxEntry || i >= maxItems {
			return nil, ErrTooLarge
		}
		e.items = append(e.items, newItem(c.k.chain, raw))
		versions = append(versions, v)
	}
	if err := c.j.add(e, c.v.keys.signing); err != nil {
		return nil, err
	}
	// From here on the records are saved, whatever becomes of the working
	// store.
	c.at, c.changed = c.j.at, true
	if at := e.when(); at.After(c.when) {
		c.when = at
	}

	var pairs []pair
	out := make([]Record, 0, len(drafts))
	for i, v := range versions {
		version := versionID(e.items[i].digest)
		gone, err := c.dir.add(v, version)
		if err != nil {
			panic("casefile: internal error: " + err.Error()) // unreachable: the kind was compared above
		}
		for _, h := range gone {
			pairs = append(pairs, pair{name: c.k.valueName(v.Record, h.version)})
		}
		pairs = append(pairs, c.k.sealValue(v.Record, e.items[i]))
		out = append(out, Record{
			ID: v.Record, Kind: v.Kind, Body: bodyWithID(v.Kind, v.Record, v.Body),
			Version: version, Conflict: len(c.dir[v.Record].heads) > 1,
		})
	}
	if c.store.apply(pairs) != nil {
		// The journal has it, so a new store can be filled from there.
		c.endSnapshots()
		_ = c.store.close()
		r, err := c.fill()
		if err != nil {
			c.j.failed = true
			return nil, err
		}
		c.dir = r.dir
	}
	return out, nil
}

// snapshotEntries says everything that counts now, in entries that begin a
// segment.
func (c *Case) snapshotEntries() ([]*entry, error) {
	// A snapshot carries the latest time of all that came before it, so that it
	// is known without reading the older segments.
	now := c.v.settings.now()
	if c.when.After(now) {
		now = c.when
	}
	_, offset := now.Zone()
	newEntry := func() *entry {
		return &entry{kind: entryPart, at: now.UnixNano(), offset: int32(offset), author: c.v.rawMe, device: c.v.device}
	}
	entries := []*entry{newEntry()}
	view := c.store.view()
	defer view.close()
	r := reading{k: c.k, dir: c.dir, view: view}
	size := 0
	for _, id := range c.dir.ids("") {
		for _, h := range c.dir[id].heads {
			it, _, err := r.item(id, h.version)
			if err != nil {
				return nil, err
			}
			if size += len(it.raw); size > snapshotPart && len(entries[len(entries)-1].items) > 0 {
				entries, size = append(entries, newEntry()), len(it.raw)
			}
			last := entries[len(entries)-1]
			last.items = append(last.items, it)
		}
	}
	entries[len(entries)-1].kind = entrySnapshot
	return entries, nil
}

// checkpoint closes the segment and begins the next one.
func (c *Case) checkpoint() error {
	entries, err := c.snapshotEntries()
	if err != nil {
		return err
	}
	size := 0
	for _, e := range entries {
		for _, it := range e.items {
			size += 2 * (len(it.raw) + 64)
		}
	}
	if err := haveSpace(c.d, c.path, size+1<<20); err != nil {
		return err
	}
	at, err := createSegment(c.d, c.journalDir(), c.k, c.at, entries, c.v.keys.signing)
	if err != nil {
		c.j.failed = true // whether the new segment is there is not known
		return err
	}
	next, err := openJournal(c.d, c.journalDir(), c.k, at)
	if err != nil {
		c.j.failed = true
		return err
	}
	old := c.j
	c.j, c.at = next, at
	c.when = entries[len(entries)-1].when()
	c.changed = true
	return old.close()
}

// Attach seals what r gives, at most [MaxBlob] bytes, and returns once the disk
// has it. A record should name it then; until one does nobody can find it.
func (c *Case) Attach(r io.Reader) (Blob, error) { return c.attach(newID(), r, "") }

func (c *Case) attach(id string, r io.Reader, want string) (Blob, error) {
	c.mu.RLock()
	switch {
	case c.closed:
		c.mu.RUnlock()
		return Blob{}, ErrClosed
	case c.readOnly:
		c.mu.RUnlock()
		return Blob{}, ErrReadOnly
	}
	c.busy.Add(1)
	c.mu.RUnlock()
	defer c.busy.Done()
	return writeBlob(c.d, c.path, c.k, id, whileOpen{c, r}, want)
}

// whileOpen ends with [ErrClosed] when the case is being closed: locking the
// screen must not wait for a long attachment.
type whileOpen struct {
	c *Case
	r io.Reader
}

func (w whileOpen) Read(p []byte) (int, error) {
	if w.c.isClosed() {
		return 0, ErrClosed
	}
	return w.r.Read(p)
}

func (c *Case) openBlob(b Blob) (*openBlob, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return nil, ErrClosed
	}
	return openBlobAt(c.d, c.path, c.k, b)
}

// OpenBlob reads an attachment from its beginning. The last Read returns a
// [DamageError] in place of io.EOF if the whole does not have the hash that b
// names.
func (c *Case) OpenBlob(b Blob) (io.ReadCloser, error) {
	o, err := c.openBlob(b)
	if err != nil {
		return nil, err
	}
	return newBlobReader(c, o, b), nil
}

// BlobReaderAt opens an attachment for reading anywhere, and returns its size
// in bytes. Every byte is authenticated; the hash that b names is not looked at.
func (c *Case) BlobReaderAt(b Blob) (io.ReaderAt, int64, io.Closer, error) {
	o, err := c.openBlob(b)
	if err != nil {
		return nil, 0, nil, err
	}
	at := &blobAt{openBlob: o, c: c}
	return at, o.size, at, nil
}

// summary is called with the case's lock held.
func (c *Case) summary() Card {
	view := c.store.view()
	defer view.close()
	var body []byte
	// A card without a name is still a card: the case is there.
	if rec, err := (reading{k: c.k, dir: c.dir, view: view}).get(KindClient); err == nil {
		body = rec.Body
	}
	return summarize(body, c.at.seq, c.when, c.at.link)
}

func (c *Case) endSnapshots() {
	for s := range c.snapshots {
		s.end()
	}
	clear(c.snapshots)
}

// abandon lets go of a case that could not be opened.
func (c *Case) abandon() {
	if c.store != nil {
		_ = c.store.close()
	}
	if c.j != nil {
		_ = c.j.close()
	}
	if c.k != nil {
		c.k.wipe()
	}
	if c.lock != nil {
		_ = c.lock.Close()
	}
}

// Close saves the card, seals the working store and overwrites the keys. The
// records were saved before: an error here costs time at the next opening and
// nothing else.
func (c *Case) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	c.closed = true
	c.mu.Unlock()
	defer close(c.finished)
	c.busy.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.endSnapshots()
	err := c.settle()
	c.dir = nil
	c.k.wipe()
	if c.lock != nil {
		err = errors.Join(err, plain(c.lock.Close()))
	}
	c.v.forget(c)
	return err
}

// settle leaves the folder so that it opens quickly the next time.
func (c *Case) settle() error {
	if c.readOnly || c.j.failed {
		err := c.store.close()
		if c.j != nil {
			err = errors.Join(err, c.j.close())
		}
		return err
	}
	var errs []error
	if c.at.frames > c.v.settings.checkpoint {
		if err := c.checkpoint(); err != nil && !errors.Is(err, ErrNoSpace) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, c.j.close())
	if haveSpace(c.d, c.path, 1<<20) != nil {
		return errors.Join(append(errs, c.store.close())...)
	}
	x := c.summary()
	b, err := encodeCard(c.k, x)
	if err == nil {
		err = writeFile(c.d, filepath.Join(c.path, "card"), b)
	}
	errs = append(errs, err)
	errs = append(errs, c.v.noteCase(c.id, &indexedCase{Anchor: c.anchor(), Card: x, Hash: cardHash(b)}))
	errs = append(errs, c.sealStore())
	return errors.Join(errs...)
}

func (c *Case) anchor() anchor {
	return anchor{Epoch: c.k.epoch, Seq: c.at.seq, Link: hex.EncodeToString(c.at.link)}
}

// sealStore closes the working store, writes it if it was in memory, and seals
// it.
func (c *Case) sealStore() error {
	if c.store.memory {
		if err := c.writeStore(); err != nil {
			return err
		}
	} else {
		if err := c.store.close(); err != nil {
			return err
		}
		if err := settle(c.d, c.storeDir()); err != nil {
			return fmt.Errorf("close working store: %w", err)
		}
	}
	files, err := hashFolder(c.d, c.storeDir())
	if err != nil {
		return fmt.Errorf("seal working store: %w", err)
	}
	b, err := encodeSeal(c.k, sealOf(c.k, c.at, files))
	if err != nil {
		return err
	}
	if err := writeFile(c.d, filepath.Join(c.path, "seal"), b); err != nil {
		return fmt.Errorf("seal working store: %w", err)
	}
	return nil
}

// writeStore puts the in-memory store onto the disk, in a new folder that takes
// the place of the old one.
func (c *Case) writeStore() error {
	// A seal that is still there belongs to the files that go away now.
	if err := breakSeal(c.d, c.path); err != nil {
		return errors.Join(err, c.store.close())
	}
	var pairs []pair
	view := c.store.view()
	var failed error
	for id, t := range c.dir {
		for _, h := range t.heads {
			name := c.k.valueName(id, h.version)
			value, err := view.get(name)
			if err != nil || len(value) == 0 {
				failed = errors.Join(failed, damaged("record", "working store does not hold it"))
				continue
			}
			pairs = append(pairs, pair{name: name, value: value})
		}
	}
	view.close()
	if err := errors.Join(failed, c.store.close()); err != nil {
		return err
	}
	fresh := filepath.Join(c.path, "db.new")
	if err := c.d.removeAll(fresh); err != nil {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	if err := c.d.mkdir(fresh); err != nil {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	s, err := openFolder(fresh, c.k.badger)
	if err != nil {
		return err
	}
	if err := errors.Join(s.apply(pairs), s.close()); err != nil {
		return err
	}
	if err := settle(c.d, fresh); err != nil {
		return fmt.Errorf("write working store: %w", err)
	}
	old := filepath.Join(c.path, "db.old")
	if err := c.d.removeAll(old); err != nil {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	if err := c.d.rename(c.storeDir(), old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	if err := c.d.rename(fresh, c.storeDir()); err != nil {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	if err := c.d.removeAll(old); err != nil {
		return fmt.Errorf("write working store: %w", plain(err))
	}
	return plain(c.d.syncDir(c.path))
}

// A Snapshot is one pinned revision of a case. Saving goes on meanwhile and
// does not show in it. It must be closed; closing the case ends it too.
type Snapshot struct {
	c        *Case
	revision uint64
	saved    time.Time

	mu   sync.Mutex
	r    reading
	over bool
}

// Snapshot pins the present revision.
func (c *Case) Snapshot() (*Snapshot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	s := &Snapshot{
		c: c, revision: c.at.seq, saved: c.when,
		r: reading{k: c.k, dir: maps.Clone(c.dir), view: c.store.view()},
	}
	c.snapshots[s] = true
	return s, nil
}

// Revision is the one that is pinned.
func (s *Snapshot) Revision() uint64 { return s.revision }

// Saved is when the pinned revision was written.
func (s *Snapshot) Saved() time.Time { return s.saved }

func (s *Snapshot) read(f func(reading) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return ErrClosed
	}
	return f(s.r)
}

// List is [Case.List] of the pinned revision.
func (s *Snapshot) List(kind string) ([]Record, error) {
	var out []Record
	err := s.read(func(r reading) (err error) {
		out, err = r.list(kind)
		return err
	})
	return out, err
}

// Document is [Case.Document] of the pinned revision.
func (s *Snapshot) Document() (Document, error) {
	var d Document
	err := s.read(func(r reading) (err error) {
		d, err = assemble(r, s.c.id)
		return err
	})
	return d, err
}

// OpenBlob is [Case.OpenBlob]: an attachment never changes.
func (s *Snapshot) OpenBlob(b Blob) (io.ReadCloser, error) { return s.c.OpenBlob(b) }

// BlobReaderAt is [Case.BlobReaderAt].
func (s *Snapshot) BlobReaderAt(b Blob) (io.ReaderAt, int64, io.Closer, error) {
	return s.c.BlobReaderAt(b)
}

func (s *Snapshot) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.over = true
		s.r.view.close()
	}
}

// Close lets go of the revision.
func (s *Snapshot) Close() error {
	s.c.mu.Lock()
	delete(s.c.snapshots, s)
	s.c.mu.Unlock()
	s.end()
	return nil
}
