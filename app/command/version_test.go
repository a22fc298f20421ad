package command

import (
	"os"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestVersionIsThatOfTheMetadata(t *testing.T) {
	data, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	var meta struct{ Details struct{ Version string } }
	if _, err := toml.Decode(string(data), &meta); err != nil {
		t.Fatal(err)
	}
	if meta.Details.Version != version {
		t.Errorf("version is %q, FyneApp.toml says %q", version, meta.Details.Version)
	}
}
