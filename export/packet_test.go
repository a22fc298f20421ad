package export_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/pdf"
	"forbear/export/sample"
	"forbear/export/sign"
	"forbear/factors"
)

func digest(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// pageTexts reads the drawn text of a packet back, page by page, through the
// same reading that exhibits go through.
func pageTexts(t testing.TB, packet []byte) []string {
	t.Helper()
	var buf bytes.Buffer
	if _, err := exhibit.Clean(exhibit.KindPDF, packet, &buf, exhibit.Options{}); err != nil {
		t.Fatalf("our own packet is refused as an exhibit: %v", err)
	}
	c, err := pdf.OpenClean(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range c.Pages() {
		out = append(out, p.Text)
	}
	return out
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// tool runs a program on a file that holds data, or says that it is not there.
func tool(t *testing.T, data []byte, name string, args ...string) (string, bool) {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		t.Logf("UNRUN %s: %s is not installed", t.Name(), name)
		return "", false
	}
	file := filepath.Join(t.TempDir(), "packet.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(bin, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out), true
}

// answered is the sample ready to be sent.
func answered(t testing.TB) (casefile.Document, memory) {
	t.Helper()
	doc, src := corrected(t)
	return export.WithDecisions(doc, export.AnswerWhatICEHas(doc)), src
}

// finished is the packet of the answered sample, made and read back once.
type finished struct {
	doc    casefile.Document
	plan   export.Plan
	packet []byte
	built  export.Built
	pages  []string
}

var (
	made finished
	once sync.Once
)

func sent(t testing.TB) finished {
	t.Helper()
	once.Do(func() {
		doc, src := answered(t)
		f := finished{doc: doc, plan: plan(t, input(t, doc))}
		f.packet, f.built = build(t, f.plan, src, identity(t))
		f.pages = pageTexts(t, f.packet)
		made = f
	})
	if made.packet == nil {
		t.Fatal("the packet that all tests read was not made")
	}
	return made
}

func TestPacket_page_one_is_the_officers_sheet(t *testing.T) {
	t.Parallel()
	page := flat(sent(t).pages[0])
	for _, want := range []string{
		"New Orleans Field Office", "Ana Ejemplo Ruiz", "Request for release from custody, 8 CFR 236.1(c)(8)",
		"XOL CAAL DE NÚÑEZ, Marisol", "A 000-000-501", "A 000-000-502", "March 1986, Guatemala",
		"DETAINED at Pine Hollow Detention Facility", "since August 18, 2026", "December 9, 2026", "Notice of appearance on p. 5",
		"We ask", "1. Release from custody", "2. In the alternative, parole", "3. Not to oppose a continuance",
		"Why", "U.S. citizen child, age 9, with asthma", "Ex. C, p. 9",
		"XOL CAAL DE NÚÑEZ, A 000-000-501 · 1 of 15", "Invented sample. Not a real person.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page one lacks %q:\n%s", want, page)
		}
	}
}

func TestPacket_is_whole_signed_and_accepted_by_other_programs(t *testing.T) {
	t.Parallel()
	packet, built := sent(t).packet, sent(t).built
	if v := sign.Verify(bytes.NewReader(packet), int64(len(packet)), nil); v.ExitCode() != 2 {
		t.Errorf("our own verification gives %d: %v", v.ExitCode(), v.Reasons)
	}
	if hex.EncodeToString(built.SHA256[:]) != digest(packet) || built.Record.SHA256 != digest(packet) || built.Size != int64(len(packet)) {
		t.Error("what was written is not what was reported")
	}
	if out, ok := tool(t, packet, "qpdf", "--check", "FILE"); ok && strings.Contains(out, "WARNING") {
		t.Errorf("qpdf: %s", out)
	}
	if out, ok := tool(t, packet, "pdfsig", "FILE"); ok && (!strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "Total document signed")) {
		t.Errorf("pdfsig: %s", out)
	}
	if out, ok := tool(t, packet, "pdfinfo", "FILE"); ok {
		if !strings.Contains(out, "Pages:           15") {
			t.Errorf("pdfinfo: %s", out)
		}
		for _, never := range []string{"Producer", "Creator", "Author", "JavaScript:      yes"} {
			if strings.Contains(out, never) {
				t.Errorf("pdfinfo shows %s:\n%s", never, out)
			}
		}
	}
}

