package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha512" // SHA-384 and SHA-512 for signatures of other programs
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
)

// Bounds on the search for a stranger's signature.
const (
	byteRangeWindow  = 256      // from /ByteRange to its closing bracket
	signatureWindow  = 16 << 10 // of the dictionary, before and after the gap
	scanStep         = 1 << 20
	magicWithin      = 1024 // where other readers look for the header
	maxSignatureBits = 4096
)

var (
	byteRangeForm = regexp.MustCompile(`^/ByteRange\s*\[\s*([0-9]{1,10})\s+([0-9]{1,10})\s+([0-9]{1,10})\s+([0-9]{1,10})\s*\]`)
	contentsForm  = regexp.MustCompile(`/Contents\s*$`)
	subFilterForm = regexp.MustCompile(`/SubFilter\s*/([A-Za-z0-9.]{1,64})`)
	dateForm      = regexp.MustCompile(`/M\s*\((D:[0-9+\-Z']{4,24})\)`)
)

// verifyForeign judges a file that is not laid out as ours: a packet of ours
// that was changed, a PDF that another program signed, or no PDF at all. It
// does not read the PDF's structure, which is where readers disagree. It looks
// for one signature that covers every byte but its own gap; what those bytes
// show, and whether another reader sees the same signature, it cannot say. So
// its best verdict is one that nobody should take for more.
func verifyForeign(r io.ReaderAt, size int64, trust []*x509.Certificate) Verdict {
	v := Verdict{Kind: Foreign, State: Unjudged}
	as := func(kind Kind, state State, reason Reason) Verdict {
		return Verdict{Kind: kind, State: state, Reasons: []Reason{reason}}
	}
	changed := func(reason Reason) Verdict { return as(Foreign, Changed, reason) }
	unjudged := func(reason Reason) Verdict { return as(Foreign, Unjudged, reason) }

	start, err := readUpTo(r, 0, min(size, magicWithin))
	if err != nil {
		return as(NotPDF, Unjudged, ReasonUnreadable)
	}
	if !bytes.Contains(start, []byte("%PDF-")) {
		return as(NotPDF, Unjudged, ReasonNotPDF)
	}
	found, err := scan(r, size, []byte("/ByteRange"))
	switch {
	case err != nil:
		return unjudged(ReasonUnreadable)
	case len(found) == 0:
		return as(Unsigned, NotSigned, ReasonNoSignature)
	case len(found) > 1:
		return unjudged(ReasonSeveral)
	}
	window, err := readUpTo(r, found[0], min(byteRangeWindow, size-found[0]))
	if err != nil {
		return unjudged(ReasonUnreadable)
	}
	words := byteRangeForm.FindSubmatch(window)
	if words == nil {
		return unjudged(ReasonByteRange)
	}
	var n [4]int64
	for i := range n {
		if n[i], err = strconv.ParseInt(string(words[i+1]), 10, 64); err != nil {
			return unjudged(ReasonByteRange)
		}
	}
	from, to := n[1], n[2]
	switch {
	case n[0] != 0 || from < 1 || to-from < 4 || to-from > maxGap || (found[0] >= from && found[0] < to):
		return changed(ReasonByteRange)
	case to+n[3] > size:
		return changed(ReasonCut)
	case to+n[3] < size:
		return changed(ReasonAppended)
	}

	head, err := readUpTo(r, max(0, from-signatureWindow), min(from, signatureWindow))
	if err != nil {
		return unjudged(ReasonUnreadable)
	}
	tail, err := readUpTo(r, to, min(size-to, signatureWindow))
	if err != nil {
		return unjudged(ReasonUnreadable)
	}
	if i := bytes.LastIndex(head, []byte(" obj")); i >= 0 {
		head = head[i:]
	}
	tail, _, _ = bytes.Cut(tail, []byte("endobj"))
	if !contentsForm.Match(head) {
		return unjudged(ReasonGap)
	}
	dictionary := append(bytes.Clone(head), tail...)
	sub := subFilterForm.FindSubmatch(dictionary)
	if sub == nil {
		return unjudged(ReasonStructure)
	}
	cades := string(sub[1]) == "ETSI.CAdES.detached"
	if !cades && string(sub[1]) != "adbe.pkcs7.detached" {
		return unjudged(ReasonStructure)
	}
	gap, err := readGap(r, from, to)
	if err != nil {
		return unjudged(ReasonUnreadable)
	}
	reserved := make([]byte, hex.DecodedLen(len(gap)-2))
	if gap[0] != '<' || gap[len(gap)-1] != '>' || len(gap)%2 != 0 {
		return changed(ReasonGap)
	}
	if _, err := hex.Decode(reserved, gap[1:len(gap)-1]); err != nil {
		return changed(ReasonGap)
	}
	m, padding, err := parseMessage(reserved)
	if err != nil {
		return unjudged(ReasonMessage)
	}
	if len(bytes.Trim(padding, "\x00")) > 0 {
		return changed(ReasonGap)
	}
	cert, ok := m.certificate()
	if !ok {
		return unjudged(ReasonCertificate)
	}
	if CheckKey(cert.PublicKey) != nil {
		return unjudged(ReasonKey)
	}
	algorithm, ok := algorithmOf(m.signer, cert)
	if !ok {
		return unjudged(ReasonAlgorithm)
	}
	attributes, err := m.attributes()
	if err != nil {
		return unjudged(ReasonAttributes)
	}
	var kind asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(attributes[oidContentType.String()], &kind)
	if err != nil || len(rest) > 0 || !kind.Equal(oidData) {
		return unjudged(ReasonAttributes)
	}
	stated, ok := octets(attributes[oidMessageDigest.String()])
	if !ok {
		return unjudged(ReasonAttributes)
	}
	digest, err := hashAround(algorithm.New(), r, from, to, size)
	if err != nil {
		return unjudged(ReasonUnreadable)
	}
	if !bytes.Equal(stated, digest) {
		return changed(ReasonContent)
	}
	bound := attributes[oidSigningCertV2.String()]
	switch {
	case bound != nil && !namesCertificate(bound, cert):
		return changed(ReasonCertificate)
	case bound == nil && cades:
		return unjudged(ReasonAttributes)
	}
	signed := bytes.Clone(m.signer.Signed.FullBytes)
	signed[0] = tagSet // signed as a SET, stored otherwise (RFC 5652, 5.4)
	if !checkSignature(cert, algorithm, signed, m.signer.Signature) {
		return changed(ReasonSignature)
	}
	v.State = Unchanged
	date := ""
	if d := dateForm.FindSubmatch(dictionary); d != nil {
		date = string(d[1])
	}
	v.signedBy(cert, trust, date)
	if bound == nil {
		v.Notes = append(v.Notes, NoteNoSigningCert)
	}
	return v
}

