// Package e2e drives the built program as the people who use it would: the
// command line by its arguments, the window by keyboard and mouse, and what comes
// out of it by programs that know nothing of Forbear.
package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is the built binary: the one that FORBEAR_BIN names, or one that is
// built here.
var program = sync.OnceValues(func() (string, error) {
	if bin := os.Getenv("FORBEAR_BIN"); bin != "" {
		return bin, nil
	}
	dir, err := os.MkdirTemp("", "forbear-bin")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "forbear")
	out, err := exec.Command("go", "build", "-tags", "accessibility,no_animations", "-o", bin, "forbear/app").CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return bin, err
})

func forbear(t *testing.T) string {
	t.Helper()
	bin, err := program()
	if err != nil {
		t.Fatalf("build program: %v", err)
	}
	return bin
}

// A result is how a program ended.
type result struct {
	code     int
	out, err string
}

// run runs a program and waits for it. It fails the test only when the program
// could not be started or did not end.
func run(t *testing.T, dir string, name string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s did not end", filepath.Base(name))
	}
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatalf("start %s: %v", filepath.Base(name), err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// need reports whether the machine has these programs, and says so if not.
func need(t *testing.T, names ...string) bool {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Logf("UNRUN %s: %s is not installed", t.Name(), name)
			return false
		}
	}
	return true
}

// mustRun runs a program that has to end well, and returns what it printed.
func mustRun(t *testing.T, name string, args ...string) string {
	t.Helper()
	r := run(t, "", name, args...)
	if r.code != 0 {
		t.Fatalf("%s %s ended with %d:\n%s%s", name, strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}
