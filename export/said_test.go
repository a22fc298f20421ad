package export_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/sample"
	"forbear/export/sign"
	"forbear/factors"
)

// said is every sentence of a plan's letter, in one text.
func said(p export.Plan) string {
	var all []string
	add := func(list ...export.Outgoing) {
		for _, o := range list {
			all = append(all, o.Text())
		}
	}
	for _, b := range p.Block {
		add(b.Text)
	}
	add(p.Asks...)
	add(p.Why...)
	for _, s := range p.Sections {
		add(s.Text...)
	}
	if p.ICR != nil {
		add(p.ICR.Decision...)
		add(p.ICR.New...)
		for _, row := range p.ICR.Table {
			add(row.What, row.Where, row.Said)
		}
	}
	return strings.Join(all, "\n")
}

// argue ticks a rule and says nothing else about it.
func argue(in *export.Input, rule string) {
	in.Document = export.WithDecisions(in.Document, []factors.Decision{{Subject: rule, Applies: factors.Yes, Argue: true}})
}

// proves says of the school's records that they show an element as well.
func proves(in *export.Input, path string) {
	x := exhibitNamed(&in.Document, "School")
	x.Proves = append(slices.Clone(x.Proves), path)
}

// untyped takes the lawyer's sentence about something away.
func untyped(in *export.Input, subject string) {
	for i, d := range in.Document.Decisions {
		if strings.HasPrefix(d.Subject, subject) {
			in.Document.Decisions[i].Text = ""
		}
	}
}

// A telling is a change to the sample that is ready to be sent, with what its
// letter then must say and what it must not.
type telling struct {
	name  string
	do    func(in *export.Input)
	want  []string
	never []string
}

func (c telling) try(t *testing.T, in export.Input) export.Plan {
	t.Helper()
	c.do(&in)
	in.Rows = factors.Assess(in.Library, in.Frame, today, in.Document.Facts, in.Document.Decisions, nil)
	p := plan(t, in)
	text := said(p)
	for _, w := range c.want {
		if !strings.Contains(text, w) {
			t.Errorf("%s: no %q in\n%s", c.name, w, text)
		}
	}
	for _, w := range c.never {
		if strings.Contains(text, w) {
			t.Errorf("%s: the letter says %q:\n%s", c.name, w, text)
		}
	}
	return p
}

// own is the sample ready to be sent, which a test may change.
func own(t *testing.T) export.Input {
	t.Helper()
	doc, _ := answered(t)
	doc.Exhibits, doc.Decisions, doc.Requests = slices.Clone(doc.Exhibits), slices.Clone(doc.Decisions), slices.Clone(doc.Requests)
	return input(t, doc)
}

