package casefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"forbear/factors"
)

// A Card is what the caseload shows of one case.
type Card struct {
	ID         string         `json:"-"` // of the case
	FamilyName string         `json:"familyName,omitempty"`
	GivenName  string         `json:"givenName,omitempty"`
	ANumber    string         `json:"aNumber,omitempty"` // the primary one, nine digits, or empty
	NoANumber  bool           `json:"noANumber,omitempty"`
	Where      string         `json:"where,omitempty"` // facility, or the court
	Stage      string         `json:"stage,omitempty"` // proceeding stage
	NextDate   factors.Date   `json:"nextDate,omitzero"`
	NextWhat   string         `json:"nextWhat,omitempty"` // "hearing" or "removal"
	Detained   factors.Answer `json:"detained,omitzero"`
	Invented   bool           `json:"invented,omitempty"`
	Protected  bool           `json:"protected1367,omitempty"` // holds material under 8 USC 1367

	// Names are all names to search in: the client's, aliases and A-numbers.
	Names []string `json:"names,omitempty"`

	Revision uint64    `json:"revision"`
	Saved    time.Time `json:"saved"` // the latest of all journal entries, see [Case.Saved]
	Link     string    `json:"link"`  // of the journal after that entry, hex

	// Problem is nil, or why the case cannot be opened as it stands:
	// [ErrCaseMissing], [ErrRolledBack], [ErrDamaged], [ErrNewerFormat].
	Problem error `json:"-"`
}

const (
	cardMagic = "FRBRCARD"
	maxCard   = 1 << 20
)

// summarize makes the card of a case from its client record, which may be
// empty.
func summarize(client []byte, revision uint64, saved time.Time, link []byte) Card {
	x := Card{Revision: revision, Saved: saved, Link: hex.EncodeToString(link)}
	var d Document
	if len(client) == 0 || json.Unmarshal(client, &d) != nil {
		return x
	}
	x.FamilyName, x.GivenName, x.NoANumber = d.FamilyName, d.GivenName, d.NoANumber
	if len(d.ANumbers) > 0 {
		x.ANumber = d.ANumbers[0]
	}
	x.Where = d.FacilityName
	if x.Where == "" {
		x.Where = d.Court
	}
	x.Stage, x.Detained = d.ProceedingStage, d.Detained
	x.Invented, x.Protected = d.Invented, d.Protected1367
	// A removal ends what a hearing could still change, so it goes first
	// unless the hearing is certain to be earlier.
	hearing, removal := d.NextHearing.Date, d.RemovalDate
	switch {
	case removal.IsZero():
		x.NextDate, x.NextWhat = hearing, "hearing"
	case !hearing.IsZero() && hearing.Before(removal) == factors.Yes:
		x.NextDate, x.NextWhat = hearing, "hearing"
	default:
		x.NextDate, x.NextWhat = removal, "removal"
	}
	if x.NextDate.IsZero() {
		x.NextWhat = ""
	}
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			x.Names = append(x.Names, s)
		}
	}
	add(strings.Join([]string{d.GivenName, d.MiddleName, d.FamilyName}, " "))
	for _, a := range d.Aliases {
		add(a.Name)
	}
	for _, n := range d.ANumbers {
		add(n)
	}
	return x
}

func encodeCard(k *caseKeys, x Card) ([]byte, error) {
	plaintext, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("encode card: %w", err)
	}
	defer clear(plaintext)
	prefix := appendOpening(cardMagic)
	return append(bytes.Clone(prefix), sealBytes(k.card, pad(plaintext), k.associated("forbear v1 card", prefix))...), nil
}

func parseCard(b []byte, k *caseKeys) (Card, error) {
	c := cursor{b: b}
	if err := c.opening("card", cardMagic); err != nil {
		return Card{}, err
	}
	padded, err := openBytes(k.card, c.b, k.associated("forbear v1 card", b[:len(b)-len(c.b)]))
	if err != nil {
		return Card{}, damaged("card", "does not authenticate")
	}
	plaintext, ok := unpad(padded)
	if !ok {
		return Card{}, damaged("card", "padding")
	}
	var x Card
	d := json.NewDecoder(bytes.NewReader(plaintext))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		return Card{}, damaged("card", "not readable")
	}
	return x, nil
}

func cardHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func readCardFile(d disk, epochDir string) ([]byte, error) {
	b, err := readFile(d, filepath.Join(epochDir, "card"), maxCard)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}