func TestPacket_equal_pins_give_equal_bytes_before_signing(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	a, _ := build(t, plan(t, input(t, doc)), src, nil)
	b, _ := build(t, plan(t, input(t, doc)), src, nil)
	if !bytes.Equal(a, b) {
		t.Error("the same plan gives two files")
	}
}

// The number that is printed, the index, the bookmarks and each cite agree, read
// from what was drawn.
func TestPacket_numbers_agree_everywhere(t *testing.T) {
	t.Parallel()
	p, packet, built, pages := sent(t).plan, sent(t).packet, sent(t).built, sent(t).pages
	if len(pages) != len(built.Pages) {
		t.Fatalf("%d pages drawn, %d reported", len(pages), len(built.Pages))
	}
	tabs := map[string]int{}
	for i, text := range pages {
		if want := fmt.Sprintf("A 000-000-501 · %d of %d", i+1, len(pages)); !strings.Contains(flat(text), want) {
			t.Errorf("page %d does not print %q", i+1, want)
		}
		if m := regexp.MustCompile(`EXHIBIT ([A-Z]+)`).FindStringSubmatch(text); m != nil {
			tabs[m[1]] = i + 1
		}
	}
	if len(tabs) != len(p.Tabs) {
		t.Fatalf("%d tabs are stamped, want %d", len(tabs), len(p.Tabs))
	}
	cites := regexp.MustCompile(`Ex\. ([A-Z]+), p\. (\d+)`).FindAllStringSubmatch(flat(strings.Join(pages[:3], " ")), -1)
	if len(cites) < 8 {
		t.Fatalf("%d cites in the letter", len(cites))
	}
	for _, c := range cites {
		n, err := strconv.Atoi(c[2])
		if err != nil || built.Pages[n-1].Part != c[1] {
			t.Errorf("%s leads to a page of %q", c[0], built.Pages[n-1].Part)
		}
	}
	// The index is the page after the letter.
	index := flat(pages[3])
	for name, at := range tabs {
		if !regexp.MustCompile(`\b` + strconv.Itoa(at) + `\b`).MatchString(index) {
			t.Errorf("the index does not have page %d of tab %s", at, name)
		}
	}
	if !strings.Contains(index, "signature on page 3") {
		t.Errorf("the index does not say where the signature is: %s", index)
	}
	if out, ok := tool(t, packet, "mutool", "show", "FILE", "outline"); ok {
		for name, at := range tabs {
			if !regexp.MustCompile(`Exhibit ` + name + `: .*, p\. ` + strconv.Itoa(at) + `"\s+#(?:page=)?` + strconv.Itoa(at) + `\b`).MatchString(out) {
				t.Errorf("no bookmark for tab %s on %d:\n%s", name, at, out)
			}
		}
	}
	if p.Tabs[4].Title != "Family photograph" || p.Tabs[4].Name != sample.PhotoTab {
		t.Errorf("the photograph is not under tab %s", sample.PhotoTab)
	}
}

// streams decodes every stream of a packet, so that a search sees what a reader
// of the raw file could dig out.
func streams(packet []byte) []byte {
	out := slices.Clone(packet)
	for rest := packet; ; {
		i := bytes.Index(rest, []byte("\nstream\n"))
		if i < 0 {
			return out
		}
		rest = rest[i+len("\nstream\n"):]
		if r, err := zlib.NewReader(bytes.NewReader(rest)); err == nil {
			// A stream that is not deflated just ends the attempt.
			data, _ := io.ReadAll(io.LimitReader(r, 64<<20))
			out = append(append(out, '\n'), data...)
		}
	}
}

