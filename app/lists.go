package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/factors"
)

// This file describes the lists of the intake: which fields an element has, and
// in what order a person would be asked for them.

// A listOf is one list of the case document on the screen.
type listOf[T any] struct {
	kind   string // the list's name in the case document
	add    string // words of the button that adds one
	list   *[]T
	id     func(*T) *string
	fields func(f form, e *T) fyne.CanvasObject
}

// editList is the list as cards, one per element, each saved by itself.
func editList[T any](v *intakeView, l listOf[T]) fyne.CanvasObject {
	box := newColumn(2 * space)
	for i := range *l.list {
		e := &(*l.list)[i]
		id := l.id(e)
		if *id == "" {
			*id = newID()
		}
		f := form{changed: func() { v.open.saver.put(l.kind, *id, *e) }}
		remove := newButton(lang.X("button.remove", "Remove"), func() {
			gone := *id
			*l.list = append((*l.list)[:i:i], (*l.list)[i+1:]...)
			v.open.saver.drop(l.kind, gone)
			v.build()
		})
		box.Add(card(l.fields(f, e), newEnds(spacer(), remove)))
	}
	if len(*l.list) == 0 {
		box.Add(v.noneOf(l.kind))
	}
	box.Add(newFlow(0, newButton(l.add, func() {
		var e T
		*l.id(&e) = newID()
		*l.list = append(*l.list, e)
		delete(v.open.doc.Answers, l.kind)
		v.build()
	})))
	return box
}

// knownFields are the two fields that belong to everything that could be held against
// the client: whether ICE has it, and from where.
func knownFields(f form, k *factors.Known) []*field {
	return []*field{
		f.answer(lang.X("known.ice", "Does ICE have this?"), &k.ToGov),
		f.text(lang.X("known.from", "From where (NTA, RAP sheet, docket)"), &k.From, ""),
	}
}

func (v *intakeView) entries() fyne.CanvasObject {
	return editList(v, listOf[factors.Entry]{
		kind: "entries", add: lang.X("entries.add", "+ Add an entry"), list: &v.open.doc.Entries,
		id: func(e *factors.Entry) *string { return &e.ID },
		fields: func(f form, e *factors.Entry) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.date(lang.X("entries.date", "Entered on"), &e.Date),
					f.text(lang.X("entries.place", "Where"), &e.Place, ""),
					f.pick(lang.X("entries.manner", "How"), &e.Manner, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{factors.WithoutInspection, lang.X("entries.ewi", "Without inspection")},
						{factors.Admitted, lang.X("entries.admitted", "Admitted (visa or waiver)")},
						{factors.Paroled, lang.X("entries.paroled", "Paroled")},
						{factors.FalseClaim, lang.X("entries.falseclaim", "False claim or document")},
					}),
					f.pick(lang.X("entries.apprehended", "Stopped by officers"), &e.Apprehended, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{factors.ApprehendedAtBorder, lang.X("entries.border", "At the border or a port")},
						{factors.ApprehendedInside, lang.X("entries.inside", "Inside the country, later")},
						{factors.NotApprehended, lang.X("answer.no", "No")},
					}),
				)...),
				line(boxes(append(knownFields(f, &e.Known), f.text(lang.X("entries.status", "Status given"), &e.Status, ""))...)...),
			)
		},
	})
}

func (v *intakeView) relatives() fyne.CanvasObject {
	return editList(v, listOf[factors.Relative]{
		kind: "relatives", add: lang.X("relatives.add", "+ Add a relative"), list: &v.open.doc.Relatives,
		id: func(e *factors.Relative) *string { return &e.ID },
		fields: func(f form, e *factors.Relative) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.pick(lang.X("relatives.relation", "Who"), &e.Relation, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"child", lang.X("relatives.child", "Child")},
						{"spouse", lang.X("relatives.spouse", "Spouse or partner")},
						{"parent", lang.X("relatives.parent", "Parent")},
						{"sibling", lang.X("relatives.sibling", "Brother or sister")},
						{"other", lang.X("relatives.other", "Other")},
					}),
					f.text(lang.X("relatives.name", "Name"), &e.Name, lang.X("relatives.name.help", "Stays in this file unless it is ticked below.")),
					f.date(lang.X("relatives.born", "Born"), &e.DateOfBirth),
					f.pick(lang.X("relatives.status", "Status"), &e.Status, []option{
						{"", lang.X("reason.notasked", "Not asked")},
						{"citizen", lang.X("relatives.citizen", "US citizen")},
						{"lpr", lang.X("relatives.lpr", "Permanent resident")},
						{"other", lang.X("relatives.other", "Other")},
						{"do-not-ask", lang.X("reason.donotask", "Do not ask again")},
					}),
				)...),
				line(boxes(
					f.answer(lang.X("relatives.lives", "Lives with the client"), &e.LivesWith),
					f.answer(lang.X("relatives.cares", "Client is a main caretaker"), &e.Caretaking),
					f.text(lang.X("relatives.condition", "Illness or disability"), &e.Condition, ""),
					f.answer(lang.X("relatives.deceased", "Has died"), &e.Deceased),
				)...),
				v.mayBeNamed(e.ID),
			)
		},
	})
}

