// Package sign makes the signatures of packets and judges them.
//
// A signature here is a detached CMS message (RFC 5652) in the PAdES baseline
// profile B-B (ETSI EN 319 142-1): it says that these bytes were before the
// holder of this key, and nothing else. Who holds the key is for people to find
// out, once, over the telephone; that is what [Words] are for. When it was
// signed is what the signer's clock said.
//
// PDF programs are generous readers. They accept a packet whose pages were
// replaced after signing and mention in a side panel that the signature covers
// an earlier version. [Verify] is not generous. Our packets have exactly one
// layout and our signatures exactly one encoding, so it builds anew what it was
// given and compares: everything outside the signature is under the digest, and
// everything inside it is either determined by what was signed or is the
// signature value itself, of which there is one. Files signed by other programs
// are judged by a second, looser set of rules, and the verdict says so.
//
// This package knows no clock, no disk and no network.
package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Identity is what a person signs packets with.
type Identity struct {
	Key  crypto.Signer
	Cert *x509.Certificate
}

// CMS signs the SHA-256 of a packet (32 bytes, as [forbear/export/pdf.Write]
// hands it over) and returns the CMS message in DER. It has one signer, one
// certificate, no unsigned attributes and, as the profile wants, no signing
// time: that stands in the PDF.
func (id Identity) CMS(digest []byte) ([]byte, error) {
	if id.Key == nil || id.Cert == nil || len(digest) != sha256.Size {
		return nil, ErrIdentity
	}
	if err := CheckKey(id.Key.Public()); err != nil {
		return nil, err
	}
	public, ok := id.Cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(id.Key.Public()) {
		return nil, ErrIdentity
	}
	hash := sha256.Sum256(signedAttributes(id.Cert.Raw, digest))
	signature, err := id.Key.Sign(rand.Reader, hash[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if key, ok := id.Cert.PublicKey.(*ecdsa.PublicKey); ok {
		if signature, err = lowS(key, signature); err != nil {
			return nil, err
		}
	}
	return encodeCMS(id.Cert, digest, signature)
}

// CheckKey returns nil for the keys that packets are signed with, and otherwise
// [ErrEd25519] or [ErrKey].
func CheckKey(public crypto.PublicKey) error {
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
			return nil
		}
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n >= 2048 && n <= 4096 {
			return nil
		}
	case ed25519.PublicKey:
		return ErrEd25519
	}
	return ErrKey
}

// certificateYears is how long a certificate of our own making lasts. Nobody
// refuses a packet for it; it reminds people to confirm a key again.
const certificateYears = 5

// NewCertificate makes a self-signed certificate for the key of a person. It
// says what the key is for (signatures on documents, by a person) and that it
// vouches for nobody else. org may be empty. The serial number is read from
// random.
func NewCertificate(random io.Reader, key crypto.Signer, name, org string, notBefore time.Time) (*x509.Certificate, error) {
	if key == nil {
		return nil, ErrIdentity
	}
	if err := CheckKey(key.Public()); err != nil {
		return nil, err
	}
	if name == "" || !fitsName(name) || !fitsName(org) {
		return nil, ErrName
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(random, serial); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	// Positive, and of one length, so that certificates of one key differ in
	// nothing else.
	serial[0] = serial[0]&0x7F | 0x40
	subject := pkix.Name{CommonName: name}
	if org != "" {
		subject.Organization = []string{org}
	}
	notBefore = notBefore.UTC().Truncate(time.Second)
	der, err := x509.CreateCertificate(random, &x509.Certificate{
		SerialNumber:          new(big.Int).SetBytes(serial),
		Subject:               subject,
		NotBefore:             notBefore,
		NotAfter:              notBefore.AddDate(certificateYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		BasicConstraintsValid: true,
	}, &x509.Certificate{Subject: subject}, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read own certificate: %w", err)
	}
	return cert, nil
}

// fitsName holds names to the bound of X.520 (64) in characters.
func fitsName(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 64 {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// lowS returns the one of an ECDSA signature's two forms whose s is at most
// half the order. Anybody can turn one form into the other, so a verifier that
// takes both takes a file that its signer never made.
func lowS(key *ecdsa.PublicKey, signature []byte) ([]byte, error) {
	var v struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &v); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("read signature: not an ECDSA signature")
	}
	order := key.Params().N
	if v.S.Cmp(new(big.Int).Rsh(order, 1)) > 0 {
		v.S.Sub(order, v.S)
	}
	out, err := asn1.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write signature: %w", err)
	}
	return out, nil
}

// isLowS tells whether a signature is in the one form that [lowS] gives.
func isLowS(key *ecdsa.PublicKey, signature []byte) bool {
	same, err := lowS(key, signature)
	return err == nil && bytes.Equal(same, signature)
}
