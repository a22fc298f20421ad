package casefile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func withDisk(d disk) Option { return func(s *settings) { s.disk = d } }

// A lazyDisk does not wait for the drive. Tests that are not about power cuts
// use it.
type lazyDisk struct{ osDisk }

type lazyFile struct{ diskFile }

func (lazyFile) Sync() error { return nil }

func (d lazyDisk) open(name string, flag int) (diskFile, error) {
	f, err := d.osDisk.open(name, flag)
	if err != nil {
		return nil, err
	}
	return lazyFile{f}, nil
}

func (lazyDisk) syncDir(string) error { return nil }

// A byteDisk holds one file, for reading.
type byteDisk struct {
	osDisk
	name string
	data []byte
}

func (d byteDisk) fs() fs.FS { return fstest.MapFS{d.name: {Data: d.data}} }

func (d byteDisk) open(name string, _ int) (diskFile, error) {
	f, err := d.fs().Open(filepath.Base(name))
	if err != nil {
		return nil, err
	}
	return byteFile{f, bytes.NewReader(d.data)}, nil
}

func (d byteDisk) list(string) ([]fs.DirEntry, error) { return fs.ReadDir(d.fs(), ".") }

type byteFile struct {
	fs.File
	at *bytes.Reader
}

func (f byteFile) ReadAt(p []byte, offset int64) (int, error) { return f.at.ReadAt(p, offset) }
func (byteFile) Write([]byte) (int, error)                    { return 0, fs.ErrPermission }
func (byteFile) Sync() error                                  { return nil }

// A watchedDisk calls before ahead of everything that changes the disk, and does
// not do it if before returns an error.
type watchedDisk struct {
	lazyDisk
	before func(op, name string) error
	after  func(op, name string)
}

func (d *watchedDisk) do(op, name string, f func() error) error {
	if err := d.before(op, name); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	if d.after != nil {
		d.after(op, name)
	}
	return nil
}

type watchedFile struct {
	diskFile
	d    *watchedDisk
	name string
}

func (d *watchedDisk) open(name string, flag int) (diskFile, error) {
	var f diskFile
	open := func() (err error) { f, err = d.lazyDisk.open(name, flag); return err }
	var err error
	if flag&os.O_CREATE != 0 {
		err = d.do("create", name, open)
	} else {
		err = open()
	}
	if err != nil {
		return nil, err
	}
	return &watchedFile{f, d, name}, nil
}

func (f *watchedFile) Write(p []byte) (n int, err error) {
	err = f.d.do("write", f.name, func() (err error) { n, err = f.diskFile.Write(p); return err })
	return n, err
}

func (f *watchedFile) Sync() error { return f.d.do("sync", f.name, f.diskFile.Sync) }

func (d *watchedDisk) mkdir(name string) error {
	return d.do("mkdir", name, func() error { return d.lazyDisk.mkdir(name) })
}

func (d *watchedDisk) rename(from, to string) error {
	return d.do("rename", from+"\x00"+to, func() error { return d.lazyDisk.rename(from, to) })
}

func (d *watchedDisk) remove(name string) error {
	return d.do("remove", name, func() error { return d.lazyDisk.remove(name) })
}

func (d *watchedDisk) removeAll(name string) error {
	return d.do("removeAll", name, func() error { return d.lazyDisk.removeAll(name) })
}

func (d *watchedDisk) syncDir(name string) error {
	return d.do("syncDir", name, func() error { return d.lazyDisk.syncDir(name) })
}