func TestLetter_says_what_is_recorded_proved_and_meant_for_it(t *testing.T) {
	t.Parallel()
	known := factors.Known{ToGov: factors.Yes}
	for _, c := range []telling{
		{
			name: "a private remark that ICE is recorded to know",
			do: func(in *export.Input) {
				in.Document.Adverse = []factors.Adverse{{ID: "d1", Title: "told me she drank daily until 2024", Kind: "alcohol", Known: known}}
				in.Document = export.WithDecisions(in.Document, export.AnswerWhatICEHas(in.Document))
			},
			never: []string{"drank", "The record also"},
		},
		{
			name: "rehabilitation as it was told at intake",
			do: func(in *export.Input) {
				in.Document.Offenses = slices.Clone(in.Document.Offenses)
				in.Document.Offenses[0].Rehabilitation = "relapsed in 2013 and went again"
				untyped(in, "offenses/")
			},
			want:  []string{"was convicted on July 8, 2011 and sentenced to 5 days. That was 15 years 4 months ago"},
			never: []string{"relapsed", "influence"},
		},
		{
			name: "a conviction of which no date is recorded",
			do: func(in *export.Input) {
				in.Document.Offenses = slices.Clone(in.Document.Offenses)
				in.Document.Offenses[0].ConvictionDate = factors.Date{}
				untyped(in, "offenses/")
			},
			never: []string{"convicted"},
		},
		{
			name: "where she works and lives",
			do: func(in *export.Input) {
				in.Document.Ties = []factors.Tie{
					{ID: "t1", Kind: "work", Title: "Line worker at Delta Feather Poultry"},
					{ID: "t2", Kind: "home", Title: "Lives at 12 Sweetgum Lane with Baltazar"},
					{ID: "t3", Kind: "taxes", Title: "Files with a number"},
					{ID: "t4", Kind: "school", Title: "Class of Basswood Elementary"},
					{ID: "t5", Title: "Told of her cousin"},
					{ID: "t6", Kind: "church", Title: "Sunday kitchen of her church", Since: factors.MustDate("2015")},
					{ID: "t7", Kind: "volunteering", Title: "Hands out clothes, unproved"},
				}
				for _, id := range []string{"t1", "t2", "t3", "t4", "t5", "t6"} {
					proves(in, "communityTies/"+id)
				}
				argue(in, "REG-236.1/ours-community")
			},
			want:  []string{"Her ties here: Sunday kitchen of her church, since 2015"},
			never: []string{"Delta", "Sweetgum", "Baltazar", "a number", "Elementary", "cousin", "clothes"},
		},
		{
			name: "a page chosen for the one tie there is",
			do: func(in *export.Input) {
				in.Document = export.WithDecisions(in.Document, []factors.Decision{{
					Subject: "REG-236.1/ours-community", Applies: factors.Yes, Argue: true, Proofs: []factors.Proof{{Exhibit: exhibitNamed(&in.Document, "Letter of the State").ID, Page: 1}},
				}})
			},
			want: []string{"Her ties here: Sunday kitchen of her church, since 2015"},
		},
		{
			name: "the illness of a sister beside the child",
			do: func(in *export.Input) {
				in.Document.Relatives = append(slices.Clone(in.Document.Relatives), factors.Relative{ID: "r9", Relation: "sibling", Status: "citizen", Condition: "HIV and a methadone program"})
			},
			want:  []string{"U.S. citizen child, age 9, with asthma"},
			never: []string{"HIV", "methadone", "sibling"},
		},
		{
			name: "a page chosen for the family as a whole",
			do: func(in *export.Input) {
				in.Document.Relatives = []factors.Relative{{ID: "r9", Relation: "sibling", Status: "citizen", Condition: "HIV"}}
			},
			never: []string{"HIV", "sibling"},
		},
		{
			name: "who wrote a sentence wrote it for page one too",
			do: func(in *export.Input) {
				for i, d := range in.Document.Decisions {
					if d.Subject == "REG-236.1/ours-family" {
						in.Document.Decisions[i].Text = "Her nine-year-old needs her at home."
					}
				}
			},
			want:  []string{"Her nine-year-old needs her at home"},
			never: []string{"asthma"},
		},
		{
			name:  "years here across an absence and a second entry",
			do:    func(in *export.Input) { untyped(in, "REG-236.1/ours-presence") },
			never: []string{"home in the United States", "came to the United States", "21 years"},
		},
		{
			name: "years here across a removal",
			do: func(in *export.Input) {
				untyped(in, "REG-236.1/ours-presence")
				in.Document.Entries, in.Document.Absences = in.Document.Entries[:1], nil
				in.Document.Removals = []factors.Removal{{ID: "v1", Date: factors.MustDate("2009")}}
			},
			never: []string{"home in the United States", "came to the United States", "21 years"},
		},
		{
			name: "years here since the one entry",
			do: func(in *export.Input) {
				untyped(in, "REG-236.1/ours-presence")
				in.Document.Entries, in.Document.Absences = in.Document.Entries[:1], nil
			},
			want:  []string{"Ms. Xol Caal de Núñez first came to the United States in March 2005, at least 21 years 7 months ago"},
			never: []string{"home in the United States"},
		},
		{
			name: "a dispute of no kind",
			do: func(in *export.Input) {
				in.Document.Disputes = slices.Clone(in.Document.Disputes)
				in.Document.Disputes[0].Kind = ""
			},
			never: []string{"complaint"},
		},
		{
			name: "a labor dispute in which nobody complained yet",
			do: func(in *export.Input) {
				in.Document.Disputes = slices.Clone(in.Document.Disputes)
				in.Document.Disputes[0].ComplaintDate = factors.Date{}
			},
			never: []string{"complaint"},
		},
		{
			name: "service that ended",
			do: func(in *export.Input) {
				in.Document.Military = []factors.Service{{ID: "m1", Branch: "National Guard", From: factors.MustDate("2001"), To: factors.MustDate("2003")}}
				proves(in, "military/m1")
				argue(in, "MAYORKAS/MIT-7")
			},
			want:  []string{"served in the National Guard from 2001 to 2003"},
			never: []string{"since 2001"},
		},
		{
			name: "service of which no end is recorded",
			do: func(in *export.Input) {
				in.Document.Military = []factors.Service{{ID: "m1", Branch: "National Guard", From: factors.MustDate("2001")}}
				proves(in, "military/m1")
				argue(in, "MAYORKAS/MIT-7")
			},
			want:  []string{"entered service in the National Guard in 2001"},
			never: []string{"since 2001"},
		},
		{
			name:  "last year’s hearing",
			do:    func(in *export.Input) { in.Document.NextHearing.Date = factors.MustDate("2025-12-09") },
			never: []string{"December 9, 2025", "master hearing"},
		},
		{
			name: "a petition under 8 USC 1367 that nobody marked",
			do: func(in *export.Input) {
				in.Document.Relief = []factors.Relief{{ID: "l1", Kind: "vawa", Status: "pending"}}
				proves(in, "reliefPending/l1")
				argue(in, "MAYORKAS/MIT-6")
			},
			never: []string{"relief is pending", "application for"},
		},
		{
			name: "an application that may be told",
			do: func(in *export.Input) {
				in.Document.Relief = []factors.Relief{{ID: "l1", Kind: "asylum", Status: "pending"}}
				proves(in, "reliefPending/l1")
				argue(in, "MAYORKAS/MIT-6")
			},
			want: []string{"Her application for asylum is pending"},
		},
		{
			name: "a mark in a request of one’s own kind",
			do: func(in *export.Input) {
				in.Request.Asks = []casefile.Ask{{Kind: "other", Text: "A new interview {" + exhibitNamed(&in.Document, "School").ID + " p. 2}."}}
			},
			want:  []string{"Request for a new interview"},
			never: []string{"{", "5a0000"},
		},
	} {
		c.try(t, own(t))
	}
}

