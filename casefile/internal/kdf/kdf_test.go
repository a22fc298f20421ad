package kdf

import (
	"encoding/hex"
	"errors"
	"testing"

	"golang.org/x/crypto/argon2"
)

// Argon2id, version 1.3. The first is from test.c of the reference
// implementation (github.com/P-H-C/phc-winner-argon2), the others from
// argon2_test.go of golang.org/x/crypto, where the tag is 24 bytes.
func TestKey_knownAnswers(t *testing.T) {
	got := Key([]byte("password"), []byte("somesalt"), Cost{Time: 2, Memory: 64 << 10, Lanes: 1})
	if want := "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"; hex.EncodeToString(got) != want {
		t.Errorf("got %x, want %s", got, want)
	}
	for _, v := range []struct {
		time, memory uint32
		lanes        uint8
		want         string
	}{
		{1, 64, 1, "655ad15eac652dc59f7170a7332bf49b8469be1fdb9c28bb"},
		{3, 256, 2, "4668d30ac4187e6878eedeacf0fd83c5a0a30db2cc16ef0b"},
		{4, 4096, 4, "145db9733a9f4ee43edf33c509be96b934d505a4efb33c5a"},
	} {
		if got := argon2.IDKey([]byte("password"), []byte("somesalt"), v.time, v.memory, v.lanes, 24); hex.EncodeToString(got) != v.want {
			t.Errorf("t=%d m=%d p=%d: got %x, want %s", v.time, v.memory, v.lanes, got, v.want)
		}
	}
}

func TestCost_check(t *testing.T) {
	for _, c := range []Cost{Floor, Ceiling, {Time: 10, Memory: 128 << 10, Lanes: 8}} {
		if err := c.Check(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, c := range []Cost{
		{},
		{Time: 2, Memory: 64 << 10, Lanes: 4},
		{Time: 3, Memory: 64<<10 - 1, Lanes: 4},
		{Time: 3, Memory: 64 << 10, Lanes: 3},
		{Time: 21, Memory: 64 << 10, Lanes: 4},
		{Time: 3, Memory: 1<<20 + 1, Lanes: 4},
		{Time: 3, Memory: 64 << 10, Lanes: 17},
	} {
		if err := c.Check(); !errors.Is(err, ErrCost) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Whatever this computer is, the cost that is chosen is one that is accepted.
func TestNew_isAccepted(t *testing.T) {
	c := New()
	if err := c.Check(); err != nil || c.Memory != Floor.Memory || c.Lanes != Floor.Lanes {
		t.Errorf("%+v: %v", c, err)
	}
}

// é in one letter and in two is one passphrase; É is another.
func TestKey_normalizes(t *testing.T) {
	salt, cost := make([]byte, SaltSize), Cost{Time: 1, Memory: 8, Lanes: 1}
	one, two := Key([]byte("caf\u00e9"), salt, cost), Key([]byte("cafe\u0301"), salt, cost)
	other := Key([]byte("caf\u00c9"), salt, cost)
	if string(one) != string(two) || string(one) == string(other) {
		t.Error("not normalized")
	}
}
