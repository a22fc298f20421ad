// Package assets holds the bytes that are shipped inside the program, and
// imports nothing of ours.
package assets

import "embed"

// Fonts holds the Liberation fonts (SIL Open Font License, fonts/OFL.txt) in
// which every page of a packet is set.
//
//go:embed fonts/*.ttf
var Fonts embed.FS

// Memos holds the library of memoranda and regulations: one file for each, and
// library.toml, which says when they were last checked.
//
//go:embed memos/*.toml
var Memos embed.FS
