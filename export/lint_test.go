package export_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/page"
	"forbear/export/sample"
	"forbear/factors"
)

// textFile is one page that says these lines.
func textFile(t *testing.T, id string, lines ...string) sample.File {
	t.Helper()
	f := page.NewFlow(page.LetterMargins)
	for _, l := range lines {
		f.Paragraph(page.Paragraph{Runs: page.Text(l), After: 6})
	}
	res, err := f.Finish()
	if err != nil {
		t.Fatal(err)
	}
	out := sample.File{Name: id, Kind: "pdf", Data: res.PDF}
	out.Meta = casefile.Exhibit{ID: id, Title: "A page", InPacket: true, Reading: casefile.Reading{By: "R", On: today, SHA256: digest(res.PDF)}}
	for _, q := range export.HarmQuestions {
		out.Meta.Reading.Answers = append(out.Meta.Reading.Answers, casefile.HarmAnswer{Question: q, Found: factors.No})
	}
	return out
}

// A change makes the sample that is ready to be sent fail one rule, or leaves it
// passing where it comes close.
type change struct {
	name string
	rule string // that must find something; empty: nothing may be found
	do   func(t *testing.T, in *export.Input, src memory)
}

func with(lines ...string) func(t *testing.T, in *export.Input, src memory) {
	return func(t *testing.T, in *export.Input, src memory) {
		src.add(t, &in.Document, textFile(t, "extra", lines...))
	}
}

func why(line string) func(t *testing.T, in *export.Input, src memory) {
	return func(_ *testing.T, in *export.Input, _ memory) { in.Request.Why = []string{line + " Ex. B, p. 6."} }
}

func exhibitNamed(doc *casefile.Document, title string) *casefile.Exhibit {
	i := slices.IndexFunc(doc.Exhibits, func(x casefile.Exhibit) bool { return strings.HasPrefix(x.Title, title) && x.InPacket })
	return &doc.Exhibits[i]
}

