package main

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2/lang"

	"forbear/assets"
)

var update = flag.Bool("update", false, "write assets/translations/en.json from the code")

// wordsInCode reads every lang.X and lang.XN of this package: key to English.
func wordsInCode(t *testing.T) (one, many map[string]string) {
	t.Helper()
	one, many = map[string]string{}, map[string]string{}
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "lang" || sel.Sel.Name != "X" && sel.Sel.Name != "XN" {
				return true
			}
			key, english := literal(call.Args[0]), literal(call.Args[1])
			at := fset.Position(call.Pos())
			if key == "" || english == "" {
				t.Errorf("%s: key and English must be literals", at)
				return true
			}
			into := one
			if sel.Sel.Name == "XN" {
				into = many
			}
			if old, ok := into[key]; ok && old != english {
				t.Errorf("%s: %q says %q here and %q elsewhere", at, key, english, old)
			}
			into[key] = english
			return true
		})
	}
	return one, many
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

// Texts with a number in them, in the form for one.
var singular = map[string]string{
	"overview.undecided": "ICE has one thing that nobody decided about.",
	"checklist.needs":    "1 needs proof",
	"exhibits.pages":     "1 page",
	"harm.open":          "One question open.",
	"unlock.untaken":     "One file was being taken in when this locked. Look under Exhibits whether it is there.",
	"packet.blocking":    "Not yet: one thing above has to be settled first.",
	"copies.count":       "One clear copy is out",
	"packet.unanswered":  "ICE already has one thing that this letter does not mention",
}

func TestTranslations_areTheWordsOfTheCode(t *testing.T) {
	one, many := wordsInCode(t)
	want := map[string]any{}
	for k, v := range one {
		want[k] = v
	}
	for k, v := range many {
		if singular[k] == "" {
			t.Errorf("%q has no form for one", k)
		}
		want[k] = map[string]any{"one": singular[k], "other": v}
	}
	const file = "../assets/translations/en.json"
	wanted, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, append(wanted, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := assets.Translations.ReadFile("translations/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range want {
		keys = append(keys, k)
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("en.json has %q, which no code uses", k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		g, _ := json.Marshal(got[k])
		w, _ := json.Marshal(want[k])
		if string(g) != string(w) {
			t.Errorf("%q: en.json has %s, the code %s (go test ./app -run TestTranslations -update)", k, g, w)
		}
	}
}

func TestTranslations_load(t *testing.T) {
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		t.Fatal(err)
	}
	if got := lang.XN("exhibits.pages", "{{.N}} pages", 1, map[string]any{"N": 1}); got != "1 page" {
		t.Errorf("one page reads %q", got)
	}
	if got := lang.XN("exhibits.pages", "{{.N}} pages", 3, map[string]any{"N": 3}); got != "3 pages" {
		t.Errorf("three pages read %q", got)
	}
}

// Words that the practice points forbid on a screen.
func TestWords_sayNothingTheyMustNot(t *testing.T) {
	one, many := wordsInCode(t)
	forbidden := []string{
		"eligible", "qualifies", "meets the factor", "illegal", "guaranteed", "approved", "framework", "ledger", "overlay",
		"blind after", "current memo", "strong", "score", "likely", "success", "epoch", "recipient",
	}
	for _, texts := range []map[string]string{one, many} {
		for key, words := range texts {
			for _, f := range forbidden {
				if strings.Contains(strings.ToLower(words), f) {
					t.Errorf("%s: %q contains %q", key, words, f)
				}
			}
		}
	}
}
