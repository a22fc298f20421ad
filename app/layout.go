package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// column stacks its objects at full width. Each is given its width first and
// asked for its height afterwards, since a paragraph's height follows from it.
type column struct{ gap float32 }

func newColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap}, objects...)
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	first := true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height += m.Height
		if !first {
			s.Height += c.gap
		}
		first = false
	}
	return s
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Move(fyne.NewPos(0, y))
		y += fit(o, size.Width) + c.gap
	}
}

// fit gives an object a width and the height that it then asks for.
func fit(o fyne.CanvasObject, width float32) float32 {
	h := o.MinSize().Height
	o.Resize(fyne.NewSize(width, h))
	if again := o.MinSize().Height; again != h {
		h = again
		o.Resize(fyne.NewSize(width, h))
	}
	return h
}

// abreast sets its objects side by side in equal widths, or one below another
// when each would be narrower than least.
type abreast struct{ gap, least, last float32 }

func newAbreast(gap, least float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&abreast{gap: gap, least: least}, objects...)
}

func shown(objects []fyne.CanvasObject) (v []fyne.CanvasObject) {
	for _, o := range objects {
		if o.Visible() {
			v = append(v, o)
		}
	}
	return v
}

func (a *abreast) perLine(n int, width float32) int {
	fits := int((width + a.gap) / (a.least + a.gap))
	return max(1, min(n, fits))
}

func (a *abreast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	objects = shown(objects)
	if len(objects) == 0 {
		return fyne.Size{}
	}
	n := a.perLine(len(objects), a.last)
	var h, w float32
	for i := 0; i < len(objects); i += n {
		line := float32(0)
		for _, o := range objects[i:min(i+n, len(objects))] {
			m := o.MinSize()
			line = max(line, m.Height)
			w = max(w, m.Width)
		}
		if i > 0 {
			h += a.gap
		}
		h += line
	}
	return fyne.NewSize(w, h)
}

func (a *abreast) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects = shown(objects)
	if len(objects) == 0 {
		return
	}
	a.last = size.Width
	n := a.perLine(len(objects), size.Width)
	each := (size.Width - a.gap*float32(n-1)) / float32(n)
	y := float32(0)
	for i := 0; i < len(objects); i += n {
		line := float32(0)
		for j, o := range objects[i:min(i+n, len(objects))] {
			o.Move(fyne.NewPos(float32(j)*(each+a.gap), y))
			line = max(line, fit(o, each))
		}
		y += line + a.gap
	}
}

// flow sets objects in their own size from left to right, and goes on below
// when a line is full: chips and buttons.
type flow struct{ gap, last float32 }

func newFlow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

func (f *flow) place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y, lineHeight float32)) fyne.Size {
	var x, y, line, right float32
	start := 0
	v := shown(objects)
	finish := func(end int) {
		px := float32(0)
		for _, o := range v[start:end] {
			put(o, px, y, line)
			px += o.MinSize().Width + f.gap
		}
		start = end
	}
	for i, o := range v {
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			finish(i)
			y += line + f.gap
			x, line = 0, 0
		}
		right = max(right, m.Width)
		line = max(line, m.Height)
		x += m.Width + f.gap
	}
	finish(len(v))
	return fyne.NewSize(right, y+line)
}

func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := f.last
	if width == 0 {
		width = 600 // never laid out: any width will do for a first guess
	}
	return f.place(objects, width, func(fyne.CanvasObject, float32, float32, float32) {})
}

func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.last = size.Width
	f.place(objects, size.Width, func(o fyne.CanvasObject, x, y, line float32) {
		m := o.MinSize()
		o.Move(fyne.NewPos(x, y+(line-m.Height)/2))
		o.Resize(m)
	})
}

// inset is a margin on all sides of one object.
func inset(x, y float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(insetLayout{x, y}, o)
}

type insetLayout struct{ x, y float32 }

func (l insetLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Add(fyne.NewSize(2*l.x, 2*l.y))
}

func (l insetLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(l.x, l.y))
	objects[0].Resize(size.Subtract(fyne.NewSize(2*l.x, 2*l.y)))
}

// narrow holds one object at no more than a width, at the left or in the middle:
// a line of text stays under eighty characters on a wide screen.
type narrowLayout struct {
	width  float32
	middle bool
}

func narrow(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(narrowLayout{width, false}, o)
}

func centred(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(narrowLayout{width, true}, o)
}

func (l narrowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l narrowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(l.width, size.Width)
	x := float32(0)
	if l.middle {
		x = (size.Width - w) / 2
	}
	objects[0].Move(fyne.NewPos(x, 0))
	objects[0].Resize(fyne.NewSize(w, size.Height))
}

// newEnds sets the second object right at its own width, and the first left in
// what remains, both centred on the line.
func newEnds(left, right fyne.CanvasObject) *fyne.Container {
	return container.New(ends{}, left, right)
}

type ends struct{}

func (ends) MinSize(o []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, v := range shown(o) {
		m := v.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
	}
	return s
}

func (ends) Layout(o []fyne.CanvasObject, size fyne.Size) {
	right := float32(0)
	if o[1].Visible() {
		m := o[1].MinSize()
		right = m.Width
		o[1].Resize(m)
		o[1].Move(fyne.NewPos(size.Width-right, (size.Height-m.Height)/2))
	}
	h := fit(o[0], max(0, size.Width-right-2*space))
	o[0].Move(fyne.NewPos(0, max(0, (size.Height-h)/2)))
}

func spacer() fyne.CanvasObject { return layout.NewSpacer() }
