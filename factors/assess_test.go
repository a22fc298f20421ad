package factors_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"forbear/factors"
)

func days(n int) *int { return &n }

// sample is an invented client with something under most headings.
func sample() factors.Facts {
	return factors.Facts{
		DateOfBirth: factors.MustDate("1986-03"),
		Entries: []factors.Entry{
			{ID: "e1", Date: factors.MustDate("2005-03"), Manner: "EWI", Apprehended: "no"},
			{ID: "e2", Date: factors.MustDate("2009-06-14"), Manner: "without-inspection", Apprehended: "inside"},
			{ID: "e3", Date: factors.MustDate("2021-02"), Manner: "admitted", Apprehended: "inside"},
		},
		Offenses: []factors.Offense{
			{
				ID: "o1", Title: "invented offense", Degree: "misdemeanor", Incident: "a", OffenseDate: factors.MustDate("2011-05-01"),
				ConvictionDate: factors.MustDate("2011-08"), SentenceImposedDays: days(90), ServedDays: days(90),
				PostConviction: "none", WeaponUsed: factors.No, Known: factors.Known{ToGov: factors.Yes, From: "NTA"},
			},
			{ID: "o2", Degree: "misdemeanor", Incident: "b", SentenceImposedDays: days(5), PostConviction: "vacated", WeaponUsed: factors.No},
			{ID: "o3", Degree: "misdemeanor", Incident: "c", SentenceImposedDays: days(5), PostConviction: "none", WeaponUsed: factors.No},
		},
		Arrests:         []factors.Arrest{{ID: "a1", Title: "invented arrest", Date: factors.MustDate("2016"), Outcome: "dismissed"}},
		Orders:          []factors.Order{{ID: "d1", Kind: "removal", Date: factors.MustDate("2013-12-31"), Final: factors.Yes}},
		Adverse:         []factors.Adverse{{ID: "v1", Title: "invented name on a pay stub", Kind: "other-name", Internal: true}},
		Relatives:       []factors.Relative{{ID: "r1", Relation: "child", Status: "citizen", Caretaking: factors.Yes}},
		Health:          []factors.Health{{ID: "h1", Person: "client", Kind: "physical", Serious: factors.Yes}},
		Disputes:        []factors.Dispute{{ID: "l1", Kind: "labor", ComplaintDate: factors.MustDate("2026-02")}},
		Roles:           []factors.Role{{ID: "w1", Kind: "witness", Matter: "invented agency"}},
		Continuous:      factors.No,
		FlightRisk:      factors.No,
		Danger:          factors.No,
		ProceedingStage: "pending",
	}
}

func TestAssess_aNewCaseHasTwoColumns(t *testing.T) {
	lib := library(t)
	for _, frame := range []string{lib.DefaultFrame(factors.Facts{}, "", "").ID, "REG-236.1", "REG-212.5"} {
		sides := map[factors.Side]int{}
		for _, r := range factors.Assess(lib, frame, today, factors.Facts{}, nil, nil).Rows {
			sides[r.Side]++
			if r.Answer == factors.No {
				t.Errorf("%s answers no from an empty file", r.Rule)
			}
			if r.Inputs == nil || r.Reason == "" || r.Pointer == "" || r.Threshold == "" || r.Says == "" || r.State == "" {
				t.Errorf("%s is not whole: %+v", r.Rule, r)
			}
		}
		if sides[factors.SideMitigating] == 0 || sides[factors.SideAggravating] == 0 {
			t.Errorf("%s: sides %v", frame, sides)
		}
		if sides[factors.SideExposure] != 4 {
			t.Errorf("%s: %d exposure rows, want those of EO-14159, HUFFMAN-ED, DETAIN-25 and VICTIM-25", frame, sides[factors.SideExposure])
		}
	}
}

func TestAssess_exposureIsThatOfTheDay(t *testing.T) {
	for _, r := range factors.Assess(library(t), "MAYORKAS", factors.MustDate("2022-05-01"), sample(), nil, nil).Rows {
		if r.Side == factors.SideExposure {
			t.Errorf("%s was not in force on that day", r.Rule)
		}
	}
}

func TestAssess_gatesAndExposureNeverLeave(t *testing.T) {
	lib := library(t)
	for _, in := range lib.Frames() {
		var tick []factors.Decision
		for _, r := range in.Rules {
			tick = append(tick, factors.Decision{Subject: r.ID, Argue: true, Applies: factors.Yes})
		}
		for _, r := range factors.Assess(lib, in.ID, today, sample(), tick, nil).Rows {
			fixed := r.Side == factors.SideGate || r.Side == factors.SideExposure
			if r.NeverLeaves != fixed || (fixed && r.Argue) {
				t.Errorf("%s: never leaves %v, argued %v", r.Rule, r.NeverLeaves, r.Argue)
			}
		}
	}
}

