package factors_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forbear/assets"
	"forbear/factors"
)

// library reads the memo library that the program ships.
func library(t testing.TB) *factors.Library {
	t.Helper()
	lib, err := factors.Load(assets.Memos)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestLoad_everyInstrumentSaysWhereItComesFrom(t *testing.T) {
	lib := library(t)
	want := []string{
		"MORTON-PD", "MORTON-VW", "OPLA-11", "JOHNSON-14", "OPLA-15", "KELLY", "ERO-17", "OPLA-17", "PEKOSKE", "TJOHNSON",
		"ICR", "TRASVINA", "VICTIM-21", "MAYORKAS", "WORKSITE-21", "DOYLE", "DALE", "EOIR-23", "EO-14159", "HUFFMAN-PA",
		"HUFFMAN-PAR", "HUFFMAN-ED", "VICTIM-25", "PARENT-25", "DETAIN-25", "REG-236.1", "REG-212.5",
	}
	if len(lib.Instruments()) != len(want) {
		t.Errorf("got %d instruments, want %d", len(lib.Instruments()), len(want))
	}
	source := regexp.MustCompile(`^https?://|letter|campaign|Center|general knowledge|Code of Federal Regulations`)
	for _, id := range want {
		in, ok := lib.Instrument(id)
		if !ok {
			t.Errorf("%s is missing", id)
			continue
		}
		if in.Cite == "" || in.Author == "" || in.Short == "" {
			t.Errorf("%s: citation, author or short name is missing", id)
		}
		for _, s := range in.Sources {
			if !source.MatchString(s) {
				t.Errorf("%s: source %q names nothing", id, s)
			}
		}
		for _, e := range in.Events {
			if !source.MatchString(e.Source) {
				t.Errorf("%s: the source of %s names nothing", id, e.Event)
			}
			if strings.Contains(e.Source, "general knowledge") && e.Confidence != factors.Unverified {
				t.Errorf("%s: general knowledge is not marked as unverified", id)
			}
		}
	}
	if lib.Checked.String() != "2026-11-21" || lib.BlindAfter.String() != "2026-06-30" || len(lib.SHA256) != 64 {
		t.Errorf("library: checked %s, blind after %s, hash %q", lib.Checked, lib.BlindAfter, lib.SHA256)
	}
}

func TestLoad_everyRuleIsWhole(t *testing.T) {
	lib := library(t)
	quoted := regexp.MustCompile(`["“”]`)
	for _, in := range lib.Instruments() {
		for _, r := range in.Rules {
			if got, ok := lib.Rule(r.ID); !ok || got.Title != r.Title || r.Instrument != in.ID || !strings.HasPrefix(r.ID, in.ID+"/") {
				t.Errorf("%s is not found under its id", r.ID)
			}
			if r.NeverLeaves != (r.Side == factors.SideGate || r.Side == factors.SideExposure) {
				t.Errorf("%s: never leaves is %v", r.ID, r.NeverLeaves)
			}
			if quoted.MatchString(r.Says) {
				t.Errorf("%s quotes instead of saying it in our words", r.ID)
			}
			ours := strings.HasPrefix(r.ID, in.ID+"/ours-")
			if ours != (r.Label == factors.LabelOurs) {
				t.Errorf("%s: label %s", r.ID, r.Label)
			}
			if in.Channel == factors.ChannelRegulation && !ours && r.Label != factors.LabelLaw {
				t.Errorf("%s: label %s", r.ID, r.Label)
			}
			if r.Side == factors.SideExposure && r.Label != factors.LabelExposure {
				t.Errorf("%s: label %s", r.ID, r.Label)
			}
		}
	}
}

// Released ids never change: decisions in case files name them.
func TestLoad_ruleIdsStay(t *testing.T) {
	lib := library(t)
	for _, id := range []string{
		"MAYORKAS/gate-A", "MAYORKAS/gate-B", "MAYORKAS/gate-C-a", "MAYORKAS/gate-C-b",
		"MAYORKAS/AGG-1", "MAYORKAS/AGG-2", "MAYORKAS/AGG-3", "MAYORKAS/AGG-4", "MAYORKAS/AGG-5",
		"MAYORKAS/MIT-1", "MAYORKAS/MIT-2", "MAYORKAS/MIT-3", "MAYORKAS/MIT-4", "MAYORKAS/MIT-5",
		"MAYORKAS/MIT-6", "MAYORKAS/MIT-7", "MAYORKAS/MIT-8", "MAYORKAS/MIT-9", "MAYORKAS/retaliation",
		"MAYORKAS/protected-race", "MAYORKAS/protected-religion", "MAYORKAS/protected-gender", "MAYORKAS/protected-orientation",
		"MAYORKAS/protected-origin", "MAYORKAS/protected-association", "MAYORKAS/protected-speech",
		"TJOHNSON/border", "JOHNSON-14/p1b-border", "JOHNSON-14/p2a-three-misdemeanors", "JOHNSON-14/p2c-entry", "JOHNSON-14/p3-final-order",
		"OPLA-11/over-65", "KELLY/no-class-exempt", "REG-236.1/no-danger", "REG-236.1/likely-to-appear",
		"WORKSITE-21/retaliation", "WORKSITE-21/announced-referrals", "WORKSITE-21/announced-deconfliction", "WORKSITE-21/announced-tip",
		"EO-14159/final-order", "HUFFMAN-ED/under-two-years", "DETAIN-25/uninspected-entry", "VICTIM-25/victim-benefits",
	} {
		if _, ok := lib.Rule(id); !ok {
			t.Errorf("%s is gone", id)
		}
	}
	in, _ := lib.Instrument("MAYORKAS")
	sides := map[factors.Side]int{}
	for _, r := range in.Rules {
		sides[r.Side]++
		inB := strings.HasPrefix(r.ID, "MAYORKAS/AGG-") || strings.HasPrefix(r.ID, "MAYORKAS/MIT-")
		if inB != (r.Asks == "II.B" && r.Side != factors.SideGate) {
			t.Errorf("%s asks %q: both lists, and nothing else, belong to II.B", r.ID, r.Asks)
		}
		// The whole memo holds one number.
		if (r.Threshold != "none") != (r.ID == "MAYORKAS/gate-C-b") {
			t.Errorf("%s: threshold %s", r.ID, r.Threshold)
		}
	}
	if sides[factors.SideGate] != 4 || sides[factors.SideAggravating] != 5 || sides[factors.SideMitigating] != 10 || sides[factors.SideProtected] != 7 {
		t.Errorf("sides of MAYORKAS: %v", sides)
	}
	if !slices.IsSorted([]string{in.Rules[4].ID, in.Rules[5].ID, in.Rules[6].ID}) {
		t.Error("the aggravating rules are not in the memo's order")
	}
}

const goodHead = `version = "1"
checked = "2026-11-21"
blindAfter = "2026-06-30"
fallback = "M"
release = "M"
parole = "M"
order = ["M"]
`

const goodMemo = `id = "M"
title = "A memo"
channel = "dhs"
label = "memo"
lists = true
confidence = "found"
sources = ["somewhere"]
[[status]]
date = "2020-01-01"
event = "effective"
source = "somewhere"
confidence = "found"
[[status]]
date = "2021-01-01"
event = "rescinded"
source = "somewhere"
confidence = "found"
[[rules]]
id = "r1"
title = "A rule"
side = "mitigating"
says = "It says so."
pointer = "p. 1"
confidence = "weak"
threshold = "none"
compute = "none"
[[rules]]
id = "r2"
title = "Another"
side = "gate"
says = "It says that too."
pointer = "p. 2"
confidence = "found"
threshold = "2020-11-01"
compute = "entry-on-or-after"
facts = ["entries"]
[rules.with]
date = "2020-11-01"
`

func load(head, memo string) (*factors.Library, error) {
	return factors.Load(fstest.MapFS{
		"memos/library.toml": {Data: []byte(head)},
		"memos/m.toml":       {Data: []byte(memo)},
	})
}

func TestLoad_refusesAMalformedLibrary(t *testing.T) {
	if _, err := load(goodHead, goodMemo); err != nil {
		t.Fatal(err)
	}
	swap := func(text, old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the good file does not hold %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for _, c := range []struct{ why, old, new string }{
		{"not TOML", `id = "M"`, `id = `},
		{"a key twice", `id = "M"`, "id = \"M\"\nid = \"M\""},
		{"an unknown key", `lists = true`, `list = true`},
		{"an unknown key in a rule", `pointer = "p. 1"`, `pointer = "p. 1"` + "\nweight = 3"},
		{"an unknown parameter", `[rules.with]`, "[rules.with]\nscore = 5"},
		{"an unknown key in an event", `event = "effective"`, "event = \"effective\"\nby = \"x\""},
		{"no id", `id = "M"`, ``},
		{"an id in lower case", `id = "M"`, `id = "m"`},
		{"an id that is not the file's", `id = "M"`, `id = "N"`},
		{"no title", `title = "A memo"`, ``},
		{"an unknown channel", `"dhs"`, `"fbi"`},
		{"context that lists", `"dhs"`, `"context"`},
		{"an unknown label", `label = "memo"`, `label = "rumor"`},
		{"an unknown confidence", `confidence = "found"`, `confidence = "sure"`},
		{"no sources", `sources = ["somewhere"]`, `sources = []`},
		{"an empty source", `sources = ["somewhere"]`, `sources = [""]`},
		{"an event without a date", `date = "2020-01-01"`, ``},
		{"an event on a day that is none", `date = "2020-01-01"`, `date = "2020-01-32"`},
		{"an event without an end", `date = "2020-01-01"`, `date = "2020-01-01/.."`},
		{"an unknown event", `event = "effective"`, `event = "liked"`},
		{"an event without a source", `source = "somewhere"`, ``},
		{"an event without confidence", "source = \"somewhere\"\nconfidence = \"found\"", `source = "somewhere"`},
		{"events that run backwards", `date = "2021-01-01"`, `date = "2019-01-01"`},
		{"doubt beside the date", `event = "effective"`, "event = \"effective\"\ndoubt = \"2020-02-01/2020-02-02\""},
		{"a rule without an id", `id = "r1"`, ``},
		{"a rule with a slash in its id", `id = "r1"`, `id = "M/r1"`},
		{"a rule twice", `id = "r2"`, `id = "r1"`},
		{"an unknown side", `side = "mitigating"`, `side = "good"`},
		{"no paraphrase", `says = "It says so."`, ``},
		{"no pointer", `pointer = "p. 1"`, ``},
		{"no confidence", `confidence = "weak"`, ``},
		{"no threshold", `threshold = "none"`, ``},
		{"no computation", `compute = "none"`, ``},
		{"an unknown computation", `compute = "none"`, `compute = "guess"`},
		{"a threshold that nothing compares with", `threshold = "none"`, `threshold = "10 years"`},
		{"a threshold that differs from the parameter", `threshold = "2020-11-01"`, `threshold = "2020-11-02"`},
		{"a comparison without its date", "[rules.with]\ndate = \"2020-11-01\"\n", ""},
		{"a comparison with a month", "[rules.with]\ndate = \"2020-11-01\"", "[rules.with]\ndate = \"2020-11\""},
		{"a fact that is not there", `facts = ["entries"]`, `facts = ["income"]`},
	} {
		if _, err := load(goodHead, swap(goodMemo, c.old, c.new)); !errors.Is(err, factors.ErrLibrary) {
			t.Errorf("%s: got %v, want ErrLibrary", c.why, err)
		}
	}
	for _, c := range []struct{ why, old, new string }{
		{"no version", `version = "1"`, ``},
		{"checked on no day", `"2026-11-21"`, `"2026-11"`},
		{"an order without an instrument", `order = ["M"]`, `order = []`},
		{"an order with a stranger", `order = ["M"]`, `order = ["M", "X"]`},
		{"an order that repeats", `order = ["M"]`, `order = ["M", "M"]`},
		{"a fallback that is not there", `fallback = "M"`, `fallback = "X"`},
		{"an unknown key", `version = "1"`, "version = \"1\"\nauthor = \"x\""},
	} {
		if _, err := load(swap(goodHead, c.old, c.new), goodMemo); !errors.Is(err, factors.ErrLibrary) {
			t.Errorf("%s: got %v, want ErrLibrary", c.why, err)
		}
	}
	if _, err := factors.Load(fstest.MapFS{"m.toml": {Data: []byte(goodMemo)}}); !errors.Is(err, factors.ErrLibrary) {
		t.Errorf("no header: got %v, want ErrLibrary", err)
	}
	if _, err := factors.Load(fstest.MapFS{"library.toml": {Data: []byte(goodHead)}, "m.toml": {Data: make([]byte, 2<<20)}}); !errors.Is(err, factors.ErrLibrary) {
		t.Errorf("a file of two megabytes: got %v, want ErrLibrary", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(goodMemo)
	f.Add(strings.Replace(goodMemo, "2020-01-01", "2020?", 1))
	f.Fuzz(func(t *testing.T, memo string) {
		lib, err := load(goodHead, memo)
		if err != nil {
			if !errors.Is(err, factors.ErrLibrary) {
				t.Errorf("got %v, want ErrLibrary", err)
			}
			return
		}
		// What is accepted can be asked for any day and assessed.
		lib.InForce(today)
		factors.Assess(lib, "M", today, factors.Facts{}, nil, nil)
	})
}
