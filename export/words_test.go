package export

import (
	"strings"
	"testing"

	"forbear/casefile"
	"forbear/factors"
)

func TestLetterTab(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := letterTab(n); got != want {
			t.Errorf("letterTab(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestAge_is_said_only_as_far_as_the_date_of_birth_tells(t *testing.T) {
	on := factors.MustDate("2026-11-22")
	for born, want := range map[string]string{
		"2017-05-03": "9", "2017-11-22": "9", "2017-11-23": "8", "2017-05": "9", "2017": "8 or 9", "2017-11": "8 or 9", "2017~": "", "": "",
	} {
		var d factors.Date
		if born != "" {
			d = factors.MustDate(born)
		}
		if got := age(d, on); got != want {
			t.Errorf("born %q: age %q, want %q", born, got, want)
		}
	}
}

func TestLongDate_keeps_the_precision(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-22": "November 22, 2026", "1986-03": "March 1986", "2005": "2005", "2005~": "about 2005", "2026-05-01": "May 1, 2026",
	} {
		if got := longDate(factors.MustDate(in)); got != want {
			t.Errorf("longDate(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestClientWords_repeat_the_name_where_no_pronoun_is_recorded(t *testing.T) {
	doc := casefile.Document{}
	doc.FamilyName, doc.GivenName = "Xol", "Marisol"
	doc.Arrests = []factors.Arrest{{ID: "x"}}
	on := factors.MustDate("2026-11-22")
	for gender, want := range map[string]string{
		"female": "Ms. Xol was arrested.", "M": "Mr. Xol was arrested.", "": "Marisol Xol was arrested.", "X": "Marisol Xol was arrested.",
	} {
		doc.Gender = gender
		if got := DraftMatter(doc, "arrests/x", on); got != want {
			t.Errorf("%q: %q", gender, got)
		}
	}
}

func TestDraftMatter_says_what_is_recorded_and_no_more(t *testing.T) {
	on := factors.MustDate("2026-11-22")
	doc := casefile.Document{}
	doc.FamilyName, doc.GivenName, doc.Gender = "Xol", "Marisol", "female"
	zero := 0
	doc.Offenses = []factors.Offense{
		{ID: "a", ConvictionDate: factors.MustDate("2011-07-08"), SentenceImposedDays: &zero},
		{ID: "b", Title: "theft", PostConviction: "vacated", OffenseDate: on},
		{ID: "g", Title: "theft, while drunk", ConvictionDate: factors.MustDate("2011"), PostConviction: "vacated", Rehabilitation: "relapsed in 2013", Jurisdiction: "the county where her sister lives"},
	}
	doc.Adverse = []factors.Adverse{{ID: "h", Title: "told me she drank daily until 2024", Known: factors.Known{ToGov: factors.Yes}}}
	doc.Entries = []factors.Entry{{ID: "i", Manner: factors.WithoutInspection, Known: factors.Known{From: "NTA"}}, {ID: "j", Manner: factors.FalseClaim, Known: factors.Known{From: "told me that the officer knew"}}}
	doc.Arrests = []factors.Arrest{{ID: "c", Date: factors.MustDate("2016-10"), Outcome: "dismissed"}, {ID: "d"}}
	doc.Orders = []factors.Order{{ID: "e", Kind: "removal", Date: factors.MustDate("2014")}}
	doc.Removals = []factors.Removal{{ID: "f"}}
	for path, want := range map[string]string{
		"offenses/a":      "Ms. Xol was convicted on July 8, 2011 and was not sentenced to jail. That was 15 years 4 months ago.",
		"offenses/b":      "",
		"offenses/g":      "Ms. Xol was convicted in 2011. The conviction was later vacated. That was at least 14 years 10 months ago.",
		"adverse/h":       "",
		"entries/i":       "The government’s record (NTA) alleges an entry without inspection. Nothing in this letter pleads to that allegation.",
		"entries/j":       "The government’s record alleges an entry on a false claim. Nothing in this letter pleads to that allegation.",
		"arrests/c":       "Ms. Xol was arrested in October 2016; the case was dismissed. That was at least 10 years ago.",
		"arrests/d":       "Ms. Xol was arrested.",
		"orders/e":        "An order of removal was entered in 2014. That was at least 11 years 10 months ago.",
		"priorRemovals/f": "Ms. Xol was removed from the United States.",
		"offenses/none":   "",
	} {
		if got := DraftMatter(doc, path, on); got != want {
			t.Errorf("%s:\n got %q\nwant %q", path, got, want)
		}
	}
}

func TestTyped_marks_become_cites_of_what_leaves_only(t *testing.T) {
	o := typed("x", "See {a p. 3} and {b}, not {c}.", map[string]bool{"a": true, "b": true})
	cites := o.Cites()
	if len(cites) != 2 || cites[0] != (Cite{Exhibit: "a", Page: 3}) || cites[1] != (Cite{Exhibit: "b", Page: 1}) {
		t.Errorf("cites %v", cites)
	}
	if got := o.Text(); got != "See  and , not {c}." {
		t.Errorf("text %q", got)
	}
}

func TestFirstSentence_is_not_cut_behind_an_abbreviation(t *testing.T) {
	for in, want := range map[string]string{
		"The school has had Ms. Xol since 2019. She came.": "The school has had Ms. Xol since 2019",
		"She is a U.S. citizen’s mother.":                  "She is a U.S. citizen’s mother",
		"One sentence {a p. 2}.":                           "One sentence ",
	} {
		if got := firstSentence(in); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("firstSentence(%q) = %q", in, got)
		}
	}
}

func TestFolded_names_compare_without_accents_and_case(t *testing.T) {
	if folded("NÚÑEZ, Q’eqchi’  Xol-Caal") != folded("nunez qeqchi xol caal") {
		t.Errorf("%q", folded("NÚÑEZ, Q’eqchi’  Xol-Caal"))
	}
}

func TestProvesOnlyHidden_a_translation_and_its_original_stay_together(t *testing.T) {
	all := []casefile.Exhibit{{ID: "orig"}, {ID: "tr", TranslationOf: "orig", Proves: []string{"offenses/x"}}, {ID: "other"}}
	hidden := map[string]bool{"offenses/x": true}
	for id, want := range map[int]bool{0: true, 1: true, 2: false} {
		if got := provesOnlyHidden(together(all[id], all), nil, hidden); got != want {
			t.Errorf("exhibit %d hidden: %v", id, got)
		}
	}
	all[0].Proves = []string{"relatives/y"}
	if provesOnlyHidden(together(all[1], all), nil, hidden) {
		t.Error("an exhibit that also shows something else is hidden")
	}
}

func TestLowerFirst_leaves_abbreviations_alone(t *testing.T) {
	for in, want := range map[string]string{"Asthma": "asthma", "PTSD": "PTSD", "Úlcera": "úlcera", "A cough": "a cough", "": ""} {
		if got := lowerFirst(in); got != want {
			t.Errorf("lowerFirst(%q) = %q, want %q", in, got, want)
		}
	}
}
