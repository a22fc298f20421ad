package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
)

func caseCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "case",
		Short: "Add, list, show and write out cases",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(caseAddCommand(e), caseListCommand(e), caseShowCommand(e), caseExportCommand(e), caseAcceptCommand(e))
	return c
}

func schemaCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the case document",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := casefile.Schema()
			if err != nil {
				return err
			}
			_, err = e.Out.Write(schema)
			return err
		},
	}
}

// An addedCase is what `case add --json` prints.
type addedCase struct {
	ID      string `json:"id"`
	Missing int    `json:"missing"` // attachments that the document names and that were not beside it
	Refused int    `json:"refused"` // exhibits that the worker could not read; they are kept
}

func caseAddCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "add FILE.json",
		Short: "Make a case of a document, as export writes it",
		Long: "Attachments are taken from the folder exhibits beside the file, if they have the hashes that the\n" +
			"document names, and are read anew by the exhibit worker. A folder that export wrote may be named in\n" +
			"place of the file.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			path := args[0]
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				path = filepath.Join(path, "case.json")
			}
			v, err := e.OpenVault(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			c, err := v.AddFile(path)
			if err != nil {
				return err
			}
			added := addedCase{ID: c.ID()}
			if added.Refused, err = cleanAgain(cmd.Context(), c, e.Err); err != nil {
				return err
			}
			if added.Missing, err = c.MissingBlobs(); err != nil {
				return err
			}
			return e.printAdded(added)
		},
	}
}

func (e *env) printAdded(a addedCase) error {
	if e.JSON {
		return e.printJSON(a)
	}
	if a.Missing > 0 {
		fmt.Fprintf(e.Err, "forbear: %d attachments were not beside the document\n", a.Missing)
	}
	if a.Refused > 0 {
		fmt.Fprintf(e.Err, "forbear: %d exhibits are kept, and cannot go into a packet\n", a.Refused)
	}
	_, err := fmt.Fprintln(e.Out, a.ID)
	return err
}

// cleanAgain has the exhibit worker read the originals of a case that came from
// outside, and returns how many it refused. A clean form that came along was
// dropped: nobody can tell who made it.
func cleanAgain(ctx context.Context, c *casefile.Case, progress io.Writer) (refused int, err error) {
	doc, err := c.Document()
	if err != nil {
		return 0, err
	}
	worker, err := exhibit.Self()
	if err != nil {
		return 0, err
	}
	for i, x := range doc.Exhibits {
		if x.Original.ID == "" || x.Clean.ID != "" {
			continue
		}
		_, err := export.CleanAgain(ctx, c, worker, x)
		switch {
		case ctx.Err() != nil:
			return refused, ctx.Err()
		case errors.Is(err, casefile.ErrNotFound):
			// It was not beside the document, and is counted as missing.
		case err != nil:
			refused++
			fmt.Fprintf(progress, "forbear: exhibit %d of %d: %v\n", i+1, len(doc.Exhibits), err)
		}
	}
	return refused, nil
}

// A listedCase is one row of `case list --json`.
type listedCase struct {
	ID string `json:"id"`
	casefile.Card
	Problem string `json:"problem,omitempty"`
}

func caseListCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the caseload",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			v, err := e.OpenVault(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			return e.printCases(v.Cards())
		},
	}
}

func (e *env) printCases(cards []casefile.Card) error {
	rows := []listedCase{}
	for _, card := range cards {
		row := listedCase{ID: card.ID, Card: card}
		if card.Problem != nil {
			row.Problem = card.Problem.Error()
		}
		rows = append(rows, row)
	}
	if e.JSON {
		return e.printJSON(map[string]any{"cases": rows})
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tA-NUMBER\tWHERE\tNEXT\tPROBLEM")
	for _, r := range rows {
		name := strings.Trim(r.FamilyName+", "+r.GivenName, ", ")
		next := strings.TrimSpace(r.NextDate.String() + " " + r.NextWhat)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID[:8], name, shownANumber(r.ANumber), r.Where, next, r.Problem)
	}
	return w.Flush()
}

// shownANumber writes nine digits as an agency does.
func shownANumber(n string) string {
	if len(n) != 9 {
		return n
	}
	return "A " + n[:3] + "-" + n[3:6] + "-" + n[6:]
}

func caseShowCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "show CASE",
		Short: "Print one case",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c, done, err := e.OpenCase(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			doc, err := c.Document()
			if err != nil {
				return err
			}
			if e.JSON {
				b, err := doc.Encode()
				if err != nil {
					return err
				}
				_, err = e.Out.Write(b)
				return err
			}
			return e.printCase(c, doc)
		},
	}
}

