package casefile

import (
	"errors"
	"fmt"
)

// The errors below, with [VersionError] and [DamageError], are the only ones a
// caller may test for. Everything else this package returns means that the disk
// or the document is at fault, and is meant to be shown, not handled. No error
// says anything about a client.
var (
	// ErrPassphrase is returned by [Open] when the passphrase opens no slot. A
	// slot that somebody altered with care gives the same error: the two can't
	// be told apart.
	ErrPassphrase = errors.New("wrong passphrase")

	// ErrPassphraseShort is returned by [Create] for a passphrase of fewer than
	// [MinPassphrase] characters.
	ErrPassphraseShort = errors.New("passphrase too short")

	// ErrNoPerson is returned by [Open] when no slot fits the name, or when no
	// name was given and there are several people.
	ErrNoPerson = errors.New("no such person in this vault")

	// ErrWeakKDF is returned when a slot asks for a passphrase derivation that
	// is weaker than we allow, or so expensive that it can only be meant to
	// stop this program. No passphrase is tried against it.
	ErrWeakKDF = errors.New("key derivation cost out of bounds")

	// ErrNotVault is returned by [Open] when the folder holds no vault, and by
	// [Create] when it holds something already.
	ErrNotVault = errors.New("not a vault")

	// ErrLocked is returned when another window or program holds the case, or
	// holds the vault for longer than a write takes. Close it there.
	ErrLocked = errors.New("open in another window")

	// ErrDamaged is wrapped by every [DamageError]. The files are kept as they
	// are; a copy from a backup can take their place.
	ErrDamaged = errors.New("damaged")

	// ErrRolledBack is returned when a case or the people list is older than
	// what this person has seen: a copy was put back, or the end was cut off.
	// Nothing is changed; look for the newer copy.
	ErrRolledBack = errors.New("older than last seen")

	// ErrCaseMissing is returned when a case that this person knows is not in
	// the vault any more, or no longer lets this person in.
	ErrCaseMissing = errors.New("known case is missing")

	// ErrNewerFormat is wrapped by [VersionError].
	ErrNewerFormat = errors.New("written by a newer program")

	// ErrPeople is returned when the people list is not the continuation, signed
	// by its members, of the list this person knows, or shows other keys for a
	// known person.
	ErrPeople = errors.New("people list does not continue the known one")

	// ErrClosed is returned by every method after Close.
	ErrClosed = errors.New("closed")

	// ErrReadOnly is returned by methods that write when the folder cannot be
	// written. Reading goes on.
	ErrReadOnly = errors.New("read only")

	// ErrNoSpace is returned before or during a write when the disk is full.
	// What was saved before is safe, and reading goes on.
	ErrNoSpace = errors.New("no space left on disk")

	// ErrWriteFailed is returned by every write after one that the disk refused:
	// what the disk holds is not known for certain until the case was closed and
	// opened again.
	ErrWriteFailed = errors.New("an earlier write did not reach the disk")

	// ErrNotFound is returned when no record, version or attachment has this id.
	ErrNotFound = errors.New("not found")

	// ErrExists is returned when a document is added whose case is in the vault
	// already.
	ErrExists = errors.New("already in this vault")

	// ErrTooLarge is returned when a record, a document or an attachment is
	// larger than the format allows.
	ErrTooLarge = errors.New("too large")

	// ErrInvalid is wrapped by every refusal of a record or a document that
	// does not have the shape of [Document].
	ErrInvalid = errors.New("not a valid case document")
)

// A VersionError reports a file written by a newer program. The file was not
// looked into any further.
type VersionError struct{ Found, Newest int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("format %d is newer than %d, the newest this program reads", e.Found, e.Newest)
}

// Is makes errors.Is(err, ErrNewerFormat) true.
func (e *VersionError) Is(target error) bool { return target == ErrNewerFormat }

// A DamageError says which part of a vault is damaged. Segment and Frame are
// given for journals only: frames count from 1 within their segment, 0 is the
// segment's own header.
type DamageError struct {
	Part    string // slot, people list, index, header, current, journal, card, blob, record, vault
	Segment int
	Frame   int
	Cause   error
}

func (e *DamageError) Error() string {
	where := e.Part
	if e.Segment > 0 {
		where = fmt.Sprintf("%s segment %d frame %d", e.Part, e.Segment, e.Frame)
	}
	if e.Cause == nil {
		return where + " is damaged"
	}
	return fmt.Sprintf("%s is damaged: %v", where, e.Cause)
}

// Is makes errors.Is(err, ErrDamaged) true.
func (e *DamageError) Is(target error) bool { return target == ErrDamaged }

// Unwrap gives the cause, which may be nil.
func (e *DamageError) Unwrap() error { return e.Cause }

func damaged(part, why string) error {
	return &DamageError{Part: part, Cause: errors.New(why)}
}
