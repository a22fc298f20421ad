package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"forbear/export/pdf"
)

var (
	zone   = time.FixedZone("", -5*3600)
	signAt = time.Date(2026, 11, 21, 16, 10, 0, 0, zone)
)

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func identity(t testing.TB, key crypto.Signer, name string) Identity {
	t.Helper()
	cert, err := NewCertificate(rand.Reader, key, name, "Invented Legal Aid", signAt.AddDate(0, -1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return Identity{Key: key, Cert: cert}
}

// rsaKey is made once: it is the slowest thing in this package.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// clean is a clean document of one page for each word.
func clean(t testing.TB, words ...string) *pdf.Clean {
	t.Helper()
	var b bytes.Buffer
	w := pdf.NewCleanWriter(&b)
	font := w.Add(pdf.Object{Value: pdf.Dict{
		"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Helvetica"),
	}})
	var pages []pdf.CleanPage
	for _, s := range words {
		pages = append(pages, pdf.CleanPage{Width: 612, Height: 792, Text: s, Form: w.Add(pdf.Object{
			Value: pdf.Dict{
				"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"),
				"BBox":      pdf.Array{int64(0), int64(0), int64(612), int64(792)},
				"Resources": pdf.Dict{"Font": pdf.Dict{"F": font}},
			},
			Stream: []byte("BT /F 24 Tf 72 700 Td (" + s + ") Tj ET"),
		})})
	}
	if err := w.Close(pages, nil); err != nil {
		t.Fatal(err)
	}
	c, err := pdf.OpenClean(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// packet is two small pages, signed by id, or a plain copy if id is nil.
func packet(t testing.TB, id *Identity, size int, words ...string) []byte {
	t.Helper()
	source := clean(t, append(words, "Invented page", "Invented look")...)
	p := pdf.Packet{Title: "Invented", Lang: "en-US", Pages: []pdf.Page{
		{Width: 612, Height: 792, Label: "1", Layers: []pdf.Layer{{Source: source}}},
		{Width: 612, Height: 792, Label: "2", Layers: []pdf.Layer{{Source: source, Page: len(words)}}},
	}}
	p.Outline = []pdf.Bookmark{{Title: "Letter"}, {Title: "Exhibit", Page: 1}}
	if id != nil {
		p.Signature = &pdf.Signature{
			Page: 1, Rect: [4]float64{72, 72, 272, 122}, Name: id.Cert.Subject.CommonName, Date: signAt,
			Appearance: &pdf.Layer{Source: source, Page: len(words) + 1, Scale: 0.3, Y: -180},
			Size:       size, Sign: id.CMS,
		}
	}
	var out bytes.Buffer
	if _, err := pdf.Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func judge(b []byte, trust ...*x509.Certificate) Verdict {
	return Verify(bytes.NewReader(b), int64(len(b)), trust)
}

// gapOf returns where the gap of a sound packet lies.
func gapOf(t testing.TB, b []byte) (from, to int) {
	t.Helper()
	f, err := pdf.OpenPacket(bytes.NewReader(b), int64(len(b)))
	if err != nil || f.Signature == nil {
		t.Fatalf("not a signed packet: %v", err)
	}
	return int(f.Signature.Gap[0]), int(f.Signature.Gap[1])
}

// withCMS puts another message into a packet's gap, in proper form.
func withCMS(t testing.TB, b, cms []byte) []byte {
	t.Helper()
	from, to := gapOf(t, b)
	digits := strings.ToUpper(hex.EncodeToString(cms))
	if len(digits) > to-from-2 {
		t.Fatalf("message of %d bytes does not fit", len(cms))
	}
	digits += strings.Repeat("0", to-from-2-len(digits))
	out := bytes.Clone(b)
	copy(out[from+1:], digits)
	return out
}

// cmsOf returns the message in a packet's gap, and what it signs.
func cmsOf(t testing.TB, b []byte) (cms, digest, content []byte) {
	t.Helper()
	from, to := gapOf(t, b)
	all, err := hex.DecodeString(string(b[from+1 : to-1]))
	if err != nil {
		t.Fatal(err)
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(all, &outer); err != nil {
		t.Fatal(err)
	}
	content = append(bytes.Clone(b[:from]), b[to:]...)
	sum := sha256.Sum256(content)
	return outer.FullBytes, sum[:], content
}

func TestVerify_says_who_and_when_and_that_nothing_changed(t *testing.T) {
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{
		"P-256": newKey(t, elliptic.P256()), "P-384": newKey(t, elliptic.P384()),
		"P-521": newKey(t, elliptic.P521()), "RSA": key,
	} {
		id := identity(t, key, "Ana Ejemplo")
		b := packet(t, &id, 0)
		v := judge(b)
		if v.Kind != Ours || v.State != Unchanged || v.ExitCode() != 2 || v.Pages != 2 || len(v.Reasons)+len(v.Notes) != 0 {
			t.Fatalf("%s: got %+v", name, v)
		}
		if s := v.Signer; s.Name != "Ana Ejemplo" || s.Organization != "Invented Legal Aid" || s.Confirmed || !s.Certificate.Equal(id.Cert) {
			t.Errorf("%s: signer: got %+v", name, s)
		}
		if !v.Date.Equal(signAt) || v.Date.Hour() != 16 {
			t.Errorf("%s: date: got %v", name, v.Date)
		}
		if _, digest, _ := cmsOf(t, b); !bytes.Equal(digest, v.Digest[:]) {
			t.Errorf("%s: digest: got %x, want %x", name, v.Digest, digest)
		}
		if v := judge(b, id.Cert); v.ExitCode() != 0 || !v.Signer.Confirmed {
			t.Errorf("%s: with the certificate confirmed: exit %d", name, v.ExitCode())
		}
		if signature := func() []byte { c, _, _ := cmsOf(t, b); m, _, _ := parseMessage(c); return m.signer.Signature }(); name != "RSA" && !isLowS(id.Cert.PublicKey.(*ecdsa.PublicKey), signature) {
			t.Errorf("%s: signature is not in the low form", name)
		}
	}
}

func TestVerify_trusts_certificates_and_not_names(t *testing.T) {
	ana := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")
	other := identity(t, newKey(t, elliptic.P256()), "ana  ejemplo")
	v := judge(packet(t, &other, 0), ana.Cert)
	if v.ExitCode() != 2 || v.Signer.Confirmed {
		t.Errorf("exit %d, signer %+v", v.ExitCode(), v.Signer)
	}
	if len(v.Notes) != 1 || v.Notes[0] != NoteSameName {
		t.Errorf("notes: got %v", v.Notes)
	}
	// The same key under another certificate was not confirmed either.
	again := identity(t, ana.Key, "Ana Ejemplo")
	if v := judge(packet(t, &again, 0), ana.Cert); v.ExitCode() != 2 {
		t.Errorf("another certificate of the same key: exit %d", v.ExitCode())
	}
}

func TestVerify_notes_a_date_outside_the_certificate(t *testing.T) {
	key := newKey(t, elliptic.P256())
	cert, err := NewCertificate(rand.Reader, key, "Ana Ejemplo", "", signAt.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	v := judge(packet(t, &Identity{key, cert}, 0))
	if v.State != Unchanged || len(v.Notes) != 1 || v.Notes[0] != NoteOutsideValidity {
		t.Errorf("got %+v", v)
	}
}

// damaged fails the test if a damaged packet gets a verdict that anybody could
// act on.
func damaged(t *testing.T, what string, b []byte, trust ...*x509.Certificate) Verdict {
	t.Helper()
	v := judge(b, trust...)
	if c := v.ExitCode(); c != 1 && c != 3 {
		t.Errorf("%s: exit %d, %+v", what, c, v)
	}
	if v.Signer != nil || !v.Date.IsZero() || len(v.Reasons) == 0 {
		t.Errorf("%s: names a signer, a date or no reason: %+v", what, v)
	}
	return v
}

func TestVerify_refuses_every_flipped_byte(t *testing.T) {
	id := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")
	b := packet(t, &id, 1000)
	for i := range b {
		// One bit that turns digits into others, and the one that turns upper
		// into lower case.
		for _, mask := range []byte{0x01, 0x20} {
			b[i] ^= mask
			damaged(t, fmt.Sprintf("byte %d of %d ^ %#x", i, len(b), mask), b, id.Cert)
			b[i] ^= mask
		}
		if t.Failed() {
			return
		}
	}
	if judge(b, id.Cert).ExitCode() != 0 {
		t.Error("the packet itself is not sound, so the test proves nothing")
	}
}

func TestVerify_refuses_every_cut(t *testing.T) {
	id := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")
	b := packet(t, &id, 1000)
	for n := range b {
		damaged(t, fmt.Sprintf("cut to %d of %d", n, len(b)), b[:n], id.Cert)
	}
}

// update appends an incremental update that gives page 1 another content, as a
// PDF editor does it.
func update(t testing.TB, b []byte) []byte {
	t.Helper()
	out := bytes.Clone(b)
	start := bytes.LastIndex(b, []byte("startxref\n"))
	var previous int
	if _, err := fmt.Sscanf(string(b[start:]), "startxref\n%d", &previous); err != nil {
		t.Fatal(err)
	}
	page := len(out)
	out = append(out, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> >>\nendobj\n"...)
	table := len(out)
	out = fmt.Appendf(out, "xref\n3 1\n%010d 00000 n \ntrailer\n<< /Size 40 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", page, previous, table)
	return out
}

// signedUpdate appends an incremental update with a signature over everything,
// as another program would sign. cms gets what is signed.
func signedUpdate(t testing.TB, b []byte, filter string, cms func(content []byte) []byte) []byte {
	t.Helper()
	const size = 4096
	head := bytes.Clone(b)
	at := len(head)
	head = append(head, "90 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/"+filter+"/M(D:20261121161000-05'00')/ByteRange [0 0000000000 0000000000 0000000000]/Contents"...)
	tail := []byte(">>\nendobj\n")
	gap := 2*size + 2
	table := len(head) + gap + len(tail)
	tail = fmt.Appendf(tail, "xref\n90 1\n%010d 00000 n \ntrailer\n<</Size 91/Root 1 0 R/Prev 0>>\nstartxref\n%d\n%%%%EOF\n", at, table)
	span := fmt.Sprintf("[0 %010d %010d %010d]", len(head), len(head)+gap, len(tail))
	head = append(bytes.Replace(head, []byte("[0 0000000000 0000000000 0000000000]"), []byte(span), 1), []byte{}...)
	der := cms(append(bytes.Clone(head), tail...))
	if len(der) > size {
		t.Fatalf("message of %d bytes", len(der))
	}
	digits := hex.EncodeToString(der)
	return append(append(head, "<"+digits+strings.Repeat("0", 2*size-len(digits))+">"...), tail...)
}

func byIdentity(t testing.TB, id Identity) func([]byte) []byte {
	return func(content []byte) []byte {
		digest := sha256.Sum256(content)
		return byIdentityDigest(t, id, digest[:])
	}
}

func TestVerify_refuses_forgeries(t *testing.T) {
	id := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")
	b := packet(t, &id, 2000)
	cms, digest, _ := cmsOf(t, b)
	m, _, err := parseMessage(cms)
	if err != nil {
		t.Fatal(err)
	}
	from, to := gapOf(t, b)
	replace := func(old, new string) []byte {
		t.Helper()
		out := bytes.Replace(b, []byte(old), []byte(new), 1)
		if bytes.Equal(out, b) {
			t.Fatalf("%q is not in the packet", old)
		}
		return out
	}
	encode := func(cert *x509.Certificate, digest, signature []byte) []byte {
		t.Helper()
		out, err := encodeCMS(cert, digest, signature)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}

	var s struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(m.signer.Signature, &s); err != nil {
		t.Fatal(err)
	}
	s.S.Sub(elliptic.P256().Params().N, s.S)
	high, err := asn1.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if attributes := signedAttributes(id.Cert.Raw, digest); !checkSignature(id.Cert, crypto.SHA256, attributes, high) {
		t.Fatal("the high form is no valid ECDSA signature, so the test proves nothing")
	}

	lower := bytes.Clone(b)
	copy(lower[from:to], bytes.ToLower(b[from:to]))
	padding := bytes.Clone(b)
	padding[to-3] = '1'
	spaces := bytes.Clone(b)
	copy(spaces[to-5:], "    >")

	other := packet(t, &id, 2000, "Another invented letter")
	otherCMS, _, _ := cmsOf(t, other)
	mallory := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")

	// A length in two bytes where one would do: the same message to a lenient
	// reader.
	long := bytes.Clone(cms)
	long = append([]byte{0x30, 0x83, 0}, long[2:]...)

	for name, forged := range map[string][]byte{
		"byte appended":                          append(bytes.Clone(b), '\n'),
		"byte in front":                          append([]byte{' '}, b...),
		"comment appended":                       append(bytes.Clone(b), "%hello\n%%EOF\n"...),
		"page replaced":                          update(t, b),
		"lower case":                             lower,
		"padding":                                padding,
		"spaces in the padding":                  spaces,
		"byte range":                             replace(fmt.Sprintf("/ByteRange [0 %d", from), fmt.Sprintf("/ByteRange [0 %d", from-1)),
		"byte range to the front":                replace("/ByteRange [0 ", "/ByteRange [1 "),
		"date":                                   replace("D:2026", "D:2025"),
		"name":                                   replace("/Name (Ana", "/Name (Eva"),
		"message of another":                     withCMS(t, b, otherCMS),
		"message of nobody":                      withCMS(t, b, nil),
		"high signature":                         withCMS(t, b, encode(id.Cert, digest, high)),
		"signature of zeros":                     withCMS(t, b, encode(id.Cert, digest, []byte{0x30, 6, 2, 1, 0, 2, 1, 0})),
		"another's certificate":                  withCMS(t, b, encode(mallory.Cert, digest, m.signer.Signature)),
		"certificate swapped":                    withCMS(t, b, bytes.Replace(cms, id.Cert.Raw, sameLength(t, id), 1)),
		"message in long form":                   withCMS(t, b, long),
		"byte behind the message":                withCMS(t, b, append(bytes.Clone(cms), 0x05, 0x00)),
		"second signature":                       signedUpdate(t, b, "ETSI.CAdES.detached", byIdentity(t, mallory)),
		"page replaced and then honestly signed": signedUpdate(t, update(t, b), "ETSI.CAdES.detached", byIdentity(t, id)),
	} {
		damaged(t, name, forged, id.Cert)
	}
	if v := damaged(t, "high signature", withCMS(t, b, encode(id.Cert, digest, high))); v.Kind != Ours || v.Reasons[0] != ReasonSignature {
		t.Errorf("high signature: got %+v", v)
	}
	if v := damaged(t, "lower case", lower); v.Kind != Ours || v.Reasons[0] != ReasonGap {
		t.Errorf("lower case: got %+v", v)
	}
}

// sameLength makes another certificate for the same key with the same name,
// number and length, so that it can take the first one's place in a message.
func sameLength(t testing.TB, id Identity) []byte {
	t.Helper()
	for range 1000 {
		template := *id.Cert
		template.NotAfter = template.NotAfter.AddDate(1, 0, 0)
		der, err := x509.CreateCertificate(rand.Reader, &template, &template, id.Key.Public(), id.Key)
		if err != nil {
			t.Fatal(err)
		}
		if len(der) == len(id.Cert.Raw) {
			return der
		}
	}
	t.Fatal("no certificate of the same length")
	return nil
}

func TestVerify_of_files_that_are_not_signed_packets(t *testing.T) {
	plain := packet(t, nil, 0)
	for name, c := range map[string]struct {
		b    []byte
		kind Kind
		exit int
	}{
		"empty":        {nil, NotPDF, 3},
		"text":         {[]byte("Dear officer"), NotPDF, 3},
		"plain copy":   {plain, Unsigned, 1},
		"other PDF":    {append([]byte("junk\n"), plain...), Unsigned, 1},
		"byte range":   {append(bytes.Clone(plain), "/ByteRange [0 1 2 3]"...), Foreign, 1},
		"odd range":    {append(bytes.Clone(plain), "/ByteRange [0 -1 2 3]"...), Foreign, 3},
		"huge numbers": {append(bytes.Clone(plain), "/ByteRange [0 9999999999 9999999999 9999999999]"...), Foreign, 1},
	} {
		v := judge(c.b)
		if v.Kind != c.kind || v.ExitCode() != c.exit || len(v.Reasons) == 0 {
			t.Errorf("%s: got %+v, want kind %s and exit %d", name, v, c.kind, c.exit)
		}
	}
	if v := Verify(bytes.NewReader(nil), MaxFile+1, nil); v.ExitCode() != 3 || v.Reasons[0] != ReasonTooLarge {
		t.Errorf("too large: got %+v", v)
	}
	// A reader that fails is the disk's fault; the file is not called changed.
	if v := Verify(bytes.NewReader(plain), int64(len(plain))+5, nil); v.ExitCode() != 3 && v.ExitCode() != 1 {
		t.Errorf("short reader: got %+v", v)
	}
}

func TestVerify_of_other_programs_signatures(t *testing.T) {
	id := identity(t, newKey(t, elliptic.P384()), "Ana Ejemplo")
	plain := packet(t, nil, 0)
	b := signedUpdate(t, plain, "ETSI.CAdES.detached", byIdentity(t, id))
	v := judge(b, id.Cert)
	if v.Kind != Foreign || v.State != Unchanged || v.ExitCode() != 2 || v.Signer.Name != "Ana Ejemplo" || !v.Date.Equal(signAt) {
		t.Fatalf("got %+v", v)
	}
	changed := bytes.Clone(b)
	changed[100] ^= 1
	mallory := identity(t, newKey(t, elliptic.P384()), "Ana Ejemplo")
	forge := func(filter string, cms func(digest []byte) []byte) []byte {
		return signedUpdate(t, plain, filter, func(content []byte) []byte {
			digest := sha256.Sum256(content)
			return cms(digest[:])
		})
	}
	signature := func(digest []byte) []byte {
		m, _, err := parseMessage(byIdentityDigest(t, id, digest))
		if err != nil {
			t.Fatal(err)
		}
		return m.signer.Signature
	}
	for name, c := range map[string]struct {
		b    []byte
		want Reason
	}{
		"appended":         {append(bytes.Clone(b), '\n'), ReasonAppended},
		"cut":              {b[:len(b)-1], ReasonCut},
		"update":           {update(t, b), ReasonAppended},
		"flipped":          {changed, ReasonContent},
		"second signature": {signedUpdate(t, b, "ETSI.CAdES.detached", byIdentity(t, mallory)), ReasonSeveral},
		"another kind":     {bytes.Replace(b, []byte("ETSI.CAdES.detached"), []byte("ETSI.RFC3161.xxxxxx"), 1), ReasonStructure},
		"no message":       {forge("adbe.pkcs7.detached", func([]byte) []byte { return []byte{0x30, 0} }), ReasonMessage},
		"another's signature": {forge("ETSI.CAdES.detached", func(digest []byte) []byte {
			out, err := encodeCMS(mallory.Cert, digest, signature(digest))
			if err != nil {
				t.Fatal(err)
			}
			return out
		}), ReasonSignature},
		// One key, two certificates: the signature says which one it means.
		"another certificate": {forge("adbe.pkcs7.detached", func(digest []byte) []byte {
			return bytes.Replace(byIdentityDigest(t, id, digest), id.Cert.Raw, sameLength(t, id), 1)
		}), ReasonCertificate},
	} {
		if v := damaged(t, name, c.b, id.Cert); len(v.Reasons) != 1 || v.Reasons[0] != c.want {
			t.Errorf("%s: got %v, want %s", name, v.Reasons, c.want)
		}
	}
}

func byIdentityDigest(t testing.TB, id Identity, digest []byte) []byte {
	t.Helper()
	cms, err := id.CMS(digest)
	if err != nil {
		t.Fatal(err)
	}
	return cms
}

func TestVerify_reads_what_openssl_signs(t *testing.T) {
	openssl, ok := find(t, "openssl")
	if !ok {
		return
	}
	dir := t.TempDir()
	id := identity(t, newKey(t, elliptic.P256()), "Ana Ejemplo")
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	put(t, dir, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Cert.Raw}))
	for filter, more := range map[string][]string{
		"adbe.pkcs7.detached": {"-md", "sha512"},
		"ETSI.CAdES.detached": {"-md", "sha256", "-cades"},
	} {
		b := signedUpdate(t, packet(t, nil, 0), filter, func(content []byte) []byte {
			put(t, dir, "content", content)
			args := append([]string{
				"cms", "-sign", "-binary", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem",
				"-outform", "DER", "-out", "cms",
			}, more...)
			run(t, dir, openssl, args...)
			out, err := os.ReadFile(filepath.Join(dir, "cms"))
			if err != nil {
				t.Fatal(err)
			}
			return out
		})
		v := judge(b)
		if v.Kind != Foreign || v.State != Unchanged {
			t.Errorf("%s: got %+v", filter, v)
		}
		b[50] ^= 1
		damaged(t, filter+" flipped", b)
	}
}

func TestPackets_satisfy_other_verifiers(t *testing.T) {
	dir := t.TempDir()
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"ecdsa": newKey(t, elliptic.P256()), "rsa": key} {
		id := identity(t, key, "Ana Ejemplo")
		b := packet(t, &id, 0)
		file := put(t, dir, name+".pdf", b)
		if path, ok := find(t, "pdfsig"); ok {
			out := run(t, dir, path, "-nocert", file)
			for _, want := range []string{"Signature is Valid", "Total document signed", "ETSI.CAdES.detached"} {
				if !strings.Contains(out, want) {
					t.Errorf("%s: pdfsig does not say %q:\n%s", name, want, out)
				}
			}
		}
		if path, ok := find(t, "qpdf"); ok {
			if out := run(t, dir, path, "--check", file); !strings.Contains(out, "No syntax or stream encoding errors found") {
				t.Errorf("%s: qpdf: %s", name, out)
			}
			run(t, dir, path, "--empty", "--pages", file, "2", file, "1-z", "--", name+"-merged.pdf")
			if out := run(t, dir, path, "--check", name+"-merged.pdf"); !strings.Contains(out, "No syntax") {
				t.Errorf("%s: merged: %s", name, out)
			}
		}
		if path, ok := find(t, "mutool"); ok {
			if out := run(t, dir, path, "sign", "-v", file); !strings.Contains(out, "The document is unchanged since signing") && !strings.Contains(out, "no signature handling") {
				t.Errorf("%s: mutool: %s", name, out)
			}
		}
		if path, ok := find(t, "openssl"); ok {
			cms, _, content := cmsOf(t, b)
			put(t, dir, "cms", cms)
			put(t, dir, "content", content)
			put(t, dir, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Cert.Raw}))
			run(t, dir, path, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms",
				"-content", "content", "-CAfile", "cert.pem", "-partial_chain", "-purpose", "any",
				"-no_check_time", "-out", os.DevNull)
		}
	}
}

// find looks for a program of this machine.
func find(t testing.TB, name string) (string, bool) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		fmt.Printf("UNRUN %s: %s is not installed\n", t.Name(), name)
	}
	return path, err == nil
}

