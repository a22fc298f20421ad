package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/casefile"
	"forbear/export"
	"forbear/factors"
)

// Sent and answered: what was asked of whom, however it was asked, and what came
// back. ICE Case Review reads from here whether its turn has come.
type sentView struct {
	*caseScreen
	gate     *fyne.Container
	unsent   *fyne.Container // packets that were made here and not recorded as sent
	list     *fyne.Container
	scroller *roll
}

func newSentView(c *caseScreen) screen {
	v := &sentView{caseScreen: c, gate: newColumn(0), unsent: newColumn(2 * space), list: newColumn(3 * space)}
	v.build()
	return v
}

func (v *sentView) object() (fyne.CanvasObject, *roll) {
	v.scroller = newRoll(inset(6*space, 5*space, newColumn(4*space, v.gate, v.unsent, v.list)))
	return v.scroller, v.scroller
}

func (v *sentView) shown() {
	file := v.open.file
	inCase(v.open, func(context.Context) ([]madePacket, error) { return fetchPackets(file) }, func(packets []madePacket, err error) {
		if err != nil {
			v.shell.complain(err)
			return
		}
		v.showUnsent(packets)
	})
}

// A madePacket is a packet that was made from this case.
type madePacket struct {
	id string
	export.Packet
}

func fetchPackets(file *casefile.Case) ([]madePacket, error) {
	records, err := file.List(casefile.KindPackets)
	if err != nil {
		return nil, err
	}
	var all []madePacket
	for _, r := range records {
		var p export.Packet
		if err := json.Unmarshal(r.Body, &p); err != nil {
			return nil, fmt.Errorf("read packet record: %w", casefile.ErrDamaged)
		}
		all = append(all, madePacket{r.ID, p})
	}
	return all, nil
}

// showUnsent lists the packets that nobody has recorded as sent, so that what
// was sent is recorded from the very file.
func (v *sentView) showUnsent(packets []madePacket) {
	v.unsent.Objects = nil
	for _, p := range packets {
		if slices.ContainsFunc(v.open.doc.Requests, func(r casefile.Request) bool { return r.Packet.SHA256 == p.Copy.SHA256 }) {
			continue
		}
		to := p.Record.To
		for _, o := range recipients() {
			if o.value == to {
				to = o.label
			}
		}
		words := lang.X("sent.made", "{{.To}}, made {{.At}}, {{.Pages}} pages: not recorded as sent", map[string]any{
			"To": to, "At": p.At.In(v.shell.now().Location()).Format("Jan 2, 2006 15:04"), "Pages": p.Record.Pages,
		})
		var b *button
		b = newButton(lang.X("packet.marksent", "I have sent it today"), func() {
			b.Disable()
			v.markSent(p.id, func(string) {})
		})
		v.unsent.Add(newPanel(colorCard, colorEdge, newEnds(body(words), b)))
	}
	v.unsent.Refresh()
	v.scroller.Refresh()
}

// markSent records a packet as sent today, with its sealed copy, and takes the
// copy in as an exhibit for ICE Case Review.
func (c *caseScreen) markSent(packet string, busy func(string)) {
	o, now := c.open, c.shell.now()
	file, reader := o.file, c.shell.reader
	name := lang.X("sent.title", "Request as sent")
	type sent struct {
		request casefile.Request
		exhibit casefile.Exhibit
	}
	busy(lang.X("packet.recording", "Recording ..."))
	o.saver.whenSaved(func(err error) {
		if err != nil {
			busy("")
			return // the saver has said why
		}
		inCase(o, func(ctx context.Context) (s sent, err error) {
			s.request, err = export.MarkSent(file, packet, factors.DateOf(now), now.Format("15:04"), "")
			if err != nil || s.request.To == export.ToICR {
				return s, err
			}
			s.exhibit, err = export.RequestAsSent(ctx, file, reader, s.request, name)
			return s, err
		}, func(s sent, err error) {
			busy("")
			if s.request.ID != "" {
				o.sent(s.request)
			}
			if s.exhibit.ID != "" {
				o.doc.Exhibits = append(o.doc.Exhibits, s.exhibit)
				c.exhibitsChanged("")
			}
			if err != nil {
				c.shell.complain(err)
				return
			}
			o.wrote()
			if c.current == sectionPacket || c.current == sectionSent {
				c.choose(sectionSent)
			}
		})
	})
}

