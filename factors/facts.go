package factors

// This file is the shape of what a rule may look at. The JSON names are those
// of the open case document (`forbear schema`); a facts document is a case
// document from which everything else was left out.
//
// Nothing here is ever concluded from an empty field. A list that is empty has
// not been asked about, unless Answers says so.

// Facts are what is recorded of one client's life and case, so far as any
// instrument can look at it. Every element of a list carries an ID that never
// changes; a facts document typed by hand may leave it out, and paths then name
// the element by its position.
type Facts struct {
	DateOfBirth          Date   `json:"dateOfBirth,omitzero"`
	CountryOfBirth       string `json:"countryOfBirth,omitempty"`
	CountryOfCitizenship string `json:"countryOfCitizenship,omitempty"`
	LPRSince             Date   `json:"lprSince,omitzero"`

	Entries   []Entry    `json:"entries,omitempty"`
	Absences  []Absence  `json:"absences,omitempty"`
	Offenses  []Offense  `json:"offenses,omitempty"`
	Arrests   []Arrest   `json:"arrests,omitempty"`
	Orders    []Order    `json:"orders,omitempty"`
	Removals  []Removal  `json:"priorRemovals,omitempty"`
	Adverse   []Adverse  `json:"adverse,omitempty"`
	Relatives []Relative `json:"relatives,omitempty"`
	Health    []Health   `json:"health,omitempty"`
	Military  []Service  `json:"military,omitempty"`
	Education []School   `json:"education,omitempty"`
	Ties      []Tie      `json:"communityTies,omitempty"`
	Roles     []Role     `json:"roles,omitempty"`
	Disputes  []Dispute  `json:"disputes,omitempty"`
	Relief    []Relief   `json:"reliefPending,omitempty"`

	Detained         Answer `json:"detained,omitzero"`
	BookInDate       Date   `json:"bookInDate,omitzero"`
	CustodyAuthority string `json:"custodyAuthority,omitempty"`           // 236(a), 236(c), 235(b)(1), 235(b)(2), 241, or empty
	ProceedingStage  string `json:"proceedingStage,omitempty"`            // none, pre-filing, pending, appeal, final-order, court-review, or empty
	Continuous       Answer `json:"continuousPresenceSince2014,omitzero"` // asserted by a person; JOHNSON-14 only
	FlightRisk       Answer `json:"flightRisk,omitzero"`                  // asserted by a person: has she kept every appointment and hearing? no = she has
	Danger           Answer `json:"danger,omitzero"`

	// Answers says of a fact, by its path, who was asked and what was said:
	// "offenses" answered no means that somebody asked and none was named.
	Answers map[string]Asked `json:"answers,omitempty"`
}

// Asked is the state of a fact that has no value, or of a list that is empty.
type Asked struct {
	Answer   Answer `json:"answer,omitzero"`
	Reason   Reason `json:"reason,omitempty"` // why there is no answer; empty when Answer is yes or no
	By       string `json:"by,omitempty"`
	On       Date   `json:"on,omitzero"`
	Language string `json:"language,omitempty"`
	Note     string `json:"note,omitempty"` // never leaves
}

// A Reason says why a fact has no answer. All four are unknown to every rule.
type Reason string

const (
	NotAsked        Reason = "not-asked"
	NotKnown        Reason = "not-known"
	PrefersNotToSay Reason = "prefers-not-to-say"
	DoNotAskAgain   Reason = "do-not-ask-again"
)

// Known records what the government already has, and from where. It belongs to
// every element that could be held against the client.
type Known struct {
	ToGov Answer `json:"knownToGov,omitzero"`
	From  string `json:"knownFrom,omitempty"` // NTA, RAP sheet, A-file, docket, I-213 ...
}

// Entry manners. The words are the field's; [Entry] reads "EWI" and the other
// customary spellings as well.
const (
	WithoutInspection = "without-inspection" // EWI
	Admitted          = "admitted"           // on a visa or a waiver
	Paroled           = "paroled"
	FalseClaim        = "false-claim"
)

// Where a person was apprehended, as the priorities of several memos ask it.
const (
	ApprehendedAtBorder = "border" // at the border or a port of entry, while trying to enter
	ApprehendedInside   = "inside" // in the United States, later
	NotApprehended      = "no"
)

type Entry struct {
	ID          string `json:"id,omitempty"`
	Date        Date   `json:"date,omitzero"`
	Place       string `json:"place,omitempty"`
	Manner      string `json:"manner,omitempty"`
	Status      string `json:"status,omitempty"`
	Apprehended string `json:"apprehended,omitempty"`
	Note        string `json:"note,omitempty"`
	Known
}

type Absence struct {
	ID     string `json:"id,omitempty"`
	From   Date   `json:"from,omitzero"`
	To     Date   `json:"to,omitzero"`
	Reason string `json:"reason,omitempty"`
}

// Degrees of an offense. A degree is what the record says, never a grade of ours.
const (
	Felony         = "felony"
	Misdemeanor    = "misdemeanor"
	Infraction     = "infraction"
	TrafficOffense = "minor-traffic"
)

