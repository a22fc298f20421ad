// Package kdf turns a passphrase into a key, and decides which costs are
// acceptable. It is internal so that nothing outside casefile can lower them.
package kdf

import (
	"bytes"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// A Cost is the cost of one derivation with Argon2id, version 1.3 (RFC 9106).
type Cost struct {
	Time   uint32 // passes
	Memory uint32 // KiB
	Lanes  uint8
}

// Floor is the second recommended choice of RFC 9106, section 4. Nothing below
// it is written or read. Ceiling keeps a planted slot from stopping the program.
var (
	Floor   = Cost{Time: 3, Memory: 64 << 10, Lanes: 4}
	Ceiling = Cost{Time: 20, Memory: 1 << 20, Lanes: 16}
)

// ErrCost is returned for a cost outside of Floor and Ceiling.
var ErrCost = errors.New("key derivation cost out of bounds")

// SaltSize and KeySize are in bytes.
const (
	SaltSize = 16
	KeySize  = 32
)

// cheap is set by TestOnlyCheap and by nothing else.
var cheap atomic.Bool

// TestOnlyCheap makes New choose a cost that takes no time and Check accept it.
// It is called by the tests of casefile and by casefiletest, which no program
// imports.
func TestOnlyCheap() { cheap.Store(true) }

// TestOnlyShipped undoes TestOnlyCheap, to see what the shipped program does.
func TestOnlyShipped() { cheap.Store(false) }

// Check returns ErrCost unless c lies between Floor and Ceiling.
func (c Cost) Check() error {
	floor := Floor
	if cheap.Load() {
		floor = Cost{Time: 1, Memory: 8, Lanes: 1}
	}
	if c.Time < floor.Time || c.Memory < floor.Memory || c.Lanes < floor.Lanes ||
		c.Time > Ceiling.Time || c.Memory > Ceiling.Memory || c.Lanes > Ceiling.Lanes {
		return ErrCost
	}
	return nil
}

// New measures this computer and returns a cost of about a second. Only the
// passes grow: a cost in memory that one computer can bear may keep another
// from opening the vault at all.
func New() Cost {
	if cheap.Load() {
		return Cost{Time: 1, Memory: 8, Lanes: 1}
	}
	c := Floor
	start := time.Now()
	clear(Key([]byte("measure"), make([]byte, SaltSize), c))
	per := max(time.Since(start), time.Millisecond) / time.Duration(c.Time)
	c.Time = uint32(min(max(time.Second/per, time.Duration(Floor.Time)), time.Duration(Ceiling.Time)))
	return c
}

// Key derives KeySize bytes. The passphrase is put in Unicode normalization
// form C first, since keyboards differ in how they send an accented letter. The
// cost must have passed Check.
func Key(passphrase, salt []byte, c Cost) []byte {
	// A copy, because what is in that form already comes back as itself, and the
	// caller may want to try it on another slot.
	own := bytes.Clone(passphrase)
	defer clear(own)
	normal := norm.NFC.Bytes(own)
	defer clear(normal)
	key := argon2.IDKey(normal, salt, c.Time, c.Memory, c.Lanes, KeySize)
	if c.Memory >= Floor.Memory {
		// Tens of megabytes of garbage that nobody needs again.
		debug.FreeOSMemory()
	}
	return key
}
