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
//
// What the case refuses by itself, a text that is too long for instance, holds
// up nothing else. What the disk refuses waits for the next attempt.
type saver struct {
	file *casefile.Case
	work worker
	ctx  context.Context

	// saved is told on the UI goroutine after each batch.
	saved func(error)

	// waiting wants to know when everything is on the disk, or that it is not.
	waiting []func(error)

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

// A batch is what is being written. refused and err may be read when done is
// closed.
type batch struct {
	jobs    []job
	done    chan struct{}
	refused []job
	err     error
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
	if s.under != nil || len(s.order) == 0 || s.ctx.Err() != nil {
		return
	}
	b := &batch{jobs: s.take(), done: make(chan struct{})}
	s.under = b
	run(s.ctx, s.work, func(context.Context) (struct{}, error) {
		b.refused, b.err = writeJobs(s.file, b.jobs)
		close(b.done)
		return struct{}{}, b.err
	}, func(_ struct{}, err error) {
		s.under = nil
		s.giveBack(b.refused)
		s.saved(err)
		if err == nil {
			s.flush()
		}
		s.tellWaiting(err)
	})
}

// whenSaved calls f with nil when everything that was asked for is on the disk,
// at once if it is; or with the error, if the next attempt fails.
func (s *saver) whenSaved(f func(error)) {
	s.waiting = append(s.waiting, f)
	s.flush()
	s.tellWaiting(nil)
}

func (s *saver) tellWaiting(err error) {
	if s.under != nil || err == nil && len(s.order) > 0 {
		return
	}
	waiting := s.waiting
	s.waiting = nil
	for _, f := range waiting {
		f(err)
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
func (s *saver) giveBack(refused []job) {
	jobs := merge(refused, s.take())
	for _, j := range jobs {
		s.pending[j.key] = j
		s.order = append(s.order, j.key)
	}
}

// merge puts newer jobs behind older ones. Of two for the same thing only the
// newer is kept.
func merge(older, newer []job) []job {
	again := map[string]bool{}
	for _, j := range newer {
		again[j.key] = true
	}
	var all []job
	for _, j := range older {
		if !again[j.key] {
			all = append(all, j)
		}
	}
	return append(all, newer...)
}

// remains is what a saver has not saved when its case is let go. It belongs to
// the background.
type remains struct {
	under *batch
	jobs  []job
}

// rest hands over what is unsaved. The saver must not be used afterwards.
func (s *saver) rest() *remains { return &remains{under: s.under, jobs: s.take()} }

// write waits for the batch under way, then writes everything that is still
// unsaved. What is refused stays in r.
func (r *remains) write(file *casefile.Case) error {
	if r.under != nil {
		<-r.under.done
		r.jobs = merge(r.under.refused, r.jobs)
		r.under = nil
	}
	var err error
	r.jobs, err = writeJobs(file, r.jobs)
	return err
}

// writeJobs writes jobs and returns those that were not. If one of them is at
// fault, each is written by itself, so that it holds up none of the others.
func writeJobs(file *casefile.Case, jobs []job) (refused []job, err error) {
	err = writeAll(file, jobs)
	switch {
	case err == nil:
		return nil, nil
	case !atFault(err) || len(jobs) == 1:
		return jobs, err
	}
	err = nil
	for _, j := range jobs {
		if one := writeAll(file, []job{j}); one != nil {
			refused = append(refused, j)
			if err == nil {
				err = one
			}
		}
	}
	return refused, err
}

// atFault reports an error that says something about what is written, and
// nothing about the disk.
func atFault(err error) bool {
	return errors.Is(err, casefile.ErrTooLarge) || errors.Is(err, casefile.ErrInvalid)
}

func writeAll(file *casefile.Case, jobs []job) error {
	var records []casefile.Record
	for _, j := range jobs {
		if j.record != nil {
			records = append(records, *j.record)
		}
	}
	if len(records) > 0 {
		if _, err := file.Put(records...); err != nil {
			return err
		}
	}
	for _, j := range jobs {
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
