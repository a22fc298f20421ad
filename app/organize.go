package main

import (
	"fmt"

	"fyne.io/fyne/v2/lang"

	"forbear/factors"
)

// This file is about what a checklist and a letter are organized by. It is the
// same for both: what is argued under one instrument does not leave in a letter
// that is organized by another, and the screen says so.

// frame is the instrument in use: the person's choice, or the default.
func (c *caseScreen) frame() string {
	if c.open.frame != "" {
		return c.open.frame
	}
	return c.shell.lib.DefaultFrame(c.open.doc.Facts, c.open.requestedAsk(), c.open.vault.Profile().Office.Frame).ID
}

// frameMenu names the instruments to choose from. The three on top have words of
// their own.
func (c *caseScreen) frameMenu() []option {
	m := c.shell.lib.Menu(c.open.doc.Facts, c.open.requestedAsk(), c.open.vault.Profile().Office.Frame)
	var options []option
	add := func(id, words string) {
		if in, ok := c.shell.lib.Instrument(id); ok {
			options = append(options, option{id, fmt.Sprintf(words, in.Name())})
		}
	}
	add(m.Governs, lang.X("frame.governs", "What governs this request today: %s"))
	add(m.Last, lang.X("frame.last", "Last DHS guidelines (2021, not in force): %s"))
	add(m.Office, lang.X("frame.office", "Our office's list: %s"))
	for _, id := range m.More {
		add(id, "%s")
	}
	return options
}

// arguedElsewhere lists the rows that are argued under another instrument than
// the one in use, each with that instrument's name.
func (c *caseScreen) arguedElsewhere() []string {
	var all []string
	frame := c.frame()
	for _, d := range c.open.doc.Decisions {
		rule, ok := c.shell.lib.Rule(d.Subject)
		if !ok || !d.Argue || rule.Instrument == frame {
			continue
		}
		name := rule.Instrument
		var in *factors.Instrument
		if in, ok = c.shell.lib.Instrument(rule.Instrument); ok {
			name = in.Name()
		}
		all = append(all, lang.X("frame.elsewhere", "{{.Row}}: argued under {{.Instrument}}, and so not in this letter", map[string]any{"Row": rule.Title, "Instrument": name}))
	}
	return all
}
