package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

func newTestCase(t testing.TB, options ...Option) (*Vault, *Case) {
	t.Helper()
	v := createVault(t, t.TempDir(), options...)
	t.Cleanup(func() { v.Close() })
	return v, must[*Case](t)(v.NewCase())
}

func texts(t testing.TB, records []Record) []string {
	t.Helper()
	var out []string
	for _, r := range records {
		n := must[Note](t)(Decode[Note](r))
		if n.ID != r.ID {
			t.Errorf("body has id %q, record %q", n.ID, r.ID)
		}
		out = append(out, n.Text)
	}
	return out
}

func TestCase_putKeepsIDsAndOrder(t *testing.T) {
	_, c := newTestCase(t)
	saved := must[[]Record](t)(c.Put(note("a"), note("b"), note("c")))
	must[[]Record](t)(c.Put(note("d")))
	b := saved[1]
	b.Body = json.RawMessage(`{"text":"b changed"}`)
	again := must[[]Record](t)(c.Put(b))
	if again[0].ID != saved[1].ID || again[0].Version == saved[1].Version {
		t.Errorf("put gave %+v after %+v", again[0], saved[1])
	}
	if got := strings.Join(texts(t, must[[]Record](t)(c.List("notes"))), ","); got != "a,b changed,c,d" {
		t.Errorf("list is %s", got)
	}
}

func TestCase_trashHistoryUndo(t *testing.T) {
	v, c := newTestCase(t)
	first := must[[]Record](t)(c.Put(note("one")))[0]
	changed := first
	changed.Body = json.RawMessage(`{"text":"two"}`)
	must[[]Record](t)(c.Put(changed))
	check(t, c.Delete(first.ID))
	if _, err := c.Get(first.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("get from the trash: %v", err)
	}
	if err := c.Delete(first.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("delete twice: %v", err)
	}
	history := must[[]Version](t)(c.History(first.ID))
	if len(history) != 3 || history[0].Deleted || !history[2].Deleted || len(history[2].Parents) != 1 || history[2].Parents[0] != history[1].ID {
		t.Fatalf("history is %+v", history)
	}
	for i, h := range history {
		if h.Author.Name != "Ada Advocate" || h.Author.ID != v.Me().ID || len(h.Device) != 16 {
			t.Errorf("version %d is by %+v on %q", i, h.Author, h.Device)
		}
		if _, offset := h.At.Zone(); offset != -6*3600 || i > 0 && !h.At.After(history[i-1].At) {
			t.Errorf("version %d is of %v", i, h.At)
		}
	}
	check(t, c.Restore(first.ID, history[0].ID))
	if got := must[Record](t)(c.Get(first.ID)); texts(t, []Record{got})[0] != "one" || got.Version == history[0].ID {
		t.Errorf("restored %+v", got)
	}
	if err := c.Restore(first.ID, newID()); !errors.Is(err, ErrNotFound) {
		t.Errorf("restore a version that never was: %v", err)
	}
	// A checkpoint takes nothing from history.
	check(t, func() error { c.mu.Lock(); defer c.mu.Unlock(); return c.checkpoint() }())
	if n := len(must[[]Version](t)(c.History(first.ID))); n != 4 {
		t.Errorf("%d versions after a checkpoint", n)
	}
}

// Two versions of which neither descends from the other are both kept, in the
// same order everywhere, until somebody settles it.
func TestCase_conflict(t *testing.T) {
	v, c := newTestCase(t)
	base := must[[]Record](t)(c.Put(note("base")))[0]
	write := func(text string, parents ...string) {
		b, _ := json.Marshal(map[string]string{"text": text})
		c.mu.Lock()
		defer c.mu.Unlock()
		must[[]Record](t)(c.write([]draft{{id: base.ID, kind: "notes", body: b, parents: parents}}))
	}
	write("left", base.Version)
	write("right", base.Version)
	both := func(c *Case) []Record {
		t.Helper()
		list := must[[]Record](t)(c.List("notes"))
		if len(list) != 2 || !list[0].Conflict || !list[1].Conflict || list[0].Version >= list[1].Version {
			t.Fatalf("list is %+v", list)
		}
		return list
	}
	before := both(c)
	if d := must[Document](t)(c.Document()); len(d.Notes) != 1 {
		t.Errorf("the document has the note %d times", len(d.Notes))
	}
	id := c.ID()
	for range 2 { // from the journal, then from a snapshot
		check(t, func() error { c.mu.Lock(); defer c.mu.Unlock(); return c.checkpoint() }())
		check(t, c.Close())
		c = must[*Case](t)(v.OpenCase(id))
		if after := both(c); after[0].Version != before[0].Version {
			t.Error("heads changed places")
		}
	}
	settled := must[[]Record](t)(c.Put(before[0]))[0]
	if settled.Conflict || len(must[[]Record](t)(c.List("notes"))) != 1 {
		t.Error("putting did not settle the conflict")
	}
}

