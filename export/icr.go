package export

import (
	"fmt"
	"slices"
	"strings"

	"forbear/casefile"
	"forbear/factors"
)

// A Review is what a packet to ICE Case Review says of the decision under
// review (practice point P31).
type Review struct {
	Urgent   string     `json:"urgent,omitempty"` // the first line: detained, or removal scheduled
	Decision []Outgoing `json:"decision"`
	Table    []Shown    `json:"table"`

	// Answers is set when there is an answer whose words the table can give.
	// Without one a sentence stands in place of that column.
	Answers bool `json:"answers"`

	New []Outgoing `json:"new,omitempty"`
}

// Shown is one row: a factor that left in the request, and what came of it.
type Shown struct {
	Rule  string   `json:"rule"`
	What  Outgoing `json:"what"`
	Where Outgoing `json:"where"`
	Said  Outgoing `json:"said,omitzero"`
}

// IsZero reports an outgoing sentence that says nothing.
func (o Outgoing) IsZero() bool { return len(o.spans) == 0 }

// ICRGate tells whether ICE Case Review may be asked, and about which decision.
// It needs one of: a request made with Forbear, a request made otherwise, or a
// field-office decision to continue detention; and then a denial, or no answer
// after a time that a person typed. The one exception is an attorney's: removal
// is near, and both are asked at the same time (practice point P6).
//
// The error is a [GateError].
func ICRGate(doc casefile.Document, review casefile.Request, signer string) (casefile.Request, error) {
	near := strings.TrimSpace(review.NearRemoval) != ""
	var reasons []GateReason
	// The newest request counts; an older one only when the newer cannot be
	// reviewed. Requests are in the order in which they were recorded.
	for i := len(doc.Requests) - 1; i >= 0; i-- {
		r := doc.Requests[i]
		if r.To == ToICR || r.To == ToOPLA || (r.ID != "" && r.ID == review.ID) {
			continue
		}
		why := gateReasons(r)
		if near {
			why = slices.DeleteFunc(why, func(g GateReason) bool {
				return g == GateNoAnswer || g == GateSilence || g == GateAnswerDate
			})
			if signer != "attorney" {
				why = append(why, GateAttorneyOnly)
			}
			if doc.RemovalDate.IsZero() {
				why = append(why, GateRemovalDate)
			}
		}
		if len(why) == 0 {
			return r, nil
		}
		if reasons == nil {
			reasons = why
		}
	}
	if reasons == nil {
		reasons = []GateReason{GateNoRequest}
	}
	return casefile.Request{}, &GateError{Reasons: reasons}
}

// gateReasons lists what a request to a field office lacks before its outcome
// can be reviewed.
func gateReasons(r casefile.Request) []GateReason {
	var why []GateReason
	// A decision to continue detention needs no request: it is reviewed itself.
	if r.Answer.Form != "custody-decision" {
		switch r.How {
		case "forbear", "file", "oral", "prior-counsel", "family":
			if r.SentOn.IsZero() {
				why = append(why, GateNotSent)
			}
			if r.How != "forbear" && strings.TrimSpace(r.Office+r.Officer) == "" {
				why = append(why, GateNoRecipient)
			}
		default:
			return []GateReason{GateNotSent}
		}
	}
	if r.Answer.Granted == factors.Yes {
		return append(why, GateGranted)
	}
	switch r.Answer.Form {
	case "written", "oral", "custody-decision":
		if r.Answer.On.IsZero() {
			why = append(why, GateAnswerDate)
		}
	case "none":
		if !strings.ContainsAny(r.Answer.SilentFor, "123456789") {
			why = append(why, GateSilence)
		}
	default:
		why = append(why, GateNoAnswer)
	}
	return why
}

// icrExhibit says why an exhibit stays out of an ICR packet, or nothing. The
// request as it was sent goes in whole, and so what was in it does not come a
// second time.
func (p *Plan) icrExhibit(x casefile.Exhibit, in Input, decided casefile.Request) string {
	switch {
	case x.Role == RoleRequest:
		if decided.Packet.SHA256 != "" && x.Original.SHA256 != decided.Packet.SHA256 {
			return "another request than the one under review"
		}
	case x.Role == RoleAnswer:
		if decided.Answer.Exhibit != "" && x.ID != decided.Answer.Exhibit {
			return "belongs to another request"
		}
	case x.Role == RoleLetter:
		return "a review has a letter of its own"
	case x.Role == RoleG28 || x.Role == RolePrivacy:
	case in.Sent != nil && slices.Contains(in.Sent.Exhibits, x.ID):
		return "stands in the request as sent"
	}
	return ""
}

