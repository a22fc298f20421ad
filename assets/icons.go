package assets

import "embed"

// Icons holds the program's own pictures.
//
//go:embed icons/*.svg
var Icons embed.FS

// Translations holds the words of the window, one file per language, keyed as
// the code names them.
//
//go:embed translations/*.json
var Translations embed.FS
