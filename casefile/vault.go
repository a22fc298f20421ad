package casefile

import (
	"context"
	"crypto"
)

type disk interface{}

// A Vault is an open vault. Its methods may be called from any goroutine.
type Vault struct{}

// Create makes a new vault.
func Create(dir string, p NewPerson, passphrase []byte, options ...Option) (*Vault, error) {
	return nil, ErrClosed
}

// Open opens the vault in dir.
func Open(dir, name string, passphrase []byte, options ...Option) (*Vault, error) {
	return nil, ErrClosed
}

// Slots lists the ways in.
func Slots(dir string) ([]Slot, error) { return nil, ErrClosed }

// IsVault reports whether dir holds a vault.
func IsVault(dir string) bool { return false }

func (v *Vault) Me() Person                          { return Person{} }
func (v *Vault) Profile() Profile                    { return Profile{} }
func (v *Vault) SetProfile(p Profile) error          { return ErrClosed }
func (v *Vault) PacketKey() (crypto.Signer, error)   { return nil, ErrClosed }
func (v *Vault) PacketCertificate() []byte           { return nil }
func (v *Vault) SetPacketCertificate(d []byte) error { return ErrClosed }
func (v *Vault) Cards() []Card                       { return nil }
func (v *Vault) NewCase() (*Case, error)             { return nil, ErrClosed }
func (v *Vault) OpenCase(id string) (*Case, error)   { return nil, ErrClosed }
func (v *Vault) Close() error                        { return ErrClosed }

// AddFile reads an exported case document.
func (v *Vault) AddFile(path string) (*Case, error) { return nil, ErrClosed }

// AddDocument makes a case of a document.
func (v *Vault) AddDocument(d Document) (*Case, error) { return nil, ErrClosed }

// Check reads everything.
func (v *Vault) Check(ctx context.Context, progress func(done, total int)) (Report, error) {
	return Report{}, ErrClosed
}

// A Report is what Check found.
type Report struct {
	Cases, Frames, Records, Blobs int
	Problems                      []Problem
}

// A Problem is one thing that Check found wrong.
type Problem struct {
	Case string // id, or empty
	Err  error
}
