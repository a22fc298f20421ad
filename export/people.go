package export

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"forbear/casefile"
	"forbear/factors"
)

// This file looks for people: another client's page, another person's number,
// and names that nobody decided to give.

// nameLine is a label behind which a page names the person it is about, with
// what stands behind it on the line. A school’s or an employer’s name is not
// that, and neither is a parent’s.
var nameLine = regexp.MustCompile(`(?im)(?:^[ \t]*(?:full |legal |first |last |family |given )?(?:name|names|nombres?(?: completo)?|apellidos?)(?: of (?:the )?(?:client|patient|student|applicant|respondent|beneficiary|employee))?` +
	`|\b(?:client|patient|student|applicant|respondent|beneficiary|employee|detainee|defendant|paciente|cliente|estudiante|alumn[oa]|acusad[oa])(?:['’]s)?(?: (?:full |legal |last |first )?(?:name|nombre))?` +
	`|\bnombre del? (?:la )?(?:paciente|cliente|estudiante|alumn[oa]))[ \t]*:[ \t]*([^\n:]{2,80})`)

// subjectLine is what a letter is about. It is a name only where nothing in it
// is a word that letters are about.
var subjectLine = regexp.MustCompile(`(?m)(?:^|[.\n])[ \t]*(?:RE|Re|Ref|Asunto)\.?[ \t]*:[ \t]*((?:(?:Ms|Mr|Mrs|Miss|Sra?|Srta)\.?[ \t]+)?\p{Lu}[\pL’'-]*(?:[ \t]+(?:(?:de|del|la|las|los|y|da|dos|von|van)[ \t]+)*\p{Lu}[\pL’'-]*){1,6})(?:[ \t]*[,.;(\n]|[ \t]*$|[ \t]+[-–—])`)

// notName are words, folded, that make a line something else than a name: what
// letters are about, and what institutions are called.
var notName = wordSet(`request notice letter complaint hearing case release application appeal order bond wage wages unpaid support matter custody
	medical record records school employment verification motion response review discretion prosecutorial removal stay parole overtime work
	treatment plan visit appointment class classes enrollment attendance grade report account loan rent lease eviction claim detention
	solicitud carta apoyo caso audiencia libertad aviso
	elementary middle high clinic clinica hospital church iglesia center centro county city state board court department office
	inc llc company farms poultry foundation university college academy escuela colegio`)

// notWord are parts of a name line that name nobody, and labels at which the
// name has ended.
var (
	particles = wordSet(`de del la las los el y e i da das do dos di van von der den bin ibn al san santa mr mrs ms miss dr sr sra srta don dona jr ii iii iv the and client patient student respondent applicant beneficiary petitioner detained noncitizen`)
	labels    = wordSet(`dob born birth date sex gender age address phone tel telephone id mrn ssn alien number no nacida nacido fecha nacimiento edad sexo direccion telefono grade room class teacher provider physician insurance guardian parent mother father employer status language`)
)

func wordSet(list string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// nameWords are the words, folded, of a name at the start of text, up to a label,
// a number or the end of a sentence.
func nameWords(text string) []string {
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune(";(|/·", r) }); i >= 0 {
		text = text[:i]
	}
	var out []string
	capital := false
	for _, raw := range strings.Fields(sentences(text + " ")[0]) {
		up := unicode.IsUpper([]rune(raw)[0])
		for _, w := range strings.Fields(folded(raw)) {
			if particles[w] || len([]rune(w)) < 2 {
				continue
			}
			// A name is over where a label or a sentence goes on.
			if len(out) > 0 && (labels[w] || commonEnglish[w] || commonSpanish[w] || capital && !up) {
				return out
			}
			out = append(out, w)
			capital = capital || up
		}
	}
	return out
}

// clientNames are the words of the client's names, folded.
func clientNames(doc casefile.Document) map[string]bool {
	out := make(map[string]bool)
	names := doc.GivenName + " " + doc.MiddleName + " " + doc.FamilyName
	for _, a := range doc.Aliases {
		names += " " + a.Name
	}
	for _, w := range strings.Fields(folded(names)) {
		out[w] = true
	}
	return out
}

// known are the words of every name that a page of this case may bear: the
// client's, those of relatives, since a child's school record is about the
// client too, and those of the people who work on the case.
func (v *view) known() map[string]bool {
	out := clientNames(v.doc)
	add := func(names ...string) {
		for _, n := range names {
			for _, w := range strings.Fields(folded(n)) {
				out[w] = true
			}
		}
	}
	for _, r := range v.doc.Relatives {
		add(r.Name)
	}
	r := representative(v.in.input)
	add(r.Name, r.Supervisor, v.p.Signer.Name, v.doc.Consent.Interpreter, v.doc.Consent.By, v.doc.Judge)
	for _, x := range v.doc.Exhibits {
		add(x.Translation.Translator)
	}
	for _, q := range v.doc.Requests {
		add(q.Officer, q.Answer.By)
	}
	return out
}

