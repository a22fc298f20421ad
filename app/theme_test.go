package main

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// contrast is the ratio of WCAG 2.1, 1.4.3.
func contrast(a, b color.NRGBA) float64 {
	lum := func(c color.NRGBA) float64 {
		part := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	x, y := lum(a), lum(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// over lays a translucent colour on an opaque one.
func over(top, ground color.NRGBA) color.NRGBA {
	mix := func(t, g uint8) uint8 {
		a := float64(top.A) / 255
		return uint8(math.Round(float64(t)*a + float64(g)*(1-a)))
	}
	return color.NRGBA{mix(top.R, ground.R), mix(top.G, ground.G), mix(top.B, ground.B), 255}
}

func TestContrast(t *testing.T) {
	type pair struct {
		text, ground fyne.ThemeColorName
		least        float64
	}
	const small, shape = 4.5, 3.0
	var pairs []pair
	for _, ground := range []fyne.ThemeColorName{colorGround, colorCard, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground} {
		for _, text := range []fyne.ThemeColorName{colorText, colorQuiet, colorTrouble, colorFor, colorAgainst, colorEither, theme.ColorNameHyperlink} {
			pairs = append(pairs, pair{text, ground, small})
		}
		pairs = append(pairs, pair{colorRing, ground, shape}, pair{colorAccent, ground, shape})
	}
	pairs = append(pairs,
		pair{colorText, colorNotice, small}, pair{colorQuiet, colorNotice, small}, pair{colorTrouble, colorNotice, small},
		pair{colorText, colorBand, small}, pair{colorQuiet, colorBand, small}, pair{colorRing, colorBand, shape}, pair{colorRing, colorNotice, shape},
		pair{colorChipText, colorChip, small}, pair{colorRing, colorChip, shape},
		pair{colorRailText, colorRail, small}, pair{colorRailQuiet, colorRail, small},
		pair{colorRailText, colorRailChosen, small}, pair{colorRailQuiet, colorRailChosen, small},
		pair{colorOnAccent, colorAccent, small},
		pair{colorText, theme.ColorNameButton, small},
		pair{theme.ColorNameDisabled, theme.ColorNameDisabledButton, small},
		pair{theme.ColorNameDisabled, colorCard, small},
		pair{colorText, theme.ColorNameInputBackground, small},
		pair{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground, small},
		pair{theme.ColorNameInputBorder, theme.ColorNameInputBackground, shape},
		pair{theme.ColorNameInputBorder, colorCard, shape}, pair{theme.ColorNameInputBorder, colorGround, shape},
		pair{theme.ColorNameForegroundOnError, theme.ColorNameError, small},
		pair{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, small},
		pair{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess, small},
	)
	for name, p := range map[string]palette{"light": lightPalette, "dark": darkPalette} {
		for _, c := range pairs {
			text, ground := p[c.text], p[c.ground]
			if text.A != 255 || ground.A != 255 {
				t.Errorf("%s: %s on %s is not opaque", name, c.text, c.ground)
				continue
			}
			if got := contrast(text, ground); got < c.least {
				t.Errorf("%s: %s on %s has %.2f, want %.1f", name, c.text, c.ground, got, c.least)
			}
		}
		// What lies over a text while a pointer or the focus is on it.
		for _, veil := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameFocus, theme.ColorNamePressed, theme.ColorNameSelection} {
			for _, ground := range []fyne.ThemeColorName{colorCard, theme.ColorNameButton} {
				if got := contrast(p[colorText], over(p[veil], p[ground])); got < small {
					t.Errorf("%s: text under %s on %s has %.2f", name, veil, ground, got)
				}
			}
		}
	}
}

func TestPalettes_nameTheSameColours(t *testing.T) {
	for name := range lightPalette {
		if _, ok := darkPalette[name]; !ok {
			t.Errorf("dark has no %s", name)
		}
	}
	if len(lightPalette) != len(darkPalette) {
		t.Errorf("light has %d colours, dark %d", len(lightPalette), len(darkPalette))
	}
	c := newTheme()
	if got := c.Color(colorRail, theme.VariantDark); got != color.Color(darkPalette[colorRail]) {
		t.Errorf("dark rail is %v", got)
	}
	if got, want := c.Size(sizeBody), float32(15); got != want {
		t.Errorf("body is %v, want %v", got, want)
	}
}
