package exhibit

import (
	"fmt"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// confine limits this process from inside. On Windows the parent does it, by a
// job object.
func confine() error { return nil }

// attributes keep a console window from flashing up.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
}

// contain puts a child into a job object: so much memory, so much processor
// time, no children of its own, and an end when the parent ends, however that
// comes about. The child waits for its request meanwhile, and has read nothing.
func contain(p *os.Process) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("create job: %w", err)
	}
	release = func() { _ = windows.CloseHandle(job) } // ends whatever is left in it
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY |
				windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS | windows.JOB_OBJECT_LIMIT_PROCESS_TIME |
				windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION,
			ActiveProcessLimit:      1,
			PerProcessUserTimeLimit: workerSeconds * 10_000_000, // in 100 ns
		},
		ProcessMemoryLimit: workerMemory,
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		release()
		return nil, fmt.Errorf("limit job: %w", err)
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(p.Pid))
	if err != nil {
		release()
		return nil, fmt.Errorf("open process: %w", err)
	}
	err = windows.AssignProcessToJobObject(job, process)
	if cerr := windows.CloseHandle(process); err == nil {
		err = cerr
	}
	if err != nil {
		release()
		return nil, fmt.Errorf("assign job: %w", err)
	}
	return release, nil
}

// outOfTime tells whether the child was ended for its use of the processor.
func outOfTime(state *os.ProcessState) bool {
	return state != nil && state.UserTime() >= (workerSeconds-1)*time.Second
}
