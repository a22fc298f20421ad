package export

import (
	"fmt"
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
		Message: "An exhibit names another person or another A-number, and never this client.",
		look:    lookWrongClient,
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
		Message: "A harm reading found something, and what was done about it is not recorded.",
		look:    lookFound,
	},
	{
		ID: "translation", Severity: Block, Source: "8 CFR 1003.33: translator’s statement of competence and accuracy, signed, with address and phone.",
		Message: "A document is not in English, and its certificate of translation is missing or incomplete.",
		look:    lookTranslation,
	},
	{
		ID: "identifier", Severity: Block, Source: "Numbers of the client or of others do not belong in an agency’s file by accident.",
		Message: "A page shows what looks like a Social Security number.",
		look:    lookNumbers,
	},
	{
		ID: "other-a-number", Severity: Warn, Source: "People who are named in a packet did not all agree to it.",
		Message: "A page shows an A-number that is not the client’s.",
		look:    lookOtherANumber,
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

var (
	aNumberText = regexp.MustCompile(`(?i)\bA(?:lien|#|-|\s)*(?:no\.?|number|num\.?|#)?[\s:.#-]*(\d{3})[-\s]?(\d{3})[-\s]?(\d{2,3})\b`)
	ssnText     = regexp.MustCompile(`\b\d{3}[-–]\d{2}[-–]\d{4}\b`)
	nameLine    = regexp.MustCompile(`(?im)(?:^\s*(?:name|nombre)|\b(?:client|patient|student|applicant|respondent|beneficiary|employee|paciente|cliente)(?:['’]s name| name)?)\s*:[ \t]*([^\n:]{3,60})`)
)

// aNumbers lists the A-numbers of a text, each with nine digits.
func aNumbers(text string) []string {
	var out []string
	for _, m := range aNumberText.FindAllStringSubmatch(text, -1) {
		n := m[1] + m[2] + m[3]
		if len(n) == 8 {
			n = "0" + n
		}
		out = append(out, n)
	}
	return out
}

// people are the names that a page of this case may bear: the client's, and
// those of relatives, since a child's school record is about the client too.
func people(doc casefile.Document) [][]string {
	var out [][]string
	add := func(name string) {
		var words []string
		for _, w := range strings.Fields(folded(name)) {
			if len(w) > 2 && w != "del" && w != "las" && w != "los" {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			out = append(out, words)
		}
	}
	add(doc.GivenName + " " + doc.MiddleName + " " + doc.FamilyName)
	for _, a := range doc.Aliases {
		add(a.Name)
	}
	for _, r := range doc.Relatives {
		add(r.Name)
	}
	return out
}

// names reports that a text holds at least two words of one person's name, or
// the whole of a name of one word.
func names(text string, people [][]string) bool {
	words := strings.Fields(folded(text))
	for _, person := range people {
		hits := 0
		for _, w := range person {
			if slices.Contains(words, w) {
				hits++
			}
		}
		if hits >= min(2, len(person)) {
			return true
		}
	}
	return false
}

func lookWrongClient(v *view) []Place {
	known := people(v.doc)
	var out []Place
	for _, x := range v.in.exhibits {
		if v.asSent(x) {
			continue
		}
		var foreign *Place
		own := false
		for _, pg := range v.exhibit[x.ID] {
			for _, n := range aNumbers(pg.text) {
				if slices.Contains(v.doc.ANumbers, n) {
					own = true
				} else if foreign == nil {
					foreign = at(pg, "A "+dashed(n))
				}
			}
			for _, m := range nameLine.FindAllStringSubmatch(pg.text, -1) {
				if !names(m[1], known) && foreign == nil {
					foreign = at(pg, strings.TrimSpace(m[0]))
				}
			}
			own = own || names(pg.text, known)
		}
		if foreign != nil && !own {
			out = append(out, *foreign)
		}
	}
	return out
}

// at is a passage's place, quoting text.
func at(ps passage, text string) *Place {
	place := ps.place
	place.Passage = text
	return &place
}

// A phrase is what a rule looks for in text.
type phrase struct {
	re *regexp.Regexp

	// unless, inside what was found, turns it into its opposite.
	unless *regexp.Regexp

	// memo: allowed while that instrument is in force; any: while some memo is.
	memo string
	any  bool
}

// denied stands between a memo and its verb where a sentence says the opposite.
var denied = regexp.MustCompile(`(?i)\b(?:not|no longer|never|cannot|formerly|once)\b|n['’]t\b`)

const forceVerb = `(requires?|directs?|obliges?|obligates?|instructs?|prohibits?|forbids?|mandates?|governs?|binds?|controls?|provides?|lists?|must be followed|(?:is|are|remains?)(?: still)? (?:in force|in effect|current|binding|operative|controlling))`

var deadMemos = func() []phrase {
	var out []phrase
	for id, name := range map[string]string{
		"MAYORKAS": `mayorkas`, "DOYLE": `doyle`, "MORTON-PD": `morton`, "JOHNSON-14": `(?:jeh )?johnson`,
		"TJOHNSON": `tae johnson`, "KELLY": `kelly`, "PEKOSKE": `pekoske`, "TRASVINA": `trasvi[nñ]a`,
	} {
		out = append(out, phrase{re: regexp.MustCompile(`(?i)\b` + name + `(?:['’]s)?(?: \w+){0,4}? (?:memo(?:randum)?s?|guidelines|guidance)\b[^.;\n]{0,60}?\b` + forceVerb + `\b`), unless: denied, memo: id})
	}
	slices.SortFunc(out, func(a, b phrase) int { return strings.Compare(a.memo, b.memo) })
	return append(
		out,
		phrase{re: regexp.MustCompile(`(?i)\b(?:the|these|those|department['’]s|dhs|ice) (?:\w+ ){0,4}?(?:guidelines|enforcement priorities|memo(?:randum)?)\b[^.;\n]{0,60}?\b` + forceVerb + `\b`), unless: denied, any: true},
		phrase{re: regexp.MustCompile(`(?i)\b(?:under|per|following|pursuant to|in light of) (?:the |ICE['’]s |DHS['’]s )*(?:current|existing|present|operative|applicable) (?:\w+ ){0,3}(?:guidelines|memo(?:randum)?|priorities|guidance)\b`), any: true},
		phrase{re: regexp.MustCompile(`(?i)\b(?:current|existing) (?:ICE |DHS )?(?:guidelines|memo(?:randum)?|enforcement priorities)\b`), any: true},
		// An announced intention never was a policy.
		phrase{re: regexp.MustCompile(`(?i)\bICE(?:['’]s)? (?:own )?polic(?:y|ies)\b[^.;\n]{0,30}?\b(?:requires?|prohibits?|forbids?|bars?|mandates?)\b`)},
	)
}()

func lookDeadMemo(v *view) []Place {
	in := v.in.input
	anyMemo := false
	if in.Library != nil {
		now := in.Library.InForce(in.SigningDate)
		anyMemo = len(now.DHS) > 0 || len(now.OPLA) > 0
	}
	var out []Place
	for _, ps := range v.letter {
		for _, s := range sentences(ps.text) {
			for _, ph := range deadMemos {
				hit := ph.re.FindString(s)
				if hit == "" || ph.unless != nil && ph.unless.MatchString(hit) || ph.any && anyMemo {
					continue
				}
				if ph.memo != "" && in.Library != nil {
					if st, ok := in.Library.Status(ph.memo, in.SigningDate); ok && st.State.InForce() {
						continue
					}
				}
				out = append(out, *at(ps, s))
				break
			}
		}
	}
	return out
}

// sentences cuts text into sentences, roughly, joining broken lines.
func sentences(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		if (text[i] == '.' || text[i] == '!' || text[i] == '?' || text[i] == ';') && (i+1 == len(text) || text[i+1] == ' ') {
			out = append(out, text[start:i+1])
			start = i + 1
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// cleanRecord are words of absence or of a clean record, English and Spanish,
// as they stand in text without accents.
var cleanRecord = regexp.MustCompile(`\b(?:` + strings.Join([]string{
	`no criminal (?:record|history|background|convictions?|arrests?)`, `without (?:a |any )?criminal (?:record|history)`,
	`(?:never|not) (?:been |once )?(?:arrested|convicted|deported|removed|charged|ordered removed)`, `never (?:ever )?(?:been )?in trouble`, `no trouble with the (?:law|police)`,
	`no (?:prior )?(?:arrests?|convictions?|removal orders?|deportations?)`, `clean (?:criminal )?record`, `spotless record`,
	`law abiding`, `good moral character`, `(?:poses|is|presents) no danger`, `crime free`,
	`nunca (?:ha|he|habia) sido (?:arrestad|detenid|deportad|condenad)\w*`, `nunca (?:fue|tuvo|ha tenido) (?:arrestad\w*|problemas con la (?:ley|policia))`,
	`sin antecedentes`, `no tiene antecedentes`, `carece de antecedentes`, `buena conducta`, `record limpio`,
}, "|") + `)\b`)

func lookHalfTruth(v *view) []Place {
	var hidden []string
	for _, m := range v.in.matters {
		if isRecord(m) && !matterLeaves(m) {
			hidden = append(hidden, m.Path)
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	var out []Place
	for _, ps := range slices.Concat(v.letter, v.allPages()) {
		if cleanRecord.MatchString(folded(ps.text)) {
			quote := ""
			for _, s := range sentences(ps.text) {
				if cleanRecord.MatchString(folded(s)) {
					quote = s
					break
				}
			}
			out = append(out, *at(ps, quote))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, elements(hidden...)...)
}

func lookUndecided(v *view) []Place {
	var out []string
	for _, m := range v.in.matters {
		if m.KnownToGov == factors.Yes && m.Leaves() == factors.Undecided {
			out = append(out, m.Path)
		}
	}
	return elements(out...)
}

// protectedFile is the subject of the decision by which somebody confirms that a
// file with 8 USC 1367 material sends a packet at all.
const protectedFile = "protected1367"

func look1367(v *view) []Place {
	var out []string
	if v.doc.Protected1367 {
		confirmed := slices.ContainsFunc(v.doc.Decisions, func(d factors.Decision) bool { return d.Subject == protectedFile && d.SecondLook != "" })
		if !confirmed {
			out = append(out, protectedFile)
		}
	}
	guarded := protectedPaths(v.doc)
	for _, row := range v.in.input.arguable() {
		if !row.Argue {
			continue
		}
		second := slices.ContainsFunc(v.doc.Decisions, func(d factors.Decision) bool { return d.Subject == row.Rule && d.SecondLook != "" })
		for _, path := range rowElements(row) {
			if guarded[path] && !second {
				out = append(out, path)
			}
		}
	}
	for _, x := range v.in.exhibits {
		for _, s := range x.Proves {
			parts := strings.SplitN(s, "/", 3)
			if len(parts) >= 2 && guarded[parts[0]+"/"+parts[1]] {
				second := slices.ContainsFunc(v.doc.Decisions, func(d factors.Decision) bool { return d.Subject == s && d.SecondLook != "" })
				if !second {
					out = append(out, s)
				}
			}
		}
	}
	return elements(out...)
}

// needsReading tells which exhibits are read for harm: all but our own words.
func (v *view) needsReading(x casefile.Exhibit) bool { return !v.asSent(x) }

func lookReading(v *view) []Place {
	var out []Place
	for _, x := range v.in.exhibits {
		if v.needsReading(x) && !readingHolds(x) {
			out = append(out, v.whole(x.ID))
		}
	}
	return out
}

// readingHolds reports a reading by somebody, of these bytes, that answers each
// of the nine questions yes or no.
func readingHolds(x casefile.Exhibit) bool {
	r := x.Reading
	if strings.TrimSpace(r.By) == "" || r.On.IsZero() || r.SHA256 == "" || r.SHA256 != x.Original.SHA256 {
		return false
	}
	for _, q := range HarmQuestions {
		if !slices.ContainsFunc(r.Answers, func(a casefile.HarmAnswer) bool { return a.Question == q && a.Found != factors.Unknown }) {
			return false
		}
	}
	return true
}

func lookFound(v *view) []Place {
	var out []Place
	for _, x := range v.in.exhibits {
		if !v.needsReading(x) {
			continue
		}
		for _, a := range x.Reading.Answers {
			if a.Found != factors.Yes {
				continue
			}
			switch a.Done {
			case "redacted", "page-dropped":
			case "kept":
				if strings.TrimSpace(a.Why) != "" {
					continue
				}
				fallthrough
			default:
				place := v.whole(x.ID)
				place.Passage = a.Question
				out = append(out, place)
			}
		}
	}
	return out
}

func lookTranslation(v *view) []Place {
	var out []Place
	complete := func(t casefile.Translation) bool {
		return strings.TrimSpace(t.Translator) != "" && strings.TrimSpace(t.Address) != "" && strings.TrimSpace(t.Phone) != "" &&
			t.Competent && t.Accurate && !t.Signed.IsZero()
	}
	for _, x := range v.in.exhibits {
		if v.asSent(x) {
			continue
		}
		if x.TranslationOf != "" && x.Role != RoleCertificate {
			if !complete(x.Translation) {
				out = append(out, v.whole(x.ID))
			}
			continue
		}
		if english(x.Language) && !x.Translation.Needed || x.TranslationOf != "" {
			continue
		}
		translated := slices.ContainsFunc(v.in.exhibits, func(t casefile.Exhibit) bool { return t.TranslationOf == x.ID && t.Role != RoleCertificate })
		if !translated && !complete(x.Translation) {
			out = append(out, v.whole(x.ID))
		}
	}
	return out
}

func lookNumbers(v *view) []Place {
	var out []Place
	for _, ps := range v.letter {
		if ssnText.MatchString(ps.text) {
			out = append(out, *at(ps, ""))
		}
	}
	for _, x := range v.in.exhibits {
		kept := slices.ContainsFunc(x.Reading.Answers, func(a casefile.HarmAnswer) bool {
			return a.Question == "numbers" && a.Found == factors.Yes && a.Done == "kept" && strings.TrimSpace(a.Why) != ""
		})
		if kept && readingHolds(x) {
			continue
		}
		for _, ps := range v.exhibit[x.ID] {
			if ssnText.MatchString(ps.text) {
				out = append(out, *at(ps, ""))
			}
		}
	}
	return out
}

func lookOtherANumber(v *view) []Place {
	var out []Place
	for _, ps := range v.allPages() {
		for _, n := range aNumbers(ps.text) {
			if !slices.Contains(v.doc.ANumbers, n) {
				out = append(out, *at(ps, "A "+dashed(n)))
			}
		}
	}
	return out
}

var pinCite = regexp.MustCompile(`\bEx(?:h(?:ibit)?)?\.?\s+([A-Z]{1,2}|\d{1,3})\b(?:,?\s+(?:at\s+)?pp?\.?\s*(\d{1,5}))?`)

func lookPinCites(v *view) []Place {
	var out []Place
	for _, o := range v.p.outgoing() {
		for _, c := range o.Cites() {
			if _, ok := v.l.number(c); !ok {
				out = append(out, Place{Part: "letter", Exhibit: c.Exhibit, Passage: o.Text()})
			}
		}
	}
	for _, ps := range v.letter {
		if m := citeMark.FindString(ps.text); m != "" {
			out = append(out, *at(ps, m))
		}
		for _, m := range pinCite.FindAllStringSubmatch(strings.Join(strings.Fields(ps.text), " "), -1) {
			if !v.leads(m[1], m[2]) {
				out = append(out, *at(ps, m[0]))
			}
		}
	}
	return out
}

// leads reports that a tab is there and that the printed number is one of its
// pages.
func (v *view) leads(tab, number string) bool {
	for _, t := range v.p.Tabs {
		if t.Name != tab || t.Pages() == 0 {
			continue
		}
		if number == "" {
			return true
		}
		var n int
		if _, err := fmt.Sscanf(number, "%d", &n); err != nil {
			return false
		}
		first := v.l.first[t.Parts[0].Exhibit] + 1
		return n >= first && n < first+t.Pages()
	}
	return false
}

// outgoing lists every sentence of the letter.
func (p Plan) outgoing() []Outgoing {
	if p.Letter != nil {
		return nil
	}
	out := slices.Concat(p.Asks, p.Why)
	for _, b := range p.Block {
		out = append(out, b.Text)
	}
	for _, s := range p.Sections {
		out = append(out, s.Text...)
	}
	if p.ICR != nil {
		out = slices.Concat(out, p.ICR.Decision, p.ICR.New)
		for _, row := range p.ICR.Table {
			out = append(out, row.What, row.Where)
		}
	}
	return out
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
		if len(o.Cites()) == 0 && !pinCite.MatchString(o.Text()) {
			out = append(out, Place{Part: "letter", Page: 1, Passage: o.Text()})
		}
	}
	return out
}

func lookHeldBack(v *view) []Place {
	if v.p.ICR != nil {
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
