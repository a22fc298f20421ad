package factors

import (
	"fmt"
	"strings"
)

// The kinds of an ask that decide which regulation governs a request.
const (
	AskRelease = "release-236"
	AskParole  = "parole-212-5"
)

// A Choice is the instrument by which a checklist is organized, and why.
type Choice struct {
	ID  string
	Why string // office, governs, or last: the office chose it; it governs the request; it was the last
}

// Governing returns the regulation under which the request is decided, by what
// is asked and, where nothing is asked yet, by the authority for the custody.
// It is empty when the library does not know.
func (lib *Library) Governing(facts Facts, ask string) string {
	switch ask {
	case AskRelease:
		return lib.release
	case AskParole:
		return lib.parole
	case "":
	default:
		return ""
	}
	authority, _ := word("custodyAuthority", facts.CustodyAuthority)
	switch authority {
	case "236(a)":
		return lib.release
	case "235(b)(1)", "235(b)(2)":
		return lib.parole
	default:
		return ""
	}
}

// DefaultFrame chooses the instrument that a checklist opens with: what the
// office has chosen; else the regulation that governs; else the last DHS
// instrument that listed factors. A new case therefore always has two columns.
func (lib *Library) DefaultFrame(facts Facts, ask, office string) Choice {
	if in, ok := lib.Instrument(office); ok && in.frame() {
		return Choice{office, "office"}
	}
	if id := lib.Governing(facts, ask); id != "" {
		return Choice{id, "governs"}
	}
	return Choice{lib.fallback, "last"}
}

// A Menu is what "organized by" offers. The three choices on top have their own
// words on screen; an empty id is a choice that cannot be made yet.
type Menu struct {
	Governs string   // what governs this request today
	Last    string   // the last DHS guidelines
	Office  string   // the office's own list
	More    []string // every other frame that has rules
}

// Menu returns the frames to choose from.
func (lib *Library) Menu(facts Facts, ask, office string) Menu {
	m := Menu{Governs: lib.Governing(facts, ask), Last: lib.fallback}
	if in, ok := lib.Instrument(office); ok && in.frame() {
		m.Office = office
	}
	for _, in := range lib.Frames() {
		if in.ID != m.Governs && in.ID != m.Last && in.ID != m.Office {
			m.More = append(m.More, in.ID)
		}
	}
	return m
}

// StatusSentences returns the two sentences that stand above a checklist, for
// one day: what is in force, and by what the checklist is organized. governing
// is the regulation that [Library.Governing] gives, or empty.
func (lib *Library) StatusSentences(frame string, asOf Date, governing string) (inForce, organizedBy string) {
	now := lib.InForce(asOf)
	checked := "library checked " + lib.Checked.Words()
	switch memos := append(append([]string{}, now.DHS...), now.OPLA...); {
	case len(memos) == 0:
		inForce = "No DHS or OPLA memo that lists factors is known (" + checked + ")."
	default:
		var names []string
		for _, id := range memos {
			s, _ := lib.Status(id, asOf)
			name := lib.byID[id].Name()
			if s.State == InForceInPart {
				name += " (in part)"
			}
			names = append(names, name)
		}
		inForce = "On " + asOf.Words() + ": " + strings.Join(names, "; ") + " (" + checked + ")."
	}
	for _, in := range lib.instruments {
		if s := in.status(asOf); !s.Certain && (in.Channel == ChannelDHS || in.Channel == ChannelOPLA) {
			inForce += " The sources disagree about " + in.Name() + " on this day."
		}
	}
	if in, ok := lib.Instrument(governing); ok && in.Governs != "" {
		inForce += " " + in.Governs + " is decided under " + in.Cite
		if in.Confidence == Unverified || in.Confidence == Weak {
			inForce += " (text unverified)"
		}
		inForce += "."
	} else {
		inForce += " Which regulation governs this request is not known yet: say what is asked, or under which authority custody is."
	}
	return inForce, lib.organizedBy(frame, asOf)
}

// organizedBy names a frame with where it stands on a day.
func (lib *Library) organizedBy(frame string, asOf Date) string {
	in, ok := lib.Instrument(frame)
	if !ok {
		return ""
	}
	s := in.status(asOf)
	name := in.Name()
	switch s.State {
	case InForceWhole:
		if in.Channel == ChannelRegulation {
			return name + ", in force (text unverified)"
		}
		return name + ", in force on " + asOf.Words()
	case InForceInPart:
		return name + ", in force in part on " + asOf.Words()
	case NotIssued:
		return name + ", not issued on " + asOf.Words()
	case Issued, Announced:
		return name + ", " + string(s.State) + " " + s.Since.Words() + ", not yet in force"
	case Unconfirmed:
		return name + ", last known " + s.Since.Words()
	default:
		return name + ", " + string(s.State) + " " + s.Since.Words()
	}
}

// BlindSentence says after which day the library knows nothing.
func (lib *Library) BlindSentence() string {
	return "The rules and memos here were checked on " + lib.Checked.Words() +
		"; they know nothing after " + lib.BlindAfter.Words() + "."
}

// PastStatusSentence returns the one form in which a packet may speak of an
// instrument's force on an earlier day: that of the decision under review. It
// is false when the instrument was not wholly and certainly in force then.
func (lib *Library) PastStatusSentence(frame string, decision Date) (string, bool) {
	in, ok := lib.Instrument(frame)
	if _, one := decision.Day(); !ok || !one {
		return "", false
	}
	if s := in.status(decision); s.State != InForceWhole || !s.Certain {
		return "", false
	}
	return fmt.Sprintf("On %s, %s was in force.", decision.Words(), in.citedName()), true
}

// citedName is the name by which a packet speaks of an instrument.
func (in *Instrument) citedName() string {
	if in.Channel == ChannelRegulation {
		return in.Cite
	}
	return "the memorandum “" + in.Title + "”"
}

// MayCite returns the sentence by which a letter may name the instrument that
// its reasons are ordered by, computed for the day of signing. For a regulation
// in force it says that the request is decided under it; for an instrument that
// has ended it says no more than where the order of the reasons comes from. It
// is false where a letter should not name the instrument at all: one that lists
// nothing for the client, or one whose standing on that day is in doubt.
func (lib *Library) MayCite(frame string, signing Date) (string, bool) {
	in, ok := lib.Instrument(frame)
	if _, one := signing.Day(); !ok || !one {
		return "", false
	}
	s := in.status(signing)
	if !s.Certain {
		return "", false
	}
	switch {
	case in.Channel == ChannelRegulation && s.State == InForceWhole && in.Governs != "":
		return in.Governs + " is decided under " + in.Cite + ".", true
	case in.Organizes != "":
		return "The reasons below are set out under " + in.Organizes + ", as a way to order them.", true
	default:
		return "", false
	}
}
