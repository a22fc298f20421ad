package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"forbear/casefile"
	"forbear/export"
	"forbear/factors"
)

// maxFacts bounds a facts document, in bytes.
const maxFacts = 16 << 20

func assessCommand(e *env) *cobra.Command {
	var file, memo, day string
	c := &cobra.Command{
		Use:   "assess (CASE | --facts FILE.json)",
		Short: "Set a case against one memo or regulation, row by row",
		Long: "The checklist of a case, or of a facts document: a case document from which everything else was left out.\n" +
			"Each row answers yes, no or unknown, and says from what. Nothing of it leaves by itself.\n" +
			"The day is for looking only; a packet is always made for the day on which it is signed.",
		Args: func(_ *cobra.Command, args []string) error {
			if (len(args) == 1) == (file != "") || len(args) > 1 {
				return errors.New("name one case, or a facts document with --facts")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			asOf, err := e.asOf(day)
			if err != nil {
				return err
			}
			lib, err := e.Library()
			if err != nil {
				return err
			}
			if _, ok := lib.Instrument(memo); memo != "" && !ok {
				return errMemo
			}
			var doc casefile.Document
			var office string
			if file != "" {
				doc, err = readFacts(file, e.In)
			} else {
				doc, office, err = e.caseDocument(cmd, args[0])
			}
			if err != nil {
				return err
			}
			ask := currentAsk(doc)
			if memo == "" {
				memo = lib.DefaultFrame(doc.Facts, ask, office).ID
			}
			a := export.Checklist(lib, doc, memo, asOf)
			if e.JSON {
				return e.printJSON(a)
			}
			inForce, organizedBy := lib.StatusSentences(memo, asOf, lib.Governing(doc.Facts, ask))
			return printAssessment(e.Out, a, inForce, organizedBy)
		},
	}
	flags := c.Flags()
	flags.StringVar(&file, "facts", "", "facts document to assess; - is standard input")
	flags.StringVar(&memo, "memo", "", "instrument to organize by (default: the one the case opens on)")
	flags.StringVar(&day, "as-of", "", "the day to look at, like 2022-05-01 (default: today)")
	return c
}

// readFacts reads a facts document. A key or a word that it does not know is
// refused by its field: a typing error must not become a fact nobody has asked.
func readFacts(name string, in io.Reader) (casefile.Document, error) {
	var doc casefile.Document
	r := in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return doc, fmt.Errorf("open facts document: %w", bare(err))
		}
		defer f.Close()
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFacts+1))
	if err != nil {
		return doc, fmt.Errorf("read facts document: %w", bare(err))
	}
	if len(data) > maxFacts {
		return doc, errors.New("read facts document: larger than 16 MB")
	}
	if err := factors.Decode(data, &doc); err != nil {
		return doc, fmt.Errorf("read facts document: %w", err)
	}
	if err := doc.Validate(); err != nil {
		return doc, fmt.Errorf("read facts document: %w", err)
	}
	doc.Normalize()
	return doc, nil
}

// caseDocument opens a case, takes its document and the office's choice of
// instrument, and closes it again.
func (e *env) caseDocument(cmd *cobra.Command, ref string) (doc casefile.Document, office string, err error) {
	v, err := e.OpenVault(cmd.Context())
	if err != nil {
		return doc, "", err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	c, err := openIn(v, ref)
	if err != nil {
		return doc, "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	doc, err = c.Document()
	return doc, v.Profile().Office.Frame, err
}

// currentAsk is what the newest request asks for first.
func currentAsk(doc casefile.Document) string {
	for i := len(doc.Requests) - 1; i >= 0; i-- {
		if asks := doc.Requests[i].Asks; len(asks) > 0 {
			return asks[0].Kind
		}
	}
	return ""
}

// groups are the headings of the checklist in the order of the screen.
var groups = []struct {
	words string
	holds func(factors.Row) bool
}{
	{"For", func(r factors.Row) bool {
		return r.Side == factors.SideMitigating || r.Side == factors.SideEither && r.Stand == factors.StandFor
	}},
	{"Against - stays in this file unless you decide", func(r factors.Row) bool {
		return r.Side == factors.SideAggravating || r.Side == factors.SideEither && r.Stand == factors.StandAgainst
	}},
	{"Cuts both ways: you decide for this case", func(r factors.Row) bool {
		return r.Side == factors.SideEither && r.Stand != factors.StandFor && r.Stand != factors.StandAgainst
	}},
	{"Particular care", func(r factors.Row) bool { return r.Side == factors.SideSpecialCare }},
	{"What no decision may rest on", func(r factors.Row) bool { return r.Side == factors.SideProtected }},
	{"How the agency decides", func(r factors.Row) bool { return r.Side == factors.SideProcess }},
	{"Enforcement priorities under this memo - stays here", func(r factors.Row) bool { return r.Side == factors.SideGate }},
	{"Exposure today - never leaves", func(r factors.Row) bool { return r.Side == factors.SideExposure }},
}

// stateWords are the words of a row on paper. They speak of the fact.
var stateWords = map[factors.RowState]string{
	factors.HasProof:        "Has proof",
	factors.NeedsProof:      "Needs proof",
	factors.DatesSuggest:    "Dates suggest this",
	factors.NotAskedYet:     "Not asked",
	factors.AskedNotKnown:   "Asked, not known",
	factors.AskedNoAnswer:   "Prefers not to say",
	factors.DoesNotApply:    "Does not apply",
	factors.PersonDecides:   "You decide",
	factors.Recorded:        "Recorded",
	factors.NothingRecorded: "Nothing recorded",
	factors.Stated:          "Stated",
}

func printAssessment(out io.Writer, a factors.Assessment, inForce, organizedBy string) error {
	w := &errWriter{w: out}
	w.printf("In force: %s\nOrganized by: %s\nOn %s.\n", inForce, organizedBy, a.AsOf.Words())
	if a.Partial {
		w.printf("Not every rule of this instrument is in the library.\n")
	}
	collapsed := map[string]bool{}
	if a.Collapse != nil {
		for _, rule := range a.Collapse.Rules {
			collapsed[rule] = true
		}
	}
	for _, g := range groups {
		heading := false
		line := false // the one line of the collapsed rows
		for _, r := range a.Rows {
			if !g.holds(r) {
				continue
			}
			if !heading {
				w.printf("\n%s\n", strings.ToUpper(g.words))
				heading = true
			}
			if collapsed[r.Rule] {
				if !line {
					w.printf("  %s\n", a.Collapse.Sentence)
					line = true
				}
				continue
			}
			printRow(w, r)
		}
	}
	if n := len(a.Retired); n > 0 {
		w.printf("\n%d decisions are about rules that the library no longer has; they are kept.\n", n)
	}
	return w.err
}

func printRow(w *errWriter, r factors.Row) {
	w.printf("  %s: %s  (%s, %s)\n", stateWords[r.State], r.Title, r.Rule, r.Answer)
	w.printf("      %s\n", r.Reason)
	w.printf("      %s [%s]; ", r.Pointer, r.Confidence)
	if r.Threshold == "none" {
		w.printf("no threshold")
	} else {
		w.printf("threshold: %s", r.Threshold)
	}
	if r.Asks != "" {
		w.printf("; helps to answer %s", r.Asks)
	}
	if r.Label != factors.LabelMemo {
		w.printf("; %s", r.Label)
	}
	w.printf("\n")
}