func TestPlan_a_matter_without_a_sentence_is_no_matter_told(t *testing.T) {
	t.Parallel()
	in := own(t)
	in.Document.Adverse = []factors.Adverse{{ID: "d1", Title: "a remark", Known: factors.Known{ToGov: factors.Yes}}}
	in.Document = export.WithDecisions(in.Document, export.AnswerWhatICEHas(in.Document))
	p := plan(t, in)
	if slices.Contains(p.Told, "adverse/d1") || len(p.Told) != 2 {
		t.Errorf("told: %v", p.Told)
	}
	if !slices.ContainsFunc(p.Stays, func(s export.Stay) bool { return s.What == "adverse/d1" && strings.Contains(s.Why, "no sentence") }) {
		t.Errorf("stays: %v", p.Stays)
	}
	// The person writes one.
	in.Document = export.WithDecisions(in.Document, []factors.Decision{{Subject: "adverse/d1", Leave: factors.Mention, Text: "She has been sober since 2024."}})
	if p = plan(t, in); !slices.Contains(p.Told, "adverse/d1") || !strings.Contains(said(p), "sober since 2024") {
		t.Errorf("told: %v", p.Told)
	}
}

func TestPlan_one_protected_element_protects_the_file(t *testing.T) {
	t.Parallel()
	for name, relief := range map[string]factors.Relief{
		"u": {Kind: "u", Status: "pending"}, "t": {Kind: "t"}, "vawa": {Kind: "vawa", Status: "pending"}, "marked": {Kind: "asylum", Protected: true},
	} {
		in := own(t)
		in.Document.Relief = []factors.Relief{relief}
		if p := plan(t, in); !p.Protected || strings.Contains(p.Caption.Foot, "000-000") {
			t.Errorf("%s: protected %v, foot %q", name, p.Protected, p.Caption.Foot)
		}
	}
	in := own(t)
	in.Document.Relief = []factors.Relief{{Kind: "asylum", Status: "pending"}}
	if p := plan(t, in); p.Protected || !strings.Contains(p.Caption.Foot, "000-000-501") {
		t.Errorf("asylum: protected %v, foot %q", p.Protected, p.Caption.Foot)
	}
}

