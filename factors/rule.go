package factors

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A method is a named way to compute a rule. The set is closed: a library file
// can name one and give it its numbers, and can bring none of its own.
type method struct {
	run   computation
	needs []string // the parameters that a rule has to give
	limit string   // the parameter that is the rule's threshold; empty: it has none
}

// A computation looks at the facts that its rule asks for. It must answer no
// only from what is recorded, never from what is missing.
type computation func(q question) finding

// A question is what a computation may look at.
type question struct {
	facts *Facts
	asOf  Date
	with  Params
	rule  *Rule
}

// A finding is what a computation has to say.
type finding struct {
	answer   Answer
	inputs   []Input
	reason   string
	measures []string // the arithmetic alone, one line each
	recorded bool     // something is recorded that the rule concerns
	suggests bool     // and it was computed from dates
	human    bool     // the instrument leaves it to a person
	stated   bool     // it says something for everybody
}

var methods = map[string]method{
	"none":                      {run: recordedOnly},
	"statement":                 {run: statement},
	"recorded":                  {run: recordedOnly},
	"asserted-fact":             {run: assertedFact, needs: []string{"fact", "wants"}},
	"age":                       {run: ageNumber},
	"elapsed-since-first-entry": {run: elapsedSinceEntry},
	"elapsed-since-offense":     {run: elapsedSinceOffense},
	"weapon-used":               {run: weaponUsed},
	"post-conviction":           {run: postConviction},
	"rights-asserted":           {run: rightsAsserted},
	"entry-on-or-after":         {run: entryOnOrAfter, needs: []string{"date"}, limit: "date"},
	"apprehended-at-border":     {run: apprehendedAtBorder},
	"entry-after-unlawful-apprehended-inside": {run: entryAfterUnlawful, needs: []string{"date"}, limit: "date"},
	"entry-without-continuous-presence":       {run: entryWithoutPresence, needs: []string{"date"}, limit: "date"},
	"final-order-on-or-after":                 {run: finalOrderOnOrAfter, needs: []string{"date"}, limit: "date"},
	"final-order":                             {run: finalOrder},
	"misdemeanors-separate-incidents":         {run: misdemeanors, needs: []string{"count"}, limit: "count"},
	"sentence-days":                           {run: sentenceDays, needs: []string{"days"}, limit: "days"},
	"age-over-and-years-here":                 {run: ageOverAndYearsHere, needs: []string{"years", "yearsHere"}, limit: "years"},
	"uninspected-entry":                       {run: uninspectedEntry},
	"recent-entry-not-admitted":               {run: recentEntry, needs: []string{"years"}, limit: "years"},
	"victim-record":                           {run: victimRecord},
}

// check holds a rule's parameters, threshold and facts against its method.
func (m method) check(r *Rule) error {
	given := map[string]bool{
		"date": !r.With.Date.IsZero(), "count": r.With.Count > 0, "days": r.With.Days > 0,
		"years": r.With.Years > 0, "yearsHere": r.With.Here > 0, "fact": r.With.Fact != "", "wants": r.With.Wants != "",
	}
	for _, name := range m.needs {
		if !given[name] {
			return fmt.Errorf("%s needs the parameter %s", r.Compute, name)
		}
	}
	var limit string
	switch m.limit {
	case "date":
		if _, ok := r.With.Date.Day(); !ok {
			return fmt.Errorf("%s: date is not one day", r.Compute)
		}
		limit = r.With.Date.String()
	case "count":
		limit = strconv.Itoa(r.With.Count)
	case "days":
		limit = strconv.Itoa(r.With.Days)
	case "years":
		limit = strconv.Itoa(r.With.Years)
	}
	switch {
	case limit == "" && r.Threshold != "none":
		return fmt.Errorf("%s compares with nothing, and the threshold is not none", r.Compute)
	case limit != "" && !strings.HasPrefix(r.Threshold, limit):
		return fmt.Errorf("threshold differs from the parameter %s", m.limit)
	case given["wants"] && r.With.Wants != "yes" && r.With.Wants != "no":
		return fmt.Errorf("wants is neither yes nor no")
	case given["fact"] && !slices.Contains([]string{"danger", "flightRisk"}, r.With.Fact):
		return fmt.Errorf("fact is none that a person asserts")
	}
	for _, k := range r.With.Kinds {
		if !kindWords[k] {
			return fmt.Errorf("kinds names a kind that is not known")
		}
	}
	return nil
}

