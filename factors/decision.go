package factors

// A Decision is what a person decided about one rule or one recorded matter.
// Its absence decides nothing, and what nobody decided does not leave.
type Decision struct {
	ID string `json:"id,omitempty"`

	// Subject is a rule id ("MAYORKAS/MIT-2") or the path of an element by its
	// id ("offenses/3f2a…").
	Subject string `json:"subject"`

	// Applies is a person's assertion that a rule which nothing can compute
	// holds for this client. Why says why, above all for "does not apply".
	Applies Answer `json:"applies,omitzero"`
	Why     string `json:"why,omitempty"`

	// Stand puts a rule that cuts both ways on one side: for, against, not-used.
	Stand string `json:"stand,omitempty"`

	// Argue is the one tick of a row: the letter argues it.
	Argue bool   `json:"argue,omitempty"`
	Text  string `json:"text,omitempty"` // the sentence the letter uses, when the person wrote one

	// Leave is what happens to a matter that speaks against the client.
	Leave  Leave  `json:"leave,omitempty"`
	Reason string `json:"reason,omitempty"`

	// SecondLook is the second confirmation that putting a matter in needs when
	// ICE is not known to have it; it names who confirmed.
	SecondLook string `json:"secondLook,omitempty"`

	Proofs []Proof `json:"proofs,omitempty"`
}

// Leave is one of the three decisions on a matter that speaks against the
// client. The zero value is undecided, and the undecided does not leave.
type Leave string

const (
	Undecided   Leave = ""
	LeaveOut    Leave = "leave-out"
	Mention     Leave = "mention"
	ExplainWith Leave = "explain" // explain with proof
)

// Stands of a rule that cuts both ways.
const (
	StandFor     = "for"
	StandAgainst = "against"
	StandNotUsed = "not-used"
)

// A Proof is a page of an exhibit.
type Proof struct {
	Exhibit string `json:"exhibit"`
	Page    int    `json:"page,omitempty"` // 1 is the exhibit's first page; 0 the whole exhibit
}
