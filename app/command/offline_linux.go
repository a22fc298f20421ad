//go:build linux && (amd64 || arm64)

package command

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refuseSockets installs a seccomp filter on every thread of this process and on
// its children: socket(2) succeeds for AF_UNIX only, which the display server and
// the session bus need, and io_uring, which can open sockets too, is refused.
//
// A kernel that has no seccomp leaves the process as it is: the filter is the
// second lock, not the first.
func refuseSockets() {
	arch := uint32(unix.AUDIT_ARCH_X86_64)
	if runtime.GOARCH == "arm64" {
		arch = unix.AUDIT_ARCH_AARCH64
	}
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		ret   = unix.BPF_RET | unix.BPF_K
		// Offsets in struct seccomp_data: the call's number, the architecture, and
		// the low half of its first argument (both machines are little-endian).
		offsetCall, offsetArch, offsetArg0 = 0, 4, 16
		// x32 calls carry this bit and would otherwise pass under other numbers.
		x32Bit = 0x40000000
	)
	refused := uint32(unix.SECCOMP_RET_ERRNO | unix.EACCES)
	filter := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, K: arch, Jt: 0, Jf: 7}, // another architecture: refuse
		{Code: load, K: offsetCall},
		{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: x32Bit, Jt: 5, Jf: 0},
		{Code: equal, K: unix.SYS_IO_URING_SETUP, Jt: 4, Jf: 0},
		{Code: equal, K: unix.SYS_SOCKET, Jt: 0, Jf: 2},
		{Code: load, K: offsetArg0},
		{Code: equal, K: unix.AF_UNIX, Jt: 0, Jf: 1},
		{Code: ret, K: unix.SECCOMP_RET_ALLOW},
		{Code: ret, K: refused},
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return
	}
	_, _, _ = unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(filter)
}