// mayBeNamed is the decision that lets a relative's name stand in a packet.
func (v *intakeView) mayBeNamed(id string) fyne.CanvasObject {
	subject := "relatives/" + id
	t := newTick(lang.X("relatives.named", "Agreed to be named in the packet"), v.open.decision(subject).SecondLook != "", func(on bool) {
		d := v.open.decision(subject)
		d.SecondLook = ""
		if on {
			d.SecondLook = v.open.vault.Me().Name
		}
		v.open.decide(d)
	})
	if !v.decides() {
		t.Disable()
	}
	return t
}

func (v *intakeView) health() fyne.CanvasObject {
	return editList(v, listOf[factors.Health]{
		kind: "health", add: lang.X("health.add", "+ Add a condition"), list: &v.open.doc.Health,
		id: func(e *factors.Health) *string { return &e.ID },
		fields: func(f form, e *factors.Health) fyne.CanvasObject {
			if e.Person == "" {
				e.Person = "client"
			}
			people := []option{{"client", lang.X("health.client", "The client")}}
			for _, r := range v.open.doc.Relatives {
				name := r.Name
				if name == "" {
					name = r.Relation
				}
				people = append(people, option{r.ID, name})
			}
			return line(boxes(
				f.pick(lang.X("health.person", "Whose"), &e.Person, people),
				f.pick(lang.X("health.kind", "Kind"), &e.Kind, []option{
					{"", lang.X("answer.unknown", "Not known")},
					{"physical", lang.X("health.physical", "Physical")},
					{"mental", lang.X("health.mental", "Mental")},
					{"pregnancy", lang.X("health.pregnancy", "Pregnancy")},
					{"nursing", lang.X("health.nursing", "Nursing")},
					{"disability", lang.X("health.disability", "Disability")},
				}),
				f.text(lang.X("health.title", "In the papers' words"), &e.Title, ""),
				f.answer(lang.X("health.serious", "Serious, says a clinician"), &e.Serious),
				f.answer(lang.X("health.certified", "In writing"), &e.Certified),
				f.date(lang.X("health.since", "Since"), &e.Since),
			)...)
		},
	})
}

func (v *intakeView) disputes() fyne.CanvasObject {
	return editList(v, listOf[factors.Dispute]{
		kind: "disputes", add: lang.X("disputes.add", "+ Add a dispute"), list: &v.open.doc.Disputes,
		id: func(e *factors.Dispute) *string { return &e.ID },
		fields: func(f form, e *factors.Dispute) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.pick(lang.X("disputes.kind", "Kind"), &e.Kind, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"labor", lang.X("disputes.labor", "Labor")},
						{"housing", lang.X("disputes.housing", "Housing")},
					}),
					f.text(lang.X("disputes.matter", "About what"), &e.Matter, ""),
					f.text(lang.X("disputes.agency", "Agency"), &e.Agency, ""),
					f.text(lang.X("disputes.against", "Against whom"), &e.Against, ""),
				)...),
				line(boxes(
					f.date(lang.X("disputes.complaint", "Complaint made"), &e.ComplaintDate),
					f.answer(lang.X("disputes.pending", "Still open"), &e.Pending),
					f.text(lang.X("disputes.activity", "Protected activity"), &e.ProtectedActivity, lang.X("disputes.activity.help", "Complained, testified, organized ...")),
					f.answer(lang.X("disputes.letter", "Letter from the agency"), &e.AgencyLetter),
				)...),
				line(boxes(
					f.text(lang.X("disputes.retaliation", "Retaliation"), &e.Retaliation, ""),
					f.date(lang.X("disputes.retaliation.date", "When"), &e.RetaliationDate),
					f.answer(lang.X("disputes.tip", "Tip to officers suspected"), &e.TipSuspected),
					f.text(lang.X("disputes.crime", "Crime at work"), &e.CrimeAtWork, ""),
				)...),
			)
		},
	})
}