func TestCase_snapshotIsPinned(t *testing.T) {
	_, c := newTestCase(t)
	first := must[[]Record](t)(c.Put(note("before")))[0]
	s := must[*Snapshot](t)(c.Snapshot())
	first.Body = json.RawMessage(`{"text":"after"}`)
	must[[]Record](t)(c.Put(first, note("another")))
	check(t, c.Delete(first.ID))
	if got := texts(t, must[[]Record](t)(s.List("notes"))); len(got) != 1 || got[0] != "before" {
		t.Errorf("the snapshot shows %q", got)
	}
	if s.Revision() != c.Revision()-2 {
		t.Errorf("revision %d of %d", s.Revision(), c.Revision())
	}
	check(t, s.Close())
	if _, err := s.Document(); !errors.Is(err, ErrClosed) {
		t.Errorf("after close: %v", err)
	}
}

func TestCase_putRefuses(t *testing.T) {
	_, c := newTestCase(t)
	saved := must[[]Record](t)(c.Put(note("x")))[0]
	revision := c.Revision()
	for name, r := range map[string]Record{
		"no JSON":            {Kind: "notes", Body: json.RawMessage(`{`)},
		"an array":           {Kind: "other", Body: json.RawMessage(`[]`)},
		"null":               {Kind: "other", Body: json.RawMessage(`null`)},
		"unknown field":      {Kind: "notes", Body: json.RawMessage(`{"text":"a","colour":"red"}`)},
		"field twice":        {Kind: "notes", Body: json.RawMessage(`{"text":"a","Text":"b"}`)},
		"wrong type":         {Kind: "notes", Body: json.RawMessage(`{"text":1}`)},
		"more behind":        {Kind: "notes", Body: json.RawMessage(`{"text":"a"} {}`)},
		"kind":               {Kind: "no tes", Body: json.RawMessage(`{}`)},
		"id with a slash":    {ID: "a/b", Kind: "notes", Body: json.RawMessage(`{}`)},
		"id of the client":   {ID: "client", Kind: "notes", Body: json.RawMessage(`{}`)},
		"client by other id": {ID: "x", Kind: KindClient, Body: json.RawMessage(`{}`)},
		"A-number of zeros":  {Kind: KindClient, Body: json.RawMessage(`{"aNumbers":["0000000"]}`)},
		"kind changes":       {ID: saved.ID, Kind: "entries", Body: json.RawMessage(`{}`)},
		"not UTF-8":          {Kind: "notes", Body: json.RawMessage("{\"text\":\"\xff\"}")},
	} {
		if _, err := c.Put(r); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "red") {
			t.Errorf("%s: the error quotes the document: %v", name, err)
		}
	}
	if _, err := c.Put(Record{Kind: "other", Body: json.RawMessage(`{"x":"` + strings.Repeat("x", MaxBody) + `"}`)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := c.Put(saved, saved); !errors.Is(err, ErrInvalid) {
		t.Errorf("twice the same: %v", err)
	}
	if _, err := c.Put(note("good"), Record{Kind: "notes", Body: json.RawMessage(`{`)}); err == nil || c.Revision() != revision {
		t.Errorf("half of a Put was saved: %v", err)
	}
}

// The largest record fits through the journal, the store in memory and the
// store on disk.
func TestCase_largestRecord(t *testing.T) {
	v, c := newTestCase(t)
	body := json.RawMessage(`{"x":"` + strings.Repeat("x", MaxBody-8) + `"}`)
	var saved []Record
	for range 3 {
		saved = append(saved, must[[]Record](t)(c.Put(Record{Kind: "other", Body: body}))...)
	}
	id := c.ID()
	for range 3 {
		check(t, c.Close())
		c = must[*Case](t)(v.OpenCase(id))
		for _, s := range saved {
			if got := must[Record](t)(c.Get(s.ID)); !bytes.Equal(got.Body, body) {
				t.Fatalf("%d bytes came back", len(got.Body))
			}
		}
		if c.Notice().Rebuilt {
			t.Error("the store on disk was not used")
		}
	}
}

// What the case says is what a plain map says, through checkpoints, closing and
// opening, and rebuilding from the journal.
func TestCase_againstModel(t *testing.T) {
	small := func(s *settings) { s.checkpoint = 7 }
	v, c := newTestCase(t, small)
	id := c.ID()
	r := rand.New(rand.NewPCG(1, 2))
	model := map[string]string{}
	var ids []string
	for step := range 150 {
		switch n := r.IntN(10); {
		case n < 5 || len(ids) == 0:
			text := fmt.Sprint("new ", step)
			rec := must[[]Record](t)(c.Put(note(text)))[0]
			model[rec.ID] = text
			ids = append(ids, rec.ID)
		case n < 8:
			id := ids[r.IntN(len(ids))]
			text := fmt.Sprint("changed ", step)
			b, _ := json.Marshal(map[string]string{"text": text})
			must[[]Record](t)(c.Put(Record{ID: id, Kind: "notes", Body: b}))
			model[id] = text
		case n < 9:
			id := ids[r.IntN(len(ids))]
			if _, there := model[id]; there {
				check(t, c.Delete(id))
				delete(model, id)
			}
		default:
			check(t, c.Close())
			if r.IntN(2) == 0 {
				check(t, v.d.remove(c.path+"/seal")) // as after a crash
			}
			c = must[*Case](t)(v.OpenCase(id))
		}
		if step%10 != 0 {
			continue
		}
		list := must[[]Record](t)(c.List("notes"))
		if len(list) != len(model) {
			t.Fatalf("step %d: %d records, the model has %d", step, len(list), len(model))
		}
		for i, text := range texts(t, list) {
			if model[list[i].ID] != text {
				t.Fatalf("step %d: %q, the model has %q", step, text, model[list[i].ID])
			}
		}
	}
	check(t, c.Close())
	if report := must[Report](t)(v.Check(t.Context(), nil)); !report.Sound() {
		t.Errorf("check: %+v", report)
	}
}

func TestCase_blobs(t *testing.T) {
	_, c := newTestCase(t)
	for _, size := range []int{0, 1, blobStep - 1, blobStep, blobStep + 1, 5*blobStep + 17} {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(i * 7)
		}
		b := must[Blob](t)(c.Attach(bytes.NewReader(content)))
		if b.Size != int64(size) || len(b.SHA256) != 64 {
			t.Errorf("blob is %+v", b)
		}
		r := must[io.ReadCloser](t)(c.OpenBlob(b))
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("size %d: %d bytes came back, %v", size, len(got), err)
		}
		check(t, r.Close())
		at, n, closer, err := c.BlobReaderAt(b)
		check(t, err)
		if n != int64(size) {
			t.Errorf("size %d: reader says %d", size, n)
		}
		got, err = io.ReadAll(io.NewSectionReader(at, 0, n))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("size %d: %d bytes came back, %v", size, len(got), err)
		}
		if m, err := at.ReadAt(make([]byte, 10), n); m != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("size %d: behind the end %d, %v", size, m, err)
		}
		check(t, closer.Close())
		wrong := b
		wrong.SHA256 = strings.Repeat("0", 64)
		r = must[io.ReadCloser](t)(c.OpenBlob(wrong))
		if _, err := io.ReadAll(r); !errors.Is(err, ErrDamaged) {
			t.Errorf("size %d: wrong hash: %v", size, err)
		}
		check(t, r.Close())
	}
	for _, id := range []string{"", newID(), "../header", strings.Repeat("g", 32)} {
		if _, err := c.OpenBlob(Blob{ID: id}); !errors.Is(err, ErrNotFound) {
			t.Errorf("blob %q: %v", id, err)
		}
	}
	if _, err := c.Attach(io.MultiReader(strings.NewReader("half"), brokenReader{})); err == nil {
		t.Error("a source that fails halfway was taken for whole")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("gone") }

