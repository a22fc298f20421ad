package export_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/page"
	"forbear/export/sample"
	"forbear/factors"
)

// wording is sentences that one rule must find, and sentences close to them that
// it must leave alone: a lint that cries wolf is switched off.
type wording struct {
	rule   string
	caught []string
	passes []string
}

// inLetter are sentences of our letter.
var inLetter = []wording{
	{
		rule: "dead-memo",
		caught: []string{
			"The September 30, 2021 Guidelines require officers to weigh this.",
			"The Sept. 30, 2021 Guidelines are in force.",
			"The memorandum of September 30, 2021 is binding on officers.",
			"The Mayorkas memorandum, never rescinded, remains in force.",
			"The Mayorkas memorandum, which was not rescinded, requires release.",
			"The Mayorkas memorandum has never been rescinded.",
			"The Mayorkas memorandum was rescinded and is again in force.",
			"The memorandum of Secretary Mayorkas is on our side.",
			"Under the Mayorkas memorandum she is not a priority.",
			"ICE is required by the Morton memo to weigh this.",
			"The Mayorkas memo applies to her case.",
			"The Doyle memo calls for dismissal.",
			"Dismissal follows from the Doyle guidance.",
			"ICE Directive 11005.3 requires deference to victims.",
			"DHS Policy Statement 065-06 requires that workers be heard.",
			"Under DHS Policy Statement 065-06 she is a witness.",
			"Pursuant to the Guidelines for the Enforcement of Civil Immigration Law, ICE must weigh this.",
			"The 2021 Guidelines list nine factors.",
			"Under the Guidelines she is no priority.",
			"The Department’s Guidelines remain in effect today.",
			"Under current ICE guidance she is no priority.",
			"ICE policy requires deconfliction with labor agencies.",
			"The Guidelines are in force and do not require more.",
			"The Mayorkas memorandum ended, and ICE must follow it.",
			"The Mayorkas memorandum was in force on November 1, 2026.",
			"The rescinded Mayorkas memorandum requires release.",
			"El memorando Mayorkas exige que salga.",
		},
		passes: []string{
			"The reasons below are set out under the factors the Department listed in 2021 when weighing public safety, as a way to order them.",
			"That memorandum is no longer in force.",
			"The Mayorkas memorandum is no longer in force.",
			"The 2021 Guidelines ended on January 20, 2025.",
			"On May 1, 2024, the memorandum “Guidelines for the Enforcement of Civil Immigration Law” was in force.",
			"The Mayorkas memorandum does not require this and no longer governs.",
			"The September 30, 2021 Guidelines were rescinded in 2025.",
			"The Mayorkas memorandum was in force on May 1, 2024.",
			"Although rescinded, the Mayorkas memorandum gives a useful order.",
			"In a letter answering an October 28, 2021 inquiry, ICE wrote that it intended to issue a policy.",
			"Dr. Kelly certifies the asthma.",
			"Ms. Johnson, a guidance counselor, wrote about the child.",
			"The school follows the clinic’s 2021 guidelines for asthma.",
			"She follows the Federal Poverty Guidelines worksheet of the clinic.",
			"The complaint of September 14, 2026 is pending.",
			"Release is decided under 8 CFR 236.1(c)(8).",
			"8 CFR 212.5(b) governs parole and requires a decision case by case.",
			"The regulation looks to two things: danger to property or persons, and the likelihood of appearing.",
		},
	},
	{
		rule: "half-truth",
		caught: []string{
			"She is not a danger to the community.",
			"She does not pose a danger to anybody.",
			"She doesn’t pose any threat to the community.",
			"There is no threat to public safety.",
			"She has never had any problems with the law.",
			"She has never broken the law.",
			"She has no police record.",
			"She has no history of arrests.",
			"She has never, in all these years, been arrested.",
			"Her criminal record is clean.",
			"She was never deported.",
			"She has no prior removal orders.",
			"She has no convictions.",
			"She has never committed a crime.",
			"She is a law-abiding mother.",
			"No tiene récord criminal.",
			"Jamás ha sido arrestada.",
			"No ha sido arrestada.",
			"Nunca la han arrestado.",
			"Nunca ha cometido un delito.",
			"No tiene antecedentes penales.",
			"No representa ningún peligro para la comunidad.",
			"Nunca ha tenido problemas con la policía.",
			"Es una persona de buena conducta.",
			"Her record is clean.",
			"She has stayed out of trouble.",
			"She has had no run-ins with the police.",
			"She has never been in jail.",
			"She was never charged.",
			"She was never removed.",
			"She was never removed from the United States.",
			"She has not been ordered removed.",
			"Nunca ha estado en la cárcel.",
			"Ha vivido aquí sin problemas legales.",
		},
		passes: []string{
			"The regulation looks to two things: danger to property or persons, and the likelihood of appearing.",
			"Not to arrest or detain.",
			"There is no hearing date.",
			"There is no record of the visit.",
			"She was not charged rent by her sister.",
			"She never removed the child from school.",
			"No criminal court is near.",
			"The clinic’s record is complete.",
			"Whom to arrest, detain and remove is decided case by case.",
			"We do not want her deported.",
			"Please do not let our mother be arrested again.",
			"She was afraid and did not call the police.",
			"She did not report the crime at once.",
			"She did not report the threats of the supervisor.",
			"Her child is not in danger at school.",
			"The child could not sleep after the arrest of the father.",
			"Sin antecedentes médicos de importancia.",
			"No denunció el delito por miedo.",
			"El niño no corre peligro con ella.",
			"Ella ayuda cada domingo en la cocina de la iglesia.",
			"No written reasons were given.",
			"Nothing in this letter pleads to that allegation.",
		},
	},
	{
		rule: "pin-cite",
		caught: []string{
			"See Exhibits B and Q.", "See Exhibits B, C and Q.", "See EXHIBIT Q.", "See exhibit Q.", "See Tab Q.", "See Ex.Q, p. 4.", "See Ex. B, pp. 6-99.",
			"See Exhibit C at 27.", "See Exhibit C, page 27.", "See Ex. Q.", "See Ex. B, p. 5.", "See Exs. A–Q.", "See Exhibits B through R.",
			"See Ex. B, pp. 6 and 44.", "See 5a00000000000000000000000000000b.", "See {5a00000000000000000000000000000e p. 2}.",
		},
		passes: []string{
			"See Exhibits A and B.", "See Tab B.", "See Ex.B, p. 6.", "See Ex. B, pp. 6-7.", "See Exhibit B at 6.", "See EXHIBIT B, page 7.",
			"As shown in Exhibit B, I ask for release.", "See Ex. B, p. 6, 2011 and later.", "She exhibits a calm that helps.", "An exhibit of the school was shown.",
			"See Exhibits A–C.",
		},
	},
	{
		rule: "identifier",
		caught: []string{
			"Her SSN 000 12 3456 is not hers.", "Social Security No. 000123456.", "ITIN 900.12.3456 was used.", "Seguro Social: 000 12 3456.", "Number 000-12-3456.",
		},
		passes: []string{"Call 601-555-0142.", "Her file is A000000501, without a Social Security number.", "Receipt 000123456 of the clinic."},
	},
	{
		rule: "wrong-client",
		caught: []string{
			"Ms. Otilia Nadie Imaginada (A 000-000-777) would live with her sister.",
			"Heard together with A 000-000-501 and A 000-000-777.",
		},
		passes: []string{"Her numbers are A 000-000-501 and A 000-000-502."},
	},
	{
		rule:   "1367",
		caught: []string{"Her U visa petition is pending.", "Her VAWA self-petition is pending.", "Form I-918 was filed.", "She filed an I-360.", "Her u-visa is pending.", "Pidió una visa U en 2024.", "She has T nonimmigrant status."},
		passes: []string{"A U.S. visa was never asked for.", "Form I-246 was filed.", "She wore a T-shirt.", "The U.S. citizen child is nine."},
	},
	{
		rule: "stays-inside",
		caught: []string{
			"Her husband Baltazar Núñez Pop, who is undocumented, waits.", "Ixmucané’s school is near.",
			"The stub names Yolanda Ficticia.", "She was never of the Sombra crew.",
			"The charge of disturbing the peace was dismissed.", "In October 2016 she was arrested.",
			"Note: judge found no jurisdiction over bond; custody authority disputed, so we ask here.",
			"She lives at 12 Sweetgum Lane.", "This is argued under REG-236.1.",
		},
		passes: []string{
			"Her child waits for her.", "Every Sunday (domingo) she helps in the kitchen.", "The judge found no bond.",
			"She was convicted on July 8, 2011.", "In October 2016 her child had a first check.", "She is also known as Marisol Xol Caal de Nunez.",
			"Mr. Núñez is not named here.",
		},
	},
	{
		rule:   "other-person",
		caught: []string{"Ms. Florinda Supuesta will house her."},
		passes: []string{"Ms. Xol Caal de Núñez waits.", "Ms. Ejemplo Ruiz will answer."},
	},
	{
		rule:   "stays-near",
		caught: []string{"Her friend Yolanda waits."},
		passes: []string{"Her friend waits."},
	},
}

