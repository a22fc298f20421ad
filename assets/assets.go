// Package assets holds the bytes that are shipped inside the program, and
// imports nothing of ours.
package assets

import "embed"

// Fonts holds the Liberation fonts (SIL Open Font License, fonts/OFL.txt) in
// which every page of a packet is set.
//
//go:embed fonts/*.ttf
var Fonts embed.FS