// namesSomebody reports that a text holds at least two words of the client's or
// of one relative's name.
func (v *view) namesSomebody(text string) bool {
	words := strings.Fields(folded(text))
	people := []string{v.doc.GivenName + " " + v.doc.MiddleName + " " + v.doc.FamilyName}
	for _, a := range v.doc.Aliases {
		people = append(people, a.Name)
	}
	for _, r := range v.doc.Relatives {
		people = append(people, r.Name)
	}
	for _, name := range people {
		hits, of := 0, 0
		for _, w := range strings.Fields(folded(name)) {
			if particles[w] {
				continue
			}
			of++
			if slices.Contains(words, w) {
				hits++
			}
		}
		if of > 0 && hits >= min(2, of) {
			return true
		}
	}
	return false
}

// keptFor reports that somebody read these very bytes, saw what a question asks
// for, and decided with a reason that it stays on the page.
func keptFor(x casefile.Exhibit, question string) bool {
	return readingHolds(x) && slices.ContainsFunc(x.Reading.Answers, func(a casefile.HarmAnswer) bool {
		return a.Question == question && a.Found == factors.Yes && a.Done == "kept" && strings.TrimSpace(a.Why) != ""
	})
}

// lookWrongClient judges page by page: one page of somebody else's among forty
// of the client's is what happens when two files are scanned together.
//
// A reader who saw the other person and gave a reason may keep a name; a number
// of another person only beside a name of this file, as on a parent's card.
func lookWrongClient(v *view) []Place {
	known := v.known()
	var out []Place
	for _, x := range v.leaving() {
		if v.asSent(x) {
			continue
		}
		kept := keptFor(x, "other-people")
		for _, pg := range v.pagesOf(x) {
			if n := v.foreignNumber(pg.text); n != "" && !v.ownNumber(pg.text) && !(kept && v.namesSomebody(pg.text)) {
				out = append(out, *at(pg, "A "+dashed(n)))
				continue
			}
			if line := foreignName(pg.text, known); line != "" && !kept {
				out = append(out, *at(pg, line))
			}
		}
	}
	// Nobody else's number has a place in a letter, whatever stands beside it.
	for _, ps := range v.said() {
		n := v.foreignNumber(ps.text)
		if n == "" || slices.ContainsFunc(out, func(p Place) bool { return p.Page > 0 && p.Exhibit == ps.place.Exhibit && p.Page == ps.place.Page }) {
			continue
		}
		out = append(out, *at(ps, "A "+dashed(n)))
	}
	return out
}

// foreignName is the first line that names somebody whose name is not all made
// of words that are known, or nothing.
func foreignName(text string, known map[string]bool) string {
	foreign := func(words []string) bool {
		return len(words) > 0 && slices.ContainsFunc(words, func(w string) bool { return !known[w] }) &&
			!slices.ContainsFunc(words, func(w string) bool { return notName[w] })
	}
	for _, m := range nameLine.FindAllStringSubmatchIndex(text, -1) {
		words := nameWords(text[m[2]:m[3]])
		if m[1] < len(text) && text[m[1]] == ':' {
			// What stands in front of the next colon is the next label.
			for len(words) > 2 && !known[words[len(words)-1]] {
				words = words[:len(words)-1]
			}
		}
		if foreign(words) {
			return strings.TrimSpace(text[m[0]:m[1]])
		}
	}
	for _, m := range subjectLine.FindAllStringSubmatch(text, -1) {
		if foreign(nameWords(m[1])) {
			return strings.TrimSpace(m[0])
		}
	}
	return ""
}

func (v *view) foreignNumber(text string) string {
	for _, n := range aNumbers(text) {
		if !slices.Contains(v.doc.ANumbers, n) {
			return n
		}
	}
	return ""
}

func (v *view) ownNumber(text string) bool {
	return slices.ContainsFunc(aNumbers(text), func(n string) bool { return slices.Contains(v.doc.ANumbers, n) })
}

func lookOtherANumber(v *view) []Place {
	var out []Place
	for _, x := range v.in.exhibits {
		for _, ps := range v.exhibit[x.ID] {
			if n := v.foreignNumber(ps.text); n != "" {
				out = append(out, *at(ps, "A "+dashed(n)))
			}
		}
	}
	return out
}

// courtesy is a person named with a title. Doctors and judges are named for what
// they wrote.
var courtesy = regexp.MustCompile(`\b(?:Ms|Mr|Mrs|Miss|Sra?|Srta|Don|Doña)\b\.?\s+((?:\p{Lu}[\pL’'-]+)(?:\s+(?:(?:de|del|la|las|los|y)\s+)*\p{Lu}[\pL’'-]+){0,5})`)

// lookOtherPeople finds people whom the letter names and whom the file does not
// know: whether they agreed to it, only a person can say.
func lookOtherPeople(v *view) []Place {
	known := v.known()
	var out []Place
	for _, ps := range v.said() {
		for _, m := range courtesy.FindAllStringSubmatch(ps.text, -1) {
			words := nameWords(m[1])
			if len(words) > 0 && slices.ContainsFunc(words, func(w string) bool { return !known[w] }) {
				out = append(out, *at(ps, m[0]))
				break
			}
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
