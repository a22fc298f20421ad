package casefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A disk is what this package asks of a file system. It is an interface so that
// tests can refuse a write, or watch that each acknowledged record was synced
// first. Badger alone goes around it, which is why nothing rests on Badger.
type disk interface {
	open(name string, flag int) (diskFile, error) // new files get mode 0600
	mkdir(name string) error                      // mode 0700; an existing folder is fine
	rename(from, to string) error
	remove(name string) error
	removeAll(name string) error
	list(dir string) ([]fs.DirEntry, error)
	syncDir(dir string) error
	free(dir string) (uint64, error) // bytes that this person may still write
	lock(name string) (io.Closer, error)
}

type diskFile interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Sync() error
	Stat() (fs.FileInfo, error)
}

type osDisk struct{}

var _ disk = osDisk{}

func (osDisk) open(name string, flag int) (diskFile, error) {
	f, err := os.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (osDisk) mkdir(name string) error                { return os.MkdirAll(name, 0o700) }
func (osDisk) rename(from, to string) error           { return renameFile(from, to) }
func (osDisk) remove(name string) error               { return os.Remove(name) }
func (osDisk) removeAll(name string) error            { return os.RemoveAll(name) }
func (osDisk) list(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }
func (osDisk) syncDir(dir string) error               { return syncDir(dir) }
func (osDisk) free(dir string) (uint64, error)        { return freeSpace(dir) }
func (osDisk) lock(name string) (io.Closer, error)    { return lockFile(name) }

// reserve is kept free below every write: Badger maps its files into memory,
// and a full disk would end the program in the middle of a sentence.
const reserve = 32 << 20

// haveSpace returns [ErrNoSpace] unless need bytes fit above the reserve.
func haveSpace(d disk, dir string, need int) error {
	free, err := d.free(dir)
	if err != nil {
		return fmt.Errorf("ask for free space: %w", plain(err))
	}
	if free < reserve+uint64(need) {
		return ErrNoSpace
	}
	return nil
}

// plain takes the path out of an error, since the folder of a vault can carry a
// name that says something, and turns a full disk and a folder without write
// permission into our own errors.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case isNoSpace(err):
		return ErrNoSpace
	case isReadOnly(err):
		return ErrReadOnly
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		return fmt.Errorf("%s: %w", call.Syscall, call.Err)
	}
	return err
}

// readFile reads a whole file of at most limit bytes.
func readFile(d disk, name string, limit int64) ([]byte, error) {
	f, err := d.open(name, os.O_RDONLY)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, plain(err)
	}
	if int64(len(data)) > limit {
		return nil, ErrTooLarge
	}
	return data, nil
}

// writeFile puts data under name so that after a crash at any moment name holds
// either what it held before or all of data.
func writeFile(d disk, name string, data []byte) error {
	temporary := name + ".tmp"
	if err := writeNew(d, temporary, data); err != nil {
		return err
	}
	if err := d.rename(temporary, name); err != nil {
		return plain(err)
	}
	return plain(d.syncDir(filepath.Dir(name)))
}

func writeNew(d disk, name string, data []byte) error {
	f, err := d.open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return plain(err)
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return plain(err)
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return plain(err)
	}
	return plain(f.Close())
}

// A few files are worth two copies: without them everything else is noise. The
// second copy is named like the first with ".1" behind.

func writePair(d disk, name string, data []byte) error {
	if err := writeFile(d, name, data); err != nil {
		return err
	}
	return writeFile(d, name+".1", data)
}

// readPair reads both copies and returns the one that parse likes better. A
// rank orders two copies that are both in order: after a crash between the two
// writes the first is newer, after somebody put an old first copy back it is
// not. uneven says that the other copy is not equal, see [evenPair].
func readPair(d disk, name string, limit int64, parse func([]byte) (rank uint64, err error)) (best []byte, uneven bool, err error) {
	p := comparePair(d, name, limit, parse)
	return p.data[p.best], p.uneven, p.err
}

// evenPair makes the other copy equal to the better one, and keeps a damaged
// one under ".bad". It is a service for the next time: a folder that cannot be
// written is no reason not to read. The caller holds the lock that belongs to
// the file.
func evenPair(d disk, name string, limit int64, parse func([]byte) (rank uint64, err error)) {
	p := comparePair(d, name, limit, parse)
	if p.err != nil || !p.uneven {
		return
	}
	other := p.names[1-p.best]
	if p.errs[1-p.best] != nil && p.data[1-p.best] != nil {
		_ = d.rename(other, other+".bad")
	}
	_ = writeFile(d, other, p.data[p.best])
}

type comparedPair struct {
	names  [2]string
	data   [2][]byte
	errs   [2]error
	best   int
	uneven bool
	err    error
}

func comparePair(d disk, name string, limit int64, parse func([]byte) (rank uint64, err error)) comparedPair {
	p := comparedPair{names: [2]string{name, name + ".1"}}
	var rank [2]uint64
	for i := range p.names {
		if p.data[i], p.errs[i] = readFile(d, p.names[i], limit); p.errs[i] == nil {
			rank[i], p.errs[i] = parse(p.data[i])
		}
	}
	switch {
	case p.errs[0] != nil && p.errs[1] != nil:
		// A copy that is there says more than one that is not.
		if p.err = p.errs[0]; errors.Is(p.err, fs.ErrNotExist) {
			p.err = p.errs[1]
		}
		return p
	case p.errs[0] != nil, p.errs[1] == nil && rank[1] > rank[0]:
		p.best = 1
	}
	// A copy that a newer program wrote is not ours to replace.
	p.uneven = !bytes.Equal(p.data[0], p.data[1]) && !errors.Is(p.errs[1-p.best], ErrNewerFormat)
	return p
}

func exists(d disk, name string) bool {
	f, err := d.open(name, os.O_RDONLY)
	if err != nil {
		return false
	}
	f.Close()
	return true
}
