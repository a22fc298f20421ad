package main

import (
	"context"
	"time"
)

// What happens when nobody touches the program. There is one step, and it is
// the whole lock: after idleLock the keys are gone and the passphrase is needed.
// (Practice point P14 describes a lighter cover with a session PIN before it;
// that one is not built yet, and a cover that kept the keys without asking for
// anything would only look like protection.)
const (
	idleLock = 3 * time.Minute
	idleWarn = 20 * time.Second // the warning stands this long before
)

// idle watches for the last sign of life. Nothing runs between two looks: one
// timer sleeps until the moment at which the program could be idle at the
// earliest, and looks then.
type idle struct {
	work worker
	now  func() time.Time
	last time.Time

	warn  func(bool) // show or take away the warning
	lock  func()
	warns bool
}

// touch notes a sign of life.
func (i *idle) touch() {
	i.last = i.now()
	if i.warns {
		i.warns = false
		i.warn(false)
	}
}

// watch starts watching until ctx is over.
func (i *idle) watch(ctx context.Context) {
	i.warns = false
	i.last = i.now()
	i.sleep(ctx, idleLock-idleWarn)
}

func (i *idle) sleep(ctx context.Context, d time.Duration) {
	i.work.after(ctx, d, func() { i.look(ctx) })
}

func (i *idle) look(ctx context.Context) {
	rest := i.now().Sub(i.last)
	switch {
	case rest >= idleLock:
		i.lock()
	case rest < 0:
		// The clock was set back. Count from here, rather than never.
		i.last = i.now()
		i.sleep(ctx, idleLock-idleWarn)
	case rest >= idleLock-idleWarn:
		i.warns = true
		i.warn(true)
		i.sleep(ctx, idleLock-rest)
	default:
		i.sleep(ctx, idleLock-idleWarn-rest)
	}
}