// statement is a rule that holds for everybody: there is nothing to compute.
func statement(q question) finding {
	return finding{answer: Yes, stated: true, reason: "It holds for everybody under this instrument; nothing is computed."}
}

// recordedOnly shows what is recorded of the facts that the rule names. Unless
// the record alone is what the rule asks for, what it shows is for a person.
func recordedOnly(q question) finding {
	var f finding
	for _, list := range q.rule.Facts {
		for _, el := range q.facts.elements(list) {
			if len(q.with.Kinds) > 0 && !slices.Contains(q.with.Kinds, el.kind) {
				continue
			}
			if q.with.Person == "client" && el.person != "" && el.person != "client" {
				continue
			}
			f.recorded = true
			f.inputs = append(f.inputs, Input{Fact: el.path, Value: el.words})
		}
		if a := q.facts.Answers[list]; a.Answer == Yes && len(f.inputs) == 0 {
			f.recorded = true
			f.inputs = append(f.inputs, Input{Fact: list, Value: "yes"})
		}
	}
	switch {
	case !f.recorded:
		f.reason = "Nothing is recorded here."
	case q.with.Asserts:
		f.answer = Yes
		f.reason = fmt.Sprintf("Recorded: %s.", count(len(f.inputs), "item"))
	default:
		f.human = true
		f.reason = fmt.Sprintf("Recorded: %s. Whether it meets this rule is for a person to decide.", count(len(f.inputs), "item"))
	}
	if q.rule.Compute == "none" && len(q.rule.Facts) == 0 {
		f.human = true
		f.reason = "Nothing recorded can compute this; a person says whether it applies."
	}
	return f
}

// assertedFact reads a single answer that a person gave about the client.
func assertedFact(q question) finding {
	value := q.facts.Danger
	if q.with.Fact == "flightRisk" {
		value = q.facts.FlightRisk
	}
	if value == Unknown {
		value = q.facts.Answers[q.with.Fact].Answer
	}
	f := finding{answer: value, inputs: []Input{q.facts.input(q.with.Fact, value.String(), value == Unknown)}}
	if q.with.Wants == "no" {
		f.answer = value.Not()
	}
	f.recorded = value != Unknown
	f.reason = "Nobody has said yet whether this is so."
	if f.recorded {
		f.reason = "A person answered this in the file; the instrument leaves the judgment to the officer."
	}
	return f
}

// ageNumber gives the age as a number. No instrument but one states an age, so
// the number never answers.
func ageNumber(q question) finding {
	f := finding{human: true, inputs: []Input{q.facts.input("dateOfBirth", q.facts.DateOfBirth.String(), q.facts.DateOfBirth.IsZero())}}
	age := Between(q.facts.DateOfBirth, q.asOf)
	if !age.Known {
		f.reason = "The date of birth is not recorded."
		return f
	}
	f.recorded = true
	words := yearsOnly(age)
	f.measures = []string{"Age " + words}
	f.reason = fmt.Sprintf("Age %s on %s. This instrument states no age; a person decides what it shows.", words, q.asOf.Words())
	return f
}

// yearsOnly gives an age as people say it.
func yearsOnly(e Elapsed) string {
	switch {
	case e.Qualified:
		return "about " + strconv.Itoa(e.AtLeast.Years)
	case e.Unbounded:
		return "at least " + strconv.Itoa(e.AtLeast.Years)
	case e.AtLeast.Years == e.AtMost.Years:
		return strconv.Itoa(e.AtLeast.Years)
	default:
		return fmt.Sprintf("%d or more, at most %d", e.AtLeast.Years, e.AtMost.Years)
	}
}

