package casefile

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// FORMAT.md names this format, its golden vault, a test for each guarantee, and
// every label and magic of the code.
func TestFormat_page(t *testing.T) {
	page := string(read(t, "FORMAT.md"))
	rows := regexp.MustCompile(`(?m)^\| (\d+) \|.*\| (testdata/\S+) \|$`).FindAllStringSubmatch(page, -1)
	if len(rows) != Format {
		t.Fatalf("%d formats in the table, the code writes %d", len(rows), Format)
	}
	for i, row := range rows {
		if row[1] != strconv.Itoa(i+1) {
			t.Errorf("row %d is of format %s", i+1, row[1])
		}
		if _, err := os.Stat(filepath.Join(row[2], "vault")); err != nil {
			t.Errorf("format %s: no golden vault", row[1])
		}
	}

	tests := map[string]bool{}
	files := must[[]string](t)(filepath.Glob("*_test.go"))
	for _, name := range files {
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(read(t, name)), -1) {
			tests[m[1]] = true
		}
	}
	_, guarantees, ok := strings.Cut(page, "## What we guarantee")
	guarantees, _, ok2 := strings.Cut(guarantees, "## What an adversary still learns")
	if !ok || !ok2 {
		t.Fatal("the three lists are not there")
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(guarantees, -1)
	for _, m := range named {
		if !tests[m[1]] {
			t.Errorf("%s is promised and does not exist", m[1])
		}
	}
	for _, row := range strings.Split(guarantees, "\n") {
		if strings.HasPrefix(row, "| ") && !strings.HasPrefix(row, "| guarantee |") && !strings.Contains(row, "`Test") {
			t.Errorf("a guarantee without a test: %s", row)
		}
	}

	words := []string{
		slotMagic, peopleMagic, indexMagic, headerMagic, currentMagic, segmentMagic, cardMagic,
		strings.TrimSpace(boxMagic), strings.TrimSpace(sealMagic), blobStanza,
		labelIdentity, labelSigning, labelIndex, labelDevice, labelHeader, labelCurrent, labelJournal,
		labelFrame, labelValues, labelNames, labelBadger, labelBlobs, labelSeal, labelCard,
	}
	flat := strings.Join(strings.Fields(page), " ")
	for _, name := range must[[]string](t)(filepath.Glob("*.go")) {
		if !strings.HasSuffix(name, "_test.go") {
			for _, m := range regexp.MustCompile(`"(forbear v1 [a-z ]+)`).FindAllStringSubmatch(string(read(t, name)), -1) {
				words = append(words, m[1])
			}
		}
	}
	for _, w := range words {
		if !strings.Contains(flat, w) {
			t.Errorf("%q is not described", w)
		}
	}
	for name, size := range map[string]int{"Segment header, 98 bytes": segmentHeader - 98, "At most\n32 MiB": maxFrame - 32<<20, "512 frames": checkpointFrames - 512} {
		if !strings.Contains(page, name) || size != 0 {
			t.Errorf("%q is off by %d", name, size)
		}
	}
	if slotSize != 8+2+1+1+4+4+1+16+16+1+64+24+512+16+32 {
		t.Errorf("a slot has %d bytes", slotSize)
	}
}
