package export

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"forbear/factors"
)

// This file keeps a letter from speaking of an instrument that has ended as if
// it were in force. There are more ways to say that than anybody can list, and
// few to say the opposite. So a sentence that names an ended instrument is
// refused unless it says one of the few things that are true of it.

// surnames are the people after whom memos are called. Where the name is a
// common one, only a word for a memo beside it makes it one.
var surnames = map[string]string{
	"MAYORKAS": `mayorkas`, "DOYLE": `doyle`, "MORTON-PD": `morton`, "MORTON-VW": `morton`, "JOHNSON-14": `(?:jeh )?johnson`,
	"TJOHNSON": `tae johnson`, "KELLY": `(?:john )?kelly`, "PEKOSKE": `pekoske`, "TRASVINA": `trasvi[nñ]a`,
}

// rare are surnames that stand for the memo by themselves.
var rare = []string{"MAYORKAS", "PEKOSKE", "TRASVINA"}

const memoNoun = `(?:memo|memos|memorandum|memoranda|guidelines|guidance|priorities|directive|policy)`

var (
	months = `(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)`

	memoNumber = regexp.MustCompile(`\b(?:\d{5}\.\d|\d{3}-\d{2})\b`)
	policyNo   = regexp.MustCompile(`(?i)\b(?:directive|policy(?: statement)?|no\.?|number)\s+(?:no\.?\s+)?(\d{5}\.\d|\d{3}-\d{2})\b`)

	datedMemo = regexp.MustCompile(`(?i)\b(` + months + `\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+` + months + `\s+\d{4}|\d{1,2}/\d{1,2}/\d{2,4})\s*,?\s+(?:\w+\s+){0,4}?` + memoNoun + `\b` +
		`|\b` + memoNoun + `\s+(?:dated|of|from|issued(?: on)?)\s+(` + months + `\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+` + months + `\s+\d{4}|\d{1,2}/\d{1,2}/\d{2,4})`)
	yearMemo = regexp.MustCompile(`\b(20[012]\d)\s+(?:(?:ICE|DHS|OPLA|Department|Mayorkas|Enforcement|enforcement|discretion|interim)(?:['’]s)?\s+){0,3}(?:Guidelines|Memorandum|Memo|memo|memorandum|priorities|Priorities|[Gg]uidance)\b`)
	agency   = regexp.MustCompile(`\b(?:ICE|DHS|OPLA|Department|Secretary|enforcement|Enforcement|prosecutorial|discretion)\b`)
	theGuide = regexp.MustCompile(`\b(?:[Tt]he|THE|[Tt]hese|[Tt]hose|Department['’]s|DHS|ICE|Enforcement)\s+(?:Guidelines|GUIDELINES)\b`)

	// counselor is somebody's job.
	counselor = regexp.MustCompile(`(?i)\bguidance\s+(?:counsel|office|department)`)
)

const forceVerb = `(?:requires?|directs?|obliges?|obligates?|instructs?|prohibits?|forbids?|bars?|mandates?|governs?|binds?|controls?|provides?|lists?|applies|apply|calls?\s+for|protects?|must|shall|(?:is|are|remains?|stays?|continues?)(?:\s+(?:still|again|to\s+be))?\s+(?:in\s+(?:force|effect)|current|binding|operative|controlling|valid))`

// force is a verb of force, with what stands directly in front of it: only there
// does a denial deny it.
var force = regexp.MustCompile(`(?i)((?:\b(?:not|never|cannot|no\s+longer)\s+|n['’]t\s+)?)\b` + forceVerb + `\b(\s+(?:not|no\s+longer)\b)?`)

var (
	// ended says that an instrument is a thing of the past. "Was not rescinded"
	// does not: nothing may stand between the verb and the word.
	ended = regexp.MustCompile(`(?i)\b(?:is|are|was|were|has\s+been|have\s+been|had\s+been|since)\s+(?:since\s+)?(?:no\s+longer\s+(?:in\s+(?:force|effect)|current|operative|binding|valid)|not\s+(?:now\s+)?(?:in\s+(?:force|effect)|binding)|rescinded|revoked|superseded|withdrawn|replaced)\b` +
		`|\bno\s+longer\s+in\s+(?:force|effect)\b|\bnot\s+in\s+(?:force|effect)\b|\b(?:that|which|they|it|guidelines|memo(?:randum)?|guidance|priorities)\s+ended\b|\bended\s+(?:on|in)\b` +
		`|\b(?:now|since|later|although|though|the)[- ](?:rescinded|superseded|revoked|withdrawn)\b`)

	// past is the one form in which a packet speaks of an earlier day.
	past = regexp.MustCompile(`(?i)\b(?:was|were)\s+(?:then\s+|still\s+)?in\s+(?:force|effect)\s+(?:on|in|from|until|when|at\s+the\s+time)\b|^(?:on|in)\s.{0,200}\b(?:was|were)\s+(?:then\s+|still\s+)?in\s+(?:force|effect)\b`)

	// announced is what may be said of an intention that became no policy.
	announced = regexp.MustCompile(`(?i)\bICE\s+(?:wrote|said|announced)\s+that\s+it\s+intended\b`)

	// general are sentences that name no instrument and claim one.
	general = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?:the|these|those|department['’]s|dhs|ice) (?:\w+ ){0,4}?(?:guidelines|enforcement priorities|memo(?:randum)?)\b[^.;\n]{0,60}?\b` + forceVerb + `\b`),
		regexp.MustCompile(`(?i)\b(?:under|per|following|pursuant to|in light of) (?:the |ICE['’]s |DHS['’]s )*(?:current|existing|present|operative|applicable) (?:\w+ ){0,3}(?:guidelines|memo(?:randum)?|priorities|guidance)\b`),
		regexp.MustCompile(`(?i)\b(?:current|existing) (?:ICE |DHS )?(?:guidelines|memo(?:randum)?|enforcement priorities)\b`),
	}

	// policy claims a rule of ICE where there was an announcement at most.
	policy = regexp.MustCompile(`(?i)\b(?:ICE|DHS)(?:['’]s)? (?:own )?polic(?:y|ies)\b[^.;\n]{0,30}?\b(?:requires?|prohibits?|forbids?|bars?|mandates?)\b`)
)