func TestPacket_holds_no_word_of_what_stays(t *testing.T) {
	t.Parallel()
	doc := sent(t).doc
	raw := streams(sent(t).packet)
	text := flat(strings.Join(sent(t).pages, "\n"))
	secrets := sample.Secrets()
	for _, x := range doc.Exhibits {
		secrets = append(secrets, x.ID)
	}
	for _, d := range doc.Decisions {
		secrets = append(secrets, d.ID, d.Subject)
	}
	for _, s := range secrets {
		if s != "" && (strings.Contains(text, s) || bytes.Contains(raw, []byte(s))) {
			t.Errorf("the packet holds %q", s)
		}
	}
}

// canary is a case in which everything that can be told is told, ticked and
// argued as far as the checklist lets anybody, with a word of its own in every
// place that must stay.
func canary(t *testing.T) (casefile.Document, memory, []string) {
	doc, src := corrected(t)
	var words []string
	word := func(name string) string {
		w := "Canary" + name
		words = append(words, w)
		return w
	}
	unknown := factors.Known{}
	doc.Offenses = append(doc.Offenses, factors.Offense{ID: "c1", Title: word("Offense"), Jurisdiction: word("County"), Rehabilitation: word("Rehab"), ConvictionDate: factors.MustDate("2014"), Known: unknown})
	doc.Arrests = append(doc.Arrests, factors.Arrest{ID: "c2", Title: word("Arrest"), Known: unknown})
	doc.Orders = append(doc.Orders, factors.Order{ID: "c3", Kind: "removal", Appeal: word("Appeal"), Known: unknown})
	doc.Removals = append(doc.Removals, factors.Removal{ID: "c4", Manner: word("Removal"), Known: unknown})
	doc.Adverse = append(
		doc.Adverse, factors.Adverse{ID: "c5", Title: word("Adverse"), Known: unknown},
		factors.Adverse{ID: "c6", Title: word("Internal"), Internal: true, Known: factors.Known{ToGov: factors.Yes}},
	)
	doc.Entries[0].Note, doc.Entries[0].Place = word("EntryNote"), word("Place")
	doc.Absences[0].Reason = word("Absence")
	doc.Relatives = append(doc.Relatives, factors.Relative{ID: "c7", Name: word("Relative"), Relation: "sibling", Status: "other", Condition: word("Condition")})
	doc.Roles = append(doc.Roles, factors.Role{ID: "c8", Kind: "victim", Matter: word("Victim"), Forum: word("Forum"), Protected: true})
	doc.Relief = append(doc.Relief, factors.Relief{ID: "c9", Kind: "u", Status: word("Relief"), Protected: true})
	doc.Notes = append(doc.Notes, casefile.Note{ID: "ca", Text: word("Note")})
	doc.Answers["military"] = factors.Asked{Reason: factors.NotAsked, Note: word("Asked"), By: word("Asker")}
	doc.Address, doc.Judge = word("Address"), word("Judge")
	doc.Aliases = append(doc.Aliases, casefile.Alias{ID: "cb", Name: word("Alias")})
	doc.Disputes[0].Against, doc.Disputes[0].Retaliation, doc.Disputes[0].CrimeAtWork = word("Employer"), word("Threat"), word("Crime")
	doc.Consent.Interpreter, doc.Consent.Why = word("Interpreter"), word("Consent")
	doc.Education = append(doc.Education, factors.School{ID: "cc", Name: word("School"), Level: "primary school", Current: factors.Yes})
	for i := range doc.Exhibits {
		doc.Exhibits[i].Reading.By = word(fmt.Sprintf("Reader%d", i))
	}
	// Every rule of every instrument is ticked and said to apply; an internal
	// matter is even decided to be mentioned.
	for _, in := range lib(t).Instruments() {
		for _, r := range in.Rules {
			if slices.ContainsFunc(doc.Decisions, func(d factors.Decision) bool { return d.Subject == r.ID }) {
				continue
			}
			d := factors.Decision{Subject: r.ID, Applies: factors.Yes, Argue: true, Why: word("Why" + strings.NewReplacer("/", "", "-", "", ".", "").Replace(r.ID))}
			if r.NeverLeaves || r.Side == factors.SideAggravating || r.Side == factors.SideProcess || r.Side == factors.SideProtected {
				d.Text = word("Text" + strings.NewReplacer("/", "", "-", "", ".", "").Replace(r.ID))
				d.Proofs = []factors.Proof{{Exhibit: doc.Exhibits[1].ID, Page: 1}}
				d.Stand = factors.StandFor
			}
			doc.Decisions = append(doc.Decisions, d)
		}
	}
	doc.Decisions = append(
		doc.Decisions,
		factors.Decision{Subject: "adverse/c6", Leave: factors.Mention, Text: word("MentionedInternal"), SecondLook: "somebody"},
		// Not known to ICE, and no second confirmation.
		factors.Decision{Subject: "adverse/c5", Leave: factors.Mention, Text: word("MentionedUnknown")},
	)
	return export.WithDecisions(doc, export.AnswerWhatICEHas(doc)), src, words
}

