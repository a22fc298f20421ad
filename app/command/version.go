package command

import "runtime/debug"

// version is that of FyneApp.toml; a test compares the two.
const version = "0.1.0"

// Version is this program's version, with the revision it was built from where
// that is known. It is pinned in a packet's record and stands in no packet.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + "+" + s.Value[:12]
		}
	}
	return version
}
