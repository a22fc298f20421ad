package e2e

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A desk is a vault, the folders a program could leave something in, and a way
// to run commands on it.
type desk struct {
	t    *testing.T
	bin  string
	home string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t, forbear(t), t.TempDir()}
	for _, dir := range []string{"tmp", "config", "cache", "data", "out"} {
		if err := os.Mkdir(filepath.Join(d.home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d.write("passphrase", "invented passphrase of a test\n")
	d.must("vault", "create", "--name", "Ana Ejemplo", "--role", "attorney")
	return d
}

func (d *desk) path(parts ...string) string {
	return filepath.Join(append([]string{d.home}, parts...)...)
}

func (d *desk) write(name, content string) string {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return d.path(name)
}

// run runs a command with every folder that it could write to inside the desk.
func (d *desk) run(args ...string) result {
	d.t.Helper()
	args = append([]string{"--passphrase-file", d.path("passphrase")}, args...)
	cmd := exec.CommandContext(d.t.Context(), d.bin, args...)
	cmd.Dir = d.path("out")
	cmd.Env = append(os.Environ(), "HOME="+d.home, "TMPDIR="+d.path("tmp"), "XDG_CONFIG_HOME="+d.path("config"),
		"XDG_CACHE_HOME="+d.path("cache"), "XDG_DATA_HOME="+d.path("data"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		d.t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

func (d *desk) must(args ...string) string {
	d.t.Helper()
	r := d.run(args...)
	if r.code != 0 {
		d.t.Fatalf("forbear %s ended with %d:\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// grep lists the files below dir whose name or content holds the word, in any
// of the encodings a program could have written it in.
func (d *desk) grep(dir, word string) []string {
	d.t.Helper()
	var utf16 []byte
	for _, b := range []byte(word) {
		utf16 = append(utf16, b, 0)
	}
	var found []string
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.Contains(e.Name(), word) {
			found = append(found, name)
		}
		if !e.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word))) || bytes.Contains(data, utf16) {
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

const caseDocument = `{
  "format": "forbear-case/1",
  "familyName": "Zanahoria-Canary", "givenName": "Invented", "aNumbers": ["000000555"], "invented": true,
  "dateOfBirth": "1990-02-29~",
  "entries": [{"date": "2020-11-01", "manner": "EWI", "apprehended": "inside"}],
  "offenses": [{"title": "an invented offense", "degree": "misdemeanor", "offenseDate": "2011-06"}],
  "notes": [{"text": "Zanahoria-Canary told this in confidence"}]
}`

// TestCaseGoesOutAndComesBackTheSame is export then add.
func TestCaseGoesOutAndComesBackTheSame(t *testing.T) {
	d := newDesk(t)
	// 1990 had no February 29: the document is refused, and nothing is made of it.
	if r := d.run("case", "add", d.write("case.json", caseDocument)); r.code != 1 || !strings.Contains(r.err, "dateOfBirth") {
		t.Fatalf("a date that does not exist: ended with %d: %s", r.code, r.err)
	}
	if strings.Contains(d.must("case", "list"), "Zanahoria") {
		t.Error("the refused case is listed")
	}
	d.must("case", "add", d.write("case.json", strings.Replace(caseDocument, "1990-02-29~", "1990-02~", 1)))
	d.must("exhibit", "add", "000000555", picture(t, d.path("photo.png")), "--title", "A picture")
	d.must("case", "export", "000000555", "--out", d.path("out", "first"))

	// A second vault takes it and gives it back.
	other := newDesk(t)
	other.must("case", "add", d.path("out", "first", "case.json"))
	other.must("case", "export", "000000555", "--out", other.path("out", "second"))
	first, second := document(t, d.path("out", "first", "case.json")), document(t, other.path("out", "second", "case.json"))
	// The clean form is made anew where the case arrives: its seal differs.
	for _, doc := range []map[string]any{first, second} {
		for _, x := range doc["exhibits"].([]any) {
			delete(x.(map[string]any), "clean")
			original := x.(map[string]any)["original"].(map[string]any)
			delete(original, "id")
		}
	}
	a, _ := json.MarshalIndent(first, "", " ")
	b, _ := json.MarshalIndent(second, "", " ")
	if !bytes.Equal(a, b) {
		t.Errorf("the case came back different:\n%s\n%s", a, b)
	}
	if out := d.must("vault", "check"); out == "" {
		t.Error("vault check says nothing")
	}
}

// TestNothingReadableStays looks for a client's name in everything that a run
// could have written, except the folder that the export was told to use.
func TestNothingReadableStays(t *testing.T) {
	d := newDesk(t)
	doc := d.write("case.json", strings.Replace(caseDocument, "1990-02-29~", "1990-02", 1))
	d.must("case", "add", doc)
	if err := os.Remove(doc); err != nil {
		t.Fatal(err)
	}
	d.must("case", "show", "000000555")
	d.must("assess", "000000555")
	d.must("exhibit", "add", "000000555", picture(t, d.path("photo.png")), "--title", "Zanahoria-Canary and child")
	d.must("exhibit", "list", "000000555")
	d.run("packet", "000000555", "--out", d.path("out", "packet.pdf"))
	d.run("case", "show", "no such case")
	for _, word := range []string{"Zanahoria", "000000555", "000-000-555"} {
		if found := d.grep(d.home, word); len(found) > 0 {
			t.Errorf("%q stands in %v", word, found)
		}
	}
	if left, err := os.ReadDir(d.path("tmp")); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}

// TestWrongUseIsRefusedInWords covers what goes wrong on the first day.
func TestWrongUseIsRefusedInWords(t *testing.T) {
	d := newDesk(t)
	d.write("wrong", "not the passphrase\n")
	d.write("text.pdf", "this is no PDF")
	d.must("case", "add", d.write("case.json", strings.Replace(caseDocument, "1990-02-29~", "", 1)))
	for _, c := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"wrong passphrase", []string{"case", "list", "--passphrase-file", d.path("wrong")}, 1, "passphrase"},
		{"no such command", []string{"frobnicate"}, 64, "unknown command"},
		{"no such flag", []string{"case", "list", "--frobnicate"}, 64, "unknown flag"},
		{"too few arguments", []string{"case", "show"}, 64, "arg"},
		{"vault made twice", []string{"vault", "create", "--name", "B", "--role", "attorney"}, 1, "vault"},
		{"no such role", []string{"vault", "create", "--vault", d.path("new"), "--name", "B", "--role", "king"}, 64, "role"},
		{"no such case", []string{"case", "show", "ffffffff"}, 1, "find case"},
		{"not an exhibit", []string{"exhibit", "add", "000000555", d.path("text.pdf")}, 1, "text"},
		{"no such memo", []string{"memo", "show", "NOPE"}, 1, "find memo"},
		{"no such date", []string{"memo", "list", "--as-of", "2022-13-01"}, 64, "--as-of"},
		{"packet with nothing decided", []string{"packet", "000000555", "--out", d.path("out", "p.pdf")}, 1, "g28"},
		{"ICR first", []string{"packet", "000000555", "--for", "icr", "--out", d.path("out", "p.pdf")}, 1, "field office comes first"},
		{"verify what is not there", []string{"verify", d.path("nothing.pdf")}, 3, "open file"},
	} {
		r := d.run(c.args...)
		if r.code != c.code || !strings.Contains(r.err+r.out, c.say) {
			t.Errorf("%s: ended with %d, want %d and %q:\n%s%s", c.name, r.code, c.code, c.say, r.out, r.err)
		}
		if strings.Contains(r.err, "Zanahoria") {
			t.Errorf("%s: the error names the client: %s", c.name, r.err)
		}
	}
	// Who made the vault is who signs: that is not among what the packet lacks.
	if out := d.run("packet", "000000555", "--lint-only").out; strings.Contains(out, "signer:") || !strings.Contains(out, "g28-missing:") {
		t.Errorf("the packet lacks:\n%s", out)
	}
	if left, _ := filepath.Glob(d.path("out", "*")); len(left) > 0 {
		t.Errorf("a refused packet left %v", left)
	}
}

// TestWithoutAnyNetwork runs the whole job where there is no network interface
// at all, not even the loopback.
func TestWithoutAnyNetwork(t *testing.T) {
	if !need(t, "unshare") {
		return
	}
	if exec.Command("unshare", "--net", "true").Run() != nil {
		t.Logf("UNRUN %s: this user may not make network namespaces", t.Name())
		return
	}
	out := filepath.Join(t.TempDir(), "out")
	if r := run(t, "", "unshare", "--net", forbear(t), "demo", "--out", out); r.code != 0 {
		t.Errorf("ended with %d:\n%s%s", r.code, r.out, r.err)
	}
}

func document(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}
