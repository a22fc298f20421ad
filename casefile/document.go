package casefile

import (
	"encoding/json"

	"forbear/factors"
)

// This file is the open case document: what `forbear case export` writes, `case
// add` reads and `forbear schema` describes. Writing a case out and adding it
// again gives the same case: the same ids, the same order, the same values.

// DocumentFormat names the shape of a [Document].
const DocumentFormat = "forbear-case/1"

// A Document is one whole case in plain values, without its attachments' bytes.
type Document struct {
	Format string `json:"format"`
	ID     string `json:"id,omitempty"`

	Client
	factors.Facts

	Representative Representative     `json:"representative,omitzero"`
	Exhibits       []Exhibit          `json:"exhibits,omitempty"`
	Decisions      []factors.Decision `json:"decisions,omitempty"`
	Requests       []Request          `json:"requests,omitempty"`
	Notes          []Note             `json:"notes,omitempty"`

	// OtherRecords are the records that have no list above: packets that were
	// built, clear copies that left. They are carried along so that writing a
	// case out loses nothing.
	OtherRecords []OtherRecord `json:"otherRecords,omitempty"`
}

// An OtherRecord is a record of a kind that the document has no list for.
type OtherRecord struct {
	ID   string          `json:"id"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// Client identifies the client. Names are whatever the client's papers say, with
// any number of parts.
type Client struct {
	FamilyName string  `json:"familyName,omitempty"`
	GivenName  string  `json:"givenName,omitempty"`
	MiddleName string  `json:"middleName,omitempty"`
	Aliases    []Alias `json:"aliases,omitempty"`

	// ANumbers hold nine digits each, the first one primary. NoANumber records
	// that none is assigned, which an empty list does not.
	ANumbers  []string `json:"aNumbers,omitempty"`
	NoANumber bool     `json:"noANumber,omitempty"`

	Gender            string         `json:"gender,omitempty"`
	Languages         []Language     `json:"languages,omitempty"`
	InterpreterNeeded factors.Answer `json:"interpreterNeeded,omitzero"`
	FacilityName      string         `json:"facilityName,omitempty"`
	FacilityCity      string         `json:"facilityCity,omitempty"`
	FacilityState     string         `json:"facilityState,omitempty"`
	EROOffice         string         `json:"eroOffice,omitempty"`
	Court             string         `json:"court,omitempty"`
	Judge             string         `json:"judge,omitempty"`
	NextHearing       Hearing        `json:"nextHearing,omitzero"`
	RemovalDate       factors.Date   `json:"removalDate,omitzero"`
	RemovalTime       string         `json:"removalTime,omitempty"`
	G28               G28            `json:"g28,omitzero"`
	Address           string         `json:"address,omitempty"` // internal unless opted in
	Consent           Consent        `json:"consent,omitzero"`

	// Protected1367 is set when the file holds material under 8 USC 1367. It
	// takes the A-number off the foot of every page, and opens a lint rule.
	Protected1367 bool `json:"protected1367,omitempty"`

	// Invented marks a sample. Every page that leaves says so.
	Invented bool `json:"invented,omitempty"`
}

type Alias struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

type Language struct {
	Name        string         `json:"name"`
	Speaks      factors.Answer `json:"speaks,omitzero"`
	Understands factors.Answer `json:"understands,omitzero"`
	Reads       factors.Answer `json:"reads,omitzero"`
}

type Hearing struct {
	Date factors.Date `json:"date,omitzero"`
	Type string       `json:"type,omitempty"`
}

type G28 struct {
	Date     factors.Date `json:"date,omitzero"`
	FiledVia string       `json:"filedVia,omitempty"`
}

// Consent is the client's consent to a packet (practice point P20).
type Consent struct {
	Mode        string       `json:"mode,omitempty"` // read-in-person, read-by-phone, agreed-facts-and-ask, not-reached
	By          string       `json:"by,omitempty"`
	On          factors.Date `json:"on,omitzero"`
	Language    string       `json:"language,omitempty"`
	Interpreter string       `json:"interpreter,omitempty"`
	Why         string       `json:"why,omitempty"`
}

// Representative is who signs. The signature block's wording follows Type.
type Representative struct {
	Name         string `json:"name,omitempty"`
	Type         string `json:"type,omitempty"` // attorney, full-accredited, partial-accredited, student, person, family
	BarNumber    string `json:"barNumber,omitempty"`
	Jurisdiction string `json:"jurisdiction,omitempty"`
	Organization string `json:"organization,omitempty"`
	EOIRID       string `json:"eoirId,omitempty"`
	Supervisor   string `json:"supervisor,omitempty"` // for a student: under the supervision of
	Phone        string `json:"phone,omitempty"`
	Email        string `json:"email,omitempty"`
	Address      string `json:"address,omitempty"`
}

// An Exhibit is one document that may go into a packet. Tab letters are given
// when a packet is planned and are not stored.
type Exhibit struct {
	ID            string       `json:"id,omitempty"`
	Title         string       `json:"title"`
	Kind          string       `json:"kind,omitempty"` // pdf, jpeg, png
	Role          string       `json:"role,omitempty"` // g28, letter (own letter), declaration, record, request (as sent), answer, or empty
	Date          factors.Date `json:"date,omitzero"`
	Language      string       `json:"language,omitempty"`
	Original      Blob         `json:"original,omitzero"` // as it came, sealed
	Clean         Blob         `json:"clean,omitzero"`    // the clean object stream, sealed
	Pages         int          `json:"pages,omitempty"`
	Removed       []string     `json:"removed,omitempty"` // what cleaning took away, in words
	InPacket      bool         `json:"inPacket,omitempty"`
	Proves        []string     `json:"proves,omitempty"` // rule ids or element paths
	Translation   Translation  `json:"translation,omitzero"`
	TranslationOf string       `json:"translationOf,omitempty"` // the exhibit this one translates
	Reading       Reading      `json:"harmReading,omitzero"`
}

// Translation is the certificate of translation of an exhibit in English
// (8 CFR 1003.33).
type Translation struct {
	Needed     bool         `json:"needed,omitempty"`
	Translator string       `json:"translator,omitempty"`
	Address    string       `json:"address,omitempty"`
	Phone      string       `json:"phone,omitempty"`
	Competent  bool         `json:"competent,omitempty"`
	Accurate   bool         `json:"accurate,omitempty"`
	Signed     factors.Date `json:"signed,omitzero"`
}

// A Reading is the harm reading of practice point P5: who read the exhibit for
// what could hurt, when, and what was found. It holds for the one file whose
// hash it names.
type Reading struct {
	By      string       `json:"by,omitempty"`
	On      factors.Date `json:"on,omitzero"`
	SHA256  string       `json:"sha256,omitempty"` // of the original that was read
	Answers []HarmAnswer `json:"answers,omitempty"`

	// Earlier is the hash of the file whose place this one took, when something
	// was redacted or a page was dropped: what was found was found there.
	Earlier string `json:"earlierSha256,omitempty"`
}

// A HarmAnswer answers one of the nine questions of P5.
type HarmAnswer struct {
	Question string         `json:"question"`       // arrests, alcohol-drugs, numbers, citizenship-claim, entry, other-people, safe-address, contradiction, unknown-to-client
	Found    factors.Answer `json:"found"`          // yes, no; unknown: not read
	Done     string         `json:"done,omitempty"` // redacted, page-dropped, kept
	Why      string         `json:"why,omitempty"`
}

// A Request is one request for discretion and what came of it: made with
// Forbear, or recorded because it was made otherwise (practice point P6).
type Request struct {
	ID       string       `json:"id,omitempty"`
	To       string       `json:"to"`            // field-office, opla, icr
	How      string       `json:"how,omitempty"` // forbear, file, oral, prior-counsel, family; empty while a draft
	Office   string       `json:"office,omitempty"`
	Officer  string       `json:"officer,omitempty"`
	Asks     []Ask        `json:"asks,omitempty"` // in order of preference
	Why      []string     `json:"why,omitempty"`  // at most six lines, each with its proof
	Release  string       `json:"releasePlan,omitempty"`
	New      string       `json:"newSince,omitempty"` // ICR: what is new since the request
	SentOn   factors.Date `json:"sentOn,omitzero"`
	SentTime string       `json:"sentTime,omitempty"`
	Channel  string       `json:"channel,omitempty"`
	Packet   Blob         `json:"packet,omitzero"`  // sealed copy of exactly what was sent
	Argued   []string     `json:"argued,omitempty"` // rules that left in it, by id
	Answer   Response     `json:"answer,omitzero"`
	// NearRemoval is the one exception of P6, an attorney's: removal is near, so
	// the field office and ICR are asked at the same time. It holds the reason.
	NearRemoval string `json:"removalIsNear,omitempty"`
}

// An Ask is one form of discretion that is asked for.
type Ask struct {
	Kind string `json:"kind"` // release-236, parole-212-5, stay, no-arrest, cancel-nta, continuance, dismissal, ...
	Text string `json:"text,omitempty"`
}

// A Response is how a request was answered, or that it was not.
type Response struct {
	Form      string            `json:"form,omitempty"` // written, oral, custody-decision, none
	On        factors.Date      `json:"on,omitzero"`
	By        string            `json:"by,omitempty"`        // title, as told
	Reason    string            `json:"reason,omitempty"`    // as told, word for word
	Mentioned map[string]string `json:"mentioned,omitempty"` // rule id to the words of the answer about it
	Granted   factors.Answer    `json:"granted,omitzero"`

	// ReadFor is set when somebody read the answer for each factor that was
	// argued. Until then a factor without an entry in Mentioned is one that
	// nobody looked for, and not one that the answer leaves out.
	ReadFor bool `json:"answerRead,omitempty"`

	SilentFor string `json:"silentFor,omitempty"` // typed by a person, in days or hours: "21 days", "36 hours"
	Exhibit   string `json:"exhibit,omitempty"`   // the answer, or proof of sending
}

// A Note is privileged and never leaves.
type Note struct {
	ID   string `json:"id,omitempty"`
	Text string `json:"text"`
}

// A Blob names a sealed attachment.
type Blob struct {
	ID     string `json:"id,omitempty"`
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the plaintext, hex
}
