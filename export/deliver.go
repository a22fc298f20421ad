package export

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"forbear/casefile"
	"forbear/export/exhibit"
	"forbear/export/sign"
	"forbear/factors"
)

// An Order says which packet to prepare.
type Order struct {
	Library   *factors.Library
	Frame     string // the instrument it is organized by; empty: the one the case opens on
	Recipient string // ToFieldOffice, ToOPLA, ToICR
	RequestID string // empty: the newest request to this recipient that was not sent yet
	Profile   casefile.Profile
	Now       time.Time
	Program   string
	CitePast  bool
	Draft     bool
}

// A Draft is a plan with the pinned case that it was made from. Saving to the
// case goes on meanwhile and changes nothing about it. It must be closed.
type Draft struct {
	Plan    Plan
	Request casefile.Request
	Sources *CaseSources

	snapshot *casefile.Snapshot
}

// Prepare pins the case as it is now and plans a packet from it. The errors are
// those of [NewPlan] and the case's.
func Prepare(c *casefile.Case, o Order) (_ *Draft, err error) {
	snapshot, err := c.Snapshot()
	if err != nil {
		return nil, fmt.Errorf("pin case: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, snapshot.Close())
		}
	}()
	doc, err := snapshot.Document()
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	request := chooseRequest(doc.Requests, o)
	ask := ""
	if len(request.Asks) > 0 {
		ask = request.Asks[0].Kind
	}
	frame := o.Frame
	if frame == "" {
		frame = o.Library.DefaultFrame(doc.Facts, ask, o.Profile.Office.Frame).ID
	}
	today := factors.DateOf(o.Now)
	var sent *Record
	if o.Recipient == ToICR || o.Recipient == "" && request.To == ToICR {
		signer := representative(Input{Document: doc, Profile: o.Profile}).Type
		decided, err := ICRGate(doc, request, signer, today)
		if err != nil {
			return nil, err
		}
		if sent, err = sentRecord(snapshot, decided); err != nil {
			return nil, err
		}
	}
	plan, err := NewPlan(Input{
		Document: doc, Revision: snapshot.Revision(), Library: o.Library, Frame: frame,
		Rows:      Checklist(o.Library, doc, frame, today),
		Recipient: o.Recipient, Request: request, Profile: o.Profile, SigningDate: today,
		Clock: o.Now, LastEntry: c.Saved(), Sent: sent, CitePast: o.CitePast, Program: o.Program, Draft: o.Draft,
	})
	if err != nil {
		return nil, err
	}
	return &Draft{
		Plan: plan, Request: request,
		Sources:  &CaseSources{Case: snapshot, Exhibits: doc.Exhibits},
		snapshot: snapshot,
	}, nil
}

// chooseRequest finds the request that an order is about.
func chooseRequest(list []casefile.Request, o Order) casefile.Request {
	chosen := casefile.Request{To: o.Recipient}
	for _, r := range list {
		if o.RequestID != "" && r.ID == o.RequestID {
			return r
		}
		if o.RequestID == "" && r.To == o.Recipient && r.SentOn.IsZero() {
			chosen = r
		}
	}
	return chosen
}

// sentRecord finds the record of the packet that was sent for a request, or
// nothing where the request was made otherwise.
func sentRecord(s *casefile.Snapshot, r casefile.Request) (*Record, error) {
	if r.Packet.SHA256 == "" {
		return nil, nil
	}
	packets, err := s.List(casefile.KindPackets)
	if err != nil {
		return nil, fmt.Errorf("list packets: %w", err)
	}
	for _, p := range packets {
		var kept Packet
		if err := json.Unmarshal(p.Body, &kept); err != nil {
			return nil, fmt.Errorf("read packet record: %w", casefile.ErrDamaged)
		}
		if kept.Record.SHA256 == r.Packet.SHA256 {
			return &kept.Record, nil
		}
	}
	return nil, nil
}

// Findings is what the lint says of the draft.
func (d *Draft) Findings() ([]Finding, error) { return d.Plan.Lint(d.Sources) }

// Close lets the pinned case go.
func (d *Draft) Close() error { return errors.Join(d.Sources.Close(), d.snapshot.Close()) }

// A Packet is what a case keeps of a packet that was built from it: the record,
// and the sealed copy of its bytes.
type Packet struct {
	Record  Record        `json:"record"`
	Copy    casefile.Blob `json:"copy"`
	Request string        `json:"request,omitempty"` // id
	At      time.Time     `json:"at"`
}