func TestPacket_canaries_in_every_place_that_must_stay(t *testing.T) {
	t.Parallel()
	doc, src, words := canary(t)
	in := input(t, doc)
	in.Rows = factors.Assess(in.Library, "MAYORKAS", today, doc.Facts, doc.Decisions, nil)
	p := plan(t, in)
	findings, err := p.Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range export.Blocking(findings) {
		// Ticking a rule that rests on protected facts is stopped, and so is
		// mentioning what nobody confirmed; the test goes on to see that neither
		// would have left.
		if f.Rule != "1367" && f.Rule != "not-told" {
			t.Fatalf("blocked by %s at %v", f.Rule, f.Places)
		}
	}
	in.Draft = true
	packet, _ := build(t, plan(t, in), src, nil)
	raw, text := streams(packet), strings.Join(pageTexts(t, packet), "\n")
	for _, w := range words {
		if strings.Contains(text, w) || bytes.Contains(raw, []byte(w)) {
			t.Errorf("%s left", w)
		}
	}
	if !strings.Contains(flat(text), "in school (primary school)") && len(p.Argued) < 5 {
		t.Error("nothing is argued at all: the test looks at an empty letter")
	}
}

// letterText is the letter page by page, without the number of pages of the
// whole packet.
func letterText(t *testing.T, doc casefile.Document, src memory) []string {
	t.Helper()
	packet, built := build(t, plan(t, input(t, doc)), src, identity(t))
	var out []string
	total := fmt.Sprintf(" of %d", len(built.Pages))
	for i, text := range pageTexts(t, packet) {
		if built.Pages[i].Part == "letter" {
			out = append(out, strings.ReplaceAll(flat(text), total, ""))
		}
	}
	return out
}

func TestLetter_answering_and_leaving_out_differ_in_one_section_only(t *testing.T) {
	t.Parallel()
	doc, src := corrected(t)
	answer := letterText(t, export.WithDecisions(doc, export.AnswerWhatICEHas(doc)), src)
	silent := letterText(t, export.WithDecisions(doc, export.LeaveAllOut(doc, "the lawyer’s choice")), src)
	if len(answer) != 3 || len(silent) != 3 {
		t.Fatalf("letters of %d and %d pages", len(answer), len(silent))
	}
	if answer[0] != silent[0] || answer[1] != silent[1] {
		t.Error("a page before the section differs")
	}
	const head, after = "Matters in the record", "Release plan"
	i, j := strings.Index(answer[2], head), strings.Index(answer[2], after)
	if i < 0 || j < i {
		t.Fatalf("no section in %q", answer[2])
	}
	if without := answer[2][:i] + answer[2][j:]; without != silent[2] {
		t.Errorf("beside the section the letters differ:\n%s\n%s", without, silent[2])
	}
	section := answer[2][i:j]
	for _, want := range []string{"driving under the influence", "July 8, 2011", "finished the class", "Ex. G, p. 14", "alleges an entry without inspection in March 2005"} {
		if !strings.Contains(section, want) {
			t.Errorf("the section lacks %q: %s", want, section)
		}
	}
	for _, never := range []string{"disturbing", "2016", "2009", "Yolanda", "Sombra"} {
		if strings.Contains(section, never) {
			t.Errorf("the section has %q, which nobody chose", never)
		}
	}
	if strings.Contains(strings.Join(silent, " "), "2011") {
		t.Error("the silent letter speaks of 2011")
	}
}

