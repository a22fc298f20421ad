package casefile

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	goldenDir  = "testdata/v1"
	goldenCase = "0123456789abcdef0123456789abcdef"
)

// TestGolden_v1 opens a vault that the first release wrote. Its files are never
// written again: a program that cannot open them cannot open anybody's.
func TestGolden_v1(t *testing.T) {
	if os.Getenv("FORBEAR_WRITE_GOLDEN") != "" {
		writeGolden(t)
	}
	dir := filepath.Join(t.TempDir(), "vault")
	copyDir(t, filepath.Join(goldenDir, "vault"), dir)
	v := openVault(t, dir)
	defer v.Close()
	if me := v.Me(); me.Name != "Ada Advocate" || me.Role != Attorney || me.Label != "Golden desk" {
		t.Errorf("me is %+v", me)
	}
	if p := v.Profile(); p.Office.Name != "Office of the golden vault" || p.Representative.Phone != "555-0101" {
		t.Errorf("profile is %+v", p)
	}
	if cert := v.PacketCertificate(); string(cert) != "not a certificate" {
		t.Errorf("certificate is %q", cert)
	}
	must[Report](t)(v.Check(t.Context(), nil))
	c := must[*Case](t)(v.OpenCase(goldenCase))
	if got := documentOf(t, c); got != string(read(t, filepath.Join(goldenDir, "case.json"))) {
		t.Errorf("document is %s", got)
	}
	d := must[Document](t)(c.Document())
	r := must[io.ReadCloser](t)(c.OpenBlob(d.Exhibits[0].Original))
	if got := must[[]byte](t)(io.ReadAll(r)); string(got) != "an invented letter" {
		t.Errorf("attachment is %q", got)
	}
	check(t, r.Close())
	// A note in conflict, one that was changed twice, one in the trash.
	conflicts := 0
	for _, n := range must[[]Record](t)(c.List("notes")) {
		if n.Conflict {
			conflicts++
		}
	}
	if conflicts != 2 {
		t.Errorf("%d heads in conflict", conflicts)
	}
	for id, versions := range map[string]int{"changed": 3, "trashed": 2, "disputed": 3} {
		h := must[[]Version](t)(c.History(id))
		if len(h) != versions || h[0].Author.Name != "Ada Advocate" {
			t.Errorf("%s has %d versions, the first by %+v", id, len(h), h[0].Author)
		}
	}
	report := must[Report](t)(v.Check(t.Context(), nil))
	if !report.Sound() || report.Records != 6 || report.Blobs != 1 {
		t.Errorf("check: %+v", report)
	}
	must[[]Record](t)(c.Put(note("and goes on")))
}

// writeGolden was run once, for the first release.
func writeGolden(t *testing.T) {
	if _, err := os.Stat(goldenDir); err == nil {
		t.Fatal("the golden vault is never written again")
	}
	dir := filepath.Join(goldenDir, "vault")
	check(t, os.MkdirAll(dir, 0o700))
	v, err := Create(dir, NewPerson{Name: "Ada Advocate", Role: Attorney, Label: "Golden desk"}, []byte(phrase), WithClock(testClock()), WithDevice("golden"))
	check(t, err)
	check(t, v.SetProfile(Profile{Representative: Representative{Name: "Ada Advocate", Phone: "555-0101"}, Office: Office{Name: "Office of the golden vault"}}))
	check(t, v.SetPacketCertificate([]byte("not a certificate")))
	c := must[*Case](t)(v.newCase(goldenCase))
	put := func(id, text string) Record {
		r := note(text)
		r.ID = id
		return must[[]Record](t)(c.Put(r))[0]
	}
	b := must[Blob](t)(c.Attach(strings.NewReader("an invented letter")))
	must[[]Record](t)(c.Put(
		Record{Kind: KindClient, Body: json.RawMessage(`{"invented":true,"familyName":"Muestra","givenName":"Invented","aNumbers":["000000502"],"dateOfBirth":"1990-05~","answers":{"arrests":{"answer":"no"}}}`)},
		Record{ID: "exhibit-1", Kind: "exhibits", Body: must[json.RawMessage](t)(marshal(Exhibit{Title: "Letter", Kind: "pdf", Original: b}))},
		Record{ID: "offense-1", Kind: "offenses", Body: json.RawMessage(`{"title":"invented","offenseDate":"2015-22"}`)},
	))
	put("changed", "one")
	put("trashed", "gone")
	base := put("disputed", "base")
	put("changed", "two")
	check(t, c.Delete("trashed"))
	for _, text := range []string{"left", "right"} {
		c.mu.Lock()
		must[[]Record](t)(c.write([]draft{{id: "disputed", kind: "notes", body: []byte(`{"text":"` + text + `"}`), parents: []string{base.Version}}}))
		c.mu.Unlock()
	}
	c.mu.Lock()
	check(t, c.checkpoint())
	c.mu.Unlock()
	put("changed", "three")
	must[[]Record](t)(c.Put(Record{ID: "packet-1", Kind: KindPackets, Body: json.RawMessage(`{"pages":3}`)}))
	text := documentOf(t, c)
	check(t, v.Close())
	write(t, filepath.Join(goldenDir, "case.json"), []byte(text))
}