var changes = []change{
	{"as it is", "", func(*testing.T, *export.Input, memory) {}},

	{"signed on another day", "clock", func(_ *testing.T, in *export.Input, _ memory) { in.Clock = now.AddDate(0, 0, 1) }},
	{"clock behind the newest entry", "clock", func(_ *testing.T, in *export.Input, _ memory) { in.LastEntry = now.Add(time.Minute) }},
	{"clock behind the library", "clock", func(t *testing.T, in *export.Input, _ memory) {
		in.SigningDate, in.Clock = factors.MustDate("2026-11-01"), time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
		in.LastEntry = in.Clock
		in.Rows = factors.Assess(in.Library, in.Frame, in.SigningDate, in.Document.Facts, in.Document.Decisions, nil)
	}},
	{"entry of the same minute", "", func(_ *testing.T, in *export.Input, _ memory) { in.LastEntry = now }},

	{"no A-number, and nothing said about it", "missing-identifiers", func(_ *testing.T, in *export.Input, _ memory) { in.Document.ANumbers = nil }},
	{"no date of birth", "missing-identifiers", func(_ *testing.T, in *export.Input, _ memory) { in.Document.DateOfBirth = factors.Date{} }},
	{"nothing asked", "missing-identifiers", func(_ *testing.T, in *export.Input, _ memory) { in.Request.Asks = nil }},
	{"no name", "missing-identifiers", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.FamilyName, in.Document.GivenName = "", " "
	}},

	{"nobody signs", "signer", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Representative.Name = "" }},
	{"a student alone", "signer", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Representative.Type = "student" }},
	{"a student under supervision", "", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Representative.Type, in.Document.Representative.Supervisor = "student", "S. Supervisora"
	}},

	{"no G-28", "g28-missing", func(_ *testing.T, in *export.Input, _ memory) { exhibitNamed(&in.Document, "Notice").InPacket = false }},
	{"family without a waiver", "g28-missing", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Representative.Type = "family" }},
	{"the person herself", "", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Representative.Type = "person" }},

	{"another A-number alone", "wrong-client", with("A 000-000-777 was seen today.")},
	{"another A-number, written together", "wrong-client", with("Alien number A000000777 was seen today.")},
	{"another name", "wrong-client", with("Patient: Otilia Nadie Imaginada", "Seen today.")},
	{"her name without accents, in capitals", "", with("PATIENT: NUNEZ, MARISOL XOL CAAL DE", "Seen today.")},
	{"her alias and number", "", with("Client: Marisol Xol Caal de Nunez, A 000-000-502")},
	{"her child’s name", "", with("Student: Ixmucane Nunez Xol")},
	{"a page that names nobody", "", with("The bus leaves at nine.")},
	{"another number beside hers", "other-a-number", with("A 000-000-501 and A 000-000-777 were heard together.")},

	{"the memo requires", "dead-memo", why("The Mayorkas memorandum requires that these be weighed.")},
	{"the guidelines are in force", "dead-memo", why("The Guidelines are in force.")},
	{"department’s guidelines remain in effect", "dead-memo", why("The Department’s Guidelines remain in effect today.")},
	{"ICE policy requires", "dead-memo", why("ICE policy requires deconfliction with labor agencies.")},
	{"under current guidance", "dead-memo", why("Under current ICE guidance she is no priority.")},
	{"in an argued sentence", "dead-memo", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Decisions[0].Text = "The Doyle memo directs attorneys to weigh this."
	}},
	{"in force, and rescinded by nobody", "dead-memo", why("The 2021 Guidelines are in force and were never rescinded.")},
	{"denied", "", why("The Mayorkas memorandum does not require this and no longer governs.")},
	{"a school’s own name", "", with("School name: Basswood Elementary", "The bus leaves at nine.")},
	{"a memo as a thing of the past", "", why("The 2021 Guidelines are no longer in force; the reasons are set out in their order.")},
	{"an announcement as an announcement", "", why("In a letter answering an October 28, 2021 inquiry, ICE wrote that it intended to issue a policy.")},
	{"the regulation", "", why("Release is decided under 8 CFR 236.1(c)(8).")},
	{"in one’s own letter", "dead-memo", func(t *testing.T, in *export.Input, src memory) {
		own := textFile(t, "own", "The Mayorkas memorandum requires release.")
		own.Meta.Role = export.RoleLetter
		src.add(t, &in.Document, own)
	}},

	{"never arrested, English", "half-truth", with("Marisol Xol has never been arrested.")},
	{"never arrested, Spanish", "half-truth", with("Marisol Xol nunca ha sido arrestada.")},
	{"sin antecedentes", "half-truth", with("Es una persona sin antecedentes.")},
	{"law-abiding", "half-truth", why("She is a law-abiding mother.")},
	{"good moral character, broken over a line", "half-truth", with("A woman of good\nmoral character.")},
	{"no criminal record beside matters that are all told", "", func(t *testing.T, in *export.Input, src memory) {
		in.Document.Arrests = nil
		src.add(t, &in.Document, textFile(t, "extra", "Since 2011 she has had no criminal record."))
	}},
	{"an honest letter", "", with("She helps in the kitchen every Sunday.")},

	{"ICE has it, undecided", "ice-has-undecided", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Arrests[0].ToGov = factors.Yes
		in.Document.Decisions = slices.DeleteFunc(in.Document.Decisions, func(d factors.Decision) bool { return strings.HasPrefix(d.Subject, "arrests/") })
	}},
	{"decided to be mentioned, and nobody confirmed", "not-told", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Decisions = append(in.Document.Decisions, factors.Decision{Subject: "arrests/" + in.Document.Arrests[0].ID, Leave: factors.Mention})
		in.Document.Decisions = slices.DeleteFunc(in.Document.Decisions, func(d factors.Decision) bool { return d.Leave == factors.LeaveOut })
	}},
	{"decided to be mentioned, without a sentence", "not-told", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Adverse = append(slices.Clone(in.Document.Adverse), factors.Adverse{ID: "ad", Title: "told me that she drank", Known: factors.Known{ToGov: factors.Yes}})
		in.Document.Decisions = append(in.Document.Decisions, factors.Decision{Subject: "adverse/ad", Leave: factors.Mention})
	}},
	{"decided twice", "decided-twice", func(_ *testing.T, in *export.Input, _ memory) {
		d := in.Document.Decisions[0]
		d.ID, d.Argue = "other", false
		in.Document.Decisions = append(in.Document.Decisions, d)
	}},
	{"decided twice, in the same way", "", func(_ *testing.T, in *export.Input, _ memory) {
		d := in.Document.Decisions[0]
		d.ID = "other"
		in.Document.Decisions = append(in.Document.Decisions, d)
	}},
	{"ICE has it, left out", "", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Arrests[0].ToGov = factors.Yes }},

	{"a protected file, unconfirmed", "1367", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Protected1367 = true }},
	{"a protected role, argued", "1367", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Roles[0].Protected = true }},
	{"a petition that is protected by its kind", "1367", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Relief = []factors.Relief{{ID: "u", Kind: "u", Status: "pending"}}
	}},
	{"a protected file, confirmed", "", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Protected1367 = true
		in.Document.Decisions = append(in.Document.Decisions, factors.Decision{Subject: "protected1367", SecondLook: "A. E."})
	}},

	{"never cleaned", "not-cleaned", func(_ *testing.T, in *export.Input, src memory) {
		delete(src, exhibitNamed(&in.Document, "Family").ID)
	}},

	{"no reading", "harm-reading", func(_ *testing.T, in *export.Input, _ memory) {
		exhibitNamed(&in.Document, "Family").Reading = casefile.Reading{}
	}},
	{"a reading of another file", "harm-reading", func(_ *testing.T, in *export.Input, _ memory) {
		exhibitNamed(&in.Document, "Family").Original.SHA256 = strings.Repeat("0", 64)
	}},
	{"one question open", "harm-reading", func(_ *testing.T, in *export.Input, _ memory) {
		x := exhibitNamed(&in.Document, "Family")
		x.Reading.Answers = slices.Clone(x.Reading.Answers)
		x.Reading.Answers[3].Found = factors.Unknown
	}},
	{"a reading by nobody", "harm-reading", func(_ *testing.T, in *export.Input, _ memory) { exhibitNamed(&in.Document, "Family").Reading.By = " " }},

	{"found, nothing done", "harm-found", found("")},
	{"found and kept without a reason", "harm-found", found("kept")},
	{"found and redacted, in this very file", "harm-found", found("redacted")},
	{"a page dropped, from no other file", "harm-found", func(t *testing.T, in *export.Input, src memory) {
		found("page-dropped")(t, in, src)
		x := exhibitNamed(&in.Document, "Family")
		x.Reading.Earlier = x.Original.SHA256
	}},
	{"found in an earlier file, and redacted", "", func(t *testing.T, in *export.Input, src memory) {
		found("redacted")(t, in, src)
		exhibitNamed(&in.Document, "Family").Reading.Earlier = strings.Repeat("e", 64)
	}},

	{"Spanish, no translation", "translation", func(_ *testing.T, in *export.Input, _ memory) {
		exhibitNamed(&in.Document, "Family").Language = "Spanish"
	}},
	{"Spanish, certificate without a telephone number", "translation", translated("")},
	{"Spanish, the data of a certificate and no page of it", "translation", translated("555-0100")},
	{"Spanish, certificate complete", "", func(t *testing.T, in *export.Input, src memory) {
		translated("555-0100")(t, in, src)
		cert := textFile(t, "cert", "Signed and sworn.")
		cert.Meta.TranslationOf, cert.Meta.Role = "orig", export.RoleCertificate
		src.add(t, &in.Document, cert)
	}},
	{"Spanish, certificate in the same file", "", func(t *testing.T, in *export.Input, src memory) {
		translated("555-0100", "I certify that I am competent and that this translation is accurate.")(t, in, src)
	}},
	{"a translation into a third language", "translation", func(t *testing.T, in *export.Input, src memory) {
		translated("555-0100", "I certify that this translation is accurate.")(t, in, src)
		x := exhibitNamed(&in.Document, "In English")
		x.Language = "Spanish"
	}},
	{"a translation of the translation", "", func(t *testing.T, in *export.Input, src memory) {
		translated("555-0100", "I certify that this translation is accurate.")(t, in, src)
		x := exhibitNamed(&in.Document, "In English")
		x.Language = "Spanish"
		second := textFile(t, "second", "She helps each Sunday. I certify that this translation is accurate.")
		second.Meta.TranslationOf, second.Meta.Translation = x.ID, x.Translation
		src.add(t, &in.Document, second)
	}},
	{"Spanish, and no language recorded", "language", with("La señora ayuda cada domingo en la cocina de la iglesia y lleva a los niños a la escuela.")},
	{"another language, and none recorded", "language", with(strings.Repeat("li ixq nakatenq’an sa’ li kutan re domingo chi sa ", 4))},
	{"a list of names and numbers", "", with("Weeks 38 to 52: 11, 12, 9, 14, 10.", "Núñez · Xol · Caal · Tzib · Pop")},

	{"a Social Security number", "identifier", with("Marisol Xol, number 000-12-3456.")},
	{"a telephone number", "", with("Marisol Xol, telephone 601-555-0142.")},

	{"a tab that is not there", "pin-cite", func(_ *testing.T, in *export.Input, _ memory) { in.Request.Why = []string{"See Ex. Q, p. 99."} }},
	{"a page of another tab", "pin-cite", func(_ *testing.T, in *export.Input, _ memory) { in.Request.Why = []string{"See Ex. B, p. 5."} }},
	{"a mark of nothing", "pin-cite", func(_ *testing.T, in *export.Input, _ memory) {
		in.Request.Why = []string{"See {nothing p. 2}. Ex. B, p. 6"}
	}},
	{"a mark of nothing, in the line of what is asked", "pin-cite", func(_ *testing.T, in *export.Input, _ memory) {
		in.Request.Asks = []casefile.Ask{{Kind: "other", Text: "Release, see {5a000000000000000000000000000777 p. 2}"}}
	}},
	{"a page beyond the exhibit", "pin-cite", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Decisions[0].Proofs = []factors.Proof{{Exhibit: exhibitNamed(&in.Document, "School").ID, Page: 40}}
	}},
	{"in one’s own letter, a page that is not there", "pin-cite", func(t *testing.T, in *export.Input, src memory) {
		own := textFile(t, "own", "As Ex. B, p. 60 shows.")
		own.Meta.Role = export.RoleLetter
		src.add(t, &in.Document, own)
	}},
	{"in one’s own letter, a page that is there", "", func(t *testing.T, in *export.Input, src memory) {
		own := textFile(t, "own", "The conviction of July 8, 2011 is explained below.", "As Ex. B,", "p. 4 shows.")
		own.Meta.Role = export.RoleLetter
		src.add(t, &in.Document, own)
	}},

	{"a word that concedes", "words", why("She is eligible for release.")},
	{"a reason without proof", "why-without-proof", func(_ *testing.T, in *export.Input, _ memory) { in.Request.Why = []string{"She is needed at home."} }},
	{"argued, and the proof taken out", "held-back", func(_ *testing.T, in *export.Input, _ memory) {
		exhibitNamed(&in.Document, "School").InPacket = false
	}},
	{"a name in letters that are not there", "glyphs", func(_ *testing.T, in *export.Input, _ memory) { in.Document.GivenName = "Marisol 玛" }},
	{"no consent", "consent", func(_ *testing.T, in *export.Input, _ memory) { in.Document.Consent = casefile.Consent{} }},
	{"partial accreditation before ICE’s attorneys", "partial-accreditation", func(_ *testing.T, in *export.Input, _ memory) {
		in.Document.Representative.Type, in.Recipient = "partial-accredited", export.ToOPLA
	}},
}

