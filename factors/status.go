package factors

import "fmt"

// An Event is one thing that happened to an instrument.
type Event struct {
	Date       Date       `toml:"date"`
	Event      string     `toml:"event"`
	Source     string     `toml:"source"`
	Confidence Confidence `toml:"confidence"`
	Note       string     `toml:"note"`

	// Doubt is the interval within which the sources disagree about the day.
	// Date is then the day that the library goes by.
	Doubt Date `toml:"doubt"`
}

// A State is what an instrument is on one day.
type State string

const (
	NotIssued     State = "not-issued"
	Announced     State = "announced"
	Issued        State = "issued" // and not yet operative
	InForceWhole  State = "in-force"
	InForceInPart State = "in-force-in-part"
	Unconfirmed   State = "unconfirmed" // last seen at work on that day, and nothing found since
	Enjoined      State = "enjoined"
	Suspended     State = "suspended"
	Vacated       State = "vacated"
	Superseded    State = "superseded"
	Rescinded     State = "rescinded"
	Ended         State = "ended" // treated as ended; no instrument that says so was found
)

// events lists what can happen, and what the instrument is afterwards.
var events = map[string]State{
	"announced":          Announced,
	"issued":             Issued,
	"effective":          InForceWhole,
	"reinstated":         InForceWhole,
	"reinstated-in-part": InForceInPart,
	"narrowed":           InForceInPart,
	"implemented":        InForceWhole, // carried out through a later instrument, which is the frame from then on
	"last-seen":          Unconfirmed,
	"enjoined":           Enjoined,
	"suspended":          Suspended,
	"vacated":            Vacated,
	"superseded":         Superseded,
	"rescinded":          Rescinded,
	"ended":              Ended,
	"noted":              "", // belongs to the history and changes nothing
}

// InForce reports a state in which the instrument, or a part of it, is at work.
func (s State) InForce() bool { return s == InForceWhole || s == InForceInPart }

func checkEvents(list []Event) error {
	var last Day = dayFirst
	for i, e := range list {
		from, ok := e.Date.Earliest()
		if _, known := e.Date.Latest(); !ok || !known {
			return fmt.Errorf("event %d: date is missing or open", i+1)
		}
		if _, ok := events[e.Event]; !ok {
			return fmt.Errorf("event %d: not an event that is known", i+1)
		}
		if e.Source == "" {
			return fmt.Errorf("event %d: no source", i+1)
		}
		if !e.Confidence.known() {
			return fmt.Errorf("event %d: confidence is none that is known", i+1)
		}
		if !e.Doubt.IsZero() {
			doubtFrom, open := e.Doubt.Earliest()
			doubtTo, open2 := e.Doubt.Latest()
			if !open || !open2 || doubtFrom > from || doubtTo < from {
				return fmt.Errorf("event %d: doubt does not hold the date", i+1)
			}
		}
		if from < last {
			return fmt.Errorf("event %d: earlier than the one before it", i+1)
		}
		last = from
	}
	return nil
}

// A Status is what an instrument is on one day, and since when.
type Status struct {
	ID    string
	State State
	Since Date // of the event that made it so; both dates where the sources disagree

	// Certain is false on a day about which the sources disagree, or on which
	// an event that is only known by its month or year may have happened or not.
	Certain bool

	Confidence Confidence // of the event that made it so
	Source     string
	Note       string

	elsewhere bool // carried out through a later instrument
}

// on computes the status at the end of one day. In doubt an instrument is not
// in force: a statement of force that may be false does more harm than one that
// was left out.
func (in *Instrument) on(day Day) Status {
	s := Status{ID: in.ID, State: NotIssued, Certain: true, Confidence: in.Confidence}
	for _, e := range in.Events {
		next := events[e.Event]
		if next == "" {
			continue
		}
		from, to := e.Date.from, e.Date.to
		window := e.Doubt
		if window.IsZero() && from != to {
			window = e.Date
		}
		if !window.IsZero() && window.from <= day && day <= window.to {
			s.Certain = false
		}
		begins := from
		if next.InForce() && !s.State.InForce() {
			begins = to
		}
		if day < begins {
			continue
		}
		since := e.Date
		if !e.Doubt.IsZero() {
			since = e.Doubt
		}
		s.State, s.Since = next, since
		s.Confidence, s.Source, s.Note = e.Confidence, e.Source, e.Note
		s.elsewhere = e.Event == "implemented"
		if next == Unconfirmed {
			s.Certain = false
		}
	}
	return s
}

// Status returns what the instrument is on a date, and false for an id that the
// library does not hold. A date that is not one day counts by its latest day,
// and is not certain where the status changes within it.
func (lib *Library) Status(id string, asOf Date) (Status, bool) {
	in, ok := lib.byID[id]
	if !ok {
		return Status{}, false
	}
	return in.status(asOf), true
}

func (in *Instrument) status(asOf Date) Status {
	latest, ok := asOf.Latest()
	if !ok {
		return Status{ID: in.ID, State: NotIssued, Confidence: in.Confidence}
	}
	s := in.on(latest)
	if _, one := asOf.Day(); one {
		return s
	}
	if earliest, ok := asOf.Earliest(); !ok || in.on(earliest).State != s.State {
		s.Certain = false
	}
	return s
}

// InForce lists what was in force on one day. DHS, OPLA, VictimsWorkers and
// Regulation hold frames: instruments that say how cases are weighed or
// prioritized. An empty list means that none is known. Context holds the other
// orders, directives and processes.
type InForce struct {
	DHS            []string `json:"dhs"`
	OPLA           []string `json:"opla"`
	VictimsWorkers []string `json:"victims-workers"`
	Regulation     []string `json:"regulation"`
	Context        []string `json:"-"`
}

// InForce returns what was in force on a date, by channel, in the library's
// order.
func (lib *Library) InForce(asOf Date) InForce {
	f := InForce{DHS: []string{}, OPLA: []string{}, VictimsWorkers: []string{}, Regulation: []string{}, Context: []string{}}
	for _, in := range lib.instruments {
		s := in.status(asOf)
		if !s.State.InForce() && s.State != Unconfirmed {
			continue
		}
		list := &f.Context
		if in.Lists && s.State != Unconfirmed && !s.elsewhere {
			switch in.Channel {
			case ChannelDHS:
				list = &f.DHS
			case ChannelOPLA:
				list = &f.OPLA
			case ChannelVictimsWorkers:
				list = &f.VictimsWorkers
			case ChannelRegulation:
				list = &f.Regulation
			}
		}
		*list = append(*list, in.ID)
	}
	return f
}
