package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// windowCanary is the family name of the client that is typed into the window,
// and the name of a folder that is opened in its file dialog.
const windowCanary = "Zopilote-Canario"

// A seat is somebody at a screen: a display of its own, the program in a
// private home, a keyboard and a mouse. With FORBEAR_SHOTS set to a folder,
// pictures of each step are kept there.
type seat struct {
	t       *testing.T
	home    string // everything the program may write to lies below
	display string
	log     *os.File
	app     *exec.Cmd
	ended   chan error
	step    int
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	home := t.TempDir()
	s := &seat{t: t, home: home}
	for _, dir := range []string{"home", "run", "tmp", "cache", "config", "data"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		x.Process.Kill()
		x.Wait()
	})
	n, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	s.display = ":" + strings.TrimSpace(n)

	if s.log, err = os.Create(filepath.Join(home, "log")); err != nil {
		t.Fatal(err)
	}
	s.app = exec.Command(forbear(t))
	s.app.Dir = home
	s.app.Env = []string{
		"DISPLAY=" + s.display, "HOME=" + s.in("home"), "TMPDIR=" + s.in("tmp"), "PATH=" + os.Getenv("PATH"),
		"XDG_RUNTIME_DIR=" + s.in("run"), "XDG_CONFIG_HOME=" + s.in("config"), "XDG_CACHE_HOME=" + s.in("cache"),
		"XDG_DATA_HOME=" + s.in("data"), "LIBGL_ALWAYS_SOFTWARE=1", "LANG=en_US.UTF-8", "FYNE_THEME=light",
	}
	s.app.Stdout, s.app.Stderr = s.log, s.log
	if err := s.app.Start(); err != nil {
		t.Fatal(err)
	}
	s.ended = make(chan error, 1)
	go func() { s.ended <- s.app.Wait() }()
	t.Cleanup(func() {
		s.app.Process.Kill()
		s.log.Close()
		if said, err := os.ReadFile(s.in("log")); err == nil && t.Failed() {
			t.Logf("the program said:\n%.4000s", said)
		}
	})
	s.until("the window is there", func() bool {
		return exec.Command("xdotool", "search", "--name", "Forbear").Run() == nil || s.tool("search", "--name", "Forbear") == nil
	})
	s.rest()
	return s
}

func (s *seat) in(path string) string { return filepath.Join(s.home, path) }

func (s *seat) vault() string { return s.in("data/forbear") }

// tool runs xdotool on the seat's display.
func (s *seat) tool(args ...string) error {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	return cmd.Run()
}

// keys presses keys one after another.
func (s *seat) keys(names ...string) {
	s.t.Helper()
	for _, n := range names {
		if err := s.tool("key", "--delay", "30", n); err != nil {
			s.t.Fatal(err)
		}
	}
}

// tabs presses Tab n times.
func (s *seat) tabs(n int) {
	s.t.Helper()
	for range n {
		s.keys("Tab")
	}
}

func (s *seat) write(words string) {
	s.t.Helper()
	if err := s.tool("type", "--delay", "12", words); err != nil {
		s.t.Fatal(err)
	}
}

func (s *seat) click(x, y int) {
	s.t.Helper()
	if err := s.tool("mousemove", fmt.Sprint(x), fmt.Sprint(y), "click", "1"); err != nil {
		s.t.Fatal(err)
	}
}

// rest gives the window a moment to draw. Nothing is decided by it: what a step
// waits for, it waits for with until.
func (s *seat) rest() { time.Sleep(700 * time.Millisecond) }

