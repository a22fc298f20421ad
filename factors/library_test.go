package factors_test

import (
	"testing"

	"forbear/assets"
	"forbear/factors"
)

// library reads the memo library that the program ships.
func library(t testing.TB) *factors.Library {
	t.Helper()
	lib, err := factors.Load(assets.Memos)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestLoad_readsWhatIsShipped(t *testing.T) {
	lib := library(t)
	for _, in := range lib.Instruments() {
		t.Log(in.ID, len(in.Rules))
	}
}