// What was written when a Put returns has been synced, and so has the folder of
// every file that is new.
func TestDisk_acknowledgedMeansSynced(t *testing.T) {
	dirty := map[string]bool{}
	var log []string
	d := &watchedDisk{before: func(op, name string) error {
		log = append(log, op+" "+filepath.Base(name))
		switch op {
		case "write":
			dirty[name] = true
		case "sync":
			delete(dirty, name)
		case "create":
			if !exists(osDisk{}, name) {
				dirty[filepath.Dir(name)] = true
			}
		case "mkdir":
			dirty[filepath.Dir(name)] = true
		case "rename":
			from, to, _ := strings.Cut(name, "\x00")
			if dirty[from] {
				t.Errorf("renamed before it was synced: %s", filepath.Base(from))
			}
			dirty[filepath.Dir(to)] = true
		case "syncDir":
			delete(dirty, name)
		}
		return nil
	}}
	acknowledged := func(what string) {
		t.Helper()
		if len(dirty) > 0 {
			t.Errorf("%s was acknowledged before the disk had it: %v\n%s", what, dirty, strings.Join(log, "\n"))
		}
		clear(dirty)
		log = nil
	}
	dir := t.TempDir()
	v := createVault(t, dir, withDisk(d))
	acknowledged("create")
	c := must[*Case](t)(v.NewCase())
	acknowledged("new case")
	for i := range 5 {
		must[[]Record](t)(c.Put(note(fmt.Sprint(i)), note("b")))
		if want := "write 000001,sync 000001"; strings.Join(log, ",") != want {
			t.Errorf("a Put does %q, want %q", log, want)
		}
		acknowledged("put")
		must[Blob](t)(c.Attach(strings.NewReader("paper")))
		acknowledged("attach")
	}
	check(t, c.Delete(must[[]Record](t)(c.List("notes"))[0].ID))
	acknowledged("delete")
	check(t, func() error { c.mu.Lock(); defer c.mu.Unlock(); return c.checkpoint() }())
	acknowledged("checkpoint")
	check(t, v.SetProfile(Profile{}))
	acknowledged("profile")
	check(t, v.Close())
	acknowledged("close")
}

// A case that could not be listed was not made: neither a row nor a folder stays,
// and adding it again works.
func TestDisk_caseThatCouldNotBeListed(t *testing.T) {
	for _, refused := range []string{".idx", ".idx.1", "lock"} {
		fail := false
		d := &watchedDisk{before: func(op, name string) error {
			if fail && op == "rename" && strings.HasSuffix(name, refused) {
				fail = false
				return &fs.PathError{Op: op, Path: name, Err: errors.New("input/output error")}
			}
			return nil
		}}
		locks := &refusedLock{watchedDisk: d}
		dir := t.TempDir()
		v := createVault(t, dir, withDisk(locks))
		fail, locks.refuse = refused != "lock", refused == "lock"
		if _, err := v.NewCase(); err == nil || fail || locks.refuse {
			t.Errorf("%s: new case: %v", refused, err)
		}
		folders := must[[]fs.DirEntry](t)(os.ReadDir(filepath.Join(dir, casesDir)))
		if len(folders) != 0 || len(v.Cards()) != 0 {
			t.Errorf("%s: %d folders and %d cards are left", refused, len(folders), len(v.Cards()))
		}
		document := must[Document](t)(ParseDocument([]byte(handmade)))
		document.ID = newID()
		fail, locks.refuse = refused != "lock", refused == "lock"
		if _, err := v.AddDocument(document); err == nil {
			t.Errorf("%s: added", refused)
		}
		must[*Case](t)(v.AddDocument(document))
		check(t, v.Close())
		v = openVault(t, dir)
		if cards := v.Cards(); len(cards) != 1 || cards[0].FamilyName != "Ejemplo" || cards[0].Problem != nil {
			t.Errorf("%s: cards are %+v", refused, cards)
		}
		check(t, v.Close())
	}
}

// A refusedLock cannot lock a case once.
type refusedLock struct {
	*watchedDisk
	refuse bool
}

func (d *refusedLock) lock(name string) (io.Closer, error) {
	if d.refuse && filepath.Base(filepath.Dir(filepath.Dir(name))) == casesDir {
		d.refuse = false
		return nil, &fs.PathError{Op: "lock", Path: name, Err: errors.New("input/output error")}
	}
	return d.watchedDisk.lock(name)
}

// A new vault under folders that were not there either lasts with all of them.
func TestDisk_createSyncsEveryNewFolder(t *testing.T) {
	root := t.TempDir()
	var synced []string
	d := &watchedDisk{before: func(op, name string) error {
		if under, ok := strings.CutPrefix(name, root); op == "syncDir" && ok {
			synced = append(synced, filepath.ToSlash(under))
		}
		return nil
	}}
	check(t, createVault(t, filepath.Join(root, "a", "b", "vault"), withDisk(d)).Close())
	for _, want := range []string{"", "/a", "/a/b", "/a/b/vault"} {
		if !slices.Contains(synced, want) {
			t.Errorf("%q was not synced, only %q", want, synced)
		}
	}
}

