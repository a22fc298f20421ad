package casefile

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"forbear/factors"
)

// Schema is the JSON Schema (draft 2020-12) of the case document, made from the
// types themselves, so that it cannot say anything else than what
// [ParseDocument] reads.
func Schema() ([]byte, error) {
	s := schemaOf(documentType, "").(map[string]any)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Forbear case document"
	s["required"] = []string{"format"}
	properties := s["properties"].(map[string]any)
	properties["format"] = map[string]any{"const": DocumentFormat}
	properties["id"] = map[string]any{"type": "string", "pattern": "^[0-9a-f]{32}$"}
	properties["aNumbers"] = map[string]any{
		"type": "array",
		"items": map[string]any{
			"type": "string", "pattern": "^[Aa]?[- ]*([0-9][- ]*){7,9}$",
			"description": "Seven to nine digits, not all zero; kept as nine, the first one primary.",
		},
	}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode schema: %w", err)
	}
	return append(b, '\n'), nil
}

var (
	dateType   = reflect.TypeOf(factors.Date{})
	answerType = reflect.TypeOf(factors.Answer(0))
	rawType    = reflect.TypeOf(json.RawMessage(nil))
)

// schemaOf describes a type. The path is that of the value in the document, with
// * for an element, as [factors.Words] names it.
func schemaOf(t reflect.Type, path string) any {
	switch t {
	case dateType:
		return map[string]any{"type": "string", "description": "EDTF (ISO 8601-2, level 1); empty when unknown."}
	case answerType:
		return map[string]any{"enum": []any{"yes", "no", "unknown", "", true, false, nil}}
	case rawType:
		return map[string]any{"type": "object"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), path)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.String:
		node := map[string]any{"type": "string"}
		if words := factors.Words(path); words != nil {
			// Examples and no enum: customary spellings are read as well.
			node["examples"] = words
			node["description"] = "One of these words, or empty. Customary spellings are read as well; anything else is refused."
		}
		return node
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), path+"/*")}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), path+"/*")}
	case reflect.Struct:
		properties := map[string]any{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || !f.IsExported() || name == "" || name == "-" {
				continue
			}
			properties[name] = schemaOf(f.Type, strings.TrimPrefix(path+"/"+name, "/"))
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	panic("casefile: internal error: no schema for " + t.String())
}
