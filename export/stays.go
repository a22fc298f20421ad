package export

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"forbear/casefile"
	"forbear/factors"
)

// This file looks for what stays in the file, in what leaves: titles of matters
// that are internal or hidden, names of relatives, the home address, runs of
// words from notes, and our own ids. What was typed for one place is pasted into
// another, and a title that somebody gave a scan stands in the index.

// A trace is a phrase, folded, by which something that stays is recognized.
type trace struct {
	phrase string

	// weak phrases are ordinary words as well: they are worth a look.
	weak bool

	// hidden is of a matter that a reader of exhibits may have decided to keep on
	// its page. Nothing else of a matter that is internal is anybody’s to keep.
	hidden bool
}

// segment separates the parts of a title.
var segment = regexp.MustCompile(`[:;,()/|]|\s[-–—]\s|\.\s`)

// titleTraces are the phrases of a matter's title: its parts of three words and
// more, and each name with the word beside it. Of an other name each word is one.
func titleTraces(title string, names bool, ours map[string]bool) []trace {
	var out []trace
	for n, part := range segment.Split(title, -1) {
		raw := strings.Fields(part)
		var words []string
		var capital []bool
		for i, w := range raw {
			f := folded(w)
			if f == "" {
				continue
			}
			r := []rune(w)[0]
			words = append(words, f)
			capital = append(capital, unicode.IsUpper(r) && (n > 0 || i > 0 || names) && !ours[f] && !particles[f])
		}
		switch {
		case len(words) > 5:
			for i := 0; i+5 <= len(words); i++ {
				out = append(out, trace{phrase: strings.Join(words[i:i+5], " ")})
			}
		case len(words) >= 3:
			out = append(out, trace{phrase: strings.Join(words, " ")})
		}
		for i, is := range capital {
			if !is {
				continue
			}
			if i+1 < len(words) && !commonEnglish[words[i+1]] {
				out = append(out, trace{phrase: words[i] + " " + words[i+1]})
			}
			if i > 0 && capital[i-1] {
				continue
			}
			if names || len(words) == 1 {
				out = append(out, trace{phrase: words[i], weak: true})
			}
		}
	}
	return out
}

// recordWords are those by which a sentence with the year of a hidden matter
// speaks of it.
var recordWords = regexp.MustCompile(`\b(?:arrest(?:ed|s)?|convict(?:ed|ion|ions)|pled|pleaded guilty|plea of guilty|charged|dui|dwi|sentenced|misdemeanor|felony|probation|deported|ordered removed|removal order|order of removal|arrestad[oa]|condenad[oa]|deportad[oa])\b`)

// traces lists what is looked for, of matters.
func (v *view) traces() []trace {
	ours := clientNames(v.doc)
	for _, s := range []string{
		v.doc.FacilityName, v.doc.FacilityCity, v.doc.FacilityState, v.doc.EROOffice, v.doc.Court, v.doc.CountryOfBirth, v.doc.CountryOfCitizenship,
		representative(v.in.input).Name, representative(v.in.input).Organization,
	} {
		for _, w := range strings.Fields(folded(s)) {
			ours[w] = true
		}
	}
	var out []trace
	for _, m := range v.in.matters {
		switch {
		case m.Kind == "adverse" && (m.Internal || !matterLeaves(m)):
			named := slices.ContainsFunc(v.doc.Adverse, func(a factors.Adverse) bool { return a.Kind == "other-name" && a.Title == m.Title })
			for _, t := range titleTraces(m.Title, named, ours) {
				t.hidden = !m.Internal
				out = append(out, t)
			}
		case (m.Kind == "offense" || m.Kind == "arrest") && !v.told(m):
			whole := segment.Split(m.Title, -1)[0]
			if t := folded(whole); t != "" {
				out = append(out, trace{phrase: t, weak: len(strings.Fields(t)) < 3, hidden: true})
			}
		}
	}
	return out
}

// hiddenYears are the years of records that stay, without those in which another
// record is told.
func (v *view) hiddenYears() []string {
	var hidden, told []string
	for _, m := range v.in.matters {
		day, ok := m.Date.Earliest()
		if !ok || !isRecord(m) {
			continue
		}
		y := day.String()[:4]
		if v.told(m) {
			told = append(told, y)
		} else {
			hidden = append(hidden, y)
		}
	}
	return slices.DeleteFunc(hidden, func(y string) bool { return slices.Contains(told, y) })
}

// run is how many words in a row make a passage of a note.
const run = 8

// noteRuns are the runs of words of everything that was noted for the file alone.
func noteRuns(doc casefile.Document) map[string]bool {
	out := make(map[string]bool)
	add := func(text string) {
		words := strings.Fields(folded(text))
		for i := 0; i+run <= len(words); i++ {
			out[strings.Join(words[i:i+run], " ")] = true
		}
	}
	for _, n := range doc.Notes {
		add(n.Text)
	}
	for _, a := range doc.Answers {
		add(a.Note)
	}
	for _, e := range doc.Entries {
		add(e.Note)
	}
	return out
}

// fromNotes returns the first run of a text that stands in a note, or nothing.
func fromNotes(text string, runs map[string]bool) string {
	if len(runs) == 0 {
		return ""
	}
	words := strings.Fields(folded(text))
	for i := 0; i+run <= len(words); i++ {
		if r := strings.Join(words[i:i+run], " "); runs[r] {
			return r
		}
	}
	return ""
}

