package casefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// child runs this test binary again, as a program of its own.
func child(mode, dir, id string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^$", dir, id)
	cmd.Env = append(os.Environ(), "FORBEAR_TEST_CHILD="+mode)
	return cmd
}

// paper is an attachment that its number tells.
func paper(n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	b := make([]byte, r.IntN(150_000))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// writeUntilKilled saves records and says so, each time after the Put returned.
// Now and then it closes the case and opens it again.
func writeUntilKilled(dir, id string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	v, err := Open(dir, "", []byte(phrase), func(s *settings) { s.checkpoint = 9 })
	fail(err)
	c, err := v.OpenCase(id)
	fail(err)
	records, err := c.List("")
	fail(err)
	fmt.Println("ready")
	for n := len(records); ; n++ {
		switch {
		case n%11 == 10:
			b, err := c.Attach(bytes.NewReader(paper(n)))
			fail(err)
			x, err := NewRecord("exhibits", Exhibit{Title: strconv.Itoa(n), Original: b})
			fail(err)
			_, err = c.Put(x)
			fail(err)
			fmt.Println("paper", n)
		default:
			_, err := c.Put(note(strconv.Itoa(n)), note(strconv.Itoa(n)))
			fail(err)
			fmt.Println("note", n)
		}
		if n%23 == 22 {
			fail(c.Close())
			c, err = v.OpenCase(id)
			fail(err)
		}
	}
}

// openOnce exits with 0 if the case opens, 1 if it is locked, 2 otherwise.
func openOnce(dir, id string) int {
	v, err := Open(dir, "", []byte(phrase))
	if err != nil {
		return 2
	}
	c, err := v.OpenCase(id)
	switch {
	case errors.Is(err, ErrLocked):
		return 1
	case err != nil:
		return 2
	}
	if c.Close() != nil || v.Close() != nil {
		return 2
	}
	return 0
}

func TestKill_secondProcessIsLocked(t *testing.T) {
	s := newSample(t)
	v := openVault(t, s.dir)
	c := must[*Case](t)(v.OpenCase(s.id))
	if code := exitCode(child("open", s.dir, s.id).Run()); code != 1 {
		t.Errorf("while the case is open, a second process ends with %d", code)
	}
	check(t, c.Close())
	if code := exitCode(child("open", s.dir, s.id).Run()); code != 0 {
		t.Errorf("after closing, a second process ends with %d", code)
	}
	check(t, v.Close())
	check(t, s.look())
}

func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		return -1
	}
}

// A program that saves is killed, at random, twenty times and more. Each time
// everything it acknowledged is there, and everything else is in order.
func TestKill_losesNothingAcknowledged(t *testing.T) {
	kills := 20
	if os.Getenv("FORBEAR_SOAK") != "" {
		kills = 200
	}
	dir := filepath.Join(t.TempDir(), "vault")
	v := createVault(t, dir)
	c := must[*Case](t)(v.NewCase())
	id := c.ID()
	check(t, v.Close())

	notes, papers := map[string]bool{}, map[string]bool{}
	rebuilt, torn := 0, 0
	for range kills {
		cmd := child("write", dir, id)
		out := must[io.ReadCloser](t)(cmd.StdoutPipe())
		check(t, cmd.Start())
		lines := bufio.NewScanner(out)
		if !lines.Scan() || lines.Text() != "ready" {
			t.Fatalf("child: %s", lines.Text())
		}
		timer := time.AfterFunc(time.Duration(rand.IntN(300_000))*time.Microsecond, func() { cmd.Process.Kill() })
		for lines.Scan() {
			kind, n, _ := strings.Cut(lines.Text(), " ")
			switch kind {
			case "note":
				notes[n] = true
			case "paper":
				papers[n] = true
			default:
				t.Fatalf("child: %s", lines.Text())
			}
		}
		timer.Stop()
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		notice := verifyKilled(t, dir, id, notes, papers)
		if notice.Rebuilt {
			rebuilt++
		}
		if notice.Torn > 0 {
			torn++
		}
	}
	if len(notes) < kills || len(papers) == 0 {
		t.Errorf("only %d notes and %d papers were written", len(notes), len(papers))
	}
	t.Logf("%d kills, %d notes and %d papers acknowledged, store rebuilt %d times, torn end %d times", kills, len(notes), len(papers), rebuilt, torn)
}

func verifyKilled(t *testing.T, dir, id string, notes, papers map[string]bool) Notice {
	t.Helper()
	v := openVault(t, dir)
	defer v.Close()
	c := must[*Case](t)(v.OpenCase(id))
	d := must[Document](t)(c.Document())
	there := map[string]int{}
	for _, n := range d.Notes {
		there[n.Text]++
	}
	for n := range notes {
		if there[n] < 2 {
			t.Fatalf("note %s was acknowledged and is there %d times of 2", n, there[n])
		}
	}
	for n, times := range there {
		if times%2 != 0 {
			t.Fatalf("half of the write of note %s is there", n)
		}
	}
	found := map[string]bool{}
	for _, x := range d.Exhibits {
		n := must[int](t)(strconv.Atoi(x.Title))
		found[x.Title] = true
		r := must[io.ReadCloser](t)(c.OpenBlob(x.Original))
		if got := must[[]byte](t)(io.ReadAll(r)); !bytes.Equal(got, paper(n)) {
			t.Fatalf("paper %d is another", n)
		}
		check(t, r.Close())
	}
	for n := range papers {
		if !found[n] {
			t.Fatalf("paper %s was acknowledged and is gone", n)
		}
	}
	if _, err := json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	return c.Notice()
}
