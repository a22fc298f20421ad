package casefile

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// A file system that cannot sync a folder is no reason not to save. The one of
// processes is such a one.
func TestDisk_folderThatCannotBeSynced(t *testing.T) {
	const dir = "/proc/self"
	f, err := os.Open(dir)
	if err != nil {
		t.Log("UNRUN TestDisk_folderThatCannotBeSynced: no " + dir)
		return
	}
	defer f.Close()
	if err := f.Sync(); !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOTSUP) {
		t.Log("UNRUN TestDisk_folderThatCannotBeSynced: it can be synced here")
		return
	}
	check(t, syncDir(dir))
	if err := syncDir("/nowhere/at/all"); err == nil {
		t.Error("a folder that is not there was synced")
	}
}