func TestCase_concurrent(t *testing.T) {
	v, c := newTestCase(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 20 {
				if _, err := c.Put(note(fmt.Sprint(i, j))); err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
				if _, err := c.Document(); err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
				v.Cards()
			}
		}()
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range 10 {
			s, err := c.Snapshot()
			if err != nil {
				return // closed meanwhile
			}
			if _, err := s.List(""); err != nil && !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
			s.Close()
		}
	}()
	wg.Wait()
	if n := len(must[[]Record](t)(c.List("notes"))); n != 80 {
		t.Errorf("%d records", n)
	}
	check(t, c.Close())
}

// The vault is locked while everything is under way. Whatever was going on ends
// with ErrClosed or had been done before; the vault is whole afterwards.
func TestVault_closeWhileBusy(t *testing.T) {
	for round := range 6 {
		dir := t.TempDir()
		v := createVault(t, dir)
		c := must[*Case](t)(v.NewCase())
		must[[]Record](t)(c.Put(note("first")))
		must[Blob](t)(c.Attach(bytes.NewReader(make([]byte, 1<<20))))
		var wg sync.WaitGroup
		start := make(chan struct{})
		saved := make([]int, 2)
		busy := func(f func(i int) error) {
			wg.Add(1)
			go func() {
				defer wg.Done()
				<-start
				for i := range 1000 {
					if err := f(i); err != nil {
						if !errors.Is(err, ErrClosed) && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrLocked) {
							t.Error(err)
						}
						if errors.Is(err, ErrClosed) {
							return
						}
					}
				}
			}()
		}
		for i := range saved {
			busy(func(int) error {
				_, err := c.Put(note("more"))
				if err == nil {
					saved[i]++
				}
				return err
			})
		}
		busy(func(int) error { _, err := v.Check(t.Context(), nil); return err })
		busy(func(int) error { _, err := c.Attach(endless{}); return err })
		busy(func(int) error { return v.SetProfile(Profile{Office: Office{Name: "x"}}) })
		busy(func(int) error { _, err := c.Document(); v.Cards(); return err })
		close(start)
		// One closes the case, another the vault, at the same time.
		wg.Add(1)
		go func() {
			defer wg.Done()
			if round%2 == 0 {
				if err := c.Close(); err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
			}
		}()
		for c.Revision() < 10 {
			if c.isClosed() {
				break
			}
		}
		check(t, v.Close())
		wg.Wait()
		v = openVault(t, dir)
		c = must[*Case](t)(v.OpenCase(c.ID()))
		if n := len(must[[]Record](t)(c.List("notes"))); n != 1+saved[0]+saved[1] {
			t.Errorf("%d notes, %d acknowledged", n, 1+saved[0]+saved[1])
		}
		if report := must[Report](t)(v.Check(t.Context(), nil)); !report.Sound() {
			t.Errorf("check: %+v", report)
		}
		check(t, v.Close())
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A clock that is set back shows: neither saving again nor closing nor a new
// segment hides that something was saved at a later time.
func TestCase_savedIsTheLatestTime(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	late := now
	v, c := newTestCase(t, WithClock(func() time.Time { return now }))
	rec := must[[]Record](t)(c.Put(note("by the right clock")))[0]
	now = now.AddDate(0, -1, 0)
	rec.Body = json.RawMessage(`{"text":"by a clock that was set back"}`)
	must[[]Record](t)(c.Put(rec))
	id := c.ID()
	for _, when := range []string{"at once", "opened again", "from a new segment", "from the index"} {
		if !c.Saved().Equal(late) {
			t.Errorf("%s: saved %v, want %v", when, c.Saved(), late)
		}
		if when == "opened again" {
			check(t, func() error { c.mu.Lock(); defer c.mu.Unlock(); return c.checkpoint() }())
			must[[]Record](t)(c.Put(rec))
		}
		check(t, c.Close())
		if saved := v.Cards()[0].Saved; !saved.Equal(late) {
			t.Errorf("%s: card says %v", when, saved)
		}
		c = must[*Case](t)(v.OpenCase(id))
	}
	now = late.Add(time.Hour)
	must[[]Record](t)(c.Put(rec))
	if !c.Saved().Equal(now) {
		t.Errorf("saved %v, want %v", c.Saved(), now)
	}
}