func (v *sentView) build() {
	v.showGate()
	d := &v.open.doc
	v.list.Objects = nil
	shownAny := false
	for i := range d.Requests {
		if r := &d.Requests[i]; r.How != "" || r.Answer.Form != "" {
			v.list.Add(v.request(r))
			shownAny = true
		}
	}
	if !shownAny {
		v.list.Add(card(
			strong(lang.X("sent.empty", "Nothing recorded as sent yet.")),
			body(lang.X("sent.empty.do", "When a packet is sent, record here when, to whom and how. A request made otherwise counts as well: by phone, by prior counsel, by the family.")),
		))
	}
	v.list.Refresh()
}

// showGate says whether ICE Case Review can be asked yet (practice point P6).
func (v *sentView) showGate() {
	add := func(label, how string, form string) *button {
		return newButton(label, func() {
			r := casefile.Request{ID: newID(), To: export.ToFieldOffice, How: how, Office: v.open.doc.EROOffice}
			r.Answer.Form = form
			v.open.doc.Requests = append(v.open.doc.Requests, r)
			v.open.saver.put("requests", r.ID, r)
			v.build()
		})
	}
	record := newFlow(2*space,
		add(lang.X("sent.elsewhere", "Record a request made elsewhere"), "oral", ""),
		add(lang.X("sent.custody", "Record a custody decision"), "file", "custody-decision"),
	)
	_, err := export.ICRGate(v.open.doc, casefile.Request{}, v.signerType(), v.shell.today())
	words := lang.X("gate.open", "ICE Case Review can be asked: a request and its outcome are recorded.")
	if err != nil {
		words = lang.X("gate.closed", "ICR reviews field-office decisions. Without one, it sends the case back and says it will not review it yet.")
	}
	box := newColumn(2*space, body(words))
	var gate *export.GateError
	if errors.As(err, &gate) {
		for _, g := range gate.Reasons {
			box.Add(caption("– " + gateWords(g)))
		}
	}
	box.Add(record)
	v.gate.Objects = []fyne.CanvasObject{newPanel(colorNotice, colorNoticeEdge, box)}
	v.gate.Refresh()
}

// signerType is as what the person signs, case by case or in all of them.
func (c *caseScreen) signerType() string {
	if r := c.open.doc.Representative; r.Name != "" {
		return r.Type
	}
	return c.open.vault.Profile().Representative.Type
}

func gateWords(g export.GateReason) string {
	switch g {
	case export.GateNoRequest:
		return lang.X("gate.norequest", "No request to a field office is recorded, and no custody decision.")
	case export.GateNotSent:
		return lang.X("gate.notsent", "When the request was sent is not recorded.")
	case export.GateNoRecipient:
		return lang.X("gate.norecipient", "To which office or officer the request was made is not recorded.")
	case export.GateNoAnswer:
		return lang.X("gate.noanswer", "Neither a denial nor the time without an answer is recorded.")
	case export.GateSilence:
		return lang.X("gate.silence", "For how many days or hours no answer came is not recorded.")
	case export.GateAnswerDate:
		return lang.X("gate.answerdate", "The date of the denial is not recorded.")
	case export.GateGranted:
		return lang.X("gate.granted", "What was asked has been granted.")
	case export.GateAttorneyOnly:
		return lang.X("gate.attorney", "Asking both at once because removal is near is an attorney's decision.")
	case export.GateRemovalPast:
		return lang.X("gate.removalpast", "The removal date that is recorded has passed.")
	case export.GateRemovalDate:
		return lang.X("gate.removal", "Removal is said to be near, and no removal date is recorded.")
	default:
		return string(g)
	}
}

func recipients() []option {
	return []option{
		{export.ToFieldOffice, lang.X("to.field", "ICE field office (ERO)")},
		{export.ToOPLA, lang.X("to.opla", "ICE's attorneys (OPLA)")},
		{export.ToICR, lang.X("to.icr", "ICE Case Review (ICR)")},
	}
}

