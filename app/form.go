package main

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"forbear/factors"
)

// A form makes fields that write into the case as they are typed. What is not
// yet understood, half a date for instance, stays in the field with a word about
// it, and the case keeps what it had.
type form struct {
	changed func() // after each change that was understood
}

func (f form) text(name string, value *string, help string) *field {
	e := newEntry(func(s string) {
		*value = strings.TrimSpace(s)
		f.changed()
	})
	e.put(*value)
	return newField(name, e, help)
}

func (f form) lines(name string, value *string, rows int, help string) *field {
	e := newLines(rows, func(s string) {
		*value = s
		f.changed()
	})
	e.put(*value)
	return newField(name, e, help)
}

// date reads EDTF and says below the field how it was understood, so that a
// month is never taken for a day.
func (f form) date(name string, value *factors.Date) *field {
	var fl *field
	tell := func(s string) bool {
		d, err := factors.ParseDate(strings.TrimSpace(s))
		if err != nil {
			fl.complain(lang.X("date.wrong", "Write 2011-06-14, 2011-06 or 2011; 2005~ for about 2005; 2019/2020 for between."))
			return false
		}
		*value = d
		fl.complain("")
		fl.say(precision(d))
		return true
	}
	e := newEntry(func(s string) {
		if tell(s) {
			f.changed()
		}
	})
	e.SetPlaceHolder(lang.X("date.placeholder", "2011-06-14, 2011-06 or 2011"))
	e.put(value.String())
	fl = newField(name, e, "")
	fl.say(precision(*value))
	return fl
}

// precision reads a date back in words, with what is not known of it.
func precision(d factors.Date) string {
	if d.IsZero() {
		return ""
	}
	if _, exact := d.Day(); exact {
		return d.Words()
	}
	return lang.X("date.imprecise", "{{.Date}}: day not known", map[string]any{"Date": d.Words()})
}

func (f form) pick(name string, value *string, options []option) *field {
	c := newChoice(options, *value, func(v string) {
		*value = v
		f.changed()
	})
	return newField(name, c, "")
}

func answerOptions() []option {
	return []option{
		{"unknown", lang.X("answer.unknown", "Not known")},
		{"yes", lang.X("answer.yes", "Yes")},
		{"no", lang.X("answer.no", "No")},
	}
}

func (f form) answer(name string, value *factors.Answer) *field {
	c := newChoice(answerOptions(), value.String(), func(v string) {
		*value = answerOf(v)
		f.changed()
	})
	return newField(name, c, "")
}

func answerOf(v string) factors.Answer {
	switch v {
	case "yes":
		return factors.Yes
	case "no":
		return factors.No
	default:
		return factors.Unknown
	}
}

func (f form) number(name string, value **int) *field {
	var fl *field
	e := newEntry(func(s string) {
		s = strings.TrimSpace(s)
		if s == "" {
			*value = nil
			fl.complain("")
			f.changed()
			return
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > 100*366 {
			fl.complain(lang.X("number.wrong", "Write a number of days, or leave it empty if it is not known."))
			return
		}
		*value = &n
		fl.complain("")
		f.changed()
	})
	if *value != nil {
		e.put(strconv.Itoa(**value))
	}
	fl = newField(name, e, "")
	return fl
}

func (f form) tick(name string, value *bool) *tick {
	return newTick(name, *value, func(on bool) {
		*value = on
		f.changed()
	})
}

// line sets fields side by side.
func line(fields ...fyne.CanvasObject) fyne.CanvasObject {
	return newAbreast(4*space, 190, fields...)
}

// boxes turns fields into objects for a layout.
func boxes(fields ...*field) []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, len(fields))
	for i, f := range fields {
		o[i] = f.Container
	}
	return o
}