func found(done string) func(*testing.T, *export.Input, memory) {
	return func(_ *testing.T, in *export.Input, _ memory) {
		x := exhibitNamed(&in.Document, "Family")
		x.Reading.Answers = slices.Clone(x.Reading.Answers)
		x.Reading.Answers[5].Found, x.Reading.Answers[5].Done = factors.Yes, done
	}
}

func translated(phone string, lines ...string) func(*testing.T, *export.Input, memory) {
	return func(t *testing.T, in *export.Input, src memory) {
		orig := textFile(t, "orig", "Ella ayuda cada domingo.")
		orig.Meta.Language = "Spanish"
		src.add(t, &in.Document, orig)
		english := textFile(t, "english", append([]string{"She helps every Sunday."}, lines...)...)
		english.Meta.Title = "In English"
		english.Meta.TranslationOf = "orig"
		english.Meta.Translation = casefile.Translation{Translator: "T", Address: "3 Example Road", Phone: phone, Competent: true, Accurate: true, Signed: today}
		src.add(t, &in.Document, english)
	}
}

func TestLint_each_rule_finds_what_it_is_for_and_nothing_else(t *testing.T) {
	t.Parallel()
	base, baseSrc := answered(t)
	tried := map[string]bool{}
	for _, c := range changes {
		doc := base
		doc.Exhibits, doc.Decisions, doc.Arrests, doc.Roles = slices.Clone(base.Exhibits), slices.Clone(base.Decisions), slices.Clone(base.Arrests), slices.Clone(base.Roles)
		src := memory{}
		for id, clean := range baseSrc {
			src[id] = clean
		}
		in := input(t, doc)
		c.do(t, &in, src)
		if in.Rows.AsOf.String() == today.String() {
			in.Rows = factors.Assess(in.Library, in.Frame, today, in.Document.Facts, in.Document.Decisions, nil)
		}
		findings, err := plan(t, in).Lint(src)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, f := range findings {
			got = append(got, f.Rule)
			if len(f.Places) == 0 || f.Source == "" || f.Message == "" {
				t.Errorf("%s: %s has no place, no source or no message", c.name, f.Rule)
			}
		}
		switch {
		case c.rule == "" && len(got) > 0:
			t.Errorf("%s: found %v at %v", c.name, got, findings[0].Places)
		case c.rule != "" && !slices.Contains(got, c.rule):
			t.Errorf("%s: found %v, want %s", c.name, got, c.rule)
		}
		tried[c.rule] = true
	}
	for _, w := range slices.Concat(inLetter, onPages) {
		tried[w.rule] = true
	}
	for _, r := range export.Rules {
		if !tried[r.ID] {
			t.Errorf("no failing case for %s", r.ID)
		}
	}
}

