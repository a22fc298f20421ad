package main

import (
	"slices"
	"sync"

	"fyne.io/fyne/v2"
)

// appID names the program to the system. FyneApp.toml says the same.
const appID = "org.forbear.Forbear"

// keepNothing gives the toolkit preferences that live as long as the program.
// Its own are a file in clear, into which the file dialog writes the last folder
// that was opened: a folder is often named after a client.
//
// The toolkit's way to have preferences somewhere else is to be a cloud
// provider. This one has no cloud.
type keepNothing struct{}

var (
	_ fyne.CloudProvider            = keepNothing{}
	_ fyne.CloudProviderPreferences = keepNothing{}
)

func (keepNothing) ProviderDescription() string                { return "memory" }
func (keepNothing) ProviderIcon() fyne.Resource                { return nil }
func (keepNothing) ProviderName() string                       { return "memory" }
func (keepNothing) Cleanup(fyne.App)                           {}
func (keepNothing) Setup(fyne.App) error                       { return nil }
func (keepNothing) CloudPreferences(fyne.App) fyne.Preferences { return &memoryPreferences{} }

// memoryPreferences are the toolkit's preferences, kept in memory only.
type memoryPreferences struct {
	mu        sync.Mutex
	values    map[string]any
	listeners []func()
}

var _ fyne.Preferences = (*memoryPreferences)(nil)

func preference[T any](p *memoryPreferences, key string, fallback T) T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok := p.values[key].(T); ok {
		return v
	}
	return fallback
}

func (p *memoryPreferences) set(key string, value any) {
	p.mu.Lock()
	if p.values == nil {
		p.values = map[string]any{}
	}
	p.values[key] = value
	listeners := slices.Clone(p.listeners)
	p.mu.Unlock()
	for _, f := range listeners {
		f()
	}
}

// forget drops every value: a lock leaves no folder name behind.
func (p *memoryPreferences) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.values = nil
}

func (p *memoryPreferences) Bool(k string) bool                     { return preference(p, k, false) }
func (p *memoryPreferences) BoolWithFallback(k string, f bool) bool { return preference(p, k, f) }
func (p *memoryPreferences) SetBool(k string, v bool)               { p.set(k, v) }
func (p *memoryPreferences) BoolList(k string) []bool               { return preference[[]bool](p, k, nil) }

func (p *memoryPreferences) BoolListWithFallback(k string, f []bool) []bool {
	return preference(p, k, f)
}
func (p *memoryPreferences) SetBoolList(k string, v []bool) { p.set(k, slices.Clone(v)) }
func (p *memoryPreferences) Float(k string) float64         { return preference(p, k, 0.0) }
func (p *memoryPreferences) FloatWithFallback(k string, f float64) float64 {
	return preference(p, k, f)
}
func (p *memoryPreferences) SetFloat(k string, v float64) { p.set(k, v) }
func (p *memoryPreferences) FloatList(k string) []float64 { return preference[[]float64](p, k, nil) }

func (p *memoryPreferences) FloatListWithFallback(k string, f []float64) []float64 {
	return preference(p, k, f)
}

func (p *memoryPreferences) SetFloatList(k string, v []float64) { p.set(k, slices.Clone(v)) }

func (p *memoryPreferences) Int(k string) int { return preference(p, k, 0) }

func (p *memoryPreferences) IntWithFallback(k string, f int) int { return preference(p, k, f) }
func (p *memoryPreferences) SetInt(k string, v int)              { p.set(k, v) }
func (p *memoryPreferences) IntList(k string) []int              { return preference[[]int](p, k, nil) }

func (p *memoryPreferences) IntListWithFallback(k string, f []int) []int { return preference(p, k, f) }

func (p *memoryPreferences) SetIntList(k string, v []int) { p.set(k, slices.Clone(v)) }

func (p *memoryPreferences) String(k string) string { return preference(p, k, "") }

func (p *memoryPreferences) StringWithFallback(k, f string) string { return preference(p, k, f) }
func (p *memoryPreferences) SetString(k, v string)                 { p.set(k, v) }
func (p *memoryPreferences) StringList(k string) []string          { return preference[[]string](p, k, nil) }

func (p *memoryPreferences) StringListWithFallback(k string, f []string) []string {
	return preference(p, k, f)
}
func (p *memoryPreferences) SetStringList(k string, v []string) { p.set(k, slices.Clone(v)) }

func (p *memoryPreferences) RemoveValue(k string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.values, k)
}

func (p *memoryPreferences) AddChangeListener(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listeners = append(p.listeners, f)
}

func (p *memoryPreferences) ChangeListeners() []func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.listeners)
}
