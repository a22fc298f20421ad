//go:build !linux || !(amd64 || arm64)

package command

// refuseSockets has no counterpart here that a program can ask for itself.
func refuseSockets() {}
