package command

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// errOffline is what every attempt to reach a network gets.
var errOffline = errors.New("forbear makes no network connections")

type noTransport struct{}

func (noTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, errOffline }

// Disarm takes the network away from this process before anything else runs.
//
// None of our packages but this file imports net: it does so only to replace the
// two doors that a dependency could use. Badger, pdfcpu and Fyne link net/http
// for features that Forbear never calls. Where the system can refuse sockets to
// a process, it is asked to: see refuseSockets.
func Disarm() {
	http.DefaultTransport = noTransport{}
	http.DefaultClient = &http.Client{Transport: noTransport{}}
	net.DefaultResolver = &net.Resolver{
		PreferGo: true,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errOffline
		},
	}
	refuseSockets()
}
