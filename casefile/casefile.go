// Package casefile keeps each client's case in one encrypted folder.
//
// A [Vault] is a folder that one or more advocates share. A [Case] is one
// client inside it. A vault is opened with a passphrase and closed as soon as
// the advocate walks away. While it is closed nothing about a client can be
// read from disk: not the name, not the form of relief, not how many exhibits
// there are. How many cases there are, how large each is and when it was last
// written can.
//
// # What is promised
//
// When [Case.Put] returns without an error, the record is on the disk: one
// frame of the case's journal was written and synced before the call returned.
// The journal is the truth. Badger is the working store, filled from it: its
// files are read again only when a keyed seal shows that they are, byte for
// byte, those that we closed; otherwise the case opens on an in-memory Badger
// filled from the journal, and nobody has to repair anything.
//
// What cannot be read is never passed over. A damaged frame, a case folder
// that is gone, a journal that is shorter than the one this person saw last:
// each is an error with a name, see [ErrDamaged], [ErrCaseMissing] and
// [ErrRolledBack], and the files stay as they are.
//
// # Records
//
// A case is a set of records with random 128-bit names. Every element of every
// list of the case document is a record of its own. Nothing is overwritten: a
// change is a new version that names its parents, a deletion is a mark, undo is
// a new version. Two versions of which neither descends from the other are a
// conflict, and both are kept.
//
// # Several windows, several programs
//
// A vault may be open in several programs. A case is open in one at a time;
// the second gets [ErrLocked].
//
// The bytes on disk are described in FORMAT.md, which wins over this code
// wherever the two disagree.
package casefile

import "time"

// Format is the newest format of a vault that this program reads, and the one
// that it writes.
const Format = 1

// A Role is what a person may do in the office. Roles are enforced by the
// program and not by cryptography: whoever can open a case can open it whole.
type Role string

// The roles. Only attorneys, the two kinds of accredited representatives and
// supervised students may sign as representatives; export decides how.
const (
	Attorney          Role = "attorney"
	FullAccredited    Role = "full-accredited"
	PartialAccredited Role = "partial-accredited"
	Student           Role = "student"
	Volunteer         Role = "volunteer"
	Supervisor        Role = "supervisor"
	Staff             Role = "staff"
)

// Roles lists every role, in the order in which a person should be shown them.
func Roles() []Role {
	return []Role{Attorney, FullAccredited, PartialAccredited, Student, Volunteer, Supervisor, Staff}
}

// Valid reports whether r is one of [Roles].
func (r Role) Valid() bool {
	for _, known := range Roles() {
		if r == known {
			return true
		}
	}
	return false
}

// MayAddPeople reports whether a person with this role may change the people
// list. The creator of a vault is its root, whatever the role.
func (r Role) MayAddPeople() bool { return r == Attorney || r == Supervisor || r == Staff }

// A NewPerson describes the first person of a vault.
type NewPerson struct {
	Name string // kept sealed
	Role Role

	// Label stands in clear beside the passphrase prompt, so it must not say
	// more than a stranger may know. Empty means "Desk 1".
	Label string
}

// A Person is a member of a vault. Name is known only of oneself, everybody
// else is seen by Label.
type Person struct {
	ID    string // 32 hex digits
	Name  string
	Label string
	Role  Role
}

// A Slot is what a stranger can read of the way in: enough to choose whose
// passphrase to type. Nothing of it is authenticated before the passphrase is.
type Slot struct {
	Label    string
	Recovery bool // opened by recovery words in place of a passphrase

	// Problem is [ErrDamaged], [ErrNewerFormat] or [ErrWeakKDF] when no
	// passphrase can open this slot as it is, and nil otherwise.
	Problem error
}

// A Profile is what one person wants filled in everywhere. It is kept sealed in
// the person's index.
type Profile struct {
	Representative Representative `json:"representative,omitzero"`
	Office         Office         `json:"office,omitzero"`
}

// An Office is where a person works.
type Office struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Frame   string `json:"frame,omitempty"`  // the instrument this office organizes cases by, or empty
	Notice  string `json:"notice,omitempty"` // shown on the cover screen
}

// An Option changes how [Create] and [Open] work.
type Option func(*settings)

type settings struct {
	now     func() time.Time
	device  string
	disk    disk
	rebuild bool
	// checkpoint is how many frames a segment may hold before the next one is
	// begun on closing.
	checkpoint int
}

// WithClock stamps records with now in place of the computer's clock. The
// location of the time it returns is stored as the offset.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithDevice names this computer in place of its host name. Only a keyed
// digest of the name is ever stored.
func WithDevice(name string) Option { return func(s *settings) { s.device = name } }

// RebuildIndex makes [Open] go on when the person's index is damaged or gone:
// a new one is filled from the cases that this person can open, and the damaged
// file is kept beside it. What the index knew is lost: the profile, the
// packet certificate, and every anchor, so that a case which is gone or was put
// back to an older state is not noticed this once. Ask before using it.
func RebuildIndex() Option { return func(s *settings) { s.rebuild = true } }
