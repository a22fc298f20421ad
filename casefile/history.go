package casefile

import (
	"encoding/hex"
	"fmt"
)

// History returns every version of a record, oldest first, those in the trash
// and those that lost a conflict included. It reads the whole journal. A
// version carries its author's label only if the author's signature over its
// place in the journal verifies.
func (c *Case) History(id string) ([]Version, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return nil, ErrClosed
	}
	t := c.dir[id]
	if t == nil {
		return nil, ErrNotFound
	}
	c.v.mu.Lock()
	members := c.v.people
	c.v.mu.Unlock()

	var out []Version
	seen := map[string]int{}
	numbers, err := segments(c.d, c.journalDir())
	if err != nil {
		return nil, err
	}
	for i, n := range numbers {
		limit := int64(-1)
		if i+1 < len(numbers) {
			next, err := readSegmentStart(c.d, c.journalDir(), numbers[i+1], c.k)
			if err != nil {
				return nil, err
			}
			limit = next.before
		}
		_, err := walkSegment(c.d, c.journalDir(), n, c.k, limit, func(e *entry, _ position) error {
			for _, it := range e.items {
				version := versionID(it.digest)
				if _, known := seen[version]; known || it.raw == nil {
					continue
				}
				s, err := decodeVersion(it.raw)
				if err != nil {
					return err
				}
				if s.Record != id {
					continue
				}
				seen[version] = len(out)
				out = append(out, c.version(e, s, version, members))
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
	}
	// A parent that is nowhere was removed for good.
	for _, v := range out {
		for _, p := range v.Parents {
			if _, known := seen[p]; !known {
				seen[p] = -1
				out = append([]Version{{ID: p, Removed: true, Record: Record{ID: id, Kind: t.kind, Version: p}}}, out...)
			}
		}
	}
	for i := range out {
		out[i].Record.Conflict = len(t.heads) > 1 && isHead(t, out[i].ID)
	}
	return out, nil
}

func isHead(t *thing, version string) bool {
	for _, h := range t.heads {
		if h.version == version {
			return true
		}
	}
	return false
}

func (c *Case) version(e *entry, s *storedVersion, id string, members *people) Version {
	v := Version{
		ID: id, Parents: s.Parents, Deleted: s.Deleted, Device: s.Device, At: s.when(),
		Author: Person{ID: s.Author},
		Record: Record{ID: s.Record, Kind: s.Kind, Version: id},
	}
	if !s.Deleted {
		v.Record.Body = bodyWithID(s.Kind, s.Record, s.Body)
	}
	// A snapshot repeats versions under the name of whoever closed the case;
	// only the entry that first held a version speaks for its author.
	author := members.members[s.Author]
	if e.kind == entryPut && hex.EncodeToString(e.author) == s.Author && author != nil && e.verify(c.k.id, author.signing) {
		v.Author = author.Person
		if author.ID == c.v.me.ID {
			v.Author.Name = c.v.me.Name
		}
	}
	return v
}

// Restore makes a new version with the content of an old one: undo, and the way
// out of the trash.
func (c *Case) Restore(id, version string) error {
	history, err := c.History(id)
	if err != nil {
		return err
	}
	for _, v := range history {
		if v.ID == version && !v.Removed && !v.Deleted {
			_, err := c.Put(v.Record)
			return err
		}
	}
	return ErrNotFound
}
