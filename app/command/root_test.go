package command

import (
	"errors"
	"strings"
	"testing"

	"forbear/casefile"
)

func TestTypedSecret(t *testing.T) {
	for _, c := range []struct {
		keys, want string
		err        error
	}{
		{"six words of nothing\r", "six words of nothing", nil},
		{"caf\u00e9\x7fe\n", "cafe", nil},
		{"\x7f\x7fab\r", "ab", nil},
		{"wrong\x15right\r", "right", nil},
		{"abc\x03", "", errStopped},
		{"abc\x04", "", errStopped},
	} {
		got, err := typedSecret(strings.NewReader(c.keys))
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%q: got %q, %v", c.keys, got, err)
		}
	}
	for _, keys := range []string{"\r", "no end", strings.Repeat("x", maxPassphrase+1) + "\r"} {
		if got, err := typedSecret(strings.NewReader(keys)); err == nil {
			t.Errorf("%d keys gave %d bytes", len(keys), len(got))
		}
	}
}

func TestFindCase(t *testing.T) {
	cards := []casefile.Card{
		{ID: "aabbcc00000000000000000000000001", ANumber: "000000501"},
		{ID: "aabbcc00000000000000000000000002", ANumber: "000000502"},
		{ID: "ddeeff00000000000000000000000003"},
	}
	for ref, want := range map[string]string{
		"aabbcc00000000000000000000000002": "aabbcc00000000000000000000000002",
		"DDEEFF":                           "ddeeff00000000000000000000000003",
		"A 000-000-501":                    "aabbcc00000000000000000000000001",
		"aabbcc":                           "", // two
		"ddee":                             "", // too short to be sure
		"":                                 "",
		"000000777":                        "",
	} {
		got, err := findCase(cards, ref)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", ref, got, err)
		}
	}
}