// reviewOrder puts the request as sent first, then the answer or the proof of
// sending, then what is new, and the notice of appearance last.
func reviewOrder(tabs []Tab) []Tab {
	rank := func(t Tab) int {
		switch t.Parts[len(t.Parts)-1].Role {
		case RoleRequest:
			return 0
		case RoleAnswer:
			return 1
		case RoleG28, RolePrivacy:
			return 3
		default:
			return 2
		}
	}
	slices.SortStableFunc(tabs, func(a, b Tab) int { return rank(a) - rank(b) })
	for i := range tabs {
		tabs[i].Name = fmt.Sprint(i + 1)
	}
	return tabs
}

// planReview writes the decision, the table and what is new. The table is made
// from the factors that left in the request and from nothing else.
func (p *Plan) planReview(in Input, decided casefile.Request, e evidence) {
	r := &Review{}
	doc := in.Document
	switch {
	case removalAhead(in):
		r.Urgent = joined(", ", "REMOVAL SCHEDULED "+longDate(doc.RemovalDate), doc.RemovalTime)
	case doc.Detained == factors.Yes:
		r.Urgent = "DETAINED"
	}
	r.Decision = decisionWords(in, decided, e)
	// A written answer can be quoted. Of a spoken one only what was noted of it
	// is known, and that is said.
	r.Answers = decided.Answer.Form == "written" || decided.Answer.Form == "custody-decision" ||
		decided.Answer.Form == "oral" && strings.TrimSpace(decided.Answer.Reason) != ""

	sent := e.exhibits
	i := slices.IndexFunc(sent, func(x casefile.Exhibit) bool { return x.Role == RoleRequest })
	for _, rule := range decided.Argued {
		row, ok := shown(rule, in, e)
		if !ok {
			p.Stays = append(p.Stays, Stay{What: rule, Why: "left in the request, and no words for it are recorded"})
			continue
		}
		if pages := sentPages(in.Sent, rule); i >= 0 && len(pages) > 0 {
			row.Where = Outgoing{source: "record of the request"}
			for n, pg := range pages {
				if n > 0 {
					row.Where.spans = append(row.Where.spans, span{text: "; "})
				}
				row.Where.spans = append(row.Where.spans, span{cite: &Cite{Exhibit: sent[i].ID, Page: pg, Style: CiteSent}})
			}
		} else {
			row.Where = fixed("request", "in the request")
		}
		if r.Answers {
			said := "not mentioned"
			if words := strings.TrimSpace(decided.Answer.Mentioned[rule]); words != "" {
				said = "mentioned: “" + words + "”"
			}
			row.Said = fixed("requests/answer", said)
		}
		r.Table = append(r.Table, row)
	}
	if text := strings.TrimSpace(in.Request.New); text != "" {
		r.New = append(r.New, typed("requests/newSince", sentence(text), e.leaves))
	}
	for _, t := range p.Tabs {
		part := t.Parts[len(t.Parts)-1]
		if part.Role != "" && part.Role != RoleDeclaration {
			continue
		}
		title := t.Title
		if part.Date != "" {
			title += ", " + part.Date
		}
		r.New = append(r.New, fixed("exhibits/"+part.Exhibit, title+".").cited([]Cite{{Exhibit: t.Parts[0].Exhibit, Page: 1}}))
	}
	p.ICR = r
	p.Sections = append(p.Sections, Section{Name: SectionContact, Heading: "Contact", Text: contact(in, p.Signer)})
}