// A deadMemo is an instrument that is not in force on the day of signing, and
// how letters name it.
type deadMemo struct {
	id     string
	names  []*regexp.Regexp
	title  string   // folded
	number []string // 11005.3
	dates  []factors.Date
}

// memoNames are the ways in which a sentence names a memo by its author.
var memoNames = sync.OnceValue(func() map[string][]*regexp.Regexp {
	out := make(map[string][]*regexp.Regexp)
	for id, name := range surnames {
		out[id] = []*regexp.Regexp{
			regexp.MustCompile(`(?i)\b` + name + `(?:['’]s)?(?:,?\s+[\w.’'-]+){0,4}?\s+(?:` + memoNoun + `|factors)\b`),
			regexp.MustCompile(`(?i)\b` + memoNoun + `\b(?:\s+[\w.’'-]+){0,6}?\s+` + name + `\b`),
		}
		if slices.Contains(rare, id) {
			out[id] = append(out[id], regexp.MustCompile(`(?i)\b`+name+`\b`))
		}
	}
	return out
})

// deadMemos lists the instruments that are not in force on the day of signing.
// Without a library none is known to be in force.
func (v *view) deadMemos() []deadMemo {
	in := v.in.input
	var out []deadMemo
	add := func(d deadMemo, id string) {
		d.names = memoNames()[id]
		out = append(out, d)
	}
	if in.Library == nil {
		for id := range surnames {
			add(deadMemo{}, id)
		}
		return out
	}
	for _, f := range in.Library.Instruments() {
		if f.Channel == factors.ChannelRegulation {
			continue
		}
		if st, ok := in.Library.Status(f.ID, in.SigningDate); ok && st.State.InForce() {
			continue
		}
		d := deadMemo{id: f.ID, title: folded(f.Title), number: memoNumber.FindAllString(f.Cite+" "+f.Short, -1)}
		for _, e := range f.Events {
			d.dates = append(d.dates, e.Date)
		}
		add(d, f.ID)
	}
	return out
}

// A mention is what one sentence holds that may name an instrument, read once
// for all of them.
type mention struct {
	text, folded string
	nouns        bool // it has a word for a memo, or the name of one
	numbers      []string
	dates        []string
	years        []string
}

// nouns is a word without which no sentence names a memo by its author.
var nouns = regexp.MustCompile(`(?i)` + memoNoun + `|factors|` + strings.Join([]string{surnames["MAYORKAS"], surnames["PEKOSKE"], surnames["TRASVINA"]}, "|"))

func mentions(s string) mention {
	m := mention{text: s, folded: folded(s), nouns: nouns.MatchString(s) && !counselor.MatchString(s)}
	for _, n := range policyNo.FindAllStringSubmatch(s, -1) {
		m.numbers = append(m.numbers, n[1])
	}
	if !m.nouns {
		return m
	}
	for _, d := range datedMemo.FindAllStringSubmatch(s, -1) {
		m.dates = append(m.dates, d[1]+d[2])
	}
	for _, y := range yearMemo.FindAllStringSubmatch(s, -1) {
		// "2021 Guidelines" are the Department’s; a clinic’s are not written so.
		if strings.Contains(y[0], "Guidelines") || agency.MatchString(s) {
			m.years = append(m.years, y[1])
		}
	}
	return m
}