// The sentences stand in the letter as what is asked for, since a letter may ask
// for any number of things.
func TestLint_sentences_of_the_letter(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	for _, w := range inLetter {
		for _, part := range []struct {
			sentences []string
			want      bool
		}{{w.caught, true}, {w.passes, false}} {
			in := input(t, doc)
			// The Re line has the first two.
			in.Request.Asks = []casefile.Ask{{Kind: "release-236"}, {Kind: "parole-212-5"}}
			for _, s := range part.sentences {
				in.Request.Asks = append(in.Request.Asks, casefile.Ask{Kind: "other", Text: s})
			}
			hits := passages(t, in, src, w.rule)
			if part.want && len(hits) == len(part.sentences) || !part.want && len(hits) == 0 {
				continue
			}
			// Which one it is, is asked one by one.
			for _, s := range part.sentences {
				in.Request.Asks = []casefile.Ask{{Kind: "release-236"}, {Kind: "parole-212-5"}, {Kind: "other", Text: s}}
				hit := len(passages(t, in, src, w.rule)) > 0
				if hit != part.want {
					t.Errorf("%s finds %q: %v, want %v", w.rule, s, hit, part.want)
				}
			}
		}
	}
}

// passages are what a rule quotes, once for each place.
func passages(t *testing.T, in export.Input, src memory, rule string) []string {
	t.Helper()
	findings, err := plan(t, in).Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range findings {
		for _, p := range f.Places {
			if f.Rule == rule && (p.Part == "letter" || p.Part == "title" || p.Exhibit != "") {
				out = append(out, p.Passage)
			}
		}
	}
	return out
}

