package exhibit

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// confine limits this process for good: memory, processor time, no core file,
// nothing written to any file.
//
// The limit on memory is one on writable private pages (RLIMIT_DATA): Go
// reserves address space by the gigabyte without using it, which a limit on
// address space would count. What is mapped already comes on top, so that
// a build with the race detector can run too.
func confine() error {
	limit := uint64(workerMemory) + mappedData()
	for _, l := range []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_CPU, workerSeconds},
		{unix.RLIMIT_FSIZE, 0},
		{unix.RLIMIT_DATA, limit},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return err
		}
	}
	return nil
}

// mappedData reads how much writable memory is mapped now, in bytes.
func mappedData() uint64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmData:"); ok {
			n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
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
	return ok && status.Signaled() && (status.Signal() == syscall.SIGXCPU ||
		(status.Signal() == syscall.SIGKILL && state.UserTime()+state.SystemTime() >= (workerSeconds-1)*1e9))
}