// elapsedSinceEntry measures from the first entry that is recorded, and says
// what it is not: a claim that the stay was unbroken.
func elapsedSinceEntry(q question) finding {
	var f finding
	first := -1
	for i, e := range q.facts.Entries {
		p := element("entries", e.ID, i) + "/date"
		f.inputs = append(f.inputs, q.facts.input(p, e.Date.String(), e.Date.IsZero()))
		if e.Date.IsZero() {
			continue
		}
		if first < 0 || e.Date.to < q.facts.Entries[first].Date.to {
			first = i
		}
	}
	if first < 0 {
		f.reason = "No date of entry is recorded."
		return f
	}
	e := Between(q.facts.Entries[first].Date, q.asOf)
	if !e.Known {
		f.recorded = true
		f.reason = "The time since entry cannot be counted from the date that is recorded."
		return f
	}
	f.recorded, f.suggests = true, true
	f.measures = []string{sentence(e.String() + " since claimed entry")}
	f.reason = f.measures[0] + "; this instrument sets no number of years."
	if len(q.facts.Entries) > 1 || len(q.facts.Absences) > 0 {
		f.reason += " Other entries or absences are recorded: it was not one unbroken stay."
	} else {
		f.reason += " Nothing here says that the stay was unbroken."
	}
	return f
}

// elapsedSinceOffense counts from the offense, the conviction and the release,
// each by itself. Which of the three matters is not the program's to choose.
func elapsedSinceOffense(q question) finding {
	var f finding
	for i, o := range q.facts.Offenses {
		base := element("offenses", o.ID, i)
		for _, d := range []struct {
			name, words string
			date        Date
		}{
			{"offenseDate", "since the offense", o.OffenseDate},
			{"convictionDate", "since the conviction", o.ConvictionDate},
			{"releaseDate", "since release", o.ReleaseDate},
		} {
			f.inputs = append(f.inputs, q.facts.input(base+"/"+d.name, d.date.String(), d.date.IsZero()))
			if e := Between(d.date, q.asOf); e.Known {
				f.suggests = true
				f.measures = append(f.measures, sentence(e.String()+" "+d.words))
			}
		}
		if o.Rehabilitation != "" {
			f.inputs = append(f.inputs, Input{Fact: base + "/rehabilitation", Value: o.Rehabilitation})
		}
	}
	f.recorded = len(q.facts.Offenses) > 0
	switch {
	case !f.recorded:
		f.reason = "No offense is recorded in this file (not the same as none)."
	case len(f.measures) == 0:
		f.reason = "No date of an offense is recorded."
	default:
		f.reason = strings.Join(f.measures, "; ") + ". This instrument sets no number of years, and a person decides."
	}
	return f
}

func weaponUsed(q question) finding {
	return overOffenses(q, "weaponUsed", "a weapon used or threatened",
		func(o Offense) (Answer, string) { return o.WeaponUsed, o.WeaponUsed.String() })
}

// postConviction reads what the file says of each conviction. It does not say
// what a vacated conviction is under immigration law.
func postConviction(q question) finding {
	f := overOffenses(q, "postConviction", "a conviction vacated or expunged", func(o Offense) (Answer, string) {
		switch o.PostConviction {
		case "vacated", "expunged":
			return Yes, o.PostConviction
		case "none":
			return No, o.PostConviction
		default:
			return Unknown, o.PostConviction
		}
	})
	if f.answer == Yes {
		f.reason += " It may still be a conviction under the immigration laws; an attorney decides."
	}
	return f
}

// overOffenses asks the same of every offense that is recorded. One yes is
// enough; no needs every answer.
func overOffenses(q question, field, what string, ask func(Offense) (Answer, string)) finding {
	var f finding
	if len(q.facts.Offenses) == 0 {
		f.reason = "No offense is recorded in this file (not the same as none)."
		return f
	}
	f.recorded = true
	f.answer = No
	for i, o := range q.facts.Offenses {
		a, value := ask(o)
		f.answer = f.answer.Or(a)
		f.inputs = append(f.inputs, q.facts.input(element("offenses", o.ID, i)+"/"+field, value, a == Unknown))
	}
	switch f.answer {
	case Yes:
		f.reason = "The file records " + what + "."
	case No:
		f.reason = "For each offense that is recorded, the file says that there was not " + what + "."
	default:
		f.reason = "The file does not say for each offense whether there was " + what + "."
	}
	return f
}