// shown words one factor of the request: as it was sent where the record of the
// packet is here, else from the case.
func shown(rule string, in Input, e evidence) (Shown, bool) {
	if in.Sent != nil {
		for _, a := range in.Sent.Argued {
			if a.Rule == rule && a.Short != "" {
				return Shown{Rule: rule, What: fixed("record of the request: "+rule, upperFirst(a.Short))}, true
			}
		}
	}
	rows := in.Rows.Rows
	if in.Library != nil {
		if r, ok := in.Library.Rule(rule); ok && r.Instrument != in.Rows.Memo {
			rows = factors.Assess(in.Library, r.Instrument, in.SigningDate, in.Document.Facts, in.Document.Decisions, nil).Rows
		}
	}
	for _, row := range rows {
		if row.Rule != rule || row.NeverLeaves {
			continue
		}
		elements := rowElements(row)
		if slices.ContainsFunc(elements, func(p string) bool { return e.stays[p] || e.protected[p] }) {
			return Shown{}, false
		}
		if d := draftRow(e.doc, elements, e.on); d.short != "" {
			return Shown{Rule: rule, What: fixed("drafted from "+strings.Join(elements, ", "), d.short)}, true
		}
		return Shown{Rule: rule, What: fixed("rule "+rule, row.Title)}, true
	}
	return Shown{}, false
}

// sentPages are the numbers printed on the pages that proved a rule in the
// request.
func sentPages(sent *Record, rule string) []int {
	if sent == nil {
		return nil
	}
	for _, a := range sent.Argued {
		if a.Rule == rule {
			return a.Pages
		}
	}
	return nil
}

// noReasons is said when nothing was written down.
const noReasons = "No written reasons were given."

// decisionWords say which decision is reviewed, when it came and how. They
// report; they do not say that anything was ignored.
func decisionWords(in Input, r casefile.Request, e evidence) []Outgoing {
	office := r.Office
	if office == "" {
		office = in.Document.EROOffice
	}
	if office != "" && !strings.Contains(strings.ToLower(office), "office") {
		office += " Field Office"
	}
	if office == "" {
		office = "field office"
	}
	if !strings.HasPrefix(strings.ToLower(office), "the ") {
		office = "the " + office
	}
	page := func(role string) []Cite {
		for _, x := range e.exhibits {
			if x.Role == role {
				return []Cite{{Exhibit: x.ID, Page: 1}}
			}
		}
		return nil
	}
	var out []Outgoing
	sentAt := onDate(r.SentOn)
	if r.SentTime != "" {
		sentAt += ", " + r.SentTime
	}
	if near := strings.TrimSpace(in.Request.NearRemoval); near != "" && r.Answer.Form == "" {
		when := joined(", ", longDate(in.Document.RemovalDate), in.Document.RemovalTime)
		out = append(out, fixed("requests/removalIsNear",
			"This request was sent to "+office+sentAt+"; because removal is scheduled for "+when+", it is sent to ICE Case Review at the same time."))
		if cites := page(RoleRequest); len(cites) > 0 {
			out = append(out, fixed("exhibits", "The request as sent is attached.").cited(cites))
		}
		return out
	}
	if r.Answer.Form != "custody-decision" || !r.SentOn.IsZero() {
		asked := map[string]string{
			"oral": "The request was made to " + office + " in words", "prior-counsel": "Prior counsel made the request to " + office,
			"family": "The family made the request to " + office,
		}[r.How]
		if asked == "" {
			asked = "The request was sent to " + office
		}
		out = append(out, fixed("requests/sentOn", asked+sentAt+".").cited(page(RoleRequest)))
	}
	by := ""
	if r.Answer.By != "" {
		by = ", by " + r.Answer.By
	}
	reason := strings.TrimSpace(r.Answer.Reason)
	switch r.Answer.Form {
	case "written":
		out = append(out, fixed("requests/answer", upperFirst(office)+" denied it in writing"+onDate(r.Answer.On)+by+".").cited(page(RoleAnswer)))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason given: “"+reason+"”."))
		}
	case "custody-decision":
		out = append(out, fixed("requests/answer", upperFirst(office)+" decided to continue detention"+onDate(r.Answer.On)+by+".").cited(page(RoleAnswer)))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason given: “"+reason+"”."))
		}
	case "oral":
		out = append(out, fixed("requests/answer", "It was denied by phone or in person"+onDate(r.Answer.On)+by+".").cited(page(RoleAnswer)))
		out = append(out, fixed("requests/answer", noReasons))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason as told: “"+reason+"”."))
		}
	case "none":
		out = append(out, fixed("requests/answer/silentFor", "No answer has come since, for "+strings.TrimSpace(r.Answer.SilentFor)+".").cited(page(RoleAnswer)))
	}
	return out
}
