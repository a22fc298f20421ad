package factors

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Day is one day of the proleptic Gregorian calendar, counted from
// January 1, 1970.
type Day int32

const (
	dayFirst = Day(math.MinInt32) // earlier than any day that can be written
	dayLast  = Day(math.MaxInt32) // later than any day that can be written
)

// NewDay returns the day of a calendar date. It does not check the date.
func NewDay(year, month, day int) Day {
	return Day(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Civil returns the calendar date of d.
func (d Day) Civil() (year, month, day int) {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return t.Year(), int(t.Month()), t.Day()
}

// String returns d as 2020-11-01.
func (d Day) String() string {
	y, m, n := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, n)
}

// Date returns d as a date that is known to the day.
func (d Day) Date() Date { return Date{text: d.String(), from: d, to: d} }

var monthNames = [...]string{
	"", "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}

// A Date is what is known of one day: the day itself, its month, its year, a
// season, an interval within which it lies, or nothing. It keeps the text it
// was read from, and writes that text again byte for byte, since precision is
// part of what somebody remembered. The zero Date is unknown.
//
// The text is EDTF (Library of Congress; ISO 8601-2:2019, levels 0 and 1, less
// the unspecified digits): 2020-11-01, 2020-11, 2020, the seasons 2020-21
// (spring) to 2020-24 (winter), each with ?, ~ or % behind it when it is
// doubtful, approximate or both, and two of these with a slash between them,
// where one side may be empty or two dots.
type Date struct {
	text      string
	from, to  Day  // both included; dayFirst and dayLast where a side is open
	qualified bool // ?, ~ or % somewhere: never decides a comparison
}

// ParseDate reads s. The empty string is the unknown date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	left, right, interval := strings.Cut(s, "/")
	if !interval {
		from, to, qualified, ok := parsePoint(left)
		if !ok {
			return Date{}, ErrDate
		}
		return Date{text: s, from: from, to: to, qualified: qualified}, nil
	}

	d := Date{text: s, from: dayFirst, to: dayLast}
	known := false
	for i, side := range []string{left, right} {
		if side == "" || side == ".." {
			continue
		}
		from, to, qualified, ok := parsePoint(side)
		if !ok {
			return Date{}, ErrDate
		}
		known = true
		d.qualified = d.qualified || qualified
		if i == 0 {
			d.from = from
		} else {
			d.to = to
		}
	}
	if !known || d.to < d.from {
		return Date{}, ErrDate
	}
	return d, nil
}

// parsePoint reads one side of an interval, or a date that is none.
func parsePoint(s string) (from, to Day, qualified, ok bool) {
	if n := len(s); n > 0 && strings.IndexByte("?~%", s[n-1]) >= 0 {
		s, qualified = s[:n-1], true
	}
	parts := strings.Split(s, "-")
	if len(parts) > 3 {
		return 0, 0, false, false
	}
	var n [3]int
	for i, p := range parts {
		width := 2
		if i == 0 {
			width = 4
		}
		v, fine := digits(p, width)
		if !fine {
			return 0, 0, false, false
		}
		n[i] = v
	}
	year, month, day := n[0], n[1], n[2]
	switch {
	case year == 0:
		return 0, 0, false, false
	case len(parts) == 1:
		return NewDay(year, 1, 1), NewDay(year, 12, 31), qualified, true
	case len(parts) == 2 && month >= 21 && month <= 24:
		from, to = season(year, month)
		return from, to, qualified, true
	case month < 1 || month > 12:
		return 0, 0, false, false
	case len(parts) == 2:
		return NewDay(year, month, 1), NewDay(year, month+1, 0), qualified, true
	}
	d := NewDay(year, month, day)
	if _, m, dd := d.Civil(); m != month || dd != day {
		return 0, 0, false, false // February 30 has turned into March 2
	}
	return d, d, qualified, true
}

func digits(s string, width int) (int, bool) {
	if len(s) != width {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// season returns the days that a northern season may mean. The margins are
// wide, because "that summer" is a memory and not an equinox.
func season(year, code int) (from, to Day) {
	switch code {
	case 21:
		return NewDay(year, 3, 1), NewDay(year, 6, 30)
	case 22:
		return NewDay(year, 6, 1), NewDay(year, 9, 30)
	case 23:
		return NewDay(year, 9, 1), NewDay(year, 12, 31)
	default:
		return NewDay(year-1, 12, 1), NewDay(year, 3, 31)
	}
}

// MustDate is [ParseDate] for dates that stand in our own code.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("factors: internal error: date in the code")
	}
	return d
}

// DateOf returns the calendar day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDay(y, int(m), d).Date()
}

