package export

import (
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// A draft is what can be said of one argued row from recorded facts alone: a
// few words for page one, and a sentence. Each element of it is proved in the
// packet. It uses no name but the client's, no address, no employer, no school,
// no place or manner of entry, and nothing under 8 USC 1367.
type draft struct {
	short string
	long  []string
}

// Headings of the equities, in the order in which the letter has them.
const (
	headTime      = "Time in the United States"
	headFamily    = "Family and care"
	headHealth    = "Health"
	headWorker    = "Worker and witness"
	headCommunity = "Community"
	headService   = "Service"
	headRelief    = "Relief"
	headOther     = "Other equities"
)

var headingOrder = []string{headTime, headFamily, headHealth, headWorker, headCommunity, headService, headRelief, headOther}

// headings says under which heading a fact belongs, by the list it is in.
var headings = map[string]string{
	"entries": headTime, "absences": headTime, "relatives": headFamily, "health": headHealth,
	"roles": headWorker, "disputes": headWorker, "communityTies": headCommunity, "education": headCommunity,
	"military": headService, "reliefPending": headRelief,
}

// rowHeading is the heading for a row that looks at these elements.
func rowHeading(elements []string) string {
	if len(elements) > 0 {
		kind, _, _ := strings.Cut(elements[0], "/")
		if h := headings[kind]; h != "" {
			return h
		}
	}
	return headOther
}

// draftRow drafts from the facts that a row looked at, given as element paths
// in the order of the row. What no exhibit of the packet proves is not told: a
// page about one child does not let the letter speak of her aunt.
func draftRow(e evidence, elements []string, chosen []factors.Proof) draft {
	who := clientWords(e.doc)
	var d draft
	for _, path := range elements {
		if e.protected[path] || !e.proved(path, elements, chosen) {
			continue
		}
		kind, id, _ := strings.Cut(path, "/")
		short, long := draftElement(e.doc, who, kind, id, e.on)
		if d.short == "" {
			d.short = short
		}
		// A row that looks at one person through two lists says it once.
		if long != "" && !slices.Contains(d.long, long) {
			d.long = append(d.long, long)
		}
	}
	return d
}

func draftElement(doc casefile.Document, who words, kind, id string, on factors.Date) (short, long string) {
	switch kind {
	case "entries":
		return draftPresence(doc, who, on)
	case "relatives":
		for i, r := range doc.Relatives {
			if elementPath(kind, r.ID, i) == kind+"/"+id && r.Deceased != factors.Yes {
				return draftRelative(who, r, on)
			}
		}
	case "health":
		for i, h := range doc.Health {
			if elementPath(kind, h.ID, i) == kind+"/"+id {
				return draftHealth(doc, who, h, on)
			}
		}
	case "roles":
		for i, r := range doc.Roles {
			if elementPath(kind, r.ID, i) == kind+"/"+id {
				return draftRole(who, r)
			}
		}
	case "disputes":
		for i, d := range doc.Disputes {
			if elementPath(kind, d.ID, i) == kind+"/"+id {
				return draftDispute(who, d)
			}
		}
	case "communityTies":
		for i, t := range doc.Ties {
			if elementPath(kind, t.ID, i) == kind+"/"+id {
				return draftTie(who, t)
			}
		}
	case "education":
		for i, s := range doc.Education {
			if elementPath(kind, s.ID, i) == kind+"/"+id {
				return draftSchool(who, s)
			}
		}
	case "military":
		for i, s := range doc.Military {
			if elementPath(kind, s.ID, i) == kind+"/"+id {
				return draftService(doc, who, s, on)
			}
		}
	case "reliefPending":
		for i, r := range doc.Relief {
			if elementPath(kind, r.ID, i) == kind+"/"+id {
				return draftRelief(who, r)
			}
		}
	}
	return "", ""
}

// draftPresence speaks of the one recorded entry, and only by its date. Where
// the file holds a second one, an absence or a removal, how the years are to be
// told is for the person who signs.
func draftPresence(doc casefile.Document, who words, on factors.Date) (short, long string) {
	if len(doc.Entries) != 1 || len(doc.Absences) > 0 || len(doc.Removals) > 0 {
		return "", ""
	}
	first := doc.Entries[0].Date
	span := factors.Between(first, on).String()
	if span == "" {
		return "", ""
	}
	came := "first came to the United States" + onDate(first) + ", " + span + " ago"
	return upperFirst(came), who.name + " " + came + "."
}

// draftTie speaks of a congregation or of volunteering. Where somebody works,
// lives or pays taxes is where others are found too, and is told only in words
// that a person typed for the letter.
func draftTie(who words, t factors.Tie) (short, long string) {
	title := strings.TrimSuffix(strings.TrimSpace(t.Title), ".")
	if title == "" || t.Kind != "church" && t.Kind != "volunteering" {
		return "", ""
	}
	since := sinceDate(t.Since)
	if since != "" {
		since = "," + since
	}
	return upperFirst(title), upperFirst(who.possessive) + " ties here: " + upperFirst(title) + since + "."
}

// draftRelative speaks of citizens and lawful residents only. Whether somebody
// else is mentioned at all is for that person and the lawyer.
func draftRelative(who words, r factors.Relative, on factors.Date) (short, long string) {
	if r.Status != "citizen" && r.Status != "lpr" {
		return "", ""
	}
	role := relativeWords(r, on)
	condition := strings.TrimSpace(r.Condition)
	short = upperFirst(role)
	if condition != "" {
		short += ", with " + condition
	}
	if r.Caretaking == factors.Yes {
		short += ", in " + who.possessive + " care"
		long = who.name + " is a main caretaker of " + who.possessive + " " + role
	} else {
		long = who.name + " has a " + role
	}
	if r.LivesWith == factors.Yes {
		long += ", who lives with " + object(who)
		if condition != "" {
			long += " and has " + condition
		}
	} else if condition != "" {
		long += ", who has " + condition
	}
	return short, long + "."
}

func object(who words) string {
	switch who.subject {
	case "she":
		return "her"
	case "he":
		return "him"
	}
	return who.subject
}

func draftHealth(doc casefile.Document, who words, h factors.Health, on factors.Date) (short, long string) {
	title := strings.TrimSuffix(strings.TrimSpace(h.Title), ".")
	if title == "" {
		return "", ""
	}
	certified := ""
	if h.Certified == factors.Yes {
		certified = ", as a clinician certifies"
	}
	if h.Person == "" || h.Person == "client" {
		return upperFirst(title), who.name + " has " + lowerFirst(title) + certified + "."
	}
	for i, r := range doc.Relatives {
		if r.ID == h.Person || elementPath("relatives", r.ID, i) == h.Person {
			role := relativeWords(r, on)
			return upperFirst(role) + ": " + lowerFirst(title),
				upperFirst(who.possessive) + " " + role + ", has " + lowerFirst(title) + certified + "."
		}
	}
	return "", ""
}

func draftRole(who words, r factors.Role) (short, long string) {
	if r.Kind == "" {
		return "", ""
	}
	matter := strings.TrimSuffix(strings.TrimSpace(r.Matter), ".")
	where := ""
	if matter != "" {
		where = " in " + lowerFirst(matter)
	}
	if r.Forum != "" {
		where += " before " + r.Forum
	}
	pending := ""
	if r.Pending == factors.Yes {
		pending = ", which is pending"
	}
	return upperFirst(r.Kind) + where, who.name + " is a " + r.Kind + where + pending + "."
}

// draftDispute names the agency and the dates, not the employer: the employer's
// name is the client's to give. Without a kind and the date of a complaint
// nobody has recorded that there was one.
func draftDispute(who words, d factors.Dispute) (short, long string) {
	if d.Kind != "labor" && d.Kind != "housing" || d.ComplaintDate.IsZero() {
		return "", ""
	}
	what := d.Kind + " complaint"
	to := ""
	if d.Agency != "" {
		to = " to " + d.Agency
	}
	short = upperFirst(what) + to
	long = who.name + " took part in a " + what + to + onDate(d.ComplaintDate)
	if d.Pending == factors.Yes {
		long += "; the matter is pending"
		short += ", pending"
	}
	return short, long + "."
}

func draftSchool(who words, s factors.School) (short, long string) {
	level := strings.TrimSpace(s.Level)
	switch {
	case level == "":
		return "", ""
	case s.Current == factors.Yes:
		return "In school: " + level, who.name + " is in school (" + level + ")."
	case !s.Finished.IsZero():
		return "Finished " + level, who.name + " finished " + level + onDate(s.Finished) + "."
	}
	return "", ""
}

func draftService(doc casefile.Document, who words, s factors.Service, on factors.Date) (short, long string) {
	subject := who.name
	if s.Person != "" && s.Person != "client" {
		subject = ""
		for i, r := range doc.Relatives {
			if r.ID == s.Person || elementPath("relatives", r.ID, i) == s.Person {
				subject = upperFirst(who.possessive) + " " + relativeWords(r, on) + ","
			}
		}
	}
	if subject == "" || s.Branch == "" {
		return "", ""
	}
	return "Service: " + s.Branch, subject + " " + served(s) + "."
}

// served says what is recorded of a service. One that began and has no end
// recorded may have ended.
func served(s factors.Service) string {
	from, to := longDate(s.From), longDate(s.To)
	switch {
	case from != "" && to != "":
		return "served in the " + s.Branch + " from " + from + " to " + to
	case from != "":
		return "entered service in the " + s.Branch + onDate(s.From)
	case to != "":
		return "served in the " + s.Branch + " until " + to
	default:
		return "served in the " + s.Branch
	}
}

func draftRelief(who words, r factors.Relief) (short, long string) {
	name := reliefNames[r.Kind]
	if name == "" || r.Status != "pending" {
		return "", ""
	}
	return "Application for " + name + " pending", upperFirst(who.possessive) + " application for " + name + filed(r.Filed) + " is pending."
}

var reliefNames = map[string]string{
	"asylum": "asylum", "withholding": "withholding of removal", "cancellation": "cancellation of removal",
	"adjustment": "adjustment of status", "tps": "temporary protected status",
}

func filed(d factors.Date) string {
	if d.IsZero() {
		return ""
	}
	return ", filed" + onDate(d) + ","
}

func sinceDate(d factors.Date) string {
	w := longDate(d)
	switch {
	case w == "":
		return ""
	case strings.HasPrefix(w, "since ") || strings.HasPrefix(w, "by "):
		return " " + w
	}
	return " since " + w
}
