package factors_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"forbear/factors"
)

func TestParseDate_boundsAndWords(t *testing.T) {
	for _, c := range []struct{ text, first, last, words string }{
		{"2020-11-01", "2020-11-01", "2020-11-01", "Nov 1, 2020"},
		{"2020-02-29", "2020-02-29", "2020-02-29", "Feb 29, 2020"},
		{"2020-11", "2020-11-01", "2020-11-30", "Nov 2020"},
		{"2020-02", "2020-02-01", "2020-02-29", "Feb 2020"},
		{"2021-02", "2021-02-01", "2021-02-28", "Feb 2021"},
		{"2020-12", "2020-12-01", "2020-12-31", "Dec 2020"},
		{"2020", "2020-01-01", "2020-12-31", "2020"},
		{"2020-21", "2020-03-01", "2020-06-30", "spring 2020"},
		{"2020-22", "2020-06-01", "2020-09-30", "summer 2020"},
		{"2020-23", "2020-09-01", "2020-12-31", "autumn 2020"},
		{"2020-24", "2019-12-01", "2020-03-31", "winter 2020"},
		{"2005~", "2005-01-01", "2005-12-31", "about 2005"},
		{"2005-03?", "2005-03-01", "2005-03-31", "Mar 2005 (doubtful)"},
		{"2005-03-04%", "2005-03-04", "2005-03-04", "about Mar 4, 2005 (doubtful)"},
		{"2019/2020", "2019-01-01", "2020-12-31", "between 2019 and 2020"},
		{"2019-05-04/2019-06", "2019-05-04", "2019-06-30", "between May 4, 2019 and Jun 2019"},
		{"2019~/2020", "2019-01-01", "2020-12-31", "between about 2019 and 2020"},
		{"../2020", "", "2020-12-31", "by 2020"},
		{"/2020", "", "2020-12-31", "by 2020"},
		{"2019/..", "2019-01-01", "", "since 2019"},
		{"1959-12-31", "1959-12-31", "1959-12-31", "Dec 31, 1959"},
	} {
		d, err := factors.ParseDate(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		first, last := "", ""
		if x, ok := d.Earliest(); ok {
			first = x.String()
		}
		if x, ok := d.Latest(); ok {
			last = x.String()
		}
		if first != c.first || last != c.last || d.Words() != c.words || d.String() != c.text {
			t.Errorf("%s: got %s to %s, %q, text %q", c.text, first, last, d.Words(), d)
		}
	}
}

func TestParseDate_refusesWhatIsNoDate(t *testing.T) {
	for _, text := range []string{
		" ", "2020-02-30", "2021-02-29", "2020-13", "2020-00", "2020-20", "2020-25", "2020-22-01", "2020-11-31", "2020-11-00",
		"0000", "20", "20205", "2020-1", "2020-1-1", "2020-11-1", "11/01/2020", "Nov 1, 2020", "2020-11-01T00:00", "2020/2019",
		"2020-06/2020-05-31", "2019/2020/2021", "/", "../..", "..", "2020~~", "~2020", "?", "2020-11-01 ", " 2020", "２０２０", "-2020", "+2020",
		"2020-", "2020--1", "201X", "2020-XX",
	} {
		if d, err := factors.ParseDate(text); !errors.Is(err, factors.ErrDate) {
			t.Errorf("%q: got %v, %v; want ErrDate", text, d, err)
		}
	}
}

func TestDate_comparesWithThreeAnswers(t *testing.T) {
	const yes, no, unknown = factors.Yes, factors.No, factors.Unknown
	for _, c := range []struct {
		d, e                string
		before, onOrAfter   factors.Answer
		after, onOrBeforeIt factors.Answer
	}{
		{"2020-10-31", "2020-11-01", yes, no, no, yes},
		{"2020-11-01", "2020-11-01", no, yes, no, yes},
		{"2020-11-02", "2020-11-01", no, yes, yes, no},
		{"2020-11", "2020-11-01", no, yes, unknown, unknown},
		{"2020-10", "2020-11-01", yes, no, no, yes},
		{"2020", "2020-11-01", unknown, unknown, unknown, unknown},
		{"2020", "2020-01-01", no, yes, unknown, unknown},
		{"2020", "2020-12-31", unknown, unknown, no, yes},
		{"2021", "2020-11-01", no, yes, yes, no},
		{"2005~", "2020-11-01", unknown, unknown, unknown, unknown},
		{"2005?", "2020-11-01", unknown, unknown, unknown, unknown},
		{"", "2020-11-01", unknown, unknown, unknown, unknown},
		{"2019/2020", "2020-11-01", unknown, unknown, unknown, unknown},
		{"../2019", "2020-11-01", yes, no, no, yes},
		{"2021/..", "2020-11-01", no, yes, yes, no},
		{"2020-23", "2020-11-01", unknown, unknown, unknown, unknown},
		{"2020-22", "2020-11-01", yes, no, no, yes},
		{"2020", "2020", unknown, unknown, unknown, unknown},
	} {
		d, e := factors.MustDate(c.d), factors.MustDate(c.e)
		got := [4]factors.Answer{d.Before(e), d.OnOrAfter(e), d.After(e), d.OnOrBefore(e)}
		if want := [4]factors.Answer{c.before, c.onOrAfter, c.after, c.onOrBeforeIt}; got != want {
			t.Errorf("%s and %s: before, on or after, after, on or before: got %v, want %v", c.d, c.e, got, want)
		}
	}
}

func TestBetween_claimsNoMoreThanTheDatesSay(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"2005-03", "2026-11-21", "at least 21 years 7 months"},
		{"2005-03-21", "2026-11-21", "21 years 8 months"},
		{"2005-03-22", "2026-11-21", "21 years 7 months"},
		{"2005", "2026-11-21", "at least 20 years 10 months"},
		{"2005~", "2026-11-21", "about 20 years"},
		{"2005-03", "2026-12-31", "21 years 9 months"},
		{"2026-10-20", "2026-11-21", "1 month 1 day"},
		{"2026-11-18", "2026-11-21", "3 days"},
		{"2026-11-21", "2026-11-21", "0 days"},
		{"2026-11", "2026-11-21", "at most 20 days"},
		{"2025-11-21", "2026-11-21", "1 year"},
		{"2024-11-22", "2026-11-21", "1 year 11 months"},
		{"2000-02-29", "2026-02-28", "25 years 11 months"},
		{"2000-02-29", "2026-03-01", "26 years"},
		{"2000-02-29", "2024-02-29", "24 years"},
		{"2026-01-31", "2026-02-28", "28 days"},
		{"2026-01-31", "2026-03-01", "1 month 1 day"},
		{"../2005", "2026-11-21", "at least 20 years 10 months"},
		{"2005/..", "2026-11-21", ""},
		{"", "2026-11-21", ""},
		{"2027", "2026-11-21", ""},
		{"2005-22", "2026-11-21", "at least 21 years 1 month"},
		{"2026-10~", "2026-11-21", "about 1 month"},
		{"../2005~", "2026-11-21", "about 20 years"},
		{"2026-11-20/2026-11-25", "2026-11-21", "at most 1 day"},
	} {
		if got := factors.Between(factors.MustDate(c.from), factors.MustDate(c.to)).String(); got != c.want {
			t.Errorf("%s to %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// The least and the most of a span bracket the span from every day that the
// imprecise date may mean.
func TestBetween_bracketsEveryDayThatIsMeant(t *testing.T) {
	less := func(a, b factors.Span) bool {
		if a.Years != b.Years {
			return a.Years < b.Years
		}
		if a.Months != b.Months {
			return a.Months < b.Months
		}
		return a.Days < b.Days
	}
	end := factors.MustDate("2026-03-01")
	for _, text := range []string{"2004", "2004-02", "2005-24", "2005-12-15/2006-01-20"} {
		d := factors.MustDate(text)
		all := factors.Between(d, end)
		first, _ := d.Earliest()
		last, _ := d.Latest()
		for day := first; day <= last; day++ {
			one := factors.Between(day.Date(), end).AtLeast
			if less(one, all.AtLeast) || less(all.AtMost, one) {
				t.Fatalf("%s: %v of %v lies outside %v to %v", text, one, day, all.AtLeast, all.AtMost)
			}
		}
	}
}

func TestDate_jsonKeepsTheText(t *testing.T) {
	type doc struct {
		D factors.Date `json:"d,omitzero"`
	}
	for _, text := range []string{`{"d":"2020-11"}`, `{"d":"2005~"}`, `{"d":"2019/2020"}`, `{"d":"2020-24?"}`, `{}`} {
		var v doc
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if out, err := json.Marshal(v); err != nil || string(out) != text {
			t.Errorf("got %s, %v; want %s", out, err, text)
		}
	}
	var v doc
	if err := json.Unmarshal([]byte(`{"d":"2020-02-30"}`), &v); !errors.Is(err, factors.ErrDate) {
		t.Errorf("got %v, want ErrDate", err)
	}
}

// The day is the one on the caller's calendar, not the one in Greenwich.
func TestDateOf_isTheLocalDay(t *testing.T) {
	west := time.FixedZone("", -6*3600)
	if got := factors.DateOf(time.Date(2026, 11, 21, 23, 30, 0, 0, west)); got != factors.MustDate("2026-11-21") {
		t.Errorf("got %s", got)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2020", "2020-11-01", "2020-22~", "2019/2020", "../2020?", "2020-02-30", "9999-12-31/.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := factors.ParseDate(s)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("%q: refused, and yet %v", s, d)
			}
			return
		}
		if out, err := d.MarshalText(); err != nil || string(out) != s {
			t.Errorf("%q: written as %q, %v", s, out, err)
		}
		first, ok1 := d.Earliest()
		last, ok2 := d.Latest()
		if ok1 && ok2 && last < first {
			t.Errorf("%q: ends before it begins", s)
		}
		if s != "" && d.Words() == "" {
			t.Errorf("%q: no words", s)
		}
		// Nothing compares with itself as earlier or later.
		if d.Before(d) == factors.Yes || d.After(d) == factors.Yes {
			t.Errorf("%q: before or after itself", s)
		}
		factors.Between(d, today)
	})
}
