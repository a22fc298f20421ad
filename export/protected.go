package export

import (
	"regexp"
	"slices"
	"strings"

	"forbear/factors"
)

// This file guards what 8 USC 1367 protects: that somebody asked for relief as a
// victim, and everything that shows it.

// protectedFile is the subject of the decision by which somebody confirms that a
// file with 8 USC 1367 material sends a packet at all.
const protectedFile = "protected1367"

// protectedWords name the forms and the relief of 8 USC 1367, whatever the case
// says of itself.
var protectedWords = regexp.MustCompile(`\b[Ii]\s?[-–]?\s?(?:918|914|360|929)[AB]?\b|\b[UuTt][-– ]?(?i:visas?|non-?immigrants?)\b|\bVAWA\b|(?i:violence against women act)` +
	`|\b[UT][-– ]?(?i:status|petition(?:er)?s?|certification|adjustment)\b|(?i:\bvisas?) [“"]?[UT][”"]?(?:\W|$)|(?i:\bself[- ]petition(?:s|er|ing)?\b)` +
	`|(?i:battered (?:spouse|child|parent))`)

func look1367(v *view) []Place {
	second := func(subject string) bool {
		return slices.ContainsFunc(v.doc.Decisions, func(d factors.Decision) bool { return d.Subject == subject && strings.TrimSpace(d.SecondLook) != "" })
	}
	confirmed := second(protectedFile)
	var out []Place
	if v.p.Protected && !confirmed {
		out = append(out, elements(protectedFile)...)
	}
	guarded := protectedPaths(v.doc)
	for _, row := range v.in.input.arguable() {
		if !row.Argue {
			continue
		}
		for _, path := range rowElements(row) {
			if guarded[path] && !second(row.Rule) {
				out = append(out, elements(path)...)
			}
		}
	}
	for _, x := range v.in.exhibits {
		for _, s := range x.Proves {
			parts := strings.SplitN(s, "/", 3)
			if len(parts) >= 2 && guarded[parts[0]+"/"+parts[1]] && !second(s) {
				out = append(out, elements(s)...)
			}
		}
	}
	if confirmed {
		return out
	}
	for _, ps := range slices.Concat(v.said(), v.allPages()) {
		if m := protectedWords.FindString(ps.text); m != "" {
			out = append(out, *at(ps, m))
		}
	}
	return out
}
