package casefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// A store is the working store: for each head of each record one value, sealed
// before Badger sees it, under a name that says nothing. This is the only file
// that knows Badger.
//
// Badger is trusted with nothing. It does not sync on Windows, it reads a
// damaged value as an empty one, it takes files that were made without its key,
// and a damaged table ends the process. So it gets to see only files that we
// closed and sealed ourselves, or none at all.
type store struct {
	db     *badger.DB
	memory bool
}

// A pair is one value under its name. A nil value removes it.
type pair struct{ name, value []byte }

// profile is the measured one: small enough to open in 10 ms, about 14 MB of
// mapped files at most, one case at a time.
func storeOptions(dir string) badger.Options {
	return badger.DefaultOptions(dir).
		WithLogger(nil). // its error lines print keys
		WithMetricsEnabled(false).
		WithSyncWrites(false). // the journal is what is synced
		WithCompression(options.None).
		WithNumMemtables(1).
		WithNumLevelZeroTables(2).
		WithNumLevelZeroTablesStall(4).
		WithBaseTableSize(1 << 20).
		WithBaseLevelSize(4 << 20).
		WithNumCompactors(2).
		WithNumGoroutines(1).
		WithBlockCacheSize(1 << 20).
		WithIndexCacheSize(1 << 20).
		WithDetectConflicts(false) // one writer, under the case's lock
}

// openMemory gives an empty store that touches no disk.
func openMemory() (*store, error) {
	o := storeOptions("").
		WithInMemory(true).
		WithMemTableSize(8 << 20). // a value must fit into 15 % of it
		WithValueThreshold(1 << 20)
	db, err := badger.Open(o)
	if err != nil {
		return nil, fmt.Errorf("open working store: %v", err)
	}
	return &store{db: db, memory: true}, nil
}

// openFolder opens the files in dir, or makes them. The caller has made sure
// that they are those that were closed last.
func openFolder(dir string, key []byte) (*store, error) {
	o := storeOptions(dir).
		WithMemTableSize(2 << 20).
		WithValueLogFileSize(4 << 20).
		WithValueThreshold(64 << 10).
		WithVerifyValueChecksum(true).
		WithChecksumVerificationMode(options.OnTableAndBlockRead).
		WithCompactL0OnClose(true).
		WithEncryptionKey(key).
		WithEncryptionKeyRotationDuration(1<<62 - 1)
	db, err := badger.Open(o)
	if err != nil {
		return nil, fmt.Errorf("open working store: %v", plain(err))
	}
	return &store{db: db}, nil
}

// apply writes pairs. It may take several transactions; readers are kept out by
// the case's lock, and a crash in between does no harm, since what it leaves is
// never read again.
func (s *store) apply(pairs []pair) error {
	txn := s.db.NewTransaction(true)
	defer func() { txn.Discard() }()
	for _, p := range pairs {
		write := func() error {
			if p.value == nil {
				return txn.Delete(p.name)
			}
			return txn.Set(p.name, p.value)
		}
		err := write()
		if errors.Is(err, badger.ErrTxnTooBig) {
			if err = txn.Commit(); err == nil {
				txn = s.db.NewTransaction(true)
				err = write()
			}
		}
		if err != nil {
			return fmt.Errorf("write working store: %v", plain(err))
		}
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("write working store: %v", plain(err))
	}
	return nil
}

// A view is one pinned state of the store.
type view struct{ txn *badger.Txn }

func (s *store) view() *view { return &view{txn: s.db.NewTransaction(false)} }

// get returns a copy of the value, or nil when there is none. An empty value is
// what Badger returns for one that it cannot read.
func (v *view) get(name []byte) ([]byte, error) {
	it, err := v.txn.Get(name)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read working store: %v", plain(err))
	}
	value, err := it.ValueCopy(nil)
	if err != nil {
		return nil, fmt.Errorf("read working store: %v", plain(err))
	}
	return value, nil
}

func (v *view) close() { v.txn.Discard() }

func (s *store) close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close working store: %v", plain(err))
	}
	return nil
}

// settle makes the closed files in dir durable. DISCARD, a megabyte of counters
// for a collection of garbage that never runs, is removed.
func settle(d disk, dir string) error {
	if err := d.remove(filepath.Join(dir, "DISCARD")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return plain(err)
	}
	entries, err := d.list(dir)
	if err != nil {
		return plain(err)
	}
	for _, e := range entries {
		f, err := d.open(filepath.Join(dir, e.Name()), os.O_RDWR)
		if err != nil {
			return plain(err)
		}
		if err := f.Sync(); err != nil {
			f.Close()
			return plain(err)
		}
		if err := f.Close(); err != nil {
			return plain(err)
		}
	}
	return plain(d.syncDir(dir))
}
