package export

import (
	"fmt"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// newSigner words the signature block by role.
func newSigner(r casefile.Representative, profile casefile.Profile, doc casefile.Document) Signer {
	org := r.Organization
	if org == "" {
		org = profile.Office.Name
	}
	address, phone, email := r.Address, r.Phone, r.Email
	if address == "" {
		address = profile.Office.Address
	}
	if phone == "" {
		phone = profile.Office.Phone
	}
	if email == "" {
		email = profile.Office.Email
	}
	who := clientWords(doc)
	s := Signer{Name: r.Name, Organization: org, Type: r.Type}
	role := ""
	switch r.Type {
	case "attorney":
		role = "Attorney"
		s.Lines = append(s.Lines, "Attorney for "+who.name)
		if r.BarNumber != "" {
			bar := "Bar no. " + r.BarNumber
			if r.Jurisdiction != "" {
				bar = r.Jurisdiction + " bar no. " + r.BarNumber
			}
			s.Lines = append(s.Lines, bar)
		}
	case "full-accredited":
		role = "DOJ accredited representative"
		s.Lines = append(s.Lines, "DOJ accredited representative (full accreditation) for "+who.name)
	case "partial-accredited":
		role = "DOJ partially accredited representative"
		s.Lines = append(s.Lines, "DOJ partially accredited representative (DHS only) for "+who.name)
	case "student":
		role = "Law student"
		under := "Law student"
		if r.Supervisor != "" {
			under += ", under the supervision of " + r.Supervisor
			role = under
		}
		s.Lines = append(s.Lines, under)
	case "person":
		role = "on " + who.possessive + " own behalf"
		if who.subject == "the client" || who.subject == who.name {
			role = "on own behalf"
		}
		if org != "" {
			s.Lines = append(s.Lines, "Prepared with the help of "+org)
		}
	case "family":
		role = "Family member or friend, with privacy waiver"
		s.Lines = append(s.Lines, "Family member or friend, with privacy waiver (ICE Form 60-001)")
		if org != "" {
			s.Lines = append(s.Lines, "Prepared with the help of "+org)
		}
	}
	if r.EOIRID != "" && (r.Type == "attorney" || r.Type == "full-accredited") {
		s.Lines = append(s.Lines, "EOIR ID "+r.EOIRID)
	}
	if s.represents() && org != "" {
		s.Lines = append(s.Lines, org)
	}
	reach := joined(" · ", phone, email)
	s.Lines = append(s.Lines, nonEmpty(reach)...)
	s.From = joined(" · ", joined(", ", s.Name, role), reach)
	if s.represents() {
		s.Head = nonEmpty(org, joined(" · ", address, phone, email))
	} else {
		s.Head = nonEmpty(s.Name, reach)
	}
	return s
}

// represents reports that the signer acts for the client as counsel of some
// kind. For the others Forbear writes no legal argument (practice point P24).
func (s Signer) represents() bool { return s.Type != "person" && s.Type != "family" }

func joined(sep string, parts ...string) string { return strings.Join(nonEmpty(parts...), sep) }

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// blockLines are what an officer looks for first.
func (p *Plan) blockLines(in Input, e evidence) []BlockLine {
	doc := in.Document
	var b []BlockLine
	add := func(label, source, text string, strong bool) {
		if text != "" {
			b = append(b, BlockLine{Label: label, Text: fixed(source, text), Strong: strong})
		}
	}
	add("To", "requests/office", recipientLine(p.To, in.Request, doc), false)
	add("From", "representative", p.Signer.From, false)
	if re := p.reLine(in, e); !re.IsZero() {
		b = append(b, BlockLine{Label: "Re", Text: re, Strong: true})
	}
	name := p.Caption.Last
	if p.Caption.First != "" {
		name += ", " + p.Caption.First
	}
	switch {
	case p.Caption.ANumber == "none assigned":
		name += " · A-number: none assigned"
	case p.Caption.ANumber != "":
		name += " · A " + p.Caption.ANumber
		if len(p.Caption.Others) > 0 {
			name += " (also A " + strings.Join(p.Caption.Others, ", A ") + ")"
		}
	}
	add("Client", "familyName, givenName, aNumbers", name, true)
	add("Born", "dateOfBirth, countryOfBirth", p.Caption.Born, false)
	if p.To == ToICR {
		add("Citizen of", "countryOfCitizenship", doc.CountryOfCitizenship, false)
	}
	if removalAhead(in) {
		text := "REMOVAL SCHEDULED " + longDate(doc.RemovalDate)
		add("Status", "removalDate", joined(", ", text, doc.RemovalTime), true)
	}
	if doc.Detained == factors.Yes {
		text := "DETAINED"
		if place := joined(", ", doc.FacilityName, doc.FacilityCity, doc.FacilityState); place != "" {
			text += " at " + place
		}
		if !doc.BookInDate.IsZero() {
			text += " since " + longDate(doc.BookInDate)
		}
		add("Status", "facilityName, bookInDate", text, true)
	}
	if hearingAhead(in) {
		add("Hearing", "nextHearing", joined(", ", longDate(doc.NextHearing.Date), doc.NextHearing.Type, doc.Court), false)
	}
	for _, x := range e.exhibits {
		if x.Role == RoleG28 || x.Role == RolePrivacy {
			label, title := "G-28", "Notice of appearance on "
			if x.Role == RolePrivacy {
				label, title = "Waiver", "Privacy waiver on "
			}
			b = append(b, BlockLine{Label: label, Text: Outgoing{
				source: "exhibits/" + x.ID,
				spans:  []span{{text: title}, {cite: &Cite{Exhibit: x.ID, Page: 1, Style: CiteBare}}},
			}})
			break
		}
	}
	return b
}

// removalAhead reports a removal date that has not passed on the day of signing.
func removalAhead(in Input) bool {
	d := in.Document.RemovalDate
	return !d.IsZero() && d.Before(in.SigningDate) != factors.Yes
}

// hearingAhead reports a hearing that has not passed on the day of signing.
func hearingAhead(in Input) bool {
	d := in.Document.NextHearing.Date
	return !d.IsZero() && d.Before(in.SigningDate) != factors.Yes
}

func recipientLine(to string, r casefile.Request, doc casefile.Document) string {
	office := r.Office
	if office == "" && to == ToFieldOffice {
		office = doc.EROOffice
	}
	switch to {
	case ToICR:
		return "Senior Reviewing Official, ICE Case Review"
	case ToOPLA:
		return joined(" · ", joined(", ", "ICE Office of the Principal Legal Advisor", office), r.Officer)
	default:
		if office != "" && !strings.Contains(strings.ToLower(office), "office") {
			office += " Field Office"
		}
		return joined(" · ", joined(", ", "ICE Enforcement and Removal Operations", office), r.Officer)
	}
}

// An askText is how a form of discretion is asked for: in a few words for the
// Re line, in a sentence, and by what authority.
type askText struct {
	re, text  string
	authority string
	source    string
	frame     string // the regulation's instrument in the library
	icr       bool   // arrest, detention or removal: what ICE Case Review looks at
}

// askTexts have the forms of discretion of a request. The regulations' pointers
// are unverified until an attorney signs the library.
var askTexts = map[string]askText{
	"release-236": {
		re: "release from custody, 8 CFR 236.1(c)(8)", icr: true,
		text:      "Release from custody on recognizance or on conditions, 8 CFR 236.1(c)(8).",
		authority: "Release is asked under 8 CFR 236.1(c)(8). The regulation looks to two things: danger to property or persons, and the likelihood of appearing.",
		source:    "8 CFR 236.1(c)(8), unverified",
		frame:     "REG-236.1",
	},
	"parole-212-5": {
		re: "parole, 8 CFR 212.5(b)", icr: true,
		text:      "Parole from custody, 8 CFR 212.5(b).",
		authority: "Parole is asked under 8 CFR 212.5(b), case by case. The regulation names, among others, serious medical conditions, witnesses in proceedings, and cases in which continued detention is not in the public interest.",
		source:    "8 CFR 212.5(b), unverified",
		frame:     "REG-212.5",
	},
	"osup": {
		re: "release on an order of supervision", icr: true,
		text:      "Release on an order of supervision, 8 CFR 241.4 and 241.5.",
		authority: "Release after a final order is decided under 8 CFR 241.4, and its conditions under 8 CFR 241.5.",
		source:    "8 CFR 241.4, 241.5, unverified",
	},
	"stay": {
		re: "stay of removal, 8 CFR 241.6", icr: true,
		text:      "A stay of removal, 8 CFR 241.6.",
		authority: "A stay is asked under 8 CFR 241.6(a), which looks to 8 CFR 212.5 and to section 241(c) of the Act.",
		source:    "8 CFR 241.6(a), unverified",
	},
	"no-arrest":       {re: "not to arrest or detain", text: "Not to arrest or detain.", icr: true},
	"cancel-detainer": {re: "cancel the detainer", text: "To cancel the immigration detainer (Form I-247A).", icr: true},
	"cancel-nta": {
		re: "cancel the notice to appear", icr: true,
		text:      "To cancel the notice to appear, 8 CFR 239.2.",
		authority: "A notice to appear may be canceled under 8 CFR 239.2.",
		source:    "8 CFR 239.2, unverified",
	},
	"deferred-action": {re: "deferred action", text: "Deferred action.", icr: true},
	"dismissal": {
		re: "dismissal", text: "To move for dismissal, 8 CFR 239.2(c) and 1239.2(c).",
		authority: "Dismissal is asked under 8 CFR 239.2(c) and 1239.2(c).",
		source:    "8 CFR 1239.2(c)",
	},
	"admin-closure": {re: "administrative closure", text: "To join a motion for administrative closure, or not to oppose it."},
	"continuance":   {re: "continuance", text: "Not to oppose a continuance of the hearing."},
	"reopen":        {re: "joint motion to reopen", text: "To join a motion to reopen."},
	"stipulation":   {re: "stipulation", text: "To stipulate to relief, to bond, or to issues."},
}

// planAsks words what is asked, in order of preference.
func (p *Plan) planAsks(in Input, e evidence) {
	for i, a := range in.Request.Asks {
		known := askTexts[a.Kind]
		path := fmt.Sprintf("requests/asks/%d", i)
		if p.To == ToICR && known.text != "" && !known.icr {
			p.Stays = append(p.Stays, Stay{What: path, Why: "ICE Case Review looks at arrest, detention and removal only"})
			continue
		}
		switch {
		case strings.TrimSpace(a.Text) != "":
			p.Asks = append(p.Asks, typed(path, sentence(a.Text), e.leaves))
		case known.text != "":
			p.Asks = append(p.Asks, fixed(path, known.text))
		}
	}
}

// reLine says what is asked in one line.
func (p *Plan) reLine(in Input, e evidence) Outgoing {
	var parts []string
	for _, a := range in.Request.Asks {
		known := askTexts[a.Kind]
		if p.To == ToICR && known.text != "" && !known.icr {
			continue
		}
		switch text := strings.TrimSuffix(strings.TrimSpace(a.Text), "."); {
		case known.re != "":
			parts = append(parts, known.re)
		case text != "":
			parts = append(parts, lowerFirst(text))
		}
		if len(parts) == 2 {
			break
		}
	}
	if len(parts) == 0 {
		return Outgoing{}
	}
	what := "Request for "
	if p.To == ToICR {
		what = "Case review: "
	}
	return typed("requests/asks", what+strings.Join(parts, "; in the alternative, "), e.leaves)
}

// authority says what governs on the day of signing: regulations for what is
// asked, and discretion. A past memo appears only when somebody wants it, and
// then only in the words that [factors.MayCite] allows for that day.
func (p *Plan) authority(in Input) []Outgoing {
	if !p.Signer.represents() {
		return nil
	}
	var text []Outgoing
	for _, a := range in.Request.Asks {
		if known := askTexts[a.Kind]; known.authority != "" && inForce(in, known.frame) {
			text = append(text, fixed(known.source, known.authority))
		}
	}
	text = append(text, fixed(
		"United States v. Texas, 599 U.S. 670 (2023); Heckler v. Chaney, 470 U.S. 821 (1985)",
		"Beside the regulations, whom to arrest, detain and remove is decided case by case. See United States v. Texas, 599 U.S. 670 (2023); Heckler v. Chaney, 470 U.S. 821 (1985).",
	))
	if in.CitePast && in.Library != nil && p.argues(in.Library, in.Frame) {
		if words, ok := in.Library.MayCite(in.Frame, in.SigningDate); ok {
			text = append(text, fixed("rules and memos: "+in.Frame, words))
		}
	}
	return text
}

// argues reports that the letter argues from this instrument and from no other
// one. Only then may it say that its reasons are set out under that one.
func (p *Plan) argues(lib *factors.Library, frame string) bool {
	for _, eq := range p.Argued {
		if rule, known := lib.Rule(eq.Rule); !known || rule.Instrument != frame {
			return false
		}
	}
	return len(p.Argued) > 0
}

// inForce reports that a regulation stands on the day of signing. Of one that
// the library does not hold nothing is known, and its text is our own.
func inForce(in Input, id string) bool {
	if id == "" || in.Library == nil {
		return true
	}
	status, known := in.Library.Status(id, in.SigningDate)
	return !known || status.State.InForce()
}

// contact says how to answer, and by when an answer still helps.
func contact(in Input, s Signer) []Outgoing {
	doc := in.Document
	r := representative(in)
	reach := joined(" or ", r.Phone, r.Email)
	if reach == "" {
		reach = joined(" or ", in.Profile.Office.Phone, in.Profile.Office.Email)
	}
	text := "Please send the decision, and any question, to " + s.Name
	if reach != "" {
		text += ", " + reach
	}
	out := []Outgoing{fixed("representative", sentence(text))}
	switch {
	case removalAhead(in):
		out = append(out, fixed("removalDate", "Removal is scheduled for "+joined(", ", longDate(doc.RemovalDate), doc.RemovalTime)+". We ask for a decision before then."))
	case hearingAhead(in):
		out = append(out, fixed("nextHearing", "The next hearing is"+onDate(doc.NextHearing.Date)+". We ask for a decision before then."))
	}
	return out
}