// rightsAsserted looks for a labor or housing dispute in which the client spoke
// up, complained or stood as a witness.
func rightsAsserted(q question) finding {
	var f finding
	for i, d := range q.facts.Disputes {
		p := element("disputes", d.ID, i)
		f.recorded = true
		switch {
		case d.ProtectedActivity != "":
			f.answer = Yes
			f.inputs = append(f.inputs, Input{Fact: p + "/protectedActivity", Value: d.ProtectedActivity})
		case !d.ComplaintDate.IsZero():
			f.answer = Yes
			f.inputs = append(f.inputs, Input{Fact: p + "/complaintDate", Value: d.ComplaintDate.String()})
		default:
			f.inputs = append(f.inputs, Input{Fact: p, Value: firstOf(d.Kind, "dispute")})
		}
		if d.Retaliation != "" || !d.RetaliationDate.IsZero() {
			f.inputs = append(f.inputs, Input{Fact: p + "/retaliationDate", Value: firstOf(d.RetaliationDate.String(), "recorded, no date")})
		}
	}
	for i, r := range q.facts.Roles {
		if r.Kind == "witness" {
			f.recorded = true
			f.inputs = append(f.inputs, Input{Fact: element("roles", r.ID, i), Value: "witness"})
		}
	}
	switch {
	case f.answer == Yes:
		f.reason = "The file records that workplace or tenant rights were asserted."
	case f.recorded:
		f.human = true
		f.reason = "The file records a dispute or a witness, and does not say which right was asserted; a person decides."
	default:
		f.reason = "No labor or housing dispute is recorded in this file (not the same as none)."
	}
	return f
}

// entryOnOrAfter is the border priority that asks two things of one day D: was
// the person caught at the border on or after D while trying to enter
// unlawfully, or was the person not physically present before D. The second
// looks at presence alone, whatever the manner of entry.
func entryOnOrAfter(q question) finding {
	f, n := entryInputs(q, true)
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	atBorder := No
	earlier, later := No, No // some entry lies before D; some lies on or after D
	for _, e := range q.facts.Entries {
		onOrAfter := e.Date.OnOrAfter(q.with.Date)
		caught := apprehended(e, ApprehendedAtBorder)
		atBorder = atBorder.Or(onOrAfter.And(caught).And(unlawful(e)))
		earlier = earlier.Or(onOrAfter.Not())
		later = later.Or(onOrAfter)
	}
	day := q.with.Date.Words()
	absent := earlier.Not() // no entry before D: not present before D
	if earlier == Yes && later != No {
		absent, f.human = Unknown, true
	}
	f.answer = atBorder.Or(absent)
	switch {
	case f.answer == Yes && absent == Yes:
		f.reason = "No entry before " + day + " is recorded, and this priority counts who was not present before that day; the day itself is inside."
		if slices.ContainsFunc(q.facts.Entries, func(e Entry) bool { return unlawful(e) == No }) {
			f.reason += " It asks for presence, not for the manner of entry: an attorney checks it for somebody who was admitted."
		}
	case f.answer == Yes:
		f.reason = "Caught at the border or a port of entry on or after " + day + "."
	case f.answer == No:
		f.reason = "Every entry that is recorded lies before " + day + "."
	case f.human:
		f.reason = "There was presence before " + day + " and a later entry. The instrument does not say which counts; a person decides."
	default:
		f.reason = "The dates of entry that are recorded do not settle whether there was presence before " + day + "."
	}
	return f
}

// apprehendedAtBorder asks whether the person was caught at the border or a
// port of entry while trying to enter unlawfully. It has no date. Where the
// instrument reads as if an old attempt could count for ever, decides is not
// set, and a person decides.
func apprehendedAtBorder(q question) finding {
	f, n := entryInputs(q, true)
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	f.answer = No
	for _, e := range q.facts.Entries {
		f.answer = f.answer.Or(apprehended(e, ApprehendedAtBorder).And(unlawful(e)))
	}
	switch f.answer {
	case Yes:
		f.reason = "Caught at the border or a port of entry while trying to enter."
		if !q.with.Decides {
			f.answer, f.human = Unknown, true
			f.reason += " The instrument gives no date for this, so how far back it reaches is for a person to decide."
		}
	case No:
		f.reason = "No entry that is recorded ended in being caught at the border."
	default:
		f.reason = "The file does not say for each entry how it was made and whether it ended in being caught at the border."
	}
	return f
}

