package factors_test

import (
	"slices"
	"testing"

	"forbear/factors"
)

// The table of who was bound by what, by date: both sides of each edge.
func TestInForce_byDate(t *testing.T) {
	none := []string{}
	regs := []string{"REG-236.1", "REG-212.5"}
	vw := []string{"MORTON-VW"}
	overlay := []string{"MORTON-VW", "VICTIM-21", "WORKSITE-21"}
	dale := append(slices.Clone(overlay), "DALE")
	lib := library(t)
	for _, c := range []struct {
		day             string
		dhs, opla, over []string
	}{
		{"2011-06-16", none, none, none},
		{"2011-06-17", []string{"MORTON-PD"}, none, vw},
		{"2011-11-16", []string{"MORTON-PD"}, none, vw},
		{"2011-11-17", []string{"MORTON-PD"}, []string{"OPLA-11"}, vw},
		{"2014-11-20", []string{"MORTON-PD"}, []string{"OPLA-11"}, vw},
		{"2015-01-04", []string{"MORTON-PD"}, []string{"OPLA-11"}, vw},
		{"2015-01-05", []string{"JOHNSON-14"}, none, vw},
		{"2015-04-05", []string{"JOHNSON-14"}, none, vw},
		{"2015-04-06", []string{"JOHNSON-14"}, []string{"OPLA-15"}, vw},
		{"2017-02-19", []string{"JOHNSON-14"}, []string{"OPLA-15"}, vw},
		{"2017-02-20", []string{"KELLY"}, none, vw},
		{"2017-02-21", []string{"KELLY", "ERO-17"}, none, vw},
		{"2017-08-14", []string{"KELLY", "ERO-17"}, none, vw},
		{"2017-08-15", []string{"KELLY", "ERO-17"}, []string{"OPLA-17"}, vw},
		{"2021-01-19", []string{"KELLY", "ERO-17"}, []string{"OPLA-17"}, vw},
		{"2021-01-20", []string{"PEKOSKE"}, none, vw},
		{"2021-02-17", []string{"PEKOSKE"}, none, vw},
		{"2021-02-18", []string{"TJOHNSON"}, none, vw},
		{"2021-05-26", []string{"TJOHNSON"}, none, vw},
		{"2021-05-27", []string{"TJOHNSON"}, []string{"TRASVINA"}, vw},
		{"2021-08-09", []string{"TJOHNSON"}, []string{"TRASVINA"}, vw},
		{"2021-08-10", []string{"TJOHNSON"}, []string{"TRASVINA"}, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-08-18", []string{"TJOHNSON"}, []string{"TRASVINA"}, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-08-19", none, none, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-09-14", none, none, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-09-15", []string{"TJOHNSON"}, none, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-10-11", []string{"TJOHNSON"}, none, []string{"MORTON-VW", "VICTIM-21"}},
		{"2021-10-12", []string{"TJOHNSON"}, none, overlay},
		{"2021-11-28", []string{"TJOHNSON"}, none, overlay},
		{"2021-11-29", []string{"MAYORKAS"}, none, overlay},
		{"2022-04-24", []string{"MAYORKAS"}, none, overlay},
		{"2022-04-25", []string{"MAYORKAS"}, []string{"DOYLE"}, overlay},
		{"2022-05-01", []string{"MAYORKAS"}, []string{"DOYLE"}, overlay},
		{"2022-06-23", []string{"MAYORKAS"}, []string{"DOYLE"}, overlay},
		{"2022-06-24", none, []string{"DOYLE"}, overlay},
		{"2022-06-25", none, []string{"DOYLE"}, overlay},
		{"2022-07-15", none, []string{"DOYLE"}, overlay},
		{"2023-01-12", none, []string{"DOYLE"}, overlay},
		{"2023-01-13", none, []string{"DOYLE"}, dale},
		{"2023-06-23", none, []string{"DOYLE"}, dale},
		{"2023-07-27", none, []string{"DOYLE"}, dale},
		{"2023-07-28", []string{"MAYORKAS"}, []string{"DOYLE"}, dale},
		{"2024-05-01", []string{"MAYORKAS"}, []string{"DOYLE"}, dale},
		{"2025-01-19", []string{"MAYORKAS"}, []string{"DOYLE"}, dale},
		{"2025-01-20", none, none, []string{"MORTON-VW", "VICTIM-21", "DALE"}},
		{"2025-01-24", none, none, []string{"MORTON-VW", "VICTIM-21"}},
		{"2025-01-31", none, none, []string{"VICTIM-25"}},
		{"2026-11-21", none, none, []string{"VICTIM-25"}},
	} {
		got := lib.InForce(factors.MustDate(c.day))
		if !slices.Equal(got.DHS, c.dhs) || !slices.Equal(got.OPLA, c.opla) || !slices.Equal(got.VictimsWorkers, c.over) || !slices.Equal(got.Regulation, regs) {
			t.Errorf("%s: got %v, want dhs %v, opla %v, victims and workers %v", c.day, got, c.dhs, c.opla, c.over)
		}
	}
}

func TestInForce_contextHoldsOrdersAndProcesses(t *testing.T) {
	lib := library(t)
	for day, want := range map[string][]string{
		"2020-01-01": {},
		"2022-05-01": {"ICR"},
		"2024-05-01": {"ICR", "EOIR-23"},
		"2026-11-21": {"ICR", "EO-14159", "HUFFMAN-PA", "HUFFMAN-PAR", "HUFFMAN-ED", "PARENT-25", "DETAIN-25"},
	} {
		if got := lib.InForce(factors.MustDate(day)).Context; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", day, got, want)
		}
	}
	// A memo that is carried out through a later one frames the field and is
	// no frame itself.
	if got := lib.InForce(factors.MustDate("2021-06-01")).Context; !slices.Contains(got, "PEKOSKE") {
		t.Errorf("2021-06-01: got %v, want PEKOSKE in it", got)
	}
}