// until waits for something to come true.
func (s *seat) until(what string, is func() bool) {
	s.t.Helper()
	for range 300 {
		select {
		case err := <-s.ended:
			s.t.Fatalf("the program ended while waiting until %s: %v", what, err)
		default:
		}
		if is() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.shot("failed")
	s.t.Fatalf("waited in vain until %s", what)
}

// shot keeps a picture of the screen where FORBEAR_SHOTS asks for it.
func (s *seat) shot(name string) {
	s.t.Helper()
	s.rest()
	dir := os.Getenv("FORBEAR_SHOTS")
	if dir == "" {
		return
	}
	s.step++
	cmd := exec.Command("import", "-window", "root", filepath.Join(dir, fmt.Sprintf("%02d-%s.png", s.step, name)))
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	if err := cmd.Run(); err != nil {
		s.t.Logf("no picture: %v", err)
	}
}

// Parts of the screen to compare, where no cursor blinks: the top line of an
// open vault, which the lock screen has not, and the place of a verdict.
const (
	topLine = "400x40+960+8"
	rail    = "190x300+4+300"
	below   = "1366x250+0+440"
)

// look is a part of the picture on the screen.
func (s *seat) look(part string) string {
	s.t.Helper()
	cmd := exec.Command("import", "-window", "root", "-crop", part, "ppm:-")
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return string(out)
}

// command runs a command of the program on the seat's vault.
func (s *seat) command(args ...string) result {
	s.t.Helper()
	pass := filepath.Join(s.t.TempDir(), "pass")
	if err := os.WriteFile(pass, []byte(windowPass+"\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return run(s.t, "", forbear(s.t), append(args, "--vault", s.vault(), "--passphrase-file", pass)...)
}

const windowPass = "seven slow herons cross"

// nowhere looks for the canary in all that the program wrote.
func (s *seat) nowhere(when string) {
	s.t.Helper()
	d := &desk{t: s.t}
	for _, dir := range []string{s.vault(), s.in("tmp"), s.in("config"), s.in("cache"), s.in("run"), s.in("log")} {
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		for _, word := range []string{windowCanary, "Zopilote", "000000507", "000-000-507"} {
			if found := d.grep(dir, word); len(found) > 0 {
				s.t.Errorf("%s: %q is in %v", when, word, found)
			}
		}
	}
}

func filesBelow(dir string) (n int) {
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return nil
	})
	return n
}

func TestWindow(t *testing.T) {
	if !need(t, "Xvfb", "xdotool", "import") {
		return
	}
	s := newSeat(t)
	out := t.TempDir()
	photo := picture(t, filepath.Join(t.TempDir(), "appearance.png"))
	if err := os.MkdirAll(s.in("home/"+windowCanary), 0o700); err != nil {
		t.Fatal(err)
	}

	// First run: name, role, passphrase twice.
	s.shot("create")
	empty := s.look(topLine)
	s.write("Ada Advocate")
	s.tabs(2)
	s.write(windowPass)
	s.tabs(1)
	s.write(windowPass)
	s.keys("Return")
	s.until("the vault is made", func() bool { return filesBelow(s.vault()) > 0 && s.look(topLine) != empty })
	s.shot("caseload")

	// A new case opens on its checklist.
	before, cases := filesBelow(s.vault()), s.look(rail)
	s.keys("ctrl+n")
	s.until("the case is made", func() bool { return filesBelow(s.vault()) > before && s.look(rail) != cases })
	s.shot("checklist")

	// Who signs.
	s.keys("ctrl+1")
	s.rest()
	s.tabs(4)
	s.write("00000")
	s.tabs(1)
	s.write("Nowhere")
	s.tabs(2)
	s.write("555-0100")
	s.tabs(1)
	s.write("ada@example.invalid")
	s.shot("overview")

	// The facts that a request must have, by the Tab key.
	s.keys("ctrl+2")
	s.rest()
	s.tabs(1)
	s.write(windowCanary)
	s.tabs(1)
	s.write("Sample")
	s.tabs(3)
	s.keys("space") // an invented client
	s.tabs(2)
	s.write("000-000-507")
	s.tabs(4)
	s.write("1986-03")
	s.tabs(1)
	s.write("Guatemala")
	s.keys("ctrl+s")
	s.shot("intake")
	s.nowhere("while the case is open")

	// One row is argued, by the space bar on its card.
	s.keys("ctrl+3")
	s.rest()
	s.tabs(5)
	s.keys("space")
	s.shot("argued")

	// The file dialog opens a folder that is named after the client.
	s.keys("ctrl+4")
	s.rest()
	s.tabs(2)
	s.keys("space")
	s.shot("dialog")
	s.openFolderInDialog()
	s.shot("dialog-folder")
	s.click(1025, 663) // Cancel
	s.rest()
	s.keys("ctrl+3", "ctrl+4")
	s.rest()

	// An exhibit by its typed place; read for harm; into the packet as the G-28.
	before = filesBelow(s.vault())
	s.tabs(1)
	s.write(photo)
	s.keys("Return")
	s.until("the exhibit is sealed", func() bool { return filesBelow(s.vault()) >= before+2 })
	s.shot("exhibit")
	s.tabs(3)
	s.keys("space") // in the packet
	s.tabs(3)
	s.keys("Right") // what it is: G-28
	s.shot("exhibit-g28")
	s.tabs(14)
	s.keys("space") // every page was read
	s.shot("exhibit-read")

	// What is asked, then sign and export.
	s.keys("ctrl+5")
	s.rest()
	s.tabs(3)
	s.keys("space")
	s.shot("asked")
	s.keys("ctrl+e")
	s.rest()
	s.write(out)
	s.shot("before-signing")
	s.keys("Return")
	packet := filepath.Join(out, "packet.pdf")
	s.until("the packet is written", func() bool {
		info, err := os.Stat(packet)
		return err == nil && info.Size() > 0
	})
	s.shot("signed")
	s.nowhere("after the export")

	// Locked: another picture, and nothing of the client in any file.
	open := s.look(topLine)
	s.keys("ctrl+l")
	s.rest()
	s.shot("locked")
	if s.look(topLine) == open {
		t.Error("Ctrl+L changes nothing")
	}
	s.nowhere("locked")
	s.until("the vault is closed", func() bool {
		r := s.command("case", "list", "--json")
		return r.code == 0 && strings.Contains(r.out, windowCanary)
	})
	s.checkCase()

	// Unlocked again, the client is found by name and Enter.
	locked := s.look(topLine)
	s.write(windowPass)
	s.keys("Return")
	s.until("it is unlocked", func() bool { return s.look(topLine) != locked })
	s.rest()
	s.rest()
	s.write("zopilote")
	s.keys("Return")
	s.shot("found-again")

	// A packet is verified on the lock screen, without any passphrase.
	s.keys("ctrl+l")
	s.rest()
	s.tabs(2)
	s.keys("Return")
	s.rest()
	s.write(packet)
	blank := s.look(below)
	s.keys("Return")
	s.until("the verdict is there", func() bool { return s.look(below) != blank })
	s.shot("verified")
	if r := run(t, "", forbear(t), "verify", packet); r.code != 2 {
		t.Errorf("verify ends with %d, want 2:\n%s%s", r.code, r.out, r.err)
	}

	// The window is closed as a window manager closes it.
	if err := s.app.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case <-s.ended:
	case <-ctx.Done():
		t.Error("the program does not end")
	}
	s.nowhere("after the run")
}

// openFolderInDialog opens the folder named after the client, the only thing in
// the home that the dialog begins with, and so the first after the parent.
func (s *seat) openFolderInDialog() {
	s.click(531, 214)
	s.rest()
}

// checkCase reads the case back through the command line.
func (s *seat) checkCase() {
	s.t.Helper()
	r := s.command("case", "list", "--json")
	var list struct {
		Cases []struct {
			ID string `json:"id"`
		} `json:"cases"`
	}
	if err := json.Unmarshal([]byte(r.out), &list); err != nil || len(list.Cases) != 1 {
		s.t.Fatalf("case list: %v\n%s", err, r.out)
	}
	r = s.command("case", "show", list.Cases[0].ID, "--json")
	for _, want := range []string{windowCanary, "1986-03", "000000507", `"g28"`, `"argue"`, "release-236"} {
		if !strings.Contains(r.out, want) {
			s.t.Errorf("the case does not hold %q", want)
		}
	}
}
