package exhibit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"time"

	"forbear/export/pdf"
)

// Bounds on the child process.
const (
	workerMemory  = 768 << 20
	workerSeconds = 60
	// softMemory is where the child's collector begins to work harder.
	softMemory = 640 << 20
)

// Command is the argument that makes this program a worker: a command that
// people do not see.
const Command = "exhibit-worker"

// Run is the whole life of a worker: one request from stdin, one answer to
// stdout, and the exit code. It limits its own process first, so it is not to
// be called in any other.
func Run(stdin io.Reader, stdout io.Writer) int {
	// A crash must not print what was in memory.
	debug.SetTraceback("none")
	debug.SetMemoryLimit(softMemory)
	if err := confine(); err != nil {
		return 3
	}
	return serve(stdin, stdout)
}

// serve answers one request.
func serve(stdin io.Reader, stdout io.Writer) int {
	q, data, err := readRequest(stdin)
	if err != nil {
		return 2
	}
	out := bufio.NewWriterSize(stdout, 64<<10)
	answer := &answerWriter{w: out}
	report, err := Clean(q.Kind, data, answer, q.Options)
	if !validKind(report.Kind) {
		report.Kind = KindPDF
	}
	if err := answer.end(report, err); err != nil {
		return 2
	}
	if err := out.Flush(); err != nil {
		return 2
	}
	return 0
}

func validKind(kind string) bool {
	return kind == KindPDF || kind == KindJPEG || kind == KindPNG
}

// A Worker starts a child process for each exhibit. The child gets the file by
// a pipe and nothing else: no path, no key, an empty environment, no open file,
// little memory and little time. It is dead when Clean returns.
type Worker struct {
	Path    string // of this program
	Args    []string
	Options Options
	// Timeout is how long a child may take; 0 is a minute.
	Timeout time.Duration
}

// Self is the worker that this very program is.
func Self() (Worker, error) {
	path, err := os.Executable()
	if err != nil {
		return Worker{}, fmt.Errorf("find own program: %w", err)
	}
	return Worker{Path: path, Args: []string{Command}}, nil
}

// Clean sends a file through a child process and returns the clean document,
// after it has been checked from end to end. kind is one of the Kind constants,
// as [Detect] found it or as somebody says.
//
// An error of the file is one of this package's, with the report where
// questions are the reason. When the child died or had to be stopped, the error
// is [ErrRefused] too, with the reason: [ErrTooLarge], [ErrTooLong],
// [ErrCrashed] or [ErrProtocol].
func (w Worker) Clean(ctx context.Context, data []byte, kind string) (Report, []byte, error) {
	if len(data) > MaxInput {
		return Report{}, nil, ErrTooLarge
	}
	if len(kind) > 64 {
		return Report{}, nil, ErrKindUnknown
	}
	head, err := writeRequest(request{Kind: kind, Size: int64(len(data)), Options: w.Options})
	if err != nil {
		return Report{}, nil, err
	}
	timeout := w.Timeout
	if timeout == 0 {
		timeout = workerSeconds * time.Second
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	answer := &answerReader{}
	complaint := &headBuffer{}
	cmd := exec.CommandContext(limited, w.Path, w.Args...)
	cmd.Env = []string{} // not nil, which would be ours
	cmd.Dir = filepath.Dir(w.Path)
	contained := make(chan struct{})
	cmd.Stdin = &gate{contained, io.MultiReader(bytes.NewReader(head), bytes.NewReader(data))}
	cmd.Stdout = answer
	cmd.Stderr = complaint
	// The pipes are ours alone, so they close with the child; should they not,
	// they are closed for it.
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = attributes()
	if err := cmd.Start(); err != nil {
		return Report{}, nil, fmt.Errorf("start exhibit reader: %w", err)
	}
	release, err := contain(cmd.Process)
	if err != nil {
		_ = cmd.Process.Kill() // before it gets a byte; the cause is err
		close(contained)
		_ = cmd.Wait()
		return Report{}, nil, fmt.Errorf("limit exhibit reader: %w", err)
	}
	close(contained)
	waited := cmd.Wait()
	release()

	switch {
	case ctx.Err() != nil:
		return Report{}, nil, fmt.Errorf("read exhibit: %w", ctx.Err())
	case limited.Err() != nil:
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, ErrTooLong)
	case answer.err != nil:
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, answer.err)
	case cmd.ProcessState == nil || !cmd.ProcessState.Success():
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, death(cmd.ProcessState, complaint))
	case waited != nil:
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, ErrCrashed)
	}
	report, err := answer.finish()
	switch {
	case errors.Is(err, ErrProtocol):
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, err)
	case err != nil:
		return report, nil, err
	}
	clean := answer.clean.Bytes()
	opened, err := pdf.OpenClean(bytes.NewReader(clean), int64(len(clean)))
	if err != nil || len(opened.Pages()) != report.Pages || report.Kind != kind {
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, ErrProtocol)
	}
	if len(report.Questions) > 0 && !w.Options.Accept {
		return Report{}, nil, fmt.Errorf("%w: %w", ErrRefused, ErrProtocol)
	}
	return report, clean, nil
}

// A gate is a reader that gives nothing before it is opened: the child gets no
// byte of the file before it is contained.
type gate struct {
	open <-chan struct{}
	r    io.Reader
}

func (g *gate) Read(p []byte) (int, error) {
	<-g.open
	return g.r.Read(p)
}

// death tells why a child that ended badly did so.
func death(state *os.ProcessState, complaint *headBuffer) error {
	if outOfTime(state) {
		return ErrTooLong
	}
	// These are the words of the Go runtime; nothing else is read from what the
	// child complained about, and nothing of it is passed on.
	for _, words := range []string{"out of memory", "cannot allocate memory", "failed to allocate", "cannot map pages", "errno=12"} {
		if bytes.Contains(complaint.b, []byte(words)) {
			return ErrTooLarge
		}
	}
	return ErrCrashed
}

// A headBuffer keeps the first bytes written to it and lets the rest go.
type headBuffer struct{ b []byte }

func (h *headBuffer) Write(p []byte) (int, error) {
	if room := 8<<10 - len(h.b); room > 0 {
		h.b = append(h.b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}
