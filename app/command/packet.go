package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"forbear/casefile"
	"forbear/export"
)

func packetCommand(e *env) *cobra.Command {
	var to, out, frame, request string
	var lintOnly, citePast bool
	c := &cobra.Command{
		Use:   "packet CASE --for field-office|opla|icr --out FILE.pdf",
		Short: "Plan, check, build and sign a packet",
		Long: "Builds a packet from what was decided in the case, as it is on this day. What nobody decided does not\n" +
			"leave. A rule that forbids signing is named, and nothing is written.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if out == "" && !lintOnly {
				return &usageError{errors.New("name the file to write with --out, or look only with --lint-only")}
			}
			library, err := e.Library()
			if err != nil {
				return err
			}
			v, err := e.OpenVault(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			c, err := openIn(v, args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, c.Close()) }()
			if err := export.SweepUnfinished(c); err != nil {
				return err
			}
			draft, err := export.Prepare(c, export.Order{
				Library: library, Frame: frame, Recipient: to, RequestID: request,
				Profile: v.Profile(), Now: e.Now(), Program: Version(), CitePast: citePast,
			})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, draft.Close()) }()
			findings, err := draft.Findings()
			if err != nil {
				return err
			}
			report := packetReport{Plan: draft.Plan, Findings: findings}
			if blocking := export.Blocking(findings); lintOnly || len(blocking) > 0 {
				if err := e.printPacket(report); err != nil {
					return err
				}
				if len(blocking) > 0 {
					return exitWith(exitRefused, &export.BlockedError{Findings: blocking})
				}
				return nil
			}
			written, err := e.deliver(cmd, v, c, draft, out)
			if err != nil {
				return err
			}
			report.File = &written
			return e.printPacket(report)
		},
	}
	flags := c.Flags()
	flags.StringVar(&to, "for", export.ToFieldOffice, "who gets it: field-office, opla or icr")
	flags.StringVar(&out, "out", "", "the file to write; it must not be there yet")
	flags.BoolVar(&lintOnly, "lint-only", false, "show the plan and what speaks against it; write nothing")
	flags.StringVar(&frame, "memo", "", "instrument to organize by (default: the one the case opens on)")
	flags.StringVar(&request, "request", "", "id of the request (default: the newest one not sent yet)")
	flags.BoolVar(&citePast, "cite-past", false, "say that the equities are organized by a memo of the past")
	return c
}

// A packetFile is the file that was written.
type packetFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Pages  int    `json:"pages"`
	Packet string `json:"packet"` // id of the record in the case
}

type packetReport struct {
	Plan     export.Plan      `json:"plan"`
	Findings []export.Finding `json:"findings"`
	File     *packetFile      `json:"file,omitempty"`
}

func (e *env) deliver(cmd *cobra.Command, v *casefile.Vault, c *casefile.Case, d *export.Draft, path string) (packetFile, error) {
	id, err := export.SigningIdentity(v, e.Now())
	if err != nil {
		return packetFile{}, err
	}
	made, err := export.Deliver(cmd.Context(), c, d, id, path, e.Now())
	return packetFile{made.Path, made.SHA256, made.Size, made.Pages, made.Packet}, err
}

func (e *env) printPacket(r packetReport) error {
	if e.JSON {
		return e.printJSON(r)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(e.Out, "%s  %s: %s\n", strings.ToUpper(string(f.Severity)), f.Rule, f.Message)
		for _, p := range f.Places {
			fmt.Fprintf(e.Out, "       %s\n", p)
		}
		fmt.Fprintf(e.Out, "       source: %s\n", f.Source)
	}
	fmt.Fprintf(e.Out, "leaves: %d exhibits, %d argued factors; stays: %d items\n",
		len(r.Plan.Tabs), len(r.Plan.Argued), len(r.Plan.Stays))
	if r.File != nil {
		fmt.Fprintf(e.Out, "wrote %s\n%d pages, %d bytes, SHA-256 %s\n", r.File.Path, r.File.Pages, r.File.Size, r.File.SHA256)
	}
	return nil
}
