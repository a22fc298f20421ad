package factors_test

import (
	"slices"
	"strings"
	"testing"

	"forbear/factors"
)

func TestDefaultFrame_officeThenWhatGovernsThenTheLast(t *testing.T) {
	lib := library(t)
	in := func(authority string) factors.Facts { return factors.Facts{CustodyAuthority: authority} }
	for _, c := range []struct {
		facts       factors.Facts
		ask, office string
		want, why   string
	}{
		{factors.Facts{}, "", "", "MAYORKAS", "last"},
		{in("236(a)"), "", "", "REG-236.1", "governs"},
		{in("INA 236(a)"), "", "", "REG-236.1", "governs"},
		{in("235(b)(2)"), "", "", "REG-212.5", "governs"},
		{in("235(b)(1)"), "", "", "REG-212.5", "governs"},
		{in("236(c)"), "", "", "MAYORKAS", "last"},
		{in("241"), "", "", "MAYORKAS", "last"},
		{in("235(b)(2)"), factors.AskRelease, "", "REG-236.1", "governs"},
		{in("236(a)"), factors.AskParole, "", "REG-212.5", "governs"},
		{in("236(a)"), "no-arrest", "", "MAYORKAS", "last"},
		{in("236(a)"), "", "JOHNSON-14", "JOHNSON-14", "office"},
		{in("236(a)"), "", "NOBODY", "REG-236.1", "governs"},
		{in("236(a)"), "", "EO-14159", "REG-236.1", "governs"},
		{in("236(a)"), "", "VICTIM-25", "REG-236.1", "governs"},
	} {
		if got := lib.DefaultFrame(c.facts, c.ask, c.office); got.ID != c.want || got.Why != c.why {
			t.Errorf("custody %q, ask %q, office %q: got %+v, want %s, %s", c.facts.CustodyAuthority, c.ask, c.office, got, c.want, c.why)
		}
	}
}

func TestMenu_threeChoicesOnTop(t *testing.T) {
	lib := library(t)
	m := lib.Menu(factors.Facts{CustodyAuthority: "236(a)"}, "", "")
	if m.Governs != "REG-236.1" || m.Last != "MAYORKAS" || m.Office != "" {
		t.Errorf("got %+v", m)
	}
	if slices.Contains(m.More, "MAYORKAS") || slices.Contains(m.More, "REG-236.1") || !slices.Contains(m.More, "JOHNSON-14") || slices.Contains(m.More, "EO-14159") {
		t.Errorf("more: %v", m.More)
	}
}

func TestStatusSentences_forADay(t *testing.T) {
	lib := library(t)
	force, by := lib.StatusSentences("MAYORKAS", today, "REG-236.1")
	if want := "No DHS or OPLA memo that lists factors is known (library checked Nov 21, 2026). Release in this custody is decided under 8 CFR 236.1(c)(8) (text unverified)."; force != want {
		t.Errorf("in force: got %q, want %q", force, want)
	}
	if want := "Sept 30, 2021 Guidelines, ended Jan 20, 2025"; by != want {
		t.Errorf("organized by: got %q, want %q", by, want)
	}
	force, by = lib.StatusSentences("MAYORKAS", factors.MustDate("2024-05-01"), "")
	if !strings.HasPrefix(force, "On May 1, 2024: Sept 30, 2021 Guidelines; Apr 3, 2022 OPLA guidance (library checked") || by != "Sept 30, 2021 Guidelines, in force on May 1, 2024" {
		t.Errorf("on May 1, 2024: %q, %q", force, by)
	}
	force, by = lib.StatusSentences("MAYORKAS", factors.MustDate("2022-06-24"), "REG-212.5")
	if !strings.Contains(force, "The sources disagree about Sept 30, 2021 Guidelines on this day.") || !strings.Contains(force, "Parole from this custody is decided under 8 CFR 212.5(b) (text unverified).") {
		t.Errorf("on June 24, 2022: %q", force)
	}
	if by != "Sept 30, 2021 Guidelines, vacated between Jun 24, 2022 and Jun 25, 2022" {
		t.Errorf("on June 24, 2022: %q", by)
	}
}

