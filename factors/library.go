package factors

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// A Channel says whom an instrument speaks to.
type Channel string

const (
	ChannelDHS            Channel = "dhs"             // arrest, detention and removal
	ChannelOPLA           Channel = "opla"            // ICE's attorneys in immigration court
	ChannelVictimsWorkers Channel = "victims-workers" // an overlay for victims, witnesses and workers
	ChannelRegulation     Channel = "regulation"      // 8 CFR
	ChannelContext        Channel = "context"         // orders, directives and processes around them
)

// Confidence says how well a statement of the library was found. None of the
// three means that an attorney has signed it.
type Confidence string

const (
	Found      Confidence = "found"      // in a source that the file names
	Weak       Confidence = "weak"       // in one that is secondary, undated, or contradicted
	Unverified Confidence = "unverified" // general knowledge: to be checked before anybody relies on it
)

// A Side is where a rule stands in the checklist.
type Side string

const (
	SideGate        Side = "gate" // an enforcement priority; never leaves
	SideMitigating  Side = "mitigating"
	SideAggravating Side = "aggravating"
	SideEither      Side = "either"    // weighed without saying which way
	SideProtected   Side = "protected" // what a decision must not rest on
	SideSpecialCare Side = "special-care"
	SideProcess     Side = "process"  // says how the agency decides, not about whom
	SideExposure    Side = "exposure" // what an officer may hold against the client today; never leaves
)

// A Label keeps law, memo, announcement, advocacy and our own apart.
type Label string

const (
	LabelLaw       Label = "law"
	LabelMemo      Label = "memo"
	LabelAnnounced Label = "announced" // an intention an agency announced; no issued policy was found
	LabelAdvocacy  Label = "advocacy"
	LabelOurs      Label = "ours"
	LabelExposure  Label = "exposure"
)

// A Library is what the program knows of memoranda and regulations. It is read
// once and never changes; any number of goroutines may use it.
type Library struct {
	Version    string // of the data, not of the program
	Checked    Date   // the day on which it was last compared with its sources
	BlindAfter Date   // it knows nothing that happened after this day
	SignedOff  string // the attorney who signed it; empty: nobody has
	SHA256     string // of the files, so that a packet can name its library

	fallback string // the last DHS instrument that listed factors
	release  string // the regulation of release from custody under INA 236(a)
	parole   string // the regulation of parole

	instruments []*Instrument
	byID        map[string]*Instrument
	rules       map[string]*Rule
}

// An Instrument is one memorandum, regulation, order or process.
type Instrument struct {
	ID         string     `toml:"id"`
	Title      string     `toml:"title"`
	Short      string     `toml:"short"` // Sept 30, 2021 Guidelines
	Author     string     `toml:"author"`
	Channel    Channel    `toml:"channel"`
	Label      Label      `toml:"label"`
	Lists      bool       `toml:"lists"`    // a frame: says how cases are weighed or prioritized
	Complete   bool       `toml:"complete"` // every rule of it is in the library
	Cite       string     `toml:"cite"`
	Confidence Confidence `toml:"confidence"`
	Sources    []string   `toml:"sources"`
	Note       string     `toml:"note"`

	// Organizes is how a letter may name the instrument when it orders its
	// reasons by it after it has ended. Empty: no letter does.
	Organizes string `toml:"organizes"`

	// Governs names, for a regulation, what is decided under it.
	Governs string `toml:"governs"`

	Events []Event `toml:"status"`
	Rules  []Rule  `toml:"rules"`
}

// Name returns the short name of the instrument where it has one.
func (in *Instrument) Name() string {
	if in.Short != "" {
		return in.Short
	}
	return in.Title
}

// A Rule is one thing that an instrument asks, in our words, with the place
// where it asks it.
type Rule struct {
	ID         string     `toml:"id"` // MAYORKAS/MIT-2; never changes once released
	Title      string     `toml:"title"`
	Side       Side       `toml:"side"`
	Label      Label      `toml:"label"` // the instrument's, unless it says otherwise
	Asks       string     `toml:"asks"`  // the question that the rule helps to answer: II.B
	Says       string     `toml:"says"`  // a paraphrase
	Pointer    string     `toml:"pointer"`
	Confidence Confidence `toml:"confidence"`
	Threshold  string     `toml:"threshold"` // a value, or the word none
	Compute    string     `toml:"compute"`   // a named computation, or none: a person asserts
	With       Params     `toml:"with"`
	Facts      []string   `toml:"facts"` // the facts that it looks at
	Proof      string     `toml:"proof"` // what usually proves it
	Note       string     `toml:"note"`

	Instrument  string `toml:"-"`
	NeverLeaves bool   `toml:"-"` // gates and exposure

	run computation
}

