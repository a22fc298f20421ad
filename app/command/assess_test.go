package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func facts(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAssess_hasTheShapeThatOthersBuildOn(t *testing.T) {
	name := facts(t, `{"orders": [{"date": "2014"}]}`)
	code, out, errs := runOn(t, "", "assess", "--facts", name, "--memo", "JOHNSON-14", "--as-of", "2026-11-21", "--json")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct {
		Memo    string           `json:"memo"`
		AsOf    string           `json:"asOf"`
		InForce *bool            `json:"inForce"`
		Rows    []map[string]any `json:"rows"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Memo != "JOHNSON-14" || got.AsOf != "2026-11-21" || got.InForce == nil || *got.InForce {
		t.Errorf("got %s, %s, %v", got.Memo, got.AsOf, got.InForce)
	}
	found := false
	for _, r := range got.Rows {
		for _, key := range []string{"rule", "side", "label", "answer", "inputs", "reason", "threshold", "pointer", "confidence"} {
			if r[key] == nil || r[key] == "" {
				t.Errorf("%v: %s is missing", r["rule"], key)
			}
		}
		if r["rule"] == "JOHNSON-14/p3-final-order" {
			found = true
			input := r["inputs"].([]any)[0].(map[string]any)
			if r["side"] != "gate" || r["label"] != "memo" || r["answer"] != "unknown" || r["threshold"] != "2014-01-01" ||
				input["fact"] != "orders/0/date" || input["value"] != "2014" {
				t.Errorf("got %v", r)
			}
		}
	}
	if !found {
		t.Error("the row is missing")
	}
}

func TestAssess_anEmptyDocumentHasTwoColumns(t *testing.T) {
	code, out, errs := runOn(t, "{}", "assess", "--facts", "-")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{
		"In force: No DHS or OPLA memo that lists factors is known (library checked Nov 21, 2026).",
		"Organized by: Sept 30, 2021 Guidelines, ended Jan 20, 2025",
		"\nFOR\n", "MAYORKAS/MIT-9", "MAYORKAS/retaliation",
		"\nAGAINST", "None is recorded in this file (not the same as none).",
		"\nEXPOSURE TODAY", "EO-14159/final-order",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in: %s", want, out)
		}
	}
	if strings.Contains(out, "MAYORKAS/AGG-1") {
		t.Error("the aggravating rows have not collapsed")
	}
}

func TestAssess_opensOnWhatGoverns(t *testing.T) {
	for doc, want := range map[string]string{
		`{"custodyAuthority": "236(a)"}`:    "REG-236.1",
		`{"custodyAuthority": "235(b)(2)"}`: "REG-212.5",
		`{"custodyAuthority": "235(b)(2)", "requests": [{"to": "field-office", "asks": [{"kind": "release-236"}]}]}`: "REG-236.1",
		`{}`: "MAYORKAS",
	} {
		_, out, errs := runOn(t, doc, "assess", "--facts", "-", "--json")
		if !strings.Contains(out, `"memo": "`+want+`"`) {
			t.Errorf("%s: got %.80s %s, want %s", doc, out, errs, want)
		}
	}
}

func TestAssess_refusesByTheField(t *testing.T) {
	const canary = "Xochiquetzal"
	for _, c := range []struct{ doc, want string }{
		{`{"entries": [{"date": "` + canary + `"}]}`, "entries/0/date"},
		{`{"entries": [{"manner": "` + canary + `"}]}`, "entries/0/manner"},
		{`{"entires": []}`, "entires"},
		{`{"aliases": [{"nmae": "` + canary + `"}]}`, "nmae"},
		{`{"familyName": {"x": "` + canary + `"}}`, "familyName"},
		{`{"familyName": "` + canary + `"`, "document"},
		{``, "document"},
	} {
		name := facts(t, c.doc)
		code, out, errs := runOn(t, "", "assess", "--facts", name)
		if code != exitRefused || !strings.Contains(errs, c.want) || out != "" {
			t.Errorf("%s: exit %d: %s", c.doc, code, errs)
		}
		if strings.Contains(errs, canary) || strings.Contains(errs, filepath.Dir(name)) {
			t.Errorf("%s: the error says too much: %s", c.doc, errs)
		}
	}
	missing := filepath.Join(t.TempDir(), canary+".json")
	if code, _, errs := runOn(t, "", "assess", "--facts", missing); code != exitRefused || strings.Contains(errs, canary) {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestAssess_wrongUsage(t *testing.T) {
	for _, args := range [][]string{{"assess"}, {"assess", "--facts", "-", "a-case"}, {"assess", "a", "b"}, {"assess", "--facts", "-", "--as-of", "2022"}} {
		if code, _, errs := runOn(t, "{}", args...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
	if code, _, errs := runOn(t, "{}", "assess", "--facts", "-", "--memo", "NOBODY"); code != exitRefused || !strings.Contains(errs, "find memo") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
