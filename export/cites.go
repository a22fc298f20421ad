package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"forbear/casefile"
)

// This file follows cites: those that a sentence carries, and those that
// somebody typed, in a sentence of ours or in an own letter.

// citeTabs is how letters point to tabs: "Ex. C", "Exhibits B and Q", "Tab Q". A
// tab's name is in capitals or a number; the word before it may be in any case.
// Only behind a plural does a comma go on to another tab: "Exhibit B, I ask".
var citeTabs = regexp.MustCompile(`\b(?:((?i:exhibits|exhs\.?|exs\.|tabs)|Exs)\s*([A-Z]{1,2}|\d{1,3})\b((?:\s*(?:,\s*and|,\s*&|,|and|&|through|to|[-–—])\s*(?:[A-Z]{1,2}|\d{1,3})\b)*)` +
	`|(?:(?i:exhibit|exh?\.|tab)\s*|(?:Exh?|EXH?)\s+)([A-Z]{1,2}|\d{1,3})\b)`)

// citePages is how the pages are given, behind a tab.
var citePages = regexp.MustCompile(`^,?\s*(?:at\s+)?(?:(?i:pp?\.?|pages?|pgs?\.?)\s*|at\s+)(\d{1,5})((?:\s*(?:,\s*and|,|and|&|through|to|[-–—])\s*\d{1,5}\b)*)`)

// citeNext is a further tab or page.
var citeNext = regexp.MustCompile(`[A-Z]{1,2}|\d+`)

// A typedCite is a tab that somebody typed, with its page where one stands
// behind it.
type typedCite struct{ tab, page, text string }

// typedCites reads the cites of a text, each end of a range for itself.
func typedCites(text string) []typedCite {
	text = strings.Join(strings.Fields(text), " ")
	var out []typedCite
	for _, m := range citeTabs.FindAllStringSubmatchIndex(text, -1) {
		var tabs []string
		if m[4] >= 0 {
			tabs = append([]string{text[m[4]:m[5]]}, citeNext.FindAllString(text[m[6]:m[7]], -1)...)
		} else {
			tabs = []string{text[m[8]:m[9]]}
		}
		pages, end := []string(nil), m[1]
		if p := citePages.FindStringSubmatchIndex(text[m[1]:]); p != nil {
			rest := text[m[1]:]
			end = m[1] + p[1]
			pages = []string{rest[p[2]:p[3]]}
			for _, n := range citeNext.FindAllString(rest[p[4]:p[5]], -1) {
				// "Ex. B, p. 6, 2011" goes on with a year.
				if len(n) != 4 || n < "1900" || n > "2099" {
					pages = append(pages, n)
				}
			}
		}
		for i, tab := range tabs {
			if i < len(tabs)-1 || len(pages) == 0 {
				out = append(out, typedCite{tab, "", text[m[0]:m[1]]})
				continue
			}
			for _, n := range pages {
				out = append(out, typedCite{tab, n, text[m[0]:end]})
			}
		}
	}
	return out
}

func lookPinCites(v *view) []Place {
	var out []Place
	for _, o := range v.p.outgoing() {
		for _, c := range o.Cites() {
			if _, ok := v.l.number(c); !ok {
				out = append(out, Place{Part: "letter", Exhibit: c.Exhibit, Passage: o.Text()})
			}
		}
	}
	for _, ps := range v.said() {
		if m := citeMark.FindString(ps.text); m != "" {
			out = append(out, *at(ps, m))
			continue
		}
		// An id of the case tells nothing to a reader, and binds two packets.
		if slices.ContainsFunc(v.doc.Exhibits, func(x casefile.Exhibit) bool { return len(x.ID) >= 16 && strings.Contains(ps.text, x.ID) }) {
			out = append(out, *at(ps, ps.text))
			continue
		}
		if ps.place.Part == partTitle {
			// A document's own title may point into another set of exhibits.
			continue
		}
		for _, c := range typedCites(ps.text) {
			if !v.leads(c.tab, c.page) {
				out = append(out, *at(ps, c.text))
			}
		}
	}
	return out
}

// leads reports that a tab is there and that the printed number is one of its
// pages.
func (v *view) leads(tab, number string) bool {
	for _, t := range v.p.Tabs {
		if t.Name != tab || t.Pages() == 0 {
			continue
		}
		if number == "" {
			return true
		}
		var n int
		if _, err := fmt.Sscanf(number, "%d", &n); err != nil {
			return false
		}
		first := v.l.first[t.Parts[0].Exhibit] + 1
		return n >= first && n < first+t.Pages()
	}
	return false
}

// outgoing lists every sentence of the letter.
func (p Plan) outgoing() []Outgoing {
	if p.Letter != nil {
		return nil
	}
	out := slices.Concat(p.Asks, p.Why)
	for _, b := range p.Block {
		out = append(out, b.Text)
	}
	for _, s := range p.Sections {
		out = append(out, s.Text...)
	}
	if p.ICR != nil {
		out = slices.Concat(out, p.ICR.Decision, p.ICR.New)
		for _, row := range p.ICR.Table {
			out = append(out, row.What, row.Where)
		}
	}
	return out
}
