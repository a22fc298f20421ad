package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"forbear/factors"
)

// This file turns a case document into records and records into a document. A
// list whose elements have ids becomes one record per element, so that two
// people who change two offenses do not meet; everything else about the client
// is one record.

// MaxDocument is the largest case document, in bytes.
const MaxDocument = maxEntry

// A listField is a list of the case document that is kept element by element.
type listField struct {
	name  string
	index []int
	elem  reflect.Type
}

var (
	documentType = reflect.TypeOf(Document{})
	listFields   = findLists()
	listByKind   = func() map[string]listField {
		m := map[string]listField{}
		for _, f := range listFields {
			m[f.name] = f
		}
		return m
	}()
)

func findLists() []listField {
	var out []listField
	for _, f := range reflect.VisibleFields(documentType) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() != reflect.Slice || f.Type.Elem().Kind() != reflect.Struct || name == "aliases" || name == "otherRecords" {
			continue
		}
		if id, ok := f.Type.Elem().FieldByName("ID"); ok && id.Type.Kind() == reflect.String {
			out = append(out, listField{name: name, index: f.Index, elem: f.Type.Elem()})
		}
	}
	return out
}

// ListKinds names the kinds of records that are lists of the case document, in
// its order.
func ListKinds() []string {
	names := make([]string, len(listFields))
	for i, f := range listFields {
		names[i] = f.name
	}
	return names
}

// NewRecord makes a record of kind from v, a value that encodes as a JSON
// object. The record's id is the value's "id", which may be empty.
func NewRecord(kind string, v any) (Record, error) {
	body, err := marshal(v)
	if err != nil {
		return Record{}, fmt.Errorf("encode record: %w", err)
	}
	var named struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &named); err != nil {
		return Record{}, explain(err)
	}
	return Record{ID: named.ID, Kind: kind, Body: body}, nil
}

// Decode reads the body of a record of the case document into its type. The
// element's ID is set.
func Decode[T any](r Record) (T, error) {
	var v T
	err := exact(r.Body, &v)
	return v, err
}

// marshal is [json.Marshal] without its rewriting of <, > and &.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// strict decodes JSON that must fit v exactly.
func strict(b []byte, v any) error {
	if !utf8.Valid(b) {
		return fmt.Errorf("%w: not UTF-8", ErrInvalid)
	}
	if err := noTwins(b); err != nil {
		return err
	}
	return exact(b, v)
}

// exact decodes JSON that we wrote ourselves, or that has passed the rest of
// strict: nothing in it may go unread.
func exact(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return explain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something behind the end", ErrInvalid)
	}
	return nil
}

func decodeLoose(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

func number(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	return i, err == nil
}

// A document that a stranger wrote is nested no deeper and has no more objects
// and lists than these: an empty element takes three bytes in the file and
// hundreds in memory.
const (
	maxDepth   = 64
	maxObjects = 100_000
)

// noTwins refuses an object that has a field twice, also in different case: of
// two values the decoder would take the last without a word.
func noTwins(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil for an array
		value bool            // the next token is a value, not a name
	}
	var stack []level
	objects := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return explain(err)
		}
		if delim, ok := t.(json.Delim); ok {
			switch delim {
			case '{', '[':
				if len(stack) == maxDepth {
					return fmt.Errorf("%w: nested too deep", ErrInvalid)
				}
				if objects++; objects > maxObjects {
					return ErrTooLarge
				}
				next := level{value: true}
				if delim == '{' {
					next = level{names: map[string]bool{}}
				}
				stack = append(stack, next)
				continue
			default:
				stack = stack[:len(stack)-1]
			}
		} else if n := len(stack); n > 0 && stack[n-1].names != nil && !stack[n-1].value {
			name := strings.ToLower(t.(string))
			if stack[n-1].names[name] {
				return fmt.Errorf("%w: a field is there twice", ErrInvalid)
			}
			stack[n-1].names[name], stack[n-1].value = true, true
			continue
		}
		// A value has ended.
		if n := len(stack); n > 0 && stack[n-1].names != nil {
			stack[n-1].value = false
		}
		if len(stack) == 0 && !d.More() {
			return nil
		}
	}
}

