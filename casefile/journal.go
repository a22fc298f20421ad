package casefile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// The journal is the truth about a case. It is a row of segments, files that
// only grow. A segment begins with a snapshot of everything that counts at that
// moment, so that opening reads the newest segment alone; the older ones stay,
// for history and for whoever checks.
//
// Each frame is sealed with its case, epoch, segment, place and the previous
// link as associated data: none can be altered, moved, left out or brought over
// from another case. The links chain what was written, not how it was sealed,
// so that sealing everything anew under another key leaves every link, anchor
// and receipt valid. What a link covers of each version is a digest blinded by
// 16 random bytes: one version can be destroyed later and its digest be left in
// its place, and nobody can find out by guessing what it said.

const (
	segmentMagic  = "FRBRJRNL"
	segmentHeader = 8 + 2 + 16 + 4 + 4 + 8 + sha256.Size + 8 + 16
	frameHead     = 4 + 12
	maxFrame      = 32 << 20

	entryPut      = 1
	entryPart     = 2 // a part of a snapshot, more follow
	entrySnapshot = 3 // the last part of a snapshot

	itemWhole   = 1
	itemRemoved = 2

	maxItems     = 1 << 20
	snapshotPart = 4 << 20 // bytes of items in one frame of a snapshot
	maxEntry     = 8 << 20 // bytes of items in one Put
)

// An item is one version of one record as the journal holds it.
type item struct {
	digest []byte // 32 bytes; the version's id is the first half, in hex
	salt   []byte
	raw    []byte // JSON of a stored version; nil when it was removed for good
}

func newItem(chain, raw []byte) item {
	salt := random(16)
	return item{digest: itemDigest(chain, salt, raw), salt: salt, raw: raw}
}

func itemDigest(chain, salt, raw []byte) []byte {
	return mac(chain, []byte("forbear v1 item\x00"), salt, raw)
}

// An entry is what one frame says.
type entry struct {
	kind   uint8
	seq    uint64
	at     int64 // nanoseconds since 1970, UTC
	offset int32 // seconds east of UTC, where it was written
	author []byte
	device []byte
	items  []item

	link      []byte // set by the reader and the writer
	signature []byte
}

func (e *entry) when() time.Time {
	return time.Unix(0, e.at).In(time.FixedZone("", int(e.offset)))
}

// chained is the part of the entry that the link covers: not whether an item is
// still there.
func (e *entry) chained() []byte {
	b := make([]byte, 0, 64+len(e.items)*sha256.Size)
	b = append(b, e.kind)
	b = binary.BigEndian.AppendUint64(b, e.seq)
	b = binary.BigEndian.AppendUint64(b, uint64(e.at))
	b = binary.BigEndian.AppendUint32(b, uint32(e.offset))
	b = append(b, e.author...)
	b = append(b, e.device...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.items)))
	for _, it := range e.items {
		b = append(b, it.digest...)
	}
	return b
}

func (e *entry) linkAfter(chain, prev []byte) []byte {
	return mac(chain, []byte("forbear v1 link\x00"), prev, e.chained())
}

func signedEntry(id, link []byte) []byte {
	b := append([]byte("forbear v1 entry\x00"), id...)
	return append(b, link...)
}

func (e *entry) verify(id []byte, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signedEntry(id, e.link), e.signature)
}

func (e *entry) encode() []byte {
	b := []byte{e.kind}
	b = binary.BigEndian.AppendUint64(b, e.seq)
	b = binary.BigEndian.AppendUint64(b, uint64(e.at))
	b = binary.BigEndian.AppendUint32(b, uint32(e.offset))
	b = append(b, e.author...)
	b = append(b, e.device...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.items)))
	for _, it := range e.items {
		if it.raw == nil {
			b = append(append(b, itemRemoved), it.digest...)
			continue
		}
		b = append(append(b, itemWhole), it.digest...)
		b = append(b, it.salt...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(it.raw)))
		b = append(b, it.raw...)
	}
	return append(b, e.signature...)
}

// decodeEntry checks each item against its digest, so that what was signed and
// chained is what is read.
func decodeEntry(b, chain []byte) (*entry, error) {
	c := cursor{b: b}
	e := &entry{
		kind: c.u8(), seq: c.u64(), at: int64(c.u64()), offset: int32(c.u32()),
		author: c.take(16), device: c.take(8),
	}
	count := c.u32()
	if c.bad || count > maxItems || e.kind < entryPut || e.kind > entrySnapshot {
		return nil, errors.New("entry not readable")
	}
	for range count {
		state, digest := c.u8(), c.take(sha256.Size)
		it := item{digest: digest}
		switch {
		case c.bad || state != itemWhole && state != itemRemoved:
			return nil, errors.New("item not readable")
		case state == itemWhole:
			it.salt = c.take(16)
			n := c.u32()
			if n > maxFrame {
				return nil, errors.New("item not readable")
			}
			it.raw = c.take(int(n))
			if c.bad || n == 0 || !hmac.Equal(itemDigest(chain, it.salt, it.raw), digest) {
				return nil, errors.New("item does not fit its digest")
			}
		}
		e.items = append(e.items, it)
	}
	e.signature = c.take(ed25519.SignatureSize)
	if c.bad || len(c.b) != 0 {
		return nil, errors.New("entry not readable")
	}
	return e, nil
}

