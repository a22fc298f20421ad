package main

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
)

// The history lists what was saved, when and by whom, the newest first.
type historyView struct {
	*caseScreen
	list     *fyne.Container
	scroller *roll
}

func newHistoryView(c *caseScreen) screen {
	return &historyView{caseScreen: c, list: newColumn(space)}
}

func (v *historyView) object() (fyne.CanvasObject, *roll) {
	v.scroller = newRoll(inset(6*space, 5*space, block(lang.X("section.history", "History"),
		caption(lang.X("history.note", "Every save is kept and signed by its author. Nothing here leaves.")), v.list)))
	return v.scroller, v.scroller
}

// A change is one saved version of one record.
type change struct {
	at   time.Time
	who  string
	kind string
	gone bool
	n    int // which version of its record
}

// maxHistory is how many changes the screen shows.
const maxHistory = 200

func (v *historyView) fetch(ctx context.Context, file *casefile.Case) ([]change, error) {
	var all []change
	for _, kind := range recordKinds() {
		records, err := file.List(kind)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			versions, err := file.History(r.ID)
			if err != nil {
				return nil, err
			}
			for i, old := range versions {
				who := old.Author.Name
				if who == "" {
					who = old.Author.Label // of others, only the label is known
				}
				all = append(all, change{old.At, who, kind, old.Deleted, i + 1})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b change) int { return b.at.Compare(a.at) })
	return all[:min(len(all), maxHistory)], nil
}

func recordKinds() []string {
	return []string{
		casefile.KindClient, casefile.KindRepresentative, "entries", "absences", "offenses", "arrests", "orders", "priorRemovals",
		"adverse", "relatives", "health", "military", "education", "communityTies", "roles", "disputes", "reliefPending",
		"exhibits", "decisions", "requests", "notes", casefile.KindPackets, casefile.KindClearCopies,
	}
}

func (v *historyView) shown() {
	file := v.open.file
	inCase(v.open, func(ctx context.Context) ([]change, error) { return v.fetch(ctx, file) },
		func(changes []change, err error) {
			if err != nil {
				v.shell.complain(err)
				return
			}
			v.showChanges(changes)
		})
}

func (v *historyView) showChanges(changes []change) {
	v.list.Objects = nil
	if len(changes) == 0 {
		v.list.Add(card(body(lang.X("history.empty", "Nothing has been saved in this case yet."))))
	}
	zone := v.shell.now().Location()
	for _, c := range changes {
		what := lang.X("history.saved", "{{.Kind}}, version {{.N}}", map[string]any{"Kind": kindWords(c.kind), "N": c.n})
		if c.gone {
			what = lang.X("history.removed", "{{.Kind}}: put into the trash", map[string]any{"Kind": kindWords(c.kind)})
		}
		v.list.Add(newEnds(body(what), caption(c.at.In(zone).Format("Jan 2, 2006 15:04")+"   "+c.who).unbroken()))
	}
	v.list.Refresh()
}

// kindWords names a kind of record.
func kindWords(kind string) string {
	switch kind {
	case casefile.KindClient:
		return lang.X("kind.client", "Client")
	case casefile.KindRepresentative:
		return lang.X("kind.representative", "Who signs")
	case casefile.KindPackets:
		return lang.X("kind.packets", "Packet")
	case casefile.KindClearCopies:
		return lang.X("kind.copies", "Clear copy")
	case "entries":
		return lang.X("kind.entries", "Entry")
	case "absences":
		return lang.X("kind.absences", "Absence")
	case "offenses":
		return lang.X("matter.offense", "Conviction")
	case "arrests":
		return lang.X("matter.arrest", "Arrest or charge")
	case "orders":
		return lang.X("matter.order", "Order")
	case "priorRemovals":
		return lang.X("matter.removal", "Earlier removal")
	case "adverse":
		return lang.X("matter.other", "Other matter")
	case "relatives":
		return lang.X("kind.relatives", "Relative")
	case "health":
		return lang.X("kind.health", "Health")
	case "communityTies":
		return lang.X("kind.ties", "Tie")
	case "roles":
		return lang.X("kind.roles", "Role")
	case "disputes":
		return lang.X("kind.disputes", "Dispute")
	case "reliefPending":
		return lang.X("kind.relief", "Relief")
	case "exhibits":
		return lang.X("kind.exhibits", "Exhibit")
	case "decisions":
		return lang.X("kind.decisions", "Decision")
	case "requests":
		return lang.X("kind.requests", "Request")
	case "notes":
		return lang.X("kind.notes", "Note")
	default:
		return kind
	}
}

// The notes are privileged and never leave.
type notesView struct {
	*caseScreen
	list     *fyne.Container
	scroller *roll
}

func newNotesView(c *caseScreen) screen {
	v := &notesView{caseScreen: c, list: newColumn(2 * space)}
	v.build()
	return v
}

func (v *notesView) object() (fyne.CanvasObject, *roll) {
	v.scroller = newRoll(inset(6*space, 5*space, narrow(720, block(lang.X("section.notes", "Notes"),
		caption(lang.X("notes.note", "Notes are privileged. No packet can hold them.")), v.list))))
	return v.scroller, v.scroller
}

func (v *notesView) shown() {}

func (v *notesView) build() {
	d := &v.open.doc
	v.list.Objects = nil
	for i := range d.Notes {
		n := &d.Notes[i]
		e := newLines(4, func(s string) {
			n.Text = s
			v.open.saver.put("notes", n.ID, *n)
		})
		e.limit = maxNote
		e.put(n.Text)
		v.list.Add(e)
	}
	v.list.Add(newFlow(0, nextStep(lang.X("notes.add", "+ New note"), v.onNew)))
	v.list.Refresh()
}

func (v *notesView) onNew() {
	v.open.doc.Notes = append(v.open.doc.Notes, casefile.Note{ID: newID()})
	v.build()
}
