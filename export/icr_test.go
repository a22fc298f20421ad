package export_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/sample"
	"forbear/factors"
)

func TestICRGate(t *testing.T) {
	t.Parallel()
	sentOn, denied, ahead := factors.MustDate("2026-10-02"), factors.MustDate("2026-10-19"), factors.MustDate("2026-11-24")
	denial := casefile.Response{Form: "oral", On: denied, By: "an officer"}
	request := func(how string, a casefile.Response) casefile.Request {
		return casefile.Request{ID: "r", To: export.ToFieldOffice, How: how, Office: "New Orleans", SentOn: sentOn, Answer: a}
	}
	for name, c := range map[string]struct {
		requests []casefile.Request
		review   casefile.Request
		signer   string
		removal  factors.Date
		want     []export.GateReason
	}{
		"nothing at all":             {want: []export.GateReason{export.GateNoRequest}},
		"made here and denied":       {requests: []casefile.Request{request("forbear", denial)}},
		"as a file, denied":          {requests: []casefile.Request{request("file", denial)}},
		"in words, denied":           {requests: []casefile.Request{request("oral", denial)}},
		"by prior counsel, denied":   {requests: []casefile.Request{request("prior-counsel", denial)}},
		"by the family, silent":      {requests: []casefile.Request{request("family", casefile.Response{Form: "none", SilentFor: "36 hours"})}},
		"a custody decision":         {requests: []casefile.Request{{To: export.ToFieldOffice, Answer: casefile.Response{Form: "custody-decision", On: denied}}}},
		"silence without time":       {requests: []casefile.Request{request("forbear", casefile.Response{Form: "none"})}, want: []export.GateReason{export.GateSilence}},
		"silence in words only":      {requests: []casefile.Request{request("forbear", casefile.Response{Form: "none", SilentFor: "long"})}, want: []export.GateReason{export.GateSilence}},
		"no answer recorded":         {requests: []casefile.Request{request("forbear", casefile.Response{})}, want: []export.GateReason{export.GateNoAnswer}},
		"denied without a date":      {requests: []casefile.Request{request("forbear", casefile.Response{Form: "written"})}, want: []export.GateReason{export.GateAnswerDate}},
		"granted":                    {requests: []casefile.Request{request("forbear", casefile.Response{Form: "written", On: denied, Granted: factors.Yes})}, want: []export.GateReason{export.GateGranted}},
		"a draft":                    {requests: []casefile.Request{{To: export.ToFieldOffice}}, want: []export.GateReason{export.GateNotSent}},
		"sent to nobody":             {requests: []casefile.Request{{To: export.ToFieldOffice, How: "oral", SentOn: sentOn, Answer: denial}}, want: []export.GateReason{export.GateNoRecipient}},
		"to ICE’s attorneys":         {requests: []casefile.Request{{To: export.ToOPLA, How: "forbear", SentOn: sentOn, Answer: denial}}, want: []export.GateReason{export.GateNoRequest}},
		"removal near, attorney":     {requests: []casefile.Request{request("forbear", casefile.Response{})}, review: casefile.Request{NearRemoval: "plane at 4 a.m."}, signer: "attorney", removal: ahead},
		"removal near, and passed":   {requests: []casefile.Request{request("forbear", casefile.Response{})}, review: casefile.Request{NearRemoval: "plane"}, signer: "attorney", removal: denied, want: []export.GateReason{export.GateRemovalPast}},
		"removal near, some silence": {requests: []casefile.Request{request("forbear", casefile.Response{Form: "none"})}, review: casefile.Request{NearRemoval: "plane"}, signer: "attorney", removal: ahead, want: []export.GateReason{export.GateSilence}},
		"removal near, some denial":  {requests: []casefile.Request{request("forbear", casefile.Response{Form: "written"})}, review: casefile.Request{NearRemoval: "plane"}, signer: "attorney", removal: ahead, want: []export.GateReason{export.GateAnswerDate}},
		"removal near, student":      {requests: []casefile.Request{request("forbear", casefile.Response{})}, review: casefile.Request{NearRemoval: "plane"}, signer: "student", removal: ahead, want: []export.GateReason{export.GateAttorneyOnly}},
		"removal near, no date":      {requests: []casefile.Request{request("forbear", casefile.Response{})}, review: casefile.Request{NearRemoval: "plane"}, signer: "attorney", want: []export.GateReason{export.GateRemovalDate}},
		"removal near, not sent yet": {requests: []casefile.Request{{To: export.ToFieldOffice}}, review: casefile.Request{NearRemoval: "plane"}, signer: "attorney", removal: ahead, want: []export.GateReason{export.GateNotSent}},
		"an older one counts":        {requests: []casefile.Request{request("forbear", denial), {To: export.ToFieldOffice}}},
	} {
		doc := casefile.Document{Requests: c.requests}
		doc.RemovalDate = c.removal
		_, err := export.ICRGate(doc, c.review, c.signer, today)
		var gate *export.GateError
		switch {
		case c.want == nil && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != nil && (!errors.As(err, &gate) || !errors.Is(err, export.ErrICRFirst) || !slices.Equal(gate.Reasons, c.want)):
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// review plays the chain: the request is made, signed and sent, denied by
// phone, and taken as an exhibit to ICE Case Review.
func review(t *testing.T) (export.Input, memory, export.Built) {
	t.Helper()
	doc, src := answered(t)
	packet, built := sent(t).packet, sent(t).built
	doc.Requests[0].How, doc.Requests[0].SentOn, doc.Requests[0].SentTime = "forbear", sample.SentOn, "9:05 a.m."
	doc.Requests[0].Packet = casefile.Blob{ID: "p", SHA256: digest(packet), Size: int64(len(packet))}
	for _, a := range built.Record.Argued {
		doc.Requests[0].Argued = append(doc.Requests[0].Argued, a.Rule)
	}
	doc.Requests[0].Answer = sample.Denial(sample.DeniedOn)
	later, err := cameLater()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(slices.Clone(later), sample.File{Name: "sent.pdf", Kind: "pdf", Data: packet, Meta: casefile.Exhibit{
		ID: "5a0000000000000000000000000000ee", Title: "The request as sent", Role: export.RoleRequest, Date: sample.SentOn, InPacket: true,
	}}) {
		src.add(t, &doc, f)
	}
	in := input(t, doc)
	in.Recipient, in.Request, in.Sent = export.ToICR, sample.Review(), &built.Record
	return in, src, built
}

// cameLater are the files that came after the request, drawn once.
var cameLater = sync.OnceValues(func() ([]sample.File, error) {
	note, err := sample.CallNote(sample.DeniedOn)
	if err != nil {
		return nil, err
	}
	plan, err := sample.NewSince(sample.DeniedOn)
	return []sample.File{note, plan}, err
})

func TestReview_pages_numbers_and_words(t *testing.T) {
	t.Parallel()
	in, src, built := review(t)
	p := plan(t, in)
	packet, done := build(t, p, src, identity(t))
	pages := pageTexts(t, packet)
	first := flat(pages[0])
	for _, want := range []string{
		"DETAINED", "Senior Reviewing Official, ICE Case Review", "Guatemala", "Decision to review",
		"sent to the New Orleans Field Office on October 2, 2026, 9:05 a.m.", "denied by phone or in person on October 19, 2026, by a supervisory officer",
		"No written reasons were given.", "The reason as told: “criminal history”.", "1. Release from custody",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("page one lacks %q:\n%s", want, first)
		}
	}
	if strings.Contains(first, "continuance") {
		t.Error("ICE Case Review is asked about a hearing")
	}
	table := flat(pages[1])
	if n := strings.Count(table, "not mentioned"); n != 5 {
		t.Errorf("%d factors not mentioned, want 5:\n%s", n, table)
	}
	whole := flat(strings.Join(pages[:4], " "))
	for _, never := range []string{"ignored", "refused to consider", "illegal", "eligible"} {
		if strings.Contains(whole, never) {
			t.Errorf("the letter says %q", never)
		}
	}
	// Each FO page that the table names is the page that bears this number.
	fo := map[int]string{}
	start := 0
	for i, text := range pages {
		if want := fmt.Sprintf("ICR %d of %d", i+1, len(pages)); !strings.Contains(flat(text), want) {
			t.Errorf("page %d does not print %q", i+1, want)
		}
		if strings.Contains(text, "EXHIBIT 1") {
			start = i
		}
		if start > 0 && i-start < len(built.Pages) {
			if want := fmt.Sprintf("· %d of %d", i-start+1, len(built.Pages)); !strings.Contains(flat(text), want) {
				t.Errorf("page %d of the request lost its own number", i-start+1)
			}
			fo[i-start+1] = flat(text)
		}
	}
	cites := regexp.MustCompile(`FO p\. (\d+)`).FindAllStringSubmatch(table, -1)
	if len(cites) < 5 {
		t.Fatalf("%d cites of the request: %s", len(cites), table)
	}
	for _, c := range cites {
		n, err := strconv.Atoi(c[1])
		if err != nil || fo[n] == "" || built.Pages[n-1].Part == "letter" {
			t.Errorf("%s is no exhibit of the request", c[0])
		}
	}
	if m := regexp.MustCompile(`Ex\. 3, p\. (\d+)`).FindStringSubmatch(whole); m == nil {
		t.Errorf("what is new is not cited: %s", whole)
	} else if n, err := strconv.Atoi(m[1]); err != nil || done.Pages[n-1].Part != "3" {
		t.Errorf("%s leads elsewhere", m[0])
	}
	var order []string
	for _, tab := range p.Tabs {
		order = append(order, tab.Parts[0].Role)
	}
	if got := strings.Join(order, ","); got != "request,answer,,g28" {
		t.Errorf("order of exhibits: %s", got)
	}
}

func TestReview_only_what_left_in_the_request_can_appear(t *testing.T) {
	t.Parallel()
	in, src, _ := review(t)
	// Since the request more was ticked, and more was told.
	in.Document.Decisions = append(slices.Clone(in.Document.Decisions),
		factors.Decision{Subject: "MAYORKAS/MIT-8", Applies: factors.Yes, Argue: true, Text: "CanaryLater was ticked later.", Proofs: []factors.Proof{{Exhibit: in.Document.Exhibits[1].ID}}},
		factors.Decision{Subject: "MAYORKAS/gate-B", Applies: factors.Yes, Argue: true, Text: "CanaryGate"},
	)
	in.Document.Notes = append(in.Document.Notes, casefile.Note{Text: "CanaryNote"})
	in.Document.Adverse = append(in.Document.Adverse, factors.Adverse{Title: "CanaryAdverse"})
	packet, _ := build(t, plan(t, in), src, identity(t))
	raw := string(streams(packet)) + strings.Join(pageTexts(t, packet), "\n")
	for _, w := range append(sample.Secrets(), "Canary") {
		if strings.Contains(raw, w) {
			t.Errorf("the packet holds %q", w)
		}
	}
}

func TestReview_silence_has_a_sentence_in_place_of_the_column(t *testing.T) {
	t.Parallel()
	in, src, _ := review(t)
	in.Document.Requests[0].Answer = casefile.Response{Form: "none", SilentFor: "21 days", Exhibit: in.Document.Requests[0].Answer.Exhibit}
	packet, _ := build(t, plan(t, in), src, nil)
	text := flat(strings.Join(pageTexts(t, packet)[:3], " "))
	if strings.Contains(text, "not mentioned") || !strings.Contains(text, "No written reasons were given.") || !strings.Contains(text, "No answer has come since, for 21 days (Ex. 2") {
		t.Errorf("silence reads: %s", text)
	}
}

func TestReview_a_written_answer_is_quoted(t *testing.T) {
	t.Parallel()
	in, src, built := review(t)
	in.Document.Requests[0].Answer.Form, in.Document.Requests[0].Answer.ReadFor = "written", true
	in.Document.Requests[0].Answer.Mentioned = map[string]string{built.Record.Argued[0].Rule: "noted your ties"}
	packet, _ := build(t, plan(t, in), src, nil)
	text := flat(strings.Join(pageTexts(t, packet)[:3], " "))
	if !strings.Contains(text, "mentioned: “noted your ties”") || strings.Count(text, "not mentioned") != 4 || strings.Contains(text, "No written reasons") {
		t.Errorf("a written answer reads: %s", text)
	}
}

func TestReview_removal_is_near(t *testing.T) {
	t.Parallel()
	in, src, _ := review(t)
	in.Document.RemovalDate, in.Document.RemovalTime = factors.MustDate("2026-11-24"), "4:00 a.m."
	in.Document.Requests[0].Answer = casefile.Response{}
	in.Request.NearRemoval = "removal in two days"
	packet, _ := build(t, plan(t, in), src, nil)
	text := flat(pageTexts(t, packet)[0])
	for _, want := range []string{"REMOVAL SCHEDULED November 24, 2026, 4:00 a.m.", "because removal is scheduled for November 24, 2026, 4:00 a.m., it is sent to ICE Case Review at the same time."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "does not stop a removal") {
		t.Error("the screen’s warning is in the packet")
	}
}
