package factors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// Bounds of a document that somebody typed or sent.
const (
	maxDocument = 16 << 20 // bytes
	maxDepth    = 16       // objects and arrays inside each other
)

// Decode reads one JSON document into a pointer to a struct. It refuses what
// encoding/json lets pass: a key that the struct does not have, in that very
// spelling; a key that comes twice; anything after the document. The error is a
// [FieldError] that names the field by its path and never repeats its value,
// since the value is a client's.
func Decode(data []byte, into any) error {
	if len(data) > maxDocument {
		return &FieldError{"document", "larger than " + strconv.Itoa(maxDocument>>20) + " MB"}
	}
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		panic("factors: internal error: Decode needs a pointer to a struct")
	}
	if err := inspect(data, target.Elem().Type(), "", 0); err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &FieldError{"document", "not readable as a case document"}
	}
	return nil
}

var textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()

// inspect walks a document along the type that it will be read into.
func inspect(data []byte, t reflect.Type, path string, depth int) error {
	refuse := func(reason string) error { return &FieldError{firstOf(path, "document"), reason} }
	if depth > maxDepth {
		return refuse("nested too deeply")
	}
	data = bytes.TrimSpace(data)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	ptr := reflect.PointerTo(t)
	if ptr.Implements(reflect.TypeFor[json.Unmarshaler]()) || ptr.Implements(textUnmarshaler) {
		if err := json.Unmarshal(data, reflect.New(t).Interface()); err != nil {
			if errors.Is(err, ErrDate) {
				return refuse(ErrDate.Error())
			}
			if t == reflect.TypeFor[Answer]() {
				return refuse("neither yes, no nor unknown")
			}
			return refuse("not readable")
		}
		return nil
	}
	if string(data) == "null" && path != "" {
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		fields := map[string]reflect.Type{}
		jsonFields(t, fields)
		return members(data, refuse, func(key string, value json.RawMessage) error {
			ft, ok := fields[key]
			if !ok {
				return refuse("the key " + quoteKey(key) + " is not known")
			}
			return inspect(value, ft, join(path, key), depth+1)
		})
	case reflect.Map:
		return members(data, refuse, func(key string, value json.RawMessage) error {
			return inspect(value, t.Elem(), join(path, key), depth+1)
		})
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			return refuse("not a list")
		}
		for i, v := range items {
			if err := inspect(v, t.Elem(), join(path, strconv.Itoa(i)), depth+1); err != nil {
				return err
			}
		}
		return nil
	default:
		if json.Unmarshal(data, reflect.New(t).Interface()) != nil {
			return refuse("not " + kindName(t.Kind()))
		}
		return nil
	}
}

// members visits the keys of an object in order, and refuses one that comes
// twice.
func members(data []byte, refuse func(string) error, visit func(string, json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return refuse("not an object")
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return refuse("not well-formed JSON")
		}
		if seen[key] {
			return refuse("the key " + quoteKey(key) + " comes twice")
		}
		seen[key] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return refuse("not well-formed JSON")
		}
		if err := visit(key, value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return refuse("not well-formed JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refuse("something follows the document")
	}
	return nil
}

// jsonFields collects the fields of a struct by their JSON names, those of
// embedded structs among them.
func jsonFields(t reflect.Type, into map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			jsonFields(f.Type, into)
		case !f.IsExported() || name == "-":
		case name == "":
			into[f.Name] = f.Type
		default:
			into[name] = f.Type
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "/" + key
}

// quoteKey repeats a key that is not known, as far as it is a word: a key is
// the form's, not the client's, and whoever misspelt it has to find it.
func quoteKey(key string) string {
	for _, r := range key {
		if r > 0x7e || r < 0x21 {
			return "(not a word)"
		}
	}
	if key == "" || len(key) > 40 {
		return "(not a word)"
	}
	return key
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	default:
		return "a whole number"
	}
}
