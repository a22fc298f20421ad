package command

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/sample"
	"forbear/export/sign"
	"forbear/factors"
)

// practicePassphrase opens the demo's vault. It is public, as everything in
// that vault is invented.
const practicePassphrase = "invented practice vault, open to all"

func demoCommand(e *env) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Do the whole job on an invented client: what is refused and why, then what is made",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &demo{env: e, ctx: cmd.Context(), out: out}
			err := d.run()
			if e.JSON {
				return errors.Join(err, e.printJSON(map[string]any{"steps": d.steps}))
			}
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "forbear-demo", "folder to write to; one that a demo has not used yet")
	return c
}

// A demo is one run. It prints each step as it goes, or gathers them for --json.
type demo struct {
	*env
	ctx   context.Context
	out   string
	steps []*demoStep

	library *factors.Library
	worker  exhibit.Worker
	vault   *casefile.Vault
	file    *casefile.Case
}

type demoStep struct {
	Title string     `json:"title"`
	Lines []demoLine `json:"lines"`
}

// A demoLine is one thing that happened.
type demoLine struct {
	What string `json:"what"` // refused, made, wrote, decided, says, row
	Text string `json:"text"`
	Why  string `json:"why,omitempty"`
}

func (d *demo) step(title string) {
	d.steps = append(d.steps, &demoStep{Title: title})
	if !d.JSON {
		fmt.Fprintf(d.Out, "\n%d. %s\n", len(d.steps), title)
	}
}

func (d *demo) say(what, text, why string) {
	s := d.steps[len(d.steps)-1]
	s.Lines = append(s.Lines, demoLine{what, text, why})
	if d.JSON {
		return
	}
	label := map[string]string{"refused": "REFUSED", "made": "MADE"}[what]
	if label == "" {
		label = what
	}
	fmt.Fprintf(d.Out, "   %-8s %s\n", label, text)
	if why != "" {
		fmt.Fprintf(d.Out, "   %-8s %s\n", "", why)
	}
}

func (d *demo) run() (err error) {
	dir, err := filepath.Abs(d.out)
	if err != nil {
		return fmt.Errorf("find folder: %w", bare(err))
	}
	d.out = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", bare(err))
	}
	for _, name := range []string{"vault", "exhibits", "field-office.pdf", "icr.pdf", "certificate.pem"} {
		if _, err := os.Lstat(d.path(name)); !errors.Is(err, fs.ErrNotExist) {
			return errors.New("look into folder: a demo was here already; name another one with --out")
		}
	}
	if d.library, err = d.Library(); err != nil {
		return err
	}
	if d.worker, err = exhibit.Self(); err != nil {
		return err
	}
	defer func() {
		if d.file != nil {
			err = errors.Join(err, d.file.Close())
		}
		if d.vault != nil {
			err = errors.Join(err, d.vault.Close())
		}
	}()
	for _, part := range []func() error{
		d.makeVault, d.checklist, d.takeIn, d.fieldOffice, d.caseReview, d.damage,
	} {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) path(name string) string { return filepath.Join(d.out, name) }

func (d *demo) makeVault() error {
	d.step("A vault, and in it one case")
	person := casefile.NewPerson{Name: sample.Document().Representative.Name, Role: casefile.Attorney}
	v, err := casefile.Create(d.path("vault"), person, []byte(practicePassphrase))
	if err != nil {
		return err
	}
	d.vault = v
	d.say("wrote", d.path("vault"), "its passphrase is public: "+practicePassphrase)
	doc := sample.Document()
	if err := v.SetProfile(casefile.Profile{
		Representative: doc.Representative,
		Office:         casefile.Office{Name: doc.Representative.Organization, Phone: doc.Representative.Phone, Address: doc.Representative.Address},
	}); err != nil {
		return err
	}
	if d.file, err = v.AddDocument(doc); err != nil {
		return err
	}
	d.say("saved", doc.GivenName+" "+doc.FamilyName, "an invented client: nobody by this name is meant")
	return nil
}

