package export

import (
	"regexp"
	"slices"
	"strings"

	"forbear/factors"
)

// This file finds what would make a packet false by what it leaves out: praise
// of a clean record beside a record that stays inside, and decisions that the
// packet does not carry out.

// cleanRecord are words of a clean record that deny nothing, English and
// Spanish, as they stand in text without accents.
var cleanRecord = regexp.MustCompile(`\b(?:` + strings.Join([]string{
	`clean (?:criminal |police |driving )?(?:record|history|background)`, `spotless(?: record)?`, `law abiding`, `good moral character`, `crime free`,
	`(?:lacks?|lacking|absence of|lack of|zero|free of) (?:any |a )?(?:criminal (?:record|history|background)|arrests?|convictions?|criminality)`,
	`(?:criminal (?:record|history|background)|arrest record|police record|antecedentes(?: penales| policiales| policiacos)?) (?:is |are |was )?(?:none|clean|clear|ninguno|negativo|limpio|no tiene)`,
	`(?:record|background check|historial|background) (?:is |was |has been |came back |es |esta )?(?:clean|clear|spotless|limpio)`, `out of trouble`, `clean slate`,
	`(?:no|any|without) legal (?:problems?|troubles?)`, `(?:sin|ningun|tiene) problemas? legal(?:es)?`, `historial limpio`,
	`buena conducta`, `record (?:criminal )?limpio`, `carec\w* de antecedentes`, `respetuos\w* de (?:la|las) ley\w*`, `conducta intachable`,
}, "|") + `)\b`)

// negations are words that turn what follows into its opposite, folded.
var negations = wordSet(`no not never without nor neither none cannot hasnt havent hadnt isnt wasnt arent werent doesnt didnt dont wont
	nunca jamas sin ni ningun ninguna tampoco`)

// turns end the reach of a negation.
var turns = wordSet(`but although though however until since after pero aunque sino hasta desde`)

// wishes make a negation a request: "do not want her arrested".
var wishes = wordSet(`want wants wanted wish hope please fear feared fears afraid let should quiero quiere queremos quieren deseo pido pedimos favor miedo`)

// reach is how many words a negation reaches.
const reach = 6

// denies tells for a word behind a negation, given the words between the two and
// those that follow, whether it is a record that is denied. The words are
// folded.
func denies(between []string, word string, after []string) bool {
	before := ""
	if n := len(between); n > 0 {
		before = between[n-1]
	}
	next := func(list ...string) bool { return len(after) > 0 && slices.Contains(list, after[0]) }
	has := func(stems ...string) bool {
		return slices.ContainsFunc(slices.Concat(between, after[:min(2, len(after))]), func(w string) bool {
			return slices.ContainsFunc(stems, func(s string) bool { return strings.HasPrefix(w, s) })
		})
	}
	stem := func(list ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(word, s) })
	}
	switch {
	case stem("arrest"):
		// "Not to arrest" is what is asked, and "the arrest" is somebody’s.
		return word != "arrest" || slices.Contains([]string{"", "any", "an", "single", "prior", "ever"}, before) || next("record", "records", "history")
	case stem("convict", "condenad"):
		return true
	case word == "deported" || word == "deportations" || word == "deportation" || stem("deportad") || word == "removed":
		// What somebody has been, not what should be done.
		if word != "removed" {
			return stem("deportad") || before == "" || slices.Contains(strings.Fields("been once ever was previously prior before sido any"), before)
		}
		// "Never removed the child from school" is about somebody else.
		return before == "been" || before == "ordered" ||
			before == "" && (len(after) == 0 || next("or", "and", "by", "before") || next("from") && len(after) > 2 && after[2] == "united")
	case word == "removal" || word == "removals":
		return next("order", "orders") && (before == "" || before == "prior" || before == "any")
	case stem("criminal"):
		return !has("court", "justice")
	case word == "crime" || word == "crimes" || stem("delito", "delinc", "delict", "felon", "misdemeanor", "offense"):
		return before == "" || has("commit", "cometi", "convict", "accus", "acus") || before == "any" || before == "prior"
	case stem("polic"):
		return next("record", "records", "history", "file", "contact", "contacts", "involvement", "problems", "trouble") ||
			has("problem", "troubl", "contact", "antecedent", "encounter", "run")
	case stem("danger", "peligro"):
		// "In danger", "en peligro", "corre peligro" speak of what threatens her.
		return !slices.Contains([]string{"in", "en", "corre", "corria", "of", "de", "the", "el", "this", "that"}, before)
	case word == "threat" || word == "risk" && next("to"):
		return slices.Contains([]string{"", "a", "any", "no", "pose", "poses"}, before)
	case stem("antecedente"):
		return !slices.ContainsFunc(after[:min(3, len(after))], func(w string) bool {
			return slices.ContainsFunc([]string{"medic", "patolog", "famil", "alerg", "quirurg", "de", "clinic"}, func(s string) bool { return strings.HasPrefix(w, s) })
		})
	case word == "law" || word == "laws" || word == "ley" || word == "leyes" || word == "justicia" || word == "authorities" || word == "autoridades":
		return has("problem", "troubl", "broke", "break", "violat", "viol", "run", "conflict", "quebrant", "infring")
	case word == "trouble":
		return before == "in" || next("with")
	case word == "jail" || word == "prison" || word == "carcel" || word == "presa" || word == "preso":
		return has("been", "estado", "estuvo")
	case word == "charged":
		return !next("rent", "a", "for", "fees", "any", "the", "more", "interest")
	case stem("encarcelad", "incarcerat", "jailed") || stem("detenid") && before == "sido":
		return true
	}
	return false
}