// onPages are pages of an exhibit, each with its lines.
var onPages = []wording{
	{
		rule: "wrong-client",
		caught: []string{
			"Name: Marisol Caal Hernandez. A 000-000-777. Deported 2012.",
			"Name: Marisol Caal Hernandez",
			"Paciente Nombre: Otilia Nadie. Referred by Marisol Xol Caal, staff",
			"Re: Otilia Nadie Imaginada",
			"RE: Ms. Otilia Nadie",
			"Marisol Xol Caal and A 000-000-777 were seen.",
			"Nombre: Otilia Nadie\nEdad: 30",
			"Apellidos: Nadie Imaginada",
		},
		passes: []string{
			"Name: Marisol Xol Caal de Núñez. A 000-000-501.",
			"PATIENT: NUNEZ, MARISOL XOL CAAL DE",
			"Client: Marisol Xol Caal de Nunez, DOB 03/1986",
			"Certificate of birth\nName: Ixmucané Núñez Xol\nFather: Baltazar Núñez Pop",
			"School name: Basswood Elementary",
			"Name: Basswood Elementary School",
			"Re: Unpaid wages",
			"RE: NOTICE OF HEARING",
			"Re: your letter of September",
			"Re: Detained Client Marisol Xol Caal, A 000-000-501",
			"RE: MARISOL XOL CAAL DE NÚÑEZ",
			"Patient: Marisol Xol Caal  Provider: Dr. Q. Nadie",
			"Client: Marisol Xol was seen today by nurse Nadie.",
			"PATIENT: MARISOL XOL WAS SEEN TODAY",
			"Name of attorney: A. Ejemplo\nName: Ana Ejemplo Ruiz",
			"Teacher: Otilia Nadie",
			"A 000-000-501 and A 000-000-777 were heard together.",
		},
	},
	{
		rule: "half-truth",
		caught: []string{
			"A woman without a crimi-\nnal record.", "Es una persona sin antecedentes.", "She is not a danger\nto the community.", "Nunca ha sido arrestada.",
		},
		passes: []string{"El niño no tiene antecedentes familiares de asma.", "She did not come by bus.", "Ayuda cada domingo y nunca falta."},
	},
	{
		rule:   "stays-inside",
		caught: []string{"Arrested October 2016, disturbing the peace.", "Seen with the Sombra crew.", "Stub of Yolanda Ficticia."},
		passes: []string{"Father: Baltazar Núñez Pop. Mother: Marisol Xol Caal.", "Visits of October 2016: two.", "12 Sweetgum Lane, Basswood"},
	},
	{
		rule:   "stays-near",
		caught: []string{"Yolanda Petrova, teacher", "He said: judge found no jurisdiction over bond; custody authority disputed."},
		passes: []string{"The teacher signed."},
	},
	{
		rule:   "1367",
		caught: []string{"I-918 receipt notice"},
		passes: []string{"I-797 receipt notice"},
	},
	{
		rule:   "identifier",
		caught: []string{"SSN: 000 12 3456", "Social Security\n000123456"},
		passes: []string{"A000000501 SSN not given", "Tel. 601 555 0142"},
	},
}

