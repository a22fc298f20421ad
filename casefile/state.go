package casefile

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sort"
	"time"
)

// storedVersion is the JSON form of one version of one record, in the journal
// and, sealed again, in Badger.
type storedVersion struct {
	Record  string          `json:"record"`
	Kind    string          `json:"kind"`
	Order   uint64          `json:"order"` // place among the records of its kind
	Parents []string        `json:"parents,omitempty"`
	Author  string          `json:"author"`
	Device  string          `json:"device"`
	Time    int64           `json:"time"`   // nanoseconds since 1970, UTC; never decides order
	Offset  int32           `json:"offset"` // seconds east of UTC
	Deleted bool            `json:"deleted,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"`
}

func (v *storedVersion) when() time.Time {
	return time.Unix(0, v.Time).In(time.FixedZone("", int(v.Offset)))
}

func (v *storedVersion) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the body stays as it was put
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func decodeVersion(raw []byte) (*storedVersion, error) {
	v := &storedVersion{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil || !validID(v.Record) || !validKind(v.Kind) {
		return nil, errors.New("version not readable")
	}
	return v, nil
}

// versionID is the first half of an item's digest: it names the content, and
// stays when the content is removed for good.
func versionID(digest []byte) string { return hex.EncodeToString(digest[:16]) }

// A head is a version that nothing descends from.
type head struct {
	version string
	order   uint64
	deleted bool
}

// A thing is one record as the directory knows it. It is never changed once it
// is in a directory: a snapshot may hold it.
type thing struct {
	kind  string
	order uint64
	heads []head
}

// living returns the heads that are not in the trash.
func (t *thing) living() []head {
	var out []head
	for _, h := range t.heads {
		if !h.deleted {
			out = append(out, h)
		}
	}
	return out
}

// A directory says which records there are and what their heads are. The bodies
// are in Badger.
type directory map[string]*thing

// add lets one version take the place of those of its parents that are heads. A
// head that is not a parent stays: that is a conflict.
func (dir directory) add(v *storedVersion, version string) (gone []head, err error) {
	old := dir[v.Record]
	t := &thing{kind: v.Kind, order: v.Order}
	if old != nil {
		if old.kind != v.Kind {
			return nil, errors.New("record changes its kind")
		}
		for _, h := range old.heads {
			switch {
			case h.version == version:
				return nil, nil // known already
			case contains(v.Parents, h.version):
				gone = append(gone, h)
			default:
				t.heads = append(t.heads, h)
			}
		}
	}
	t.heads = append(t.heads, head{version: version, order: v.Order, deleted: v.Deleted})
	// Of several heads neither time nor arrival decides which comes first: two
	// computers that merge the same versions must show the same.
	sort.Slice(t.heads, func(i, j int) bool { return t.heads[i].version < t.heads[j].version })
	for _, h := range t.heads {
		t.order = min(t.order, h.order)
	}
	dir[v.Record] = t
	return gone, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// ids lists the records of one kind, or of all kinds when kind is empty, in the
// order in which they were made.
func (dir directory) ids(kind string) []string {
	var out []string
	for id, t := range dir {
		if kind == "" || t.kind == kind {
			out = append(out, id)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := dir[out[i]], dir[out[j]]
		if a.order != b.order {
			return a.order < b.order
		}
		return out[i] < out[j]
	})
	return out
}

// A replayed journal is what opening needs to know of it.
type replayed struct {
	dir  directory
	at   position
	when time.Time // the latest that any entry carries
	torn int64
	last *entry // the newest one, without its items
	// links are the links of the newest segment by sequence, from the one
	// before its first frame on.
	links    map[uint64][]byte
	segments []uint32
}

// replay reads the newest segment. each is called for every version with its
// item, and with the heads that it took the place of.
func replay(d disk, journalDir string, k *caseKeys, each func(v *storedVersion, it item, gone []head) error) (*replayed, error) {
	numbers, err := segments(d, journalDir)
	if err != nil {
		return nil, err
	}
	r := &replayed{dir: directory{}, links: map[uint64][]byte{}, segments: numbers}
	complete := false
	newest := numbers[len(numbers)-1]
	w, err := walkSegment(d, journalDir, newest, k, -1, func(e *entry, at position) error {
		switch {
		case e.kind != entryPut && complete:
			return errors.New("snapshot inside a segment")
		case e.kind == entryPut && !complete:
			return errors.New("snapshot is incomplete")
		case e.kind == entrySnapshot:
			complete = true
		}
		for _, it := range e.items {
			if it.raw == nil {
				continue // removed for good
			}
			v, err := decodeVersion(it.raw)
			if err != nil {
				return err
			}
			gone, err := r.dir.add(v, versionID(it.digest))
			if err != nil {
				return err
			}
			if each != nil {
				if err := each(v, it, gone); err != nil {
					return err
				}
			}
		}
		r.links[e.seq] = e.link
		last := *e
		last.items = nil
		r.last = &last
		if at := e.when(); at.After(r.when) {
			r.when = at
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !complete {
		return nil, &DamageError{Part: "journal", Segment: int(newest), Frame: w.end.frames, Cause: errors.New("snapshot is incomplete")}
	}
	r.links[w.start.seq] = w.start.link
	r.at, r.torn = w.end, w.torn
	return r, nil
}

// linkAt returns the link after seq, reading older segments where needed, and
// nil when the journal does not reach back that far.
func (r *replayed) linkAt(d disk, journalDir string, k *caseKeys, seq uint64) ([]byte, error) {
	if link := r.links[seq]; link != nil {
		return link, nil
	}
	before := int64(0)
	for i := len(r.segments) - 1; i >= 0; i-- {
		start, err := readSegmentStart(d, journalDir, r.segments[i], k)
		if err != nil {
			return nil, err
		}
		if start.seq == seq {
			return start.link, nil
		}
		if start.seq > seq {
			before = start.before
			continue
		}
		limit := before
		if i == len(r.segments)-1 {
			limit = -1
		}
		var link []byte
		_, err = walkSegment(d, journalDir, r.segments[i], k, limit, func(e *entry, _ position) error {
			if e.seq == seq {
				link = e.link
			}
			return nil
		})
		return link, err
	}
	return nil, nil
}
