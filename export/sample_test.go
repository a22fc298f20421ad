package export_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"forbear/assets"
	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/pdf"
	"forbear/export/sample"
	"forbear/export/sign"
	"forbear/factors"
)

// today is the day on which the packets of these tests are signed.
var today = factors.MustDate("2026-11-22")

var now = time.Date(2026, 11, 22, 16, 10, 0, 0, time.FixedZone("", -6*3600))

// memory holds clean exhibits without a vault.
type memory map[string]*pdf.Clean

func (m memory) Clean(id string) (*pdf.Clean, error) {
	c, ok := m[id]
	if !ok {
		return nil, export.ErrNotClean
	}
	return c, nil
}

// add cleans a file and puts it into the document, as the window does.
func (m memory) add(t testing.TB, doc *casefile.Document, f sample.File) {
	t.Helper()
	r, err := clean(f)
	if err != nil {
		t.Fatal(err)
	}
	m.put(doc, r)
}

// A readied file is one that was cleaned, with what the case records of it.
type readied struct {
	exhibit casefile.Exhibit
	clean   *pdf.Clean
}

func clean(f sample.File) (readied, error) {
	sum := digest(f.Data)
	done, ok := cleaned.Load(sum)
	if !ok {
		var buf bytes.Buffer
		if _, err := exhibit.Clean(f.Kind, f.Data, &buf, exhibit.Options{}); err != nil {
			return readied{}, fmt.Errorf("clean %s: %w", f.Name, err)
		}
		c, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		if err != nil {
			return readied{}, fmt.Errorf("open %s: %w", f.Name, err)
		}
		done = c
		cleaned.Store(sum, c)
	}
	r := readied{f.Meta, done.(*pdf.Clean)}
	r.exhibit.Kind, r.exhibit.Pages = f.Kind, len(r.clean.Pages())
	r.exhibit.Original.SHA256 = sum
	r.exhibit.Clean.ID = r.exhibit.ID
	return r, nil
}

func (m memory) put(doc *casefile.Document, r readied) {
	m[r.exhibit.ID] = r.clean
	i := slices.IndexFunc(doc.Exhibits, func(o casefile.Exhibit) bool { return o.ID == r.exhibit.ID })
	if i >= 0 {
		doc.Exhibits[i] = r.exhibit
		return
	}
	doc.Exhibits = append(doc.Exhibits, r.exhibit)
}

// cleaned keeps what was cleaned once, by the hash of the original.
var cleaned sync.Map

var library = sync.OnceValues(func() (*factors.Library, error) { return factors.Load(assets.Memos) })

func lib(t testing.TB) *factors.Library {
	t.Helper()
	l, err := library()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Files of the sample, drawn and cleaned once for all tests.
var (
	drawn    = sync.OnceValues(sample.Exhibits)
	redrawn  = sync.OnceValues(sample.Redacted)
	prepared = sync.OnceValues(func() ([]readied, error) {
		files, err := drawn()
		if err != nil {
			return nil, err
		}
		redacted, err := redrawn()
		if err != nil {
			return nil, err
		}
		var out []readied
		for _, f := range append(slices.Clone(files), redacted) {
			r, err := clean(f)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
)

// asBrought is the sample with every file in the packet and nothing decided.
func asBrought(t testing.TB) (casefile.Document, memory) {
	t.Helper()
	all, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	doc, src := sample.Document(), memory{}
	for _, r := range all[:len(all)-1] {
		src.put(&doc, r)
	}
	return doc, src
}

// corrected is the sample after its mistakes were seen to, still without the
// decisions about what ICE has.
func corrected(t testing.TB) (casefile.Document, memory) {
	t.Helper()
	doc, src := asBrought(t)
	all, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	src.put(&doc, all[len(all)-1])
	for i, x := range doc.Exhibits {
		if slices.Contains(sample.TakenOut(), x.ID) {
			doc.Exhibits[i].InPacket = false
		}
	}
	doc.Consent = sample.Consent(today)
	return doc, src
}

func input(t testing.TB, doc casefile.Document) export.Input {
	l := lib(t)
	frame := l.DefaultFrame(doc.Facts, "release-236", "").ID
	return export.Input{
		Document: doc, Revision: 7, Library: l, Frame: frame,
		Rows:      factors.Assess(l, frame, today, doc.Facts, doc.Decisions, nil),
		Recipient: export.ToFieldOffice, Request: doc.Requests[0], SigningDate: today,
		Clock: now, LastEntry: now.Add(-time.Minute), Program: "0.1",
	}
}

func plan(t testing.TB, in export.Input) export.Plan {
	t.Helper()
	p, err := export.NewPlan(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func identity(t testing.TB) *sign.Identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := sign.NewCertificate(rand.Reader, key, "Ana Ejemplo Ruiz", "Basswood Legal Clinic (invented)", now.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return &sign.Identity{Key: key, Cert: cert}
}

func build(t testing.TB, p export.Plan, src export.Sources, id *sign.Identity) ([]byte, export.Built) {
	t.Helper()
	var buf bytes.Buffer
	b, err := export.Build(context.Background(), p, src, id, &buf)
	if err != nil {
		var blocked *export.BlockedError
		if errors.As(err, &blocked) {
			for _, f := range blocked.Findings {
				t.Logf("%s: %v", f.Rule, f.Places)
			}
		}
		t.Fatal(err)
	}
	return buf.Bytes(), b
}