// entryAfterUnlawful asks whether the person was apprehended inside the United
// States after entering unlawfully later than a day. The day itself is outside.
func entryAfterUnlawful(q question) finding {
	f, n := entryInputs(q, true)
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	f.answer = No
	var late, wrong, caught Answer = No, No, No
	for _, e := range q.facts.Entries {
		l, w, c := e.Date.After(q.with.Date), unlawful(e), apprehended(e, ApprehendedInside)
		f.answer = f.answer.Or(l.And(w).And(c))
		late, wrong, caught = late.Or(l), wrong.Or(w), caught.Or(c)
	}
	day := q.with.Date.Words()
	switch {
	case f.answer == Yes:
		f.reason = "Apprehended inside the United States after an unlawful entry later than " + day + "."
	case f.answer == No && late == No:
		f.reason = "No entry that is recorded is later than " + day + "; the day itself is not later."
	case f.answer == No && wrong == No:
		f.reason = "No entry that is recorded was unlawful: an admission or parole is not an unlawful entry, whatever came after."
	case f.answer == No:
		f.reason = "No entry that is recorded was at once unlawful, later than " + day + ", and followed by an arrest inside."
	case late == Unknown:
		f.reason = "The date of entry that is recorded may lie on either side of " + day + "."
	case caught == Unknown:
		f.reason = "The file does not say where the apprehension was."
	default:
		f.reason = "The file does not say for each entry how it was made and where the apprehension was."
	}
	return f
}

// entryWithoutPresence asks whether the person entered unlawfully and cannot
// show continuous presence since a day. Only a person can assert presence; but
// where the first entry that is recorded is later than the day, nobody could
// show it.
func entryWithoutPresence(q question) finding {
	f, n := entryInputs(q, false)
	f.inputs = append(f.inputs, q.facts.input("continuousPresenceSince2014", q.facts.Continuous.String(), q.facts.Continuous == Unknown))
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	wrong, earlier := No, No
	for _, e := range q.facts.Entries {
		wrong = wrong.Or(unlawful(e))
		earlier = earlier.Or(e.Date.OnOrBefore(q.with.Date))
	}
	// An assertion of presence stands only on an entry early enough for it. A
	// later first entry contradicts it, and an undated one leaves it open.
	absent := q.facts.Continuous.Not()
	switch {
	case q.facts.Continuous == Yes && earlier != Yes:
		absent = Unknown
	case earlier == No:
		absent = Yes
	}
	f.answer = wrong.And(absent)
	day := q.with.Date.Words()
	switch {
	case f.answer == Yes && earlier == No:
		f.reason = "Unlawful entry, and the first entry that is recorded is later than " + day + "."
	case f.answer == Yes:
		f.reason = "Unlawful entry, and the file says that continuous presence since " + day + " cannot be shown."
	case f.answer == No && wrong == No:
		f.reason = "No entry that is recorded was unlawful."
	case f.answer == No:
		f.reason = "The file says that continuous presence since " + day + " can be shown."
	case earlier == No && q.facts.Continuous == Yes:
		f.human = true
		f.reason = "The file says both that presence was continuous since " + day + " and that the first entry was later; a person decides."
	case wrong != Yes:
		f.reason = "The file does not say whether the entry was unlawful."
	default:
		f.human = true
		f.reason = "Whether continuous presence since " + day + " can be shown is for a person to decide."
	}
	return f
}

func finalOrderOnOrAfter(q question) finding {
	return overOrders(q, func(o Order) Answer { return o.Date.OnOrAfter(q.with.Date) }, " issued on or after "+q.with.Date.Words())
}

func finalOrder(q question) finding {
	return overOrders(q, func(Order) Answer { return Yes }, "")
}

