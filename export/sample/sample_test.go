package sample_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"forbear/export/exhibit"
	"forbear/export/pdf"
	"forbear/export/sample"
	"forbear/factors"
)

func files(t *testing.T) []sample.File {
	t.Helper()
	all, err := sample.Exhibits()
	if err != nil {
		t.Fatal(err)
	}
	on := factors.MustDate("2026-10-19")
	for _, draw := range []func() (sample.File, error){
		sample.Redacted, func() (sample.File, error) { return sample.CallNote(on) }, func() (sample.File, error) { return sample.NewSince(on) },
	} {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func TestExhibits_are_taken_by_the_worker_and_say_that_they_are_invented(t *testing.T) {
	for _, f := range files(t) {
		if kind, ok := exhibit.Detect(f.Data); !ok || kind != f.Kind {
			t.Errorf("%s is taken for %q", f.Name, kind)
		}
		var buf bytes.Buffer
		if _, err := exhibit.Clean(f.Kind, f.Data, &buf, exhibit.Options{}); err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		c, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		for i, p := range c.Pages() {
			// Pictures have no text layer; their line is drawn.
			if f.Kind == "pdf" && !strings.Contains(p.Text, "INVENTED") {
				t.Errorf("%s, page %d does not say that it is invented: %q", f.Name, i+1, p.Text)
			}
		}
		if f.Meta.ID == "" || f.Meta.Title == "" || !f.Meta.InPacket || f.Meta.Reading.SHA256 == "" {
			t.Errorf("%s lacks an id, a title or a reading", f.Name)
		}
	}
}

func TestExhibits_have_the_traps_that_they_are_for(t *testing.T) {
	byName := map[string]sample.File{}
	for _, f := range files(t) {
		if _, twice := byName[f.Name]; !twice {
			byName[f.Name] = f
		}
	}
	for name, marks := range map[string][]string{
		"IMG_0007.jpg":  {"Exif\x00\x00", "InventedCamera"},
		"IMG_0011.jpg":  {"Exif\x00\x00"},
		"scan-0002.pdf": {"/Rotate 90"},
		"court.pdf":     {"/Encrypt"},
	} {
		for _, m := range marks {
			if !bytes.Contains(byName[name].Data, []byte(m)) {
				t.Errorf("%s has no %q", name, m)
			}
		}
	}
}

func TestDocument_is_valid_and_invented(t *testing.T) {
	doc := sample.Document()
	if err := doc.Validate(); err != nil {
		t.Error(err)
	}
	if !doc.Invented {
		t.Error("the sample does not say that it is invented")
	}
	for _, a := range doc.ANumbers {
		if !strings.HasPrefix(a, "0000005") {
			t.Errorf("A-number %s may belong to somebody", a)
		}
	}
	if !strings.Contains(doc.Representative.Phone, "555") || !strings.HasSuffix(doc.Representative.Email, "example.invalid") {
		t.Error("a telephone number or an address may belong to somebody")
	}
	if slices.Contains(sample.Secrets(), "") {
		t.Error("an empty secret is found everywhere")
	}
}
