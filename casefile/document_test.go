package casefile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"forbear/factors"
)

// full is a document in which every field of every type is set, made by
// reflection so that a new field is part of it.
func full(t testing.TB) Document {
	t.Helper()
	var d Document
	n := 0
	fill(t, reflect.ValueOf(&d).Elem(), &n)
	d.Format, d.ID = DocumentFormat, strings.Repeat("ab", 16)
	d.ANumbers = []string{"000000501", "000000502"}
	d.OtherRecords = []OtherRecord{{ID: "p1", Kind: KindPackets, Body: json.RawMessage(`{"pages":3}`)}}
	// Elements that point nowhere would be refused by the rules about them.
	d.Answers = map[string]factors.Asked{"arrests": {Answer: factors.No, By: "AA"}}
	return d
}

func fill(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Type() {
	case dateType:
		check(t, v.Addr().Interface().(*factors.Date).UnmarshalText([]byte("2020-11~")))
		return
	case answerType:
		v.Set(reflect.ValueOf(factors.Yes))
		return
	case rawType:
		v.Set(reflect.ValueOf(json.RawMessage(`{}`)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text-" + strings.Repeat("x", *n%7) + string(rune('a'+*n%26)) + "-" + string(rune('a'+*n/26%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, n)
		fill(t, value, n)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
		if id := v.FieldByName("ID"); id.IsValid() && v.Type() != reflect.TypeOf(Blob{}) {
			id.SetString("id-" + string(rune('a'+*n%26)) + "." + string(rune('a'+*n/26%26)) + string(rune('a'+*n/676%26)))
		}
	default:
		t.Fatalf("no value for %v", v.Type())
	}
}

// A case holds every field of the document, and gives it back byte for byte.
func TestDocument_everyFieldComesBack(t *testing.T) {
	want := full(t)
	v := createVault(t, t.TempDir())
	defer v.Close()
	c := must[*Case](t)(v.newCase(want.ID))
	drafts := must[[]draft](t)(split(want))
	c.mu.Lock()
	check(t, c.put(drafts, true)) // not Import: the words are no facts
	c.mu.Unlock()
	wantBytes := must[[]byte](t)(want.Encode())
	if got := documentOf(t, c); got != string(wantBytes) {
		t.Errorf("got %s\nwant %s", got, wantBytes)
	}
	check(t, c.Close())
	c = must[*Case](t)(v.OpenCase(want.ID))
	if got := documentOf(t, c); got != string(wantBytes) {
		t.Error("another document after closing and opening")
	}
	revision := c.Revision()
	c.mu.Lock()
	check(t, c.put(must[[]draft](t)(split(want)), true))
	c.mu.Unlock()
	if c.Revision() != revision {
		t.Error("importing what is there writes something")
	}
}

// Every list of the document is either kept element by element or inside the
// client record; none falls between.
func TestDocument_kinds(t *testing.T) {
	want := "entries absences offenses arrests orders priorRemovals adverse relatives health military education communityTies roles disputes reliefPending exhibits decisions requests notes"
	if got := strings.Join(ListKinds(), " "); got != want {
		t.Errorf("kinds are %s", got)
	}
}

const handmade = `{"format":"forbear-case/1","invented":true,"familyName":"Ejemplo","aNumbers":["A 000-000-503","7777777"],
 "aliases":[{"name":"E. Ejemplo"}],
 "offenses":[{"id":"o1","title":"first"},{"title":"second"},{"id":"o3","title":"third"}],
 "notes":[{"text":"n"}]}`

func TestDocument_import(t *testing.T) {
	v, c := newTestCase(t)
	d := must[Document](t)(ParseDocument([]byte(handmade)))
	check(t, c.Import(d))
	got := must[Document](t)(c.Document())
	if got.ANumbers[0] != "000000503" || got.ANumbers[1] != "007777777" || got.Offenses[0].ID != "o1" || got.Offenses[1].ID == "" || got.Aliases[0].ID == "" {
		t.Errorf("document is %+v", got)
	}
	// Another order, one gone, one new, one changed.
	next := got
	next.Offenses = []factors.Offense{got.Offenses[2], {ID: "o4", Title: "new"}, got.Offenses[0]}
	next.Offenses[2].Title = "first, changed"
	check(t, c.Import(next))
	titles := func(d Document) (out string) {
		for _, o := range d.Offenses {
			out += o.ID + " " + o.Title + ","
		}
		return out
	}
	want := "o3 third,o4 new,o1 first, changed,"
	if got := titles(must[Document](t)(c.Document())); got != want {
		t.Errorf("offenses are %s", got)
	}
	id := c.ID()
	check(t, c.Close())
	c = must[*Case](t)(v.OpenCase(id))
	if got := titles(must[Document](t)(c.Document())); got != want {
		t.Errorf("offenses are %s after opening again", got)
	}
	if n := len(must[[]Version](t)(c.History("o1"))); n != 2 {
		t.Errorf("o1 has %d versions", n)
	}
}

func TestDocument_saveClientLeavesLists(t *testing.T) {
	_, c := newTestCase(t)
	must[[]Record](t)(c.Put(note("stays")))
	var d Document
	d.FamilyName, d.ANumbers, d.CountryOfCitizenship = "Ejemplo", []string{"a000000504"}, "Honduras"
	d.Representative.Name = "Ada Advocate"
	check(t, c.SaveClient(d))
	if d.ANumbers[0] != "a000000504" {
		t.Error("the caller's document was changed")
	}
	got := must[Document](t)(c.Document())
	if got.FamilyName != "Ejemplo" || got.ANumbers[0] != "000000504" || got.CountryOfCitizenship != "Honduras" || got.Representative.Name != "Ada Advocate" || len(got.Notes) != 1 {
		t.Errorf("document is %+v", got)
	}
	revision := c.Revision()
	check(t, c.SaveClient(got))
	if c.Revision() != revision {
		t.Error("saving what is there writes something")
	}
}

func TestDocument_refuses(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           ``,
		"no format":       `{"familyName":"X"}`,
		"other format":    `{"format":"forbear-case/2"}`,
		"unknown field":   `{"format":"forbear-case/1","colour":"red"}`,
		"unknown in list": `{"format":"forbear-case/1","entries":[{"colour":"red"}]}`,
		"twice":           `{"format":"forbear-case/1","entries":[],"entries":[]}`,
		"twice in case":   `{"format":"forbear-case/1","entries":[],"Entries":[]}`,
		"behind":          `{"format":"forbear-case/1"}{}`,
		"zeros":           `{"format":"forbear-case/1","aNumbers":["0000000"]}`,
		"short number":    `{"format":"forbear-case/1","aNumbers":["123456"]}`,
		"letters":         `{"format":"forbear-case/1","aNumbers":["A12345x78"]}`,
		"same id":         `{"format":"forbear-case/1","entries":[{"id":"a"}],"notes":[{"id":"a","text":"x"}]}`,
		"id with slash":   `{"format":"forbear-case/1","entries":[{"id":"a/b"}]}`,
		"id of a case":    `{"format":"forbear-case/1","id":"../../etc"}`,
		"date":            `{"format":"forbear-case/1","dateOfBirth":"2020-13"}`,
		"answer":          `{"format":"forbear-case/1","detained":"maybe"}`,
		"deep":            `{"format":"forbear-case/1","otherRecords":[{"id":"a","kind":"packets","body":{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}]}`,
		"hidden list":     `{"format":"forbear-case/1","otherRecords":[{"id":"a","kind":"notes","body":{"text":"x"}}]}`,
	} {
		if _, err := ParseDocument([]byte(text)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "red") || strings.Contains(err.Error(), "123456") {
			t.Errorf("%s: the error quotes the document: %v", name, err)
		}
	}
	if _, err := ParseDocument(make([]byte, MaxDocument+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	many := `{"format":"forbear-case/1","exhibits":[` + strings.Repeat("{},", maxObjects) + `{}]}`
	if _, err := ParseDocument([]byte(many)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many elements: %v", err)
	}
}

// The law's forms of an A-number, and what is none.
func TestDocument_aNumber(t *testing.T) {
	for in, want := range map[string]string{
		"A12345678": "012345678", "a 012-345-678": "012345678", "1234567": "001234567", "A000-000-501": "000000501", "987654321": "987654321",
	} {
		if got, err := ANumber(in); err != nil || got != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "A", "000000000", "123456", "1234567890", "AA1234567", "12345678B", "１２３４５６７８"} {
		if got, err := ANumber(in); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

// Writing a case out and adding it in another vault gives the same case: the
// same document, byte for byte, and the same attachments.
func TestFolder_exportThenAdd(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	clean := must[Blob](t)(c.Attach(strings.NewReader("clean pages")))
	x := must[Exhibit](t)(Decode[Exhibit](must[[]Record](t)(c.List("exhibits"))[0]))
	x.Kind, x.Clean, x.Pages = "pdf", clean, 3
	must[[]Record](t)(c.Put(must[Record](t)(NewRecord("exhibits", x)), Record{Kind: KindPackets, Body: json.RawMessage(`{"pages":7}`)}))
	out := filepath.Join(t.TempDir(), "out")
	names := must[[]string](t)(c.ExportTo(t.Context(), out))
	if len(names) != 3 || names[0] != "case.json" || names[1] != "exhibits/"+s.blob.ID+".pdf" || names[2] != "manifest.sha256" {
		t.Errorf("files are %q", names)
	}
	if _, err := c.ExportTo(t.Context(), out); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into a folder that is not empty: %v", err)
	}
	if !bytes.Equal(read(t, filepath.Join(out, "exhibits", s.blob.ID+".pdf")), s.content) {
		t.Error("another attachment was written")
	}
	if _, err := v.AddFile(filepath.Join(out, "case.json")); !errors.Is(err, ErrExists) {
		t.Errorf("add to the vault it is in: %v", err)
	}
	check(t, v.Close())

	other := createVault(t, t.TempDir())
	defer other.Close()
	c2 := must[*Case](t)(other.AddFile(filepath.Join(out, "case.json")))
	if n := must[int](t)(c2.MissingBlobs()); n != 0 || c2.ID() != s.id {
		t.Errorf("%d attachments are missing, id is %s", n, c2.ID())
	}
	again := filepath.Join(t.TempDir(), "again")
	must[[]string](t)(c2.ExportTo(t.Context(), again))
	for _, name := range names {
		if !bytes.Equal(read(t, filepath.Join(out, name)), read(t, filepath.Join(again, name))) {
			t.Errorf("%s is another", filepath.Base(name))
		}
	}
	if d := must[Document](t)(c2.Document()); d.Exhibits[0].Clean.ID != "" {
		t.Error("clean pages from outside were believed")
	}
	check(t, filepath.WalkDir(again, func(_ string, e fs.DirEntry, err error) error {
		if info, infoErr := e.Info(); infoErr == nil && info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Errorf("mode of %s is %v", e.Name(), info.Mode())
		}
		return err
	}))
}

// A document that is refused, or whose attachment is another, leaves nothing.
func TestFolder_addRefusesWhole(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	out := filepath.Join(t.TempDir(), "out")
	must[[]string](t)(must[*Case](t)(v.OpenCase(s.id)).ExportTo(t.Context(), out))
	check(t, v.Close())
	write(t, filepath.Join(out, "exhibits", s.blob.ID+".bin"), []byte("another paper"))
	other := createVault(t, t.TempDir())
	defer other.Close()
	if _, err := other.AddFile(filepath.Join(out, "case.json")); !errors.Is(err, ErrInvalid) {
		t.Errorf("another paper: %v", err)
	}
	if entries := must[[]fs.DirEntry](t)(os.ReadDir(filepath.Join(other.dir, casesDir))); len(entries) != 0 || len(other.Cards()) != 0 {
		t.Error("half a case is left")
	}
	// Without the attachment the case comes in, and says what is missing.
	check(t, os.Remove(filepath.Join(out, "exhibits", s.blob.ID+".bin")))
	c := must[*Case](t)(other.AddFile(filepath.Join(out, "case.json")))
	if n := must[int](t)(c.MissingBlobs()); n != 1 {
		t.Errorf("%d attachments are missing", n)
	}
}

// A folder in clear is on the case's list before anything is in it. An export
// that was refused or stopped leaves neither the folder nor a note of it, and
// what a kill left under the same name goes away.
func TestFolder_exportIsNoted(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	defer v.Close()
	c := must[*Case](t)(v.OpenCase(s.id))
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	check(t, os.MkdirAll(filepath.Join(unfinishedName(out), "exhibits"), 0o700))
	write(t, filepath.Join(unfinishedName(out), documentName), []byte(canary))
	there := func() (names string) {
		for _, e := range must[[]fs.DirEntry](t)(os.ReadDir(parent)) {
			names += e.Name() + " "
		}
		return names
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.ExportTo(ctx, out); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if left := there(); left != "" || len(must[[]Record](t)(c.List(KindClearCopies))) != 0 {
		t.Errorf("stopped, and left %q", left)
	}
	ctx = &watchedContext{Context: t.Context(), look: func() {
		if len(must[[]Record](t)(c.List(KindClearCopies))) != 1 {
			t.Error("written before it was noted")
		}
	}}
	must[[]string](t)(c.ExportTo(ctx, out))
	if left := there(); left != "out " {
		t.Errorf("%q is there", left)
	}
	noted := must[[]Record](t)(c.List(KindClearCopies))
	if len(noted) != 1 {
		t.Fatalf("%d notes", len(noted))
	}
	var x struct {
		Path, SHA256, By string
		At               time.Time
	}
	check(t, json.Unmarshal(noted[0].Body, &x))
	sum := sha256.Sum256(read(t, filepath.Join(out, documentName)))
	if x.Path != out || x.SHA256 != hex.EncodeToString(sum[:]) || x.By != "Ada Advocate" || x.At.IsZero() {
		t.Errorf("note is %s", noted[0].Body)
	}
	if bytes.Contains(read(t, filepath.Join(out, documentName)), []byte(KindClearCopies)) {
		t.Error("the note went out with the case it speaks of")
	}
}

// A watchedContext looks whenever somebody asks whether to go on.
type watchedContext struct {
	context.Context
	look func()
}

func (c *watchedContext) Err() error {
	c.look()
	return c.Context.Err()
}

// Adding that was killed before the document was in is simply done again. What
// somebody wrote into a case stays.
func TestFolder_addAgainAfterAKill(t *testing.T) {
	dir := t.TempDir()
	v := createVault(t, dir)
	id := newID()
	c := must[*Case](t)(v.newCase(id))
	must[Blob](t)(c.Attach(strings.NewReader("paper"))) // and here it was killed
	left := filepath.Join(t.TempDir(), "left")
	copyDir(t, dir, left)
	check(t, v.Close())

	d := must[Document](t)(ParseDocument([]byte(handmade)))
	d.ID = id
	v = openVault(t, left)
	c = must[*Case](t)(v.AddDocument(d))
	if got := must[Document](t)(c.Document()); got.FamilyName != "Ejemplo" {
		t.Errorf("document is %+v", got)
	}
	if _, err := v.AddDocument(d); !errors.Is(err, ErrExists) {
		t.Errorf("added while it is open: %v", err)
	}
	check(t, c.Close())
	if _, err := v.AddDocument(d); !errors.Is(err, ErrExists) {
		t.Errorf("added twice: %v", err)
	}
	c = must[*Case](t)(v.OpenCase(id))
	if got := must[Document](t)(c.Document()); got.FamilyName != "Ejemplo" {
		t.Error("what was there is gone")
	}
	check(t, v.Close())
}

// What was written out in time takes the place of a case whose folder is gone.
// If it cannot, the case is still missed.
func TestFolder_addInPlaceOfOneThatIsGone(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	out := filepath.Join(t.TempDir(), "out")
	must[[]string](t)(must[*Case](t)(v.OpenCase(s.id)).ExportTo(t.Context(), out))
	check(t, v.Close())
	check(t, os.RemoveAll(s.caseDir()))
	paper := filepath.Join(out, "exhibits", s.blob.ID+".bin")
	write(t, paper, []byte("another paper"))
	v = openVault(t, s.dir)
	if _, err := v.AddFile(filepath.Join(out, "case.json")); !errors.Is(err, ErrInvalid) {
		t.Errorf("with another paper: %v", err)
	}
	check(t, v.Close())
	v = openVault(t, s.dir)
	if cards := v.Cards(); len(cards) != 1 || !errors.Is(cards[0].Problem, ErrCaseMissing) || cards[0].FamilyName != canary {
		t.Errorf("cards: %+v", cards)
	}
	write(t, paper, s.content)
	must[*Case](t)(v.AddFile(filepath.Join(out, "case.json")))
	if cards := v.Cards(); len(cards) != 1 || cards[0].Problem != nil {
		t.Errorf("cards: %+v", cards)
	}
	check(t, v.Close())
	check(t, s.look())
}

func TestSchema_coversEveryField(t *testing.T) {
	var schema struct {
		Properties           map[string]json.RawMessage
		AdditionalProperties bool
	}
	schema.AdditionalProperties = true
	check(t, json.Unmarshal(must[[]byte](t)(Schema()), &schema))
	var fields map[string]json.RawMessage
	check(t, json.Unmarshal(must[[]byte](t)(full(t).Encode()), &fields))
	for name := range fields {
		if schema.Properties[name] == nil {
			t.Errorf("%s is not in the schema", name)
		}
	}
	if len(schema.Properties) != len(fields) || schema.AdditionalProperties {
		t.Errorf("%d properties for %d fields", len(schema.Properties), len(fields))
	}
}

// TestSchema_namesTheWords is what somebody needs who writes a document by hand:
// a reader that refuses other words has to say which ones it takes.
func TestSchema_namesTheWords(t *testing.T) {
	schema := string(must[[]byte](t)(Schema()))
	for _, path := range []string{
		"entries/*/manner", "entries/*/apprehended", "offenses/*/degree", "custodyAuthority", "proceedingStage",
		"relatives/*/status", "answers/*/reason",
	} {
		words := factors.Words(path)
		if len(words) == 0 {
			t.Errorf("no words for %s", path)
		}
		for _, word := range words {
			if !strings.Contains(schema, "\""+word+"\"") {
				t.Errorf("the schema does not name %q of %s", word, path)
			}
		}
	}
}
