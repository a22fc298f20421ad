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

	// Answers is set when there is an answer whose words the table can give, and
	// somebody read it for the factors of the table. Without that there is no
	// such column; and Unwritten is set where a sentence says that no reasons
	// were written down.
	Answers   bool `json:"answers"`
	Unwritten bool `json:"unwritten,omitempty"`

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
// is near, and both are asked at the same time (practice point P6). Removal is
// near while its date has not passed on the given day.
//
// The error is a [GateError].
func ICRGate(doc casefile.Document, review casefile.Request, signer string, on factors.Date) (casefile.Request, error) {
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
			// An answer that is recorded, or that none came, is recorded whole.
			why = slices.DeleteFunc(why, func(g GateReason) bool { return g == GateNoAnswer })
			if signer != "attorney" {
				why = append(why, GateAttorneyOnly)
			}
			switch {
			case doc.RemovalDate.IsZero():
				why = append(why, GateRemovalDate)
			case doc.RemovalDate.Before(on) == factors.Yes:
				why = append(why, GateRemovalPast)
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
	others := func(belongs func(casefile.Request) bool) bool {
		return slices.ContainsFunc(in.Document.Requests, func(r casefile.Request) bool { return r.ID != decided.ID && belongs(r) })
	}
	switch {
	case x.Role == RoleRequest:
		if decided.Packet.SHA256 != "" && x.Original.SHA256 != decided.Packet.SHA256 ||
			others(func(r casefile.Request) bool {
				return r.Packet.SHA256 != "" && r.Packet.SHA256 == x.Original.SHA256 && r.Packet.SHA256 != decided.Packet.SHA256
			}) {
			return "another request than the one under review"
		}
	case x.Role == RoleAnswer:
		if decided.Answer.Exhibit != "" && x.ID != decided.Answer.Exhibit ||
			decided.Answer.Exhibit != x.ID && others(func(r casefile.Request) bool { return r.Answer.Exhibit == x.ID }) {
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
	// A written answer can be quoted by whoever read it. Of a spoken one only
	// what was noted of it is known, and that is said.
	switch a := decided.Answer; a.Form {
	case "written", "custody-decision":
		r.Answers = a.ReadFor
	case "oral":
		r.Answers = strings.TrimSpace(a.Reason) != ""
		r.Unwritten = !r.Answers
	case "none":
		r.Unwritten = true
	}

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
		// Only the record of the request tells what had not been in it.
		part := t.Parts[len(t.Parts)-1]
		if in.Sent == nil || (part.Role != "" && part.Role != RoleDeclaration) {
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
// packet is here. Of a request made otherwise no words are known, and it is
// named by the rule's title; what the case says today may never have left.
func shown(rule string, in Input, e evidence) (Shown, bool) {
	if in.Sent != nil {
		for _, a := range in.Sent.Argued {
			if a.Rule == rule && a.Short != "" {
				return Shown{Rule: rule, What: fixed("record of the request: "+rule, upperFirst(a.Short))}, true
			}
		}
		return Shown{}, false
	}
	rows := in.Rows.Rows
	if in.Library != nil {
		if r, ok := in.Library.Rule(rule); ok && r.Instrument != in.Rows.Memo {
			rows = factors.Assess(in.Library, r.Instrument, in.SigningDate, in.Document.Facts, in.Document.Decisions, nil).Rows
		}
	}
	for _, row := range rows {
		if row.Rule != rule || !forClient(row) {
			continue
		}
		if slices.ContainsFunc(rowElements(row), func(p string) bool { return e.stays[p] || e.protected[p] }) {
			return Shown{}, false
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
	page := func(is func(casefile.Exhibit) bool) []Cite {
		for _, x := range e.exhibits {
			if is(x) {
				return []Cite{{Exhibit: x.ID, Page: 1}}
			}
		}
		return nil
	}
	request := page(func(x casefile.Exhibit) bool { return x.Role == RoleRequest })
	// A note that somebody filed as an answer may be the answer to another
	// request: only the one that is named is cited.
	answer := page(func(x casefile.Exhibit) bool { return r.Answer.Exhibit != "" && x.ID == r.Answer.Exhibit })
	var out []Outgoing
	sentAt := onDate(r.SentOn)
	if r.SentTime != "" {
		sentAt += ", " + r.SentTime
	}
	if near := strings.TrimSpace(in.Request.NearRemoval); near != "" && r.Answer.Form == "" {
		when := joined(", ", longDate(in.Document.RemovalDate), in.Document.RemovalTime)
		out = append(out, fixed("requests/removalIsNear",
			"This request was sent to "+office+sentAt+"; because removal is scheduled for "+when+", it is sent to ICE Case Review at the same time."))
		if len(request) > 0 {
			out = append(out, fixed("exhibits", "The request as sent is attached.").cited(request))
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
		out = append(out, fixed("requests/sentOn", asked+sentAt+".").cited(request))
	}
	by := ""
	if r.Answer.By != "" {
		by = ", by " + r.Answer.By
	}
	// Only what is recorded as a denial is called one.
	did := "answered"
	if r.Answer.Granted == factors.No {
		did = "denied"
	}
	reason := strings.TrimSpace(r.Answer.Reason)
	switch r.Answer.Form {
	case "written":
		out = append(out, fixed("requests/answer", upperFirst(office)+" "+did+" it in writing"+onDate(r.Answer.On)+by+".").cited(answer))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason given: “"+reason+"”."))
		}
	case "custody-decision":
		out = append(out, fixed("requests/answer", upperFirst(office)+" decided to continue detention"+onDate(r.Answer.On)+by+".").cited(answer))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason given: “"+reason+"”."))
		}
	case "oral":
		out = append(out, fixed("requests/answer", "It was "+did+" by phone or in person"+onDate(r.Answer.On)+by+".").cited(answer))
		out = append(out, fixed("requests/answer", noReasons))
		if reason != "" {
			out = append(out, fixed("requests/answer/reason", "The reason as told: “"+reason+"”."))
		}
	case "none":
		out = append(out, fixed("requests/answer/silentFor", "No answer has come since, for "+strings.TrimSpace(r.Answer.SilentFor)+".").cited(answer))
	}
	return out
}
