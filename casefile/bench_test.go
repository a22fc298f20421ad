package casefile

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"forbear/casefile/internal/kdf"
)

// The benchmarks wait for the drive, as the program does.

func benchCase(b *testing.B, records int) (*Vault, *Case) {
	b.Helper()
	v := createVault(b, b.TempDir(), withDisk(osDisk{}))
	b.Cleanup(func() { v.Close() })
	c := must[*Case](b)(v.NewCase())
	for i := range records {
		must[[]Record](b)(c.Put(note(fmt.Sprint("note ", i))))
	}
	return v, c
}

// One field saved, in a case of 40 records.
func BenchmarkPut(b *testing.B) {
	_, c := benchCase(b, 40)
	rec := must[[]Record](b)(c.List("notes"))[0]
	b.ResetTimer()
	for b.Loop() {
		if _, err := c.Put(rec); err != nil {
			b.Fatal(err)
		}
	}
}

// What BenchmarkPut cannot be faster than: a frame's bytes written and synced.
func BenchmarkWriteFsync(b *testing.B) {
	f := must[*os.File](b)(os.OpenFile(filepath.Join(b.TempDir(), "f"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600))
	defer f.Close()
	frame := make([]byte, frameHead+nonceSize+1024+tagSize)
	rand.Read(frame)
	b.ResetTimer()
	for b.Loop() {
		if _, err := f.Write(frame); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// A case that was closed properly is opened and closed.
func BenchmarkOpenCase(b *testing.B) {
	for _, records := range []int{40, 400} {
		b.Run(fmt.Sprint(records), func(b *testing.B) {
			v, c := benchCase(b, records)
			id := c.ID()
			check(b, c.Close())
			b.ResetTimer()
			for b.Loop() {
				c := must[*Case](b)(v.OpenCase(id))
				b.StopTimer()
				if c.Notice().Rebuilt {
					b.Fatal("rebuilt")
				}
				check(b, c.Close())
				b.StartTimer()
			}
		})
	}
}

// The same after a crash: from the journal, into memory.
func BenchmarkOpenCaseFromJournal(b *testing.B) {
	v, c := benchCase(b, 400)
	id := c.ID()
	seal := filepath.Join(c.path, "seal")
	check(b, c.Close())
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		check(b, os.Remove(seal))
		b.StartTimer()
		c := must[*Case](b)(v.OpenCase(id))
		b.StopTimer()
		check(b, c.Close())
		b.StartTimer()
	}
}

func BenchmarkCloseCase(b *testing.B) {
	v, c := benchCase(b, 40)
	id := c.ID()
	check(b, c.Close())
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		c := must[*Case](b)(v.OpenCase(id))
		must[[]Record](b)(c.Put(note("x")))
		b.StartTimer()
		check(b, c.Close())
	}
}

// Unlocking with the passphrase derivation of the shipped program, and 200
// cases to list.
func BenchmarkUnlock(b *testing.B) {
	kdf.TestOnlyShipped()
	defer kdf.TestOnlyCheap()
	dir := b.TempDir()
	v := createVault(b, dir)
	for range 200 {
		check(b, must[*Case](b)(v.NewCase()).Close())
	}
	check(b, v.Close())
	b.ResetTimer()
	for b.Loop() {
		check(b, openVault(b, dir).Close())
	}
}

func BenchmarkScan200Cases(b *testing.B) {
	dir := b.TempDir()
	v := createVault(b, dir)
	for range 200 {
		check(b, must[*Case](b)(v.NewCase()).Close())
	}
	check(b, v.Close())
	b.ResetTimer()
	for b.Loop() {
		check(b, openVault(b, dir).Close())
	}
}

func BenchmarkDocument(b *testing.B) {
	_, c := benchCase(b, 100)
	b.ResetTimer()
	for b.Loop() {
		if _, err := c.Document(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAttach20MB(b *testing.B) {
	_, c := benchCase(b, 1)
	data := make([]byte, 20<<20)
	rand.Read(data)
	b.SetBytes(int64(len(data)))
	b.ResetTimer()
	for b.Loop() {
		if _, err := c.Attach(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
