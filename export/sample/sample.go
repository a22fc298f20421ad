// Package sample is an invented client with everything that a case can have, and
// with the mistakes that people make.
//
// Nobody in it exists. The name, the A-numbers (000-000-501 and 502), the
// telephone numbers (555), the facility, the officer and the employer are made
// up, each page of each exhibit says INVENTED, and each packet built from it
// says so at its foot. The files are drawn here and nothing is copied from any
// real one.
//
// The mistakes are the point. A letter of support says that she was never
// arrested, and the file holds an arrest; a translation's certificate lacks a
// telephone number; a pay stub shows a number that is not hers; a complaint
// names coworkers; one page belongs to another client. A packet with them is
// refused, for each of these reasons, before a packet without them is made.
package sample

import (
	"forbear/casefile"
	"forbear/export"
	"forbear/factors"
)

// Ids of the sample's elements. They are random in a real case.
const (
	entry2005   = "5a0000000000000000000000000e2005"
	entry2009   = "5a0000000000000000000000000e2009"
	absence2009 = "5a0000000000000000000000000ab009"
	offense2011 = "5a00000000000000000000000000d011"
	arrest2016  = "5a00000000000000000000000000a016"
	otherName   = "5a000000000000000000000000000adf"
	rumor       = "5a000000000000000000000000000ad6"
	child       = "5a0000000000000000000000000000c9"
	spouse      = "5a0000000000000000000000000000c1"
	father      = "5a0000000000000000000000000000c2"
	asthma      = "5a0000000000000000000000000000d1"
	church      = "5a0000000000000000000000000000e1"
	witness     = "5a0000000000000000000000000000f1"
	dispute     = "5a0000000000000000000000000000f2"
	requestFO   = "5a000000000000000000000000000f00"
	requestICR  = "5a000000000000000000000000000ec0"
	noteBond    = "5a0000000000000000000000000000b1"

	exhibitG28         = "5a00000000000000000000000000000a"
	exhibitSchool      = "5a00000000000000000000000000000b"
	exhibitAgency      = "5a00000000000000000000000000000c"
	exhibitComplaint   = "5a00000000000000000000000000000d"
	exhibitPayStub     = "5a00000000000000000000000000000e"
	exhibitChurch      = "5a00000000000000000000000000000f"
	exhibitChurchEN    = "5a0000000000000000000000000000f0"
	exhibitChurchCert  = "5a0000000000000000000000000000fc"
	exhibitPhoto       = "5a000000000000000000000000000009"
	exhibitInhaler     = "5a000000000000000000000000000008"
	exhibitDisposition = "5a000000000000000000000000000007"
	exhibitWrong       = "5a000000000000000000000000000777"
	exhibitCallNote    = "5a0000000000000000000000000000ca"
	exhibitNew         = "5a0000000000000000000000000000ce"
)

// Dates of the request and of its denial, as the sample tells them.
var (
	SentOn   = factors.MustDate("2026-10-02")
	DeniedOn = factors.MustDate("2026-10-19")
)

func known(from string) factors.Known { return factors.Known{ToGov: factors.Yes, From: from} }

