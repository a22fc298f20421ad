package export

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"forbear/casefile"
	"forbear/factors"
)

// words are how a letter speaks of the client. Where the record does not say
// he or she, the name is repeated: a pronoun guessed wrong is read by an
// officer as a letter about somebody else.
type words struct {
	name       string // Ms. Xol Caal de Núñez
	subject    string // she
	possessive string // her
}

func clientWords(doc casefile.Document) words {
	family := strings.TrimSpace(doc.FamilyName)
	full := strings.Join(strings.Fields(doc.GivenName+" "+doc.FamilyName), " ")
	if family == "" || full == "" {
		return words{name: "the client", subject: "the client", possessive: "the client’s"}
	}
	switch strings.ToLower(strings.TrimSpace(doc.Gender)) {
	case "f", "female", "woman", "mujer":
		return words{name: "Ms. " + family, subject: "she", possessive: "her"}
	case "m", "male", "man", "hombre":
		return words{name: "Mr. " + family, subject: "he", possessive: "his"}
	}
	return words{name: full, subject: full, possessive: full + "’s"}
}

// A Caption identifies the client to the reader: what stands on top of page one
// and at the foot of every page.
type Caption struct {
	Last, First string
	ANumber     string // 000-000-501, or "none assigned", or empty
	Others      []string
	Born        string // March 1986, Guatemala
	Foot        string // LAST, A 000-000-501: the A-number off under 8 USC 1367
}

func newCaption(doc casefile.Document) Caption {
	upper := cases.Upper(language.Und)
	c := Caption{
		Last:  upper.String(norm.NFC.String(strings.Join(strings.Fields(doc.FamilyName), " "))),
		First: strings.Join(strings.Fields(doc.GivenName+" "+doc.MiddleName), " "),
	}
	for i, a := range doc.ANumbers {
		if i == 0 {
			c.ANumber = dashed(a)
		} else {
			c.Others = append(c.Others, dashed(a))
		}
	}
	if c.ANumber == "" && doc.NoANumber {
		c.ANumber = "none assigned"
	}
	var born []string
	if !doc.DateOfBirth.IsZero() {
		born = append(born, longDate(doc.DateOfBirth))
	}
	if doc.CountryOfBirth != "" {
		born = append(born, doc.CountryOfBirth)
	}
	c.Born = strings.Join(born, ", ")
	c.Foot = c.Last
	if len(doc.ANumbers) > 0 && !protects(doc) {
		c.Foot += ", A " + c.ANumber
	}
	return c
}

// dashed writes nine digits as 000-000-501, and leaves anything else alone.
func dashed(a string) string {
	if len(a) != 9 || strings.Trim(a, "0123456789") != "" {
		return a
	}
	return a[:3] + "-" + a[3:6] + "-" + a[6:]
}

var shortMonth = regexp.MustCompile(`\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\b`)

var longMonth = map[string]string{
	"Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June", "Jul": "July",
	"Aug": "August", "Sep": "September", "Sept": "September", "Oct": "October", "Nov": "November", "Dec": "December",
}

// longDate writes a date as letters do: November 21, 2026. Its precision stays
// what it is.
func longDate(d factors.Date) string {
	return shortMonth.ReplaceAllStringFunc(d.Words(), func(m string) string { return longMonth[m] })
}

// onDate is " on November 21, 2026" or " in November 2026", or nothing.
func onDate(d factors.Date) string {
	w := longDate(d)
	switch {
	case w == "":
		return ""
	case strings.HasPrefix(w, "by ") || strings.HasPrefix(w, "since ") || strings.HasPrefix(w, "between "):
		return " " + w
	}
	if _, ok := d.Day(); ok {
		return " on " + w
	}
	return " in " + w
}

// since is the time from one date to another between two texts, or nothing when
// the dates do not tell.
func since(from, to factors.Date, before, after string) string {
	span := factors.Between(from, to).String()
	if span == "" {
		return ""
	}
	return before + span + after
}

// age is "9", or "8 or 9" when the date of birth leaves both open, or empty.
func age(born, on factors.Date) string {
	e := factors.Between(born, on)
	switch {
	case !e.Known || e.Unbounded || e.Qualified:
		return ""
	case e.AtLeast.Years == e.AtMost.Years:
		return fmt.Sprint(e.AtLeast.Years)
	case e.AtLeast.Years+1 == e.AtMost.Years:
		return fmt.Sprintf("%d or %d", e.AtLeast.Years, e.AtMost.Years)
	}
	return ""
}

// relativeWords names a relative by role and age, never by name: "U.S. citizen
// child, age 9". A status other than citizen or resident is not told.
func relativeWords(r factors.Relative, on factors.Date) string {
	s := r.Relation
	if s == "" || s == "other" {
		s = "relative"
	}
	switch r.Status {
	case "citizen":
		s = "U.S. citizen " + s
	case "lpr":
		s = "lawful permanent resident " + s
	}
	if a := age(r.DateOfBirth, on); a != "" {
		s += ", age " + a
	}
	return s
}

// oneLine is s as a title of the file may have it: on one line, without control
// characters, and not endless.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > 160 {
		s = string(r[:159]) + "…"
	}
	return s
}

// lowerFirst lets a title stand inside a sentence. What begins with two capitals
// is an abbreviation and stays.
func lowerFirst(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(second) {
		return s
	}
	return mapFirst(s, unicode.ToLower)
}

func upperFirst(s string) string { return mapFirst(s, unicode.ToUpper) }

func mapFirst(s string, f func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(f(r)) + s[n:]
}

// sentence ends s with a full stop, unless it ends with a mark already.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") || strings.HasSuffix(s, "”") {
		return s
	}
	return s + "."
}

// folded is s for comparing names: without accents, case, or punctuation, its
// words separated by single blanks.
func folded(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(cases.Fold().String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'' || r == '’' || r == 'ʼ':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