// Each page is found by its own number, and by nothing else in the file.
func TestLint_pages_of_exhibits(t *testing.T) {
	t.Parallel()
	base, baseSrc := answered(t)
	for _, w := range onPages {
		doc := base
		doc.Exhibits = slices.Clone(base.Exhibits)
		src := memory{}
		for id, clean := range baseSrc {
			src[id] = clean
		}
		// The first page is always found, and tells where the file begins.
		pages := append([]string{"A 000-000-777"}, slices.Concat(w.caught, w.passes)...)
		f := pagesFile(t, "extra", pages...)
		src.add(t, &doc, f)
		findings, err := plan(t, input(t, doc)).Lint(src)
		if err != nil {
			t.Fatal(err)
		}
		at := func(rule string) []int {
			var out []int
			for _, f := range findings {
				for _, p := range f.Places {
					if f.Rule == rule && p.Exhibit == "extra" {
						out = append(out, p.Page)
					}
				}
			}
			return out
		}
		first := slices.Min(at("wrong-client"))
		for i, text := range pages[1:] {
			if got, want := slices.Contains(at(w.rule), first+1+i), i < len(w.caught); got != want {
				t.Errorf("%s finds the page %q: %v, want %v", w.rule, text, got, want)
			}
		}
	}
}

// pagesFile is one file with a page for each text, whose lines stay lines.
func pagesFile(t *testing.T, id string, pages ...string) sample.File {
	t.Helper()
	f := page.NewFlow(page.LetterMargins)
	for i, text := range pages {
		if i > 0 {
			f.Break()
		}
		for _, line := range strings.Split(text, "\n") {
			f.Paragraph(page.Paragraph{Runs: page.Text(line)})
		}
	}
	res, err := f.Finish()
	if err != nil {
		t.Fatal(err)
	}
	out := textFile(t, id, "x")
	out.Data, out.Meta.Reading.SHA256 = res.PDF, digest(res.PDF)
	return out
}

// A reader who saw somebody and said why that one stays is believed, within
// limits: a stranger’s number alone never passes.
func TestLint_what_a_reader_kept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, question, rule string
		want                 bool
	}{
		{"Permanent resident card: Domingo Xol Tzib, A 000-000-777", "other-people", "wrong-client", false},
		{"Permanent resident card: Otilia Nadie, A 000-000-777", "other-people", "wrong-client", true},
		{"Name: Otilia Nadie, teacher", "other-people", "wrong-client", false},
		{"Arrested October 2016, disturbing the peace.", "arrests", "stays-inside", false},
		{"Arrested October 2016. Sombra crew.", "arrests", "stays-inside", true},
	} {
		doc, src := answered(t)
		f := textFile(t, "extra", c.text)
		i := slices.Index(export.HarmQuestions, c.question)
		f.Meta.Reading.Answers[i] = casefile.HarmAnswer{Question: c.question, Found: factors.Yes, Done: "kept", Why: "it is the proof"}
		src.add(t, &doc, f)
		if got := len(passages(t, input(t, doc), src, c.rule)) > 0; got != c.want {
			t.Errorf("%s finds %q although kept: %v, want %v", c.rule, c.text, got, c.want)
		}
	}
}

// The title of an exhibit stands in the index and in the bookmarks.
func TestLint_titles(t *testing.T) {
	t.Parallel()
	for title, rule := range map[string]string{
		"Hearing of 2016: arrest, disturbing the peace": "stays-inside",
		"Yolanda Ficticia":                       "stays-inside",
		"Statement of her husband Baltazar":      "stays-inside",
		"Factors of REG-236.1":                   "stays-inside",
		"Police certificate: no criminal record": "half-truth",
		"I-918 receipt notice":                   "1367",
		"Card of A 000-000-777":                  "wrong-client",
		"SSN 000 12 3456":                        "identifier",
		"Guidelines of 2021, which are in force: the Mayorkas memorandum": "dead-memo",
		"The Mayorkas memorandum":        "",
		"Letter of the school":           "",
		"Police report of the complaint": "",
	} {
		doc, src := answered(t)
		doc.Exhibits = slices.Clone(doc.Exhibits)
		x := exhibitNamed(&doc, "Family")
		x.Title = title
		findings, err := plan(t, input(t, doc)).Lint(src)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case rule == "" && len(findings) > 0:
			t.Errorf("%q: found %s at %v", title, findings[0].Rule, findings[0].Places)
		case rule != "":
			i := slices.IndexFunc(findings, func(f export.Finding) bool { return f.Rule == rule })
			if i < 0 || findings[i].Places[0].String() != "title of Ex. E" {
				t.Errorf("%q: found %v, want %s at the title of Ex. E", title, findings, rule)
			}
		}
	}
}