func (v *intakeView) roleList() fyne.CanvasObject {
	return editList(v, listOf[factors.Role]{
		kind: "roles", add: lang.X("roles.add", "+ Add a role"), list: &v.open.doc.Roles,
		id: func(e *factors.Role) *string { return &e.ID },
		fields: func(f form, e *factors.Role) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.pick(lang.X("roles.kind", "As"), &e.Kind, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"witness", lang.X("roles.witness", "Witness")},
						{"victim", lang.X("roles.victim", "Victim")},
						{"party", lang.X("roles.party", "Party")},
					}),
					f.text(lang.X("roles.matter", "In what"), &e.Matter, ""),
					f.text(lang.X("roles.forum", "Before whom"), &e.Forum, ""),
					f.date(lang.X("roles.since", "Since"), &e.Since),
					f.answer(lang.X("roles.pending", "Still open"), &e.Pending),
				)...),
				f.tick(lang.X("roles.1367", "Protected under 8 USC 1367"), &e.Protected),
			)
		},
	})
}

func (v *intakeView) ties() fyne.CanvasObject {
	return editList(v, listOf[factors.Tie]{
		kind: "communityTies", add: lang.X("ties.add", "+ Add a tie"), list: &v.open.doc.Ties,
		id: func(e *factors.Tie) *string { return &e.ID },
		fields: func(f form, e *factors.Tie) fyne.CanvasObject {
			return line(boxes(
				f.pick(lang.X("ties.kind", "Kind"), &e.Kind, []option{
					{"", lang.X("answer.unknown", "Not known")},
					{"work", lang.X("ties.work", "Work")},
					{"church", lang.X("ties.church", "Church")},
					{"volunteering", lang.X("ties.volunteering", "Volunteering")},
					{"school", lang.X("ties.school", "School")},
					{"taxes", lang.X("ties.taxes", "Taxes")},
					{"home", lang.X("ties.home", "Home")},
					{"other", lang.X("relatives.other", "Other")},
				}),
				f.text(lang.X("ties.title", "What"), &e.Title, ""),
				f.date(lang.X("ties.since", "Since"), &e.Since),
			)...)
		},
	})
}

func (v *intakeView) offenses() fyne.CanvasObject {
	return editList(v, listOf[factors.Offense]{
		kind: "offenses", add: lang.X("offenses.add", "+ Add a conviction"), list: &v.open.doc.Offenses,
		id: func(e *factors.Offense) *string { return &e.ID },
		fields: func(f form, e *factors.Offense) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.text(lang.X("offenses.title", "Offense, in the record's words"), &e.Title, ""),
					f.text(lang.X("offenses.statute", "Statute"), &e.Statute, ""),
					f.text(lang.X("offenses.where", "Court and place"), &e.Jurisdiction, ""),
					f.pick(lang.X("offenses.degree", "Degree in the record"), &e.Degree, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{factors.Felony, lang.X("offenses.felony", "Felony")},
						{factors.Misdemeanor, lang.X("offenses.misdemeanor", "Misdemeanor")},
						{factors.Infraction, lang.X("offenses.infraction", "Infraction")},
						{factors.TrafficOffense, lang.X("offenses.traffic", "Minor traffic")},
					}),
				)...),
				line(boxes(
					f.date(lang.X("offenses.date", "Offense on"), &e.OffenseDate),
					f.date(lang.X("offenses.convicted", "Convicted on"), &e.ConvictionDate),
					f.number(lang.X("offenses.imposed", "Sentence, days"), &e.SentenceImposedDays),
					f.number(lang.X("offenses.served", "Served, days"), &e.ServedDays),
				)...),
				line(boxes(
					f.date(lang.X("offenses.released", "Released on"), &e.ReleaseDate),
					f.pick(lang.X("offenses.after", "Afterwards"), &e.PostConviction, []option{
						{"", lang.X("reason.notasked", "Not asked")},
						{"none", lang.X("offenses.stands", "Stands")},
						{"vacated", lang.X("offenses.vacated", "Vacated")},
						{"expunged", lang.X("offenses.expunged", "Expunged")},
					}),
					f.answer(lang.X("offenses.weapon", "Weapon used"), &e.WeaponUsed),
					f.text(lang.X("offenses.rehab", "Done since (class, treatment)"), &e.Rehabilitation, ""),
				)...),
				line(boxes(append(knownFields(f, &e.Known), f.text(lang.X("offenses.incident", "Incident"), &e.Incident, lang.X("offenses.incident.help", "Same word, same incident.")))...)...),
			)
		},
	})
}

