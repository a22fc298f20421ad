package exhibit

import "forbear/export/pdf"

// layers knows which optional content groups (ISO 32000-1 clause 8.11) a viewer
// shows when the document is opened.
type layers struct {
	src *source
	off map[sourceRef]bool
	// differs has the groups that look one way on screen and another on paper.
	differs map[sourceRef]bool
}

func readLayers(s *source) *layers {
	l := &layers{src: s, off: map[sourceRef]bool{}, differs: map[sourceRef]bool{}}
	props := s.dict(s.root["OCProperties"])
	if props == nil {
		return l
	}
	config := s.dict(props["D"])
	groups := s.array(props["OCGs"])
	if s.name(config["BaseState"]) == "OFF" {
		for _, g := range groups {
			if ref, ok := g.(sourceRef); ok {
				l.off[ref] = true
			}
		}
	}
	for _, g := range s.array(config["ON"]) {
		if ref, ok := g.(sourceRef); ok {
			delete(l.off, ref)
		}
	}
	for _, g := range s.array(config["OFF"]) {
		if ref, ok := g.(sourceRef); ok {
			l.off[ref] = true
		}
	}
	for _, g := range groups {
		ref, ok := g.(sourceRef)
		if !ok {
			continue
		}
		usage := s.dict(s.dict(g)["Usage"])
		for _, use := range []struct{ part, key pdf.Name }{{"Print", "PrintState"}, {"View", "ViewState"}} {
			state := s.name(s.dict(usage[use.part])[use.key])
			if state != "" && (state == "OFF") != l.off[ref] {
				l.differs[ref] = true
			}
		}
	}
	return l
}

// judge tells whether content that belongs to oc, a group or a membership
// dictionary, is hidden, and whether its look depends on where it is shown.
func (l *layers) judge(oc pdf.Value) (hidden, differs bool) {
	d := l.src.dict(oc)
	if d == nil {
		return false, false
	}
	if l.src.name(d["Type"]) != "OCMD" {
		ref, ok := oc.(sourceRef)
		return ok && l.off[ref], ok && l.differs[ref]
	}
	if ve := l.src.array(d["VE"]); ve != nil {
		shown, differs := l.expression(ve, 0)
		return !shown, differs
	}
	var members pdf.Array
	switch v := l.src.resolve(d["OCGs"]).(type) {
	case pdf.Array:
		members = v
	case pdf.Dict:
		members = pdf.Array{d["OCGs"]}
	}
	on, off := 0, 0
	for _, m := range members {
		ref, ok := m.(sourceRef)
		if !ok || l.src.dict(m) == nil {
			continue
		}
		differs = differs || l.differs[ref]
		if l.off[ref] {
			off++
		} else {
			on++
		}
	}
	if on+off == 0 {
		return false, differs
	}
	switch l.src.name(d["P"]) {
	case "AllOn":
		return off > 0, differs
	case "AnyOff":
		return off == 0, differs
	case "AllOff":
		return on > 0, differs
	}
	return on == 0, differs // AnyOn
}

// expression evaluates a visibility expression; what cannot be read is shown.
func (l *layers) expression(v pdf.Value, depth int) (shown, differs bool) {
	if depth > 16 {
		return true, true
	}
	a, ok := l.src.resolve(v).(pdf.Array)
	if !ok {
		ref, isRef := v.(sourceRef)
		return !isRef || !l.off[ref], isRef && l.differs[ref]
	}
	if len(a) == 0 || len(a) > 1000 {
		return true, true
	}
	op := l.src.name(a[0])
	shown = op != "Or"
	for _, e := range a[1:] {
		s, d := l.expression(e, depth+1)
		differs = differs || d
		switch op {
		case "Not":
			return !s, differs
		case "Or":
			shown = shown || s
		default:
			shown = shown && s
		}
	}
	return shown, differs
}

// hides is judge for the page under way, with the questions that follow.
func (c *cleaner) hides(oc pdf.Value) bool {
	if oc == nil {
		return false
	}
	hidden, differs := c.layers.judge(oc)
	if hidden {
		c.report.ask("hidden-layer", c.page)
		c.report.remove("hidden-layer", c.page)
	}
	if differs {
		c.report.ask("print-layer", c.page)
	}
	return hidden
}
