package export

import (
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// A draft is what can be said of one argued row from recorded facts alone: a
// few words for page one, and a sentence. It uses no name but the client's, no
// address, no employer, no school, no place or manner of entry, and nothing
// under 8 USC 1367.
type draft struct {
	heading string
	short   string
	long    []string
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

// draftRow drafts from the facts that a row looked at, given as element paths
// in the order of the row.
func draftRow(doc casefile.Document, elements []string, on factors.Date) draft {
	who := clientWords(doc)
	d := draft{heading: headOther}
	for i, path := range elements {
		kind, id, _ := strings.Cut(path, "/")
		if i == 0 {
			if h := headings[kind]; h != "" {
				d.heading = h
			}
		}
		short, long := draftElement(doc, who, kind, id, on)
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
			if elementPath(kind, r.ID, i) == kind+"/"+id && !r.Protected {
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
			if elementPath(kind, t.ID, i) == kind+"/"+id && t.Title != "" {
				title := strings.TrimSuffix(t.Title, ".")
				return upperFirst(title), upperFirst(who.possessive) + " ties here include " + lowerFirst(title) + sinceDate(t.Since) + "."
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
			if elementPath(kind, r.ID, i) == kind+"/"+id && !r.Protected && r.Status == "pending" {
				name := reliefNames[r.Kind]
				if name == "" {
					name = "relief"
				}
				return "Application for " + name + " pending",
					upperFirst(who.possessive) + " application for " + name + filed(r.Filed) + " is pending."
			}
		}
	}
	return "", ""
}

// draftPresence speaks of the first recorded entry only by its date.
func draftPresence(doc casefile.Document, who words, on factors.Date) (short, long string) {
	var first factors.Date
	for _, e := range doc.Entries {
		if first.IsZero() || e.Date.Before(first) == factors.Yes {
			first = e.Date
		}
	}
	span := factors.Between(first, on).String()
	if span == "" {
		return "", ""
	}
	return "Home in the United States since " + longDate(first) + ", " + span,
		who.name + " has made " + who.possessive + " home in the United States since " + longDate(first) + ", " + span + " ago."
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
// name is the client's to give.
func draftDispute(who words, d factors.Dispute) (short, long string) {
	what := "housing complaint"
	if d.Kind == "labor" {
		what = "labor complaint"
	}
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
	return "Service: " + s.Branch, subject + " served in the " + s.Branch + sinceDate(s.From) + "."
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