// overOrders looks for a final order that passes a test. An order that nobody
// has called final is not taken for one, unless the stage of the case says that
// the only order on file is.
func overOrders(q question, passes func(Order) Answer, when string) finding {
	var f finding
	if len(q.facts.Orders) == 0 {
		f.reason = "No order is recorded in this file (not the same as none)."
		return f
	}
	f.recorded = true
	f.answer = No
	open := false
	for i, o := range q.facts.Orders {
		p := element("orders", o.ID, i)
		final := o.Final
		f.inputs = append(f.inputs, q.facts.input(p+"/date", o.Date.String(), o.Date.IsZero()))
		if final == Unknown && len(q.facts.Orders) == 1 && q.facts.ProceedingStage == "final-order" {
			final = Yes
			f.inputs = append(f.inputs, Input{Fact: "proceedingStage", Value: q.facts.ProceedingStage})
		} else {
			f.inputs = append(f.inputs, q.facts.input(p+"/final", final.String(), final == Unknown))
		}
		if o.Kind == "voluntary-departure" && final != No {
			final = Unknown // whether it has become an order of removal is not recorded
		}
		a := final.And(passes(o))
		open = open || (a == Unknown && final == Unknown)
		f.answer = f.answer.Or(a)
	}
	switch {
	case f.answer == Yes:
		f.reason = "A final order" + when + " is recorded."
	case f.answer == No:
		f.reason = "No final order" + when + " is among the orders that are recorded."
	case open:
		f.reason = "The file does not say whether the order is final."
	default:
		f.reason = "The date that is recorded does not settle whether the order was" + when + "."
	}
	return f
}

// misdemeanors counts misdemeanors from separate incidents. Two that carry the
// same incident are one; one without a label may belong to any.
func misdemeanors(q question) finding {
	var f finding
	if len(q.facts.Offenses) == 0 {
		f.reason = "No offense is recorded in this file (not the same as none)."
		return f
	}
	f.recorded = true
	sure := map[string]bool{}     // incidents with a misdemeanor that stands
	possible := map[string]bool{} // incidents that may hold one
	loose, looseSure := 0, 0      // offenses that carry no incident
	for i, o := range q.facts.Offenses {
		p := element("offenses", o.ID, i)
		degree, _ := degreeOf(o.Degree)
		f.inputs = append(f.inputs, q.facts.input(p+"/degree", o.Degree, degree == ""))
		if degree != "" && degree != Misdemeanor {
			continue
		}
		f.inputs = append(f.inputs, q.facts.input(p+"/incident", o.Incident, o.Incident == ""))
		stands := degree == Misdemeanor && o.PostConviction != "vacated" && o.PostConviction != "expunged"
		switch {
		case o.Incident == "":
			loose++
			if stands {
				looseSure++
			}
		default:
			possible[o.Incident] = true
			if stands {
				sure[o.Incident] = true
			}
		}
	}
	// An offense without a label may belong to an incident that is already
	// counted: it can add one, and proves nothing by itself but the first.
	least, most := len(sure), len(possible)+loose
	if least == 0 && looseSure > 0 {
		least = 1
	}
	f.measures = []string{count(least, "separate incident")}
	if least != most {
		f.measures[0] = fmt.Sprintf("%d to %d separate incidents", least, most)
	}
	switch {
	case least >= q.with.Count:
		f.answer = Yes
		f.reason = fmt.Sprintf("Misdemeanors from %s are recorded; the rule asks for %d or more.", f.measures[0], q.with.Count)
	case most < q.with.Count:
		f.answer = No
		f.reason = fmt.Sprintf("The misdemeanors recorded come from %s; the rule asks for %d or more.", f.measures[0], q.with.Count)
	default:
		f.reason = "The file does not settle which of the offenses are misdemeanors from separate incidents that still stand."
	}
	return f
}

