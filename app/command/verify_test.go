package command

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forbear/export/pdf"
	"forbear/export/sign"
)

// signedFile writes a small signed packet and the certificate of its key.
func signedFile(t *testing.T) (packet, certificate string) {
	t.Helper()
	at := time.Date(2026, 11, 21, 16, 10, 0, 0, time.FixedZone("", -5*3600))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := sign.NewCertificate(rand.Reader, key, "Ana Ejemplo", "", at)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, err = pdf.Write(&out, pdf.Packet{
		Title: "Invented", Lang: "en-US", Pages: []pdf.Page{{Width: 612, Height: 792}},
		Signature: &pdf.Signature{Name: "Ana Ejemplo", Date: at, Sign: sign.Identity{Key: key, Cert: cert}.CMS},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	packet, certificate = filepath.Join(dir, "packet.pdf"), filepath.Join(dir, "ana.pem")
	writeTestFile(t, packet, out.Bytes())
	writeTestFile(t, certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	return packet, certificate
}

func writeTestFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// verifyLine runs verify alone, as the program would.
func verifyLine(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = Execute(append([]string{"verify"}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestVerify_exit_codes_and_sentences(t *testing.T) {
	packet, certificate := signedFile(t)
	code, out, errs := verifyLine(packet, "--trust", certificate)
	want := "Nothing changed since it was signed.\n" +
		"Signed with the key of Ana Ejemplo, which you confirmed.\n" +
		"Dated Nov 21, 2026, 4:10 pm by the signer's computer clock; nobody else vouches for the time.\n" +
		"Next: nothing. It can be used as it is.\n"
	if code != 0 || out != want || errs != "" {
		t.Errorf("confirmed: exit %d\n%s%s", code, out, errs)
	}

	code, out, _ = verifyLine(packet)
	if code != 2 || !strings.Contains(out, "Signed with a key that calls itself Ana Ejemplo. You have not confirmed it: call them and compare these four words: ") {
		t.Errorf("not confirmed: exit %d\n%s", code, out)
	}

	b, err := os.ReadFile(packet)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	changed := filepath.Join(dir, "changed.pdf")
	writeTestFile(t, changed, append(b, '\n'))
	code, out, _ = verifyLine(changed, "--trust", certificate)
	if code != 1 || !strings.HasPrefix(out, "Changed after signing. Do not use it.\n") || strings.Contains(out, "Ana") {
		t.Errorf("changed: exit %d\n%s", code, out)
	}

	text := filepath.Join(dir, "letter.txt")
	writeTestFile(t, text, []byte("Dear officer"))
	if code, out, _ = verifyLine(text); code != 3 || !strings.Contains(out, "not a PDF") {
		t.Errorf("text: exit %d\n%s", code, out)
	}
}

func TestVerify_of_no_file_says_nothing_about_its_name(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{"missing": filepath.Join(dir, "Canary Person.pdf"), "folder": dir} {
		code, out, errs := verifyLine(path)
		if code != 3 || out != "" || errs == "" || strings.Contains(errs, "Canary") {
			t.Errorf("%s: exit %d, %q, %q", name, code, out, errs)
		}
	}
	packet, _ := signedFile(t)
	if code, _, _ := verifyLine(packet, "--trust", packet); code != 64 {
		t.Errorf("a packet as a certificate: exit %d, want 64", code)
	}
	if code, _, _ := verifyLine(); code != 64 {
		t.Errorf("no file: exit %d, want 64", code)
	}
}

func TestVerify_json(t *testing.T) {
	packet, certificate := signedFile(t)
	_, out, _ := verifyLine(packet, "--trust", certificate, "--json")
	var r verdictReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Kind != sign.Ours || r.State != sign.Unchanged || r.Exit != 0 || r.Signer == nil || r.Signer.Name != "Ana Ejemplo" ||
		len(r.Signer.Words) != 4 || len(r.Signer.Fingerprint) != 64 || len(r.Digest) != 64 || r.Date != "2026-11-21T16:10:00-05:00" ||
		r.Reasons == nil || len(r.Sentences) != 4 {
		t.Errorf("got %s", out)
	}
}

func TestVerifySentences_cover_every_reason_and_never_say_valid(t *testing.T) {
	known := sign.Reasons()
	for _, r := range known {
		if _, ok := reasonSentences[r]; !ok {
			t.Errorf("no sentence for %q", r)
		}
	}
	for r := range reasonSentences {
		if !slices.Contains(known, r) {
			t.Errorf("a sentence for %q, which is no reason", r)
		}
	}
	cert := &x509.Certificate{Raw: []byte("invented")}
	for _, kind := range []sign.Kind{sign.Ours, sign.Foreign, sign.Unsigned, sign.NotPDF} {
		for _, state := range []sign.State{sign.Unchanged, sign.Changed, sign.NotSigned, sign.Unjudged} {
			v := sign.Verdict{Kind: kind, State: state, Reasons: known}
			if state == sign.Unchanged {
				v.Signer = &sign.Signer{Certificate: cert}
			}
			all := strings.Join(VerifySentences(v), " ")
			if strings.Contains(strings.ToLower(all), "valid") {
				t.Errorf("%s, %s: says valid: %s", kind, state, all)
			}
			if foreign := strings.Contains(all, "not made by Forbear"); foreign != (kind == sign.Foreign && state == sign.Unchanged) {
				t.Errorf("%s, %s: not made by Forbear: %v", kind, state, foreign)
			}
		}
	}
	on := sign.Verdict{Kind: sign.Ours, State: sign.Unchanged, Signer: &sign.Signer{
		Name: "Ana Ejemplo", Certificate: cert, Confirmed: true, ConfirmedOn: time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC),
	}}
	if got := VerifySentences(on)[1]; got != "Signed with the key of Ana Ejemplo, which you confirmed on Oct 3, 2026." {
		t.Errorf("got %q", got)
	}
}