func TestLint_half_truth_names_both_places(t *testing.T) {
	t.Parallel()
	doc, src := asBrought(t)
	findings, err := plan(t, input(t, doc)).Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(findings, func(f export.Finding) bool { return f.Rule == "half-truth" })
	if i < 0 {
		t.Fatal("the church’s letter is not found")
	}
	var places, passages []string
	for _, p := range findings[i].Places {
		places = append(places, p.String())
		passages = append(passages, p.Passage)
	}
	all := strings.Join(places, "; ")
	for _, want := range []string{"Ex. F, p. 13", "Ex. F, p. 14", "offenses/", "arrests/"} {
		if !strings.Contains(all, want) {
			t.Errorf("places %s lack %s", all, want)
		}
	}
	if !strings.Contains(strings.Join(passages, " "), "nunca ha sido arrestada") {
		t.Errorf("passages are %q", passages)
	}
}

func TestLint_findings_as_kept_say_nothing_about_the_client(t *testing.T) {
	t.Parallel()
	doc, src := asBrought(t)
	findings, err := plan(t, input(t, doc)).Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Xol", "Marisol", "Otilia", "000-000", "nunca", "Yolanda"} {
		if strings.Contains(string(kept), word) {
			t.Errorf("findings hold %q", word)
		}
	}
	if len(findings) < 5 {
		t.Errorf("%d findings", len(findings))
	}
}

