package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"forbear/casefile"
)

// restBeforeSave is how long typing rests before what was typed is saved. It
// bounds what a power cut can take.
const restBeforeSave = 700 * time.Millisecond

// A saver brings what was typed to the disk, in order, one batch at a time. It
// lives on the UI goroutine; only a batch under way is touched elsewhere.
type saver struct {
	file *casefile.Case
	work worker
	ctx  context.Context

	// saved is told on the UI goroutine after each batch.
	saved func(error)

	// waiting wants to know when everything is on the disk.
	waiting []func()

	pending   map[string]job
	order     []string
	scheduled bool
	under     *batch
}

// A job is one change to the case. It holds the bytes to write, never a pointer
// into what is on the screen.
type job struct {
	key    string
	record *casefile.Record
	client *casefile.Document // the client's own record and what goes with it
	drop   string             // id of a record to put into the trash
}

type batch struct {
	jobs []job
	done chan struct{} // closed when the disk has answered
	err  error         // read it only after done is closed
}

func newSaver(ctx context.Context, work worker, file *casefile.Case, saved func(error)) *saver {
	return &saver{ctx: ctx, work: work, file: file, saved: saved, pending: map[string]job{}}
}

// put asks for an element of the case document to be saved.
func (s *saver) put(kind, id string, element any) {
	record, err := casefile.NewRecord(kind, element)
	if err != nil {
		s.saved(fmt.Errorf("encode %s: %w", kind, err))
		return
	}
	record.ID = id
	s.want(kind+"/"+id, job{record: &record})
}

// client asks for the client's own record to be saved.
func (s *saver) client(doc casefile.Document) {
	lists := doc
	lists.Exhibits, lists.Decisions, lists.Requests, lists.Notes = nil, nil, nil, nil
	// A copy through JSON shares no memory with what is being typed.
	var copied casefile.Document
	b, err := json.Marshal(lists)
	if err == nil {
		err = json.Unmarshal(b, &copied)
	}
	if err != nil {
		s.saved(fmt.Errorf("encode client: %w", err))
		return
	}
	s.want("client", job{client: &copied})
}

// drop asks for a record to be put into the trash.
func (s *saver) drop(kind, id string) { s.want(kind+"/"+id, job{drop: id}) }

func (s *saver) want(key string, j job) {
	j.key = key
	if _, waiting := s.pending[key]; !waiting {
		s.order = append(s.order, key)
	}
	s.pending[key] = j
	if s.scheduled {
		return
	}
	s.scheduled = true
	s.work.after(s.ctx, restBeforeSave, func() {
		s.scheduled = false
		s.flush()
	})
}

// flush saves what is waiting now, or as soon as the batch under way is done.
func (s *saver) flush() {
	if s.under != nil || len(s.order) == 0 {
		return
	}
	b := &batch{jobs: s.take(), done: make(chan struct{})}
	s.under = b
	run(s.ctx, s.work, func(context.Context) (struct{}, error) {
		b.err = b.write(s.file)
		close(b.done)
		return struct{}{}, b.err
	}, func(_ struct{}, err error) {
		s.under = nil
		if err != nil {
			s.giveBack(b.jobs)
			s.saved(err)
			return
		}
		s.saved(nil)
		s.flush()
		s.tellWaiting()
	})
}

// whenSaved calls f when everything that was asked for is on the disk: at once
// if it is. While the disk refuses, f waits with the rest.
func (s *saver) whenSaved(f func()) {
	s.waiting = append(s.waiting, f)
	s.flush()
	s.tellWaiting()
}

func (s *saver) tellWaiting() {
	if s.under != nil || len(s.order) > 0 {
		return
	}
	waiting := s.waiting
	s.waiting = nil
	for _, f := range waiting {
		f()
	}
}

func (s *saver) take() []job {
	jobs := make([]job, 0, len(s.order))
	for _, key := range s.order {
		jobs = append(jobs, s.pending[key])
	}
	clear(s.pending)
	s.order = nil
	return jobs
}

// giveBack keeps what could not be saved for the next attempt, unless it was
// changed again meanwhile.
func (s *saver) giveBack(jobs []job) {
	var order []string
	for _, j := range jobs {
		if _, newer := s.pending[j.key]; !newer {
			s.pending[j.key] = j
			order = append(order, j.key)
		}
	}
	s.order = append(order, s.order...)
}

// rest returns a function for the background that waits for the batch under
// way, then writes everything that is still unsaved. The saver must not be used
// afterwards.
func (s *saver) rest() func() error {
	under, jobs, file := s.under, s.take(), s.file
	return func() error {
		if under != nil {
			<-under.done
			if under.err != nil {
				jobs = append(append([]job{}, under.jobs...), jobs...)
			}
		}
		return (&batch{jobs: jobs}).write(file)
	}
}

func (b *batch) write(file *casefile.Case) error {
	var records []casefile.Record
	for _, j := range b.jobs {
		if j.record != nil {
			records = append(records, *j.record)
		}
	}
	if len(records) > 0 {
		if _, err := file.Put(records...); err != nil {
			return err
		}
	}
	for _, j := range b.jobs {
		switch {
		case j.client != nil:
			if err := file.SaveClient(*j.client); err != nil {
				return err
			}
		case j.drop != "":
			// What was never saved needs no removing.
			if err := file.Delete(j.drop); err != nil && !errors.Is(err, casefile.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}
