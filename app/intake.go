package main

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
	"forbear/factors"
)

// The intake is one long form. Nothing in it has to be filled in, each field is
// saved by itself, and an empty list says whether anybody has asked.
type intakeView struct {
	*caseScreen
	content  *fyne.Container
	scroller *roll
}

func newIntake(c *caseScreen) screen {
	v := &intakeView{caseScreen: c, content: newColumn(4 * space)}
	v.build()
	return v
}

func (v *intakeView) object() (fyne.CanvasObject, *roll) {
	v.scroller = newRoll(inset(6*space, 5*space, v.content))
	return v.scroller, v.scroller
}

func (v *intakeView) shown() {}

func (v *intakeView) changedClient() {
	v.open.changedClient()
	v.tell()
}

// block is a part of the form under its heading.
func block(name string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	h := newText(name, sizeHeading, colorText)
	h.style.Bold = true
	return newColumn(2*space, append([]fyne.CanvasObject{h}, objects...)...)
}

func (v *intakeView) build() {
	d := &v.open.doc
	f := form{changed: v.changedClient}
	v.content.Objects = []fyne.CanvasObject{
		block(lang.X("intake.who", "Who"), v.names(f, d), newAbreast(2*space, 360, v.numbers(), v.aliases())),
		block(lang.X("intake.birth", "Birth and citizenship"), card(
			line(boxes(
				f.date(lang.X("intake.dob", "Date of birth"), &d.DateOfBirth),
				f.text(lang.X("intake.born", "Country of birth"), &d.CountryOfBirth, ""),
				f.text(lang.X("intake.citizen", "Country of citizenship"), &d.CountryOfCitizenship, ""),
				f.date(lang.X("intake.lpr", "Permanent resident since"), &d.LPRSince),
			)...),
		)),
		block(lang.X("intake.languages", "Languages"), v.languages(f)),
		block(lang.X("intake.custody", "Custody and court"), v.custody(f, d)),
		block(lang.X("intake.entries", "Entries"), v.entries()),
		block(lang.X("intake.relatives", "Family"), v.relatives()),
		block(lang.X("intake.health", "Health"), v.health()),
		block(lang.X("intake.disputes", "Labor or housing disputes"), v.disputes()),
		block(lang.X("intake.roles", "Victim, witness or party"), v.roleList()),
		block(lang.X("intake.ties", "Ties here"), v.ties()),
		block(lang.X("intake.offenses", "Convictions"), v.offenses()),
		block(lang.X("intake.arrests", "Arrests and charges without a conviction"), v.arrests()),
		block(lang.X("intake.orders", "Orders of removal"), v.orders()),
		block(lang.X("intake.adverse", "Anything else that could be held against the client"), v.adverse()),
		block(lang.X("intake.relief", "Relief asked for elsewhere"), v.relief()),
	}
	v.content.Refresh()
}

func (v *intakeView) names(f form, d *casefile.Document) fyne.CanvasObject {
	invented := f.tick(lang.X("intake.invented", "Invented client: every page says so"), &d.Invented)
	protected := f.tick(lang.X("intake.1367", "The file holds material under 8 USC 1367 (U, T, VAWA)"), &d.Protected1367)
	return card(
		line(boxes(
			f.text(lang.X("intake.family", "Family names"), &d.FamilyName, lang.X("intake.family.help", "As the papers write them, all of them.")),
			f.text(lang.X("intake.given", "Given name"), &d.GivenName, ""),
			f.text(lang.X("intake.middle", "Other given names"), &d.MiddleName, ""),
			f.text(lang.X("intake.gender", "Gender, as the client says"), &d.Gender, ""),
		)...),
		newFlow(6*space, invented, protected),
	)
}

func (v *intakeView) aliases() fyne.CanvasObject {
	d := &v.open.doc
	return v.lines(lang.X("intake.aliases", "Other names in papers"), lang.X("intake.alias.add", "+ Add a name"), len(d.Aliases),
		func(i int) *string { return &d.Aliases[i].Name },
		func() { d.Aliases = append(d.Aliases, casefile.Alias{ID: newID()}) },
		func(i int) { d.Aliases = append(d.Aliases[:i:i], d.Aliases[i+1:]...) })
}

// lines is a card of single-line values that can be added and taken away.
func (v *intakeView) lines(name, add string, n int, value func(int) *string, more func(), less func(int)) fyne.CanvasObject {
	box := newColumn(space, caption(name))
	for i := range n {
		p := value(i)
		e := newEntry(func(s string) {
			*p = strings.TrimSpace(s)
			v.changedClient()
		})
		e.put(*p)
		remove := newButton(lang.X("button.remove", "Remove"), func() {
			less(i)
			v.changedClient()
			v.build()
		})
		box.Add(container.NewBorder(nil, nil, nil, remove, e))
	}
	box.Add(newFlow(0, newButton(add, func() {
		more()
		v.build()
	})))
	return newPanel(colorCard, colorEdge, box)
}

