package main

import (
	"context"

	"forbear/casefile"
)

// A profileSaver saves who signs, one version at a time. The last one is not
// lost when the window locks meanwhile.
type profileSaver struct {
	under   *profileSave
	pending *casefile.Profile
}

type profileSave struct {
	done chan struct{}
	err  error // read it only after done is closed
}

// saveProfile saves the profile, or the newest one when the one under way is
// done. told is called after each.
func (s *shell) saveProfile(p casefile.Profile, told func(error)) {
	if s.vault == nil {
		return // locked meanwhile
	}
	s.profile.pending = &p
	if s.profile.under != nil {
		return
	}
	s.profile.pending = nil
	save := &profileSave{done: make(chan struct{})}
	s.profile.under = save
	vault := s.vault
	run(s.session, s.work, func(context.Context) (struct{}, error) {
		save.err = vault.SetProfile(p)
		close(save.done)
		return struct{}{}, save.err
	}, func(_ struct{}, err error) {
		s.profile.under = nil
		next := s.profile.pending
		if err != nil {
			if next == nil {
				s.profile.pending = &p // for the lock to try once more
			}
			told(err)
			return
		}
		if next != nil {
			s.saveProfile(*next, told)
			return
		}
		told(nil)
	})
}

// rest returns what is left to do when the vault is closed.
func (p *profileSaver) rest() func(*casefile.Vault) error {
	under, pending := p.under, p.pending
	*p = profileSaver{}
	return func(vault *casefile.Vault) error {
		if under != nil {
			<-under.done
			if pending == nil {
				return under.err
			}
		}
		if pending == nil {
			return nil
		}
		return vault.SetProfile(*pending)
	}
}