// A position is a place between two frames.
type position struct {
	segment uint32
	header  []byte // of the segment
	seq     uint64 // of the last frame before this place
	link    []byte // of that frame
	length  int64  // bytes of the segment up to here
	frames  int    // frames of the segment up to here
}

func (p *position) associated(k *caseKeys, seq uint64, head []byte) []byte {
	return k.associated("forbear v1 frame", p.header, binary.BigEndian.AppendUint64(nil, seq), p.link, head)
}

// beginSegment returns the header of a segment that begins at p, which is
// the zero position for the first.
func beginSegment(k *caseKeys, p position) position {
	b := append(appendOpening(segmentMagic), k.id...)
	b = binary.BigEndian.AppendUint32(b, k.epoch)
	b = binary.BigEndian.AppendUint32(b, p.segment+1)
	b = binary.BigEndian.AppendUint64(b, p.seq+1)
	link := p.link
	if link == nil {
		link = make([]byte, sha256.Size)
	}
	b = append(b, link...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.length))
	b = append(b, mac(k.frame, []byte("segment\x00"), b)[:16]...)
	return position{segment: p.segment + 1, header: b, seq: p.seq, link: link, length: segmentHeader}
}

type segmentStart struct {
	position
	before int64 // length of the segment before this one
}

func parseSegmentHeader(b []byte, k *caseKeys) (segmentStart, error) {
	c := cursor{b: b}
	if err := c.opening("journal", segmentMagic); err != nil {
		return segmentStart{}, err
	}
	if len(b) != segmentHeader {
		return segmentStart{}, damaged("journal", "header cut off")
	}
	id, epoch, number := c.take(16), c.u32(), c.u32()
	first, link, before := c.u64(), c.take(sha256.Size), c.u64()
	if !hmac.Equal(mac(k.frame, []byte("segment\x00"), b[:len(b)-16])[:16], c.take(16)) {
		return segmentStart{}, damaged("journal", "header does not authenticate")
	}
	if c.bad || !bytes.Equal(id, k.id) || epoch != k.epoch || first == 0 || before > 1<<62 {
		return segmentStart{}, damaged("journal", "header of another case")
	}
	return segmentStart{
		position: position{segment: number, header: b, seq: first - 1, link: link, length: segmentHeader},
		before:   int64(before),
	}, nil
}

// appendFrame seals e behind p and moves p.
func appendFrame(p *position, k *caseKeys, e *entry, key ed25519.PrivateKey) []byte {
	e.seq = p.seq + 1
	e.link = e.linkAfter(k.chain, p.link)
	e.signature = ed25519.Sign(key, signedEntry(k.id, e.link))
	plaintext := e.encode()
	padded := pad(plaintext)
	clear(plaintext)

	head := binary.BigEndian.AppendUint32(nil, uint32(nonceSize+len(padded)+tagSize))
	// The length is authenticated on its own: a flipped bit that makes a frame
	// reach beyond the end must not look like a write that was cut short.
	head = append(head, mac(k.frame, []byte("head\x00"), p.associated(k, e.seq, head))[:12]...)
	frame := append(head, sealBytes(k.journal, padded, p.associated(k, e.seq, head))...)
	clear(padded)
	p.seq, p.link = e.seq, e.link
	p.length += int64(len(frame))
	p.frames++
	return frame
}

// errTorn marks what a crash leaves at the end of a segment: bytes of a frame
// that was never acknowledged.
var errTorn = errors.New("torn frame")

