package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"forbear/export/sample"
)

// demo runs the whole job once for all tests of this file and returns its
// folder and what it printed.
func demo(t *testing.T) (dir, said string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	r := run(t, "", forbear(t), "demo", "--out", dir)
	if r.code != 0 {
		t.Fatalf("demo ended with %d:\n%s%s", r.code, r.out, r.err)
	}
	return dir, r.out
}

var packets = []string{"field-office.pdf", "icr.pdf"}

// TestDemo is the main job, judged by programs that know nothing of Forbear.
func TestDemo(t *testing.T) {
	dir, said := demo(t)
	t.Run("refusals come before packets", func(t *testing.T) {
		refused, made := strings.Index(said, "REFUSED"), strings.Index(said, "MADE")
		if refused < 0 || made < 0 || refused > made {
			t.Errorf("refused at %d, made at %d:\n%s", refused, made, said)
		}
	})
	for _, name := range packets {
		file := filepath.Join(dir, name)
		t.Run(name, func(t *testing.T) {
			t.Run("signature", func(t *testing.T) { checkSignature(t, file) })
			t.Run("structure", func(t *testing.T) { checkStructure(t, file) })
			t.Run("numbers", func(t *testing.T) { checkNumbers(t, file) })
			t.Run("secrets", func(t *testing.T) { checkSecrets(t, file) })
			t.Run("verify", func(t *testing.T) { checkVerify(t, file, filepath.Join(dir, "certificate.pem")) })
		})
	}
	t.Run("photo", func(t *testing.T) { checkPhoto(t, filepath.Join(dir, "field-office.pdf")) })
	t.Run("second run refuses the folder", func(t *testing.T) {
		if r := run(t, "", forbear(t), "demo", "--out", dir); r.code != 1 {
			t.Errorf("ended with %d, want 1: a demo must not write over files", r.code)
		}
	})
}

func checkSignature(t *testing.T, file string) {
	if !need(t, "pdfsig") {
		return
	}
	out := run(t, "", "pdfsig", file).out
	for _, want := range []string{"Signature is Valid.", "Total document signed", "ETSI.CAdES.detached"} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfsig does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "Signature #2") {
		t.Errorf("more than one signature:\n%s", out)
	}
}

