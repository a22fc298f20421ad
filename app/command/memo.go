package command

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"forbear/factors"
)

func memoCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "memo",
		Short: "Memoranda and regulations, and which of them was in force when",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(memoListCommand(e), memoShowCommand(e))
	return c
}

// errMemo says that an id names nothing. The id is the caller's own word, and
// the list of the right ones is one command away.
var errMemo = errors.New("find memo: none with that id; `forbear memo list` names them")

// asOf reads a day for looking at. It is a day and not a month: whether a memo
// was in force changes from one day to the next.
func (e *env) asOf(text string) (factors.Date, error) {
	if text == "" {
		return e.Today(), nil
	}
	d, err := factors.ParseDate(text)
	if err == nil {
		if _, ok := d.Day(); ok {
			return d, nil
		}
	}
	return factors.Date{}, &usageError{errors.New("--as-of needs one day, like 2022-05-01")}
}

// The report of memo list. Its shape is one that others build on.
type memoList struct {
	AsOf        factors.Date    `json:"asOf"`
	Library     libraryNote     `json:"library"`
	InForce     factors.InForce `json:"inForce"`
	Context     []string        `json:"context"`
	Instruments []memoStatus    `json:"instruments"`
}

type libraryNote struct {
	Version    string       `json:"version"`
	Checked    factors.Date `json:"checked"`
	BlindAfter factors.Date `json:"blindAfter"`
}

type memoStatus struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Status  factors.State `json:"status"`
	Since   factors.Date  `json:"since"`
	Certain bool          `json:"certain"`
}

func memoListCommand(e *env) *cobra.Command {
	var day string
	c := &cobra.Command{
		Use:   "list",
		Short: "What was in force on a day, and what became of the rest",
		Long: "An empty place means that none is known. A question mark stands behind what the sources disagree about\n" +
			"for that day, or what cannot be told from them.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			asOf, err := e.asOf(day)
			if err != nil {
				return err
			}
			lib, err := e.Library()
			if err != nil {
				return err
			}
			report := listMemos(lib, asOf)
			if e.JSON {
				return e.printJSON(report)
			}
			return report.print(e.Out, lib)
		},
	}
	c.Flags().StringVar(&day, "as-of", "", "the day to look at, like 2022-05-01 (default: today)")
	return c
}

func listMemos(lib *factors.Library, asOf factors.Date) memoList {
	now := lib.InForce(asOf)
	report := memoList{
		AsOf:    asOf,
		Library: libraryNote{lib.Version, lib.Checked, lib.BlindAfter},
		InForce: now, Context: now.Context,
	}
	for _, in := range lib.Instruments() {
		s, _ := lib.Status(in.ID, asOf)
		report.Instruments = append(report.Instruments, memoStatus{in.ID, in.Title, s.State, s.Since, s.Certain})
	}
	return report
}

func (r memoList) print(w io.Writer, lib *factors.Library) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	unsure := map[string]bool{}
	for _, m := range r.Instruments {
		unsure[m.ID] = !m.Certain
	}
	list := func(ids []string) string {
		if len(ids) == 0 {
			return "none known"
		}
		words := make([]string, len(ids))
		for i, id := range ids {
			words[i] = id
			if unsure[id] {
				words[i] += " ?"
			}
		}
		return strings.Join(words, ", ")
	}
	fmt.Fprintf(t, "On %s. %s\n\n", r.AsOf.Words(), lib.BlindSentence())
	fmt.Fprintf(t, "Says how cases are weighed\n")
	fmt.Fprintf(t, "  DHS and ICE\t%s\n", list(r.InForce.DHS))
	fmt.Fprintf(t, "  OPLA, in court\t%s\n", list(r.InForce.OPLA))
	fmt.Fprintf(t, "  victims and workers\t%s\n", list(r.InForce.VictimsWorkers))
	fmt.Fprintf(t, "  regulation\t%s\n", list(r.InForce.Regulation))
	fmt.Fprintf(t, "Frames the field\t%s\n\n", list(r.Context))
	for _, m := range r.Instruments {
		in, _ := lib.Instrument(m.ID)
		mark := ""
		if !m.Certain {
			mark = " ?"
		}
		fmt.Fprintf(t, "%s\t%s%s\t%s\t%s\n", m.ID, m.Status, mark, m.Since, in.Name())
	}
	return t.Flush()
}

// The report of memo show.
type memoReport struct {
	ID         string             `json:"id"`
	Title      string             `json:"title"`
	Short      string             `json:"short"`
	Author     string             `json:"author"`
	Channel    factors.Channel    `json:"channel"`
	Label      factors.Label      `json:"label"`
	Lists      bool               `json:"lists"`
	Complete   bool               `json:"complete"` // every rule of it is in the library
	Cite       string             `json:"cite"`
	Confidence factors.Confidence `json:"confidence"`
	Note       string             `json:"note"`
	Sources    []string           `json:"sources"`
	AsOf       factors.Date       `json:"asOf"`
	Status     factors.State      `json:"status"`
	Since      factors.Date       `json:"since"`
	Certain    bool               `json:"certain"`
	Events     []memoEvent        `json:"events"`
	Rules      []memoRule         `json:"rules"`
}

