package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A panel is a ground with an edge and, if it has one, a bar at its left: a
// card, a notice, the rail.
type panel struct {
	widget.BaseWidget

	content fyne.CanvasObject
	fill    fyne.ThemeColorName
	edge    fyne.ThemeColorName // empty: no edge
	bar     fyne.ThemeColorName // empty: no bar
	padX    float32
	padY    float32
	square  bool
}

func newPanel(fill, edge fyne.ThemeColorName, content fyne.CanvasObject) *panel {
	p := &panel{content: content, fill: fill, edge: edge, padX: 3 * space, padY: 3 * space}
	p.ExtendBaseWidget(p)
	return p
}

func card(objects ...fyne.CanvasObject) *panel {
	return newPanel(colorCard, colorEdge, newColumn(2*space, objects...))
}

func notice(objects ...fyne.CanvasObject) *panel {
	return newPanel(colorNotice, colorNoticeEdge, newColumn(space, objects...))
}

func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{panel: p, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil)}
	r.color()
	return r
}

type panelRenderer struct {
	panel       *panel
	ground, bar *canvas.Rectangle
}

const barWidth = space

func (r *panelRenderer) left() float32 {
	if r.panel.bar == "" {
		return r.panel.padX
	}
	return r.panel.padX + barWidth + 2*space
}

func (r *panelRenderer) MinSize() fyne.Size {
	return r.panel.content.MinSize().AddWidthHeight(r.left()+r.panel.padX, 2*r.panel.padY)
}

func (r *panelRenderer) Layout(size fyne.Size) {
	p := r.panel
	r.ground.Resize(size)
	r.bar.Move(fyne.NewPos(p.padX, p.padY))
	r.bar.Resize(fyne.NewSize(barWidth, max(0, size.Height-2*p.padY)))
	p.content.Move(fyne.NewPos(r.left(), p.padY))
	p.content.Resize(fyne.NewSize(max(0, size.Width-r.left()-p.padX), max(0, size.Height-2*p.padY)))
}

func (r *panelRenderer) color() {
	p := r.panel
	r.ground.FillColor = theme.Color(p.fill)
	if p.edge != "" {
		r.ground.StrokeColor = theme.Color(p.edge)
		r.ground.StrokeWidth = 1
	}
	if !p.square {
		r.ground.CornerRadius = theme.Size(theme.SizeNameCardRadius)
	}
	r.bar.Hidden = p.bar == ""
	if p.bar != "" {
		r.bar.FillColor = theme.Color(p.bar)
		r.bar.CornerRadius = barWidth / 2
	}
}

func (r *panelRenderer) Refresh() {
	r.color()
	r.Layout(r.panel.Size())
	canvas.Refresh(r.panel)
	r.panel.content.Refresh()
}

func (r *panelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.bar, r.panel.content}
}

func (r *panelRenderer) Destroy() {}