func checkStructure(t *testing.T, file string) {
	if need(t, "qpdf") {
		if r := run(t, "", "qpdf", "--check", file); r.code != 0 || strings.Contains(r.out+r.err, "WARNING") {
			t.Errorf("qpdf --check ended with %d:\n%s%s", r.code, r.out, r.err)
		}
		// An officer combines and extracts pages: nothing may stand in the way.
		part, merged := filepath.Join(t.TempDir(), "part.pdf"), filepath.Join(t.TempDir(), "merged.pdf")
		mustRun(t, "qpdf", file, "--pages", file, "1-2", "--", part)
		mustRun(t, "qpdf", "--empty", "--pages", file, part, "--", merged)
	}
	if need(t, "mutool") {
		r := run(t, "", "mutool", "draw", "-o", "/dev/null", "-F", "txt", file)
		for _, line := range strings.Split(r.err, "\n") {
			// Debian builds mutool without colour management, and it says so.
			if strings.Contains(line, "ICC support") || strings.HasPrefix(line, "page ") || line == "" {
				continue
			}
			t.Errorf("mutool says: %s", line)
		}
		if r.code != 0 {
			t.Errorf("mutool ended with %d", r.code)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"/EmbeddedFile", "/DocMDP", "/Perms", "/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "orbear"} {
		if bytes.Contains(data, []byte(never)) {
			t.Errorf("the file holds %s", never)
		}
	}
}

var foot = regexp.MustCompile(`(\d+) of (\d+)`)

// checkNumbers holds the printed number, the label, the index, the bookmarks and
// the link targets of every page against each other.
func checkNumbers(t *testing.T, file string) {
	if !need(t, "qpdf", "pdftotext") {
		return
	}
	var doc struct {
		Pages []struct {
			Label  any
			Object string
		}
		PageLabels []struct {
			Index int
			Label map[string]any
		} `json:"pagelabels"`
		Outlines []outline
	}
	out := mustRun(t, "qpdf", "--json=1", "--json-key=pages", "--json-key=pagelabels", "--json-key=outlines", file)
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	total := len(doc.Pages)
	if total < 5 {
		t.Fatalf("%d pages", total)
	}
	text := make([]string, total)
	for i := range text {
		text[i] = mustRun(t, "pdftotext", "-layout", "-f", strconv.Itoa(i+1), "-l", strconv.Itoa(i+1), file, "-")
		want := fmt.Sprintf("%d of %d", i+1, total)
		if strings.HasSuffix(file, "icr.pdf") {
			want = "ICR " + want
		}
		if !strings.Contains(text[i], want) {
			t.Errorf("page %d does not print %q; it prints %v", i+1, want, foot.FindAllString(text[i], -1))
		}
	}
	for i := range doc.Pages {
		if got := labelOf(doc.PageLabels, i); !strings.HasSuffix(got, strconv.Itoa(i+1)) {
			t.Errorf("label of page %d is %q", i+1, got)
		}
	}
	// Every bookmark of an exhibit leads to the page that the index names.
	marks := 0
	var walk func(list []outline)
	walk = func(list []outline) {
		for _, o := range list {
			walk(o.Kids)
			tab := exhibitMark.FindStringSubmatch(o.Title)
			if tab == nil {
				continue
			}
			marks++
			// The row of the index begins with the tab and holds the number.
			row := regexp.MustCompile(`(?m)^\s*` + tab[1] + `\s{2,}.*\s` + strconv.Itoa(o.DestPage) + `(?:[-–]\d+)?(?:\s|$)`)
			found := false
			for _, page := range text {
				found = found || strings.Contains(page, "Index of exhibits") && row.MatchString(page)
			}
			if !found {
				t.Errorf("the index does not give page %d for tab %s", o.DestPage, tab[1])
			}
			if o.DestPage < 1 || o.DestPage > total || !strings.Contains(strings.ToUpper(text[o.DestPage-1]), "EXHIBIT "+tab[1]) {
				t.Errorf("the bookmark of tab %s leads to page %d, which bears no such tab", tab[1], o.DestPage)
			}
		}
	}
	walk(doc.Outlines)
	if marks < 2 {
		t.Errorf("%d bookmarks of exhibits: %+v", marks, doc.Outlines)
	}
	// Every pin cite names a page that exists.
	for i, page := range text {
		for _, m := range regexp.MustCompile(`Ex\. [A-Z0-9]+, p\. (\d+)`).FindAllStringSubmatch(page, -1) {
			if n, _ := strconv.Atoi(m[1]); n < 1 || n > total {
				t.Errorf("page %d cites %q, there are %d pages", i+1, m[0], total)
			}
		}
	}
}

var exhibitMark = regexp.MustCompile(`^Ex(?:hibit|\.) ([A-Z]+|\d+)\b`)

type outline struct {
	Title    string
	DestPage int `json:"destpageposfrom1"`
	Kids     []outline
}

// labelOf computes the label of a page as a reader does (ISO 32000-1, 12.4.2).
func labelOf(ranges []struct {
	Index int
	Label map[string]any
}, page int,
) string {
	label := ""
	for _, r := range ranges {
		if r.Index > page {
			break
		}
		prefix, _ := r.Label["/P"].(string)
		label = strings.TrimPrefix(prefix, "u:")
		if r.Label["/S"] != nil {
			start := 1.0
			if st, ok := r.Label["/St"].(float64); ok {
				start = st
			}
			label += strconv.Itoa(page - r.Index + int(start))
		}
	}
	return label
}

// checkSecrets looks for every word of the sample that nobody decided to tell:
// in the text, in the metadata, and in the bytes of every stream.
func checkSecrets(t *testing.T, file string) {
	secrets := sample.Secrets()
	if len(secrets) < 5 {
		t.Fatalf("only %d secrets to look for", len(secrets))
	}
	where := map[string]string{}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	where["raw bytes"] = string(data)
	if need(t, "qpdf") {
		plain := filepath.Join(t.TempDir(), "plain.pdf")
		mustRun(t, "qpdf", "--qdf", "--object-streams=disable", file, plain)
		data, err := os.ReadFile(plain)
		if err != nil {
			t.Fatal(err)
		}
		where["decoded streams"] = string(data)
	}
	if need(t, "pdftotext") {
		where["text"] = mustRun(t, "pdftotext", file, "-")
	}
	if need(t, "exiftool") {
		where["metadata"] = mustRun(t, "exiftool", "-a", "-u", "-g1", file)
	}
	if need(t, "mutool") {
		where["text as mutool reads it"] = mustRun(t, "mutool", "draw", "-F", "txt", "-o", "-", file)
	}
	for name, content := range where {
		content = strings.ToLower(strings.Join(strings.Fields(content), " "))
		for _, secret := range secrets {
			if strings.Contains(content, strings.ToLower(secret)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

// checkVerify damages a packet in every way that a stranger could, and asks for
// a verdict.
func checkVerify(t *testing.T, file, cert string) {
	bin := forbear(t)
	if r := run(t, "", bin, "verify", file, "--trust", cert); r.code != 0 {
		t.Errorf("trusted: ended with %d:\n%s%s", r.code, r.out, r.err)
	}
	if r := run(t, "", bin, "verify", file); r.code != 2 {
		t.Errorf("key not confirmed: ended with %d:\n%s%s", r.code, r.out, r.err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	gap := bytes.Index(data, []byte("/Contents <")) + len("/Contents <")
	end := gap + bytes.IndexByte(data[gap:], '>')
	if gap < 20 || end <= gap {
		t.Fatal("no signature gap found")
	}
	damage := map[string][]byte{
		"an appended byte":     append(bytes.Clone(data), '\n'),
		"a cut end":            data[:len(data)-30],
		"half a file":          data[:len(data)/2],
		"lower hex":            replaced(data, gap, bytes.ToLower(data[gap:end])),
		"padding not zero":     replaced(data, end-1, []byte("1")),
		"a flipped first byte": replaced(data, 0, []byte{data[0] ^ 1}),
		"a flipped last byte":  replaced(data, len(data)-1, []byte{data[len(data)-1] ^ 1}),
		"nothing":              {},
		"no PDF":               []byte("not a PDF at all"),
	}
	for i := 1; i < 24; i++ {
		at := len(data) / 24 * i
		damage[fmt.Sprintf("a flipped bit at %d of 24", i)] = replaced(data, at, []byte{data[at] ^ 0x10})
	}
	if need(t, "qpdf") {
		// A page replaced by a whole new file, and by an update behind the signature.
		rewritten := filepath.Join(t.TempDir(), "rewritten.pdf")
		mustRun(t, "qpdf", file, "--pages", file, "1,1,3-z", "--", rewritten)
		if damage["pages replaced"], err = os.ReadFile(rewritten); err != nil {
			t.Fatal(err)
		}
	}
	damage["a page replaced by an update"] = updated(t, data)
	bad := filepath.Join(t.TempDir(), "bad.pdf")
	for name, content := range damage {
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r := run(t, "", bin, "verify", bad, "--trust", cert)
		if r.code != 1 && r.code != 3 {
			t.Errorf("%s: ended with %d, want 1 or 3:\n%s%s", name, r.code, r.out, r.err)
		}
		if r.out+r.err == "" {
			t.Errorf("%s: no reason given", name)
		}
	}
}

func replaced(data []byte, at int, with []byte) []byte {
	out := bytes.Clone(data)
	copy(out[at:], with)
	return out
}

var startxref = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)

// updated appends an honest-looking incremental update that gives the first page
// object new content: what common readers still call a valid signature.
func updated(t *testing.T, data []byte) []byte {
	t.Helper()
	prev := startxref.FindSubmatch(data)
	page := regexp.MustCompile(`\n(\d+) 0 obj\n<< [^\n]*/Type /Page >>\nendobj`).FindSubmatchIndex(data)
	trailer := regexp.MustCompile(`(?s)trailer\s*<<.*?/Root\s+(\d+ 0 R).*?>>`).FindSubmatch(data)
	size := regexp.MustCompile(`/Size\s+(\d+)`).FindSubmatch(data)
	if prev == nil || page == nil || trailer == nil || size == nil {
		t.Fatal("the packet does not look like a packet")
	}
	number := string(data[page[2]:page[3]])
	object := bytes.Replace(data[page[0]+1:page[1]], []byte("/MediaBox"), []byte("/Rotate 180 /MediaBox"), 1)
	out := bytes.Clone(data)
	if out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	offset := len(out)
	out = append(append(out, object...), '\n')
	xref := len(out)
	out = fmt.Appendf(out, "xref\n%s 1\n%010d 00000 n \ntrailer\n<< /Size %s /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n",
		number, offset, size[1], trailer[1], prev[1], xref)
	return out
}

// checkPhoto finds the family photo and looks whether it stands upright, and
// whether a place of recording is left in any picture.
func checkPhoto(t *testing.T, file string) {
	if need(t, "pdfimages", "exiftool") {
		dir := t.TempDir()
		mustRun(t, "pdfimages", "-all", file, filepath.Join(dir, "i"))
		pictures, err := os.ReadDir(dir)
		if err != nil || len(pictures) == 0 {
			t.Fatalf("no pictures in the packet: %v", err)
		}
		out := run(t, "", "exiftool", "-a", "-G1", "-s", dir).out
		for _, never := range []string{"GPS", "Orientation", "[IFD0]", "Make", "Comment"} {
			if strings.Contains(out, never) {
				t.Errorf("a picture still carries %s:\n%s", never, out)
			}
		}
	}
	if !need(t, "pdftotext", "pdftoppm") {
		return
	}
	page := 0
	for i, text := range strings.Split(mustRun(t, "pdftotext", "-layout", file, "-"), "\f") {
		if strings.Contains(text, "EXHIBIT "+sample.PhotoTab) {
			page = i + 1
		}
	}
	if page == 0 {
		t.Fatalf("no page bears tab %s", sample.PhotoTab)
	}
	base := filepath.Join(t.TempDir(), "page")
	mustRun(t, "pdftoppm", "-r", "30", "-png", "-singlefile", "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), file, base)
	f, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	top, bottom := colour(picture, 0.35, 0.45), colour(picture, 0.55, 0.65)
	if !(top[2] > top[1] && bottom[1] > bottom[2]) {
		t.Errorf("above the middle %v, below it %v: the sky should be above the grass", top, bottom)
	}
}

// colour is the mean colour of a band of a picture, between two heights.
func colour(m image.Image, from, to float64) [3]int {
	b := m.Bounds()
	var sum [3]int
	n := 0
	for y := b.Min.Y + int(from*float64(b.Dy())); y < b.Min.Y+int(to*float64(b.Dy())); y++ {
		for x := b.Min.X + b.Dx()*2/5; x < b.Min.X+b.Dx()*3/5; x++ {
			r, g, bl, _ := m.At(x, y).RGBA()
			sum[0], sum[1], sum[2] = sum[0]+int(r>>8), sum[1]+int(g>>8), sum[2]+int(bl>>8)
			n++
		}
	}
	return [3]int{sum[0] / n, sum[1] / n, sum[2] / n}
}