// denied lists the words of a sentence, by their places, that a negation makes
// into a clean record.
func denied(words []string) []int {
	var out []int
	for i, w := range words {
		if !negations[w] {
			continue
		}
		for j := i + 1; j < len(words) && j <= i+reach && !turns[words[j]]; j++ {
			if denies(words[i+1:j], words[j], words[j+1:min(len(words), j+reach)]) &&
				!slices.ContainsFunc(words[max(0, i-3):j], func(w string) bool { return wishes[w] }) {
				out = append(out, j)
			}
		}
	}
	return out
}

// praises reports that a sentence speaks of a clean record.
func praises(sentence string) bool {
	text := folded(sentence)
	return cleanRecord.MatchString(text) || len(denied(strings.Fields(text))) > 0
}

// told reports that the packet tells a matter: a sentence of ours does, or an own
// letter or the request as it was sent names it. A decision alone tells nobody.
func (v *view) told(m factors.Matter) bool {
	if slices.Contains(v.p.Told, m.Path) {
		return true
	}
	if v.p.Letter == nil && v.p.ICR == nil || !matterLeaves(m) {
		return false
	}
	pages := v.letter
	for _, x := range v.in.exhibits {
		if v.asSent(x) {
			pages = slices.Concat(pages, v.exhibit[x.ID])
		}
	}
	return slices.ContainsFunc(pages, func(ps passage) bool { return namesMatter(ps.text, m) })
}

// recordStem is a word by which a sentence with a year speaks of a record.
var recordStem = regexp.MustCompile(`\b(?:arrest|convict|plea|pled|guilty|charge|dui|dwi|offense|sentenc|misdemeanor|felony|order|remov|deport|citation|court|jail|probation)`)

// namesMatter reports that a text speaks of a matter: by its title, by its date,
// or by its year in a sentence about a record.
func namesMatter(text string, m factors.Matter) bool {
	all := " " + folded(text) + " "
	if m.Kind == "offense" || m.Kind == "arrest" {
		if t := folded(m.Title); t != "" && strings.Contains(all, " "+t+" ") {
			return true
		}
	}
	if m.Date.IsZero() {
		return m.Kind == "order" || m.Kind == "removal" && regexp.MustCompile(`\b(?:removed from|deported)\b`).MatchString(all)
	}
	if w := folded(longDate(m.Date)); w != "" && len(strings.Fields(w)) > 1 && strings.Contains(all, " "+w+" ") {
		return true
	}
	day, ok := m.Date.Earliest()
	if !ok {
		return false
	}
	y := day.String()[:4]
	for _, s := range sentences(text) {
		words := strings.Fields(folded(s))
		if !slices.Contains(words, y) {
			continue
		}
		// "Since 2011 no arrests" tells of none.
		for _, i := range denied(words) {
			words[i] = ""
		}
		if recordStem.MatchString(strings.Join(words, " ")) {
			return true
		}
	}
	return false
}

func lookHalfTruth(v *view) []Place {
	var hidden []string
	for _, m := range v.in.matters {
		if isRecord(m) && !v.told(m) {
			hidden = append(hidden, m.Path)
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	var out []Place
	for _, ps := range slices.Concat(v.said(), v.allPages()) {
		for _, s := range sentences(ps.text) {
			if praises(s) {
				out = append(out, *at(ps, s))
				break
			}
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

// lookUntold finds matters that somebody decided to tell and that the letter
// does not tell. A review has no such part; what it leaves open, the half-truth
// rule judges.
func lookUntold(v *view) []Place {
	var out []string
	for _, s := range v.in.untold {
		out = append(out, s.What)
	}
	if v.p.Letter != nil {
		for _, m := range v.in.matters {
			if l := m.Leaves(); (l == factors.Mention || l == factors.ExplainWith) && m.Kind != "entry" && m.Kind != "adverse" && !v.told(m) {
				out = append(out, m.Path)
			}
		}
	}
	return elements(out...)
}

func lookTwice(v *view) []Place { return elements(decidedTwice(v.doc.Decisions)...) }