// String returns the text that d was read from.
func (d Date) String() string { return d.text }

// IsZero reports that nothing is known of d.
func (d Date) IsZero() bool { return d.text == "" }

// Earliest returns the earliest day that d may mean. It is false when there is
// none: d is unknown, or an interval open at its beginning.
func (d Date) Earliest() (Day, bool) { return d.from, d.text != "" && d.from != dayFirst }

// Latest returns the latest day that d may mean, as [Date.Earliest] does.
func (d Date) Latest() (Day, bool) { return d.to, d.text != "" && d.to != dayLast }

// Day returns the one day that d means, and whether there is one. An
// approximate day is not one day.
func (d Date) Day() (Day, bool) {
	return d.from, d.text != "" && d.from == d.to && !d.qualified
}

// Qualified reports that d is marked approximate or doubtful.
func (d Date) Qualified() bool { return d.qualified }

// Unqualified returns d as if it were not marked approximate or doubtful. It
// serves to say what a comparison would give; it must not decide one.
func (d Date) Unqualified() Date {
	d.qualified = false
	return d
}

// Before answers whether d lies on an earlier day than e. The answer is unknown
// when either is unknown, qualified, or too imprecise to tell.
func (d Date) Before(e Date) Answer {
	switch {
	case d.text == "" || e.text == "" || d.qualified || e.qualified:
		return Unknown
	case d.to < e.from:
		return Yes
	case d.from >= e.to:
		return No
	default:
		return Unknown
	}
}

// After answers whether d lies on a later day than e.
func (d Date) After(e Date) Answer { return e.Before(d) }

// OnOrBefore answers whether d lies on e's day or on an earlier one.
func (d Date) OnOrBefore(e Date) Answer { return e.Before(d).Not() }

// OnOrAfter answers whether d lies on e's day or on a later one.
func (d Date) OnOrAfter(e Date) Answer { return d.Before(e).Not() }

// MarshalText returns the text that d was read from.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText reads d as [ParseDate] does.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Words returns d in words for a person: Nov 1, 2020; Nov 2020; summer 2020;
// about 2005; 2005 (doubtful); between 2019 and 2020. The unknown date has none.
func (d Date) Words() string {
	left, right, interval := strings.Cut(d.text, "/")
	switch {
	case d.text == "":
		return ""
	case !interval:
		return pointWords(left)
	case left == "" || left == "..":
		return "by " + pointWords(right)
	case right == "" || right == "..":
		return "since " + pointWords(left)
	default:
		return "between " + pointWords(left) + " and " + pointWords(right)
	}
}

func pointWords(s string) string {
	mark := byte(0)
	if n := len(s); n > 0 && strings.IndexByte("?~%", s[n-1]) >= 0 {
		s, mark = s[:n-1], s[n-1]
	}
	words := s
	if parts := strings.Split(s, "-"); len(parts) > 1 {
		month, _ := strconv.Atoi(parts[1])
		year := strings.TrimLeft(parts[0], "0")
		switch {
		case len(parts) == 3:
			day, _ := strconv.Atoi(parts[2])
			words = fmt.Sprintf("%s %d, %s", monthNames[month], day, year)
		case month > 20:
			words = [...]string{"spring", "summer", "autumn", "winter"}[month-21] + " " + year
		default:
			words = monthNames[month] + " " + year
		}
	}
	switch mark {
	case '~':
		return "about " + words
	case '?':
		return words + " (doubtful)"
	case '%':
		return "about " + words + " (doubtful)"
	default:
		return words
	}
}

