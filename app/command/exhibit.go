package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
)

func exhibitCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "exhibit",
		Short: "Attach documents to a case",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(exhibitAddCommand(e), exhibitListCommand(e), exhibitRemoveCommand(e))
	return c
}

func exhibitAddCommand(e *env) *cobra.Command {
	var meta casefile.Exhibit
	c := &cobra.Command{
		Use:   "add CASE FILE...",
		Short: "Seal documents and read them in a process of their own",
		Long: "Each file is sealed as it is, then read by a child process without keys or paths. What comes back is\n" +
			"clean: no script, no hidden note, no GPS. A file that cannot be read is refused by its place in the\n" +
			"command line; its original stays sealed in the case, and the others go on.",
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c, done, err := e.OpenCase(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			worker, err := exhibit.Self()
			if err != nil {
				return err
			}
			added, refused := make([]casefile.Exhibit, 0, len(args)-1), 0
			for i, name := range args[1:] {
				x, err := addFile(cmd.Context(), c, worker, name, meta, len(args) > 2)
				if err != nil {
					refused++
					fmt.Fprintf(e.Err, "forbear: file %d of %d: %v\n", i+1, len(args)-1, bare(err))
				}
				if x.ID != "" {
					added = append(added, x)
				}
			}
			if err := e.printExhibits(added); err != nil {
				return err
			}
			if refused > 0 {
				return exitWith(exitRefused, fmt.Errorf("add exhibits: %d of %d refused", refused, len(args)-1))
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&meta.Title, "title", "", "title in the index (default: the file's name)")
	flags.StringArrayVar(&meta.Proves, "proves", nil, "rule that it proves; may be repeated")
	flags.StringVar(&meta.Role, "role", "", "g28, letter, declaration, record, request or answer")
	flags.StringVar(&meta.Language, "language", "", "language, if not English")
	flags.BoolVar(&meta.InPacket, "in-packet", true, "goes into the next packet")
	return c
}

func addFile(ctx context.Context, c *casefile.Case, worker exhibit.Worker, name string, meta casefile.Exhibit, several bool) (casefile.Exhibit, error) {
	data, err := readFile(name, export.MaxExhibit)
	if err != nil {
		return meta, err
	}
	if meta.Title == "" || several {
		base := filepath.Base(name)
		meta.Title = strings.TrimSuffix(base, filepath.Ext(base))
	}
	return export.AddExhibit(ctx, c, worker, data, meta)
}

// readFile reads a file of at most limit bytes.
func readFile(name string, limit int64) (_ []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open file: %w", bare(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read file: %w", bare(err))
	}
	if int64(len(data)) > limit {
		return nil, export.ErrTooLarge
	}
	return data, nil
}

func exhibitListCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "list CASE",
		Short: "List a case's exhibits",
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
			return e.printExhibits(doc.Exhibits)
		},
	}
}

func exhibitRemoveCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "remove CASE EXHIBIT",
		Short: "Put an exhibit into the trash; its history stays",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c, done, err := e.OpenCase(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			record, err := c.Get(args[1])
			if err != nil {
				return err
			}
			if record.Kind != "exhibits" {
				return fmt.Errorf("find exhibit: %w", casefile.ErrNotFound)
			}
			return c.Delete(record.ID)
		},
	}
}

func (e *env) printExhibits(list []casefile.Exhibit) error {
	if e.JSON {
		if list == nil {
			list = []casefile.Exhibit{}
		}
		return e.printJSON(map[string]any{"exhibits": list})
	}
	for _, x := range list {
		state := fmt.Sprintf("%d pages", x.Pages)
		if x.Clean.ID == "" {
			state = "not readable"
		}
		fmt.Fprintf(e.Out, "%s  %-12s  %s\n", x.ID, state, x.Title)
		for _, removed := range x.Removed {
			fmt.Fprintf(e.Out, "%34s removed: %s\n", "", removed)
		}
	}
	return nil
}

// printJSON prints one indented JSON document.
func (e *env) printJSON(v any) error {
	enc := json.NewEncoder(e.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