func (v *sentView) request(r *casefile.Request) fyne.CanvasObject {
	f := form{changed: func() {
		v.open.saver.put("requests", r.ID, *r)
		v.showGate()
	}}
	a := &r.Answer
	exhibits := []option{{"", lang.X("answer.none", "None")}}
	for _, x := range v.open.doc.Exhibits {
		exhibits = append(exhibits, option{x.ID, short(x.Title, 40)})
	}
	remove := newButton(lang.X("button.remove", "Remove"), func() { v.onRemove(r.ID) })
	return card(
		line(boxes(
			f.pick(lang.X("sent.to", "To"), &r.To, recipients()),
			f.pick(lang.X("sent.how", "How it was made"), &r.How, []option{
				{"forbear", lang.X("how.forbear", "With a packet made here")},
				{"file", lang.X("how.file", "In writing, otherwise")},
				{"oral", lang.X("how.oral", "By phone or at the window")},
				{"prior-counsel", lang.X("how.counsel", "By prior counsel")},
				{"family", lang.X("how.family", "By the family")},
			}),
			f.text(lang.X("sent.office", "Office"), &r.Office, ""),
			f.text(lang.X("sent.officer", "Officer, if known"), &r.Officer, ""),
		)...),
		line(boxes(
			f.date(lang.X("sent.on", "Sent on"), &r.SentOn),
			f.text(lang.X("sent.time", "at (time)"), &r.SentTime, ""),
			f.text(lang.X("sent.channel", "Through (e-mail, portal, in person)"), &r.Channel, ""),
		)...),
		line(boxes(
			f.pick(lang.X("sent.answer", "Answer"), &a.Form, []option{
				{"", lang.X("sent.noneyet", "None yet")},
				{"written", lang.X("sent.written", "In writing")},
				{"oral", lang.X("sent.oral", "By phone or in words")},
				{"custody-decision", lang.X("sent.custodydecision", "A decision to continue detention")},
				{"none", lang.X("sent.silence", "No answer after a time")},
			}),
			f.date(lang.X("sent.answered", "Answered on"), &a.On),
			f.text(lang.X("sent.by", "By whom (title, as told)"), &a.By, ""),
			f.answer(lang.X("sent.grantedq", "Granted"), &a.Granted),
		)...),
		line(boxes(
			f.text(lang.X("sent.silent", "No answer for"), &a.SilentFor, lang.X("sent.silent.help", "Days or hours: 21 days, 36 hours.")),
			f.pick(lang.X("sent.exhibit", "The answer, or proof of sending"), &a.Exhibit, exhibits),
		)...),
		f.lines(lang.X("sent.reason", "Reason as given, word for word"), &a.Reason, 2, "").Container,
		v.mentioned(f, r),
		newEnds(spacer(), remove),
	)
}

// mentioned asks, for each factor that left, what the answer says about it.
func (v *sentView) mentioned(f form, r *casefile.Request) fyne.CanvasObject {
	box := newColumn(space)
	if len(r.Argued) > 0 {
		box.Add(f.tick(lang.X("sent.readfor", "I read the answer for each of these"), &r.Answer.ReadFor))
	}
	for _, id := range r.Argued {
		rule, ok := v.shell.lib.Rule(id)
		if !ok {
			continue
		}
		words := r.Answer.Mentioned[id]
		set := f
		set.changed = func() {
			if r.Answer.Mentioned == nil {
				r.Answer.Mentioned = map[string]string{}
			}
			if words == "" {
				delete(r.Answer.Mentioned, id)
			} else {
				r.Answer.Mentioned[id] = words
			}
			f.changed()
		}
		fl := set.text(lang.X("sent.mentioned", "What the answer says of: {{.What}}", map[string]any{"What": rule.Title}), &words, lang.X("sent.mentioned.help", "Empty: not mentioned."))
		box.Add(fl.Container)
	}
	return box
}

func (v *sentView) onRemove(id string) {
	v.shell.ask(lang.X("sent.remove.title", "Remove this request?"),
		body(lang.X("sent.remove.words", "It goes into this case's trash. What was sent stays sent.")),
		lang.X("button.remove", "Remove"), lang.X("button.keep", "Keep"), func(yes bool) {
			if !yes {
				return
			}
			d := &v.open.doc
			for i, r := range d.Requests {
				if r.ID == id {
					d.Requests = append(d.Requests[:i:i], d.Requests[i+1:]...)
					break
				}
			}
			v.open.saver.drop("requests", id)
			v.build()
		})
}

// isDraft reports a request that nobody has sent or recorded yet.
func isDraft(r casefile.Request) bool {
	return r.How == "" && r.Answer.Form == "" && r.Answer.Granted == factors.Unknown
}
