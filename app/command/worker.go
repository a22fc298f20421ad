package command

import (
	"github.com/spf13/cobra"

	"forbear/export/exhibit"
)

// workerCommand is the child process that reads exhibits. It is started by this
// same program with pipes for streams, and by nobody else.
func workerCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:    exhibit.Command,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if code := exhibit.Run(e.In, e.Out); code != 0 {
				return exitWith(code, nil)
			}
			return nil
		},
	}
}
