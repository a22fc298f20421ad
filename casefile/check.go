package casefile

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// A Report is what [Vault.Check] read and found.
type Report struct {
	Cases    int       `json:"cases"`
	Frames   int       `json:"frames"`  // of all journals
	Records  int       `json:"records"` // not in the trash
	Blobs    int       `json:"attachments"`
	Orphans  int       `json:"orphans"` // attachments that no present record names
	Problems []Problem `json:"problems"`
}

// A Problem is one thing that is not as it should be.
type Problem struct {
	Case string // id, or empty
	Err  error
}

// Sound reports that nothing was found wrong.
func (r Report) Sound() bool { return len(r.Problems) == 0 }

// Check reads and verifies everything that this person can open: both copies of
// what there are two of, every frame of every journal with its signature, every
// anchor and card, and every attachment to its end. It changes nothing. Cases
// that are open elsewhere are reported as [ErrLocked]. progress, which may be
// nil, is called with the number of cases done.
func (v *Vault) Check(ctx context.Context, progress func(done, total int)) (Report, error) {
	var r Report
	v.mu.Lock()
	if v.closing {
		v.mu.Unlock()
		return r, ErrClosed
	}
	ids := make([]string, 0, len(v.index.Cases))
	known := map[string]indexedCase{}
	for id, x := range v.index.Cases {
		ids, known[id] = append(ids, id), *x
	}
	problems := map[string]error{}
	for id, err := range v.problems {
		problems[id] = err
	}
	r.Problems = append(r.Problems, v.checkOwn()...)
	v.busy.Add(1)
	v.mu.Unlock()
	defer v.busy.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(v.life, func() { cancel(ErrClosed) })()

	sort.Strings(ids)
	for i, id := range ids {
		if ctx.Err() != nil {
			return r, context.Cause(ctx)
		}
		r.Cases++
		found := v.checkCase(ctx, id, known[id], &r)
		if len(found) == 0 && problems[id] != nil && !errors.Is(problems[id], ErrRolledBack) {
			found = []error{problems[id]}
		}
		for _, err := range found {
			r.Problems = append(r.Problems, Problem{Case: id, Err: err})
		}
		if progress != nil {
			progress(i+1, len(ids))
		}
	}
	return r, context.Cause(ctx)
}

// checkOwn verifies what belongs to the vault as a whole. v.mu is held.
func (v *Vault) checkOwn() []Problem {
	var out []Problem
	report := func(err error) {
		if err != nil {
			out = append(out, Problem{Err: err})
		}
	}
	both := func(name, part string, limit int64, parse func([]byte) error) {
		for _, n := range []string{name, name + ".1"} {
			b, err := readFile(v.d, n, limit)
			if err == nil {
				err = parse(b)
			}
			if errors.Is(err, fs.ErrNotExist) {
				err = damaged(part, "one copy is gone")
			}
			report(err)
		}
	}
	slots, err := slotNames(v.d, v.dir)
	report(err)
	for _, name := range slots {
		both(filepath.Join(v.dir, peopleDir, name), "slot", slotSize, func(b []byte) error {
			s, err := parseSlot(b)
			if err == nil && s.cost.Check() != nil {
				err = ErrWeakKDF
			}
			return err
		})
	}
	both(filepath.Join(v.dir, peopleFile), "people list", maxPeople, func(b []byte) error {
		p, err := parsePeople(b)
		if err == nil {
			err = p.continues(v.index.People)
		}
		return err
	})
	both(indexName(v.dir, v.rawMe), "index", maxIndex, func(b []byte) error {
		_, err := parseIndex(b, v.rawMe, v.keys.index)
		return err
	})
	return out
}

// checkCase verifies one case, holding its lock.
func (v *Vault) checkCase(ctx context.Context, id string, known indexedCase, r *Report) []error {
	v.mu.Lock()
	open := v.open[id]
	v.mu.Unlock()
	caseDir := filepath.Join(v.dir, casesDir, id)
	unlock := func() {}
	if open != nil {
		// Ours: nothing is written while we read the journal. Attachments
		// never change, so saving goes on while those are read.
		open.mu.RLock()
		unlock = open.mu.RUnlock
		if open.closed {
			unlock()
			return []error{ErrLocked}
		}
	} else {
		lock, err := v.d.lock(filepath.Join(caseDir, "lock"))
		switch {
		case err == nil:
			defer lock.Close()
		case errors.Is(err, fs.ErrNotExist):
			return []error{ErrCaseMissing}
		case isReadOnly(err):
		default:
			return []error{plain(err)}
		}
	}
	k, errs := v.checkKeys(caseDir, id)
	if k == nil {
		unlock()
		return errs
	}
	defer k.wipe()
	epochDir := filepath.Join(caseDir, epochName(k.epoch))
	dir, heads, found := v.checkJournal(ctx, epochDir, k, known, r)
	unlock()
	errs = append(errs, found...)
	return append(errs, v.checkBlobs(ctx, epochDir, k, dir, heads, r)...)
}

// checkKeys verifies both copies of current and header.
func (v *Vault) checkKeys(caseDir, id string) (*caseKeys, []error) {
	var errs []error
	var best *caseKeys
	for _, name := range []string{"current", "current.1"} {
		k, err := v.checkCurrent(caseDir, name, id, &errs)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if best == nil || k.epoch > best.epoch {
			best = k
		}
	}
	return best, errs
}