// A Span is a length of time in whole years, months and days. Months are
// counted by the calendar and never rounded up: from January 31 to February 28
// no month has passed, and a person born on February 29 is a year older on
// March 1 of a common year.
type Span struct{ Years, Months, Days int }

// between counts from one day to a later one.
func between(from, to Day) Span {
	y1, m1, d1 := from.Civil()
	y2, m2, d2 := to.Civil()
	months := (y2-y1)*12 + m2 - m1
	if d2 < d1 {
		months--
	}
	// Counting on from the last whole month: its day may not exist (February
	// 31), and then the days count from the end of that month.
	y, m := y1, m1+months
	last := NewDay(y, m+1, 0)
	anchor := NewDay(y, m, 1) + Day(d1-1)
	anchor = min(anchor, last)
	return Span{Years: months / 12, Months: months % 12, Days: int(to - anchor)}
}

// String returns the span in years and months, in months and days below a year,
// in days below a month.
func (s Span) String() string {
	switch {
	case s.Years > 0 && s.Months > 0:
		return count(s.Years, "year") + " " + count(s.Months, "month")
	case s.Years > 0:
		return count(s.Years, "year")
	case s.Months > 0 && s.Days > 0:
		return count(s.Months, "month") + " " + count(s.Days, "day")
	case s.Months > 0:
		return count(s.Months, "month")
	default:
		return count(s.Days, "day")
	}
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// Elapsed is the time from one date to another, as far as the two dates tell.
type Elapsed struct {
	AtLeast, AtMost Span
	Known           bool // false: nothing can be said, or the dates run backwards
	Unbounded       bool // AtMost means nothing: the beginning is open
	Qualified       bool // one of the dates is approximate or doubtful
}

// Between returns the time from one date to a later one. Both ends may be
// imprecise; the least and the most that they allow are both given.
func Between(from, to Date) Elapsed {
	last, lastKnown := from.Latest()
	end, endKnown := to.Earliest()
	if !lastKnown || !endKnown {
		return Elapsed{}
	}
	first, firstKnown := from.Earliest()
	latest, latestKnown := to.Latest()
	e := Elapsed{Known: true, Qualified: from.qualified || to.qualified}
	if last <= end {
		e.AtLeast = between(last, end)
	} else if !firstKnown || !latestKnown || first > latest {
		return Elapsed{}
	}
	if !firstKnown || !latestKnown {
		e.Unbounded = true
		return e
	}
	e.AtMost = between(first, latest)
	return e
}

// String returns the honest sentence part: "21 years 7 months" when the years
// and months are the same whichever day is meant, "at least 21 years 7 months"
// when they are not, "about 21 years" for an approximate date, and "" when
// nothing can be said.
func (e Elapsed) String() string {
	switch {
	case !e.Known:
		return ""
	case e.Qualified:
		return "about " + e.middle()
	case e.Unbounded:
		return "at least " + e.AtLeast.String()
	case e.AtLeast == e.AtMost:
		return e.AtLeast.String()
	case e.AtLeast.Years > 0 && e.AtLeast.Years == e.AtMost.Years && e.AtLeast.Months == e.AtMost.Months:
		return e.AtLeast.String()
	case e.AtLeast == Span{}:
		return "at most " + e.AtMost.String()
	default:
		return "at least " + e.AtLeast.String()
	}
}

// middle is the round number of an approximate span: whole years where there
// are any, else whole months, since anything finer would claim what nobody said.
func (e Elapsed) middle() string {
	s := e.AtLeast
	if !e.Unbounded && s.Years == 0 {
		s = e.AtMost
	}
	switch {
	case s.Years > 0:
		return count(s.Years, "year")
	case s.Months > 0:
		return count(s.Months, "month")
	default:
		return count(s.Days, "day")
	}
}

// Reaches answers whether the time has reached so many years. An approximate
// date never decides.
func (e Elapsed) Reaches(years int) Answer {
	switch {
	case !e.Known || e.Qualified:
		return Unknown
	case e.AtLeast.Years >= years:
		return Yes
	case !e.Unbounded && e.AtMost.Years < years:
		return No
	default:
		return Unknown
	}
}