// namedIn reports that a sentence names the instrument.
func (d deadMemo) namedIn(m mention) bool {
	// A short title is a phrase like any other.
	if len(strings.Fields(d.title)) >= 4 && strings.Contains(m.folded, d.title) {
		return true
	}
	if slices.ContainsFunc(m.numbers, func(n string) bool { return slices.Contains(d.number, n) }) {
		return true
	}
	if !m.nouns {
		return false
	}
	return slices.ContainsFunc(d.names, func(re *regexp.Regexp) bool { return re.MatchString(m.text) }) ||
		slices.ContainsFunc(m.dates, func(typed string) bool {
			return slices.ContainsFunc(d.dates, func(day factors.Date) bool { return sameWords(typed, day) })
		}) ||
		len(d.dates) > 0 && slices.ContainsFunc(m.years, func(y string) bool { return strings.HasPrefix(d.dates[0].String(), y) })
}

// sameWords reports that a date as somebody typed it is that day.
func sameWords(typed string, d factors.Date) bool {
	day, ok := d.Day()
	if !ok {
		return false
	}
	y, m, n := day.Civil()
	fields := strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return strings.ContainsRune(" ,./\t\n", r) })
	if len(fields) != 3 {
		return false
	}
	number := func(s string, want int) bool {
		got, err := strconv.Atoi(s)
		return err == nil && (got == want || len(s) == 2 && got == want%100 && want > 1900)
	}
	month := func(s string) bool {
		if len(s) >= 3 && s[0] >= 'a' {
			return strings.HasPrefix(strings.ToLower(time.Month(m).String()), s[:3])
		}
		return number(s, m)
	}
	return number(fields[2], y) && (month(fields[0]) && number(fields[1], n) || month(fields[1]) && number(fields[0], n))
}

// allowed reports that a sentence says of an ended instrument no more than is
// true: that it ended, that it was in force on an earlier day, that something
// was intended, or that it does not do what it is said to do.
func (v *view) allowed(s string, named []deadMemo) bool {
	if v.mayCite(s) || announced.MatchString(s) {
		return true
	}
	if past.MatchString(s) && slices.ContainsFunc(named, func(d deadMemo) bool { return !v.stood(d, s) }) {
		return false
	}
	denied, claimed := 0, 0
	for _, m := range force.FindAllStringSubmatch(past.ReplaceAllString(ended.ReplaceAllString(s, " "), " "), -1) {
		if m[1] != "" || m[2] != "" {
			denied++
		} else {
			claimed++
		}
	}
	return claimed == 0 && (denied > 0 || ended.MatchString(s) || past.MatchString(s))
}

// anyDate is a day written out.
var anyDate = regexp.MustCompile(`(?i)\b(` + months + `)\s+(\d{1,2}),?\s+(\d{4})`)

// stood reports that an instrument was in force on each day that a sentence
// names, but for the days of its own title: those on which something happened
// to it.
func (v *view) stood(d deadMemo, s string) bool {
	in := v.in.input
	if in.Library == nil || d.id == "" {
		return true
	}
	for _, m := range anyDate.FindAllStringSubmatch(s, -1) {
		t, err := time.Parse("Jan 2 2006", upperFirst(strings.ToLower(m[1][:3]))+" "+m[2]+" "+m[3])
		if err != nil {
			return false
		}
		day := factors.DateOf(t)
		if slices.ContainsFunc(d.dates, func(own factors.Date) bool { return own.String() == day.String() }) {
			continue
		}
		if st, ok := in.Library.Status(d.id, day); ok && !st.State.InForce() {
			return false
		}
	}
	return true
}

// mayCite reports that a sentence is the library's own for the day of signing.
func (v *view) mayCite(s string) bool {
	in := v.in.input
	if in.Library == nil {
		return false
	}
	for _, f := range in.Library.Instruments() {
		if words, ok := in.Library.MayCite(f.ID, in.SigningDate); ok && strings.TrimSpace(s) == words {
			return true
		}
	}
	return false
}

func lookDeadMemo(v *view) []Place {
	in := v.in.input
	anyMemo := false
	if in.Library != nil {
		now := in.Library.InForce(in.SigningDate)
		anyMemo = len(now.DHS) > 0 || len(now.OPLA) > 0
	}
	dead := v.deadMemos()
	var out []Place
	for _, ps := range v.letter {
		for _, s := range sentences(ps.text) {
			if v.claimsMemo(s, dead, anyMemo) {
				out = append(out, *at(ps, s))
			}
		}
	}
	for _, ps := range v.names {
		// A title may name a memo; it may not say that it stands.
		if force.MatchString(ps.text) && v.claimsMemo(ps.text, dead, anyMemo) {
			out = append(out, *at(ps, ps.text))
		}
	}
	return out
}

func (v *view) claimsMemo(s string, dead []deadMemo, anyMemo bool) bool {
	if policy.MatchString(s) && !announced.MatchString(s) {
		return true
	}
	m := mentions(s)
	var named []deadMemo
	for _, d := range dead {
		if d.namedIn(m) {
			named = append(named, d)
		}
	}
	claims := len(named) > 0
	if !claims && !anyMemo {
		claims = theGuide.MatchString(s) || slices.ContainsFunc(general, func(re *regexp.Regexp) bool { return re.MatchString(s) })
	}
	return claims && !v.allowed(s, named)
}