func run(t testing.TB, dir, path string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", filepath.Base(path), args[0], err, out)
	}
	return string(out)
}

func put(t testing.TB, dir, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCMS_refuses_keys_that_readers_cannot_check(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewCertificate(rand.Reader, ed, "Ana", "", signAt); !errors.Is(err, ErrEd25519) {
		t.Errorf("Ed25519: got %v", err)
	}
	if _, err := NewCertificate(rand.Reader, newKey(t, elliptic.P224()), "Ana", "", signAt); !errors.Is(err, ErrKey) {
		t.Errorf("P-224: got %v", err)
	}
	id := identity(t, newKey(t, elliptic.P256()), "Ana")
	digest := make([]byte, 32)
	for name, id := range map[string]Identity{
		"no key":         {Cert: id.Cert},
		"no certificate": {Key: id.Key},
		"other key":      {Key: newKey(t, elliptic.P256()), Cert: id.Cert},
	} {
		if _, err := id.CMS(digest); !errors.Is(err, ErrIdentity) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := id.CMS(digest[:20]); !errors.Is(err, ErrIdentity) {
		t.Errorf("SHA-1: got %v", err)
	}
}

func TestNewCertificate_is_for_signing_and_nothing_else(t *testing.T) {
	c := identity(t, newKey(t, elliptic.P256()), "Ana Ñandú").Cert
	if c.IsCA || !c.BasicConstraintsValid || c.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment ||
		len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageEmailProtection {
		t.Errorf("usage: %+v", c)
	}
	if err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil {
		t.Error(err)
	}
	if y := c.NotAfter.Year() - c.NotBefore.Year(); y != 5 || c.SerialNumber.BitLen() != 127 {
		t.Errorf("%d years, serial number of %d bits", y, c.SerialNumber.BitLen())
	}
	for _, name := range []string{"", "a\nb", strings.Repeat("x", 65), "\xff"} {
		if _, err := NewCertificate(rand.Reader, newKey(t, elliptic.P256()), name, "", signAt); !errors.Is(err, ErrName) {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if _, err := NewCertificate(strings.NewReader("short"), newKey(t, elliptic.P256()), "Ana", "", signAt); err == nil {
		t.Error("made a certificate without enough randomness")
	}
}

func TestCleanName_leaves_only_a_name(t *testing.T) {
	for in, want := range map[string]string{
		"Ana Ejemplo":                    "Ana Ejemplo",
		"  Ana\r\n\tEjemplo ":            "Ana Ejemplo",
		"Ana\u202e.olpmejE\u200b":        "Ana.olpmejE",
		"\"Ana\", which you confirmed. ": "Ana, which you confirmed.",
		"\x00\x1b[31m":                   "[31m",
		"\xff":                           "\uFFFD",
		"":                               "",
		strings.Repeat("x", 200):         strings.Repeat("x", 79) + "…",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	list := strings.Fields(words)
	if len(list) != 1024 {
		t.Errorf("%d words, want 1024", len(list))
	}
	seen := map[string]bool{}
	for _, w := range list {
		if seen[w] || len(w) < 3 || len(w) > 8 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("word %q comes twice or is no plain word", w)
		}
		seen[w] = true
	}
	// Fixed, and computed by another implementation: people write these words
	// down.
	got := Words(&x509.Certificate{Raw: []byte("invented certificate")})
	want := [4]string{"roast", "mast", "raccoon", "swallow"}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzVerify(f *testing.F) {
	id := identity(f, newKey(f, elliptic.P256()), "Ana Ejemplo")
	good := packet(f, &id, 1000)
	f.Add(good)
	f.Add(packet(f, nil, 0))
	f.Add(signedUpdate(f, packet(f, nil, 0), "adbe.pkcs7.detached", byIdentity(f, id)))
	f.Fuzz(func(t *testing.T, b []byte) {
		v := judge(b, id.Cert)
		if v.ExitCode() == 0 && !bytes.Equal(b, good) {
			t.Error("a file that was never signed is confirmed")
		}
	})
}

func BenchmarkVerify30MB(b *testing.B) {
	id := identity(b, newKey(b, elliptic.P256()), "Ana Ejemplo")
	file := packet(b, &id, 0, strings.Repeat("x", 30<<20))
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if judge(file, id.Cert).ExitCode() != 0 {
			b.Fatal("not sound")
		}
	}
}