// sentenceDays asks for a misdemeanor with so many days in custody. A sentence
// that was mostly not served may have been suspended: a person looks.
func sentenceDays(q question) finding {
	var f finding
	if len(q.facts.Offenses) == 0 {
		f.reason = "No offense is recorded in this file (not the same as none)."
		return f
	}
	f.recorded = true
	f.answer = No
	total, known := 0, true
	for i, o := range q.facts.Offenses {
		p := element("offenses", o.ID, i)
		degree, _ := degreeOf(o.Degree)
		if degree != "" && degree != Misdemeanor {
			continue
		}
		a := Unknown
		value := ""
		if o.SentenceImposedDays != nil {
			value = strconv.Itoa(*o.SentenceImposedDays)
			total += *o.SentenceImposedDays
			a = answer(*o.SentenceImposedDays >= q.with.Days)
		} else {
			known = false
		}
		f.inputs = append(f.inputs, q.facts.input(p+"/sentenceImposedDays", value, value == ""))
		if o.ServedDays != nil {
			f.inputs = append(f.inputs, Input{Fact: p + "/servedDays", Value: strconv.Itoa(*o.ServedDays)})
		}
		if a == Yes && o.ServedDays != nil && *o.ServedDays < q.with.Days {
			a, f.human = Unknown, true
		}
		if degree == "" {
			f.inputs = append(f.inputs, q.facts.input(p+"/degree", "", true))
			a = a.And(Unknown)
		}
		f.answer = f.answer.Or(a)
	}
	if f.answer == No && total >= q.with.Days {
		f.answer, f.human = Unknown, true // only added up; whether sentences add up is not said
	}
	if known {
		f.measures = []string{count(total, "day") + " imposed in all"}
	}
	switch {
	case f.answer == Yes:
		f.reason = fmt.Sprintf("A misdemeanor with a sentence of %d days or more is recorded.", q.with.Days)
	case f.answer == No:
		f.reason = fmt.Sprintf("No misdemeanor that is recorded has a sentence of %d days or more.", q.with.Days)
	case f.human:
		f.reason = fmt.Sprintf("%d days are reached only by adding sentences up, or were imposed and not served; a person decides.", q.with.Days)
	default:
		f.reason = "The file does not give the sentence of each misdemeanor."
	}
	return f
}

// ageOverAndYearsHere asks for more than so many years of age and more than so
// many years here. Whether the birthday itself counts as "over" depends on a
// wording that nobody has checked, so the year of the limit is left open.
func ageOverAndYearsHere(q question) finding {
	f := elapsedSinceEntry(q)
	f.suggests = false
	f.inputs = append([]Input{q.facts.input("dateOfBirth", q.facts.DateOfBirth.String(), q.facts.DateOfBirth.IsZero())}, f.inputs...)
	age := Between(q.facts.DateOfBirth, q.asOf)
	old := age.Reaches(q.with.Years + 1)
	atLimit := false
	if old == No && age.Reaches(q.with.Years) != No {
		old, atLimit = Unknown, age.Reaches(q.with.Years) == Yes
	}
	long := Unknown
	repeated := false
	for i, e := range q.facts.Entries {
		here := Between(e.Date, q.asOf)
		a := here.Reaches(q.with.Here)
		if a == Yes && here.AtLeast == (Span{Years: q.with.Here}) {
			a = Unknown // to the day: not yet more
		}
		if i == 0 {
			long = a
		} else if a != long {
			long, repeated = Unknown, true
		}
	}
	f.recorded = age.Known || f.recorded
	f.answer = old.And(long)
	if age.Known {
		f.measures = append([]string{"Age " + yearsOnly(age)}, f.measures...)
	}
	switch {
	case f.answer == Yes:
		f.reason = fmt.Sprintf("Over %d, and more than %d years since claimed entry. Nothing here says that the stay was unbroken.", q.with.Years, q.with.Here)
	case f.answer == No && old == No:
		f.reason = fmt.Sprintf("Age %s; the rule asks for over %d.", yearsOnly(age), q.with.Years)
	case f.answer == No:
		f.reason = fmt.Sprintf("Fewer than %d years since claimed entry.", q.with.Here)
	case atLimit:
		f.human = true
		f.reason = fmt.Sprintf("Age %d. Whether %d is over %d depends on a wording that has not been checked; a person decides.", q.with.Years, q.with.Years, q.with.Years)
	case repeated:
		f.human = true
		f.reason = "Several entries are recorded, and which one counts is for a person to decide."
	default:
		f.reason = "The dates that are recorded do not settle the age or the years here."
	}
	return f
}

