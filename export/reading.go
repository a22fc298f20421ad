package export

import (
	"regexp"
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// This file asks whether people have looked at what leaves: that each file was
// read for harm, and that what is not in English can be read by who receives it.

// needsReading tells which exhibits are read for harm: all but a packet of ours
// as it was sent. An own letter is read like any other file, above all when it is
// a picture of one and no rule can read it.
func (v *view) needsReading(x casefile.Exhibit) bool { return !v.asSent(x) }

func lookReading(v *view) []Place {
	var out []Place
	for _, x := range v.leaving() {
		if v.needsReading(x) && !readingHolds(x) {
			out = append(out, v.whole(x.ID))
		}
	}
	return out
}

// readingHolds reports a reading by somebody, of these bytes, that answers each
// of the nine questions yes or no.
func readingHolds(x casefile.Exhibit) bool {
	r := x.Reading
	if strings.TrimSpace(r.By) == "" || r.On.IsZero() || r.SHA256 == "" || r.SHA256 != x.Original.SHA256 {
		return false
	}
	for _, q := range HarmQuestions {
		if !slices.ContainsFunc(r.Answers, func(a casefile.HarmAnswer) bool { return a.Question == q && a.Found != factors.Unknown }) {
			return false
		}
	}
	return true
}

func lookFound(v *view) []Place {
	var out []Place
	for _, x := range v.leaving() {
		if !v.needsReading(x) {
			continue
		}
		for _, a := range x.Reading.Answers {
			if a.Found != factors.Yes {
				continue
			}
			switch a.Done {
			case "redacted", "page-dropped":
				// A reading holds for the file that leaves. What was taken out was
				// found in the one before it, or was not taken out.
				if e := x.Reading.Earlier; e == "" || e == x.Original.SHA256 {
					place := v.whole(x.ID)
					place.Passage = a.Question
					out = append(out, place)
				}
			case "kept":
				if strings.TrimSpace(a.Why) != "" {
					continue
				}
				fallthrough
			default:
				place := v.whole(x.ID)
				place.Passage = a.Question
				out = append(out, place)
			}
		}
	}
	return out
}

func lookTranslation(v *view) []Place {
	var out []Place
	complete := func(t casefile.Translation) bool {
		return strings.TrimSpace(t.Translator) != "" && strings.TrimSpace(t.Address) != "" && strings.TrimSpace(t.Phone) != "" &&
			t.Competent && t.Accurate && !t.Signed.IsZero()
	}
	for _, x := range v.in.exhibits {
		if v.asSent(x) || x.Role == RoleCertificate {
			continue
		}
		if x.TranslationOf != "" && !complete(x.Translation) {
			out = append(out, v.whole(x.ID))
			continue
		}
		if english(x.Language) && (!x.Translation.Needed || x.TranslationOf != "") {
			continue
		}
		english := v.translations(x.ID, map[string]bool{})
		if len(english) == 0 && x.TranslationOf != "" || len(english) == 0 && !complete(x.Translation) || !v.certified(x, english) {
			out = append(out, v.whole(x.ID))
		}
	}
	return out
}

// translations are the exhibits that give a document in English: its translation,
// or one of a translation into a third language. A document in Q’eqchi’ that was
// translated into Spanish has none yet.
func (v *view) translations(id string, seen map[string]bool) []casefile.Exhibit {
	if seen[id] {
		return nil
	}
	seen[id] = true
	var out []casefile.Exhibit
	for _, x := range v.in.exhibits {
		if x.TranslationOf != id || x.Role == RoleCertificate {
			continue
		}
		if english(x.Language) {
			out = append(out, x)
		} else {
			out = append(out, v.translations(x.ID, seen)...)
		}
	}
	return out
}

// certificate is how the page of a translator reads that stands in the same file
// as the translation.
var certificate = regexp.MustCompile(`(?is)\bcertif.*\btranslat|\btranslat.*\bcertif`)

// certified reports that the translator’s page is in the packet: what is typed
// about it is for our own list, and the reader sees pages.
func (v *view) certified(x casefile.Exhibit, english []casefile.Exhibit) bool {
	files := slices.Concat([]casefile.Exhibit{x}, english)
	for _, o := range v.in.exhibits {
		if o.Role == RoleCertificate && o.Pages > 0 && slices.ContainsFunc(files, func(f casefile.Exhibit) bool { return f.ID == o.TranslationOf }) {
			return true
		}
	}
	return slices.ContainsFunc(files, func(f casefile.Exhibit) bool {
		return slices.ContainsFunc(v.exhibit[f.ID], func(ps passage) bool { return certificate.MatchString(ps.text) })
	})
}

// Words that stand in nearly every English sentence, and in nearly every Spanish
// one, folded.
var (
	commonEnglish = wordSet(`the of and to in is for that with was on at by from this has have her his she he my we it as are not be who i you your`)
	commonSpanish = wordSet(`el la los las de del que y en un una por con para su se es fue al lo mi yo ella ha`)
)

// lookLanguage finds text that does not read like English in a document that is
// not recorded to be in another language.
func lookLanguage(v *view) []Place {
	var out []Place
	for _, x := range v.leaving() {
		if v.asSent(x) || !english(x.Language) || x.Translation.Needed {
			continue
		}
		for _, ps := range v.pagesOf(x) {
			if ps.place.Exhibit == x.ID && foreignText(ps.text) {
				out = append(out, *at(ps, ""))
				break
			}
		}
	}
	return out
}

// foreignText reports sentences without English words between them. Lists, names
// and numbers have none either, and so what counts is words in lower case.
func foreignText(text string) bool {
	words, own, other := 0, 0, 0
	for _, w := range strings.Fields(text) {
		f := folded(w)
		if f == "" || strings.ContainsAny(f, " 0123456789") || f[0] != w[0] && w[0] < 0x80 {
			continue
		}
		words++
		if commonEnglish[f] {
			own++
		}
		if commonSpanish[f] {
			other++
		}
	}
	return other >= 4 && other > 2*own && other*5 >= words || words >= 25 && own*25 < words
}

// english reports that a document needs no translation.
func english(language string) bool {
	switch strings.ToLower(strings.TrimSpace(language)) {
	case "", "en", "eng", "english", "inglés", "ingles":
		return true
	}
	return false
}
