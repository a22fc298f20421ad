package factors

import (
	"slices"
	"strconv"
	"strings"
)

// words lists, for each fact that holds one of a few words, the words it may
// hold. The empty word, for not asked, is always one of them.
var words = map[string][]string{
	"custodyAuthority":          {"236(a)", "236(c)", "235(b)(1)", "235(b)(2)", "241"},
	"proceedingStage":           {"none", "pre-filing", "pending", "appeal", "final-order", "court-review"},
	"entries/*/manner":          {WithoutInspection, Admitted, Paroled, FalseClaim},
	"entries/*/apprehended":     {ApprehendedAtBorder, ApprehendedInside, NotApprehended},
	"offenses/*/degree":         {Felony, Misdemeanor, Infraction, TrafficOffense},
	"offenses/*/postConviction": {"vacated", "expunged", "none"},
	"arrests/*/outcome":         {"dismissed", "pending", "not-prosecuted"},
	"orders/*/kind":             {"removal", "exclusion", "deportation", "voluntary-departure", "expedited"},
	"adverse/*/kind":            {"other-name", "allegation", "gang-allegation", "alcohol", "other"},
	"relatives/*/relation":      {"spouse", "child", "parent", "sibling", "other"},
	"relatives/*/status":        {"citizen", "lpr", "other", "do-not-ask"},
	"health/*/kind":             {"physical", "mental", "pregnancy", "nursing", "disability"},
	"military/*/kind":           {"military", "public"},
	"communityTies/*/kind":      {"church", "volunteering", "work", "taxes", "school", "home", "other"},
	"roles/*/kind":              {"victim", "witness", "party"},
	"disputes/*/kind":           {"labor", "housing"},
	"reliefPending/*/kind":      {"asylum", "withholding", "cancellation", "u", "t", "vawa", "adjustment", "tps", "other"},
	"reliefPending/*/status":    {"pending", "granted", "denied", "not-filed"},
	"answers/*/reason":          {string(NotAsked), string(NotKnown), string(PrefersNotToSay), string(DoNotAskAgain)},
}

// Words returns the words that a fact may hold, by its path with * for an
// element: entries/*/manner. It is nil for a fact that holds free text.
func Words(path string) []string { return slices.Clone(words[path]) }

// kindWords are the kinds by which a rule may pick elements.
var kindWords = func() map[string]bool {
	all := map[string]bool{}
	for path, list := range words {
		if strings.HasSuffix(path, "/kind") || strings.HasSuffix(path, "/relation") {
			for _, w := range list {
				all[w] = true
			}
		}
	}
	return all
}()

// spellings are customary ways to write a word, in lower case with blanks and
// underscores turned into hyphens.
var spellings = map[string]map[string]string{
	"entries/*/manner": {
		"ewi": WithoutInspection, "e.w.i.": WithoutInspection, "uninspected": WithoutInspection,
		"entry-without-inspection": WithoutInspection, "entered-without-inspection": WithoutInspection, "no-inspection": WithoutInspection,
		"visa": Admitted, "inspected": Admitted, "inspected-and-admitted": Admitted, "admission": Admitted,
		"visa-waiver": Admitted, "vwp": Admitted, "esta": Admitted, "with-visa": Admitted,
		"parole": Paroled, "false-claim-to-citizenship": FalseClaim,
	},
	"entries/*/apprehended": {
		"at-border": ApprehendedAtBorder, "at-the-border": ApprehendedAtBorder, "port-of-entry": ApprehendedAtBorder, "poe": ApprehendedAtBorder,
		"interior": ApprehendedInside, "inside-us": ApprehendedInside, "inside-the-us": ApprehendedInside, "in-us": ApprehendedInside, "in-the-us": ApprehendedInside,
		"none": NotApprehended, "not-apprehended": NotApprehended, "never": NotApprehended,
	},
	"offenses/*/degree": {
		"misdemeanour": Misdemeanor, "traffic": TrafficOffense, "minor-traffic-offense": TrafficOffense,
	},
	"custodyAuthority": {
		"ina-236(a)": "236(a)", "ina-236(c)": "236(c)", "ina-235(b)(1)": "235(b)(1)", "ina-235(b)(2)": "235(b)(2)", "ina-241": "241",
		"235(b)(2)(a)": "235(b)(2)", "241(a)": "241",
	},
}

// word returns the word that a value stands for under a path, and false for a
// value that is none of them.
func word(path, value string) (string, bool) {
	if value == "" || slices.Contains(words[path], value) {
		return value, true
	}
	plain := strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(strings.TrimSpace(value)))
	if plain == "unknown" {
		return "", true
	}
	if slices.Contains(words[path], plain) {
		return plain, true
	}
	w, ok := spellings[path][plain]
	return w, ok
}