func TestLetter_an_exhibit_that_proves_only_what_stays_stays(t *testing.T) {
	t.Parallel()
	doc, src := corrected(t)
	silent := export.WithDecisions(doc, export.LeaveAllOut(doc, "choice"))
	packet, _ := build(t, plan(t, input(t, silent)), src, nil)
	if text := strings.Join(pageTexts(t, packet), " "); strings.Contains(text, "driving") || strings.Contains(text, "disposition") {
		t.Error("the disposition left beside a silent letter")
	}
}

func TestPacket_tabs_close_up_when_an_exhibit_is_dropped(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	for i, x := range doc.Exhibits {
		if x.Title == "Letter of the State Labor Board" {
			doc.Exhibits[i].InPacket = false
		}
	}
	p := plan(t, input(t, doc))
	var names []string
	for _, tab := range p.Tabs {
		names = append(names, tab.Name)
	}
	if got := strings.Join(names, ""); got != "ABCDEF" {
		t.Errorf("tabs %s, want no gap", got)
	}
	packet, _ := build(t, p, src, nil)
	text := flat(strings.Join(pageTexts(t, packet), " "))
	for _, scar := range []string{"Ex. G", "reserved", "omitted exhibit"} {
		if strings.Contains(text, scar) {
			t.Errorf("a scar is left: %q", scar)
		}
	}
}

func TestPacket_translation_comes_before_its_original_and_the_certificate_after(t *testing.T) {
	t.Parallel()
	doc, _ := asBrought(t)
	doc = export.WithDecisions(doc, export.AnswerWhatICEHas(doc))
	p := plan(t, input(t, doc))
	for _, tab := range p.Tabs {
		if len(tab.Parts) == 1 {
			continue
		}
		var what []string
		for _, part := range tab.Parts {
			what = append(what, part.What)
		}
		if got := strings.Join(what, " "); got != "translation original certificate" {
			t.Errorf("order is %s", got)
		}
		return
	}
	t.Error("no tab has three parts")
}

func TestPacket_a_photo_stands_upright_and_has_no_place_in_it(t *testing.T) {
	t.Parallel()
	packet := sent(t).packet
	if bytes.Contains(streams(packet), []byte("InventedCamera")) || bytes.Contains(packet, []byte("Exif")) {
		t.Error("the camera’s tags left")
	}
	out, ok := tool(t, packet, "pdftoppm", "-r", "20", "-f", "12", "-l", "12", "FILE")
	if !ok {
		return
	}
	// A binary portable pixmap: header, then rows of three bytes.
	var w, h, depth int
	if _, err := fmt.Sscanf(out, "P6\n%d %d\n%d\n", &w, &h, &depth); err != nil {
		t.Fatal(err)
	}
	pixels := out[len(out)-3*w*h:]
	at := func(x, y int) [3]byte {
		i := 3 * (y*w + x)
		return [3]byte{pixels[i], pixels[i+1], pixels[i+2]}
	}
	if c := at(w*3/10, h/4); c[2] < c[0]+40 {
		t.Errorf("the top is %v, want blue sky", c)
	}
	if c := at(w/2, h*8/10); c[1] < c[0]+40 {
		t.Errorf("the bottom is %v, want green ground", c)
	}
}

