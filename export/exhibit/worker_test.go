package exhibit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"forbear/export/pdf"
)

func self(t testing.TB, command string) Worker {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Worker{Path: path, Args: []string{command}}
}

func (w Worker) bytes(data []byte, kind string) (Report, []byte, error) {
	return w.Clean(context.Background(), data, kind)
}

func TestWorker_gives_what_Clean_gives(t *testing.T) {
	w := self(t, Command)
	files := map[string][]byte{
		KindPDF:  onePage(letterBox, shapes).bytes(),
		KindJPEG: testJPEG(t, 64, 40, 6),
	}
	for kind, data := range files {
		_, want, wantReport := clean(t, kind, data, Options{})
		report, got, err := w.bytes(data, kind)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) || fmt.Sprint(report) != fmt.Sprint(wantReport) {
			t.Errorf("%s: the child gave %d bytes and %+v, want %d and %+v", kind, len(got), report, len(want), wantReport)
		}
	}
}

func TestWorker_passes_errors_and_questions_on(t *testing.T) {
	w := self(t, Command)
	layers := layered("/OFF [6 0 R]").bytes()
	report, out, err := w.bytes(layers, KindPDF)
	wantError(t, err, ErrAsk)
	if errors.Is(err, ErrRefused) || len(out) > 0 || !slices.Equal(report.Questions, []string{"hidden-layer:1"}) {
		t.Errorf("got %v, %d bytes, %+v", err, len(out), report)
	}
	w.Options.Accept = true
	if report, out, err = w.bytes(layers, KindPDF); err != nil || len(out) == 0 || len(report.Questions) != 1 {
		t.Errorf("accepted: %v, %d bytes, %+v", err, len(out), report)
	}
	for _, c := range []struct {
		data string
		kind string
		want error
	}{
		{"", KindPDF, ErrEmpty},
		{"%PDF-1.4 nothing", KindPDF, ErrDamaged},
		{"just words", KindPDF, ErrKindText},
		{"\x89PNG\r\n\x1a\n", KindPDF, ErrKindMismatch},
		{"%PDF-1.4", "no such kind", ErrKindMismatch},
	} {
		_, out, err := w.bytes([]byte(c.data), c.kind)
		wantError(t, err, c.want)
		if len(out) > 0 || errors.Is(err, ErrRefused) {
			t.Errorf("%q: %d bytes, %v", c.data, len(out), err)
		}
	}
}

func TestWorker_refuses_by_name_when_the_child_fails(t *testing.T) {
	data := onePage(letterBox, shapes).bytes()
	cases := map[string]error{"die": ErrCrashed, "babble": ErrProtocol, "lie": ErrProtocol, "hang": ErrTooLong}
	if runtime.GOOS == "linux" {
		cases["hog"] = ErrTooLarge
	} else {
		fmt.Println("UNRUN TestWorker_refuses_by_name_when_the_child_fails/hog: memory is limited otherwise on", runtime.GOOS)
	}
	for command, want := range cases {
		w := self(t, command)
		if command == "hang" {
			w.Timeout = 300 * time.Millisecond
		}
		_, out, err := w.bytes(data, KindPDF)
		if !errors.Is(err, ErrRefused) || !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", command, err, want)
		}
		if len(out) > 0 {
			t.Errorf("%s: %d bytes came through", command, len(out))
		}
		if left := leftovers(); left != "" {
			t.Errorf("%s: a goroutine is left:\n%s", command, left)
		}
	}
}

// leftovers gives the stacks of the goroutines that starting a process made and
// that do not end. One that has told its result may still be on its way out.
func leftovers() string {
	stacks := make([]byte, 1<<20)
	for range 100 {
		stacks = stacks[:runtime.Stack(stacks[:cap(stacks)], true)]
		if !bytes.Contains(stacks, []byte("created by os/exec")) {
			return ""
		}
		time.Sleep(20 * time.Millisecond)
	}
	return string(stacks)
}

func TestWorker_stops_when_it_is_told_to(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := self(t, "hang").Clean(ctx, []byte("%PDF-1.4"), KindPDF)
	if err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
}

func TestWorker_tells_the_child_nothing_but_the_file(t *testing.T) {
	t.Setenv("FORBEAR_CANARY", "CANARY")
	if runtime.GOOS == "windows" {
		fmt.Println("UNRUN TestWorker_tells_the_child_nothing_but_the_file: Windows adds SYSTEMROOT")
		return
	}
	if _, _, err := self(t, "peek").bytes(onePage(letterBox, shapes).bytes(), KindPDF); err != nil {
		t.Errorf("the child has an environment: %v", err)
	}
}

func TestWorker_reports_a_program_that_is_not_there(t *testing.T) {
	w := Worker{Path: "/nonexistent/forbear"}
	if _, _, err := w.bytes([]byte("%PDF-1.4"), KindPDF); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	if _, err := Self(); err != nil {
		t.Error(err)
	}
}