type Offense struct {
	ID                  string `json:"id,omitempty"`
	Title               string `json:"title,omitempty"`
	Statute             string `json:"statute,omitempty"`
	Jurisdiction        string `json:"jurisdiction,omitempty"`
	Incident            string `json:"incident,omitempty"` // a label: same label, same incident
	Degree              string `json:"degree,omitempty"`
	OffenseDate         Date   `json:"offenseDate,omitzero"`
	ConvictionDate      Date   `json:"convictionDate,omitzero"`
	ReleaseDate         Date   `json:"releaseDate,omitzero"`
	SentenceImposedDays *int   `json:"sentenceImposedDays,omitempty"`
	ServedDays          *int   `json:"servedDays,omitempty"`
	PostConviction      string `json:"postConviction,omitempty"` // vacated, expunged, none, or empty: not asked
	WeaponUsed          Answer `json:"weaponUsed,omitzero"`
	Rehabilitation      string `json:"rehabilitation,omitempty"`
	Known
}

// Arrest is an arrest or a charge that did not end in a conviction. Internal.
type Arrest struct {
	ID      string `json:"id,omitempty"`
	Title   string `json:"title,omitempty"`
	Date    Date   `json:"date,omitzero"`
	Outcome string `json:"outcome,omitempty"` // dismissed, pending, not-prosecuted, or empty
	Known
}

type Order struct {
	ID     string `json:"id,omitempty"`
	Kind   string `json:"kind,omitempty"` // removal, exclusion, deportation, voluntary-departure, expedited
	Date   Date   `json:"date,omitzero"`
	Final  Answer `json:"final,omitzero"`
	Appeal string `json:"appeal,omitempty"`
	Known
}

type Removal struct {
	ID     string `json:"id,omitempty"`
	Date   Date   `json:"date,omitzero"`
	Manner string `json:"manner,omitempty"`
	Known
}

// Adverse is anything else that could be held against the client: another name
// on a pay stub, an unproved allegation. Internal; it leaves only by a decision.
type Adverse struct {
	ID       string `json:"id,omitempty"`
	Title    string `json:"title,omitempty"`
	Kind     string `json:"kind,omitempty"` // other-name, allegation, gang-allegation, alcohol, other
	Date     Date   `json:"date,omitzero"`
	Internal bool   `json:"internalOnly,omitempty"` // never leaves, whatever is decided
	Known
}

type Relative struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`     // never leaves without its own decision
	Relation    string `json:"relation,omitempty"` // spouse, child, parent, sibling, other
	DateOfBirth Date   `json:"dateOfBirth,omitzero"`
	Status      string `json:"status,omitempty"` // citizen, lpr, other, do-not-ask, or empty
	LivesWith   Answer `json:"livesWith,omitzero"`
	Caretaking  Answer `json:"caretaking,omitzero"` // the client is a main caretaker of this person
	Condition   string `json:"condition,omitempty"`
	Deceased    Answer `json:"deceased,omitzero"`
}

type Health struct {
	ID        string `json:"id,omitempty"`
	Person    string `json:"person,omitempty"` // client, or a relative's id
	Kind      string `json:"kind,omitempty"`   // physical, mental, pregnancy, nursing, disability
	Title     string `json:"title,omitempty"`
	Serious   Answer `json:"serious,omitzero"`
	Certified Answer `json:"certified,omitzero"` // a clinician says so in writing
	Since     Date   `json:"since,omitzero"`
}

type Service struct {
	ID     string `json:"id,omitempty"`
	Person string `json:"person,omitempty"`
	Branch string `json:"branch,omitempty"`
	From   Date   `json:"from,omitzero"`
	To     Date   `json:"to,omitzero"`
	Kind   string `json:"kind,omitempty"` // military, public
}

type School struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Level    string `json:"level,omitempty"`
	Finished Date   `json:"finished,omitzero"`
	Current  Answer `json:"current,omitzero"`
}

type Tie struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	Kind  string `json:"kind,omitempty"` // church, volunteering, work, taxes, school, home, other
	Since Date   `json:"since,omitzero"`
}

// Role is being a victim, a witness or a party somewhere. Victim facts under
// 8 USC 1367 carry Protected and stay locked.
type Role struct {
	ID        string `json:"id,omitempty"`
	Kind      string `json:"kind,omitempty"` // victim, witness, party
	Matter    string `json:"matter,omitempty"`
	Forum     string `json:"forum,omitempty"`
	Since     Date   `json:"since,omitzero"`
	Pending   Answer `json:"pending,omitzero"`
	Protected bool   `json:"protected1367,omitempty"`
}

// Dispute is a labor or housing dispute.
type Dispute struct {
	ID                string `json:"id,omitempty"`
	Kind              string `json:"kind,omitempty"` // labor, housing
	Against           string `json:"against,omitempty"`
	Matter            string `json:"matter,omitempty"`
	Agency            string `json:"agency,omitempty"`
	ComplaintDate     Date   `json:"complaintDate,omitzero"`
	RetaliationDate   Date   `json:"retaliationDate,omitzero"`
	Retaliation       string `json:"retaliation,omitempty"`
	AgencyLetter      Answer `json:"agencyLetter,omitzero"`
	Pending           Answer `json:"pending,omitzero"`
	ProtectedActivity string `json:"protectedActivity,omitempty"`
	TipSuspected      Answer `json:"tipSuspected,omitzero"`
	CrimeAtWork       string `json:"crimeAtWork,omitempty"`
}

type Relief struct {
	ID        string `json:"id,omitempty"`
	Kind      string `json:"kind,omitempty"` // asylum, withholding, cancellation, u, t, vawa, adjustment, tps, other
	Filed     Date   `json:"filed,omitzero"`
	Status    string `json:"status,omitempty"` // pending, granted, denied, not-filed
	Protected bool   `json:"protected1367,omitempty"`
}
