package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"forbear/assets"
)

// The packaged icon is the picture that the window shows, drawn at 256 pixels.
// -update draws it.
func TestIcon_isTheDrawing(t *testing.T) {
	test.NewTempApp(t)
	svg, err := assets.Icons.ReadFile("icons/forbear.svg")
	if err != nil {
		t.Fatal(err)
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource("forbear.svg", svg))
	img.Resize(fyne.NewSize(256, 256))
	w := test.NewTempWindow(t, img)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(256, 256))
	drawn := w.Canvas().Capture()
	if drawn.Bounds().Dx() != 256 || drawn.Bounds().Dy() != 256 {
		t.Fatalf("drawn at %v", drawn.Bounds())
	}
	const file = "../assets/icon.png"
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, cutCorners(drawn)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != drawn.Bounds() {
		t.Fatalf("icon.png is %v", got.Bounds())
	}
	for _, at := range []image.Point{{128, 30}, {90, 127}, {150, 127}, {180, 190}, {20, 128}} {
		r1, g1, b1, _ := got.At(at.X, at.Y).RGBA()
		r2, g2, b2, _ := drawn.At(at.X, at.Y).RGBA()
		if r1>>10 != r2>>10 || g1>>10 != g2>>10 || b1>>10 != b2>>10 {
			t.Errorf("icon.png differs from the drawing at %v", at)
		}
	}
	if _, _, _, a := got.At(2, 2).RGBA(); a != 0 {
		t.Error("the corners are not clear")
	}
}

// cutCorners makes what lies outside the drawing's rounded square clear: the
// window it was drawn in had a ground.
func cutCorners(m image.Image) image.Image {
	out := image.NewNRGBA(m.Bounds())
	const edge, radius = 8, 48
	for y := range 256 {
		for x := range 256 {
			dx := max(edge+radius-x, x-(255-edge-radius), 0)
			dy := max(edge+radius-y, y-(255-edge-radius), 0)
			inside := x >= edge && x < 256-edge && y >= edge && y < 256-edge
			if inside && (dx == 0 || dy == 0 || dx*dx+dy*dy <= radius*radius) {
				out.Set(x, y, m.At(x, y))
			}
		}
	}
	return out
}