func TestPlan_two_decisions_that_disagree_decide_nothing(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][2]factors.Leave{"first": {factors.Mention, factors.LeaveOut}, "last": {factors.LeaveOut, factors.Mention}} {
		in := own(t)
		matter := "offenses/" + in.Document.Offenses[0].ID
		in.Document.Decisions = slices.DeleteFunc(in.Document.Decisions, func(d factors.Decision) bool { return d.Subject == matter })
		in.Document.Decisions = append(in.Document.Decisions, factors.Decision{ID: "1", Subject: matter, Leave: order[0]}, factors.Decision{ID: "2", Subject: matter, Leave: order[1]})
		if p := plan(t, in); strings.Contains(said(p), "convicted") {
			t.Errorf("%s: the conviction is told", name)
		}
		if open := export.Unanswered(in.Document); len(open) != 1 || open[0].Path != matter {
			t.Errorf("%s: open are %v", name, open)
		}
		// One decision takes the place of both.
		done := export.WithDecisions(in.Document, export.AnswerWhatICEHas(in.Document))
		if n := len(done.Decisions); n != len(in.Document.Decisions)-1 {
			t.Errorf("%s: %d decisions, want one less than %d", name, n, len(in.Document.Decisions))
		}
		in.Document = done
		if p := plan(t, in); !strings.Contains(said(p), "was convicted on July 8, 2011") {
			t.Errorf("%s: the decision that was made last is not carried out", name)
		}
	}
	// Two that say the same are one.
	in := own(t)
	in.Document.Decisions = append(in.Document.Decisions, in.Document.Decisions...)
	if p := plan(t, in); !strings.Contains(said(p), "convicted") || len(p.Argued) != 5 {
		t.Errorf("%d factors argued", len(p.Argued))
	}
	// And a tick that somebody else took away does not argue.
	in = own(t)
	in.Document.Decisions = append(in.Document.Decisions, factors.Decision{Subject: "REG-236.1/ours-family", Applies: factors.Yes})
	if p := plan(t, in); len(p.Argued) != 4 {
		t.Errorf("%d factors argued", len(p.Argued))
	}
}

func TestLetter_speaks_of_the_list_of_2021_only_where_all_reasons_are_of_it(t *testing.T) {
	t.Parallel()
	const sentence = "factors the Department listed in 2021"
	in := own(t)
	in.CitePast, in.Frame = true, "MAYORKAS"
	mixed := telling{name: "reasons of a regulation", do: func(*export.Input) {}, never: []string{sentence}}
	mixed.try(t, in)
	in.Document.Decisions = []factors.Decision{{Subject: "MAYORKAS/MIT-5", Applies: factors.Yes, Argue: true}}
	all := telling{name: "reasons of the list", do: func(*export.Input) {}, want: []string{sentence, "U.S. citizen child"}}
	all.try(t, in)
	in.Document.Decisions = nil
	none := telling{name: "no reasons", do: func(*export.Input) {}, never: []string{sentence}}
	none.try(t, in)
}

