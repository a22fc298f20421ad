package main

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours of the window have names of ours, and every widget of ours asks
// for them by name. Two tables hold all of them, one per variant; the test of
// contrast reads the same tables.
const (
	colorGround     fyne.ThemeColorName = theme.ColorNameBackground
	colorText       fyne.ThemeColorName = theme.ColorNameForeground
	colorAccent     fyne.ThemeColorName = theme.ColorNamePrimary
	colorOnAccent   fyne.ThemeColorName = theme.ColorNameForegroundOnPrimary
	colorTrouble    fyne.ThemeColorName = theme.ColorNameError
	colorCard       fyne.ThemeColorName = "forbear.card"
	colorEdge       fyne.ThemeColorName = "forbear.edge"
	colorQuiet      fyne.ThemeColorName = "forbear.quiet"
	colorFor        fyne.ThemeColorName = "forbear.for"
	colorAgainst    fyne.ThemeColorName = "forbear.against"
	colorEither     fyne.ThemeColorName = "forbear.either"
	colorNotice     fyne.ThemeColorName = "forbear.notice"
	colorNoticeEdge fyne.ThemeColorName = "forbear.noticeEdge"
	colorBand       fyne.ThemeColorName = "forbear.band"
	colorBandEdge   fyne.ThemeColorName = "forbear.bandEdge"
	colorChip       fyne.ThemeColorName = "forbear.chip"
	colorChipText   fyne.ThemeColorName = "forbear.chipText"
	colorRail       fyne.ThemeColorName = "forbear.rail"
	colorRailText   fyne.ThemeColorName = "forbear.railText"
	colorRailQuiet  fyne.ThemeColorName = "forbear.railQuiet"
	colorRailChosen fyne.ThemeColorName = "forbear.railChosen"
	colorRing       fyne.ThemeColorName = "forbear.ring"
)

// Sizes beyond the toolkit's own.
const (
	sizeTitle   fyne.ThemeSizeName = theme.SizeNameHeadingText    // 26
	sizeHeading fyne.ThemeSizeName = theme.SizeNameSubHeadingText // 20
	sizeBody    fyne.ThemeSizeName = theme.SizeNameText           // 15
	sizeCaption fyne.ThemeSizeName = theme.SizeNameCaptionText    // 13
)

// space is the step of every distance in the window, in device-independent
// pixels.
const space float32 = 4

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

type palette map[fyne.ThemeColorName]color.NRGBA

// What speaks for and what against a client are told apart by place, heading and
// shape; the colours are blue-grey and ochre, never green and red.
var lightPalette = palette{
	colorGround: rgb(0xf6f5f1), colorText: rgb(0x1b2430), colorAccent: rgb(0x1f5c92), colorOnAccent: rgb(0xffffff), colorTrouble: rgb(0xa3341f),
	colorCard: rgb(0xffffff), colorEdge: rgb(0xd9d6cd), colorQuiet: rgb(0x535d6b),
	colorFor: rgb(0x275d8c), colorAgainst: rgb(0x7d540a), colorEither: rgb(0x4b5666),
	colorNotice: rgb(0xfcf4df), colorNoticeEdge: rgb(0xdcc384), colorBand: rgb(0xe4ecf5), colorBandEdge: rgb(0x9fb8d2),
	colorChip: rgb(0xe8eff6), colorChipText: rgb(0x1f4e79),
	colorRail: rgb(0x1f2b3a), colorRailText: rgb(0xf0f3f6), colorRailQuiet: rgb(0xb8c4d1), colorRailChosen: rgb(0x35506e),
	colorRing: rgb(0x1f5c92),

	theme.ColorNameButton:              rgb(0xe3e7ec),
	theme.ColorNameDisabledButton:      rgb(0xecebe7),
	theme.ColorNameDisabled:            rgb(0x626973),
	theme.ColorNameFocus:               rgba(0x1f5c92, 0x38),
	theme.ColorNameForegroundOnError:   rgb(0xffffff),
	theme.ColorNameForegroundOnSuccess: rgb(0xffffff),
	theme.ColorNameForegroundOnWarning: rgb(0xffffff),
	theme.ColorNameHeaderBackground:    rgb(0xecebe6),
	theme.ColorNameHover:               rgba(0x000000, 0x10),
	theme.ColorNameHyperlink:           rgb(0x1f5c92),
	theme.ColorNameInputBackground:     rgb(0xffffff),
	theme.ColorNameInputBorder:         rgb(0x858c96),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameOverlayBackground:   rgb(0xf6f5f1),
	theme.ColorNamePlaceHolder:         rgb(0x666e79),
	theme.ColorNamePressed:             rgba(0x000000, 0x22),
	theme.ColorNameScrollBar:           rgba(0x000000, 0x80),
	theme.ColorNameScrollBarBackground: rgba(0x000000, 0x10),
	theme.ColorNameSelection:           rgba(0x1f5c92, 0x40),
	theme.ColorNameSeparator:           rgb(0xd9d6cd),
	theme.ColorNameShadow:              rgba(0x000000, 0x30),
	theme.ColorNameSuccess:             rgb(0x275d8c),
	theme.ColorNameWarning:             rgb(0x7d540a),
}

