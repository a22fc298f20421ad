//go:build !windows

package export

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// syncFolder makes a new name last. A file system that cannot sync a folder
// (some sticks) has nothing to offer in its place.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", noPath(err))
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	if err = errors.Join(noPath(err), noPath(f.Close())); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