// Document is the invented client as she was taken in: all facts, the five
// factors that her lawyer argues, the sentences that her lawyer wrote, and
// nothing decided yet about what ICE already
// has. Exhibits come from [Exhibits].
func Document() casefile.Document {
	five := 5
	doc := casefile.Document{
		Format: casefile.DocumentFormat,
		Client: casefile.Client{
			FamilyName: "Xol Caal de Núñez", GivenName: "Marisol",
			Aliases:  []casefile.Alias{{ID: "5a0000000000000000000000000a11a5", Name: "Marisol Xol Caal de Nunez"}},
			ANumbers: []string{"000000501", "000000502"},
			Gender:   "female",
			Languages: []casefile.Language{
				{Name: "Q’eqchi’", Speaks: factors.Yes, Understands: factors.Yes, Reads: factors.No},
				{Name: "Spanish", Speaks: factors.No, Understands: factors.Yes, Reads: factors.No},
			},
			InterpreterNeeded: factors.Yes,
			FacilityName:      "Pine Hollow Detention Facility (invented)", FacilityCity: "Basswood", FacilityState: "MS",
			EROOffice: "New Orleans", Court: "immigration court at Basswood (invented)",
			NextHearing: casefile.Hearing{Date: factors.MustDate("2026-12-09"), Type: "master hearing"},
			G28:         casefile.G28{Date: factors.MustDate("2026-08-24"), FiledVia: "e-mail"},
			Address:     "12 Sweetgum Lane, Basswood",
			Invented:    true,
		},
		Facts: factors.Facts{
			DateOfBirth: factors.MustDate("1986-03"), CountryOfBirth: "Guatemala", CountryOfCitizenship: "Guatemala",
			Entries: []factors.Entry{
				{ID: entry2005, Date: factors.MustDate("2005-03"), Place: "near Sasabe", Manner: factors.WithoutInspection, Apprehended: factors.NotApprehended, Known: known("NTA")},
				{ID: entry2009, Date: factors.MustDate("2009-07"), Place: "near Naco", Manner: factors.WithoutInspection, Apprehended: factors.NotApprehended, Known: factors.Known{ToGov: factors.No}},
			},
			Absences: []factors.Absence{{ID: absence2009, From: factors.MustDate("2009-06"), To: factors.MustDate("2009-07"), Reason: "funeral of her mother"}},
			Offenses: []factors.Offense{{
				ID: offense2011, Title: "driving under the influence, first offense", Jurisdiction: "Basswood County (invented)", Degree: factors.Misdemeanor,
				OffenseDate: factors.MustDate("2011-05-14"), ConvictionDate: factors.MustDate("2011-07-08"),
				SentenceImposedDays: &five, ServedDays: &five, PostConviction: "none",
				Rehabilitation: "finished the class that the court ordered", Known: known("NTA"),
			}},
			Arrests: []factors.Arrest{{ID: arrest2016, Title: "disturbing the peace", Date: factors.MustDate("2016-10"), Outcome: "dismissed"}},
			Adverse: []factors.Adverse{
				{ID: otherName, Title: "another name on a pay stub: Yolanda Ficticia", Kind: "other-name", Internal: true, Known: factors.Known{ToGov: factors.No}},
				{ID: rumor, Title: "database rumor in a police note: Sombra crew", Kind: "gang-allegation", Internal: true},
			},
			Relatives: []factors.Relative{
				{ID: child, Name: "Ixmucané Núñez Xol", Relation: "child", DateOfBirth: factors.MustDate("2017-05-03"), Status: "citizen", LivesWith: factors.Yes, Caretaking: factors.Yes, Condition: "asthma"},
				{ID: spouse, Name: "Baltazar Núñez Pop", Relation: "spouse", Status: "do-not-ask"},
				{ID: father, Name: "Domingo Xol Tzib", Relation: "parent"},
			},
			Health: []factors.Health{{ID: asthma, Person: child, Kind: "physical", Title: "asthma", Serious: factors.Yes, Certified: factors.Yes, Since: factors.MustDate("2019")}},
			Ties:   []factors.Tie{{ID: church, Title: "Sunday kitchen of her church", Kind: "volunteering", Since: factors.MustDate("2015")}},
			Roles:  []factors.Role{{ID: witness, Kind: "witness", Matter: "a wage case", Forum: "the State Labor Board (invented)", Since: factors.MustDate("2026-03"), Pending: factors.Yes}},
			Disputes: []factors.Dispute{{
				ID: dispute, Kind: "labor", Against: "Delta Feather Poultry (invented)", Matter: "unpaid overtime", Agency: "the State Labor Board (invented)",
				ComplaintDate: factors.MustDate("2026-02"), RetaliationDate: factors.MustDate("2026-05"),
				Retaliation:  "a supervisor's text message threatening to call la migra",
				AgencyLetter: factors.Yes, Pending: factors.Yes, ProtectedActivity: "signed the wage complaint", TipSuspected: factors.Yes,
			}},
			Detained: factors.Yes, BookInDate: factors.MustDate("2026-08-18"), CustodyAuthority: "236(a)", ProceedingStage: "pending",
			FlightRisk: factors.No,
			Answers: map[string]factors.Asked{
				"military":      {Reason: factors.NotAsked},
				"lprSince":      {Reason: factors.NotKnown},
				"reliefPending": {Reason: factors.PrefersNotToSay, By: "A. Ejemplo", On: factors.MustDate("2026-08-25"), Language: "Q’eqchi’", Note: "asked about a former partner; stopped"},
			},
		},
		Representative: casefile.Representative{
			Name: "Ana Ejemplo Ruiz", Type: "attorney", BarNumber: "000501", Jurisdiction: "Mississippi",
			Organization: "Basswood Legal Clinic (invented)", Phone: "601-555-0142", Email: "ana@example.invalid",
			Address: "1 Example Square, Basswood, MS 00000",
		},
		Decisions: []factors.Decision{
			// She was away for a month in 2009, so no sentence is drafted from her
			// dates: her lawyer says what the clinic's records show.
			{
				ID: "5a00000000000000000000000000de01", Subject: "REG-236.1/ours-presence", Applies: factors.Yes, Argue: true,
				Text:   "The clinic first saw Ms. Xol Caal de Núñez in April 2005, and has recorded visits in each year since.",
				Proofs: []factors.Proof{{Exhibit: exhibitSchool, Page: 2}},
			},
			{ID: "5a00000000000000000000000000de02", Subject: "REG-212.5/witness", Applies: factors.Yes, Argue: true, Proofs: []factors.Proof{{Exhibit: exhibitAgency, Page: 1}}},
			{ID: "5a00000000000000000000000000de03", Subject: "REG-236.1/ours-family", Applies: factors.Yes, Argue: true, Proofs: []factors.Proof{{Exhibit: exhibitSchool, Page: 3}, {Exhibit: exhibitInhaler, Page: 1}}},
			{ID: "5a00000000000000000000000000de04", Subject: "REG-212.5/ours-rights", Applies: factors.Yes, Argue: true, Proofs: []factors.Proof{{Exhibit: exhibitComplaint, Page: 1}, {Exhibit: exhibitAgency, Page: 1}}},
			{
				ID: "5a00000000000000000000000000de05", Subject: "REG-236.1/likely-to-appear", Applies: factors.Yes, Argue: true,
				Text:   "The school and the clinic have had Ms. Xol Caal de Núñez as the person to call since 2019, and record that she came each time.",
				Proofs: []factors.Proof{{Exhibit: exhibitSchool, Page: 1}},
			},
			// Written, and not decided: what is told of the conviction if it is told.
			{
				ID: "5a00000000000000000000000000de07", Subject: "offenses/" + offense2011,
				Text: "Ms. Xol Caal de Núñez was convicted of driving under the influence, first offense, in Basswood County (invented) on July 8, 2011, " +
					"and served five days. She finished the class that the court ordered on November 19, 2011.",
			},
			{ID: "5a00000000000000000000000000de06", Subject: "arrests/" + arrest2016, Leave: factors.LeaveOut, Reason: "Dismissed, and ICE is not known to have it."},
		},
		Requests: []casefile.Request{{
			ID: requestFO, To: export.ToFieldOffice, Office: "New Orleans", Officer: "Deportation Officer R. Example (invented)",
			Asks: []casefile.Ask{
				{Kind: "release-236"},
				{Kind: "parole-212-5", Text: "In the alternative, parole under 8 CFR 212.5(b): she is a witness, and her child needs her care."},
				{Kind: "continuance"},
			},
			Release: "Ms. Xol Caal de Núñez would live with her child and accepts supervision on any terms. The clinic’s driver takes her to each appointment and to court.",
		}},
		Notes: []casefile.Note{
			{ID: noteBond, Text: "Judge found no jurisdiction over bond; custody authority disputed, 235(b)(2). Do not argue abscondence history."},
		},
	}
	return doc
}