func TestPlan_beside_an_own_letter_nothing_of_ours_leaves(t *testing.T) {
	t.Parallel()
	in, _ := ownLetter(t)
	p := plan(t, in)
	if p.Letter == nil || len(p.Argued)+len(p.Sections)+len(p.Why)+len(p.Asks)+len(p.Block)+len(p.Told) > 0 {
		t.Errorf("%d argued, %d sections, %d told", len(p.Argued), len(p.Sections), len(p.Told))
	}
}

// ownLetter is the sample with a letter that the lawyer wrote.
func ownLetter(t *testing.T) (export.Input, memory) {
	t.Helper()
	doc, src := answered(t)
	letter := textFile(t, "5a000000000000000000000000000aaa", "We write about Marisol Xol Caal de Núñez, A 000-000-501. She was convicted on July 8, 2011.")
	letter.Meta.Role, letter.Meta.Title = export.RoleLetter, "Letter"
	src.add(t, &doc, letter)
	return input(t, doc), src
}

func otherIdentity(t *testing.T, name string) *sign.Identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := sign.NewCertificate(rand.Reader, key, name, "", now)
	if err != nil {
		t.Fatal(err)
	}
	return &sign.Identity{Key: key, Cert: cert}
}

func TestBuild_signs_for_nobody_else(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	doc.Representative.Name = "Bruno Otro"
	var buf bytes.Buffer
	if _, err := export.Build(context.Background(), plan(t, input(t, doc)), src, identity(t), &buf); !errors.Is(err, export.ErrSigner) || buf.Len() > 0 {
		t.Errorf("another person’s key gives %v and %d bytes", err, buf.Len())
	}
	// Somebody who asks for herself signs on paper.
	doc, src = answered(t)
	doc.Representative.Type, doc.Representative.Name = "person", "Marisol Xol Caal de Núñez"
	packet, built := build(t, plan(t, input(t, doc)), src, identity(t))
	text := flat(strings.Join(pageTexts(t, packet), " "))
	if built.Record.Signed || bytes.Contains(packet, []byte("/ByteRange")) || strings.Contains(text, "/s/ Marisol") ||
		!strings.Contains(text, "This file carries no digital signature; the handwritten signature on page") {
		t.Errorf("a packet of the person herself is signed for her: %v", built.Record.Signed)
	}
	if _, built := build(t, plan(t, input(t, doc)), src, otherIdentity(t, "Marisol Xol Caal de Nunez")); !built.Record.Signed {
		t.Error("her own key does not sign")
	}
}

func TestReview_says_of_the_answer_what_is_recorded(t *testing.T) {
	t.Parallel()
	base, _, _ := review(t)
	answer := base.Document.Requests[0].Answer.Exhibit
	respond := func(a casefile.Response) func(*export.Input) {
		return func(in *export.Input) { in.Document.Requests[0].Answer = a }
	}
	for _, c := range []telling{
		{
			name:  "written, and nobody read it for the factors",
			do:    respond(casefile.Response{Form: "written", On: sample.DeniedOn, Granted: factors.No, Exhibit: answer}),
			want:  []string{"denied it in writing on October 19, 2026"},
			never: []string{"not mentioned", "No written reasons"},
		},
		{
			name: "written, and read",
			do:   respond(casefile.Response{Form: "written", On: sample.DeniedOn, Granted: factors.No, Exhibit: answer, ReadFor: true}),
			want: []string{"not mentioned"},
		},
		{
			name:  "written, and nobody recorded that it was a denial",
			do:    respond(casefile.Response{Form: "written", On: sample.DeniedOn, Exhibit: answer}),
			want:  []string{"answered it in writing on October 19, 2026"},
			never: []string{"denied"},
		},
		{
			name:  "told by phone, and nobody recorded that it was a denial",
			do:    respond(casefile.Response{Form: "oral", On: sample.DeniedOn}),
			want:  []string{"was answered by phone or in person", "No written reasons"},
			never: []string{"denied", "not mentioned"},
		},
		{
			name: "sent at the same time, and no answer yet",
			do: func(in *export.Input) {
				in.Document.RemovalDate, in.Request.NearRemoval = factors.MustDate("2026-11-24"), "the plane"
				in.Document.Requests[0].Answer = casefile.Response{}
			},
			want:  []string{"because removal is scheduled for November 24, 2026"},
			never: []string{"No written reasons", "not mentioned"},
		},
	} {
		in := base
		in.Document.Requests = slices.Clone(base.Document.Requests)
		p := c.try(t, in)
		if told := strings.Contains(said(p), "No written reasons"); p.ICR.Unwritten && !told {
			t.Errorf("%s: the table says that no reasons were written", c.name)
		}
	}
}