// nextFrame reads one frame from b, which holds the rest of the segment from p
// on, or as much of it as the frame's head asks for. It returns io.EOF at the
// end and errTorn when the frame reaches beyond the end. size is the length of
// the whole frame, or 0 when its head cannot be believed.
func nextFrame(b []byte, p *position, k *caseKeys) (e *entry, size int, err error) {
	if len(b) == 0 {
		return nil, 0, io.EOF
	}
	if len(b) < frameHead {
		return nil, 0, errTorn
	}
	head := b[:frameHead]
	seq := p.seq + 1
	if !hmac.Equal(mac(k.frame, []byte("head\x00"), p.associated(k, seq, head[:4]))[:12], head[4:]) {
		return nil, 0, errors.New("length does not authenticate")
	}
	body := int64(binary.BigEndian.Uint32(head))
	if body > maxFrame {
		return nil, 0, errors.New("frame too long")
	}
	rest := b[frameHead:]
	size = frameHead + int(body)
	if int64(len(rest)) < body {
		return nil, size, errTorn
	}
	padded, err := openBytes(k.journal, rest[:body], p.associated(k, seq, head))
	if err != nil {
		return nil, size, err
	}
	plaintext, ok := unpad(padded)
	if !ok {
		return nil, size, errors.New("padding")
	}
	e, err = decodeEntry(plaintext, k.chain)
	if err != nil {
		return nil, size, err
	}
	if e.seq != seq {
		return nil, size, errors.New("sequence")
	}
	e.link = e.linkAfter(k.chain, p.link)
	return e, size, nil
}

