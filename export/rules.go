package export

import (
	"regexp"
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// HarmQuestions are the nine questions of a harm reading (practice point P5).
var HarmQuestions = []string{
	"arrests", "alcohol-drugs", "numbers", "citizenship-claim", "entry", "other-people", "safe-address", "contradiction", "unknown-to-client",
}

// Rules are what a packet is judged by, in the order in which findings are
// shown.
var Rules = []Rule{
	{
		ID: "clock", Severity: Block, Source: "A sentence about what is in force is computed for the day of signing.",
		Message: "The date is in doubt: the computer’s clock is behind the library or the case, or the packet is dated another day than today.",
		look:    lookClock,
	},
	{
		ID: "missing-identifiers", Severity: Block, Source: "What every request must hold: name, A-number or none assigned, date of birth, what is asked.",
		Message: "Something that every request must have is missing.",
		look:    lookIdentifiers,
	},
	{
		ID: "signer", Severity: Block, Source: "A request is signed by a person in a stated role; a student signs under supervision.",
		Message: "Who signs, or in which role, is not recorded.",
		look:    lookSigner,
	},
	{
		ID: "g28-missing", Severity: Block, Source: "8 CFR 292.4(a): a representative appears by Form G-28; others need the person’s privacy waiver.",
		Message: "The notice of appearance (Form G-28), or the privacy waiver, is not in the packet.",
		look:    lookAppearance,
	},
	{
		ID: "wrong-client", Severity: Block, Source: "A page about another person tells ICE about that person, and breaks a confidence.",
		Message: "A page names another person, or another A-number and not this client’s.",
		look:    lookWrongClient,
	},
	{
		ID: "decided-twice", Severity: Block, Source: "Whichever of two decisions were taken, the other one was somebody’s last word too.",
		Message: "Two decisions about one subject do not say the same. Decide again.",
		look:    lookTwice,
	},
	{
		ID: "dead-memo", Severity: Block, Source: "No memo that lists factors is known to be in force on the day of signing; an announced intention is no rule.",
		Message: "The letter speaks of a memo or a policy as if it were in force.",
		look:    lookDeadMemo,
	},
	{
		ID: "half-truth", Severity: Block, Source: "Model Rules 4.1 and 8.4(c); 8 CFR 292.3(b), 1003.102(c); 18 USC 1001.",
		Message: "A passage praises a clean record, and the file holds a matter that the packet leaves out. Correct the passage, explain the matter, or leave the exhibit out.",
		look:    lookHalfTruth,
	},
	{
		ID: "ice-has-undecided", Severity: Block, Source: "The reader has the government’s own record open beside the letter.",
		Message: "ICE already has something that nobody has decided about: answer it, or decide to leave it out.",
		look:    lookUndecided,
	},
	{
		ID: "not-told", Severity: Block, Source: "A decision to mention something that the letter does not mention is nobody’s decision.",
		Message: "Somebody decided that a matter is mentioned, and the packet does not mention it: a sentence is to be typed, or a second person has to confirm.",
		look:    lookUntold,
	},
	{
		ID: "stays-inside", Severity: Block, Source: "What nobody decided to send leaves by titles, pasted sentences and pages that nobody searched.",
		Message: "Something that stays in the file stands in what would leave: of a matter, a note, a relative’s name, the home address, or an id of the checklist.",
		look:    lookInside,
	},
	{
		ID: "1367", Severity: Block, Source: "8 USC 1367.",
		Message: "Material protected by 8 USC 1367 would leave, and nobody confirmed it a second time.",
		look:    look1367,
	},
	{
		ID: "not-cleaned", Severity: Block, Source: "Only pages that were taken apart and put together again leave.",
		Message: "An exhibit could not be read, and so cannot leave.",
		look:    func(v *view) []Place { return mapped(v.unclean, v.whole) },
	},
	{
		ID: "harm-reading", Severity: Block, Source: "Exhibits leak what a letter holds back: each is read for nine questions before it leaves.",
		Message: "An exhibit has no complete harm reading of this very file.",
		look:    lookReading,
	},
	{
		ID: "harm-found", Severity: Block, Source: "What a harm reading found must be redacted, dropped, or kept for a stated reason.",
		Message: "A harm reading found something, and what was done about it is not recorded: kept for which reason, or taken out of which earlier file.",
		look:    lookFound,
	},
	{
		ID: "translation", Severity: Block, Source: "8 CFR 1003.33: translator’s statement of competence and accuracy, signed, with address and phone.",
		Message: "A document is not in English, and its translation into English, or the certificate with all of its parts, is not in the packet.",
		look:    lookTranslation,
	},
	{
		ID: "identifier", Severity: Block, Source: "Numbers of the client or of others do not belong in an agency’s file by accident.",
		Message: "A page or a sentence shows what looks like a Social Security or a taxpayer’s number.",
		look:    lookNumbers,
	},
	{
		ID: "other-a-number", Severity: Warn, Source: "People who are named in a packet did not all agree to it.",
		Message: "A page shows an A-number that is not the client’s.",
		look:    lookOtherANumber,
	},
	{
		ID: "other-person", Severity: Warn, Source: "People who are named in a packet did not all agree to it.",
		Message: "The letter names a person whom the file does not know. Did they agree to be named?",
		look:    lookOtherPeople,
	},
	{
		ID: "stays-near", Severity: Warn, Source: "An ordinary word can be a name, and a page can say what a note says.",
		Message: "A word of something that stays in the file stands in what would leave. Is it that?",
		look:    lookNear,
	},
	{
		ID: "language", Severity: Warn, Source: "A page that its reader cannot read proves nothing.",
		Message: "A page does not read like English, and no other language is recorded for it.",
		look:    lookLanguage,
	},
	{
		ID: "pin-cite", Severity: Block, Source: "A cite that leads nowhere costs the reader’s trust in all of them.",
		Message: "The letter points to an exhibit or a page that is not in the packet.",
		look:    lookPinCites,
	},
	{
		ID: "words", Severity: Warn, Source: "Words that concede, or that promise what only ICE decides.",
		Message: "The letter uses a word that this kind of letter does not use.",
		look:    lookWords,
	},
	{
		ID: "why-without-proof", Severity: Warn, Source: "Each reason on page one has its proof beside it.",
		Message: "A reason on page one points to no page.",
		look:    lookWhy,
	},
	{
		ID: "held-back", Severity: Warn, Source: "What is argued leaves only with proof and in words.",
		Message: "Something is ticked to be argued and does not leave.",
		look:    lookHeldBack,
	},
	{
		ID: "glyphs", Severity: Warn, Source: "A name with a box in it looks like carelessness about the person.",
		Message: "Some characters cannot be printed and stand as boxes.",
		look: func(v *view) []Place {
			if len(v.missing) == 0 {
				return nil
			}
			return []Place{{Part: "letter", Passage: string(v.missing)}}
		},
	},
	{
		ID: "consent", Severity: Warn, Source: "The client’s consent to the final packet, in a language understood, is recorded.",
		Message: "No consent of the client to this packet is recorded.",
		look: func(v *view) []Place {
			if v.doc.Consent.Mode != "" {
				return nil
			}
			return elements("consent")
		},
	},
	{
		ID: "partial-accreditation", Severity: Warn, Source: "8 CFR 1292.1(a)(4): partial accreditation is for DHS; proceedings need full accreditation.",
		Message: "A partially accredited representative asks ICE’s attorneys in proceedings.",
		look: func(v *view) []Place {
			if v.p.Signer.Type != "partial-accredited" || v.p.To != ToOPLA {
				return nil
			}
			return elements("representative/type")
		},
	},
}

func mapped(ids []string, f func(string) Place) []Place {
	var out []Place
	for _, id := range ids {
		out = append(out, f(id))
	}
	return out
}

func lookClock(v *view) []Place {
	in := v.in.input
	var out []string
	if in.Clock.IsZero() || !sameDay(in.Clock, in.SigningDate) {
		out = append(out, "signing date")
	}
	if in.Library != nil && factors.DateOf(in.Clock).Before(in.Library.Checked) == factors.Yes {
		out = append(out, "clock before library")
	}
	if in.Clock.Before(in.LastEntry) {
		out = append(out, "clock before newest entry")
	}
	return elements(out...)
}

func lookIdentifiers(v *view) []Place {
	var out []string
	if strings.TrimSpace(v.doc.FamilyName) == "" && strings.TrimSpace(v.doc.GivenName) == "" {
		out = append(out, "familyName")
	}
	if len(v.doc.ANumbers) == 0 && !v.doc.NoANumber {
		out = append(out, "aNumbers")
	}
	if v.doc.DateOfBirth.IsZero() {
		out = append(out, "dateOfBirth")
	}
	if v.p.Letter == nil && len(v.p.Asks) == 0 {
		out = append(out, "requests/asks")
	}
	return elements(out...)
}

func lookSigner(v *view) []Place {
	r := representative(v.in.input)
	var out []string
	if strings.TrimSpace(r.Name) == "" {
		out = append(out, "representative/name")
	}
	switch r.Type {
	case "attorney", "full-accredited", "partial-accredited", "person", "family":
	case "student":
		if strings.TrimSpace(r.Supervisor) == "" {
			out = append(out, "representative/supervisor")
		}
	default:
		out = append(out, "representative/type")
	}
	return elements(out...)
}

func lookAppearance(v *view) []Place {
	want := RoleG28
	switch v.p.Signer.Type {
	case "person":
		return nil
	case "family":
		want = RolePrivacy
	}
	if slices.ContainsFunc(v.in.exhibits, func(x casefile.Exhibit) bool { return x.Role == want && x.Pages > 0 }) {
		return nil
	}
	return elements("exhibits/" + want)
}

var refusedWords = regexp.MustCompile(`(?i)\b(illegal(?:ly)?|eligible|eligibility|qualif(?:y|ies|ied)|meets the factor|guaranteed?|aliens?|ignored|refused to consider)\b`)

func lookWords(v *view) []Place {
	var out []Place
	for _, ps := range v.letter {
		if m := refusedWords.FindString(ps.text); m != "" {
			out = append(out, *at(ps, m))
		}
	}
	return out
}

func lookWhy(v *view) []Place {
	var out []Place
	for _, o := range v.p.Why {
		if len(o.Cites()) == 0 && len(typedCites(o.Text())) == 0 {
			out = append(out, Place{Part: "letter", Page: 1, Passage: o.Text()})
		}
	}
	return out
}

func lookHeldBack(v *view) []Place {
	if v.p.ICR != nil || v.p.Letter != nil {
		return nil
	}
	var out []string
	for _, d := range v.doc.Decisions {
		if !d.Argue {
			continue
		}
		left := slices.ContainsFunc(v.p.Argued, func(e Equity) bool { return e.Rule == d.Subject })
		shown := slices.ContainsFunc(v.in.input.arguable(), func(r factors.Row) bool { return r.Rule == d.Subject })
		if !left && shown {
			out = append(out, d.Subject)
		}
	}
	return elements(out...)
}