func (e *env) printCase(c *casefile.Case, doc casefile.Document) error {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	row("Case", doc.ID)
	row("Revision", fmt.Sprintf("%d, saved %s", c.Revision(), c.Saved().Format("2006-01-02 15:04 -07:00")))
	if doc.Invented {
		row("Sample", "invented")
	}
	row("Name", strings.Join(strings.Fields(doc.GivenName+" "+doc.MiddleName+" "+doc.FamilyName), " "))
	var numbers []string
	for _, n := range doc.ANumbers {
		numbers = append(numbers, shownANumber(n))
	}
	if doc.NoANumber {
		numbers = append(numbers, "none assigned")
	}
	row("A-number", strings.Join(numbers, ", "))
	row("Born", doc.DateOfBirth.String())
	row("Citizenship", doc.CountryOfCitizenship)
	row("Held at", doc.FacilityName)
	row("Field office", doc.EROOffice)
	row("Stage", doc.ProceedingStage)
	row("Hearing", strings.TrimSpace(doc.NextHearing.Date.String()+" "+doc.NextHearing.Type))
	row("Removal", strings.TrimSpace(doc.RemovalDate.String()+" "+doc.RemovalTime))
	counts := map[string]int{}
	for _, kind := range append(casefile.ListKinds(), casefile.KindPackets, casefile.KindClearCopies) {
		records, err := c.List(kind)
		if err != nil {
			return err
		}
		if len(records) > 0 {
			counts[kind] = len(records)
		}
	}
	for _, kind := range sorted(counts) {
		row(kind, fmt.Sprint(counts[kind]))
	}
	return w.Flush()
}

func caseExportCommand(e *env) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export CASE --out DIR",
		Short: "Write a case in clear: document, attachments, manifest of hashes",
		Long: "The folder must be empty or not exist. What it holds is not protected by anything: whoever gets it\n" +
			"can read it. The case notes where it went, among its clear copies. `case add` makes the same case of it\n" +
			"again.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if out == "" {
				return &usageError{errors.New("export case: name the folder with --out")}
			}
			c, done, err := e.OpenCase(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			names, err := c.ExportTo(cmd.Context(), out)
			if err != nil {
				return err
			}
			if e.JSON {
				return e.printJSON(map[string][]string{"files": names})
			}
			for _, name := range names {
				if _, err := fmt.Fprintln(e.Out, name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to write to")
	return c
}

// An acceptedCase is what `case accept --json` prints.
type acceptedCase struct {
	ID   string `json:"id"`
	Gone bool   `json:"gone"` // it is off the list, since there is no folder
}

func caseAcceptCommand(e *env) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "accept CASE",
		Short: "Take a case as it is now, older than last seen or gone",
		Long: "A case that is older than the one you saw last, or that is not here any more, is refused until you\n" +
			"say that this is what you want: a backup was put in its place, or it was given away. A newer copy that\n" +
			"turns up later is not held against it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			v, err := e.OpenVault(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			id, err := findCase(v.Cards(), args[0])
			if err != nil {
				return err
			}
			what := ""
			c, err := v.OpenCase(id)
			switch {
			case err == nil:
				return errors.Join(errors.New("accept case: it is the one you saw last, or newer"), c.Close())
			case errors.Is(err, casefile.ErrRolledBack):
				what = "This case is older than the one you saw last. What was written after it is not in it. If you did not put\n" +
					"it there yourself, from a backup, somebody else did: look for the newer copy first."
			case errors.Is(err, casefile.ErrCaseMissing):
				what = "This case is not here any more, or does not let you in any more. It goes off your list. If you did not\n" +
					"give it away or remove it yourself, look for it first, on other sticks and in the backup."
			default:
				return err
			}
			if err := e.confirm(yes, what); err != nil {
				return err
			}
			if err := v.Accept(id); err != nil {
				return err
			}
			return e.printAccepted(acceptedCase{ID: id, Gone: errors.Is(err, casefile.ErrCaseMissing)})
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "answer the question with yes")
	return c
}

func (e *env) printAccepted(a acceptedCase) error {
	if e.JSON {
		return e.printJSON(a)
	}
	words := "The case is taken as it is now."
	if a.Gone {
		words = "The case is off the list."
	}
	_, err := fmt.Fprintln(e.Out, words)
	return err
}