// hasHole reports that tail, the end of a file from offset on, holds a sector,
// or its share of one, that was never written. A power cut leaves that where
// the file system had made room; flipped bits do not.
func hasHole(tail []byte, offset int64) bool {
	for len(tail) > 0 {
		n := min(512-offset%512, int64(len(tail)))
		if n >= frameHead && allZero(tail[:n]) {
			return true
		}
		tail, offset = tail[n:], offset+n
	}
	return false
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// segments lists the numbers of the segments in a journal folder. Files with
// any other name are not ours and are passed over.
func segments(d disk, dir string) ([]uint32, error) {
	entries, err := d.list(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damaged("journal", "gone")
	}
	if err != nil {
		return nil, fmt.Errorf("list journal: %w", plain(err))
	}
	var numbers []uint32
	for _, e := range entries {
		if n, ok := segmentNumber(e.Name()); ok {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 {
		return nil, damaged("journal", "gone")
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	return numbers, nil
}

// A walked segment is what walk found besides its frames.
type walked struct {
	start segmentStart
	end   position
	torn  int64 // bytes behind the last frame that were never acknowledged
}

// walkSegment calls visit for each frame of one segment. limit is where the
// next segment says that this one ends, or -1 for the newest: there alone a
// torn end can be.
func walkSegment(d disk, dir string, number uint32, k *caseKeys, limit int64, visit func(*entry, position) error) (walked, error) {
	fail := func(frame int, err error) error {
		if errors.Is(err, ErrNewerFormat) {
			return err
		}
		var already *DamageError
		if errors.As(err, &already) {
			err = already.Cause
		}
		return &DamageError{Part: "journal", Segment: int(number), Frame: frame, Cause: err}
	}
	f, err := d.open(filepath.Join(dir, segmentName(number)), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return walked{}, fail(0, errors.New("segment is gone"))
	}
	if err != nil {
		return walked{}, fmt.Errorf("open journal: %w", plain(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return walked{}, fmt.Errorf("open journal: %w", plain(err))
	}
	size := info.Size()
	if limit >= 0 {
		if size < limit {
			return walked{}, fail(0, errors.New("segment is cut off"))
		}
		size = limit // what is behind was torn, and the next segment says so
	}
	r := io.NewSectionReader(f, 0, size)
	header := make([]byte, min(size, segmentHeader))
	if _, err := io.ReadFull(r, header); err != nil {
		return walked{}, fmt.Errorf("read journal: %w", plain(err))
	}
	start, err := parseSegmentHeader(header, k)
	if err != nil {
		return walked{}, fail(0, err)
	}
	if start.segment != number {
		return walked{}, fail(0, errors.New("segment under another's name"))
	}
	w := walked{start: start, end: start.position}
	buffer := make([]byte, 0, 64<<10)
	for {
		// One frame is in memory at a time: first its head, then as much as
		// the head says, bounded by what the file holds.
		left := size - w.end.length
		want := min(left, frameHead)
		if buffer, err = readAt(f, buffer, w.end.length, want); err != nil {
			return w, fmt.Errorf("read journal: %w", plain(err))
		}
		if want == frameHead {
			body := min(int64(binary.BigEndian.Uint32(buffer)), maxFrame)
			want = min(left, frameHead+body)
			if buffer, err = readAt(f, buffer, w.end.length, want); err != nil {
				return w, fmt.Errorf("read journal: %w", plain(err))
			}
		}
		e, n, err := nextFrame(buffer, &w.end, k)
		switch {
		case errors.Is(err, io.EOF):
			if w.end.frames == 0 {
				return w, fail(0, errors.New("segment without snapshot"))
			}
			return w, nil
		case err != nil && limit < 0 && w.end.frames > 0 && (n == 0 || int64(n) >= left) && left <= frameHead+maxFrame:
			// The last frame, or what passes for it. It was never acknowledged
			// if it ends too early or if the disk did not write all of it.
			tail, readErr := readAt(f, nil, w.end.length, left)
			if readErr != nil {
				return w, fmt.Errorf("read journal: %w", plain(readErr))
			}
			if errors.Is(err, errTorn) || hasHole(tail, w.end.length) {
				w.torn = left
				return w, nil
			}
			return w, fail(w.end.frames+1, err)
		case err != nil:
			return w, fail(w.end.frames+1, err)
		}
		w.end.seq, w.end.link = e.seq, e.link
		w.end.length += int64(n)
		w.end.frames++
		if w.end.frames == 1 && e.kind == entryPut {
			return w, fail(1, errors.New("segment without snapshot"))
		}
		if err := visit(e, w.end); err != nil {
			return w, fail(w.end.frames, err)
		}
	}
}

func readAt(f io.ReaderAt, buffer []byte, offset, n int64) ([]byte, error) {
	if int64(cap(buffer)) < n {
		buffer = make([]byte, n)
	}
	buffer = buffer[:n]
	if n == 0 {
		return buffer, nil
	}
	if m, err := f.ReadAt(buffer, offset); int64(m) < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return buffer, nil
}

// segmentNumber reads the name of a segment's file.
func segmentNumber(name string) (uint32, bool) {
	if len(name) != 6 || strings.Trim(name, "0123456789") != "" {
		return 0, false
	}
	var n uint32
	for _, c := range name {
		n = n*10 + uint32(c-'0')
	}
	return n, n > 0
}

func segmentName(n uint32) string { return fmt.Sprintf("%06d", n) }

// A journal is an open journal that can be written. A failed write poisons it:
// a sync that failed once may succeed the second time although the data is gone
// (the kernel drops the pages it could not write), so nothing is tried again.
type journal struct {
	d      disk
	dir    string
	k      *caseKeys
	file   diskFile
	at     position
	failed bool
}

// openJournal opens the newest segment for appending at p.
func openJournal(d disk, dir string, k *caseKeys, p position) (*journal, error) {
	f, err := d.open(filepath.Join(dir, segmentName(p.segment)), os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", plain(err))
	}
	return &journal{d: d, dir: dir, k: k, file: f, at: p}, nil
}

// add writes one entry and returns when the disk has it.
func (j *journal) add(e *entry, key ed25519.PrivateKey) error {
	if j.failed {
		return ErrWriteFailed
	}
	next := j.at
	frame := appendFrame(&next, j.k, e, key)
	if len(frame) > maxFrame {
		return ErrTooLarge
	}
	if err := haveSpace(j.d, j.dir, len(frame)); err != nil {
		return err
	}
	if _, err := j.file.Write(frame); err != nil {
		j.failed = true
		return fmt.Errorf("write journal: %w", plain(err))
	}
	if err := j.file.Sync(); err != nil {
		j.failed = true
		return fmt.Errorf("sync journal: %w", plain(err))
	}
	j.at = next
	return nil
}

// createSegment writes a new segment with its snapshot, complete under a
// temporary name and then renamed, so that a segment without a snapshot is
// never seen. It returns the end of the new segment.
func createSegment(d disk, dir string, k *caseKeys, after position, snapshot []*entry, key ed25519.PrivateKey) (position, error) {
	p := beginSegment(k, after)
	data := bytes.Clone(p.header)
	for _, e := range snapshot {
		frame := appendFrame(&p, k, e, key)
		if len(frame) > maxFrame {
			return position{}, ErrTooLarge
		}
		data = append(data, frame...)
	}
	if err := writeFile(d, filepath.Join(dir, segmentName(p.segment)), data); err != nil {
		return position{}, fmt.Errorf("begin journal segment: %w", err)
	}
	return p, nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return plain(err)
}

func readSegmentStart(d disk, dir string, number uint32, k *caseKeys) (segmentStart, error) {
	bad := func(err error) error {
		return &DamageError{Part: "journal", Segment: int(number), Cause: err}
	}
	f, err := d.open(filepath.Join(dir, segmentName(number)), os.O_RDONLY)
	if err != nil {
		return segmentStart{}, bad(plain(err))
	}
	defer f.Close()
	header, err := readAt(f, nil, 0, segmentHeader)
	if err != nil {
		return segmentStart{}, bad(plain(err))
	}
	start, err := parseSegmentHeader(header, k)
	switch {
	case errors.Is(err, ErrNewerFormat):
		return segmentStart{}, err
	case err != nil:
		return segmentStart{}, bad(err)
	case start.segment != number:
		return segmentStart{}, bad(errors.New("segment under another's name"))
	}
	return start, nil
}
