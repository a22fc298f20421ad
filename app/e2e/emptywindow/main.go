// Command emptywindow is the peer that start-up time and memory of Forbear's
// window are measured against: the toolkit, and nothing of ours.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func main() {
	w := app.NewWithID("org.forbear.EmptyWindow").NewWindow("Empty window")
	w.Resize(fyne.NewSize(1366, 768))
	w.ShowAndRun()
}
