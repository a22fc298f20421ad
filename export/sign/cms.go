package sign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
)

// Object identifiers, with their sources.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}         // RFC 5652, 4
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}         // RFC 5652, 5.1
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}         // RFC 5652, 11.1
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}         // RFC 5652, 11.2
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47} // RFC 5035, 3
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}     // RFC 5754, 2
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1} // RFC 5754, 3.2
	oidRSASHA256     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidRSASHA384     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}
	oidRSASHA512     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2} // RFC 5754, 3.3
	oidECDSASHA384   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
	oidECDSASHA512   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}
)

// Tags of DER (X.690).
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagSequence = 0x30
	tagSet      = 0x31
	tagContext0 = 0xA0
)

// tlv encodes one DER value from its parts.
func tlv(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := []byte{tag}
	switch n := len(body); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, body...)
}

func encodeOID(oid asn1.ObjectIdentifier) []byte {
	b, err := asn1.Marshal(oid)
	if err != nil {
		panic("sign: internal error: object identifier of our own")
	}
	return b
}

// set encodes a DER SET OF, whose elements are sorted by their encoding (X.690,
// 11.6).
func set(elements ...[]byte) []byte {
	slices.SortFunc(elements, bytes.Compare)
	return tlv(tagSet, elements...)
}

// signedAttributes returns what is actually signed: content type, digest of the
// packet, and which certificate is meant (RFC 5035). The last one keeps a
// signature from being passed off as that of another certificate for the same
// key. Its hash algorithm is left out, since DER leaves out defaults.
func signedAttributes(cert, digest []byte) []byte {
	hash := sha256.Sum256(cert)
	id := tlv(tagSequence, tlv(tagSequence, tlv(tagSequence, tlv(tagOctets, hash[:]))))
	return set(
		tlv(tagSequence, encodeOID(oidContentType), set(encodeOID(oidData))),
		tlv(tagSequence, encodeOID(oidMessageDigest), set(tlv(tagOctets, digest))),
		tlv(tagSequence, encodeOID(oidSigningCertV2), set(id)),
	)
}

// encodeCMS is the one way in which our signatures are written. The verifier
// calls it too, with what it found, and compares.
func encodeCMS(cert *x509.Certificate, digest, signature []byte) ([]byte, error) {
	var algorithm []byte
	switch cert.PublicKey.(type) {
	case *ecdsa.PublicKey:
		algorithm = tlv(tagSequence, encodeOID(oidECDSASHA256))
	case *rsa.PublicKey:
		algorithm = tlv(tagSequence, encodeOID(oidRSASHA256), asn1.NullBytes)
	default:
		return nil, ErrKey
	}
	serial, err := asn1.Marshal(cert.SerialNumber)
	if err != nil {
		return nil, fmt.Errorf("write serial number: %w", err)
	}
	// RFC 5754, 2: without parameters.
	sha := tlv(tagSequence, encodeOID(oidSHA256))
	version1 := tlv(tagInteger, []byte{1})
	attributes := signedAttributes(cert.Raw, digest)
	attributes[0] = tagContext0 // stored so, signed as a SET (RFC 5652, 5.4)
	signer := tlv(
		tagSequence, version1,
		tlv(tagSequence, cert.RawIssuer, serial),
		sha, attributes, algorithm, tlv(tagOctets, signature),
	)
	return tlv(tagSequence, encodeOID(oidSignedData), tlv(tagContext0, tlv(
		tagSequence, version1, set(sha), tlv(tagSequence, encodeOID(oidData)),
		tlv(tagContext0, cert.Raw), set(signer),
	))), nil
}

// The structures below read CMS messages (RFC 5652, 5). encoding/asn1 insists
// on DER, which is more than the RFC asks for and what PAdES asks for.
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
}

type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Content      contentInfo
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version   int
	ID        issuerAndSerial
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

// maxCertificates bounds how many certificates of a stranger's message are
// looked at.
const maxCertificates = 16

// A message is a CMS message with one signer.
type message struct {
	signer signerInfo
	certs  []*x509.Certificate
}

// parseMessage reads a CMS message in front of the padding of a gap, which it
// returns. Any error means that this is no message that we understand.
func parseMessage(der []byte) (*message, []byte, error) {
	var outer contentInfo
	padding, err := asn1.Unmarshal(der, &outer)
	if err != nil || !outer.Type.Equal(oidSignedData) {
		return nil, nil, fmt.Errorf("not a CMS message")
	}
	var data signedData
	rest, err := asn1.Unmarshal(outer.Content.Bytes, &data)
	if err != nil || len(rest) > 0 {
		return nil, nil, fmt.Errorf("not signed data")
	}
	if len(data.Signers) != 1 {
		return nil, nil, fmt.Errorf("%d signers", len(data.Signers))
	}
	if !data.Content.Type.Equal(oidData) || len(data.Content.Content.FullBytes) > 0 {
		return nil, nil, fmt.Errorf("content is not detached")
	}
	m := &message{signer: data.Signers[0]}
	for left := data.Certificates.Bytes; len(left) > 0; {
		var one asn1.RawValue
		if left, err = asn1.Unmarshal(left, &one); err != nil || len(m.certs) >= maxCertificates {
			return nil, nil, fmt.Errorf("certificates")
		}
		cert, err := x509.ParseCertificate(one.FullBytes)
		if err != nil {
			return nil, nil, fmt.Errorf("certificates")
		}
		m.certs = append(m.certs, cert)
	}
	return m, padding, nil
}

// certificate returns the certificate that the signer names.
func (m *message) certificate() (*x509.Certificate, bool) {
	for _, c := range m.certs {
		if bytes.Equal(c.RawIssuer, m.signer.ID.Issuer.FullBytes) && m.signer.ID.Serial != nil &&
			c.SerialNumber.Cmp(m.signer.ID.Serial) == 0 {
			return c, true
		}
	}
	return nil, false
}

// attributes returns the one value of each signed attribute by its type.
// Attributes that come twice or with several values are refused: two readers
// could pick different ones.
func (m *message) attributes() (map[string][]byte, error) {
	out := map[string][]byte{}
	for left := m.signer.Signed.Bytes; len(left) > 0; {
		var a attribute
		var err error
		if left, err = asn1.Unmarshal(left, &a); err != nil || len(out) > 64 {
			return nil, fmt.Errorf("signed attributes")
		}
		var value asn1.RawValue
		rest, err := asn1.Unmarshal(a.Values.Bytes, &value)
		if err != nil || len(rest) > 0 || a.Values.Class != asn1.ClassUniversal || a.Values.Tag != asn1.TagSet || out[a.Type.String()] != nil {
			return nil, fmt.Errorf("signed attributes")
		}
		out[a.Type.String()] = value.FullBytes
	}
	return out, nil
}
