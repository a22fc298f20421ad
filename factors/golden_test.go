package factors_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forbear/factors"
)

// today is the day for which every golden case is assessed.
var today = factors.MustDate("2026-11-21")

// archive splits a txtar file into its sections. The comment before the first
// one is what the case is about.
func archive(data []byte) map[string][]byte {
	files := map[string][]byte{}
	name := ""
	for line := range bytes.Lines(data) {
		if rest, ok := bytes.CutPrefix(line, []byte("-- ")); ok {
			if head, ok := bytes.CutSuffix(bytes.TrimSpace(rest), []byte(" --")); ok {
				name = string(head)
				files[name] = nil
				continue
			}
		}
		if name != "" {
			files[name] = append(files[name], line...)
		}
	}
	return files
}

func TestAssess_goldenCases(t *testing.T) {
	lib := library(t)
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(names) < 30 {
		t.Fatalf("golden cases: %d, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := archive(data)
			var facts factors.Facts
			if err := factors.Decode(files["facts.json"], &facts); err != nil {
				t.Fatal(err)
			}
			if err := facts.Validate(); err != nil {
				t.Fatal(err)
			}
			lines := 0
			for line := range strings.Lines(string(files["want"])) {
				lines++
				words := strings.SplitN(strings.TrimSpace(line), " ", 3)
				rule, want := words[0], words[1]
				memo, _, _ := strings.Cut(rule, "/")
				row, ok := find(factors.Assess(lib, memo, today, facts, nil, nil), rule)
				if !ok {
					t.Errorf("%s: no such row", rule)
					continue
				}
				if row.Answer.String() != want {
					t.Errorf("%s: got %v (%s), want %s", rule, row.Answer, row.Reason, want)
				}
				if len(words) == 3 && !strings.Contains(row.Reason, words[2]) {
					t.Errorf("%s: reason %q does not hold %q", rule, row.Reason, words[2])
				}
			}
			if lines == 0 {
				t.Error("the case wants nothing")
			}
		})
	}
}

func find(a factors.Assessment, rule string) (factors.Row, bool) {
	for _, r := range a.Rows {
		if r.Rule == rule {
			return r, true
		}
	}
	return factors.Row{}, false
}