// has reports a phrase in a text, both folded, at the bounds of words.
func has(text, phrase string) bool { return strings.Contains(" "+text+" ", " "+phrase+" ") }

// seen is what the two rules below find, in one reading.
type seen struct{ inside, near []Place }

func (v *view) stays() seen {
	if v.stayed != nil {
		return *v.stayed
	}
	var s seen
	v.stayed = &s
	traces, runs, years, given := v.traces(), noteRuns(v.doc), v.hiddenYears(), v.givenNames()
	dated := func(text string) string {
		for _, sent := range sentences(text) {
			f := folded(sent)
			if recordWords.MatchString(f) && slices.ContainsFunc(years, func(y string) bool { return has(f, y) }) {
				return sent
			}
		}
		return ""
	}
	own := v.in.letter
	for _, ps := range v.said() {
		text := folded(ps.text)
		hit := fromNotes(ps.text, runs)
		if hit == "" {
			hit = dated(ps.text)
		}
		for _, t := range traces {
			if !has(text, t.phrase) {
				continue
			}
			if t.weak {
				s.near = append(s.near, *at(ps, t.phrase))
			} else if hit == "" {
				hit = t.phrase
			}
		}
		mine := own != nil && ps.place.Exhibit == own.ID && ps.place.Page > 0
		if hit == "" && !(mine && keptFor(*own, "other-people")) {
			hit = relativeIn(ps.text, given)
		}
		if street, _, _ := strings.Cut(v.doc.Address, ","); hit == "" && len(strings.Fields(folded(street))) >= 3 && has(text, folded(street)) &&
			!(mine && keptFor(*own, "safe-address")) {
			hit = street
		}
		if hit == "" {
			hit = v.ruleID(ps.text)
		}
		if hit != "" {
			s.inside = append(s.inside, *at(ps, hit))
		}
	}
	for _, x := range v.in.exhibits {
		if v.asSent(x) {
			continue
		}
		kept := keptFor(x, "arrests") || keptFor(x, "entry")
		for _, ps := range v.exhibit[x.ID] {
			text := folded(ps.text)
			hit := ""
			if !kept {
				hit = dated(ps.text)
			}
			for _, t := range traces {
				switch {
				case !has(text, t.phrase) || kept && t.hidden:
				case t.weak:
					s.near = append(s.near, *at(ps, t.phrase))
				case hit == "":
					hit = t.phrase
				}
			}
			if hit != "" {
				s.inside = append(s.inside, *at(ps, hit))
			} else if note := fromNotes(ps.text, runs); note != "" {
				// A note may quote the page, and the page is not secret for that.
				s.near = append(s.near, *at(ps, note))
			}
		}
	}
	return s
}

func lookInside(v *view) []Place { return v.stays().inside }
func lookNear(v *view) []Place   { return v.stays().near }

// givenNames are the given names, folded, of relatives who are not to be named. A
// name that the client or whoever signs bears too tells nothing, and neither does
// the name of a place of the case. Who confirms a second time that a relative may
// be named lets that one be named.
func (v *view) givenNames() map[string]bool {
	ours := clientNames(v.doc)
	r := representative(v.in.input)
	for _, s := range []string{
		r.Name, r.Supervisor, r.Organization, r.Address, v.doc.FacilityName, v.doc.FacilityCity, v.doc.FacilityState, v.doc.EROOffice, v.doc.Court,
		v.doc.CountryOfBirth, v.in.input.Request.Officer, v.in.input.Request.Office,
	} {
		for _, w := range strings.Fields(folded(s)) {
			ours[w] = true
		}
	}
	out := make(map[string]bool)
	for i, rel := range v.doc.Relatives {
		path := elementPath("relatives", rel.ID, i)
		if slices.ContainsFunc(v.doc.Decisions, func(d factors.Decision) bool { return d.Subject == path && strings.TrimSpace(d.SecondLook) != "" }) {
			continue
		}
		names := strings.Fields(folded(rel.Name))
		if len(names) > 0 && !ours[names[0]] && len([]rune(names[0])) > 2 {
			out[names[0]], out[names[0]+"s"] = true, true
		}
	}
	return out
}

// relativeIn returns the first of these names that a text holds, or nothing. A
// word in lower case is a word: "domingo" is a Sunday.
func relativeIn(text string, given map[string]bool) string {
	if len(given) == 0 {
		return ""
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && r != '’' && r != '\'' && !unicode.Is(unicode.Mn, r)
	}) {
		if unicode.IsUpper([]rune(w)[0]) && given[folded(w)] {
			return w
		}
	}
	return ""
}

// ruleID returns an id of our own library that a text holds, or nothing: ids show
// how this office weighs every case.
func (v *view) ruleID(text string) string {
	if v.in.input.Library == nil {
		return ""
	}
	for _, f := range v.in.input.Library.Instruments() {
		// An executive order is cited by the letters that its id has.
		if strings.Contains(f.ID, "-") && !strings.HasPrefix(f.ID, "EO-") && strings.Contains(text, f.ID) {
			return f.ID
		}
		for _, r := range f.Rules {
			if strings.Contains(text, r.ID) {
				return r.ID
			}
		}
	}
	return ""
}