// Params are the numbers and words that a computation takes from its rule.
type Params struct {
	Date    Date     `toml:"date"`
	Count   int      `toml:"count"`
	Days    int      `toml:"days"`
	Years   int      `toml:"years"`
	Here    int      `toml:"yearsHere"`
	Decides bool     `toml:"decides"`
	Asserts bool     `toml:"asserts"`
	Fact    string   `toml:"fact"`
	Wants   string   `toml:"wants"`
	Kinds   []string `toml:"kinds"`
	Person  string   `toml:"person"`
}

// maxLibraryFile bounds one file of a library, in bytes. The largest that we
// ship has a twentieth of it.
const maxLibraryFile = 1 << 20

// header is library.toml.
type header struct {
	Version    string   `toml:"version"`
	Checked    Date     `toml:"checked"`
	BlindAfter Date     `toml:"blindAfter"`
	SignedOff  string   `toml:"signedOff"`
	Fallback   string   `toml:"fallback"`
	Release    string   `toml:"release"`
	Parole     string   `toml:"parole"`
	Order      []string `toml:"order"`
}

// Load reads a library: every file that ends in .toml, wherever it lies in
// files. One of them is library.toml, every other is one instrument, named by
// its id in lower case. A key that this program does not know, a rule without
// its pointer, an event without its source: each is refused, since half a
// library is worse than none.
func Load(files fs.FS) (*Library, error) {
	lib := &Library{byID: map[string]*Instrument{}, rules: map[string]*Rule{}}
	var head header
	sum := sha256.New()
	found := false
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".toml" {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxLibraryFile {
			return fmt.Errorf("%s: larger than %d bytes", path.Base(name), maxLibraryFile)
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		base := path.Base(name)
		fmt.Fprintf(sum, "%s %d\n", base, len(data))
		sum.Write(data)
		if base == "library.toml" {
			found = true
			if err := decodeTOML(data, &head); err != nil {
				return fmt.Errorf("%s: %w", base, err)
			}
			return nil
		}
		in, err := readInstrument(data)
		if err != nil {
			return fmt.Errorf("%s: %w", base, err)
		}
		if want := strings.ToLower(in.ID) + ".toml"; base != want {
			return fmt.Errorf("%s: holds %s, which belongs into %s", base, in.ID, want)
		}
		if lib.byID[in.ID] != nil {
			return fmt.Errorf("%s: %s is there twice", base, in.ID)
		}
		lib.byID[in.ID] = in
		for i := range in.Rules {
			lib.rules[in.Rules[i].ID] = &in.Rules[i]
		}
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("no library.toml")
	}
	if err == nil {
		err = lib.arrange(head)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLibrary, err)
	}
	lib.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return lib, nil
}

// arrange takes over the header, which names every instrument exactly once, in
// the order in which lists show them.
func (lib *Library) arrange(head header) error {
	if head.Version == "" {
		return fmt.Errorf("library.toml: no version")
	}
	for name, d := range map[string]Date{"checked": head.Checked, "blindAfter": head.BlindAfter} {
		if _, ok := d.Day(); !ok {
			return fmt.Errorf("library.toml: %s is not a day", name)
		}
	}
	for _, id := range head.Order {
		in := lib.byID[id]
		if in == nil {
			return fmt.Errorf("library.toml: order names %s, which is not there", id)
		}
		if slices.Contains(lib.instruments, in) {
			return fmt.Errorf("library.toml: order names %s twice", id)
		}
		lib.instruments = append(lib.instruments, in)
	}
	if len(lib.instruments) != len(lib.byID) {
		return fmt.Errorf("library.toml: order names %d of %d instruments", len(lib.instruments), len(lib.byID))
	}
	for name, id := range map[string]string{"fallback": head.Fallback, "release": head.Release, "parole": head.Parole} {
		if in := lib.byID[id]; in == nil || !in.frame() {
			return fmt.Errorf("library.toml: %s names no frame with rules", name)
		}
	}
	lib.Version, lib.Checked, lib.BlindAfter, lib.SignedOff = head.Version, head.Checked, head.BlindAfter, head.SignedOff
	lib.fallback, lib.release, lib.parole = head.Fallback, head.Release, head.Parole
	return nil
}

func decodeTOML(data []byte, into any) error {
	meta, err := toml.Decode(string(data), into)
	if err != nil {
		return err
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return fmt.Errorf("key %s is not known", left[0])
	}
	return nil
}

