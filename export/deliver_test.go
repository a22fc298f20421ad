package export_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forbear/assets"
	"forbear/casefile"
	"forbear/casefile/casefiletest"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/sample"
	"forbear/export/sign"
	"forbear/factors"
)

// TestMain lets this binary be the exhibit worker that it starts.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == exhibit.Command {
		os.Exit(exhibit.Run(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// A desk is a vault with the sample in it, ready to send.
type desk struct {
	vault *casefile.Vault
	file  *casefile.Case
	id    *sign.Identity
	draft *export.Draft
	now   time.Time
	dir   string
}

func newDesk(t *testing.T) desk {
	t.Helper()
	now := time.Now()
	d := desk{vault: casefiletest.New(t), now: now, dir: t.TempDir()}
	doc := sample.Document()
	// The key that signs is that of the vault's person.
	doc.Representative.Name = d.vault.Me().Name
	doc.Consent = sample.Consent(factors.DateOf(now))
	if err := d.vault.SetProfile(casefile.Profile{Representative: doc.Representative}); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.file, err = d.vault.AddDocument(doc); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.file.Close() })
	worker, err := exhibit.Self()
	if err != nil {
		t.Fatal(err)
	}
	files, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	redacted, err := redrawn()
	if err != nil {
		t.Fatal(err)
	}
	// The worker is a program that starts anew for each file: a few tell enough.
	for _, f := range append(slices.Clone(files[:2]), redacted) {
		if _, err := export.AddExhibit(t.Context(), d.file, worker, f.Data, f.Meta); err != nil {
			t.Fatal(err)
		}
	}
	doc, err = d.file.Document()
	if err != nil {
		t.Fatal(err)
	}
	for _, decision := range export.AnswerWhatICEHas(doc) {
		record, err := casefile.NewRecord("decisions", decision)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.file.Put(record); err != nil {
			t.Fatal(err)
		}
	}
	// Signed after everything was saved, as the lint wants it.
	d.now = time.Now()
	if d.id, err = export.SigningIdentity(d.vault, d.now); err != nil {
		t.Fatal(err)
	}
	library, err := factors.Load(assets.Memos)
	if err != nil {
		t.Fatal(err)
	}
	if d.draft, err = export.Prepare(d.file, export.Order{
		Library: library, Recipient: export.ToFieldOffice, Profile: d.vault.Profile(), Now: d.now, Program: "test",
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.draft.Close() })
	return d
}

func (d desk) deliver(ctx context.Context, path string) (export.Delivered, error) {
	return export.Deliver(ctx, d.file, d.draft, d.id, path, d.now)
}