func TestAssess_sameValuesSameRows(t *testing.T) {
	lib := library(t)
	f := sample()
	decisions := []factors.Decision{{Subject: "MAYORKAS/MIT-5", Applies: factors.Yes, Argue: true}}
	proofs := map[string][]factors.Proof{"MAYORKAS/MIT-2": {{Exhibit: "x1", Page: 3}}, "relatives/r1": {{Exhibit: "x2"}}}
	before, _ := json.Marshal(f)
	first, err := json.Marshal(factors.Assess(lib, "MAYORKAS", today, f, decisions, proofs))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, _ := json.Marshal(factors.Assess(library(t), "MAYORKAS", today, f, decisions, proofs))
		if string(again) != string(first) {
			t.Fatal("the same values gave other rows")
		}
	}
	if after, _ := json.Marshal(f); string(after) != string(before) {
		t.Error("the facts were changed")
	}
}

// Whatever is known less about a client, no row turns into a no: take any one
// value away, and a row that said yes or unknown still does not say no.
func TestAssess_whatIsMissingNeverGivesNo(t *testing.T) {
	lib := library(t)
	rng := rand.New(rand.NewPCG(1, 2))
	tried := 0
	for range 30 {
		full := randomFacts(rng)
		var whole factors.Facts
		copyFacts(t, full, &whole)
		var leaves int
		walk(reflect.ValueOf(&whole).Elem(), func(reflect.Value) { leaves++ })
		answers := assessAll(lib, whole)
		for n := range leaves {
			var less factors.Facts
			copyFacts(t, full, &less)
			i := 0
			name := ""
			walk(reflect.ValueOf(&less).Elem(), func(v reflect.Value) {
				if i == n {
					name = v.Type().String()
					v.SetZero()
				}
				i++
			})
			for rule, now := range assessAll(lib, less) {
				if now == factors.No && answers[rule] != factors.No {
					doc, _ := json.Marshal(less)
					t.Fatalf("%s said %v; with one %s taken away it says no: %s", rule, answers[rule], name, doc)
				}
				tried++
			}
		}
	}
	if tried < 10_000 {
		t.Fatalf("only %d rows were looked at", tried)
	}
}

func assessAll(lib *factors.Library, f factors.Facts) map[string]factors.Answer {
	out := map[string]factors.Answer{}
	for _, in := range lib.Frames() {
		for _, r := range factors.Assess(lib, in.ID, today, f, nil, nil).Rows {
			out[r.Rule] = r.Answer
		}
	}
	return out
}

// walk visits every value that is set, inside structs and lists.
func walk(v reflect.Value, visit func(reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[factors.Date](), v.Kind() == reflect.Pointer:
		if !v.IsZero() {
			visit(v)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), visit)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case !v.IsZero():
		visit(v)
	}
}

