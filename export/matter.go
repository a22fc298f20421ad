package export

import (
	"fmt"
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// matterLeaves reports that a person decided that the matter leaves and that
// nothing forbids it: ICE is recorded to have it, or somebody confirmed a second
// time.
func matterLeaves(m factors.Matter) bool {
	if l := m.Leaves(); l != factors.Mention && l != factors.ExplainWith {
		return false
	}
	return m.KnownToGov == factors.Yes || m.Decision.SecondLook != ""
}

// isRecord reports a matter that a sentence of clean record would contradict:
// an arrest, a conviction, an order, a removal.
func isRecord(m factors.Matter) bool {
	switch m.Kind {
	case "offense", "arrest", "order", "removal":
		return true
	}
	return false
}

// hides reports a matter whose element and proofs stay with it. An entry is
// different: its date may be argued while its manner is not told.
func hides(m factors.Matter) bool { return m.Kind != "entry" && !matterLeaves(m) }

// elementPath names an element by its id, or by its position where a document
// typed by hand has none.
func elementPath(kind, id string, i int) string {
	if id == "" {
		id = fmt.Sprint(i)
	}
	return kind + "/" + id
}

// Unanswered lists the matters that ICE is recorded to have and that the letter
// would neither mention nor knowingly leave out (practice point P3).
func Unanswered(doc casefile.Document) []factors.Matter {
	var open []factors.Matter
	for _, m := range factors.AdverseMatters(doc.Facts, doc.Decisions) {
		if m.KnownToGov == factors.Yes && m.Leaves() == factors.Undecided {
			open = append(open, m)
		}
	}
	return open
}

// AnswerWhatICEHas decides that every matter which ICE is recorded to have is
// answered in the letter: explained where an exhibit proves something about it,
// mentioned where none does. Nothing else is decided. A decision that carries an
// ID takes the place of the one that is there.
func AnswerWhatICEHas(doc casefile.Document) []factors.Decision {
	return decideKnown(doc, func(d *factors.Decision) {
		d.Leave, d.Reason = factors.Mention, ""
		if len(d.Proofs) > 0 || len(provenBy(doc.Exhibits, d.Subject)) > 0 {
			d.Leave = factors.ExplainWith
		}
	})
}

// LeaveAllOut decides, with one reason, that the letter is silent about every
// matter which ICE is recorded to have.
func LeaveAllOut(doc casefile.Document, reason string) []factors.Decision {
	return decideKnown(doc, func(d *factors.Decision) { d.Leave, d.Reason = factors.LeaveOut, reason })
}

func decideKnown(doc casefile.Document, decide func(*factors.Decision)) []factors.Decision {
	var out []factors.Decision
	for _, m := range factors.AdverseMatters(doc.Facts, doc.Decisions) {
		if m.KnownToGov != factors.Yes || m.Internal {
			continue
		}
		d := factors.Decision{Subject: m.Path}
		if m.Decision != nil {
			d = *m.Decision
		} else if i := slices.IndexFunc(doc.Decisions, func(o factors.Decision) bool { return o.Subject == m.Path }); i >= 0 {
			// Two that disagree are replaced by one that takes nothing from them.
			d.ID = doc.Decisions[i].ID
		}
		decide(&d)
		out = append(out, d)
	}
	return out
}

// WithDecisions returns the document with these decisions in the place of all
// those about the same subjects. The document that was given stays as it is.
func WithDecisions(doc casefile.Document, decisions []factors.Decision) casefile.Document {
	doc.Decisions = slices.Clone(doc.Decisions)
	for _, d := range decisions {
		same := func(o factors.Decision) bool { return o.Subject == d.Subject }
		i := slices.IndexFunc(doc.Decisions, same)
		if i < 0 {
			doc.Decisions = append(doc.Decisions, d)
			continue
		}
		doc.Decisions[i] = d
		rest := slices.DeleteFunc(doc.Decisions[i+1:], same)
		doc.Decisions = doc.Decisions[:i+1+len(rest)]
	}
	return doc
}

// decidedTwice lists the subjects about which two decisions are there that do
// not say the same, each once.
func decidedTwice(decisions []factors.Decision) []string {
	var out []string
	first := make(map[string]factors.Decision, len(decisions))
	for _, d := range decisions {
		if o, there := first[d.Subject]; !there {
			first[d.Subject] = d
		} else if !o.Agrees(d) && !slices.Contains(out, d.Subject) {
			out = append(out, d.Subject)
		}
	}
	return out
}

// provenBy lists the proofs that exhibits name for a path: their own, or that
// of an element's part.
func provenBy(exhibits []casefile.Exhibit, path string) []factors.Proof {
	var out []factors.Proof
	for _, x := range exhibits {
		for _, p := range x.Proves {
			if p == path || strings.HasPrefix(p, path+"/") {
				out = append(out, factors.Proof{Exhibit: x.ID})
				break
			}
		}
	}
	return out
}

// DraftMatter is the two-sentence draft about one matter: its date, what came of
// it, and the time since. It is the text that a letter uses when the person
// wrote none, shown so that it can be edited first. It asserts nothing that is
// not recorded, and repeats nothing that was typed at intake: what somebody said
// about it then was not said for the letter. Where nothing is left to say, the
// draft is empty and a person has to write the sentence.
func DraftMatter(doc casefile.Document, path string, on factors.Date) string {
	kind, _, _ := strings.Cut(path, "/")
	who := clientWords(doc)
	switch kind {
	case "offenses":
		for i, o := range doc.Offenses {
			if elementPath(kind, o.ID, i) == path {
				return draftOffense(who, o, on)
			}
		}
	case "arrests":
		for i, a := range doc.Arrests {
			if elementPath(kind, a.ID, i) == path {
				return draftArrest(who, a, on)
			}
		}
	case "orders":
		for i, o := range doc.Orders {
			if elementPath(kind, o.ID, i) == path {
				s := "An order" + orderWords(o.Kind) + " was entered" + onDate(o.Date) + "."
				return s + since(o.Date, on, " That was ", " ago.")
			}
		}
	case "priorRemovals":
		for i, r := range doc.Removals {
			if elementPath(kind, r.ID, i) == path {
				return who.name + " was removed from the United States" + onDate(r.Date) + "." + since(r.Date, on, " That was ", " ago.")
			}
		}
	case "entries":
		for i, n := range doc.Entries {
			if elementPath(kind, n.ID, i) == path {
				return draftEntry(n)
			}
		}
	}
	return ""
}

// draftEntry tells what the government's record alleges and admits nothing: an
// allegation is pleaded to before a judge, if at all.
func draftEntry(n factors.Entry) string {
	manner := "without inspection"
	if n.Manner == factors.FalseClaim {
		manner = "on a false claim"
	}
	from := "The government’s record"
	if slices.Contains([]string{"NTA", "I-862", "I-213", "A-file", "docket"}, n.From) {
		from += " (" + n.From + ")"
	}
	return from + " alleges an entry " + manner + onDate(n.Date) + ". Nothing in this letter pleads to that allegation."
}

// draftOffense speaks of a conviction, and so needs the date of one.
func draftOffense(who words, o factors.Offense, on factors.Date) string {
	if o.ConvictionDate.IsZero() {
		return ""
	}
	s := who.name + " was convicted" + onDate(o.ConvictionDate)
	if o.SentenceImposedDays != nil {
		switch n := *o.SentenceImposedDays; n {
		case 0:
			s += " and was not sentenced to jail"
		case 1:
			s += " and sentenced to one day"
		default:
			s += fmt.Sprintf(" and sentenced to %d days", n)
		}
	}
	s += "."
	switch o.PostConviction {
	case "vacated", "expunged":
		s += " The conviction was later " + o.PostConviction + "."
	}
	return s + since(o.ConvictionDate, on, " That was ", " ago.")
}

func draftArrest(who words, a factors.Arrest, on factors.Date) string {
	s := who.name + " was arrested" + onDate(a.Date)
	switch a.Outcome {
	case "dismissed":
		s += "; the case was dismissed"
	case "not-prosecuted":
		s += "; no case was brought"
	case "pending":
		s += "; the case is pending"
	}
	return s + "." + since(a.Date, on, " That was ", " ago.")
}

// orderWords are " of removal" and the like, for the kinds of orders there are.
func orderWords(kind string) string {
	switch kind {
	case "removal", "exclusion", "deportation":
		return " of " + kind
	case "voluntary-departure":
		return " of voluntary departure"
	case "expedited":
		return " of expedited removal"
	default:
		return ""
	}
}
