package export

import (
	"slices"

	"forbear/casefile"
)

// A Tab is one lettered exhibit of a packet: a document, or a translation with
// its original and its certificate.
type Tab struct {
	Name  string    `json:"tab"` // A, B ... Z, AA; 1, 2 in an ICR packet
	Title string    `json:"title"`
	Parts []TabPart `json:"parts"`
}

// A TabPart is one file under a tab.
type TabPart struct {
	Exhibit  string `json:"exhibit"`
	What     string `json:"what"` // document, translation, original, certificate
	Title    string `json:"title"`
	Date     string `json:"date,omitempty"`
	Language string `json:"language,omitempty"`
	Pages    int    `json:"pages"`
	SHA256   string `json:"sha256,omitempty"` // of the original as it came
	Role     string `json:"role,omitempty"`
	Kind     string `json:"kind,omitempty"`
}

// Pages is how many pages stand under the tab.
func (t Tab) Pages() int {
	n := 0
	for _, p := range t.Parts {
		n += p.Pages
	}
	return n
}

// arrangeTabs puts exhibits in the order in which a packet has them: the notice
// of appearance first, then the rest as given, a translation before its
// original and the certificate after both. Tabs close up: an exhibit that stays
// leaves no gap in the letters.
func arrangeTabs(exhibits []casefile.Exhibit, name func(int) string) []Tab {
	byID := make(map[string]casefile.Exhibit, len(exhibits))
	for _, x := range exhibits {
		byID[x.ID] = x
	}
	// A translation whose original stays stands alone.
	rootOf := func(x casefile.Exhibit) string {
		if _, ok := byID[x.TranslationOf]; ok && x.TranslationOf != x.ID {
			return x.TranslationOf
		}
		return x.ID
	}
	var roots []string
	group := make(map[string][]casefile.Exhibit)
	for _, x := range exhibits {
		root := rootOf(x)
		if !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
		group[root] = append(group[root], x)
	}
	isG28 := func(root string) bool { return byID[root].Role == RoleG28 }
	slices.SortStableFunc(roots, func(a, b string) int {
		switch {
		case isG28(a) == isG28(b):
			return 0
		case isG28(a):
			return -1
		default:
			return 1
		}
	})
	tabs := make([]Tab, 0, len(roots))
	for _, root := range roots {
		members := group[root]
		rank := func(x casefile.Exhibit) int {
			switch {
			case x.Role == RoleCertificate:
				return 2
			case x.ID == root:
				return 1
			default:
				return 0
			}
		}
		slices.SortStableFunc(members, func(a, b casefile.Exhibit) int { return rank(a) - rank(b) })
		t := Tab{Name: name(len(tabs)), Title: byID[root].Title}
		for _, x := range members {
			what := "document"
			switch {
			case x.Role == RoleCertificate:
				what = "certificate"
			case x.ID != root:
				what = "translation"
			case len(members) > 1:
				what = "original"
			}
			t.Parts = append(t.Parts, TabPart{
				Exhibit: x.ID, What: what, Title: x.Title, Date: longDate(x.Date), Language: x.Language,
				Pages: x.Pages, SHA256: x.Original.SHA256, Role: x.Role, Kind: x.Kind,
			})
		}
		tabs = append(tabs, t)
	}
	return tabs
}

// letterTab names tabs A, B ... Z, AA, AB.
func letterTab(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// Roles of exhibits that a packet treats in a way of their own.
const (
	RoleG28         = "g28"         // notice of appearance
	RoleLetter      = "letter"      // own letter, in place of ours
	RoleDeclaration = "declaration" // counts as proof
	RoleRequest     = "request"     // a request as it was sent
	RoleAnswer      = "answer"      // what came back, or proof of sending
	RoleCertificate = "certificate" // of the translation of TranslationOf
	RolePrivacy     = "privacy"     // privacy waiver, where no representative appears
)
