package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

// A worker runs slow work away from the UI goroutine: key derivation, disk, the
// making of a packet. It is the only code in the program's window that contains
// a go statement or a call to fyne.Do, so that everything else may be read as
// if it ran alone.
type worker struct {
	// spawn is go in the program and a plain call in tests, so that a test
	// needs no sleeping and no locks.
	spawn func(func())

	// sleep waits, or returns early with the context's error. In tests it moves
	// the test's clock on and returns.
	sleep func(context.Context, time.Duration) error
}

// background is the worker of the program.
func background() worker {
	return worker{
		spawn: func(f func()) { go f() },
		sleep: func(ctx context.Context, d time.Duration) error {
			t := time.NewTimer(d)
			defer t.Stop()
			select {
			case <-t.C:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	}
}

// show calls f on the UI goroutine unless ctx is over by then. It is for work
// under way, to say how far it is; never call it on the UI goroutine.
func (w worker) show(ctx context.Context, f func()) {
	fyne.Do(func() {
		if ctx.Err() == nil {
			f()
		}
	})
}

// run calls work in the background, then done on the UI goroutine with what
// work returned. done is not called once ctx is over: the screen that asked is
// gone by then.
func run[T any](ctx context.Context, w worker, work func(context.Context) (T, error), done func(T, error)) {
	w.spawn(func() {
		v, err := work(ctx)
		w.show(ctx, func() { done(v, err) })
	})
}

// after calls f on the UI goroutine when d has passed, unless ctx is over.
func (w worker) after(ctx context.Context, d time.Duration, f func()) {
	run(ctx, w, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, w.sleep(ctx, d)
	}, func(_ struct{}, err error) {
		if err == nil {
			f()
		}
	})
}
