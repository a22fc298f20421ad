package export

import (
	"regexp"
	"slices"
)

// This file reads numbers that name a person.

var (
	aNumberText = regexp.MustCompile(`(?i)\bA(?:lien|#|-|\s)*(?:no\.?|number|num\.?|#)?[\s:.#-]*(\d{3})[-\s]?(\d{3})[-\s]?(\d{2,3})\b`)

	// ssnText is a number in the groups of a Social Security number. Nine digits
	// with other marks or with none are one only beside its name.
	ssnText  = regexp.MustCompile(`\b\d{3}[-–]\d{2}[-–]\d{4}\b`)
	ssnLoose = regexp.MustCompile(`\b\d{3}[-–.\s]{0,3}\d{2}[-–.\s]{0,3}\d{4}\b`)
	ssnName  = regexp.MustCompile(`(?i)\b(?:SSN|S\.S\.N|SS\s?#|ITIN|TIN|Social\s+Security|Taxpayer|Seguro\s+Social)`)
)

// ssnReach is how many bytes may stand between a number and its name.
const ssnReach = 30

// aNumbers lists the A-numbers of a text, each with nine digits.
func aNumbers(text string) []string {
	var out []string
	for _, m := range aNumberText.FindAllStringSubmatch(text, -1) {
		n := m[1] + m[2] + m[3]
		if len(n) == 8 {
			n = "0" + n
		}
		out = append(out, n)
	}
	return out
}

// hasSSN reports a number that may be a Social Security or a taxpayer's number.
func hasSSN(text string) bool {
	if ssnText.MatchString(text) {
		return true
	}
	ours := aNumberText.FindAllStringIndex(text, -1)
	for _, at := range ssnLoose.FindAllStringIndex(text, -1) {
		if slices.ContainsFunc(ours, func(a []int) bool { return a[0] < at[1] && at[0] < a[1] }) {
			continue
		}
		around := text[max(0, at[0]-ssnReach-len("Social Security")):min(len(text), at[1]+ssnReach+len("Social Security"))]
		if ssnName.MatchString(around) {
			return true
		}
	}
	return false
}

func lookNumbers(v *view) []Place {
	var out []Place
	for _, ps := range v.said() {
		if hasSSN(ps.text) {
			out = append(out, *at(ps, ""))
		}
	}
	for _, x := range v.in.exhibits {
		if keptFor(x, "numbers") {
			continue
		}
		for _, ps := range v.exhibit[x.ID] {
			if hasSSN(ps.text) {
				out = append(out, *at(ps, ""))
			}
		}
	}
	return out
}