func TestPacket_the_a_number_is_off_the_foot_under_1367(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	doc.Protected1367 = true
	doc.Decisions = append(doc.Decisions, factors.Decision{Subject: "protected1367", SecondLook: "Ana Ejemplo Ruiz"})
	packet, _ := build(t, plan(t, input(t, doc)), src, nil)
	for i, text := range pageTexts(t, packet)[1:3] {
		if strings.Contains(text, "000-000-501") || !strings.Contains(flat(text), "XOL CAAL DE NÚÑEZ · "+strconv.Itoa(i+2)+" of") {
			t.Errorf("foot of page %d: %q", i+2, flat(text))
		}
	}
}

func TestPacket_drafts_say_so_on_each_page_and_are_never_signed(t *testing.T) {
	t.Parallel()
	doc, src := asBrought(t)
	in := input(t, doc)
	in.Draft = true
	p := plan(t, in)
	if _, err := export.Build(context.Background(), p, src, identity(t), io.Discard); !errors.Is(err, export.ErrBlocked) {
		t.Errorf("signing a draft gives %v", err)
	}
	packet, _ := build(t, p, src, nil)
	for i, text := range pageTexts(t, packet) {
		if !strings.Contains(flat(text), "DRAFT, NOT SENT") {
			t.Errorf("page %d does not say that it is a draft", i+1)
		}
	}
}

func TestPacket_a_plain_copy_has_the_same_pages_and_no_signature(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	p := plan(t, input(t, doc))
	signed, a := build(t, p, src, identity(t))
	plain, b := build(t, p, src, nil)
	if !slices.Equal(a.Pages, b.Pages) {
		t.Error("pages differ")
	}
	if bytes.Contains(plain, []byte("/ByteRange")) || !bytes.Contains(signed, []byte("/ByteRange")) {
		t.Error("the wrong file is signed")
	}
	text := flat(strings.Join(pageTexts(t, plain), " "))
	if strings.Contains(text, "This file carries a digital signature") || !strings.Contains(text, "/s/ Ana Ejemplo Ruiz") {
		t.Error("the plain copy speaks of itself as signed, or lacks the typed signature")
	}
}

func TestBuild_refuses_what_the_lint_blocks_and_writes_nothing(t *testing.T) {
	t.Parallel()
	doc, src := asBrought(t)
	var buf bytes.Buffer
	_, err := export.Build(context.Background(), plan(t, input(t, doc)), src, identity(t), &buf)
	var blocked *export.BlockedError
	if !errors.As(err, &blocked) || !errors.Is(err, export.ErrBlocked) || buf.Len() != 0 {
		t.Fatalf("Build gives %v and %d bytes", err, buf.Len())
	}
	for _, word := range []string{"Xol", "Marisol", "000", "arrest"} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("the error speaks of the client: %v", err)
		}
	}
}

func TestBuild_stops_when_nobody_waits(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := export.Build(ctx, plan(t, input(t, doc)), src, nil, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("Build gives %v", err)
	}
}

func TestBuild_notices_an_exhibit_that_changed_since_the_plan(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	p := plan(t, input(t, doc))
	other := textFile(t, "other", "One page.")
	other.Meta = doc.Exhibits[1]
	scratch := doc
	scratch.Exhibits = slices.Clone(doc.Exhibits)
	src.add(t, &scratch, other)
	if _, err := export.Build(context.Background(), p, src, nil, io.Discard); !errors.Is(err, export.ErrPages) {
		t.Errorf("Build gives %v", err)
	}
}

