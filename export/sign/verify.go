package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"forbear/export/pdf"
)

// MaxFile is the largest file that Verify looks at, in bytes. Packets for
// agencies are split long before.
const MaxFile = 200 << 20

// maxGap bounds a signature's gap: the CMS in hexadecimal.
const maxGap = 256 << 10

// Verify judges a file of size bytes. trust lists the certificates whose owners
// the caller has confirmed; they count only if they are in the file byte for
// byte. It reads the file twice and holds one object of it at a time. Bytes of
// any kind give a verdict, never a panic.
func Verify(r io.ReaderAt, size int64, trust []*x509.Certificate) Verdict {
	if size > MaxFile {
		return Verdict{Kind: NotPDF, State: Unjudged, Reasons: []Reason{ReasonTooLarge}}
	}
	v := verify(r, size, trust)
	if v.State != Unchanged {
		// Said once, here, so that no branch below can forget it.
		v.Signer, v.Date, v.Digest = nil, time.Time{}, [32]byte{}
	}
	return v
}

func verify(r io.ReaderAt, size int64, trust []*x509.Certificate) Verdict {
	file, err := pdf.OpenPacket(r, size)
	switch {
	case errors.Is(err, pdf.ErrNotPacket):
		return verifyForeign(r, size, trust)
	case err != nil:
		return Verdict{Kind: NotPDF, State: Unjudged, Reasons: []Reason{ReasonUnreadable}}
	case file.Signature == nil:
		return Verdict{Kind: Unsigned, State: NotSigned, Pages: file.Pages, Reasons: []Reason{ReasonNoSignature}}
	}
	return verifyOurs(r, size, file, trust)
}

// verifyOurs judges a file whose every byte outside the gap is laid out as ours
// is. That depends on signed bytes only, so nobody can push a packet of ours
// into the looser rules of verifyForeign by writing into the gap.
func verifyOurs(r io.ReaderAt, size int64, file *pdf.PacketFile, trust []*x509.Certificate) Verdict {
	v := Verdict{Kind: Ours, State: Changed, Pages: file.Pages}
	fail := func(reason Reason) Verdict {
		v.Reasons = append(v.Reasons, reason)
		return v
	}
	from, to := file.Signature.Gap[0], file.Signature.Gap[1]
	gap, err := readGap(r, from, to)
	if err != nil {
		v.State = Unjudged
		return fail(ReasonUnreadable)
	}
	reserved, err := hex.DecodeString(string(gap[1 : len(gap)-1]))
	if err != nil || gap[0] != '<' || gap[len(gap)-1] != '>' || !bytes.Equal(bytes.ToUpper(gap), gap) {
		return fail(ReasonGap)
	}
	m, padding, err := parseMessage(reserved)
	if err != nil {
		return fail(ReasonMessage)
	}
	if len(bytes.Trim(padding, "\x00")) > 0 {
		return fail(ReasonGap)
	}
	cert, ok := m.certificate()
	if !ok || len(m.certs) != 1 {
		return fail(ReasonCertificate)
	}
	if CheckKey(cert.PublicKey) != nil {
		return fail(ReasonKey)
	}
	digest, err := hashAround(sha256.New(), r, from, to, size)
	if err != nil {
		v.State = Unjudged
		return fail(ReasonUnreadable)
	}
	if attributes, err := m.attributes(); err == nil {
		if stated, ok := octets(attributes[oidMessageDigest.String()]); ok && !bytes.Equal(stated, digest) {
			return fail(ReasonContent)
		}
	}
	// Everything in the message follows from the certificate, the digest and
	// the signature value. So we write it again; a message that differs in one
	// byte was not written by us.
	same, err := encodeCMS(cert, digest, m.signer.Signature)
	if err != nil || !bytes.Equal(same, reserved[:len(reserved)-len(padding)]) {
		return fail(ReasonMessageChanged)
	}
	if key, ok := cert.PublicKey.(*ecdsa.PublicKey); ok && !isLowS(key, m.signer.Signature) {
		return fail(ReasonSignature)
	}
	if !checkSignature(cert, crypto.SHA256, signedAttributes(cert.Raw, digest), m.signer.Signature) {
		return fail(ReasonSignature)
	}
	v.State, v.Digest = Unchanged, [32]byte(digest)
	v.signedBy(cert, trust, file.Signature.Date)
	return v
}

// signedBy fills in who and when.
func (v *Verdict) signedBy(cert *x509.Certificate, trust []*x509.Certificate, date string) {
	v.Signer, v.Notes = newSigner(cert, trust)
	at, ok := pdf.ParseDate(date)
	if !ok {
		v.Notes = append(v.Notes, NoteDateUnreadable)
		return
	}
	v.Date = at
	if at.Before(cert.NotBefore) || at.After(cert.NotAfter) {
		v.Notes = append(v.Notes, NoteOutsideValidity)
	}
}

// readGap reads a signature's gap, which the caller has found to lie inside the
// file and to be short.
func readGap(r io.ReaderAt, from, to int64) ([]byte, error) {
	gap := make([]byte, to-from)
	if n, err := r.ReadAt(gap, from); n < len(gap) {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return gap, nil
}

// hashAround hashes the whole file but the gap.
func hashAround(h hash.Hash, r io.ReaderAt, from, to, size int64) ([]byte, error) {
	for _, part := range [][2]int64{{0, from}, {to, size}} {
		n, err := io.Copy(h, io.NewSectionReader(r, part[0], part[1]-part[0]))
		if err != nil {
			return nil, err
		}
		if n != part[1]-part[0] {
			return nil, io.ErrUnexpectedEOF
		}
	}
	return h.Sum(nil), nil
}

// octets reads a DER OCTET STRING that fills der.
func octets(der []byte) ([]byte, bool) {
	var out []byte
	rest, err := asn1.Unmarshal(der, &out)
	return out, err == nil && len(rest) == 0
}

// checkSignature checks a signature over signed attributes, encoded as a SET.
func checkSignature(cert *x509.Certificate, algorithm crypto.Hash, attributes, signature []byte) bool {
	h := algorithm.New()
	h.Write(attributes)
	switch key := cert.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, h.Sum(nil), signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, algorithm, h.Sum(nil), signature) == nil
	}
	return false
}