// A sync that failed is not tried again: the kernel may have dropped the pages,
// and the next sync would succeed for nothing.
func TestDisk_failedSyncEndsWriting(t *testing.T) {
	for _, op := range []string{"write", "sync"} {
		fail := false
		d := &watchedDisk{before: func(o, name string) error {
			if fail && o == op && strings.HasSuffix(name, "000001") {
				fail = false
				return &fs.PathError{Op: o, Path: name, Err: errors.New("input/output error")}
			}
			return nil
		}}
		dir := t.TempDir()
		v := createVault(t, dir, withDisk(d))
		c := must[*Case](t)(v.NewCase())
		must[[]Record](t)(c.Put(note("before")))
		revision := c.Revision()
		fail = true
		_, err := c.Put(note("lost"))
		if err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: put: %v", op, err)
		}
		if c.Revision() != revision || len(must[[]Record](t)(c.List("notes"))) != 1 {
			t.Errorf("%s: what was not saved is shown", op)
		}
		for range 2 {
			if _, err := c.Put(note("after")); !errors.Is(err, ErrWriteFailed) {
				t.Errorf("%s: next put: %v", op, err)
			}
		}
		id := c.ID()
		check(t, c.Close())
		c = must[*Case](t)(v.OpenCase(id))
		must[[]Record](t)(c.Put(note("again")))
		got := strings.Join(texts(t, must[[]Record](t)(c.List("notes"))), ",")
		if got != "before,again" && got != "before,lost,again" {
			t.Errorf("%s: after opening again: %s", op, got)
		}
		check(t, v.Close())
	}
}

func TestDisk_fullDisk(t *testing.T) {
	d := &fullDisk{}
	dir := t.TempDir()
	v := createVault(t, dir, withDisk(d))
	c := must[*Case](t)(v.NewCase())
	must[[]Record](t)(c.Put(note("before")))
	d.full = true
	if _, err := c.Put(note("x")); !errors.Is(err, ErrNoSpace) {
		t.Errorf("put: %v", err)
	}
	if _, err := c.Attach(strings.NewReader("x")); !errors.Is(err, ErrNoSpace) {
		t.Errorf("attach: %v", err)
	}
	if _, err := v.NewCase(); !errors.Is(err, ErrNoSpace) {
		t.Errorf("new case: %v", err)
	}
	id := c.ID()
	check(t, v.Close())
	// Reading goes on, also after closing, and nothing is written for it.
	v = openVault(t, dir, withDisk(d))
	c = must[*Case](t)(v.OpenCase(id))
	if got := texts(t, must[[]Record](t)(c.List("notes"))); len(got) != 1 || got[0] != "before" {
		t.Errorf("on a full disk: %q", got)
	}
	d.full = false
	must[[]Record](t)(c.Put(note("after")))
	check(t, v.Close())
}

type fullDisk struct {
	lazyDisk
	full bool
}

func (d *fullDisk) free(string) (uint64, error) {
	if d.full {
		return 1 << 20, nil
	}
	return 1 << 40, nil
}

// A folder that cannot be written can be read.
func TestDisk_readOnly(t *testing.T) {
	s := newSample(t)
	before := treeOf(t, s.dir)
	v := openVault(t, s.dir, withDisk(writeProtected{}))
	c := must[*Case](t)(v.OpenCase(s.id))
	if !c.ReadOnly() || documentOf(t, c) != s.want {
		t.Error("a write-protected case does not say the same")
	}
	if _, err := c.Put(note("x")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("put: %v", err)
	}
	if _, err := c.Attach(strings.NewReader("x")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("attach: %v", err)
	}
	check(t, c.Close())
	if report := must[Report](t)(v.Check(t.Context(), nil)); !report.Sound() {
		t.Errorf("check: %+v", report)
	}
	check(t, v.Close())
	if after := treeOf(t, s.dir); after != before {
		t.Error("a write-protected vault was changed")
	}
}

type writeProtected struct{ osDisk }

var errProtected = &fs.PathError{Op: "open", Err: fs.ErrPermission}

func (d writeProtected) open(name string, flag int) (diskFile, error) {
	if flag != os.O_RDONLY {
		return nil, errProtected
	}
	return d.osDisk.open(name, flag)
}
func (writeProtected) mkdir(string) error                { return errProtected }
func (writeProtected) rename(string, string) error       { return errProtected }
func (writeProtected) remove(string) error               { return errProtected }
func (writeProtected) removeAll(string) error            { return errProtected }
func (writeProtected) lock(string) (io.Closer, error)    { return nil, errProtected }
func (d writeProtected) free(dir string) (uint64, error) { return 1 << 40, nil }

func treeOf(t testing.TB, dir string) string {
	t.Helper()
	var out strings.Builder
	check(t, filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		fmt.Fprintf(&out, "%s %x\n", name[len(dir):], mac(nil, b))
		return err
	}))
	return out.String()
}