func TestPlan_a_past_day_is_for_looking_only(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	in := input(t, doc)
	past := factors.MustDate("2024-05-01")
	in.Rows = factors.Assess(in.Library, "MAYORKAS", past, doc.Facts, doc.Decisions, nil)
	if _, err := export.NewPlan(in); !errors.Is(err, export.ErrPlanDate) {
		t.Errorf("a checklist of another day gives %v", err)
	}
	// The clock set back as well: the plan is made, and refused.
	in.SigningDate = past
	in.Clock = now.AddDate(-2, -6, -21)
	p := plan(t, in)
	findings, err := p.Lint(src)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(export.Blocking(findings), func(f export.Finding) bool { return f.Rule == "clock" }) {
		t.Error("a clock set back to 2024 is not refused")
	}
	// And today's letter, with the past frame asked for by name.
	in = input(t, doc)
	in.Frame, in.CitePast = "MAYORKAS", true
	in.Rows = factors.Assess(in.Library, "MAYORKAS", today, doc.Facts, doc.Decisions, nil)
	packet, _ := build(t, plan(t, in), src, nil)
	if text := flat(strings.Join(pageTexts(t, packet)[:3], " ")); regexp.MustCompile(`(?i)in force|in effect|Mayorkas|requires`).MatchString(text) {
		t.Errorf("a sentence of force: %s", text)
	}
}

func TestLetter_says_who_signs_in_the_words_of_the_role(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"attorney":           "Attorney for Ms. Xol Caal de Núñez",
		"full-accredited":    "DOJ accredited representative (full accreditation) for Ms. Xol Caal de Núñez",
		"partial-accredited": "DOJ partially accredited representative (DHS only)",
		"student":            "Law student, under the supervision of Sofía Supervisora",
		"person":             "Prepared with the help of Basswood Legal Clinic (invented)",
		"family":             "Family member or friend, with privacy waiver (ICE Form 60-001)",
	} {
		doc, src := answered(t)
		doc.Representative.Type, doc.Representative.Supervisor = typ, "Sofía Supervisora"
		in := input(t, doc)
		in.Draft = true
		p := plan(t, in)
		if !strings.Contains(strings.Join(p.Signer.Lines, "\n"), want) {
			t.Errorf("%s: no %q in %q", typ, want, p.Signer.Lines)
		}
		argument := slices.ContainsFunc(p.Sections, func(s export.Section) bool { return s.Name == export.SectionAuthority })
		if typ == "student" {
			packet, _ := build(t, p, src, nil)
			if text := flat(strings.Join(pageTexts(t, packet)[:3], " ")); !strings.Contains(text, want) {
				t.Errorf("%s is not drawn", want)
			}
		}
		if lay := typ == "person" || typ == "family"; argument == lay {
			t.Errorf("%s: legal argument is %v", typ, argument)
		}
	}
}

func TestLetter_never_claims_an_absence_from_an_empty_field(t *testing.T) {
	t.Parallel()
	doc, src := corrected(t)
	doc.Offenses, doc.Arrests, doc.Adverse, doc.Orders, doc.Removals = nil, nil, nil, nil, nil
	doc.Decisions = export.AnswerWhatICEHas(doc)
	in := input(t, doc)
	in.Draft = true
	packet, _ := build(t, plan(t, in), src, nil)
	letter := flat(strings.Join(pageTexts(t, packet)[:3], " "))
	if m := regexp.MustCompile(`(?i)no criminal|never been|no arrests?|no record|law-abiding|no prior`).FindString(letter); m != "" {
		t.Errorf("the letter says %q", m)
	}
}

func TestPlan_own_letter_takes_the_place_of_ours(t *testing.T) {
	t.Parallel()
	in, src := ownLetter(t)
	packet, built := build(t, plan(t, in), src, identity(t))
	pages := pageTexts(t, packet)
	if !strings.Contains(pages[0], "We write about Marisol") || built.Pages[1].Part != "index" || built.Pages[2].Part != "A" {
		t.Errorf("order of parts: %v", built.Pages[:3])
	}
	if strings.Contains(flat(strings.Join(pages, " ")), "We ask") {
		t.Error("our letter is there as well")
	}
	if !strings.Contains(flat(pages[1]), "signature on page 1 is the signature of the request") {
		t.Errorf("index: %s", flat(pages[1]))
	}
	if v := sign.Verify(bytes.NewReader(packet), int64(len(packet)), nil); v.ExitCode() != 2 {
		t.Errorf("verification gives %d: %v", v.ExitCode(), v.Reasons)
	}
	// What it argues is in its own words: none of our factors left.
	if len(built.Record.Argued) > 0 {
		t.Errorf("the record says that %d factors of ours left", len(built.Record.Argued))
	}
}