func (d *demo) checklist() error {
	d.step("The checklist of " + d.Today().Words())
	doc, err := d.file.Document()
	if err != nil {
		return err
	}
	frame := d.library.DefaultFrame(doc.Facts, doc.Requests[0].Asks[0].Kind, "").ID
	governing := d.library.Governing(doc.Facts, doc.Requests[0].Asks[0].Kind)
	for _, id := range slices.Compact([]string{frame, "MAYORKAS"}) {
		inForce, organized := d.library.StatusSentences(id, d.Today(), governing)
		d.say("says", "In force today: "+inForce, "Organized by: "+organized)
		rows := export.Checklist(d.library, doc, id, d.Today())
		for _, side := range []factors.Side{factors.SideMitigating, factors.SideAggravating} {
			heading := map[factors.Side]string{factors.SideMitigating: "For", factors.SideAggravating: "Against"}[side]
			for _, r := range rows.Rows {
				if r.Side == side {
					d.say(heading, r.Title+" ["+string(r.State)+"]", r.Reason)
				}
			}
		}
	}
	return nil
}

func (d *demo) takeIn() error {
	d.step("Exhibits, each read by a process without keys or paths")
	if err := os.Mkdir(d.path("exhibits"), 0o700); err != nil {
		return fmt.Errorf("make folder: %w", bare(err))
	}
	files, err := sample.Exhibits()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := d.add(f); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) add(f sample.File) error {
	name := d.path(filepath.Join("exhibits", f.Name))
	if err := writeNew(name, f.Data); err != nil {
		return err
	}
	x, err := export.AddExhibit(d.ctx, d.file, d.worker, f.Data, f.Meta)
	if err != nil {
		d.say("refused", f.Name, err.Error())
		return nil
	}
	why := ""
	for _, removed := range x.Removed {
		if why != "" {
			why += ", "
		}
		why += removed
	}
	if why != "" {
		why = "removed: " + why
	}
	d.say("sealed", fmt.Sprintf("%s  %s, %d p.", f.Name, x.Title, x.Pages), why)
	return nil
}

// writeNew writes a file that must not be there yet.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write file: %w", bare(err))
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write file: %w", bare(err))
	}
	return nil
}

func (d *demo) prepare(to string) (*export.Draft, error) {
	return export.Prepare(d.file, export.Order{
		Library: d.library, Frame: "MAYORKAS", Recipient: to, Profile: d.vault.Profile(), Now: d.Now(), Program: Version(),
	})
}

// refusals plans a packet and prints what forbids it. It returns how many rules
// do.
func (d *demo) refusals(to string) (_ int, err error) {
	draft, err := d.prepare(to)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, draft.Close()) }()
	findings, err := draft.Findings()
	if err != nil {
		return 0, err
	}
	blocking := export.Blocking(findings)
	for _, f := range blocking {
		where := ""
		for i, p := range f.Places {
			if i > 0 {
				where += "; "
			}
			where += p.String()
		}
		d.say("refused", f.Rule+": "+f.Message, where)
	}
	return len(blocking), nil
}

func (d *demo) fieldOffice() error {
	d.step("The packet for the field office: what forbids it")
	refused, err := d.refusals(export.ToFieldOffice)
	if err != nil {
		return err
	}
	if refused == 0 {
		return errors.New("plan packet: the sample's mistakes were not seen")
	}

	d.step("What the lawyer does about it")
	doc, err := d.file.Document()
	if err != nil {
		return err
	}
	for _, x := range doc.Exhibits {
		if !slices.Contains(sample.TakenOut(), x.ID) {
			continue
		}
		x.InPacket = false
		if _, err := export.PutExhibit(d.file, x); err != nil {
			return err
		}
		d.say("decided", x.Title, "stays out of the packet, sealed in the case")
	}
	redacted, err := sample.Redacted()
	if err != nil {
		return err
	}
	redacted.Name = "redacted-" + redacted.Name
	if err := d.add(redacted); err != nil {
		return err
	}
	unanswered := export.Unanswered(doc)
	for _, decision := range export.AnswerWhatICEHas(doc) {
		record, err := casefile.NewRecord("decisions", decision)
		if err != nil {
			return err
		}
		if _, err := d.file.Put(record); err != nil {
			return err
		}
	}
	d.say("decided", fmt.Sprintf("ICE already has %d things that the letter did not mention", len(unanswered)), "answer what ICE already has")
	doc.Consent = sample.Consent(d.Today())
	if err := d.file.SaveClient(doc); err != nil {
		return err
	}
	d.say("saved", "her consent, read to her by relay", "")

	d.step("The packet for the field office")
	packet, err := d.make(export.ToFieldOffice, "field-office.pdf")
	if err != nil {
		return err
	}
	_, err = export.MarkSent(d.file, packet, d.Today(), d.Now().Format("15:04"), "e-mail")
	return err
}

