package casefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The cheap passphrase derivation can be reached from tests and from nowhere
// else: no file of the program imports casefiletest, and only casefiletest
// calls the switch.
func TestHooks_cheapDerivationIsForTests(t *testing.T) {
	root := ".."
	files := 0
	check(t, filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		slash := filepath.ToSlash(name)
		inTestPackage := strings.Contains(slash, "casefile/casefiletest/")
		if strings.Contains(string(b), "TestOnlyCheap") && !inTestPackage && !strings.HasSuffix(slash, "internal/kdf/kdf.go") {
			t.Errorf("%s makes passphrases cheap to guess", slash)
		}
		if strings.Contains(string(b), `"forbear/casefile/casefiletest"`) && !inTestPackage {
			t.Errorf("%s is no test and imports casefiletest", slash)
		}
		return nil
	}))
	if files < 20 {
		t.Errorf("only %d files were looked at", files)
	}
}
