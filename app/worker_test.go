package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

func TestRun_dropsWhatNobodyWaitsFor(t *testing.T) {
	test.NewTempApp(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := false
	run(ctx, inline(), func(context.Context) (int, error) {
		cancel() // the screen goes away while the work is under way
		return 1, nil
	}, func(int, error) { done = true })
	if done {
		t.Error("done was called for a screen that is gone")
	}
}

func TestRun_handsOverTheError(t *testing.T) {
	test.NewTempApp(t)
	want := errors.New("no")
	var got error
	run(context.Background(), inline(), func(context.Context) (int, error) { return 0, want }, func(_ int, err error) { got = err })
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBackground_sleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := background().sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := background().sleep(context.Background(), 0); err != nil {
		t.Errorf("got %v", err)
	}
}

// An idleBench is an idle watch whose sleeps only move the clock, and are
// recorded. after n sleeps nothing more is scheduled.
func idleBench(t *testing.T, onSleep func(n int, i *idle)) (i *idle, locked *int, warned *[]bool) {
	t.Helper()
	test.NewTempApp(t)
	c := newClock()
	locked, warned = new(int), &[]bool{}
	n := 0
	w := worker{spawn: func(f func()) { f() }}
	w.sleep = func(_ context.Context, d time.Duration) error {
		n++
		if n > 20 {
			t.Fatal("the idle watch never ends")
		}
		onSleep(n, i)
		c.move(d)
		return nil
	}
	i = &idle{work: w, now: c.now, lock: func() { *locked++ }, warn: func(on bool) { *warned = append(*warned, on) }}
	return i, locked, warned
}

func TestIdle_locksAfterThreeMinutes(t *testing.T) {
	sleeps := 0
	i, locked, warned := idleBench(t, func(n int, _ *idle) { sleeps = n })
	start := i.now()
	i.watch(context.Background())
	if *locked != 1 {
		t.Fatalf("locked %d times", *locked)
	}
	if got := i.now().Sub(start); got != idleLock {
		t.Errorf("locked after %v, want %v", got, idleLock)
	}
	if len(*warned) != 1 || !(*warned)[0] {
		t.Errorf("warned %v, want once", *warned)
	}
	if sleeps != 2 {
		t.Errorf("woke %d times, want 2: one timer, no ticking", sleeps)
	}
}

func TestIdle_aTouchPutsItOff(t *testing.T) {
	touched := false
	i, locked, warned := idleBench(t, func(n int, i *idle) {
		if n == 2 && !touched {
			touched = true
			i.touch() // a sign of life during the warning
		}
	})
	start := i.now()
	i.watch(context.Background())
	if *locked != 1 || i.now().Sub(start) != 2*idleLock-idleWarn {
		t.Errorf("locked %d times after %v", *locked, i.now().Sub(start))
	}
	if want := []bool{true, false, true}; len(*warned) != 3 || (*warned)[1] != want[1] {
		t.Errorf("warned %v, want %v", *warned, want)
	}
}

func TestIdle_aClockSetBackStillLocks(t *testing.T) {
	test.NewTempApp(t)
	c := newClock()
	locked := 0
	n := 0
	w := worker{spawn: func(f func()) { f() }, sleep: func(_ context.Context, d time.Duration) error {
		if n++; n == 1 {
			c.move(-time.Hour)
		} else {
			c.move(d)
		}
		if n > 10 {
			t.Fatal("never locks")
		}
		return nil
	}}
	i := &idle{work: w, now: c.now, lock: func() { locked++ }, warn: func(bool) {}}
	i.watch(context.Background())
	if locked != 1 {
		t.Errorf("locked %d times", locked)
	}
}