// explain turns what encoding/json says into something without any value of the
// document in it. Names of fields are ours, or short enough to be a slip.
func explain(err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, ErrInvalid):
		return err
	case errors.As(err, &wrongType):
		return fmt.Errorf("%w: field %s is of the wrong type, at byte %d", ErrInvalid, wrongType.Field, wrongType.Offset)
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: not JSON, at byte %d", ErrInvalid, syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: cut off", ErrInvalid)
	}
	if _, name, ok := strings.Cut(err.Error(), "json: unknown field "); ok {
		if name = strings.Trim(name, `"`); len(name) <= 30 && validKind(name) {
			return fmt.Errorf("%w: unknown field %q", ErrInvalid, name)
		}
		return fmt.Errorf("%w: unknown field", ErrInvalid)
	}
	return fmt.Errorf("%w: a value is not of the kind asked for", ErrInvalid)
}

// validID accepts our own ids, and the short ones of a document that somebody
// typed. A slash would break the paths that decisions are filed under.
func validID(id string) bool {
	return len(id) >= 1 && len(id) <= 64 && strings.Trim(id, idLetters) == ""
}

// validKind accepts the name of a list, as the case document writes it.
func validKind(kind string) bool {
	return len(kind) >= 1 && len(kind) <= 40 && strings.Trim(kind, kindLetters) == ""
}

const (
	kindLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	idLetters   = kindLetters + "._"
)

// A digitError is what is wrong with an A-number, without the number.
var errANumber = fmt.Errorf("%w: an A-number has seven to nine digits, not all zero", ErrInvalid)

// ANumber takes spaces, dashes and the leading A away and fills up with
// zeros to nine digits. There is no check digit: a slip of the finger cannot be
// found.
func ANumber(s string) (string, error) {
	digits := strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u2011", "", "\u2013", "").Replace(s)
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "A"), "a")
	if len(digits) < 7 || len(digits) > 9 || strings.Trim(digits, "0123456789") != "" || strings.Trim(digits, "0") == "" {
		return "", errANumber
	}
	return strings.Repeat("0", 9-len(digits)) + digits, nil
}

// normalize puts what has one right form into it.
func (d *Document) normalize() error {
	for i, n := range d.ANumbers {
		normal, err := ANumber(n)
		if err != nil {
			return err
		}
		d.ANumbers[i] = normal
	}
	for i := range d.Aliases {
		if d.Aliases[i].ID == "" {
			d.Aliases[i].ID = newID()
		}
		if !validID(d.Aliases[i].ID) {
			return fmt.Errorf("%w: an id of an alias", ErrInvalid)
		}
	}
	return nil
}

// clientBody is everything of d that is neither a list nor the representative.
func clientBody(d Document) ([]byte, error) {
	v := reflect.ValueOf(&d).Elem()
	for _, f := range listFields {
		v.FieldByIndex(f.index).SetZero()
	}
	d.Representative, d.OtherRecords = Representative{}, nil
	d.Format, d.ID = "", ""
	b, err := marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode client: %w", err)
	}
	// The format has no omitempty, since a document without one is none.
	return append([]byte("{"), bytes.TrimPrefix(bytes.TrimPrefix(b, []byte(`{"format":""`)), []byte(","))...), nil
}

// newDraft checks a record and brings its body into the form in which it is
// kept: for the kinds of the case document exactly the fields of the element,
// without the id.
func newDraft(r Record) (draft, error) {
	d := draft{id: r.ID, kind: r.Kind}
	switch {
	case len(r.Body) > MaxBody:
		return draft{}, ErrTooLarge
	case !validKind(r.Kind):
		return draft{}, fmt.Errorf("%w: kind of a record", ErrInvalid)
	case (r.Kind == KindClient || r.Kind == KindRepresentative) && d.id == "":
		d.id = r.Kind
	case d.id == "":
		d.id = newID()
	}
	single := r.Kind == KindClient || r.Kind == KindRepresentative
	if !validID(d.id) || (d.id == KindClient || d.id == KindRepresentative) != single || single && d.id != r.Kind {
		return draft{}, fmt.Errorf("%w: id of a record", ErrInvalid)
	}
	field, isList := listByKind[r.Kind]
	var err error
	switch {
	case r.Kind == KindClient:
		var doc Document
		if err := strict(r.Body, &doc); err != nil {
			return draft{}, err
		}
		if err := doc.normalize(); err != nil {
			return draft{}, err
		}
		d.body, err = clientBody(doc)
	case r.Kind == KindRepresentative:
		var rep Representative
		if err := strict(r.Body, &rep); err != nil {
			return draft{}, err
		}
		d.body, err = marshal(rep)
	case isList:
		elem := reflect.New(field.elem)
		if err := strict(r.Body, elem.Interface()); err != nil {
			return draft{}, err
		}
		elem.Elem().FieldByName("ID").SetString("")
		d.body, err = marshal(elem.Interface())
	default:
		var object map[string]json.RawMessage
		if err := strict(r.Body, &object); err != nil {
			return draft{}, err
		}
		if object == nil {
			return draft{}, fmt.Errorf("%w: not an object", ErrInvalid)
		}
		var b bytes.Buffer
		err = json.Compact(&b, r.Body)
		d.body = b.Bytes()
	}
	if err != nil {
		return draft{}, fmt.Errorf("encode record: %w", err)
	}
	if len(d.body) > MaxBody {
		return draft{}, ErrTooLarge
	}
	return d, nil
}

