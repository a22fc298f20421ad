package exhibit

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// confine limits this process for good. macOS holds a process to its limit on
// processor time; it does not enforce the ones on memory for all kinds of
// pages, so there the collector's own limit and the bounds of the reader have
// to do.
func confine() error {
	for _, l := range []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_CPU, workerSeconds},
		{unix.RLIMIT_FSIZE, 0},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return err
		}
	}
	// Refused by some versions; nothing depends on it.
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: workerMemory, Max: workerMemory})
	return nil
}

func attributes() *syscall.SysProcAttr { return nil }

// contain limits a child from outside. Here the child does it itself.
func contain(*os.Process) (release func(), err error) { return func() {}, nil }

// outOfTime tells whether the child was ended for its use of the processor.
func outOfTime(state *os.ProcessState) bool {
	if state == nil {
		return false
	}
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGXCPU
}
