package command

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// runOn runs one command line on November 21, 2026 and returns its exit code
// and what it wrote.
func runOn(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	now := func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }
	code = execute(context.Background(), &env{In: strings.NewReader(in), Out: &o, Err: &e, Now: now}, args)
	return code, o.String(), e.String()
}

func TestMemoList_hasTheShapeThatOthersBuildOn(t *testing.T) {
	code, out, errs := runOn(t, "", "memo", "list", "--as-of", "2022-05-01", "--json")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"asOf":    `"2022-05-01"`,
		"library": `{"version":"1","checked":"2026-11-21","blindAfter":"2026-06-30"}`,
		"inForce": `{"dhs":["MAYORKAS"],"opla":["DOYLE"],"victims-workers":["MORTON-VW","VICTIM-21","WORKSITE-21"],"regulation":["REG-236.1","REG-212.5"]}`,
		"context": `["ICR"]`,
	} {
		var flat bytes.Buffer
		if err := json.Compact(&flat, got[key]); err != nil || flat.String() != want {
			t.Errorf("%s: got %s, %v; want %s", key, flat.String(), err, want)
		}
	}
	var rows []map[string]any
	if err := json.Unmarshal(got["instruments"], &rows); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(r map[string]any) bool { return r["id"] == "KELLY" })
	if i < 0 || rows[i]["status"] != "rescinded" || rows[i]["since"] != "2021-01-20" || rows[i]["certain"] != true || rows[i]["title"] == "" {
		t.Errorf("KELLY: got %v", rows)
	}
}

func TestMemoList_todayNoneIsKnown(t *testing.T) {
	code, out, _ := runOn(t, "", "memo", "list", "--json")
	if code != exitDone || !strings.Contains(out, `"dhs": [],`) || !strings.Contains(out, `"opla": [],`) || !strings.Contains(out, `"asOf": "2026-11-21"`) {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out, _ = runOn(t, "", "memo", "list")
	if code != exitDone || strings.Count(out, "none known") != 2 || !strings.Contains(out, "know nothing after Jun 30, 2026") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestMemoList_anEdgeInDoubtIsNotCertain(t *testing.T) {
	_, out, _ := runOn(t, "", "memo", "list", "--as-of", "2022-06-24", "--json")
	var report memoList
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	for _, m := range report.Instruments {
		if m.Certain == (m.ID == "MAYORKAS" || m.ID == "DOYLE") {
			t.Errorf("%s: certain is %v", m.ID, m.Certain)
		}
	}
}

func TestMemo_wrongUsageAndWrongId(t *testing.T) {
	for _, day := range []string{"2022-05", "yesterday", "2022-02-30", "2022~"} {
		if code, _, errs := runOn(t, "", "memo", "list", "--as-of", day); code != exitUsage || !strings.Contains(errs, "--as-of") {
			t.Errorf("%s: exit %d: %s", day, code, errs)
		}
	}
	if code, _, errs := runOn(t, "", "memo", "show", "NOBODY"); code != exitRefused || !strings.Contains(errs, "find memo") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestMemoShow_saysDatesRulesAndSources(t *testing.T) {
	code, out, errs := runOn(t, "", "memo", "show", "MAYORKAS")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{"MAYORKAS/MIT-2", "ended since Jan 20, 2025", "between Jun 24, 2022 and Jun 25, 2022", "page unverified", "Its rules, in our words", "helps to answer: II.B"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in: %s", want, out)
		}
	}
	_, out, _ = runOn(t, "", "memo", "show", "KELLY", "--json")
	var report memoReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.ID != "KELLY" || report.Complete || len(report.Rules) != 1 || len(report.Events) != 2 {
		t.Errorf("%v: %s", err, out)
	}
}
