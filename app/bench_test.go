package main

import (
	"testing"

	"forbear/factors"
)

// BenchmarkLock is the part of a lock that the person waits for: until the lock
// screen is shown and no widget knows the client. 150 ms are promised.
func BenchmarkLock(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := newBench(b)
		h := s.holdable()
		s.signIn()
		c := s.newCase()
		c.choose(sectionChecklist)
		h.hold = true
		b.StartTimer()
		s.lock()
		b.StopTimer()
		h.release()
		b.StartTimer()
	}
}

// BenchmarkChecklist is what each change to a fact costs on the screen of the
// checklist: reading the law again, and showing the rows.
func BenchmarkChecklist(b *testing.B) {
	s := newBench(b)
	s.signIn()
	c := s.newCase()
	s.open.doc.Entries = []factors.Entry{{ID: newID(), Date: factors.MustDate("2005-03"), Manner: factors.WithoutInspection}}
	c.choose(sectionChecklist)
	v := c.view.(*checklistView)
	b.Run("fetch", func(b *testing.B) {
		for b.Loop() {
			v.fetch()
		}
	})
	b.Run("fetch and show", func(b *testing.B) {
		for b.Loop() {
			v.refresh()
		}
	})
}