func copyFacts(t *testing.T, from factors.Facts, to *factors.Facts) {
	t.Helper()
	data, err := json.Marshal(from)
	if err == nil {
		err = factors.Decode(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func randomFacts(rng *rand.Rand) factors.Facts {
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	date := func() factors.Date {
		return factors.MustDate(pick("", "2005", "2013-12-31", "2014-01-01", "2016-03", "2020", "2020-10-31", "2020-11-01", "2020-11-02", "2021", "2025-06-01", "2005~", "2020-22", "2019/2021"))
	}
	answer := func() factors.Answer { return factors.Answer(rng.IntN(3)) }
	number := func() *int {
		if rng.IntN(3) == 0 {
			return nil
		}
		return days([]int{0, 30, 60, 89, 90, 400}[rng.IntN(6)])
	}
	f := factors.Facts{
		DateOfBirth: factors.MustDate(pick("", "1950-05-10", "1961", "1961-05-10", "1990-02", "2012")),
		Continuous:  answer(), FlightRisk: answer(), Danger: answer(),
		ProceedingStage: pick("", "pending", "final-order"),
	}
	for range rng.IntN(3) {
		f.Entries = append(f.Entries, factors.Entry{
			Date: date(), Manner: pick("", "without-inspection", "admitted", "paroled", "false-claim"),
			Apprehended: pick("", "border", "inside", "no"),
		})
	}
	for range rng.IntN(4) {
		f.Offenses = append(f.Offenses, factors.Offense{
			Degree: pick("", "misdemeanor", "felony", "minor-traffic"), Incident: pick("", "a", "b", "c"),
			OffenseDate: date(), SentenceImposedDays: number(), ServedDays: number(),
			PostConviction: pick("", "none", "vacated"), WeaponUsed: answer(),
		})
	}
	for range rng.IntN(3) {
		f.Orders = append(f.Orders, factors.Order{Date: date(), Final: answer(), Kind: pick("", "removal", "voluntary-departure")})
	}
	for range rng.IntN(2) {
		f.Disputes = append(f.Disputes, factors.Dispute{Kind: "labor", ComplaintDate: date(), ProtectedActivity: pick("", "asked for wages")})
		f.Roles = append(f.Roles, factors.Role{Kind: pick("", "victim", "witness")})
	}
	return f
}

func TestAssess_statesSpeakOfTheFact(t *testing.T) {
	lib := library(t)
	asked := func(list string, a factors.Asked) factors.Facts {
		return factors.Facts{Answers: map[string]factors.Asked{list: a}}
	}
	entry := factors.Facts{Entries: []factors.Entry{{ID: "e1", Date: factors.MustDate("2005-03"), Manner: "EWI"}}}
	military := factors.Facts{Military: []factors.Service{{ID: "m1", Branch: "invented", Kind: "military"}}}
	proof := map[string][]factors.Proof{"entries/e1": {{Exhibit: "x", Page: 3}}}
	for _, c := range []struct {
		why       string
		rule      string
		facts     factors.Facts
		decisions []factors.Decision
		proofs    map[string][]factors.Proof
		want      factors.RowState
	}{
		{"nothing recorded", "MAYORKAS/MIT-7", factors.Facts{}, nil, nil, factors.NotAskedYet},
		{"asked, not known", "MAYORKAS/MIT-7", asked("military", factors.Asked{Reason: factors.NotKnown}), nil, nil, factors.AskedNotKnown},
		{"prefers not to say", "MAYORKAS/MIT-4", asked("roles", factors.Asked{Reason: factors.PrefersNotToSay}), nil, nil, factors.AskedNoAnswer},
		{"asked, none", "MAYORKAS/MIT-7", asked("military", factors.Asked{Answer: factors.No}), nil, nil, factors.DoesNotApply},
		{"recorded without proof", "MAYORKAS/MIT-7", military, nil, nil, factors.NeedsProof},
		{"computed, not adopted", "MAYORKAS/MIT-2", entry, nil, nil, factors.DatesSuggest},
		{"computed and adopted", "MAYORKAS/MIT-2", entry, []factors.Decision{{Subject: "MAYORKAS/MIT-2", Argue: true}}, nil, factors.NeedsProof},
		{"an exhibit proves the element", "MAYORKAS/MIT-2", entry, nil, proof, factors.HasProof},
		{"an age is only a number", "MAYORKAS/MIT-1", factors.Facts{DateOfBirth: factors.MustDate("1986-03")}, nil, nil, factors.PersonDecides},
		{"a person says it does not apply", "MAYORKAS/MIT-2", entry, []factors.Decision{{Subject: "MAYORKAS/MIT-2", Applies: factors.No, Why: "long absence"}}, nil, factors.DoesNotApply},
		{"a person asserts what nothing computes", "REG-212.5/public-interest", factors.Facts{}, []factors.Decision{{Subject: "REG-212.5/public-interest", Applies: factors.Yes}}, nil, factors.NeedsProof},
		{"nothing computes it and nobody said", "REG-212.5/public-interest", factors.Facts{}, nil, nil, factors.PersonDecides},
		{"against, nothing recorded", "MAYORKAS/AGG-1", factors.Facts{}, nil, nil, factors.NothingRecorded},
		{"against, recorded", "MAYORKAS/AGG-1", sample(), nil, nil, factors.Recorded},
		{"against, asked and none", "MAYORKAS/AGG-1", asked("offenses", factors.Asked{Answer: factors.No}), nil, nil, factors.DoesNotApply},
		{"said for everybody", "KELLY/no-class-exempt", factors.Facts{}, nil, nil, factors.Stated},
		{"not vacated: asked", "MAYORKAS/MIT-9", factors.Facts{Offenses: []factors.Offense{{PostConviction: "none"}}}, nil, nil, factors.DoesNotApply},
	} {
		memo, _, _ := strings.Cut(c.rule, "/")
		row, ok := find(factors.Assess(lib, memo, today, c.facts, c.decisions, c.proofs), c.rule)
		if !ok || row.State != c.want {
			t.Errorf("%s: %s is %q (%s), want %q", c.why, c.rule, row.State, row.Reason, c.want)
		}
	}
}

func TestAssess_inputsNameTheElement(t *testing.T) {
	lib := library(t)
	f := factors.Facts{
		Entries: []factors.Entry{{ID: "e9", Date: factors.MustDate("2020"), Manner: "EWI"}, {Date: factors.MustDate("2021-05")}},
		Answers: map[string]factors.Asked{"entries/e9/apprehended": {Reason: factors.PrefersNotToSay}},
	}
	row, _ := find(factors.Assess(lib, "MAYORKAS", today, f, nil, nil), "MAYORKAS/gate-C-b")
	want := []factors.Input{
		{Fact: "entries/e9/date", Value: "2020"},
		{Fact: "entries/e9/manner", Value: "EWI"},
		{Fact: "entries/e9/apprehended", Reason: factors.PrefersNotToSay},
		{Fact: "entries/1/date", Value: "2021-05"},
		{Fact: "entries/1/manner", Reason: factors.NotAsked},
		{Fact: "entries/1/apprehended", Reason: factors.NotAsked},
	}
	if !slices.Equal(row.Inputs, want) {
		t.Errorf("got %+v, want %+v", row.Inputs, want)
	}
}

func TestAssess_offenseRowsCollapseWhileNoneIsRecorded(t *testing.T) {
	lib := library(t)
	c := factors.Assess(lib, "MAYORKAS", today, factors.Facts{}, nil, nil).Collapse
	const want = "The five aggravating factors concern an offense. None is recorded in this file (not the same as none)."
	if c == nil || c.Sentence != want || len(c.Rules) != 5 {
		t.Errorf("got %+v, want %q", c, want)
	}
	if c := factors.Assess(lib, "MAYORKAS", today, sample(), nil, nil).Collapse; c != nil {
		t.Errorf("with an offense recorded: got %+v, want none", c)
	}
	if c := factors.Assess(lib, "REG-236.1", today, factors.Facts{}, nil, nil).Collapse; c != nil {
		t.Errorf("under a regulation: got %+v, want none", c)
	}
}

func TestAssess_keepsDecisionsAboutRulesThatAreGone(t *testing.T) {
	lib := library(t)
	decisions := []factors.Decision{
		{Subject: "MAYORKAS/MIT-99", Why: "because"},
		{Subject: "GONE/x", Argue: true},
		{Subject: "JOHNSON-14/p3-final-order"},
		{Subject: "offenses/o1", Leave: factors.LeaveOut},
		{Subject: "exhibits/x1"},
		{Subject: "protected1367", SecondLook: "somebody"},
	}
	a := factors.Assess(lib, "MAYORKAS", today, sample(), decisions, nil)
	if len(a.Retired) != 2 || a.Retired[0].Why != "because" || a.Retired[1].Subject != "GONE/x" {
		t.Errorf("got %+v", a.Retired)
	}
	if a := factors.Assess(lib, "NOBODY", today, sample(), decisions, nil); len(a.Rows) != 0 {
		t.Errorf("an instrument that is not there has %d rows", len(a.Rows))
	}
}

func TestAssess_aRuleThatCutsBothWaysKeepsItsSide(t *testing.T) {
	lib := library(t)
	decisions := []factors.Decision{{Subject: "TJOHNSON/extent-of-crime", Stand: factors.StandFor}}
	row, _ := find(factors.Assess(lib, "TJOHNSON", today, sample(), decisions, nil), "TJOHNSON/extent-of-crime")
	if row.Side != factors.SideEither || row.Stand != factors.StandFor {
		t.Errorf("side %q, stand %q", row.Side, row.Stand)
	}
	row, _ = find(factors.Assess(lib, "TJOHNSON", today, sample(), nil, nil), "TJOHNSON/extent-of-crime")
	if row.Stand != "" {
		t.Errorf("nobody has decided, and it stands %q", row.Stand)
	}
}

// A person's word closes what the dates leave open, and never what they settle.
func TestAssess_aDecisionDoesNotChangeWhatIsComputed(t *testing.T) {
	lib := library(t)
	f := factors.Facts{Entries: []factors.Entry{{Date: factors.MustDate("2020-11-02"), Manner: "EWI", Apprehended: "inside"}}}
	no := []factors.Decision{{Subject: "MAYORKAS/gate-C-b", Applies: factors.No, Why: "asserted"}}
	if row, _ := find(factors.Assess(lib, "MAYORKAS", today, f, no, nil), "MAYORKAS/gate-C-b"); row.Answer != factors.Yes {
		t.Errorf("got %v, want yes", row.Answer)
	}
	f.Entries[0].Date = factors.MustDate("2020")
	if row, _ := find(factors.Assess(lib, "MAYORKAS", today, f, no, nil), "MAYORKAS/gate-C-b"); row.Answer != factors.No || !strings.Contains(row.Reason, "A person decided") {
		t.Errorf("got %v (%s), want no, by a person", row.Answer, row.Reason)
	}
}

// The program never calls a length of time long, nor an offense grave.
func TestAssess_wordsDoNotJudge(t *testing.T) {
	lib := library(t)
	for _, in := range lib.Frames() {
		for _, r := range factors.Assess(lib, in.ID, today, sample(), nil, nil).Rows {
			for _, w := range []string{"lengthy", "eligible", "qualif", "strong", "likely to succeed", "score", "remote", "illegal", "law-abiding", "no criminal"} {
				if strings.Contains(strings.ToLower(r.Reason+r.Title), w) {
					t.Errorf("%s says %q", r.Rule, w)
				}
			}
		}
	}
}

func TestAdverseMatters_listsWhatCouldBeHeldAgainst(t *testing.T) {
	f := sample()
	decisions := []factors.Decision{{Subject: "offenses/o1", Leave: factors.ExplainWith}, {Subject: "adverse/v1", Leave: factors.Mention}}
	var got []string
	for _, m := range factors.AdverseMatters(f, decisions) {
		got = append(got, m.Kind+" "+m.Path+" "+string(m.Leaves())+" "+m.KnownToGov.String())
	}
	want := []string{
		"offense offenses/o1 explain yes", "offense offenses/o2  unknown", "offense offenses/o3  unknown", "arrest arrests/a1  unknown",
		"order orders/d1  unknown", "adverse adverse/v1 leave-out unknown", "entry entries/e1  unknown", "entry entries/e2  unknown",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkAssess(b *testing.B) {
	lib := library(b)
	f := sample()
	b.ReportAllocs()
	for b.Loop() {
		factors.Assess(lib, "MAYORKAS", today, f, nil, nil)
	}
}

// Three days for one frame: vacated, in force, ended.
func TestAdverseMatters_twoDecisionsThatDisagreeDecideNothing(t *testing.T) {
	f := factors.Facts{Arrests: []factors.Arrest{{ID: "x"}}}
	mention := factors.Decision{ID: "1", Subject: "arrests/x", Leave: factors.Mention, Text: "One sentence."}
	out := factors.Decision{ID: "2", Subject: "arrests/x", Leave: factors.LeaveOut, Reason: "choice"}
	again, other := mention, mention
	again.ID, again.Reason, other.Text = "3", "said twice", "Another sentence."
	for name, c := range map[string]struct {
		made []factors.Decision
		want factors.Leave
	}{
		"one":                  {[]factors.Decision{mention}, factors.Mention},
		"the same one twice":   {[]factors.Decision{mention, again}, factors.Mention},
		"mention, then out":    {[]factors.Decision{mention, out}, factors.Undecided},
		"out, then mention":    {[]factors.Decision{out, mention}, factors.Undecided},
		"other words":          {[]factors.Decision{mention, other}, factors.Undecided},
		"a third one does not": {[]factors.Decision{mention, out, mention}, factors.Undecided},
	} {
		if got := factors.AdverseMatters(f, c.made)[0].Leaves(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAssess_saysWhetherTheFrameWasInForce(t *testing.T) {
	lib := library(t)
	for day, want := range map[string]bool{"2022-07-15": false, "2024-05-01": true, "2026-11-21": false} {
		on := factors.MustDate(day)
		if a := factors.Assess(lib, "MAYORKAS", on, factors.Facts{}, nil, nil); a.InForce != want || a.AsOf != on || a.Memo != "MAYORKAS" {
			t.Errorf("%s: in force is %v", day, a.InForce)
		}
		_, by := lib.StatusSentences("MAYORKAS", on, "")
		if strings.Contains(by, "in force") != want {
			t.Errorf("%s: %q", day, by)
		}
	}
}

// An answer that was recorded without its fact is an answer all the same.
func TestAssess_anAssertionIsReadFromItsAnswer(t *testing.T) {
	lib := library(t)
	f := factors.Facts{Answers: map[string]factors.Asked{"danger": {Answer: factors.No}, "flightRisk": {Answer: factors.Yes}}}
	a := factors.Assess(lib, "REG-236.1", today, f, nil, nil)
	if row, _ := find(a, "REG-236.1/no-danger"); row.Answer != factors.Yes || row.State != factors.NeedsProof {
		t.Errorf("no danger: %v, %s", row.Answer, row.State)
	}
	if row, _ := find(a, "REG-236.1/likely-to-appear"); row.Answer != factors.No || row.State != factors.DoesNotApply {
		t.Errorf("likely to appear: %v, %s", row.Answer, row.State)
	}
}