func TestPacket_many_tabs_settle_and_agree(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	f := textFile(t, "many", "The bus leaves at nine.")
	for n := range 60 {
		f.Meta.ID = fmt.Sprintf("many%d", n)
		f.Meta.Title = fmt.Sprintf("Document number %d with a title that is long enough to need two lines of the index", n)
		src.add(t, &doc, f)
	}
	p := plan(t, input(t, doc))
	table, err := p.TabTable()
	if err != nil {
		t.Fatal(err)
	}
	packet, built := build(t, p, src, identity(t))
	pages := pageTexts(t, packet)
	if len(table) != 67 || table[66].Tab != "BO" || table[66].Last != len(pages) {
		t.Fatalf("%d tabs, the last %v, %d pages", len(table), table[len(table)-1], len(pages))
	}
	var index []string
	for i, b := range built.Pages {
		if b.Part == "index" {
			index = append(index, flat(pages[i]))
			if !strings.Contains(flat(pages[i]), "Tab Document Date Pages Language") {
				t.Errorf("page %d of the index has no head", i+1)
			}
		}
	}
	if len(index) < 2 {
		t.Fatalf("the index has %d pages", len(index))
	}
	whole := strings.Join(index, " ")
	for _, line := range table {
		if !strings.Contains(flat(pages[line.First-1])+" ", "EXHIBIT "+line.Tab+" ") {
			t.Errorf("tab %s is not stamped on page %d", line.Tab, line.First)
		}
		if !regexp.MustCompile(`\b` + strconv.Itoa(line.First) + `\b`).MatchString(whole) {
			t.Errorf("page %d of tab %s is not in the index", line.First, line.Tab)
		}
	}
}

func TestPlan_of_an_empty_case_is_refused_by_the_lint_and_breaks_nothing(t *testing.T) {
	t.Parallel()
	in := export.Input{Recipient: export.ToFieldOffice, SigningDate: today, Rows: factors.Assessment{AsOf: today}}
	findings, err := plan(t, in).Lint(memory{})
	if err != nil {
		t.Fatal(err)
	}
	if len(export.Blocking(findings)) < 4 {
		t.Errorf("found %v", findings)
	}
	if _, err := export.NewPlan(export.Input{}); !errors.Is(err, export.ErrRecipient) {
		t.Errorf("no recipient gives %v", err)
	}
}

func TestPlan_odd_words_are_printed_or_boxed_and_break_nothing(t *testing.T) {
	t.Parallel()
	doc, src := answered(t)
	odd := strings.Repeat("word\x01\u202e\u0645 ", 30) + "\xff {" + strings.Repeat("(", 120)
	doc.FamilyName, doc.GivenName, doc.FacilityName = odd, odd, odd
	doc.Representative.Organization, doc.Representative.Phone = odd, odd
	doc.Requests[0].Release = odd
	for i := range doc.Exhibits {
		doc.Exhibits[i].Title = odd
	}
	doc.Decisions[4].Text = odd
	in := input(t, doc)
	in.Draft = true
	packet, built := build(t, plan(t, in), src, nil)
	if len(pageTexts(t, packet)) != len(built.Pages) {
		t.Error("pages are lost")
	}
	in.Draft = false
	signed, _ := build(t, plan(t, in), src, identity(t))
	if v := sign.Verify(bytes.NewReader(signed), int64(len(signed)), nil); v.ExitCode() != 2 {
		t.Errorf("verification gives %d: %v", v.ExitCode(), v.Reasons)
	}
}

func BenchmarkBuild(b *testing.B) {
	doc, src := answered(b)
	in := input(b, doc)
	id := identity(b)
	for b.Loop() {
		p, err := export.NewPlan(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := export.Build(context.Background(), p, src, id, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