func TestPastStatusSentence_onlyWhereItIsSurelyTrue(t *testing.T) {
	lib := library(t)
	if s, ok := lib.PastStatusSentence("MAYORKAS", factors.MustDate("2024-05-01")); !ok || s != "On May 1, 2024, the memorandum “Guidelines for the Enforcement of Civil Immigration Law” was in force." {
		t.Errorf("got %q, %v", s, ok)
	}
	for _, c := range []struct{ id, day string }{
		{"MAYORKAS", "2022-07-15"},
		{"MAYORKAS", "2022-06-24"},
		{"MAYORKAS", "2026-11-21"},
		{"MAYORKAS", "2024-05"},
		{"MAYORKAS", "2024-05-01~"},
		{"MAYORKAS", ""},
		{"DOYLE", "2023-01-01"},
		{"TJOHNSON", "2021-10-01"},
		{"NOBODY", "2024-05-01"},
	} {
		if s, ok := lib.PastStatusSentence(c.id, factors.MustDate(c.day)); ok || s != "" {
			t.Errorf("%s on %q: got %q", c.id, c.day, s)
		}
	}
}

func TestMayCite_neverSaysThatADeadMemoBinds(t *testing.T) {
	lib := library(t)
	s, ok := lib.MayCite("MAYORKAS", today)
	if !ok || !strings.Contains(s, "the factors the Department listed in 2021 when weighing public safety") {
		t.Errorf("got %q, %v", s, ok)
	}
	for _, in := range lib.Instruments() {
		for _, day := range []string{"2019-01-01", "2022-06-24", "2024-05-01", "2026-11-21"} {
			s, ok := lib.MayCite(in.ID, factors.MustDate(day))
			if ok != (s != "") {
				t.Errorf("%s on %s: %q, %v", in.ID, day, s, ok)
			}
			for _, w := range []string{"require", "bind", "must", "entitle", "obliged", "policy"} {
				if strings.Contains(s, w) {
					t.Errorf("%s on %s: %q says %s", in.ID, day, s, w)
				}
			}
		}
	}
	for _, id := range []string{"KELLY", "EO-14159", "DETAIN-25", "NOBODY"} {
		if s, ok := lib.MayCite(id, today); ok {
			t.Errorf("%s: got %q", id, s)
		}
	}
	if _, ok := lib.MayCite("MAYORKAS", factors.MustDate("2022-06-25")); ok {
		t.Error("a day in doubt is no day to name it on")
	}
	if s, ok := lib.MayCite("REG-236.1", today); !ok || s != "Release in this custody is decided under 8 CFR 236.1(c)(8)." {
		t.Errorf("got %q, %v", s, ok)
	}
}

func TestStatusSentences_everyStandingHasItsWords(t *testing.T) {
	lib := library(t)
	for _, c := range []struct{ id, day, want string }{
		{"MAYORKAS", "2021-09-29", "Sept 30, 2021 Guidelines, not issued on Sep 29, 2021"},
		{"MAYORKAS", "2021-10-01", "Sept 30, 2021 Guidelines, issued Sep 30, 2021, not yet in force"},
		{"MAYORKAS", "2021-11-29", "Sept 30, 2021 Guidelines, in force on Nov 29, 2021"},
		{"TJOHNSON", "2021-09-01", "Feb 18, 2021 ICE interim guidance, enjoined Aug 19, 2021"},
		{"TJOHNSON", "2021-10-01", "Feb 18, 2021 ICE interim guidance, in force in part on Oct 1, 2021"},
		{"KELLY", "2026-11-21", "Feb 20, 2017 DHS enforcement memo, rescinded Jan 20, 2021"},
		{"REG-236.1", "2026-11-21", "8 CFR 236.1(c)(8), in force (text unverified)"},
		{"ICR", "2026-11-21", "ICE Case Review (ICR), last known Feb 14, 2025"},
		{"NOBODY", "2026-11-21", ""},
	} {
		if _, got := lib.StatusSentences(c.id, factors.MustDate(c.day), ""); got != c.want {
			t.Errorf("%s on %s: got %q, want %q", c.id, c.day, got, c.want)
		}
	}
	if got := lib.BlindSentence(); got != "The rules and memos here were checked on Nov 21, 2026; they know nothing after Jun 30, 2026." {
		t.Errorf("got %q", got)
	}
}
