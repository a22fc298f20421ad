package export

import (
	"errors"
	"strings"
)

// The errors below, [GateError] and [BlockedError] are the only ones a caller
// may test for. None of them says anything about a client.
var (
	// ErrTooLarge is returned for an exhibit above [MaxExhibit].
	ErrTooLarge = errors.New("exhibit is too large")

	// ErrNotClean is returned when an exhibit has no clean form, because the
	// worker refused it or never saw it. It cannot leave until it has one.
	ErrNotClean = errors.New("exhibit has not been cleaned")

	// ErrICRFirst is returned by [NewPlan] when ICE Case Review is asked before
	// a field office has decided, or been asked and been silent. The error is a
	// [GateError] that says what is missing.
	ErrICRFirst = errors.New("the field office comes first")

	// ErrBlocked is returned by [Build] when a lint rule forbids signing. The
	// error is a [BlockedError] with the findings.
	ErrBlocked = errors.New("packet may not be sealed as it is")

	// ErrReplaced is returned when another file took the exhibit's place while
	// the first one was being read. Nothing of the first is used.
	ErrReplaced = errors.New("exhibit was replaced while it was read")

	// ErrRecipient is returned by [NewPlan] for a recipient it does not know.
	ErrRecipient = errors.New("unknown recipient")

	// ErrPlanDate is returned by [NewPlan] when the checklist was computed for
	// another day than the packet is signed on. What is current on one day may
	// be dead on the other.
	ErrPlanDate = errors.New("checklist is of another day than the signature")

	// ErrPages is returned by [Build] when an exhibit has another number of
	// pages than the plan counted on. The plan has to be made again.
	ErrPages = errors.New("exhibit has changed since the plan was made")

	// ErrSigner is returned by [Build] when the key that would sign belongs to
	// somebody else than the packet names as its signer. A file must not say
	// that a person signed who did not.
	ErrSigner = errors.New("key belongs to another person than the signer")

	// ErrSentRecord is returned by [NewPlan] when ICE Case Review is to be told
	// of a request that was made here, and the record of its packet is not
	// there. Without it nobody knows what had left.
	ErrSentRecord = errors.New("record of the request is missing")

	// ErrExists is returned by [Deliver] when the file is there already. Nothing
	// is ever replaced.
	ErrExists = errors.New("file exists already")

	// ErrSelfCheck is returned by [Deliver] when the packet on the disk does not
	// pass the strict verification. It is removed again: the disk, or this
	// program, is at fault.
	ErrSelfCheck = errors.New("packet does not verify after writing")

	// ErrUnsettled is returned when page numbers do not settle, which a letter
	// of ordinary length never causes.
	ErrUnsettled = errors.New("page numbers do not settle")
)

// A GateReason says what ICE Case Review still lacks (practice point P6).
type GateReason string

const (
	// GateNoRequest: no request to a field office is recorded, made with
	// Forbear or otherwise, and no custody decision either.
	GateNoRequest GateReason = "no-request"

	// GateNotSent: a request is recorded, and not when it was sent.
	GateNotSent GateReason = "not-sent"

	// GateNoRecipient: a request made otherwise does not say to whom.
	GateNoRecipient GateReason = "no-recipient"

	// GateNoAnswer: neither a denial nor the time without an answer is recorded.
	GateNoAnswer GateReason = "no-answer"

	// GateSilence: no answer is recorded, and not for how many days or hours.
	GateSilence GateReason = "silence-without-time"

	// GateAnswerDate: a denial is recorded without its date.
	GateAnswerDate GateReason = "answer-without-date"

	// GateGranted: what was asked has been granted.
	GateGranted GateReason = "granted"

	// GateAttorneyOnly: asking both at once because removal is near is an
	// attorney's decision.
	GateAttorneyOnly GateReason = "attorney-only"

	// GateRemovalDate: removal is said to be near, and no removal date is there.
	GateRemovalDate GateReason = "removal-date"

	// GateRemovalPast: removal is said to be near, and its date has passed.
	GateRemovalPast GateReason = "removal-passed"
)

// A GateError is the answer of the ICR gate.
type GateError struct{ Reasons []GateReason }

func (e *GateError) Error() string {
	words := make([]string, len(e.Reasons))
	for i, r := range e.Reasons {
		words[i] = string(r)
	}
	return ErrICRFirst.Error() + ": " + strings.Join(words, ", ")
}

func (e *GateError) Unwrap() error { return ErrICRFirst }

// A BlockedError lists the findings that forbid signing.
type BlockedError struct{ Findings []Finding }

func (e *BlockedError) Error() string {
	rules := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		rules[i] = f.Rule
	}
	return ErrBlocked.Error() + ": " + strings.Join(rules, ", ")
}

func (e *BlockedError) Unwrap() error { return ErrBlocked }
