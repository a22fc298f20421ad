package command

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"forbear/export/sign"
)

// exitUnjudged is what verify returns for a file that it cannot judge. A file
// that cannot even be opened is one of those: exit 1 would call it forged.
const exitUnjudged = 3

func verifyCommand(e *env) *cobra.Command {
	var trust []string
	c := &cobra.Command{
		Use:   "verify FILE.pdf",
		Short: "Say whether a packet is what was signed, by whose key, and when by whose clock",
		Long: "Judges a signed PDF without a vault. Exit code 0: a packet of this program, unchanged, signed with a key\n" +
			"that --trust names. 2: unchanged, but the key is not confirmed or the file not made by Forbear.\n" +
			"1: changed, forged or not signed. 3: cannot be judged.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var confirmed []*x509.Certificate
			for i, path := range trust {
				certs, err := readCertificates(path)
				if err != nil {
					return &usageError{fmt.Errorf("read certificate %d: %w", i+1, err)}
				}
				confirmed = append(confirmed, certs...)
			}
			v, err := VerifyFile(args[0], confirmed)
			if err != nil {
				return exitWith(exitUnjudged, err)
			}
			if err := e.printVerdict(v); err != nil {
				return err
			}
			if code := v.ExitCode(); code != exitDone {
				return exitWith(code, nil)
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&trust, "trust", nil, "certificate (PEM or DER) of somebody whose key you have confirmed; may be repeated")
	return c
}

// VerifyFile judges a file on disk. An error means that there is no file there
// that could be judged.
func VerifyFile(path string, trust []*x509.Certificate) (sign.Verdict, error) {
	// Asked before opening: opening a named pipe would wait for its other end.
	info, err := os.Stat(path)
	if err != nil {
		return sign.Verdict{}, fmt.Errorf("open file: %w", bare(err))
	}
	if !info.Mode().IsRegular() {
		return sign.Verdict{}, errors.New("open file: not a plain file")
	}
	f, err := os.Open(path)
	if err != nil {
		return sign.Verdict{}, fmt.Errorf("open file: %w", bare(err))
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return sign.Verdict{}, fmt.Errorf("open file: %w", bare(err))
	}
	return sign.Verify(f, info.Size(), trust), nil
}

// maxCertificateFile bounds a file of certificates, in bytes.
const maxCertificateFile = 1 << 20

// readCertificates reads the certificates of a PEM file, or the one of a DER
// file, which is what programs export as .cer.
func readCertificates(path string) ([]*x509.Certificate, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxCertificateFile+1))
	if err != nil {
		return nil, bare(err)
	}
	if len(b) > maxCertificateFile {
		return nil, errors.New("too large for a certificate")
	}
	if !bytes.Contains(b, []byte("-----BEGIN")) {
		cert, err := x509.ParseCertificate(b)
		if err != nil {
			return nil, errors.New("not a certificate")
		}
		return []*x509.Certificate{cert}, nil
	}
	var out []*x509.Certificate
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("not a certificate")
		}
		out = append(out, cert)
	}
	if len(out) == 0 {
		return nil, errors.New("no certificate in it")
	}
	return out, nil
}

// A verdictReport is the JSON form of a verdict.
type verdictReport struct {
	Kind      sign.Kind     `json:"kind"`
	State     sign.State    `json:"state"`
	Exit      int           `json:"exit"`
	Pages     int           `json:"pages,omitempty"`
	Signer    *signerReport `json:"signer,omitempty"`
	Date      string        `json:"date,omitempty"` // RFC 3339, in the signer's zone
	Digest    string        `json:"digest,omitempty"`
	Reasons   []sign.Reason `json:"reasons"`
	Notes     []sign.Reason `json:"notes"`
	Sentences []string      `json:"sentences"`
}

type signerReport struct {
	Name         string   `json:"name"`
	Organization string   `json:"organization,omitempty"`
	Fingerprint  string   `json:"fingerprint"` // SHA-256 of the certificate
	Words        []string `json:"words"`
	Confirmed    bool     `json:"confirmed"`
}

func (e *env) printVerdict(v sign.Verdict) error {
	sentences := VerifySentences(v)
	if !e.JSON {
		_, err := fmt.Fprintln(e.Out, strings.Join(sentences, "\n"))
		return err
	}
	r := verdictReport{
		Kind: v.Kind, State: v.State, Exit: v.ExitCode(), Pages: v.Pages,
		Reasons: append([]sign.Reason{}, v.Reasons...), Notes: append([]sign.Reason{}, v.Notes...),
		Sentences: sentences,
	}
	if s := v.Signer; s != nil {
		words := sign.Words(s.Certificate)
		r.Signer = &signerReport{s.Name, s.Organization, hex.EncodeToString(s.Fingerprint[:]), words[:], s.Confirmed}
	}
	if !v.Date.IsZero() {
		r.Date = v.Date.Format(time.RFC3339)
	}
	if v.Digest != [32]byte{} {
		r.Digest = hex.EncodeToString(v.Digest[:])
	}
	return e.printJSON(r)
}

