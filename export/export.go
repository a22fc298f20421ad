// Package export makes what leaves: a letter with its exhibits, numbered,
// linked and signed, for a field office, for ICE's attorneys, or for ICE Case
// Review.
//
// A packet is planned before anything is drawn. The [Plan] is a plain value that
// lists every sentence with its source, every exhibit, every identifier, and
// what stays in the file and why; the screen that shows what will leave, the
// lint, the builder and the tests all read that one value. Two rules hold it
// together.
//
// Nothing undecided leaves. A factor leaves because somebody ticked it and an
// exhibit proves it; a matter that speaks against the client leaves because
// somebody decided that it is mentioned or explained, and, where ICE is not
// known to have it, confirmed that a second time. An enforcement priority, an
// exposure, a note, an allegation marked internal have no way into a sentence:
// the type that holds outgoing text, [Outgoing], is only made by the functions
// in outgoing.go, and none of them takes one.
//
// The letter tells the truth of the day it is signed. No sentence says or
// suggests that a memo is in force unless the library says so for that day, and
// no sentence claims that something did not happen because a field is empty.
//
// Building is two passes over the layout, until page numbers settle, and one
// pass over the exhibits. PACKET.md describes the file that comes out, for
// anybody who has to check one without this program.
package export