func uninspectedEntry(q question) finding {
	f, n := entryInputs(q, false)
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	f.answer = No
	for _, e := range q.facts.Entries {
		a := unlawful(e)
		if manner, _ := mannerOf(e.Manner); manner == Paroled {
			a = Unknown // parole is not an admission, and what the position makes of it is in court
		}
		f.answer = f.answer.Or(a)
	}
	switch f.answer {
	case Yes:
		f.reason = "An entry without inspection is recorded."
	case No:
		f.reason = "Every entry that is recorded was an admission."
	default:
		f.reason = "The file does not say for each entry whether there was an admission."
	}
	return f
}

// recentEntry asks for an entry without admission less than so many years ago.
func recentEntry(q question) finding {
	f, n := entryInputs(q, false)
	if n == 0 {
		f.reason = "No entry is recorded."
		return f
	}
	f.answer = No
	for _, e := range q.facts.Entries {
		since := Between(e.Date, q.asOf)
		recent := since.Reaches(q.with.Years).Not()
		if manner, _ := mannerOf(e.Manner); manner == Admitted {
			recent = No
		} else if manner == "" {
			recent = recent.And(Unknown)
		}
		f.answer = f.answer.Or(recent)
		if since.Known {
			f.measures = append(f.measures, sentence(since.String()+" since claimed entry"))
		}
	}
	years := count(q.with.Years, "year")
	switch f.answer {
	case Yes:
		f.reason = "An entry without admission less than " + years + " ago is recorded."
	case No:
		f.reason = "No entry without admission less than " + years + " ago is recorded."
	default:
		f.reason = "The entries that are recorded do not settle whether one without admission is less than " + years + " old."
	}
	return f
}

// victimRecord looks for anything that makes the client a victim in the sense
// of the victim-based benefits.
func victimRecord(q question) finding {
	var f finding
	for i, r := range q.facts.Roles {
		if r.Kind == "victim" {
			f.inputs = append(f.inputs, Input{Fact: element("roles", r.ID, i), Value: "victim"})
		}
	}
	for i, r := range q.facts.Relief {
		if r.Kind == "u" || r.Kind == "t" || r.Kind == "vawa" {
			f.inputs = append(f.inputs, Input{Fact: element("reliefPending", r.ID, i), Value: r.Kind})
		}
	}
	f.recorded = len(f.inputs) > 0
	f.answer = Unknown
	f.reason = "No victim-based matter is recorded in this file (not the same as none)."
	if f.recorded {
		f.answer = Yes
		f.reason = "A victim-based matter is recorded. Parts of this directive were blocked by a court in 2026: check the current order."
	}
	return f
}

// entryInputs lists what a border rule looks at in each entry.
func entryInputs(q question, where bool) (f finding, entries int) {
	for i, e := range q.facts.Entries {
		p := element("entries", e.ID, i)
		manner, _ := mannerOf(e.Manner)
		f.inputs = append(f.inputs,
			q.facts.input(p+"/date", e.Date.String(), e.Date.IsZero()),
			q.facts.input(p+"/manner", e.Manner, manner == ""))
		if where {
			place, _ := placeOf(e.Apprehended)
			f.inputs = append(f.inputs, q.facts.input(p+"/apprehended", e.Apprehended, place == ""))
		}
	}
	f.recorded = len(q.facts.Entries) > 0
	return f, len(q.facts.Entries)
}

// unlawful answers whether an entry was unlawful by its manner alone. An entry
// on a false claim is for an attorney.
func unlawful(e Entry) Answer {
	switch manner, _ := mannerOf(e.Manner); manner {
	case WithoutInspection:
		return Yes
	case Admitted, Paroled:
		return No
	default:
		return Unknown
	}
}

// apprehended answers whether an entry ended in an apprehension at this place.
func apprehended(e Entry, place string) Answer {
	where, _ := placeOf(e.Apprehended)
	if where == "" {
		return Unknown
	}
	return answer(where == place)
}

func answer(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