func TestReview_a_removal_date_that_has_passed_is_not_near(t *testing.T) {
	t.Parallel()
	in, _, _ := review(t)
	in.Document.RemovalDate, in.Request.NearRemoval = factors.MustDate("2026-03-01"), "the plane"
	in.Document.Requests[0].Answer = casefile.Response{}
	_, err := export.NewPlan(in)
	var gate *export.GateError
	if !errors.As(err, &gate) || !slices.Contains(gate.Reasons, export.GateRemovalPast) {
		t.Errorf("a plane that has left gives %v", err)
	}
}

func TestReview_cites_the_answer_that_is_named_and_no_other(t *testing.T) {
	t.Parallel()
	in, _, _ := review(t)
	note := in.Document.Requests[0].Answer.Exhibit
	in.Document.Requests = append(slices.Clone(in.Document.Requests), casefile.Request{
		ID: "custody", To: export.ToFieldOffice, Office: "New Orleans", Answer: casefile.Response{Form: "custody-decision", On: factors.MustDate("2026-11-01")},
	})
	p := plan(t, in)
	for _, o := range p.ICR.Decision {
		for _, c := range o.Cites() {
			if c.Exhibit == note {
				t.Errorf("%q cites the note about another request", o.Text())
			}
		}
	}
	for _, tab := range p.Tabs {
		if tab.Parts[0].Exhibit == note {
			t.Error("the note about another request leaves")
		}
	}
}

func TestReview_a_request_without_a_record_lends_no_words_of_today(t *testing.T) {
	t.Parallel()
	in, _, _ := review(t)
	// Made here, and its record is gone.
	in.Sent = nil
	if _, err := export.NewPlan(in); !errors.Is(err, export.ErrSentRecord) {
		t.Errorf("without the record NewPlan gives %v", err)
	}
	// Made by the lawyer before: what left in it, nobody here knows.
	in.Document.Requests = slices.Clone(in.Document.Requests)
	in.Document.Requests[0].How, in.Document.Requests[0].Packet = "prior-counsel", casefile.Blob{}
	p := plan(t, in)
	text := said(p)
	for _, never := range []string{"asthma", "U.S. citizen child", "in her care", "State Labor Board"} {
		for _, row := range p.ICR.Table {
			if strings.Contains(row.What.Text(), never) {
				t.Errorf("the table says %q of a request that was made otherwise", never)
			}
		}
	}
	if len(p.ICR.Table) == 0 || !strings.Contains(text, "Family here") {
		t.Errorf("the table does not name what the request argued:\n%s", text)
	}
	if len(p.ICR.New) != 1 {
		t.Errorf("%d things are called new, and nothing tells what had been there", len(p.ICR.New)-1)
	}
	// The record of another request lends nothing either.
	other := export.Record{SHA256: strings.Repeat("1", 64), Argued: []export.ArguedAt{{Rule: "REG-236.1/ours-family", Short: "CanaryOther"}}}
	in.Sent = &other
	if text := said(plan(t, in)); strings.Contains(text, "CanaryOther") {
		t.Error("the record of another request lent its words")
	}
}
