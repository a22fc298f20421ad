// Package pdf writes the packets that leave the office, and reads them back
// with no more trust than a stranger deserves.
//
// A packet is put together from clean documents ([Clean]): pages that were
// taken apart once, in a process of their own, and written down again in a
// simple format that holds nothing but drawn content. So the code that builds
// and signs a packet never parses what somebody sent in, and the packet cannot
// carry along what nobody looked at: a script, a hidden note, the camera's
// position, an earlier revision. What may be in a packet at all is one table
// ([Role]), used by the worker that copies, the reader of clean documents and
// the reader of finished packets.
//
// [Write] takes a plain value, writes one pass of bytes to a stream and holds
// one object in memory at a time. It has no clock, no random numbers and no map
// order: the same [Packet] gives the same bytes. A finished packet is one
// revision, laid out in the one way that PACKET.md describes, so that
// [OpenPacket] can ask for exactly that way and every difference is a finding.
//
// References to clauses are to ISO 32000-1:2008, which is PDF 1.7.
package pdf