type memoEvent struct {
	Date       factors.Date       `json:"date"`
	Doubt      factors.Date       `json:"doubt,omitzero"`
	Event      string             `json:"event"`
	Source     string             `json:"source"`
	Confidence factors.Confidence `json:"confidence"`
	Note       string             `json:"note,omitempty"`
}

type memoRule struct {
	Rule       string             `json:"rule"`
	Title      string             `json:"title"`
	Side       factors.Side       `json:"side"`
	Label      factors.Label      `json:"label"`
	Asks       string             `json:"asks,omitempty"`
	Says       string             `json:"says"`
	Pointer    string             `json:"pointer"`
	Confidence factors.Confidence `json:"confidence"`
	Threshold  string             `json:"threshold"`
	Compute    string             `json:"compute"`
	Note       string             `json:"note,omitempty"`
}

func memoShowCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "show MEMO",
		Short: "One instrument: its dates, its rules, its sources",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			lib, err := e.Library()
			if err != nil {
				return err
			}
			in, ok := lib.Instrument(args[0])
			if !ok {
				return errMemo
			}
			report := showMemo(lib, in, e.Today())
			if e.JSON {
				return e.printJSON(report)
			}
			return report.print(e.Out)
		},
	}
}

func showMemo(lib *factors.Library, in *factors.Instrument, today factors.Date) memoReport {
	s, _ := lib.Status(in.ID, today)
	r := memoReport{
		ID: in.ID, Title: in.Title, Short: in.Short, Author: in.Author, Channel: in.Channel, Label: in.Label,
		Lists: in.Lists, Complete: in.Complete, Cite: in.Cite, Confidence: in.Confidence, Note: in.Note, Sources: in.Sources,
		AsOf: today, Status: s.State, Since: s.Since, Certain: s.Certain,
		Events: []memoEvent{}, Rules: []memoRule{},
	}
	for _, ev := range in.Events {
		r.Events = append(r.Events, memoEvent{ev.Date, ev.Doubt, ev.Event, ev.Source, ev.Confidence, ev.Note})
	}
	for _, x := range in.Rules {
		r.Rules = append(r.Rules, memoRule{x.ID, x.Title, x.Side, x.Label, x.Asks, x.Says, x.Pointer, x.Confidence, x.Threshold, x.Compute, x.Note})
	}
	return r
}

func (r memoReport) print(out io.Writer) error {
	w := &errWriter{w: out}
	w.printf("%s  %s\n%s\n%s. Marked %s.\n", r.ID, r.Title, r.Author, r.Cite, r.Confidence)
	if r.Note != "" {
		w.printf("%s\n", r.Note)
	}
	w.printf("\nOn %s: %s", r.AsOf.Words(), r.Status)
	if since := r.Since.Words(); since != "" {
		w.printf(" since %s", since)
	}
	if !r.Certain {
		w.printf(" ?")
	}
	w.printf("\n")
	for _, ev := range r.Events {
		w.printf("  %-12s %s", ev.Date, ev.Event)
		if !ev.Doubt.IsZero() {
			w.printf(", %s", ev.Doubt.Words())
		}
		w.printf("  [%s]\n", ev.Confidence)
		if ev.Note != "" {
			w.printf("               %s\n", ev.Note)
		}
		w.printf("               %s\n", ev.Source)
	}
	switch {
	case len(r.Rules) == 0:
		w.printf("\nNone of its rules is in this library yet.\n")
	case !r.Complete:
		w.printf("\nSome of its rules; the rest is not in this library yet.\n")
	default:
		w.printf("\nIts rules, in our words.\n")
	}
	for _, x := range r.Rules {
		w.printf("\n%s  %s (%s, %s)\n", x.Rule, x.Title, x.Side, x.Label)
		w.printf("    %s\n", x.Says)
		w.printf("    %s  [%s]  threshold: %s", x.Pointer, x.Confidence, x.Threshold)
		if x.Asks != "" {
			w.printf("  helps to answer: %s", x.Asks)
		}
		w.printf("\n")
		if x.Note != "" {
			w.printf("    %s\n", x.Note)
		}
	}
	w.printf("\nSources\n")
	for _, s := range r.Sources {
		w.printf("  %s\n", s)
	}
	return w.err
}

// An errWriter prints until a write fails, and keeps that failure: a report
// whose end was cut off must not look like a whole one.
type errWriter struct {
	w   io.Writer
	err error
}

func (w *errWriter) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}