func TestLint_stops_each_mistake_of_the_sample(t *testing.T) {
	t.Parallel()
	doc, src := asBrought(t)
	findings, err := plan(t, input(t, doc)).Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range export.Blocking(findings) {
		got = append(got, f.Rule)
	}
	if want := []string{"wrong-client", "half-truth", "ice-has-undecided", "harm-found", "translation"}; !slices.Equal(got, want) {
		t.Errorf("blocked by %v, want %v", got, want)
	}
}

func TestLint_the_request_as_sent_is_not_judged_again(t *testing.T) {
	t.Parallel()
	in, src, _ := review(t)
	findings, err := plan(t, in).Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) > 0 {
		t.Errorf("found %v", findings)
	}
}

// A review has no part about matters: the request that it encloses told them, or
// nobody did.
func TestLint_a_review_tells_what_its_request_told(t *testing.T) {
	t.Parallel()
	in, src, _ := review(t)
	in.Document.Arrests = nil
	in.Request.New = "Since 2011 she has had no arrests."
	for _, c := range []struct {
		enclosed bool
		want     bool
	}{{true, false}, {false, true}} {
		in.Document.Exhibits = slices.Clone(in.Document.Exhibits)
		for i, x := range in.Document.Exhibits {
			if x.Role == export.RoleRequest {
				in.Document.Exhibits[i].InPacket = c.enclosed
			}
		}
		findings, err := plan(t, in).Lint(src)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(findings, func(f export.Finding) bool { return f.Rule == "half-truth" }); got != c.want {
			t.Errorf("with the request enclosed (%v) half-truth is found: %v", c.enclosed, got)
		}
	}
}