// answer makes the bytes of an answer.
func answer(t testing.TB, document []byte, report Report, err error) []byte {
	t.Helper()
	var buf bytes.Buffer
	a := &answerWriter{w: &buf}
	if _, werr := a.Write(document); werr != nil {
		t.Fatal(werr)
	}
	if werr := a.end(report, err); werr != nil {
		t.Fatal(werr)
	}
	return buf.Bytes()
}

func take(b []byte) (Report, []byte, error) {
	a := &answerReader{}
	// In pieces, as a pipe gives them.
	for i := 0; i < len(b); i += 7 {
		if _, err := a.Write(b[i:min(i+7, len(b))]); err != nil {
			return Report{}, nil, err
		}
	}
	report, err := a.finish()
	return report, a.clean.Bytes(), err
}

func TestAnswers_are_whole_or_nothing(t *testing.T) {
	document := bytes.Repeat([]byte("clean "), 400_000)
	report := Report{Kind: KindPDF, Pages: 3, TextPages: 1, Removed: []string{"exif", "note:2"}}
	whole := answer(t, document, report, nil)
	if got, b, err := take(whole); err != nil || !bytes.Equal(b, document) || fmt.Sprint(got) != fmt.Sprint(report) {
		t.Fatalf("got %+v, %v", got, err)
	}
	short := answer(t, []byte("clean"), report, nil)
	for i := range short {
		if _, _, err := take(short[:i]); !errors.Is(err, ErrProtocol) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
	for name, b := range map[string][]byte{
		"a byte after":       append(bytes.Clone(short), 0),
		"unknown frame":      {'x', 0, 0, 0, 1, 0},
		"empty frame":        {'d', 0, 0, 0, 0},
		"frame too long":     {'d', 0xFF, 0xFF, 0xFF, 0xFF},
		"another length":     bytes.Replace(short, []byte(`"size":5`), []byte(`"size":6`), 1),
		"unknown field":      bytes.Replace(short, []byte(`"pages"`), []byte(`"pagez"`), 1),
		"words of its own":   answer(t, nil, Report{Kind: KindPDF, Removed: []string{"Call this number"}}, nil),
		"page of its own":    answer(t, nil, Report{Kind: KindPDF, Removed: []string{"note:007"}}, nil),
		"another kind":       answer(t, nil, Report{Kind: "exe"}, nil),
		"pages out of range": answer(t, nil, Report{Kind: KindPDF, Pages: -1}, nil),
	} {
		if _, _, err := take(b); !errors.Is(err, ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for code, want := range codes {
		if _, _, err := take(answer(t, nil, Report{Kind: KindPNG}, want)); !errors.Is(err, want) {
			t.Errorf("%s became %v", code, err)
		}
	}
}

func TestRequests_are_read_strictly(t *testing.T) {
	head, err := writeRequest(request{Kind: KindPDF, Size: 5, Options: Options{Accept: true}})
	if err != nil {
		t.Fatal(err)
	}
	whole := append(bytes.Clone(head), "bytes"...)
	q, data, err := readRequest(bytes.NewReader(whole))
	if err != nil || q.Kind != KindPDF || !q.Options.Accept || string(data) != "bytes" {
		t.Fatalf("got %+v, %q, %v", q, data, err)
	}
	for i := range whole {
		if _, _, err := readRequest(bytes.NewReader(whole[:i])); !errors.Is(err, ErrProtocol) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
	if _, _, err := readRequest(bytes.NewReader(append(whole, 0))); !errors.Is(err, ErrProtocol) {
		t.Errorf("a byte too many: %v", err)
	}
	if serve(bytes.NewReader(head), io.Discard) == 0 {
		t.Error("half a request was answered")
	}
}

func TestClean_speaks_of_nothing_in_the_file(t *testing.T) {
	// Whatever fails, the words of the error are ours.
	f := onePage(letterBox, shapes)
	f.objects[treeObject-1] = "<< /CANARY (CANARY) /Kids CANARY"
	data := f.bytes()
	for _, b := range [][]byte{data, data[:len(data)/2], bytes.ReplaceAll(data, []byte("obj"), []byte("CANARY"))} {
		report, err := discard(KindPDF, b, Options{})
		if strings.Contains(fmt.Sprint(report, err), "CANARY") {
			t.Errorf("says %v %+v", err, report)
		}
	}
}

var _ io.Writer = (*pdfSink)(nil)

// A pdfSink fails after so many bytes, as a full disk does.
type pdfSink struct{ left int }

func (s *pdfSink) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestClean_reports_a_writer_that_fails(t *testing.T) {
	data := onePage(letterBox, shapes).bytes()
	_, whole, _ := clean(t, KindPDF, data, Options{})
	for left := 0; left < len(whole); left += 200 {
		if _, err := Clean(KindPDF, data, &pdfSink{left}, Options{}); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("full after %d bytes: %v", left, err)
		}
	}
	if _, err := pdf.OpenClean(bytes.NewReader(whole), int64(len(whole)-1)); err == nil {
		t.Error("a cut clean document opened")
	}
}