// numbers are the A-numbers. Anything that is not nine digits stays in its field
// with a word about it, and is not saved.
func (v *intakeView) numbers() fyne.CanvasObject {
	d := &v.open.doc
	box := newColumn(space, caption(lang.X("intake.anumbers", "A-numbers, the first one primary")))
	if len(d.ANumbers) == 0 && !d.NoANumber {
		box.Add(v.number(0, ""))
	}
	for i, n := range d.ANumbers {
		box.Add(v.number(i, n))
	}
	add := newButton(lang.X("intake.anumber.add", "+ Add an A-number"), func() {
		d.ANumbers = append(d.ANumbers, "")
		v.build()
	})
	none := newTick(lang.X("intake.anumber.none", "None assigned"), d.NoANumber, func(on bool) {
		d.NoANumber = on
		v.changedClient()
	})
	box.Add(newFlow(4*space, add, none))
	return newPanel(colorCard, colorEdge, box)
}

func (v *intakeView) number(i int, value string) fyne.CanvasObject {
	d := &v.open.doc
	wrong := newText("", sizeCaption, colorTrouble)
	wrong.Hide()
	e := newEntry(func(s string) {
		digits, ok := nineDigits(s)
		switch {
		case !ok:
			wrong.set(lang.X("intake.anumber.wrong", "An A-number has nine digits; with eight, write a 0 in front."))
			return
		case digits == "" && len(d.ANumbers) <= i:
			wrong.set("")
			return
		}
		wrong.set("")
		for len(d.ANumbers) <= i {
			d.ANumbers = append(d.ANumbers, "")
		}
		d.ANumbers[i] = digits
		v.changedClient()
	})
	e.SetPlaceHolder("A 000-000-000")
	e.put(aNumber(value))
	return newColumn(space/2, e, wrong)
}

// nineDigits reads an A-number as people write them. The empty string is fine.
func nineDigits(s string) (digits string, ok bool) {
	s = strings.TrimSpace(s)
	s = strings.TrimLeft(s, "Aa# ")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '-' || r == ' ' || r == '.':
		default:
			return "", false
		}
	}
	return b.String(), b.Len() == 0 || b.Len() == 9
}

func (v *intakeView) languages(f form) fyne.CanvasObject {
	d := &v.open.doc
	box := newColumn(2 * space)
	for i := range d.Languages {
		l := &d.Languages[i]
		remove := newButton(lang.X("button.remove", "Remove"), func() {
			d.Languages = append(d.Languages[:i:i], d.Languages[i+1:]...)
			v.changedClient()
			v.build()
		})
		box.Add(line(append(boxes(
			f.text(lang.X("intake.language", "Language, dialect, town"), &l.Name, ""),
			f.answer(lang.X("intake.speaks", "Speaks"), &l.Speaks),
			f.answer(lang.X("intake.understands", "Understands"), &l.Understands),
			f.answer(lang.X("intake.reads", "Reads"), &l.Reads),
		), newField("", newFlow(0, remove), "").Container)...))
	}
	box.Add(newFlow(4*space, newButton(lang.X("intake.language.add", "+ Add a language"), func() {
		d.Languages = append(d.Languages, casefile.Language{})
		v.build()
	})))
	box.Add(narrow(260, f.answer(lang.X("intake.interpreter", "Interpreter needed"), &d.InterpreterNeeded).Container))
	return newPanel(colorCard, colorEdge, box)
}

func (v *intakeView) custody(f form, d *casefile.Document) fyne.CanvasObject {
	return card(
		line(append(boxes(
			f.text(lang.X("intake.facility", "Facility"), &d.FacilityName, ""),
			f.text(lang.X("intake.city", "City"), &d.FacilityCity, ""),
			f.text(lang.X("intake.state", "State"), &d.FacilityState, ""),
		), v.asked(f, "detained", lang.X("intake.detained", "Detained"), &d.Detained))...),
		line(boxes(
			f.date(lang.X("intake.bookin", "Detained since"), &d.BookInDate),
			f.pick(lang.X("intake.authority", "Held under"), &d.CustodyAuthority, []option{
				{"", lang.X("answer.unknown", "Not known")},
				{"236(a)", "INA 236(a)"},
				{"236(c)", "INA 236(c)"},
				{"235(b)(1)", "INA 235(b)(1)"},
				{"235(b)(2)", "INA 235(b)(2)"},
				{"241", "INA 241"},
			}),
			f.pick(lang.X("intake.stage", "Proceedings"), &d.ProceedingStage, stageOptions()),
			f.text(lang.X("intake.ero", "ERO field office"), &d.EROOffice, ""),
		)...),
		line(boxes(
			f.text(lang.X("intake.court", "Immigration court"), &d.Court, ""),
			f.text(lang.X("intake.judge", "Judge"), &d.Judge, ""),
			f.date(lang.X("intake.hearing", "Next hearing"), &d.NextHearing.Date),
			f.text(lang.X("intake.hearing.type", "Kind of hearing"), &d.NextHearing.Type, ""),
		)...),
		line(append(boxes(
			f.date(lang.X("intake.removal", "Removal scheduled on"), &d.RemovalDate),
			f.text(lang.X("intake.removal.time", "at (time)"), &d.RemovalTime, ""),
		),
			v.asked(f, "flightRisk", lang.X("intake.appointments", "Missed an appointment or a hearing"), &d.FlightRisk),
			v.asked(f, "danger", lang.X("intake.danger", "Anything that points to danger to others"), &d.Danger),
		)...),
		line(boxes(
			f.date(lang.X("intake.g28", "G-28 filed on"), &d.G28.Date),
			f.text(lang.X("intake.g28.via", "G-28 filed through"), &d.G28.FiledVia, lang.X("intake.g28.help", "A G-28 filed online is not visible to the facility: bring a copy.")),
			f.text(lang.X("intake.address", "Address of the client"), &d.Address, lang.X("intake.address.help", "Stays in this file unless you put it in.")),
		)...),
	)
}

