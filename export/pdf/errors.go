package pdf

import "errors"

// The errors below are the only ones a caller may test for. Everything else
// this package returns is the reader's or the writer's own error, wrapped.
// None of them, and none of the causes that this package adds to them, says
// anything that stands in a document: only numbers, limits and PDF key names
// from our own tables.
var (
	// ErrNotClean is returned by [OpenClean], [Clean.Object] and
	// [CleanWriter.Close] for a clean document that breaks a rule of the format
	// or holds something that no packet may hold. The exhibit has to be read
	// again, or refused.
	ErrNotClean = errors.New("not a clean document")

	// ErrPlan is returned by [Write] for a [Packet] that cannot be written: no
	// pages, a link to a page that is not there, a size out of bounds. It is a
	// mistake of the caller; nothing has been written that is worth keeping.
	ErrPlan = errors.New("packet cannot be laid out")

	// ErrSignatureSize is returned by [Write] when the signature does not fit
	// the bytes reserved for it. What was written is no packet and has to be
	// removed; writing again with a larger [Signature.Size] works.
	ErrSignatureSize = errors.New("signature is larger than the space reserved for it")

	// ErrNotPacket is returned by [OpenPacket] for a file that is not laid out
	// exactly as [Write] does it. It may still be a PDF.
	ErrNotPacket = errors.New("not laid out as a packet")
)
