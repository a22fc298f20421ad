package exhibit

import (
	"bytes"
	"image/png"
	"testing"

	"forbear/export/pdf"
)

func testPNG(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, corners(20, 14)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func FuzzClean(f *testing.F) {
	f.Add(onePage(letterBox, shapes).bytes(), false)
	f.Add(layered("/OFF [6 0 R]").bytes(), true)
	f.Add(testJPEG(f, 16, 12, 6), false)
	f.Add(testPNG(f), false)
	f.Fuzz(func(t *testing.T, data []byte, accept bool) {
		kind, ok := Detect(data)
		if !ok {
			return
		}
		var buf bytes.Buffer
		report, err := Clean(kind, data, &buf, Options{Accept: accept})
		if cerr := checkReport(report); cerr != nil {
			t.Fatalf("report does not hold: %v", cerr)
		}
		if err != nil {
			if !isNamed(err) {
				t.Fatal(err)
			}
			return
		}
		if _, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len())); err != nil {
			t.Fatalf("what was cleaned does not open: %v", err)
		}
	})
}

func FuzzReadRequest(f *testing.F) {
	head, err := writeRequest(request{Kind: KindPDF, Size: 3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(head, "abc"...))
	f.Fuzz(func(t *testing.T, b []byte) {
		q, data, err := readRequest(bytes.NewReader(b))
		if err == nil && int64(len(data)) != q.Size {
			t.Fatal("a request of another length was taken")
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(answer(f, []byte("clean"), Report{Kind: KindPDF, Pages: 1, Removed: []string{"exif"}}, nil))
	f.Add(answer(f, nil, Report{Kind: KindPNG}, ErrDamaged))
	f.Fuzz(func(t *testing.T, b []byte) {
		report, document, err := take(b)
		if err != nil {
			return
		}
		if checkReport(report) != nil || len(document) > len(b) {
			t.Fatal("an answer that does not hold was taken")
		}
	})
}