// Consent is the client's consent to the packet, read to her before it is made.
func Consent(on factors.Date) casefile.Consent {
	return casefile.Consent{Mode: "read-by-phone", By: "Ana Ejemplo Ruiz", On: on, Language: "Q’eqchi’, by relay through Spanish", Interpreter: "I. Invented"}
}

// Denial is how the request was answered: by phone, with two words.
func Denial(on factors.Date) casefile.Response {
	return casefile.Response{
		Form: "oral", On: on, By: "a supervisory officer", Reason: "criminal history", Granted: factors.No, Exhibit: exhibitCallNote,
	}
}

// Review is the request to ICE Case Review that follows the denial.
func Review() casefile.Request {
	return casefile.Request{
		ID: requestICR, To: export.ToICR,
		Asks: []casefile.Ask{{Kind: "release-236"}, {Kind: "parole-212-5"}},
		New:  "Since the request, the clinic has changed the child’s treatment plan ({" + exhibitNew + "}).",
	}
}

// TakenOut lists the exhibits that are taken out of the packet after it was
// refused: the pay stub, the church letter with its translation and certificate,
// and the other client's page.
func TakenOut() []string {
	return []string{exhibitPayStub, exhibitChurch, exhibitChurchEN, exhibitChurchCert, exhibitWrong}
}

// PhotoTab is the tab of the family photograph in the finished packet. Upright,
// its upper half is blue and its lowest fifth is green.
const PhotoTab = "E"

// Secrets are words of the sample that no packet to an agency may hold: matters
// that nobody decided to send, enforcement priorities and exposures, notes,
// names of others, the home address. A packet in which [export.AnswerWhatICEHas]
// was used speaks of the conviction of 2011, so that one is not among them.
func Secrets() []string {
	return []string{
		"disturbing the peace", "October 2016", "was dismissed",
		"Yolanda", "Ficticia", "other-name", "Sombra", "gang-", "rumor",
		"Sasabe", "Naco", "July 2009", "funeral",
		"Ixmucané", "Baltazar", "Domingo", "former partner",
		"Sweetgum", "Delta Feather", "la migra", "jurisdiction over bond", "abscondence",
		"Priority A", "Priority B", "Priority C", "gate-", "exposure", "expedited removal",
		"Perla Inventada", "Tomás Supuesto", "Florinda Supuesta",
		"000-00-0000", "000-000-777", "arrestada", "never been arrested",
		"MAYORKAS", "MIT-", "AGG-", "REG-236", "Forbear", "forbear", "Mayorkas",
	}
}