func readInstrument(data []byte) (*Instrument, error) {
	in := new(Instrument)
	if err := decodeTOML(data, in); err != nil {
		return nil, err
	}
	switch {
	case !isID(in.ID, true):
		return nil, fmt.Errorf("id is missing or not of capitals, digits, dots and hyphens")
	case in.Title == "":
		return nil, fmt.Errorf("no title")
	case !slices.Contains([]Channel{ChannelDHS, ChannelOPLA, ChannelVictimsWorkers, ChannelRegulation, ChannelContext}, in.Channel):
		return nil, fmt.Errorf("channel is none that is known")
	case in.Lists && in.Channel == ChannelContext:
		return nil, fmt.Errorf("context does not list factors")
	case !in.Label.known():
		return nil, fmt.Errorf("label is none that is known")
	case !in.Confidence.known():
		return nil, fmt.Errorf("confidence is none that is known")
	case len(in.Sources) == 0 || slices.Contains(in.Sources, ""):
		return nil, fmt.Errorf("no sources")
	case len(in.Events) == 0:
		return nil, fmt.Errorf("no status")
	}
	if err := checkEvents(in.Events); err != nil {
		return nil, err
	}
	for i := range in.Rules {
		if err := in.Rules[i].check(in); err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		for _, earlier := range in.Rules[:i] {
			if earlier.ID == in.Rules[i].ID {
				return nil, fmt.Errorf("rule %d: %s is there twice", i+1, earlier.ID)
			}
		}
	}
	return in, nil
}

// check completes a rule and refuses one that does not say where it comes from
// and how it is computed.
func (r *Rule) check(in *Instrument) error {
	if !isID(r.ID, false) {
		return fmt.Errorf("id is missing or not of letters, digits, dots and hyphens")
	}
	if r.Label == "" {
		r.Label = in.Label
		if r.Side == SideExposure {
			r.Label = LabelExposure
		}
	}
	switch {
	case r.Title == "":
		return fmt.Errorf("no title")
	case !slices.Contains([]Side{SideGate, SideMitigating, SideAggravating, SideEither, SideProtected, SideSpecialCare, SideProcess, SideExposure}, r.Side):
		return fmt.Errorf("side is none that is known")
	case !r.Label.known():
		return fmt.Errorf("label is none that is known")
	case r.Says == "":
		return fmt.Errorf("no paraphrase")
	case r.Pointer == "":
		return fmt.Errorf("no pointer")
	case !r.Confidence.known():
		return fmt.Errorf("confidence is none that is known")
	case r.Threshold == "":
		return fmt.Errorf("no threshold, and not the word none")
	case r.Compute == "":
		return fmt.Errorf("no computation, and not the word none")
	}
	for _, f := range r.Facts {
		if !slices.Contains(factNames, f) {
			return fmt.Errorf("looks at a fact that is not known")
		}
	}
	method, ok := methods[r.Compute]
	if !ok {
		return fmt.Errorf("computation is none that is known")
	}
	if err := method.check(r); err != nil {
		return err
	}
	r.run = method.run
	r.ID = in.ID + "/" + r.ID
	r.Instrument = in.ID
	r.NeverLeaves = r.Side == SideGate || r.Side == SideExposure
	return nil
}

func (l Label) known() bool {
	return slices.Contains([]Label{LabelLaw, LabelMemo, LabelAnnounced, LabelAdvocacy, LabelOurs, LabelExposure}, l)
}

func (c Confidence) known() bool { return slices.Contains([]Confidence{Found, Weak, Unverified}, c) }

// isID reports whether s can be an id: of an instrument in capitals, of a rule
// in either case.
func isID(s string, capitals bool) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.':
		case c >= 'a' && c <= 'z' && !capitals:
		default:
			return false
		}
	}
	return true
}

// Instruments returns every instrument, in the library's order. The caller must
// not change them.
func (lib *Library) Instruments() []*Instrument { return lib.instruments }

// Instrument returns the instrument with this id. The caller must not change it.
func (lib *Library) Instrument(id string) (*Instrument, bool) {
	in, ok := lib.byID[id]
	return in, ok
}

// Rule returns the rule with this id, such as MAYORKAS/MIT-2.
func (lib *Library) Rule(id string) (*Rule, bool) {
	r, ok := lib.rules[id]
	return r, ok
}

// Frames returns the instruments by which a checklist can be organized: those
// that say how cases are weighed, and whose rules the library holds.
func (lib *Library) Frames() []*Instrument {
	var frames []*Instrument
	for _, in := range lib.instruments {
		if in.frame() {
			frames = append(frames, in)
		}
	}
	return frames
}

// frame reports whether a checklist can be organized by the instrument. One of
// which the library holds nothing but exposure gives no checklist.
func (in *Instrument) frame() bool {
	return in.Lists && slices.ContainsFunc(in.Rules, func(r Rule) bool { return r.Side != SideExposure })
}
