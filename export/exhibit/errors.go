package exhibit

import "errors"

// The errors below are the only ones a caller may test for. Each says why a
// file is not taken as an exhibit; the file itself stays in the case as it is.
// None of them carries anything from inside the file.
var (
	// ErrRefused is wrapped by every error that comes from the child process
	// having died or having been stopped: nothing is known of the file except
	// that it cannot be read safely.
	ErrRefused = errors.New("exhibit refused")

	// ErrTooLarge: reading the file needs more memory, pages, objects, pixels
	// or bytes than an exhibit may have. Splitting the file helps.
	ErrTooLarge = errors.New("exhibit too large")

	// ErrTooLong: reading took longer than an exhibit may take.
	ErrTooLong = errors.New("exhibit takes too long to read")

	// ErrCrashed: the reader died on this file.
	ErrCrashed = errors.New("exhibit reader stopped unexpectedly")

	// ErrProtocol: the child's answer breaks the protocol or its result does
	// not open; nothing of it is used.
	ErrProtocol = errors.New("exhibit reader gave an answer that does not hold")

	// ErrDamaged: the file is not whole enough to be read. Printing it to a
	// new PDF from a program that still opens it helps.
	ErrDamaged = errors.New("exhibit is damaged")

	// ErrPassword: the file cannot be read without a password.
	ErrPassword = errors.New("exhibit needs a password")

	// ErrAsk: somebody has to look first; Report.Questions says at what.
	// With Options.Accept the file is taken as it looks.
	ErrAsk = errors.New("exhibit needs a decision")

	// ErrLayers: a hidden layer is woven into the text in a way that cannot be
	// taken out without moving what is visible. Printing to a new PDF helps.
	ErrLayers = errors.New("exhibit has a hidden layer that cannot be separated")

	// ErrPicture: the picture is coded in a way that PDF readers do not share
	// (lossless, arithmetic or 12-bit JPEG).
	ErrPicture = errors.New("picture coding is not supported")

	// ErrEmpty: the file has no bytes.
	ErrEmpty = errors.New("exhibit is empty")

	// ErrKindMismatch: the file is an exhibit kind, but not the claimed one.
	ErrKindMismatch = errors.New("file is of another kind than it says")

	// ErrKindHEIC: an HEIF or AVIF picture, as telephones make. Sending it by
	// mail to oneself as JPEG, or a screenshot, helps.
	ErrKindHEIC = errors.New("heic pictures are not supported")

	// ErrKindTIFF: a TIFF picture.
	ErrKindTIFF = errors.New("tiff pictures are not supported")

	// ErrKindPicture: a GIF, BMP or WebP picture.
	ErrKindPicture = errors.New("this kind of picture is not supported")

	// ErrKindWord: a word processor's document. Export it as PDF.
	ErrKindWord = errors.New("word processor documents are not supported")

	// ErrKindArchive: a ZIP or another archive.
	ErrKindArchive = errors.New("archives are not supported")

	// ErrKindText: plain text or a web page. Print it to PDF.
	ErrKindText = errors.New("text files are not supported")

	// ErrKindUnknown: none of the kinds that we know.
	ErrKindUnknown = errors.New("unknown kind of file")
)
