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
	aMoment  = time.Second / 2
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

	watching bool // something is open

	// late is when a sign of life came too late. One press is several signs, and
	// what it was meant for is gone: all of them come too late.
	late time.Time
}

// touch notes a sign of life, and reports whether the program is still open. A
// sign that comes too late locks: the timer stood still while the computer
// slept, the clock on the wall did not.
func (i *idle) touch() bool {
	if !i.check() || i.now().Sub(i.late).Abs() < aMoment {
		return false
	}
	i.last = i.now()
	if i.warns {
		i.warns = false
		i.warn(false)
	}
	return true
}

// check locks if it should have been locked by now, and reports whether it was
// not.
func (i *idle) check() bool {
	if i.watching && i.now().Sub(i.last) >= idleLock {
		i.watching = false
		i.late = i.now()
		i.lock()
		return false
	}
	return true
}

// watch starts watching until ctx is over.
func (i *idle) watch(ctx context.Context) {
	i.warns = false
	i.watching = true
	i.last = i.now()
	i.sleep(ctx, idleLock-idleWarn)
}

func (i *idle) sleep(ctx context.Context, d time.Duration) {
	i.work.after(ctx, d, func() { i.look(ctx) })
}

func (i *idle) look(ctx context.Context) {
	if !i.watching || !i.check() {
		return
	}
	rest := i.now().Sub(i.last)
	switch {
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
