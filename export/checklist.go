package export

import (
	"forbear/casefile"
	"forbear/factors"
)

// Checklist sets a case against one instrument on one day: what the screen
// shows, and what a packet argues from. The proofs are what the exhibits say
// they prove; an exhibit that cannot be read proves nothing yet.
//
// An empty frame means the one that this case opens on.
func Checklist(lib *factors.Library, doc casefile.Document, frame string, asOf factors.Date) factors.Assessment {
	if frame == "" {
		frame = lib.DefaultFrame(doc.Facts, "", "").ID
	}
	proofs := map[string][]factors.Proof{}
	for _, x := range doc.Exhibits {
		if x.Clean.ID == "" {
			continue
		}
		for _, subject := range x.Proves {
			proofs[subject] = append(proofs[subject], factors.Proof{Exhibit: x.ID})
		}
	}
	return factors.Assess(lib, frame, asOf, doc.Facts, doc.Decisions, proofs)
}
