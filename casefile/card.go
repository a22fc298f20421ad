package casefile

import (
	"time"

	"forbear/factors"
)

// A Card is what the caseload shows of one case.
type Card struct {
	ID         string // of the case
	FamilyName string
	GivenName  string
	ANumber    string // the primary one, nine digits, or empty
	NoANumber  bool
	Where      string       // facility, or the court
	Stage      string       // proceeding stage
	NextDate   factors.Date // the nearest date that the case names
	NextWhat   string       // hearing, removal
	Detained   factors.Answer
	Invented   bool
	Protected  bool // holds material under 8 USC 1367

	// Names are all names to search in: the client's, aliases and A-numbers.
	Names []string

	Revision uint64
	Saved    time.Time // of the newest journal entry

	// Problem is nil, or why the case cannot be opened as it stands:
	// [ErrCaseMissing], [ErrRolledBack], [ErrDamaged], [ErrNewerFormat].
	Problem error
}