func TestStatus_saysSinceWhenAndHowSurely(t *testing.T) {
	lib := library(t)
	for _, c := range []struct {
		id, day string
		state   factors.State
		since   string
		certain bool
	}{
		{"KELLY", "2022-05-01", factors.Rescinded, "2021-01-20", true},
		{"MAYORKAS", "2021-09-29", factors.NotIssued, "", true},
		{"MAYORKAS", "2021-09-30", factors.Issued, "2021-09-30", true},
		{"MAYORKAS", "2021-11-29", factors.InForceWhole, "2021-11-29", true},
		{"MAYORKAS", "2022-06-23", factors.InForceWhole, "2021-11-29", true},
		{"MAYORKAS", "2022-06-24", factors.Vacated, "2022-06-24/2022-06-25", false},
		{"MAYORKAS", "2022-06-25", factors.Vacated, "2022-06-24/2022-06-25", false},
		{"MAYORKAS", "2022-06-26", factors.Vacated, "2022-06-24/2022-06-25", true},
		{"MAYORKAS", "2022-07-15", factors.Vacated, "2022-06-24/2022-06-25", true},
		{"MAYORKAS", "2023-07-27", factors.Vacated, "2022-06-24/2022-06-25", true},
		{"MAYORKAS", "2023-07-28", factors.InForceWhole, "2023-07-28", true},
		{"MAYORKAS", "2024-05-01", factors.InForceWhole, "2023-07-28", true},
		{"MAYORKAS", "2026-11-21", factors.Ended, "2025-01-20", true},
		{"DOYLE", "2023-01-01", factors.InForceInPart, "2022-06-24/2022-06-25", true},
		{"TJOHNSON", "2021-09-01", factors.Enjoined, "2021-08-19", true},
		{"TJOHNSON", "2021-10-01", factors.InForceInPart, "2021-09-15", true},
		{"VICTIM-21", "2021-11-01", factors.InForceWhole, "2021-08-10/2021-12-02", false},
		{"VICTIM-21", "2022-01-01", factors.InForceWhole, "2021-08-10/2021-12-02", true},
		{"VICTIM-25", "2025-06-01", factors.InForceWhole, "2025-01-31", true},
		{"VICTIM-25", "2026-11-21", factors.InForceInPart, "2026", false},
		{"ICR", "2026-11-21", factors.Unconfirmed, "2025-02-14", false},
		{"EOIR-23", "2025-02-01", factors.Rescinded, "2025-01-20/2025-04-30", false},
		{"EOIR-23", "2026-11-21", factors.Rescinded, "2025-01-20/2025-04-30", true},
		{"MAYORKAS", "2022-06", factors.Vacated, "2022-06-24/2022-06-25", false},
		{"MAYORKAS", "2022-05", factors.InForceWhole, "2021-11-29", true},
	} {
		s, ok := lib.Status(c.id, factors.MustDate(c.day))
		if !ok || s.State != c.state || s.Since.String() != c.since || s.Certain != c.certain {
			t.Errorf("%s on %s: got %s since %q, certain %v; want %s since %q, certain %v", c.id, c.day, s.State, s.Since, s.Certain, c.state, c.since, c.certain)
		}
	}
	if _, ok := lib.Status("NOBODY", today); ok {
		t.Error("an instrument that is not there has a status")
	}
}

// On a day about which the sources disagree, nothing is claimed to be in force
// that one of them says was not.
func TestStatus_inDoubtNothingIsInForce(t *testing.T) {
	lib := library(t)
	for _, in := range lib.Instruments() {
		for _, e := range in.Events {
			if e.Doubt.IsZero() || e.Event == "effective" || e.Event == "narrowed" || e.Event == "issued" {
				continue
			}
			day, _ := e.Date.Earliest()
			if s, _ := lib.Status(in.ID, day.Date()); s.State.InForce() || s.Certain {
				t.Errorf("%s on %s: %s, certain %v", in.ID, day, s.State, s.Certain)
			}
		}
	}
}
