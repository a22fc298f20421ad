package factors

import (
	"slices"
	"strconv"
	"strings"
)

// factNames are the facts that a rule can look at and that Answers can speak
// of, by their names in the case document.
var factNames = []string{
	"dateOfBirth", "countryOfBirth", "countryOfCitizenship", "lprSince",
	"entries", "absences", "offenses", "arrests", "orders", "priorRemovals", "adverse",
	"relatives", "health", "military", "education", "communityTies", "roles", "disputes", "reliefPending",
	"detained", "bookInDate", "custodyAuthority", "proceedingStage",
	"continuousPresenceSince2014", "flightRisk", "danger",
}

// element is the path of an element: by its id, or by its position where a
// document gives it none.
func element(list, id string, i int) string {
	if id == "" {
		id = strconv.Itoa(i)
	}
	return list + "/" + id
}

// elementOf cuts the path of a fact down to its element.
func elementOf(path string) string {
	list, rest, ok := strings.Cut(path, "/")
	if !ok {
		return path
	}
	id, _, _ := strings.Cut(rest, "/")
	return list + "/" + id
}

// input is one fact that a rule looked at. When it is missing, the reason is
// the one that somebody recorded, or that nobody has asked.
func (f *Facts) input(path, value string, missing bool) Input {
	in := Input{Fact: path, Value: value}
	if missing {
		in.Reason = NotAsked
		for _, p := range []string{path, elementOf(path)} {
			if r := f.Answers[p].Reason; r != "" {
				in.Reason = r
				break
			}
		}
	}
	return in
}

// An item is one element of a list, in the few words that a row shows.
type item struct {
	path, kind, person, words string
}

// elements lists what is recorded under one fact.
func (f *Facts) elements(name string) []item {
	var out []item
	add := func(id string, i int, kind, person string, words ...string) {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
		out = append(out, item{element(name, id, i), kind, person, firstOf(strings.Join(words, ", "), "recorded")})
	}
	single := func(value string) {
		if value != "" {
			out = append(out, item{path: name, words: value})
		}
	}
	said := func(a Answer) {
		if a != Unknown {
			single(a.String())
		}
	}
	switch name {
	case "dateOfBirth":
		single(f.DateOfBirth.String())
	case "countryOfBirth":
		single(f.CountryOfBirth)
	case "countryOfCitizenship":
		single(f.CountryOfCitizenship)
	case "lprSince":
		single(f.LPRSince.String())
	case "detained":
		said(f.Detained)
	case "bookInDate":
		single(f.BookInDate.String())
	case "custodyAuthority":
		single(f.CustodyAuthority)
	case "proceedingStage":
		single(f.ProceedingStage)
	case "continuousPresenceSince2014":
		said(f.Continuous)
	case "flightRisk":
		said(f.FlightRisk)
	case "danger":
		said(f.Danger)
	case "entries":
		for i, e := range f.Entries {
			add(e.ID, i, "", "", e.Date.String(), e.Manner)
		}
	case "absences":
		for i, a := range f.Absences {
			add(a.ID, i, "", "", a.From.String(), a.To.String())
		}
	case "offenses":
		for i, o := range f.Offenses {
			add(o.ID, i, "", "", firstOf(o.Title, o.Degree), firstOf(o.ConvictionDate.String(), o.OffenseDate.String()))
		}
	case "arrests":
		for i, a := range f.Arrests {
			add(a.ID, i, "", "", a.Title, a.Date.String(), a.Outcome)
		}
	case "orders":
		for i, o := range f.Orders {
			add(o.ID, i, o.Kind, "", o.Kind, o.Date.String())
		}
	case "priorRemovals":
		for i, r := range f.Removals {
			add(r.ID, i, "", "", r.Manner, r.Date.String())
		}
	case "adverse":
		for i, a := range f.Adverse {
			add(a.ID, i, a.Kind, "", firstOf(a.Title, a.Kind), a.Date.String())
		}
	case "relatives":
		for i, r := range f.Relatives {
			care := ""
			if r.Caretaking == Yes {
				care = "the client takes care of them"
			}
			add(r.ID, i, r.Relation, "", r.Relation, r.Status, care, r.Condition)
		}
	case "health":
		for i, h := range f.Health {
			add(h.ID, i, h.Kind, h.Person, h.Kind, h.Title)
		}
	case "military":
		for i, s := range f.Military {
			add(s.ID, i, s.Kind, s.Person, firstOf(s.Branch, s.Kind), s.From.String(), s.To.String())
		}
	case "education":
		for i, s := range f.Education {
			add(s.ID, i, "", "", s.Level, s.Finished.String())
		}
	case "communityTies":
		for i, t := range f.Ties {
			add(t.ID, i, t.Kind, "", firstOf(t.Title, t.Kind), t.Since.String())
		}
	case "roles":
		for i, r := range f.Roles {
			add(r.ID, i, r.Kind, "", r.Kind, r.Matter)
		}
	case "disputes":
		for i, d := range f.Disputes {
			add(d.ID, i, d.Kind, "", d.Kind, d.Matter)
		}
	case "reliefPending":
		for i, r := range f.Relief {
			add(r.ID, i, r.Kind, "", r.Kind, r.Status)
		}
	}
	return out
}

// unqualified returns the facts with every date taken as it stands, and whether
// that changes anything.
func (f *Facts) unqualified() (*Facts, bool) {
	changed := false
	plain := *f
	take := func(d *Date) {
		if d.qualified {
			changed = true
			*d = d.Unqualified()
		}
	}
	take(&plain.DateOfBirth)
	take(&plain.LPRSince)
	plain.Entries = slices.Clone(f.Entries)
	for i := range plain.Entries {
		take(&plain.Entries[i].Date)
	}
	plain.Orders = slices.Clone(f.Orders)
	for i := range plain.Orders {
		take(&plain.Orders[i].Date)
	}
	plain.Offenses = slices.Clone(f.Offenses)
	for i := range plain.Offenses {
		o := &plain.Offenses[i]
		take(&o.OffenseDate)
		take(&o.ConvictionDate)
		take(&o.ReleaseDate)
	}
	return &plain, changed
}