// A story is what the tests below let fail at one place after the other. It
// returns what was acknowledged.
type story struct {
	acknowledged []string
	blobs        map[string]Blob
	cases        int // asked for
}

func (st *story) run(dir string, d disk) (err error) {
	st.blobs = map[string]Blob{}
	v, err := Open(dir, "", []byte(phrase), append(testOptions(), withDisk(d), func(s *settings) { s.checkpoint = 3 })...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	for i := range 2 {
		st.cases++
		var c *Case
		if i == 0 {
			c, err = v.OpenCase(v.Cards()[0].ID)
		} else {
			c, err = v.NewCase()
		}
		if err != nil {
			return err
		}
		for j := range 3 {
			text := fmt.Sprint("note ", i, j)
			if _, err := c.Put(note(text)); err != nil {
				return err
			}
			st.acknowledged = append(st.acknowledged, text)
		}
		b, err := c.Attach(strings.NewReader(strings.Repeat("paper ", 100)))
		if err != nil {
			return err
		}
		x, err := NewRecord("exhibits", Exhibit{Title: "paper", Original: b})
		if err != nil {
			return err
		}
		if _, err := c.Put(x); err != nil {
			return err
		}
		st.blobs[c.ID()] = b
		if err := c.Close(); err != nil {
			return err
		}
	}
	return v.SetProfile(Profile{Office: Office{Name: "x"}})
}

// verify opens what is left and compares.
func (st *story) verify(dir string) error {
	v, err := Open(dir, "", []byte(phrase), testOptions()...)
	if err != nil {
		return err
	}
	defer v.Close()
	there := map[string]bool{}
	for _, card := range v.Cards() {
		c, err := v.OpenCase(card.ID)
		if err != nil {
			return err
		}
		records, err := c.List("")
		if err != nil {
			return err
		}
		blob := false
		for _, r := range records {
			if r.Kind == "notes" {
				n, err := Decode[Note](r)
				if err != nil {
					return err
				}
				there[n.Text] = true
			}
			if r.Kind == "exhibits" {
				x, err := Decode[Exhibit](r)
				if err != nil {
					return err
				}
				f, err := c.OpenBlob(x.Original)
				if err != nil {
					return err
				}
				if _, err := io.ReadAll(f); err != nil {
					return err
				}
				f.Close()
				blob = true
			}
		}
		if _, acknowledged := st.blobs[card.ID]; acknowledged && !blob {
			return errors.New("an acknowledged exhibit is gone")
		}
		if _, err := c.Put(note("goes on")); err != nil {
			return err
		}
		if err := c.Close(); err != nil {
			return err
		}
	}
	for _, text := range st.acknowledged {
		if !there[text] {
			return fmt.Errorf("acknowledged and gone: %s", text)
		}
	}
	report, err := v.Check(context.Background(), nil)
	if err == nil && !report.Sound() {
		err = report.Problems[0].Err
	}
	return err
}

// template is a vault with one case in it.
func template(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vault")
	v := createVault(t, dir)
	must[[]Record](t)(must[*Case](t)(v.NewCase()).Put(note("old")))
	check(t, v.Close())
	return dir
}

// stride thins the places that a story is tried at, unless FORBEAR_SOAK is set.
// The first is chosen at random, so that every place has its turn.
func stride(n, want int) int {
	if os.Getenv("FORBEAR_SOAK") != "" {
		return 1
	}
	return max(1, n/want)
}

// The disk refuses one operation, each in turn, and works again. Whatever was
// acknowledged is there afterwards, and what was not is an error.
func TestDisk_everyOperationFailsOnce(t *testing.T) {
	from := template(t)
	count := func(st *story, dir string, at int) (int, error) {
		n := 0
		d := &watchedDisk{before: func(op, name string) error {
			if n++; n-1 == at {
				return &fs.PathError{Op: op, Path: name, Err: errors.New("input/output error")}
			}
			return nil
		}}
		return n, st.run(dir, d)
	}
	dir := filepath.Join(t.TempDir(), "whole")
	copyDir(t, from, dir)
	total := 0
	{
		n := 0
		d := &watchedDisk{before: func(string, string) error { n++; return nil }}
		check(t, new(story).run(dir, d))
		total = n
	}
	step := stride(total, 14)
	for at := rand.IntN(step); at < total; at += step {
		dir := filepath.Join(t.TempDir(), "vault")
		copyDir(t, from, dir)
		st := new(story)
		_, err := count(st, dir, at)
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("operation %d: the error names a folder: %v", at, err)
		}
		if err := st.verify(dir); err != nil {
			t.Errorf("operation %d of %d: %v", at, total, err)
		}
	}
}

