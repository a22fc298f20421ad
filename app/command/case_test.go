package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forbear/casefile"
	"forbear/casefile/casefiletest"
)

// runIn runs one command line on the vault in dir, with a passphrase on
// standard input.
func runIn(t *testing.T, dir string, args ...string) (code int, out, errs string) {
	t.Helper()
	casefiletest.CheapKDF()
	var stdout, stderr bytes.Buffer
	e := &env{In: strings.NewReader(casefiletest.Passphrase + "\n"), Out: &stdout, Err: &stderr, Now: time.Now}
	code = execute(t.Context(), e, append([]string{"--vault", dir, "--passphrase-file", "-"}, args...))
	return code, stdout.String(), stderr.String()
}

func done(t *testing.T, dir string, args ...string) string {
	t.Helper()
	code, out, errs := runIn(t, dir, args...)
	if code != exitDone {
		t.Fatalf("%q ends with %d: %s", args, code, errs)
	}
	return out
}

const sampleDocument = `{"format":"forbear-case/1","invented":true,"familyName":"Ejemplo","givenName":"Invented",
 "aNumbers":["A 000-000-503"],"offenses":[{"id":"o1","title":"invented"}],"notes":[{"text":"n"}]}`

// One case through every command: added, listed, shown, written out, added in
// another vault, written out again the same, checked.
func TestCase_story(t *testing.T) {
	work := t.TempDir()
	vault, other := filepath.Join(work, "a"), filepath.Join(work, "b")
	for _, dir := range []string{vault, other} {
		done(t, dir, "vault", "create", "--name", "Ada Advocate", "--role", "attorney")
	}
	document := filepath.Join(work, "case.json")
	if err := os.WriteFile(document, []byte(sampleDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(done(t, vault, "case", "add", document))

	var list struct {
		Cases []struct{ ID, FamilyName, ANumber string }
	}
	if err := json.Unmarshal([]byte(done(t, vault, "case", "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Cases) != 1 || list.Cases[0].ID != id || list.Cases[0].FamilyName != "Ejemplo" || list.Cases[0].ANumber != "000000503" {
		t.Errorf("list is %+v", list)
	}
	for _, ref := range []string{id, id[:6], "A000-000-503"} {
		if out := done(t, vault, "case", "show", ref); !strings.Contains(out, "Invented Ejemplo") || !strings.Contains(out, "A 000-000-503") {
			t.Errorf("show %s: %s", ref, out)
		}
	}
	first, second := filepath.Join(work, "first"), filepath.Join(work, "second")
	done(t, vault, "case", "export", id, "--out", first)
	if got := strings.TrimSpace(done(t, other, "case", "add", first)); got != id {
		t.Errorf("added as %s", got)
	}
	done(t, other, "case", "export", id, "--out", second)
	for _, name := range []string{"case.json", "manifest.sha256"} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(second, name))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s is another, %v", name, err)
		}
	}
	if out := done(t, vault, "vault", "check"); !strings.HasPrefix(out, "All sound.") {
		t.Errorf("check: %s", out)
	}
	var report checkReport
	if err := json.Unmarshal([]byte(done(t, vault, "vault", "check", "--json")), &report); err != nil || !report.Sound {
		t.Errorf("check: %+v, %v", report, err)
	}
}

func TestCase_refusals(t *testing.T) {
	work := t.TempDir()
	vault := filepath.Join(work, "vault")
	done(t, vault, "vault", "create", "--name", "Ada Advocate", "--role", "attorney")
	document := filepath.Join(work, "Ejemplo.json")
	if err := os.WriteFile(document, []byte(sampleDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(done(t, vault, "case", "add", document))
	wrong := filepath.Join(work, "wrong-Ejemplo.json")
	if err := os.WriteFile(wrong, []byte(`{"format":"forbear-case/1","familyName":7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitUsage, []string{"vault", "create", "--name", "Ada"}},
		{exitUsage, []string{"vault", "create", "--role", "attorney"}},
		{exitUsage, []string{"case", "export", id}},
		{exitUsage, []string{"case", "add"}},
		{exitRefused, []string{"vault", "create", "--name", "Eve", "--role", "staff"}},
		{exitRefused, []string{"case", "add", wrong}},
		{exitRefused, []string{"case", "add", filepath.Join(work, "Ejemplo-gone.json")}},
		{exitRefused, []string{"case", "show", "000000"}},
		{exitRefused, []string{"case", "export", id, "--out", work}},
	} {
		code, out, errs := runIn(t, vault, c.args...)
		if code != c.code || out != "" || errs == "" {
			t.Errorf("%q ends with %d: %s", c.args, code, errs)
		}
		if strings.Contains(errs, "Ejemplo") {
			t.Errorf("%q: the message names the client: %s", c.args, errs)
		}
	}
}

// A vault that is not sound ends check with 1 and says which case.
func TestVault_checkFindsDamage(t *testing.T) {
	vault := t.TempDir()
	done(t, vault, "vault", "create", "--name", "Ada Advocate", "--role", "attorney")
	document := filepath.Join(t.TempDir(), "case.json")
	if err := os.WriteFile(document, []byte(sampleDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(done(t, vault, "case", "add", document))
	journal := filepath.Join(vault, "cases", id, "e0001", "journal", "000001")
	b, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-40] ^= 1
	if err := os.WriteFile(journal, b, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := runIn(t, vault, "vault", "check")
	if code != exitRefused || !strings.Contains(out, "case "+id+": journal segment 1 frame 2 is damaged") {
		t.Errorf("check ends with %d: %s %s", code, out, errs)
	}
}

// sampleVault has one case, of the sample document.
func sampleVault(t *testing.T) (vault, id string) {
	t.Helper()
	vault = t.TempDir()
	done(t, vault, "vault", "create", "--name", "Ada Advocate", "--role", "attorney")
	document := filepath.Join(t.TempDir(), "case.json")
	if err := os.WriteFile(document, []byte(sampleDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	return vault, strings.TrimSpace(done(t, vault, "case", "add", document))
}

// A list of cases of which both copies are damaged is made anew only after
// somebody said so.
func TestVault_rebuildIndex(t *testing.T) {
	vault, id := sampleVault(t)
	copies, err := filepath.Glob(filepath.Join(vault, "index", "*"))
	if err != nil || len(copies) != 2 {
		t.Fatalf("%d copies, %v", len(copies), err)
	}
	for _, name := range copies {
		if err := os.WriteFile(name, []byte("junk"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitRefused, []string{"vault", "check"}},
		{exitRefused, []string{"vault", "check", "--yes"}},
		{exitUsage, []string{"vault", "check", "--rebuild-index"}},
	} {
		if code, out, _ := runIn(t, vault, c.args...); code != c.code || out != "" {
			t.Errorf("%q ends with %d: %s", c.args, code, out)
		}
		if b, err := os.ReadFile(copies[0]); err != nil || string(b) != "junk" {
			t.Errorf("%q changed the list: %v", c.args, err)
		}
	}
	if out := done(t, vault, "vault", "check", "--rebuild-index", "--yes"); !strings.HasPrefix(out, "All sound. Cases 1,") {
		t.Errorf("check: %s", out)
	}
	if out := done(t, vault, "case", "list"); !strings.Contains(out, id[:8]) {
		t.Errorf("list: %s", out)
	}
	done(t, vault, "vault", "check", "--rebuild-index") // nothing to ask
}

// A case that is older than last seen, or gone, is accepted only on purpose.
func TestCase_accept(t *testing.T) {
	vault, id := sampleVault(t)
	folder, older := filepath.Join(vault, "cases", id), filepath.Join(t.TempDir(), "older")
	if err := os.CopyFS(older, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	done(t, vault, "case", "export", id, "--out", filepath.Join(t.TempDir(), "out")) // which the case notes
	refused := func(want int, args ...string) {
		t.Helper()
		if code, out, errs := runIn(t, vault, args...); code != want || out != "" || errs == "" {
			t.Errorf("%q ends with %d: %s", args, code, errs)
		}
	}
	refused(exitRefused, "case", "accept", id, "--yes") // nothing is wrong with it
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS(older)); err != nil {
		t.Fatal(err)
	}
	refused(exitRefused, "case", "show", id)
	refused(exitUsage, "case", "accept", id)
	refused(exitRefused, "case", "show", id)
	if out := done(t, vault, "case", "accept", id, "--yes"); out != "The case is taken as it is now.\n" {
		t.Errorf("accept: %s", out)
	}
	done(t, vault, "case", "show", id)

	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	refused(exitUsage, "case", "accept", id)
	var accepted acceptedCase
	if err := json.Unmarshal([]byte(done(t, vault, "case", "accept", id, "--yes", "--json")), &accepted); err != nil || accepted.ID != id || !accepted.Gone {
		t.Errorf("accept: %+v, %v", accepted, err)
	}
	if out := done(t, vault, "vault", "check"); !strings.HasPrefix(out, "All sound. Cases 0,") {
		t.Errorf("check: %s", out)
	}
}

func TestAgrees(t *testing.T) {
	for keys, want := range map[string]bool{"y": true, "Y": true, "n": false, "\r": false, "\x03": false, "": false, "ny": false} {
		if agrees(strings.NewReader(keys)) != want {
			t.Errorf("%q counts as %v", keys, !want)
		}
	}
}

func TestSchema_isJSON(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal([]byte(done(t, t.TempDir(), "schema")), &schema); err != nil || schema["title"] == nil {
		t.Errorf("%v, %v", schema["title"], err)
	}
	if want, err := casefile.Schema(); err != nil || len(want) == 0 {
		t.Error(err)
	}
}
