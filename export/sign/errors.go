package sign

import "errors"

// The errors below are the only ones a caller may test for.
var (
	// ErrEd25519 is returned for an Ed25519 key. Such keys are sound, but the
	// PDF readers in use cannot check their signatures and call the file
	// damaged. The person needs an ECDSA or RSA key for packets.
	ErrEd25519 = errors.New("PDF readers cannot check Ed25519 signatures")

	// ErrKey is returned for any other key that packets are not signed with:
	// not ECDSA on P-256, P-384 or P-521, not RSA of 2048 to 4096 bits.
	ErrKey = errors.New("key is not of a kind that packets are signed with")

	// ErrIdentity is returned when a key and a certificate do not belong
	// together, or one of them is missing. Signing with such a pair would give
	// a packet that nobody can verify.
	ErrIdentity = errors.New("key and certificate do not belong together")

	// ErrName is returned by [NewCertificate] for a name that is empty, too long
	// or not one line of text.
	ErrName = errors.New("name cannot stand in a certificate")
)
