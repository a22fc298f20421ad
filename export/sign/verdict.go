package sign

import (
	"crypto/sha256"
	"crypto/x509"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Kind says whose rules a file was judged by.
type Kind string

// The kinds of files. Only a file of kind Ours can get the best verdict.
const (
	Ours     Kind = "ours"
	Foreign  Kind = "foreign"  // signed, but not made by this program
	Unsigned Kind = "unsigned" // a PDF without a signature
	NotPDF   Kind = "not-pdf"
)

// A State says whether a file is what was signed.
type State string

// The states. There is nothing between Unchanged and Changed: what cannot be
// told is said to be so.
const (
	Unchanged State = "unchanged"
	Changed   State = "changed"
	NotSigned State = "not-signed"
	Unjudged  State = "unjudged"
)

// A Reason says why a state is not Unchanged, for people who want to know.
type Reason string

// The reasons.
const (
	ReasonNotPDF         Reason = "not-a-pdf"
	ReasonTooLarge       Reason = "too-large"             // more than [MaxFile]
	ReasonUnreadable     Reason = "unreadable"            // the disk, not the file
	ReasonNoSignature    Reason = "no-signature"          // and nothing that looks like one
	ReasonSeveral        Reason = "several-signatures"    // we judge files with exactly one
	ReasonStructure      Reason = "structure"             // a signature of a form that we don't know
	ReasonCut            Reason = "cut"                   // the signed bytes are not all there
	ReasonAppended       Reason = "bytes-after"           // bytes that the signature does not cover
	ReasonByteRange      Reason = "byte-range"            // what is signed is not all but the gap
	ReasonGap            Reason = "gap"                   // the signature is not written as it was
	ReasonMessage        Reason = "message"               // CMS message not understood
	ReasonMessageChanged Reason = "message-changed"       // CMS message not written as ours are
	ReasonContent        Reason = "content"               // the digest is another
	ReasonSignature      Reason = "signature"             // does not belong to the key
	ReasonCertificate    Reason = "certificate"           // missing, or not the one that is meant
	ReasonKey            Reason = "key"                   // of a kind we don't accept
	ReasonAlgorithm      Reason = "algorithm"             // digest or signature algorithm we don't accept
	ReasonAttributes     Reason = "attributes"            // signed attributes missing or wrong
	NoteOutsideValidity  Reason = "outside-validity"      // dated outside the certificate's time; a note
	NoteSameName         Reason = "same-name-other-key"   // a confirmed person's name, but not the key; a note
	NoteDateUnreadable   Reason = "date-not-understood"   // a note
	NoteNoSigningCert    Reason = "certificate-not-bound" // foreign: the signature does not name its certificate; a note
)

// A Verdict is three separate plain facts: whether the file changed, whose key
// signed it, what time its signer's clock showed. None of them implies another.
type Verdict struct {
	Kind  Kind
	State State

	// Signer is nil unless State is Unchanged: whoever signed a file that was
	// changed afterwards did not sign this one.
	Signer *Signer

	// Date is in the zone that the signer's computer stated. It is zero when
	// there is none, or State is not Unchanged.
	Date time.Time

	// Reasons say why State is what it is. Notes change nothing about it.
	Reasons []Reason
	Notes   []Reason

	// Pages is the number of pages of a file of kind Ours, and 0 otherwise.
	Pages int

	// Digest is the SHA-256 of what was signed, for files of kind Ours that are
	// Unchanged. A review and a ledger refer to it.
	Digest [32]byte
}

// A Signer is what a certificate says about its owner, which is what the owner
// chose to write, cleaned of everything that could pass for more than a name.
type Signer struct {
	Name         string // may be empty
	Organization string // may be empty
	Certificate  *x509.Certificate
	Fingerprint  [32]byte // SHA-256 of the certificate

	// Confirmed is set when the certificate is, byte for byte, one that the
	// caller trusts. ConfirmedOn is for the caller to fill in if it knows.
	Confirmed   bool
	ConfirmedOn time.Time
}

// ExitCode is what a command returns: 0 our packet, unchanged, by a confirmed
// key; 2 unchanged, but the key is not confirmed or the file not ours; 1
// changed, forged or not signed; 3 cannot be judged.
func (v Verdict) ExitCode() int {
	switch v.State {
	case Unchanged:
		if v.Kind == Ours && v.Signer != nil && v.Signer.Confirmed {
			return 0
		}
		return 2
	case Changed, NotSigned:
		return 1
	}
	return 3
}

// newSigner reads a stranger's certificate.
func newSigner(cert *x509.Certificate, trust []*x509.Certificate) (*Signer, []Reason) {
	s := &Signer{
		Name:        cleanName(cert.Subject.CommonName),
		Certificate: cert, Fingerprint: sha256.Sum256(cert.Raw),
	}
	if len(cert.Subject.Organization) > 0 {
		s.Organization = cleanName(cert.Subject.Organization[0])
	}
	if s.Name == "" {
		s.Name = s.Organization
	}
	sameName := false
	for _, t := range trust {
		if t.Equal(cert) {
			s.Confirmed = true
		}
		sameName = sameName || (s.Name != "" && strings.EqualFold(cleanName(t.Subject.CommonName), s.Name))
	}
	if sameName && !s.Confirmed {
		return s, []Reason{NoteSameName}
	}
	return s, nil
}

// maxShownName is how much of a name is shown, in characters.
const maxShownName = 80

// cleanName takes out of a name what is not part of any name: control and
// formatting characters (with which a name can turn the rest of a sentence
// around), quotation marks and line ends. It shortens what is left.
func cleanName(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var out strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		word = strings.Map(func(r rune) rune {
			if !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("\"“”„«»<>", r) {
				return -1
			}
			return r
		}, word)
		if word == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(word)
	}
	name := out.String()
	if utf8.RuneCountInString(name) > maxShownName {
		name = string([]rune(name)[:maxShownName-1]) + "…"
	}
	return name
}

// Reasons lists every reason and note, for whoever puts them into words.
func Reasons() []Reason {
	return []Reason{
		ReasonNotPDF, ReasonTooLarge, ReasonUnreadable, ReasonNoSignature, ReasonSeveral,
		ReasonStructure, ReasonCut, ReasonAppended, ReasonByteRange, ReasonGap, ReasonMessage,
		ReasonMessageChanged, ReasonContent, ReasonSignature, ReasonCertificate, ReasonKey,
		ReasonAlgorithm, ReasonAttributes,
		NoteOutsideValidity, NoteSameName, NoteDateUnreadable, NoteNoSigningCert,
	}
}