func mannerOf(s string) (string, bool) { return word("entries/*/manner", s) }
func placeOf(s string) (string, bool)  { return word("entries/*/apprehended", s) }
func degreeOf(s string) (string, bool) { return word("offenses/*/degree", s) }

// chosen calls visit for each fact that holds one of a few words.
func (f *Facts) chosen(visit func(rule, path string, value *string)) {
	each := func(list string, i int, field string, value *string) {
		visit(list+"/*/"+field, list+"/"+strconv.Itoa(i)+"/"+field, value)
	}
	visit("custodyAuthority", "custodyAuthority", &f.CustodyAuthority)
	visit("proceedingStage", "proceedingStage", &f.ProceedingStage)
	for i := range f.Entries {
		e := &f.Entries[i]
		each("entries", i, "manner", &e.Manner)
		each("entries", i, "apprehended", &e.Apprehended)
	}
	for i := range f.Offenses {
		o := &f.Offenses[i]
		each("offenses", i, "degree", &o.Degree)
		each("offenses", i, "postConviction", &o.PostConviction)
	}
	for i := range f.Arrests {
		each("arrests", i, "outcome", &f.Arrests[i].Outcome)
	}
	for i := range f.Orders {
		each("orders", i, "kind", &f.Orders[i].Kind)
	}
	for i := range f.Adverse {
		each("adverse", i, "kind", &f.Adverse[i].Kind)
	}
	for i := range f.Relatives {
		each("relatives", i, "relation", &f.Relatives[i].Relation)
		each("relatives", i, "status", &f.Relatives[i].Status)
	}
	for i := range f.Health {
		each("health", i, "kind", &f.Health[i].Kind)
	}
	for i := range f.Military {
		each("military", i, "kind", &f.Military[i].Kind)
	}
	for i := range f.Ties {
		each("communityTies", i, "kind", &f.Ties[i].Kind)
	}
	for i := range f.Roles {
		each("roles", i, "kind", &f.Roles[i].Kind)
	}
	for i := range f.Disputes {
		each("disputes", i, "kind", &f.Disputes[i].Kind)
	}
	for i := range f.Relief {
		each("reliefPending", i, "kind", &f.Relief[i].Kind)
		each("reliefPending", i, "status", &f.Relief[i].Status)
	}
}

// Normalize writes customary spellings ("EWI") as the document's own words. A
// word that is none it leaves for [Facts.Validate] to refuse.
func (f *Facts) Normalize() {
	f.chosen(func(rule, _ string, value *string) {
		if w, ok := word(rule, *value); ok {
			*value = w
		}
	})
}

// maxDays bounds a sentence: longer than a life, and no typing error passes.
const maxDays = 200 * 366

// Validate refuses a word that a fact cannot hold, a number that cannot be, an
// id that is used twice. A misspelt word must not pass for a fact that nobody
// has asked about. The error names the field and never repeats its value.
func (f *Facts) Validate() error {
	var bad error
	refuse := func(path, reason string) {
		if bad == nil {
			bad = &FieldError{path, reason}
		}
	}
	f.chosen(func(rule, path string, value *string) {
		if _, ok := word(rule, *value); !ok {
			refuse(path, "not one of "+strings.Join(words[rule], ", "))
		}
	})
	for i, o := range f.Offenses {
		for _, n := range []struct {
			name string
			days *int
		}{{"sentenceImposedDays", o.SentenceImposedDays}, {"servedDays", o.ServedDays}} {
			if n.days != nil && (*n.days < 0 || *n.days > maxDays) {
				refuse("offenses/"+strconv.Itoa(i)+"/"+n.name, "not a number of days")
			}
		}
	}
	for _, list := range factNames {
		seen := map[string]bool{}
		for i, el := range f.elements(list) {
			if !strings.Contains(el.path, "/") {
				continue
			}
			id := strings.TrimPrefix(el.path, list+"/")
			if seen[id] {
				refuse(list+"/"+strconv.Itoa(i)+"/id", "used twice")
			}
			if strings.Contains(id, "/") {
				refuse(list+"/"+strconv.Itoa(i)+"/id", "holds a slash")
			}
			seen[id] = true
		}
	}
	for path, a := range f.Answers {
		head, _, _ := strings.Cut(path, "/")
		if !slices.Contains(factNames, head) {
			refuse("answers", "names a fact that is not known")
		}
		if a.Reason != "" && !slices.Contains(words["answers/*/reason"], string(a.Reason)) {
			refuse("answers", "reason is not one of "+strings.Join(words["answers/*/reason"], ", "))
		}
	}
	return bad
}