func (v *Vault) checkCurrent(caseDir, name, id string, errs *[]error) (*caseKeys, error) {
	raw, _ := rawID(id)
	b, err := readFile(v.d, filepath.Join(caseDir, name), 4096)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damaged("current", "one copy is gone")
	}
	if err != nil {
		return nil, err
	}
	f, err := parseCurrent(b)
	if err != nil {
		return nil, err
	}
	var good *caseKeys
	for _, name := range []string{"header", "header.1"} {
		k, err := func() (*caseKeys, error) {
			b, err := readFile(v.d, filepath.Join(caseDir, epochName(f.epoch), name), maxHeader)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, damaged("header", "one copy is gone")
			}
			if err != nil {
				return nil, err
			}
			h, err := parseHeader(b)
			if err != nil {
				return nil, err
			}
			if string(h.id) != string(raw) || h.epoch != f.epoch {
				return nil, damaged("header", "of another case")
			}
			k, err := h.unlock(v.me.ID, v.keys.identity)
			if errors.Is(err, errNotEntitled) {
				err = ErrCaseMissing
			}
			return k, err
		}()
		if err != nil {
			*errs = append(*errs, err)
			continue
		}
		good = k
	}
	switch {
	case good == nil:
		return nil, damaged("header", "no copy opens")
	case string(f.id) != string(raw) || string(mac(good.current, f.body)) != string(f.mac):
		return nil, damaged("current", "does not authenticate")
	}
	return good, nil
}

// checkJournal verifies the journal, the anchor and the card. It returns what
// the newest segment says: the records and, by version, the bodies that count.
func (v *Vault) checkJournal(ctx context.Context, epochDir string, k *caseKeys, known indexedCase, r *Report) (dir directory, heads map[string][]byte, errs []error) {
	journalDir := filepath.Join(epochDir, "journal")
	numbers, err := segments(v.d, journalDir)
	if err != nil {
		return nil, nil, append(errs, err)
	}
	bad := func(segment uint32, frame int, why string) {
		errs = append(errs, &DamageError{Part: "journal", Segment: int(segment), Frame: frame, Cause: errors.New(why)})
	}
	for i, n := range numbers {
		if n != uint32(i+1) {
			bad(n-1, 0, "segment is gone")
			break
		}
	}
	var end position
	anchored := known.Anchor.Link == ""
	for i, n := range numbers {
		if ctx.Err() != nil {
			return dir, heads, errs
		}
		limit := int64(-1)
		if i+1 < len(numbers) {
			next, err := readSegmentStart(v.d, journalDir, numbers[i+1], k)
			if err != nil {
				errs = append(errs, err)
				break
			}
			limit = next.before
		}
		dir, heads = directory{}, map[string][]byte{}
		w, err := walkSegment(v.d, journalDir, n, k, limit, func(e *entry, at position) error {
			r.Frames++
			author := v.people.members[hex.EncodeToString(e.author)]
			if author == nil || !e.verify(k.id, author.signing) {
				return errors.New("not signed by a member")
			}
			if k.epoch == known.Anchor.Epoch && e.seq == known.Anchor.Seq && hex.EncodeToString(e.link) == known.Anchor.Link {
				anchored = true
			}
			for _, it := range e.items {
				if it.raw == nil {
					continue
				}
				s, err := decodeVersion(it.raw)
				if err != nil {
					return err
				}
				gone, err := dir.add(s, versionID(it.digest))
				if err != nil {
					return err
				}
				for _, h := range gone {
					delete(heads, h.version)
				}
				heads[versionID(it.digest)] = s.Body
			}
			return nil
		})
		if err != nil {
			errs = append(errs, err)
			break
		}
		if i > 0 && numbers[i-1]+1 == n && (w.start.seq != end.seq || string(w.start.link) != string(end.link)) {
			bad(n, 0, "does not continue the segment before it")
		}
		end = w.end
	}
	if len(errs) == 0 && !anchored && known.Anchor.Epoch == k.epoch {
		errs = append(errs, ErrRolledBack)
	}
	if b, err := readCardFile(v.d, epochDir); err != nil {
		errs = append(errs, fmt.Errorf("read card: %w", err))
	} else if b != nil {
		x, err := parseCard(b, k)
		switch {
		case err != nil:
			errs = append(errs, err)
		case len(errs) == 0 && x.Revision > end.seq:
			errs = append(errs, ErrRolledBack)
		}
	}
	for _, t := range dir {
		if len(t.living()) > 0 {
			r.Records++
		}
	}
	return dir, heads, errs
}

func (v *Vault) checkBlobs(ctx context.Context, epochDir string, k *caseKeys, dir directory, heads map[string][]byte, r *Report) []error {
	var errs []error
	named := map[string]bool{}
	for _, t := range dir {
		for _, h := range t.living() {
			blobs, err := blobsIn(heads[h.version])
			if err != nil {
				errs = append(errs, damaged("record", "not readable"))
				continue
			}
			for _, b := range blobs {
				if named[b.ID] || ctx.Err() != nil {
					continue
				}
				named[b.ID] = true
				r.Blobs++
				err := verifyBlob(ctx, v.d, epochDir, k, b)
				if ctx.Err() != nil {
					return errs
				}
				if errors.Is(err, ErrNotFound) {
					err = damaged("blob", "gone")
				}
				if err != nil {
					errs = append(errs, err)
				}
			}
		}
	}
	entries, err := v.d.list(filepath.Join(epochDir, "blobs"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return append(errs, plain(err))
	}
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".age"); ok && validBlobID(id) && !named[id] {
			r.Orphans++
		}
	}
	return errs
}
