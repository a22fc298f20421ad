package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
	"forbear/factors"
)

// The overview says in a few lines where the case stands and what the next step
// is, and holds the block of whoever signs.
type overview struct {
	*caseScreen
	scroller *roll
	profile  casefile.Profile
}

func newOverview(c *caseScreen) screen {
	return &overview{caseScreen: c, profile: c.open.vault.Profile()}
}

func (v *overview) object() (fyne.CanvasObject, *roll) {
	v.scroller = newRoll(inset(6*space, 5*space, newColumn(4*space,
		block(lang.X("overview.next", "Next step"), v.next()),
		block(lang.X("overview.open", "Open questions"), v.questions()),
		block(lang.X("overview.you", "Who signs (the same in all your cases)"), v.signer()),
	)))
	return v.scroller, v.scroller
}

func (v *overview) shown() {}

// next is the one obvious next step: the first of a fixed row of questions that
// is still open.
func (v *overview) next() fyne.CanvasObject {
	d := v.open.doc
	step := func(words string, s section) fyne.CanvasObject {
		return card(body(words), newFlow(0, nextStep(s.words(), func() { v.choose(s) })))
	}
	argued := 0
	for _, k := range d.Decisions {
		if k.Argue {
			argued++
		}
	}
	unread := 0
	for _, x := range d.Exhibits {
		if x.Reading.By == "" {
			unread++
		}
	}
	switch {
	case d.FamilyName == "" && d.GivenName == "":
		return step(lang.X("next.name", "Begin with the name and the A-number."), sectionIntake)
	case len(d.Entries) == 0:
		return step(lang.X("next.facts", "Record the entries, the family and the work: the checklist follows as you type."), sectionIntake)
	case argued == 0:
		return step(lang.X("next.argue", "Choose on the checklist what this request argues."), sectionChecklist)
	case len(d.Exhibits) == 0:
		return step(lang.X("next.exhibits", "Add the papers that prove it."), sectionExhibits)
	case unread > 0:
		return step(lang.X("next.read", "Some exhibits have not been read for what could hurt."), sectionExhibits)
	default:
		return step(lang.X("next.packet", "Look at what leaves and what stays, then sign."), sectionPacket)
	}
}

func (v *overview) questions() fyne.CanvasObject {
	d := v.open.doc
	undecided, box := 0, newColumn(space)
	for _, m := range factors.AdverseMatters(d.Facts, d.Decisions) {
		if m.Leaves() == factors.Undecided && m.KnownToGov == factors.Yes {
			undecided++
		}
	}
	say := func(words string) { box.Add(body(words)) }
	if undecided > 0 {
		say(lang.XN("overview.undecided", "ICE has {{.N}} thing that nobody decided about.", undecided, map[string]any{"N": undecided}))
	}
	if len(d.ANumbers) == 0 && !d.NoANumber {
		say(lang.X("overview.noanumber", "No A-number recorded, and not that none is assigned."))
	}
	if d.Detained == factors.Unknown {
		say(lang.X("overview.custody", "Whether the client is detained is not recorded."))
	}
	if d.G28.Date.IsZero() {
		say(lang.X("overview.g28", "No G-28 recorded."))
	}
	if len(box.Objects) == 0 {
		say(lang.X("overview.none", "None that this screen knows of."))
	}
	return newPanel(colorCard, colorEdge, box)
}

func (v *overview) signer() fyne.CanvasObject {
	r, o := &v.profile.Representative, &v.profile.Office
	f := form{changed: v.saveProfile}
	return card(
		line(boxes(
			f.text(lang.X("signer.name", "Name"), &r.Name, ""),
			f.pick(lang.X("signer.type", "Signs as"), &r.Type, []option{
				{"", lang.X("answer.unknown", "Not known")},
				{"attorney", lang.X("role.attorney", "Attorney")},
				{"full-accredited", lang.X("role.full", "Accredited representative (full)")},
				{"partial-accredited", lang.X("role.partial", "Accredited representative (partial, DHS only)")},
				{"student", lang.X("role.student", "Law student or graduate, supervised")},
				{"person", lang.X("signer.person", "The person concerned")},
				{"family", lang.X("signer.family", "Family or friend, with a privacy waiver")},
			}),
			f.text(lang.X("signer.bar", "Bar number"), &r.BarNumber, ""),
			f.text(lang.X("signer.jurisdiction", "Bar of"), &r.Jurisdiction, ""),
		)...),
		line(boxes(
			f.text(lang.X("signer.organization", "Office"), &r.Organization, ""),
			f.text(lang.X("signer.phone", "Phone"), &r.Phone, ""),
			f.text(lang.X("signer.email", "E-mail"), &r.Email, ""),
			f.text(lang.X("signer.supervisor", "Under the supervision of"), &r.Supervisor, ""),
		)...),
		line(boxes(
			f.text(lang.X("signer.address", "Address of the office"), &r.Address, ""),
			f.text(lang.X("signer.notice", "Notice on the lock screen"), &o.Notice, lang.X("signer.notice.help", "Anybody can read it, so it names no client.")),
		)...),
	)
}

func (v *overview) saveProfile() {
	v.shell.notice = v.profile.Office.Notice
	v.shell.saveProfile(v.profile, func(err error) {
		if err != nil {
			v.shell.complain(err)
			return
		}
		v.open.wrote()
	})
}
