package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"forbear/casefile"
)

func vaultCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "vault",
		Short: "Create and check a vault",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(vaultCreateCommand(e), vaultCheckCommand(e))
	return c
}

func vaultCreateCommand(e *env) *cobra.Command {
	var p casefile.NewPerson
	var role string
	c := &cobra.Command{
		Use:   "create --name NAME --role ROLE",
		Short: "Create a vault and its first person",
		Long: "The folder must be empty or not exist. The passphrase cannot be changed by anybody who does not know\n" +
			"it, and there is no way in without it.\n\nRoles: " + strings.Join(roleNames(), ", ") + ".",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			p.Role = casefile.Role(role)
			switch {
			case strings.TrimSpace(p.Name) == "":
				return &usageError{errors.New("create vault: name the person with --name")}
			case !p.Role.Valid():
				return &usageError{errors.New("create vault: --role is one of " + strings.Join(roleNames(), ", "))}
			}
			dir, err := e.VaultDir()
			if err != nil {
				return err
			}
			pass, err := e.passphrase("New passphrase", true)
			if err != nil {
				return err
			}
			defer clear(pass)
			v, err := casefile.Create(dir, p, pass)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			// Who made the vault signs its packets until a profile says otherwise,
			// as in the window.
			signer := casefile.Representative{Name: p.Name, Type: string(p.Role)}
			if err := v.SetProfile(casefile.Profile{Representative: signer}); err != nil {
				return err
			}
			me := v.Me()
			if e.JSON {
				return e.printJSON(map[string]string{"person": me.ID, "label": me.Label, "role": string(me.Role)})
			}
			_, err = fmt.Fprintf(e.Out, "Vault created. It opens for %q with the passphrase you typed, and with nothing else.\n", me.Label)
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&p.Name, "name", "", "name of the person (kept sealed)")
	flags.StringVar(&role, "role", "", "one of "+strings.Join(roleNames(), ", "))
	flags.StringVar(&p.Label, "label", "", `what stands in clear beside the passphrase prompt (default "Desk 1")`)
	return c
}

func roleNames() []string {
	var names []string
	for _, r := range casefile.Roles() {
		names = append(names, string(r))
	}
	return names
}

// A checkReport is what `vault check --json` prints.
type checkReport struct {
	casefile.Report
	Sound    bool           `json:"sound"`
	Problems []checkProblem `json:"problems"`
}

type checkProblem struct {
	Case  string `json:"case,omitempty"`
	Error string `json:"error"`
}

// rebuildQuestion says what [casefile.RebuildIndex] costs.
const rebuildQuestion = "Your list of cases is damaged. It can be made anew from the cases that are here. What only the list knew is\n" +
	"lost: your profile, the certificate you sign with, and what you saw last of each case, so that a case that is\n" +
	"gone, or was put back to an older state, is not noticed this once. The damaged list is kept."

func vaultCheckCommand(e *env) *cobra.Command {
	var rebuild, yes bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Read and verify everything; exit 0 only if all is sound",
		Long: "Nothing is changed. With --rebuild-index a list of cases of which both copies are damaged is made anew\n" +
			"first, once a question about it was answered.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			open := e.OpenVault
			if rebuild {
				open = func(ctx context.Context) (*casefile.Vault, error) { return e.openRebuilding(ctx, yes) }
			}
			v, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			report, err := v.Check(cmd.Context(), func(done, total int) {
				fmt.Fprintf(e.Err, "\rchecked %d of %d cases", done, total)
				if done == total {
					fmt.Fprintln(e.Err)
				}
			})
			if err != nil {
				return fmt.Errorf("check vault: %w", err)
			}
			if err := e.printCheck(report); err != nil {
				return err
			}
			if !report.Sound() {
				return exitWith(exitRefused, fmt.Errorf("check vault: %d problems", len(report.Problems)))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&rebuild, "rebuild-index", false, "make a damaged list of cases anew")
	c.Flags().BoolVar(&yes, "yes", false, "answer the question with yes")
	return c
}

// openRebuilding unlocks the vault, and makes a damaged list of cases anew if
// the person agrees. The caller closes it.
func (e *env) openRebuilding(ctx context.Context, yes bool) (*casefile.Vault, error) {
	dir, err := e.VaultDir()
	if err != nil {
		return nil, err
	}
	pass, err := e.passphrase("Passphrase", false)
	if err != nil {
		return nil, err
	}
	defer clear(pass)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, err := casefile.Open(dir, e.user, pass)
	var damage *casefile.DamageError
	if err == nil || !errors.As(err, &damage) || damage.Part != "index" {
		return v, err
	}
	if err := e.confirm(yes, rebuildQuestion); err != nil {
		return nil, err
	}
	return casefile.Open(dir, e.user, pass, casefile.RebuildIndex())
}

// confirm says what is about to happen and asks for a yes, unless --yes was
// given. Without a terminal to ask on nothing happens.
func (e *env) confirm(yes bool, what string) error {
	if yes {
		return nil
	}
	in, ok := e.In.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return &usageError{errors.New("no terminal to ask on: say --yes if you are sure")}
	}
	fmt.Fprintf(e.Err, "%s\nGo on? [y/N] ", what)
	// Raw for the same reason as a passphrase: Ctrl+C has to arrive as a key.
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("prepare terminal: %w", err)
	}
	agreed := agrees(in)
	if err := term.Restore(int(in.Fd()), state); err != nil {
		return fmt.Errorf("restore terminal: %w", err)
	}
	if !agreed {
		fmt.Fprintln(e.Err, "n")
		return errStopped
	}
	fmt.Fprintln(e.Err, "y")
	return nil
}

// agrees reads one key. Only y is a yes.
func agrees(keys io.Reader) bool {
	key := make([]byte, 1)
	_, err := io.ReadFull(keys, key)
	return err == nil && (key[0] == 'y' || key[0] == 'Y')
}

func (e *env) printCheck(r casefile.Report) error {
	if e.JSON {
		out := checkReport{Report: r, Sound: r.Sound(), Problems: []checkProblem{}}
		for _, p := range r.Problems {
			out.Problems = append(out.Problems, checkProblem{Case: p.Case, Error: p.Err.Error()})
		}
		return e.printJSON(out)
	}
	for _, p := range r.Problems {
		where := "vault"
		if p.Case != "" {
			where = "case " + p.Case
		}
		if _, err := fmt.Fprintf(e.Out, "%s: %v\n", where, p.Err); err != nil {
			return err
		}
	}
	verdict := "All sound."
	if !r.Sound() {
		verdict = "Not sound. Nothing was changed; the files are as they were."
	}
	_, err := fmt.Fprintf(e.Out, "%s Cases %d, journal entries %d, records %d, attachments %d, attachments that nothing names %d.\n",
		verdict, r.Cases, r.Frames, r.Records, r.Blobs, r.Orphans)
	return err
}

// sorted is for maps that are printed.
func sorted(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
