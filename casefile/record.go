package casefile

import (
	"encoding/json"
	"time"
)

// The kinds of records. Besides these, every list of the case document whose
// elements have ids is a kind of its own, under its JSON name: "entries",
// "offenses", "exhibits", "decisions", "requests", "notes" and so on.
const (
	KindClient         = "client"         // one record, id "client": [Client], the scalar facts and answers
	KindRepresentative = "representative" // one record, id "representative"
	KindPackets        = "packets"        // one record per packet that was built
	KindClearCopies    = "clearCopies"    // one record per file that left the vault in clear
)

// A Record is one head version of one thing that is known.
type Record struct {
	// ID never changes. Empty in [Case.Put] means a new record with a random id
	// of 32 hex digits.
	ID   string
	Kind string

	// Body is a JSON object, at most [MaxBody] bytes. For the kinds of the case
	// document it has the fields of the element, with or without its "id".
	Body json.RawMessage

	// Version names this version, 32 hex digits. Put ignores it: what is put
	// takes the place of every head the record has.
	Version string

	// Conflict says that the record has several heads, none of which descends
	// from another. All of them are listed; putting the record settles it.
	Conflict bool
}

// MaxBody is the largest body of a record, in bytes.
const MaxBody = 512 << 10

// A Version is one state that a record once had.
type Version struct {
	ID      string
	Parents []string
	Record  Record
	Deleted bool

	// Removed says that the content was destroyed for good, only the place in
	// the chain was kept. Record has no body then.
	Removed bool

	// Author is who signed the journal entry. Its label is set only if the
	// signature verifies against the people list.
	Author Person
	Device string // 16 hex digits, a keyed digest; the same for the same computer
	At     time.Time
}