// readUpTo reads n bytes that are known to lie inside the file.
func readUpTo(r io.ReaderAt, at, n int64) ([]byte, error) {
	return readGap(r, at, at+n)
}

// scan returns where word occurs in the file, up to the second place: nobody
// asks for more than "exactly one".
func scan(r io.ReaderAt, size int64, word []byte) ([]int64, error) {
	var found []int64
	buf := make([]byte, min(size, int64(scanStep+len(word)-1)))
	for at := int64(0); at < size; at += scanStep {
		n := min(int64(len(buf)), size-at)
		if got, err := r.ReadAt(buf[:n], at); int64(got) < n {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		for off := 0; ; {
			i := bytes.Index(buf[off:n], word)
			if i < 0 {
				break
			}
			// A word that begins in the overlap is found again next time.
			if off+i < scanStep {
				found = append(found, at+int64(off+i))
			}
			if len(found) > 1 {
				return found, nil
			}
			off += i + 1
		}
	}
	return found, nil
}

// digests are the digest algorithms that are good enough today.
var digests = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
	rsa  asn1.ObjectIdentifier
	ec   asn1.ObjectIdentifier
}{
	{oidSHA256, crypto.SHA256, oidRSASHA256, oidECDSASHA256},
	{oidSHA384, crypto.SHA384, oidRSASHA384, oidECDSASHA384},
	{oidSHA512, crypto.SHA512, oidRSASHA512, oidECDSASHA512},
}

// algorithmOf returns the digest algorithm of a signer whose digest, signature
// algorithm and key agree with one another.
func algorithmOf(s signerInfo, cert *x509.Certificate) (crypto.Hash, bool) {
	if len(s.Signature)*8 > 2*maxSignatureBits {
		return 0, false
	}
	for _, d := range digests {
		if !s.Digest.Algorithm.Equal(d.oid) {
			continue
		}
		switch cert.PublicKey.(type) {
		case *rsa.PublicKey:
			return d.hash, s.Algorithm.Algorithm.Equal(oidRSA) || s.Algorithm.Algorithm.Equal(d.rsa)
		case *ecdsa.PublicKey:
			return d.hash, s.Algorithm.Algorithm.Equal(d.ec)
		}
	}
	return 0, false
}

// namesCertificate reads a signing-certificate-v2 attribute (RFC 5035, 3 and 4)
// and tells whether the first certificate it names, which is the signer's, is
// cert.
func namesCertificate(der []byte, cert *x509.Certificate) bool {
	var outer struct {
		Certs    asn1.RawValue
		Policies asn1.RawValue `asn1:"optional"`
	}
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return false
	}
	var first asn1.RawValue
	if outer.Certs.Class != asn1.ClassUniversal || outer.Certs.Tag != asn1.TagSequence {
		return false
	}
	if _, err := asn1.Unmarshal(outer.Certs.Bytes, &first); err != nil || first.Tag != asn1.TagSequence {
		return false
	}
	// ESSCertIDv2: a hash algorithm if it is not SHA-256, the hash, and issuer
	// and serial number if somebody wanted to say it twice.
	algorithm, left := crypto.SHA256, first.Bytes
	var next asn1.RawValue
	rest, err := asn1.Unmarshal(left, &next)
	if err != nil {
		return false
	}
	if next.Class == asn1.ClassUniversal && next.Tag == asn1.TagSequence {
		var named pkix.AlgorithmIdentifier
		if _, err := asn1.Unmarshal(next.FullBytes, &named); err != nil {
			return false
		}
		algorithm = 0
		for _, d := range digests {
			if named.Algorithm.Equal(d.oid) {
				algorithm = d.hash
			}
		}
		if algorithm == 0 {
			return false
		}
		if _, err = asn1.Unmarshal(rest, &next); err != nil {
			return false
		}
	}
	hash, ok := octets(next.FullBytes)
	if !ok {
		return false
	}
	h := algorithm.New()
	h.Write(cert.Raw)
	return bytes.Equal(hash, h.Sum(nil))
}