func stageOptions() []option {
	return []option{
		{"", lang.X("answer.unknown", "Not known")},
		{"none", stageWords("none")},
		{"pre-filing", stageWords("pre-filing")},
		{"pending", stageWords("pending")},
		{"appeal", stageWords("appeal")},
		{"final-order", stageWords("final-order")},
		{"court-review", stageWords("court-review")},
	}
}

func stageWords(stage string) string {
	switch stage {
	case "none":
		return lang.X("stage.none", "None")
	case "pre-filing":
		return lang.X("stage.prefiling", "NTA not filed")
	case "pending":
		return lang.X("stage.pending", "Pending")
	case "appeal":
		return lang.X("stage.appeal", "On appeal")
	case "final-order":
		return lang.X("stage.final", "Final order")
	case "court-review":
		return lang.X("stage.review", "Court review")
	default:
		return stage
	}
}

// reasons are the ways of having no answer (practice point P18).
func reasons() []option {
	return []option{
		{string(factors.NotAsked), lang.X("reason.notasked", "Not asked")},
		{string(factors.NotKnown), lang.X("reason.notknown", "Asked: client does not know")},
		{string(factors.PrefersNotToSay), lang.X("reason.prefers", "Asked: prefers not to say")},
		{string(factors.DoNotAskAgain), lang.X("reason.donotask", "Do not ask again")},
	}
}

// setAsked records why a fact has no value, or that somebody was asked and said
// no; who and when are taken from who is signed in and from today.
func (v *intakeView) setAsked(path string, a factors.Asked) {
	d := &v.open.doc
	if a == (factors.Asked{}) || a.Reason == factors.NotAsked && a.Answer == factors.Unknown {
		delete(d.Answers, path)
	} else {
		if d.Answers == nil {
			d.Answers = map[string]factors.Asked{}
		}
		a.By, a.On = v.open.vault.Me().Name, v.shell.today()
		d.Answers[path] = a
	}
	v.changedClient()
}

// asked is a field for a yes or no that also takes the reasons for neither.
func (v *intakeView) asked(_ form, path, name string, value *factors.Answer) *fyne.Container {
	options := append(answerOptions()[1:], reasons()...)
	current := string(factors.NotAsked)
	if *value != factors.Unknown {
		current = value.String()
	} else if r := v.open.doc.Answers[path].Reason; r != "" {
		current = string(r)
	}
	c := newChoice(options, current, func(choice string) {
		*value = answerOf(choice)
		a := factors.Asked{Answer: *value}
		if *value == factors.Unknown {
			a.Reason = factors.Reason(choice)
		}
		v.setAsked(path, a)
	})
	return newField(name, c, "").Container
}

// noneOf stands where a list is empty: it records whether somebody asked.
func (v *intakeView) noneOf(path string) fyne.CanvasObject {
	const none = "no"
	current := string(factors.NotAsked)
	if a, ok := v.open.doc.Answers[path]; ok {
		switch {
		case a.Answer == factors.No:
			current = none
		case a.Reason != "":
			current = string(a.Reason)
		}
	}
	options := append(reasons(), option{none, lang.X("reason.none", "Asked: none")})
	c := newChoice(options, current, func(choice string) {
		if choice == none {
			v.setAsked(path, factors.Asked{Answer: factors.No})
			return
		}
		v.setAsked(path, factors.Asked{Reason: factors.Reason(choice)})
	})
	return narrow(340, newField(lang.X("intake.none", "Nothing here yet"), c, lang.X("intake.none.help", "An empty list is not a no. Only an asked no is.")).Container)
}