// VerifySentences puts a verdict into words for somebody who is tired: whether
// anything changed, whose key it was, what the clock said, why, and what to do
// next. Each fact is a sentence of its own, and none of them says "valid": a
// file can be unchanged, and from a stranger. It takes a tenth of a second for
// a key that is not confirmed, which is what the four words cost.
func VerifySentences(v sign.Verdict) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case v.State == sign.Unchanged:
		say("Nothing changed since it was signed.")
	case v.State == sign.Changed:
		say("Changed after signing. Do not use it.")
	case v.State == sign.NotSigned:
		say("This file is not signed. Nothing shows who made it, or whether it was changed.")
	case v.Kind == sign.NotPDF:
		say("This file cannot be judged.")
	default:
		say("The signature of this file cannot be judged. Do not rely on it.")
	}
	if s := v.Signer; s != nil {
		name := s.Name
		if name == "" {
			name = "nobody (it gives no name)"
		}
		words := ""
		if !s.Confirmed {
			four := sign.Words(s.Certificate)
			words = strings.Join(four[:], " ")
		}
		switch {
		case s.Confirmed && !s.ConfirmedOn.IsZero():
			say("Signed with the key of %s, which you confirmed on %s.", name, s.ConfirmedOn.Format("Jan 2, 2006"))
		case s.Confirmed:
			say("Signed with the key of %s, which you confirmed.", name)
		default:
			say("Signed with a key that calls itself %s. You have not confirmed it: call them and compare these four words: %s.", name, words)
		}
		if v.Date.IsZero() {
			say("It states no date that can be read.")
		} else {
			say("Dated %s by the signer's computer clock; nobody else vouches for the time.", v.Date.Format("Jan 2, 2006, 3:04 pm"))
		}
		if v.Kind == sign.Foreign {
			say("This file was not made by Forbear: its bytes are what was signed, but whether every program shows the same pages was not checked.")
		}
	}
	for _, r := range append(append([]sign.Reason{}, v.Reasons...), v.Notes...) {
		if s := reasonSentences[r]; s != "" {
			say("%s", s)
		}
	}
	switch {
	case v.State == sign.Changed:
		say("Next: ask the sender for the file again, and say that this one is damaged.")
	case v.State == sign.Unchanged && v.Kind == sign.Ours && v.Signer.Confirmed:
		say("Next: nothing. It can be used as it is.")
	case v.State == sign.Unchanged && v.Signer.Confirmed:
		say("Next: read it as you would read any letter.")
	case v.State == sign.Unchanged:
		say("Next: call a number that you already have, not one from this file.")
	default:
		say("Next: ask the sender what this file is.")
	}
	return out
}

// reasonSentences put reasons and notes into words. What the main sentences say
// already is empty here.
var reasonSentences = map[sign.Reason]string{
	sign.ReasonNotPDF:         "It is not a PDF.",
	sign.ReasonTooLarge:       "It is larger than 200 MB, which is more than this program looks at.",
	sign.ReasonUnreadable:     "It could not be read to its end: the disk or the network may be at fault, not the file.",
	sign.ReasonNoSignature:    "",
	sign.ReasonSeveral:        "It holds several signatures, and a later one can cover pages that an earlier signer never saw.",
	sign.ReasonStructure:      "It is signed in a way that this program does not know.",
	sign.ReasonCut:            "The end of the file is missing.",
	sign.ReasonAppended:       "Something was added behind what was signed.",
	sign.ReasonByteRange:      "The signature does not cover the whole file.",
	sign.ReasonGap:            "The place of the signature was written to after signing.",
	sign.ReasonMessage:        "The signature cannot be read.",
	sign.ReasonMessageChanged: "The signature was rewritten after signing.",
	sign.ReasonContent:        "The pages are not the ones that were signed.",
	sign.ReasonSignature:      "The signature was not made with the key that it names.",
	sign.ReasonCertificate:    "The certificate is missing, or not the one that was signed with.",
	sign.ReasonKey:            "The key is of a kind that is too weak or that this program does not know.",
	sign.ReasonAlgorithm:      "The signature uses a method that is too weak or that this program does not know.",
	sign.ReasonAttributes:     "The signature lacks a part that it needs.",
	sign.NoteOutsideValidity:  "The date lies outside the time for which the certificate was made.",
	sign.NoteSameName:         "You have confirmed another key under this name. Speak with them before you use this file.",
	sign.NoteDateUnreadable:   "",
	sign.NoteNoSigningCert:    "The signature does not say which certificate of its key it means.",
}