// A ClearCopy is a file that left the vault in clear. It stays on the list until
// somebody confirms that it is gone.
type ClearCopy struct {
	Path   string    `json:"path"`
	SHA256 string    `json:"sha256,omitempty"`
	Size   int64     `json:"size,omitempty"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Gone   string    `json:"gone,omitempty"` // how it was confirmed gone
}

// Delivered says what was written.
type Delivered struct {
	Path    string
	Size    int64
	SHA256  string
	Pages   int
	Packet  string // id of the packet's record
	Verdict sign.Verdict
}

// Deliver builds the packet, signs it, checks it with the strict verification
// and writes it to path, in this order: the case notes the clear copy; the bytes
// go to a temporary name in the same folder and are synced; they are read back
// and verified; a sealed copy and the record go into the case; and only then the
// file gets its name. Whatever fails, no file is left under either name; where
// not even that can be done, or the power goes, the case still lists the copy,
// and [SweepUnfinished] finds both names from it.
//
// A file that is there already is never replaced: [ErrExists]. A blocking
// finding is a [BlockedError].
func Deliver(ctx context.Context, c *casefile.Case, d *Draft, id *sign.Identity, path string, now time.Time) (_ Delivered, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return Delivered{}, fmt.Errorf("find folder: %w", noPath(err))
	}
	if _, err := os.Lstat(path); err == nil {
		return Delivered{}, ErrExists
	}
	clearCopy := ClearCopy{Path: path, At: now, By: d.Plan.Signer.Name}
	listed, err := putRecord(c, "", casefile.KindClearCopies, clearCopy)
	if err != nil {
		return Delivered{}, fmt.Errorf("list clear copy: %w", err)
	}
	temporary := unfinishedName(path, listed)
	reserved, done := false, false
	defer func() {
		if done {
			return
		}
		gone := discard(temporary)
		if reserved {
			gone = errors.Join(gone, discard(path))
		}
		if gone == nil {
			gone = c.Delete(listed) // the list names it until it is certain
		}
		err = errors.Join(err, gone)
	}()
	// The name is reserved before anything is built, so that nothing is replaced
	// at the end.
	if err := create(path); err != nil {
		return Delivered{}, err
	}
	reserved = true
	temp, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return Delivered{}, fmt.Errorf("write to folder: %w", noPath(err))
	}
	defer func() {
		if !done {
			_ = temp.Close() // a writer that failed has said why; before the file is removed
		}
	}()
	built, err := Build(ctx, d.Plan, d.Sources, id, temp)
	if err != nil {
		return Delivered{}, err
	}
	if err := temp.Sync(); err != nil {
		return Delivered{}, fmt.Errorf("write packet: %w", noPath(err))
	}
	out := Delivered{
		Path: path, Size: built.Size, SHA256: built.Record.SHA256, Pages: built.Record.Pages,
	}
	// What is on the disk counts, and not what was meant to go there.
	if built.Record.Signed {
		out.Verdict = sign.Verify(temp, built.Size, []*x509.Certificate{id.Cert})
		if out.Verdict.ExitCode() != 0 {
			return Delivered{}, ErrSelfCheck
		}
	}
	kept, err := c.Attach(io.NewSectionReader(temp, 0, built.Size))
	if err != nil {
		return Delivered{}, fmt.Errorf("seal copy of packet: %w", err)
	}
	if kept.SHA256 != built.Record.SHA256 || kept.Size != built.Size {
		return Delivered{}, ErrSelfCheck
	}
	if err := ctx.Err(); err != nil {
		return Delivered{}, err
	}
	clearCopy.SHA256, clearCopy.Size = kept.SHA256, kept.Size
	packet := Packet{Record: built.Record, Copy: kept, Request: d.Request.ID, At: now}
	if out.Packet, err = putRecord(c, "", casefile.KindPackets, packet); err != nil {
		return Delivered{}, fmt.Errorf("keep packet record: %w", err)
	}
	if _, err := putRecord(c, listed, casefile.KindClearCopies, clearCopy); err != nil {
		return Delivered{}, fmt.Errorf("list clear copy: %w", err)
	}
	if err := temp.Close(); err != nil {
		return Delivered{}, fmt.Errorf("write packet: %w", noPath(err))
	}
	if err := os.Rename(temporary, path); err != nil {
		return Delivered{}, fmt.Errorf("name packet: %w", noPath(err))
	}
	done = true
	return out, syncFolder(filepath.Dir(path))
}

// create makes an empty file under a name that nobody has.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("write to folder: %w", noPath(err))
	}
	return nil
}

// unfinishedName is what a packet is called until it is complete. It follows
// from the entry in the list of clear copies, so that what a power cut left
// behind can be found again.
func unfinishedName(path, listed string) string {
	return filepath.Join(filepath.Dir(path), ".packet-"+listed+".tmp")
}

// SweepUnfinished removes what packets left behind that were cut short: the
// hidden file, and the empty one that held its name. An entry goes from the list
// of clear copies only when its folder is there and holds neither any more; a
// stick that is not plugged in keeps its entries.
func SweepUnfinished(c *casefile.Case) error {
	records, err := c.List(casefile.KindClearCopies)
	if err != nil {
		return fmt.Errorf("list clear copies: %w", err)
	}
	var errs []error
	for _, r := range records {
		var entry ClearCopy
		if err := json.Unmarshal(r.Body, &entry); err != nil || entry.SHA256 != "" || entry.Gone != "" {
			continue
		}
		if _, err := os.Stat(filepath.Dir(entry.Path)); err != nil {
			continue
		}
		err := discard(unfinishedName(entry.Path, r.ID))
		if info, statErr := os.Lstat(entry.Path); err == nil && statErr == nil && info.Mode().IsRegular() && info.Size() == 0 {
			err = discard(entry.Path)
		}
		if err == nil {
			err = c.Delete(r.ID)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// MarkSent records that a packet was sent: the request it was made for gets the
// packet's sealed copy, the rules that were argued in it, and the time.
func MarkSent(c *casefile.Case, packetID string, on factors.Date, at, channel string) (casefile.Request, error) {
	record, err := c.Get(packetID)
	if err != nil {
		return casefile.Request{}, fmt.Errorf("find packet: %w", err)
	}
	var packet Packet
	if err := json.Unmarshal(record.Body, &packet); err != nil {
		return casefile.Request{}, fmt.Errorf("read packet record: %w", casefile.ErrDamaged)
	}
	doc, err := c.Document()
	if err != nil {
		return casefile.Request{}, fmt.Errorf("read case: %w", err)
	}
	request := casefile.Request{To: packet.Record.To}
	for _, r := range doc.Requests {
		if r.ID != "" && r.ID == packet.Request {
			request = r
		}
	}
	request.How, request.SentOn, request.SentTime, request.Channel = "forbear", on, at, channel
	request.Packet = packet.Copy
	request.Argued = nil
	for _, a := range packet.Record.Argued {
		request.Argued = append(request.Argued, a.Rule)
	}
	return PutRequest(c, request)
}

// PutRequest saves a request and returns it with its ID.
func PutRequest(c *casefile.Case, r casefile.Request) (casefile.Request, error) {
	record, err := casefile.NewRecord("requests", r)
	if err != nil {
		return r, fmt.Errorf("encode request: %w", err)
	}
	saved, err := c.Put(record)
	if err != nil {
		return r, fmt.Errorf("save request: %w", err)
	}
	r.ID = saved[0].ID
	return r, nil
}

// RequestAsSent takes the packet that was sent for a request into the case as an
// exhibit, complete, as ICE Case Review is shown it.
func RequestAsSent(ctx context.Context, c *casefile.Case, worker exhibit.Worker, r casefile.Request, title string) (_ casefile.Exhibit, err error) {
	blob, err := c.OpenBlob(r.Packet)
	if err != nil {
		return casefile.Exhibit{}, fmt.Errorf("open packet: %w", err)
	}
	var data bytes.Buffer
	_, err = io.Copy(&data, blob)
	if err = errors.Join(err, blob.Close()); err != nil {
		return casefile.Exhibit{}, fmt.Errorf("read packet: %w", err)
	}
	return AddExhibit(ctx, c, worker, data.Bytes(), casefile.Exhibit{
		Title: title, Role: RoleRequest, Date: r.SentOn, Language: "English", InPacket: true,
	})
}

// SigningIdentity is what the person of this vault signs packets with: her key,
// and a certificate in the name that her packets bear. It is made the first
// time, and again when her name is written otherwise, and kept in the vault.
//
// The key is that of the person whose passphrase opened the vault, and so is the
// name. A profile that names somebody else as representative does not lend her
// that name: [Build] then refuses to sign.
func SigningIdentity(v *casefile.Vault, now time.Time) (*sign.Identity, error) {
	key, err := v.PacketKey()
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	profile := v.Profile()
	name := v.Me().Name
	if r := profile.Representative.Name; samePerson(r, name) {
		name = r
	}
	if der := v.PacketCertificate(); len(der) > 0 {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("read certificate: %w", err)
		}
		if folded(cert.Subject.CommonName) == folded(name) {
			return &sign.Identity{Key: key, Cert: cert}, nil
		}
	}
	cert, err := sign.NewCertificate(rand.Reader, key, name, profile.Office.Name, now)
	if err != nil {
		return nil, err
	}
	if err := v.SetPacketCertificate(cert.Raw); err != nil {
		return nil, fmt.Errorf("keep certificate: %w", err)
	}
	return &sign.Identity{Key: key, Cert: cert}, nil
}

// samePerson reports that one name is the other one written shorter: all words
// of one are words of the other.
func samePerson(a, b string) bool {
	x, y := strings.Fields(folded(a)), strings.Fields(folded(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return len(x) > 0
}

func putRecord(c *casefile.Case, id, kind string, v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	saved, err := c.Put(casefile.Record{ID: id, Kind: kind, Body: body})
	if err != nil {
		return "", err
	}
	return saved[0].ID, nil
}

// noPath keeps the reason of a file error and drops the path, which may name a
// client.
func noPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	default:
		return err
	}
}

// discard removes a file that shall not stay. One that is gone already is no
// error.
func discard(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file: %w", noPath(err))
	}
	return nil
}
