package factors_test

import (
	"errors"
	"strings"
	"testing"

	"forbear/factors"
)

func TestDecode_namesTheFieldAndNotItsValue(t *testing.T) {
	const canary = "Xochiquetzal"
	for _, c := range []struct{ doc, path string }{
		{`{"entries": [{"date": "2020"}, {"date": "` + canary + `"}]}`, "entries/1/date"},
		{`{"dateOfBirth": 1986}`, "dateOfBirth"},
		{`{"entrys": []}`, "document"},
		{`{"Entries": []}`, "document"},
		{`{"entries": [{"maner": "EWI"}]}`, "entries/0"},
		{`{"entries": [], "entries": []}`, "document"},
		{`{"entries": {}}`, "entries"},
		{`{"entries": ["` + canary + `"]}`, "entries/0"},
		{`{"offenses": [{"sentenceImposedDays": "` + canary + `"}]}`, "offenses/0/sentenceImposedDays"},
		{`{"offenses": [{"sentenceImposedDays": 12.5}]}`, "offenses/0/sentenceImposedDays"},
		{`{"detained": "` + canary + `"}`, "detained"},
		{`{"detained": "Yes"}`, "detained"},
		{`{"answers": {"offenses": {"answer": "maybe"}}}`, "answers/offenses/answer"},
		{`{"roles": [{"protected1367": "yes"}]}`, "roles/0/protected1367"},
		{`{"countryOfBirth": ["` + canary + `"]}`, "countryOfBirth"},
		{`{"dateOfBirth": "1986"} {"dateOfBirth": "1987"}`, "document"},
		{`{"dateOfBirth": "1986"`, "document"},
		{`["` + canary + `"]`, "document"},
		{`"` + canary + `"`, "document"},
		{`null`, "document"},
		{``, "document"},
		{strings.Repeat("[", 100_000), "document"},
		{`{"entries":` + strings.Repeat("[", 100_000), "document"},
		{`{"` + canary + ` and more": 1}`, "document"},
	} {
		var f factors.Facts
		err := factors.Decode([]byte(c.doc), &f)
		var field *factors.FieldError
		if !errors.As(err, &field) || field.Path != c.path {
			t.Errorf("%.60s: got %v, want an error at %s", c.doc, err, c.path)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%.60s: the error repeats the value: %v", c.doc, err)
		}
	}
}

func TestDecode_readsWhatItShould(t *testing.T) {
	var f factors.Facts
	if err := factors.Decode([]byte(` {"entries": [{"id": "a", "date": "2005-03", "manner": "EWI", "knownToGov": true}], "detained": null, "roles": null} `), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Entries) != 1 || f.Entries[0].Date.String() != "2005-03" || f.Entries[0].ToGov != factors.Yes {
		t.Errorf("got %+v", f)
	}
	f.Normalize()
	if f.Entries[0].Manner != factors.WithoutInspection {
		t.Errorf("manner: got %q", f.Entries[0].Manner)
	}
}

func TestValidate_aMisspeltWordIsRefusedByItsField(t *testing.T) {
	for _, c := range []struct{ doc, path string }{
		{`{"entries": [{"manner": "wihtout inspection"}]}`, "entries/0/manner"},
		{`{"entries": [{}, {"apprehended": "yes"}]}`, "entries/1/apprehended"},
		{`{"offenses": [{"degree": "felonny"}]}`, "offenses/0/degree"},
		{`{"offenses": [{"postConviction": "pardoned?"}]}`, "offenses/0/postConviction"},
		{`{"offenses": [{"sentenceImposedDays": -1}]}`, "offenses/0/sentenceImposedDays"},
		{`{"offenses": [{"servedDays": 99999999}]}`, "offenses/0/servedDays"},
		{`{"custodyAuthority": "236(b)"}`, "custodyAuthority"},
		{`{"proceedingStage": "over"}`, "proceedingStage"},
		{`{"orders": [{"kind": "exile"}]}`, "orders/0/kind"},
		{`{"roles": [{"kind": "bystander"}]}`, "roles/0/kind"},
		{`{"relatives": [{"id": "a"}, {"id": "a"}]}`, "relatives/1/id"},
		{`{"relatives": [{"id": "a/b"}]}`, "relatives/0/id"},
		{`{"answers": {"income": {"answer": "no"}}}`, "answers"},
		{`{"answers": {"offenses": {"reason": "forgot"}}}`, "answers"},
	} {
		var f factors.Facts
		if err := factors.Decode([]byte(c.doc), &f); err != nil {
			t.Errorf("%s: %v", c.doc, err)
			continue
		}
		err := f.Validate()
		var field *factors.FieldError
		if !errors.As(err, &field) || field.Path != c.path {
			t.Errorf("%s: got %v, want an error at %s", c.doc, err, c.path)
		}
	}
}

func TestValidate_customarySpellingsAreRead(t *testing.T) {
	for spelling, want := range map[string]string{
		"EWI": "without-inspection", "ewi": "without-inspection", "without inspection": "without-inspection", "Without_Inspection": "without-inspection",
		"visa": "admitted", "Inspected and admitted": "admitted", "parole": "paroled", "": "", "unknown": "",
	} {
		f := factors.Facts{Entries: []factors.Entry{{Manner: spelling}}}
		if err := f.Validate(); err != nil {
			t.Errorf("%q: %v", spelling, err)
		}
		f.Normalize()
		if f.Entries[0].Manner != want {
			t.Errorf("%q: got %q, want %q", spelling, f.Entries[0].Manner, want)
		}
	}
	if !strings.Contains(strings.Join(factors.Words("entries/*/manner"), " "), "paroled") || factors.Words("countryOfBirth") != nil {
		t.Error("words of a field")
	}
}

func TestAnswer_unknownIsNeverNo(t *testing.T) {
	const yes, no, unknown = factors.Yes, factors.No, factors.Unknown
	for _, c := range []struct{ a, b, and, or factors.Answer }{
		{yes, yes, yes, yes},
		{yes, no, no, yes},
		{no, no, no, no},
		{yes, unknown, unknown, yes},
		{no, unknown, no, unknown},
		{unknown, unknown, unknown, unknown},
	} {
		if c.a.And(c.b) != c.and || c.b.And(c.a) != c.and || c.a.Or(c.b) != c.or || c.b.Or(c.a) != c.or {
			t.Errorf("%v, %v: and %v, or %v", c.a, c.b, c.a.And(c.b), c.a.Or(c.b))
		}
	}
	if unknown.Not() != unknown || yes.Not() != no {
		t.Error("not")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"entries": [{"date": "2020", "manner": "EWI"}], "answers": {"offenses": {"answer": "no"}}}`))
	f.Add([]byte(`{"offenses": [{"sentenceImposedDays": 5}]}`))
	lib := library(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var facts factors.Facts
		if factors.Decode(data, &facts) != nil {
			return
		}
		valid := facts.Validate()
		facts.Normalize()
		if valid == nil && facts.Validate() != nil {
			t.Error("normalizing made it wrong")
		}
		factors.Assess(lib, "MAYORKAS", today, facts, nil, nil)
		factors.AdverseMatters(facts, nil)
	})
}