func (d desk) copies(t *testing.T) []export.ClearCopy {
	t.Helper()
	records, err := d.file.List(casefile.KindClearCopies)
	if err != nil {
		t.Fatal(err)
	}
	var out []export.ClearCopy
	for _, r := range records {
		var c export.ClearCopy
		if err := json.Unmarshal(r.Body, &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func (d desk) files(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	path := filepath.Join(d.dir, "packet.pdf")

	// What goes wrong leaves neither a file nor an entry.
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.deliver(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := d.deliver(t.Context(), filepath.Join(d.dir, "no such folder", "packet.pdf")); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	if left, list := d.files(t), d.copies(t); len(left) > 0 || len(list) > 0 {
		t.Fatalf("after two failures: files %v, list %v", left, list)
	}

	made, err := d.deliver(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v := sign.Verify(f, made.Size, nil); v.ExitCode() != 2 {
		t.Errorf("the file's verdict is %+v", v)
	}
	if list := d.copies(t); len(list) != 1 || list[0].SHA256 != made.SHA256 || list[0].Path != path {
		t.Errorf("clear copies: %+v", list)
	}
	if left := d.files(t); len(left) != 1 {
		t.Errorf("files: %v", left)
	}

	// Nothing is ever replaced.
	if _, err := d.deliver(t.Context(), path); !errors.Is(err, export.ErrExists) {
		t.Errorf("over a file: %v", err)
	}
	if list := d.copies(t); len(list) != 1 {
		t.Errorf("clear copies after a refusal: %+v", list)
	}

	// Sent is what was built, and the case keeps exactly those bytes.
	request, err := export.MarkSent(d.file, made.Packet, factors.DateOf(d.now), "16:10", "e-mail")
	if err != nil {
		t.Fatal(err)
	}
	if request.Packet.SHA256 != made.SHA256 || len(request.Argued) == 0 || request.How != "forbear" {
		t.Errorf("the request says %+v", request)
	}
	d.reviews(t, request)
}

// reviews takes the request that was sent to ICE Case Review. The words of its
// table come from the record of that request, whatever else was sent since, and
// without the record there is no packet.
func (d desk) reviews(t *testing.T, request casefile.Request) {
	t.Helper()
	request.Answer = sample.Denial(factors.DateOf(d.now))
	opla := casefile.Request{
		ID: "5a000000000000000000000000000b1a", To: export.ToOPLA, How: "forbear", SentOn: factors.DateOf(d.now), Packet: casefile.Blob{SHA256: strings.Repeat("0", 64)},
	}
	for _, r := range []casefile.Request{request, opla} {
		if _, err := export.PutRequest(d.file, r); err != nil {
			t.Fatal(err)
		}
	}
	order := export.Order{Library: lib(t), Recipient: export.ToICR, Profile: d.vault.Profile(), Now: d.now, Program: "test"}
	draft, err := export.Prepare(d.file, order)
	if err != nil {
		t.Fatal(err)
	}
	if rows := draft.Plan.ICR.Table; len(rows) != len(request.Argued) || !strings.HasPrefix(rows[0].What.Source(), "record of the request") {
		t.Errorf("the table has %d rows of %d, the first from %q", len(rows), len(request.Argued), rows[0].What.Source())
	}
	if err := draft.Close(); err != nil {
		t.Fatal(err)
	}
	packets, err := d.file.List(casefile.KindPackets)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packets {
		if err := d.file.Delete(p.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := export.Prepare(d.file, order); !errors.Is(err, export.ErrSentRecord) {
		t.Errorf("without the record: %v", err)
	}
}

// The certificate bears the name of the person whose key it is for. It follows
// when her name is written otherwise, and never takes another person's.
func TestSigningIdentity_is_of_the_person_of_the_vault(t *testing.T) {
	t.Parallel()
	v := casefiletest.New(t)
	me := v.Me().Name
	first, last, _ := strings.Cut(me, " ")
	for _, c := range []struct{ profile, want string }{
		{"", me}, {"Bruno Otro", me}, {first + " B. " + last, first + " B. " + last}, {me, me}, {first + " Otro", me},
	} {
		if err := v.SetProfile(casefile.Profile{Representative: casefile.Representative{Name: c.profile}}); err != nil {
			t.Fatal(err)
		}
		id, err := export.SigningIdentity(v, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := id.Cert.Subject.CommonName; got != c.want {
			t.Errorf("profile of %q: certificate of %q, want %q", c.profile, got, c.want)
		}
		again, err := export.SigningIdentity(v, time.Now())
		if err != nil || !again.Cert.Equal(id.Cert) {
			t.Errorf("profile of %q: the certificate is made anew each time: %v", c.profile, err)
		}
	}
}

func TestSweepUnfinished(t *testing.T) {
	t.Parallel()
	c := casefiletest.NewCase(t)
	dir := t.TempDir()
	put := func(entry export.ClearCopy) string {
		t.Helper()
		record, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		saved, err := c.Put(casefile.Record{Kind: casefile.KindClearCopies, Body: record})
		if err != nil {
			t.Fatal(err)
		}
		return saved[0].ID
	}
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cut := put(export.ClearCopy{Path: write("cut.pdf", "")})
	hidden := write(".packet-"+cut+".tmp", "half a letter")
	put(export.ClearCopy{Path: write("whole.pdf", "a packet"), SHA256: "aa"})
	put(export.ClearCopy{Path: filepath.Join(dir, "unplugged", "stick.pdf")})
	// Somebody has put another file under the name meanwhile: it is not ours.
	put(export.ClearCopy{Path: write("other.pdf", "somebody's own")})

	if err := export.SweepUnfinished(c); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		filepath.Join(dir, "cut.pdf"): false, hidden: false,
		filepath.Join(dir, "whole.pdf"): true, filepath.Join(dir, "other.pdf"): true,
	} {
		if _, err := os.Lstat(name); (err == nil) != want {
			t.Errorf("%s: there is %v, want %v", filepath.Base(name), err == nil, want)
		}
	}
	left, err := c.List(casefile.KindClearCopies)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 {
		t.Errorf("%d entries left, want the whole packet and the stick that is not plugged in", len(left))
	}
}

// TestAddExhibitKeepsWhatItCannotRead is a file that the reader refuses, and one
// whose reading is interrupted: both stay, sealed, and can be read again.
func TestAddExhibitKeepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	c := casefiletest.NewCase(t)
	worker, err := exhibit.Self()
	if err != nil {
		t.Fatal(err)
	}
	damaged, err := export.AddExhibit(t.Context(), c, worker, []byte("%PDF-1.7\nnothing more"), casefile.Exhibit{Title: "a torn file"})
	if err == nil || damaged.ID == "" || damaged.Clean.ID != "" {
		t.Errorf("damaged: %v, %+v", err, damaged)
	}
	if _, err := export.AddExhibit(t.Context(), c, worker, []byte("plain words"), casefile.Exhibit{}); !errors.Is(err, exhibit.ErrKindText) {
		t.Errorf("text: %v", err)
	}

	files, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	cut, err := export.AddExhibit(stopped, c, worker, files[0].Data, casefile.Exhibit{Title: "interrupted"})
	if !errors.Is(err, context.Canceled) || cut.ID == "" {
		t.Fatalf("interrupted: %v, %+v", err, cut)
	}
	// A person goes on with the record meanwhile; reading again keeps that.
	edited := cut
	edited.Title = "named by a person"
	if _, err := export.PutExhibit(c, edited); err != nil {
		t.Fatal(err)
	}
	again, err := export.CleanAgain(t.Context(), c, worker, cut)
	if err != nil {
		t.Fatal(err)
	}
	if again.Title != "named by a person" || again.Clean.ID == "" || again.Pages != 1 || again.ID != cut.ID {
		t.Errorf("read again: %+v", again)
	}
	doc, err := c.Document()
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Exhibits) != 2 {
		t.Errorf("%d exhibits, want 2", len(doc.Exhibits))
	}
}
