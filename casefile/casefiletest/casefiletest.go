// Package casefiletest makes vaults for tests, with a passphrase derivation
// that takes no time. The shipped program refuses to open such a vault.
package casefiletest

import (
	"testing"

	"forbear/casefile"
	"forbear/casefile/internal/kdf"
)

// Passphrase opens every vault of this package.
const Passphrase = "correct horse battery staple"

// New gives a new vault in a temporary folder, closed when the test ends.
func New(t testing.TB, options ...casefile.Option) *casefile.Vault {
	t.Helper()
	return NewAt(t, t.TempDir(), options...)
}

// CheapKDF lets this process make and open vaults without delay. New calls it;
// a test that calls casefile.Create itself does so first.
func CheapKDF() { kdf.TestOnlyCheap() }

// NewAt gives a new vault in dir, closed when the test ends.
func NewAt(t testing.TB, dir string, options ...casefile.Option) *casefile.Vault {
	t.Helper()
	CheapKDF()
	v, err := casefile.Create(dir, casefile.NewPerson{Name: "Ada Advocate", Role: casefile.Attorney}, []byte(Passphrase), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

// NewCase gives a new case in a new vault.
func NewCase(t testing.TB, options ...casefile.Option) *casefile.Case {
	t.Helper()
	c, err := New(t, options...).NewCase()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