// A cutDisk remembers what a power cut would leave: of each file what was
// synced, of each folder the names that were.
type cutDisk struct {
	*watchedDisk
	mu   sync.Mutex
	dir  string
	root *node
	n    int
	at   int // the operation at which the power goes
}

type node struct {
	folder  bool
	now     map[string]*node // names as they are
	durable map[string]*node // names as they would be after a cut
	content []byte           // as it would be after a cut
}

var errPower = errors.New("power is gone")

func newCutDisk(t testing.TB, dir string, at int) *cutDisk {
	d := &cutDisk{dir: dir, at: at, root: load(t, dir)}
	d.watchedDisk = &watchedDisk{before: d.before, after: d.after}
	return d
}

// load takes a folder as it stands for durable.
func load(t testing.TB, name string) *node {
	t.Helper()
	n := &node{folder: true, now: map[string]*node{}, durable: map[string]*node{}}
	for _, e := range must[[]fs.DirEntry](t)(os.ReadDir(name)) {
		child := &node{}
		if e.IsDir() {
			child = load(t, filepath.Join(name, e.Name()))
		} else {
			child.content = read(t, filepath.Join(name, e.Name()))
		}
		n.now[e.Name()], n.durable[e.Name()] = child, child
	}
	return n
}

func (d *cutDisk) before(string, string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.n++; d.n > d.at {
		return errPower
	}
	return nil
}

func (d *cutDisk) split(name string) []string {
	rel, err := filepath.Rel(d.dir, name)
	if err != nil {
		panic(err)
	}
	if rel == "." {
		return nil
	}
	return strings.Split(rel, string(filepath.Separator))
}

// find returns the node of name, made if the disk has it and we do not: Badger
// writes without us.
func (d *cutDisk) find(name string) *node {
	n := d.root
	path := d.dir
	for _, part := range d.split(name) {
		path = filepath.Join(path, part)
		child := n.now[part]
		if child == nil {
			child = &node{}
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				child = &node{folder: true, now: map[string]*node{}, durable: map[string]*node{}}
			}
			n.now[part] = child
		}
		n = child
	}
	return n
}

func (d *cutDisk) after(op, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch op {
	case "create", "mkdir":
		d.find(name)
	case "sync":
		b, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		d.find(name).content = b
	case "rename":
		from, to, _ := strings.Cut(name, "\x00")
		n := d.find(from)
		delete(d.find(filepath.Dir(from)).now, filepath.Base(from))
		d.find(filepath.Dir(to)).now[filepath.Base(to)] = n
	case "remove", "removeAll":
		delete(d.find(filepath.Dir(name)).now, filepath.Base(name))
	case "syncDir":
		n := d.find(name)
		entries, err := os.ReadDir(name)
		if err != nil {
			panic(err)
		}
		n.durable = map[string]*node{}
		for _, e := range entries {
			n.durable[e.Name()] = d.find(filepath.Join(name, e.Name()))
		}
	}
}

// left writes what a power cut leaves.
func (n *node) left(t testing.TB, name string) {
	t.Helper()
	if !n.folder {
		write(t, name, n.content)
		return
	}
	check(t, os.MkdirAll(name, 0o700))
	var names []string
	for child := range n.durable {
		names = append(names, child)
	}
	sort.Strings(names)
	for _, child := range names {
		n.durable[child].left(t, filepath.Join(name, child))
	}
}

// The power goes at one operation after the other. What was not synced is gone:
// bytes, and names. Whatever was acknowledged is there.
func TestDisk_powerCutAtEveryOperation(t *testing.T) {
	from := template(t)
	dir := filepath.Join(t.TempDir(), "whole")
	copyDir(t, from, dir)
	whole := newCutDisk(t, dir, 1<<30)
	check(t, new(story).run(dir, whole))
	total := whole.n
	step := stride(total, 14)
	for at := rand.IntN(step); at <= total; at += step {
		dir := filepath.Join(t.TempDir(), "vault")
		copyDir(t, from, dir)
		d := newCutDisk(t, dir, at)
		st := new(story)
		if err := st.run(dir, d); err == nil && at < total {
			t.Errorf("operation %d: the power went and nobody noticed", at)
		}
		left := filepath.Join(t.TempDir(), "left")
		d.root.left(t, left)
		if err := st.verify(left); err != nil {
			t.Errorf("power cut at operation %d of %d: %v", at, total, err)
		}
	}
}