// bodyWithID is the stored body with the element's id in front, so that it
// decodes into the element's type.
func bodyWithID(kind, id string, body []byte) json.RawMessage {
	if _, isList := listByKind[kind]; !isList || len(body) < 2 {
		return bytes.Clone(body)
	}
	out := []byte(`{"id":"` + id + `"`)
	if len(body) > 2 {
		out = append(out, ',')
	}
	return append(out, body[1:]...)
}

// split turns a document into drafts, in the document's order. The document has
// been normalized.
func split(d Document) ([]draft, error) {
	var out []draft
	used := map[string]bool{KindClient: true, KindRepresentative: true}
	add := func(kind, id string, v any) error {
		body, err := marshal(v)
		if err != nil {
			return fmt.Errorf("encode record: %w", err)
		}
		one, err := newDraft(Record{ID: id, Kind: kind, Body: body})
		if err != nil {
			return err
		}
		if used[one.id] {
			return fmt.Errorf("%w: two elements have the same id", ErrInvalid)
		}
		used[one.id] = true
		out = append(out, one)
		return nil
	}
	body, err := clientBody(d)
	if err != nil {
		return nil, err
	}
	if len(body) > MaxBody {
		return nil, ErrTooLarge
	}
	out = append(out, draft{id: KindClient, kind: KindClient, body: body})
	if d.Representative != (Representative{}) {
		body, err := marshal(d.Representative)
		if err != nil {
			return nil, fmt.Errorf("encode record: %w", err)
		}
		out = append(out, draft{id: KindRepresentative, kind: KindRepresentative, body: body})
	}
	v := reflect.ValueOf(d)
	for _, f := range listFields {
		list := v.FieldByIndex(f.index)
		for i := range list.Len() {
			if err := add(f.name, list.Index(i).FieldByName("ID").String(), list.Index(i).Interface()); err != nil {
				return nil, err
			}
		}
	}
	for _, o := range d.OtherRecords {
		if _, isList := listByKind[o.Kind]; isList || o.Kind == KindClient || o.Kind == KindRepresentative || o.ID == "" {
			return nil, fmt.Errorf("%w: another record of a kind that has a list", ErrInvalid)
		}
		if err := add(o.Kind, o.ID, o.Body); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// assemble makes the document of a state of the records. Of a record in
// conflict it takes the first head; [Case.List] shows them all.
func assemble(r reading, id string) (Document, error) {
	d := Document{Format: DocumentFormat, ID: id}
	newer := func(err error) error {
		// Our own records fit their types; one that does not was written by a
		// program that knows more fields. Passing over them would lose them.
		return fmt.Errorf("read record: %w (%v)", ErrNewerFormat, err)
	}
	v := reflect.ValueOf(&d).Elem()
	for _, id := range r.dir.ids("") {
		t := r.dir[id]
		if len(t.living()) == 0 {
			continue
		}
		rec, err := r.record(id, t, t.living()[0])
		if err != nil {
			return Document{}, err
		}
		field, isList := listByKind[t.kind]
		switch {
		case t.kind == KindClient:
			if err := exact(rec.Body, &d); err != nil {
				return Document{}, newer(err)
			}
		case t.kind == KindRepresentative:
			if err := exact(rec.Body, &d.Representative); err != nil {
				return Document{}, newer(err)
			}
		case isList:
			elem := reflect.New(field.elem)
			if err := exact(rec.Body, elem.Interface()); err != nil {
				return Document{}, newer(err)
			}
			list := v.FieldByIndex(field.index)
			list.Set(reflect.Append(list, elem.Elem()))
		default:
			d.OtherRecords = append(d.OtherRecords, OtherRecord{ID: id, Kind: t.kind, Body: rec.Body})
		}
	}
	return d, nil
}

// ParseDocument reads a case document that anybody may have written: at most
// [MaxDocument] bytes, no field that is not ours, no field twice.
func ParseDocument(b []byte) (Document, error) {
	if len(b) > MaxDocument {
		return Document{}, ErrTooLarge
	}
	if !utf8.Valid(b) {
		return Document{}, fmt.Errorf("%w: not UTF-8", ErrInvalid)
	}
	// What else noTwins finds, Decode finds with the name of the field.
	if err := noTwins(b); errors.Is(err, ErrTooLarge) {
		return Document{}, err
	}
	var d Document
	if err := factors.Decode(b, &d); err != nil {
		return Document{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if d.Format != DocumentFormat {
		return Document{}, fmt.Errorf("%w: format is not %s", ErrInvalid, DocumentFormat)
	}
	if d.ID != "" {
		if _, ok := rawID(d.ID); !ok {
			return Document{}, fmt.Errorf("%w: id of the case", ErrInvalid)
		}
	}
	if err := d.normalize(); err != nil {
		return Document{}, err
	}
	if err := d.Facts.Validate(); err != nil {
		return Document{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	_, err := split(d)
	return d, err
}

// Document assembles the case.
func (c *Case) Document() (Document, error) {
	var d Document
	err := c.read(func(r reading) (err error) {
		d, err = assemble(r, c.id)
		return err
	})
	return d, err
}

// Import makes the case say what d says, in one write: elements that d has are
// added or changed, elements that it does not have go to the trash, and the
// order of the lists becomes d's. Other records are added or changed and never
// removed. Elements without an id get one.
func (c *Case) Import(d Document) error {
	if err := d.normalizeCopy(); err != nil {
		return err
	}
	if err := d.Facts.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	drafts, err := split(d)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.put(drafts, true)
}

// SaveClient saves the fields of d that are not lists: the client, the scalar
// facts, the answers and the representative.
func (c *Case) SaveClient(d Document) error {
	if err := d.normalizeCopy(); err != nil {
		return err
	}
	body, err := clientBody(d)
	if err != nil {
		return err
	}
	rep, err := marshal(d.Representative)
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if len(body) > MaxBody || len(rep) > MaxBody {
		return ErrTooLarge
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	drafts := []draft{{id: KindClient, kind: KindClient, body: body}}
	if old := c.dir[KindRepresentative]; old != nil || d.Representative != (Representative{}) {
		drafts = append(drafts, draft{id: KindRepresentative, kind: KindRepresentative, body: rep})
	}
	return c.put(drafts, false)
}

// normalizeCopy normalizes d without touching lists that the caller still has.
func (d *Document) normalizeCopy() error {
	d.ANumbers = append([]string(nil), d.ANumbers...)
	d.Aliases = append([]Alias(nil), d.Aliases...)
	return d.normalize()
}

// put writes those drafts that change anything, and if whole, the trash marks
// of what they leave out. It is called with the case's lock held.
func (c *Case) put(drafts []draft, whole bool) error {
	if c.closed {
		return ErrClosed
	}
	view := c.store.view()
	defer view.close()
	r := reading{k: c.k, dir: c.dir, view: view}
	var out []draft
	named := map[string]bool{}
	last := map[string]uint64{}
	for _, d := range drafts {
		named[d.id] = true
		t := c.dir[d.id]
		if t == nil {
			if d.kind == KindClient && bytes.Equal(d.body, []byte("{}")) {
				continue // nothing is known of the client yet
			}
			d.order = (c.at.seq+1)<<20 | uint64(len(out))
			last[d.kind] = d.order
			out = append(out, d)
			continue
		}
		if t.kind != d.kind {
			return fmt.Errorf("%w: a record's kind cannot change", ErrInvalid)
		}
		moved := t.order <= last[d.kind]
		if moved {
			d.order = (c.at.seq+1)<<20 | uint64(len(out))
			last[d.kind] = d.order
		} else {
			last[d.kind] = t.order
		}
		if !moved && len(t.heads) == 1 && !t.heads[0].deleted {
			_, v, err := r.item(d.id, t.heads[0].version)
			if err != nil {
				return err
			}
			if bytes.Equal(v.Body, d.body) {
				continue
			}
		}
		out = append(out, d)
	}
	if whole {
		for _, id := range c.dir.ids("") {
			t := c.dir[id]
			_, isList := listByKind[t.kind]
			if (isList || t.kind == KindRepresentative) && !named[id] && len(t.living()) > 0 {
				out = append(out, draft{id: id, kind: t.kind, deleted: true})
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	_, err := c.write(out)
	return err
}
