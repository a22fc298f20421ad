package command

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// TestMain lets a test start this binary again as a child: as the exhibit
// worker, which commands do, or with its network taken away, which cannot be
// undone in the process that did it.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "exhibit-worker" {
		os.Exit(Execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	if os.Getenv("FORBEAR_TEST_DISARM") == "1" {
		Disarm()
		reportNetwork()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func reportNetwork() {
	_, err := http.Get("http://127.0.0.1:9/")
	fmt.Println("http", err != nil && strings.Contains(err.Error(), errOffline.Error()))
	_, err = net.LookupHost("forbear.invalid")
	fmt.Println("lookup", err != nil)
	// A listener of our own shows that it is the socket that is refused, and not
	// merely that nobody answers.
	_, err = net.Listen("tcp", "127.0.0.1:0")
	fmt.Println("tcp", errors.Is(err, os.ErrPermission))
	_, err = net.ListenPacket("udp", "127.0.0.1:0")
	fmt.Println("udp", errors.Is(err, os.ErrPermission))
	dir, _ := os.MkdirTemp("", "forbear-socket")
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", dir+"/s")
	fmt.Println("unix", err == nil)
	if err == nil {
		l.Close()
	}
}

func TestDisarmTakesTheNetworkAway(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FORBEAR_TEST_DISARM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("run child: %v\n%s", err, out)
	}
	want := []string{"http true", "lookup true", "unix true"}
	if runtime.GOOS == "linux" {
		want = append(want, "tcp true", "udp true")
	}
	for _, line := range want {
		if !strings.Contains(string(out), line+"\n") {
			t.Errorf("child did not print %q:\n%s", line, out)
		}
	}
}