// make builds, signs and verifies one packet.
func (d *demo) make(to, name string) (packet string, err error) {
	id, err := export.SigningIdentity(d.vault, d.Now())
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(d.path("certificate.pem")); errors.Is(err, fs.ErrNotExist) {
		block := &pem.Block{Type: "CERTIFICATE", Bytes: id.Cert.Raw}
		if err := writeNew(d.path("certificate.pem"), pem.EncodeToMemory(block)); err != nil {
			return "", err
		}
		d.say("wrote", d.path("certificate.pem"), "whose key it is: hand it over in person")
	}
	draft, err := d.prepare(to)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, draft.Close()) }()
	made, err := export.Deliver(d.ctx, d.file, draft, id, d.path(name), d.Now())
	if err != nil {
		return "", err
	}
	d.say("made", made.Path, fmt.Sprintf("%d pages, %d bytes, SHA-256 %s", made.Pages, made.Size, made.SHA256))
	return made.Packet, d.verify(name, id.Cert)
}

func (d *demo) verify(name string, trusted ...*x509.Certificate) error {
	v, err := VerifyFile(d.path(name), trusted)
	if err != nil {
		return err
	}
	for _, s := range VerifySentences(v) {
		d.say("verify", s, "")
	}
	if v.ExitCode() != exitDone {
		return errors.New("verify packet: it does not verify")
	}
	return nil
}

func (d *demo) caseReview() error {
	d.step("ICE Case Review, before the field office has answered")
	record, err := casefile.NewRecord("requests", sample.Review())
	if err != nil {
		return err
	}
	if _, err := d.file.Put(record); err != nil {
		return err
	}
	_, err = d.refusals(export.ToICR)
	var gate *export.GateError
	if !errors.As(err, &gate) {
		return errors.Join(err, errors.New("plan packet: ICE Case Review was not refused"))
	}
	for _, reason := range gate.Reasons {
		d.say("refused", "ICE Case Review: "+string(reason), "it reviews decisions of field offices; without one it sends the case back")
	}

	d.step("The field office denies by telephone; ICE Case Review")
	doc, err := d.file.Document()
	if err != nil {
		return err
	}
	for _, r := range doc.Requests {
		if r.To != export.ToFieldOffice {
			continue
		}
		r.Answer = sample.Denial(d.Today())
		if r, err = export.PutRequest(d.file, r); err != nil {
			return err
		}
		d.say("saved", "denied by telephone, reason as told: "+r.Answer.Reason, "nothing was written")
		sent, err := export.RequestAsSent(d.ctx, d.file, d.worker, r, "Request to the field office, as sent")
		if err != nil {
			return err
		}
		d.say("sealed", fmt.Sprintf("%s, %d p.", sent.Title, sent.Pages), "")
	}
	for _, draw := range []func(factors.Date) (sample.File, error){sample.CallNote, sample.NewSince} {
		f, err := draw(d.Today())
		if err != nil {
			return err
		}
		if err := d.add(f); err != nil {
			return err
		}
	}
	if refused, err := d.refusals(export.ToICR); err != nil || refused > 0 {
		return errors.Join(err, errors.New("plan packet: ICE Case Review is still refused"))
	}
	_, err = d.make(export.ToICR, "icr.pdf")
	return err
}

// damage shows what the strict verification is for: it changes one bit, in
// memory only.
func (d *demo) damage() error {
	d.step("One bit of the first packet is changed")
	data, err := readFile(d.path("field-office.pdf"), sign.MaxFile)
	if err != nil {
		return err
	}
	data[len(data)/2] ^= 1
	v := sign.Verify(bytes.NewReader(data), int64(len(data)), nil)
	for _, s := range VerifySentences(v) {
		d.say("verify", s, "")
	}
	if code := v.ExitCode(); code != exitRefused && code != exitUnjudged {
		return errors.New("verify packet: the change was not seen")
	}
	return nil
}