var darkPalette = palette{
	colorGround: rgb(0x14191f), colorText: rgb(0xe8ecf0), colorAccent: rgb(0x7fb3e6), colorOnAccent: rgb(0x0c1a28), colorTrouble: rgb(0xf2998a),
	colorCard: rgb(0x1d242c), colorEdge: rgb(0x35404c), colorQuiet: rgb(0xa9b4c0),
	colorFor: rgb(0x93bfe8), colorAgainst: rgb(0xe2b861), colorEither: rgb(0xc0c8d2),
	colorNotice: rgb(0x2f2710), colorNoticeEdge: rgb(0x7d6626), colorBand: rgb(0x1d2c3e), colorBandEdge: rgb(0x4a6d91),
	colorChip: rgb(0x24384c), colorChipText: rgb(0xbddaf4),
	colorRail: rgb(0x0d1217), colorRailText: rgb(0xe8ecf0), colorRailQuiet: rgb(0xa3b0bd), colorRailChosen: rgb(0x2a4058),
	colorRing: rgb(0x9cc6ee),

	theme.ColorNameButton:              rgb(0x2b3540),
	theme.ColorNameDisabledButton:      rgb(0x20272f),
	theme.ColorNameDisabled:            rgb(0x939da8),
	theme.ColorNameFocus:               rgba(0x7fb3e6, 0x44),
	theme.ColorNameForegroundOnError:   rgb(0x1a0d0a),
	theme.ColorNameForegroundOnSuccess: rgb(0x0c1a28),
	theme.ColorNameForegroundOnWarning: rgb(0x1c1505),
	theme.ColorNameHeaderBackground:    rgb(0x1d242c),
	theme.ColorNameHover:               rgba(0xffffff, 0x12),
	theme.ColorNameHyperlink:           rgb(0x7fb3e6),
	theme.ColorNameInputBackground:     rgb(0x10151a),
	theme.ColorNameInputBorder:         rgb(0x74818f),
	theme.ColorNameMenuBackground:      rgb(0x232b34),
	theme.ColorNameOverlayBackground:   rgb(0x191f26),
	theme.ColorNamePlaceHolder:         rgb(0x98a3af),
	theme.ColorNamePressed:             rgba(0xffffff, 0x22),
	theme.ColorNameScrollBar:           rgba(0xffffff, 0x80),
	theme.ColorNameScrollBarBackground: rgba(0xffffff, 0x10),
	theme.ColorNameSelection:           rgba(0x7fb3e6, 0x50),
	theme.ColorNameSeparator:           rgb(0x35404c),
	theme.ColorNameShadow:              rgba(0x000000, 0x70),
	theme.ColorNameSuccess:             rgb(0x93bfe8),
	theme.ColorNameWarning:             rgb(0xe2b861),
}

// calm is the look of the window, light or dark as the system asks.
type calm struct{ fyne.Theme }

func newTheme() fyne.Theme { return calm{theme.DefaultTheme()} }

func (c calm) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p := lightPalette
	if variant == theme.VariantDark {
		p = darkPalette
	}
	if v, ok := p[name]; ok {
		return v
	}
	return c.Theme.Color(name, variant)
}

func (c calm) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case sizeTitle:
		return 26
	case sizeHeading:
		return 20
	case sizeBody:
		return 15
	case sizeCaption:
		return 13
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameCardRadius:
		return 6
	case theme.SizeNameScrollBar:
		return 12
	case theme.SizeNameScrollBarSmall:
		return 3
	}
	return c.Theme.Size(name)
}