func (v *intakeView) arrests() fyne.CanvasObject {
	return editList(v, listOf[factors.Arrest]{
		kind: "arrests", add: lang.X("arrests.add", "+ Add an arrest or charge"), list: &v.open.doc.Arrests,
		id: func(e *factors.Arrest) *string { return &e.ID },
		fields: func(f form, e *factors.Arrest) fyne.CanvasObject {
			return line(boxes(append([]*field{
				f.text(lang.X("arrests.title", "For what"), &e.Title, ""),
				f.date(lang.X("arrests.date", "On"), &e.Date),
				f.pick(lang.X("arrests.outcome", "Outcome"), &e.Outcome, []option{
					{"", lang.X("answer.unknown", "Not known")},
					{"dismissed", lang.X("arrests.dismissed", "Dismissed")},
					{"not-prosecuted", lang.X("arrests.notprosecuted", "Not prosecuted")},
					{"pending", lang.X("stage.pending", "Pending")},
				}),
			}, knownFields(f, &e.Known)...)...)...)
		},
	})
}

func (v *intakeView) orders() fyne.CanvasObject {
	return editList(v, listOf[factors.Order]{
		kind: "orders", add: lang.X("orders.add", "+ Add an order"), list: &v.open.doc.Orders,
		id: func(e *factors.Order) *string { return &e.ID },
		fields: func(f form, e *factors.Order) fyne.CanvasObject {
			return line(boxes(append([]*field{
				f.pick(lang.X("orders.kind", "Kind"), &e.Kind, []option{
					{"", lang.X("answer.unknown", "Not known")},
					{"removal", lang.X("orders.removal", "Removal")},
					{"exclusion", lang.X("orders.exclusion", "Exclusion")},
					{"deportation", lang.X("orders.deportation", "Deportation")},
					{"voluntary-departure", lang.X("orders.voluntary", "Voluntary departure")},
					{"expedited", lang.X("orders.expedited", "Expedited removal")},
				}),
				f.date(lang.X("orders.date", "Dated"), &e.Date),
				f.answer(lang.X("orders.final", "Final"), &e.Final),
				f.text(lang.X("orders.appeal", "Appeal"), &e.Appeal, ""),
			}, knownFields(f, &e.Known)...)...)...)
		},
	})
}

func (v *intakeView) adverse() fyne.CanvasObject {
	return editList(v, listOf[factors.Adverse]{
		kind: "adverse", add: lang.X("adverse.add", "+ Add a matter"), list: &v.open.doc.Adverse,
		id: func(e *factors.Adverse) *string { return &e.ID },
		fields: func(f form, e *factors.Adverse) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(append([]*field{
					f.text(lang.X("adverse.title", "What"), &e.Title, ""),
					f.pick(lang.X("adverse.kind", "Kind"), &e.Kind, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"other-name", lang.X("adverse.othername", "Another name used")},
						{"allegation", lang.X("adverse.allegation", "Allegation")},
						{"gang-allegation", lang.X("adverse.gang", "Gang allegation")},
						{"alcohol", lang.X("adverse.alcohol", "Alcohol")},
						{"other", lang.X("relatives.other", "Other")},
					}),
					f.date(lang.X("arrests.date", "On"), &e.Date),
				}, knownFields(f, &e.Known)...)...)...),
				f.tick(lang.X("adverse.internal", "Never leaves, whatever is decided"), &e.Internal),
			)
		},
	})
}

func (v *intakeView) relief() fyne.CanvasObject {
	return editList(v, listOf[factors.Relief]{
		kind: "reliefPending", add: lang.X("relief.add", "+ Add relief"), list: &v.open.doc.Relief,
		id: func(e *factors.Relief) *string { return &e.ID },
		fields: func(f form, e *factors.Relief) fyne.CanvasObject {
			return newColumn(2*space,
				line(boxes(
					f.pick(lang.X("relief.kind", "Kind"), &e.Kind, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"asylum", lang.X("relief.asylum", "Asylum")},
						{"withholding", lang.X("relief.withholding", "Withholding")},
						{"cancellation", lang.X("relief.cancellation", "Cancellation")},
						{"adjustment", lang.X("relief.adjustment", "Adjustment")},
						{"u", "U"},
						{"t", "T"},
						{"vawa", "VAWA"},
						{"tps", "TPS"},
						{"other", lang.X("relatives.other", "Other")},
					}),
					f.date(lang.X("relief.filed", "Filed"), &e.Filed),
					f.pick(lang.X("relief.status", "Status"), &e.Status, []option{
						{"", lang.X("answer.unknown", "Not known")},
						{"pending", lang.X("stage.pending", "Pending")},
						{"granted", lang.X("relief.granted", "Granted")},
						{"denied", lang.X("relief.denied", "Denied")},
						{"not-filed", lang.X("relief.notfiled", "Not filed")},
					}),
				)...),
				f.tick(lang.X("roles.1367", "Protected under 8 USC 1367"), &e.Protected),
			)
		},
	})
}
