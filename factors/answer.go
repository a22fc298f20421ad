package factors

import (
	"encoding/json"
	"fmt"
)

// An Answer is yes, no or unknown. The zero value is unknown, and unknown is
// never no.
type Answer uint8

const (
	Unknown Answer = iota
	Yes
	No
)

func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "unknown"
	}
}

// And is yes when both are yes, no when either is no, and unknown otherwise.
func (a Answer) And(b Answer) Answer {
	switch {
	case a == No || b == No:
		return No
	case a == Yes && b == Yes:
		return Yes
	default:
		return Unknown
	}
}

// Or is yes when either is yes, no when both are no, and unknown otherwise.
func (a Answer) Or(b Answer) Answer { return a.Not().And(b.Not()).Not() }

// Not turns yes and no around and leaves unknown as it is.
func (a Answer) Not() Answer {
	switch a {
	case Yes:
		return No
	case No:
		return Yes
	default:
		return Unknown
	}
}

// IsZero reports an unknown answer, so that documents leave it out.
func (a Answer) IsZero() bool { return a == Unknown }

func (a Answer) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// UnmarshalJSON reads "yes", "no", "unknown", the empty string, null, true and
// false. Anything else is refused: a misspelt yes must not become unknown.
func (a *Answer) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"yes"`, `true`:
		*a = Yes
	case `"no"`, `false`:
		*a = No
	case `"unknown"`, `""`, `null`:
		*a = Unknown
	default:
		return fmt.Errorf("answer is neither yes, no nor unknown")
	}
	return nil
}