// An own letter is read like any file, and what it must tell it tells itself.
func TestLint_own_letter(t *testing.T) {
	t.Parallel()
	const honest = "The conviction of July 8, 2011 is explained below."
	for name, c := range map[string]struct {
		lines  []string
		change func(*casefile.Exhibit)
		rule   string
	}{
		"an honest one":                {lines: []string{honest}},
		"of another client":            {[]string{honest, "Re: Otilia Nadie Imaginada, A 000-000-777", "She was deported in 2012."}, nil, "wrong-client"},
		"a foreign number beside hers": {[]string{honest, "A 000-000-501 and A 000-000-777"}, nil, "wrong-client"},
		"nobody read it":               {[]string{honest}, func(x *casefile.Exhibit) { x.Reading = casefile.Reading{} }, "harm-reading"},
		"found, nothing done": {[]string{honest}, func(x *casefile.Exhibit) {
			x.Reading.Answers[0].Found = factors.Yes
		}, "harm-found"},
		"praise beside a matter that it leaves out": {[]string{"She has never been arrested."}, nil, "half-truth"},
		"silence about what was decided":            {[]string{"She asks for release."}, nil, "not-told"},
		"told by its title":                         {lines: []string{"There is one matter, driving under the influence, first offense."}},
		"told by its year":                          {lines: []string{"A plea of guilty in 2011 is the only one."}},
		"a relative’s name":                         {[]string{honest, "Her husband Baltazar waits."}, nil, "stays-inside"},
		"a relative’s name, kept": {[]string{honest, "Her husband Baltazar waits."}, func(x *casefile.Exhibit) {
			x.Reading.Answers[5] = casefile.HarmAnswer{Question: export.HarmQuestions[5], Found: factors.Yes, Done: "kept", Why: "he agreed"}
		}, ""},
		"a page that is not there": {[]string{honest, "Exhibit C, page 27"}, nil, "pin-cite"},
		"a dead memo":              {[]string{honest, "The Sept. 30, 2021", "Guidelines are in force."}, nil, "dead-memo"},
	} {
		doc, src := answered(t)
		own := textFile(t, "own", c.lines...)
		own.Meta.Role = export.RoleLetter
		if c.change != nil {
			c.change(&own.Meta)
		}
		src.add(t, &doc, own)
		findings, err := plan(t, input(t, doc)).Lint(src)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range findings {
			got = append(got, f.Rule)
			if f.Rule == c.rule && !slices.ContainsFunc(f.Places, func(p export.Place) bool { return p.Page == 1 || c.rule == "not-told" }) {
				t.Errorf("%s: %v is no place in the letter", name, f.Places)
			}
		}
		if c.rule == "" && len(got) > 0 || c.rule != "" && !slices.Contains(got, c.rule) {
			t.Errorf("%s: found %v, want %q: %s", name, got, c.rule, fmt.Sprint(findings))
		}
	}
}

// A name that a second person agreed to give may be given.
func TestLint_a_relative_named_on_purpose(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	in := input(t, doc)
	in.Request.Release = "She would live with Ixmucané."
	if len(passages(t, in, src, "stays-inside")) == 0 {
		t.Error("the child’s name leaves unseen")
	}
	in.Document.Decisions = append(slices.Clone(doc.Decisions), factors.Decision{Subject: "relatives/" + doc.Relatives[0].ID, SecondLook: "A. E."})
	if p := passages(t, in, src, "stays-inside"); len(p) > 0 {
		t.Errorf("confirmed, and still found %q", p)
	}
}

// With an own letter and one matter, in 2011: who says in one breath that there
// was one and that there was no other has told it.
func TestLint_a_year_beside_praise(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"She has had no arrests since her 2011 conviction.": false,
		"Since 2011 she has had no arrests.":                true,
		"She has never been arrested, in 2011 or later.":    true,
	} {
		doc, src := answered(t)
		doc.Arrests = nil
		own := textFile(t, "own", line)
		own.Meta.Role = export.RoleLetter
		src.add(t, &doc, own)
		for _, rule := range []string{"half-truth", "not-told"} {
			in := input(t, doc)
			findings, err := plan(t, in).Lint(src)
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.ContainsFunc(findings, func(f export.Finding) bool { return f.Rule == rule }); got != want {
				t.Errorf("%s of %q: %v, want %v", rule, line, got, want)
			}
		}
	}
}
