package main

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/sign"
	"forbear/factors"
)

// This file is the only place that turns an error into words for a person. Each
// explanation says what happened, what is safe, and what to do.

// An explanation is an error in words.
type explanation struct {
	what string
	do   string
}

func (e explanation) String() string { return e.what + " " + e.do }

// explain puts an error into words. An error that nobody foresaw gets a plain
// sentence; known says which of the two it is.
func explain(err error) (words explanation, known bool) {
	for _, k := range explanations() {
		if errors.Is(err, k.err) {
			return explanation{k.what, k.do}, true
		}
	}
	return explanation{
		lang.X("error.other", "Something did not work that should have."),
		lang.X("error.other.do", "What was saved before is still there. If it happens again, the technical words below help whoever looks after this computer; they say nothing about a client."),
	}, false
}

type known struct {
	err      error
	what, do string
}

// explanations lists every error that a lower layer lets a caller test for. The
// narrower ones come first.
func explanations() []known {
	safe := lang.X("error.safe", "Nothing was lost: what was saved before is still there.")
	convert := lang.X("error.kind.do", "It was not taken in. Save or scan it as PDF, then add it again.")
	kept := lang.X("error.kept.do", "The original is kept, sealed. Print it to a new PDF from a program that opens it, look at every page, and add that.")
	return []known{
		{casefile.ErrPassphrase, lang.X("error.passphrase", "That passphrase does not open this."), lang.X("error.passphrase.do", "Check the name above and the Caps Lock key, then type it again.")},
		{casefile.ErrNoPerson, lang.X("error.person", "Nobody of that name has a key here."), lang.X("error.person.do", "Choose another name.")},
		{casefile.ErrWeakKDF, lang.X("error.kdf", "The lock on this folder was altered, or made by another program."), lang.X("error.kdf.do", "No passphrase was tried. Open a backup, and keep this folder as it is.")},
		{casefile.ErrNotVault, lang.X("error.vault", "That folder holds no case files, or holds something else."), lang.X("error.vault.do", "Choose an empty folder for new case files.")},
		{casefile.ErrLocked, lang.X("error.locked", "This is open in another window."), lang.X("error.locked.do", "Close it there, then try again.")},
		{casefile.ErrRolledBack, lang.X("error.rollback", "This copy is older than the one you last saw."), lang.X("error.rollback.do", "Somebody put an old copy back. Nothing was changed. Look for the newer copy before you go on.")},
		{casefile.ErrCaseMissing, lang.X("error.missing", "A case you know is not here any more."), lang.X("error.missing.do", "Its folder was removed or moved. Look on other sticks and in the backup.")},
		{casefile.ErrNewerFormat, lang.X("error.newer", "This was written by a newer Forbear."), lang.X("error.newer.do", "It was not touched. Open it with the newer program.")},
		{casefile.ErrPeople, lang.X("error.people", "The list of people in these case files is not the one you know."), lang.X("error.people.do", "Do not go on. Ask whoever added somebody last, in person.")},
		{casefile.ErrDamaged, lang.X("error.damaged", "A part of these files is damaged."), lang.X("error.damaged.do", "Nothing was changed or removed. A backup can take the place of the damaged part.")},
		{casefile.ErrClosed, lang.X("error.closed", "The case was closed meanwhile."), lang.X("error.closed.do", "Open it again.")},
		{casefile.ErrReadOnly, lang.X("error.readonly", "This folder cannot be written to."), lang.X("error.readonly.do", "You can read everything. To go on working, copy the case files to a disk that can be written.")},
		{casefile.ErrNoSpace, lang.X("error.space", "The disk is full."), lang.X("error.space.do", "What was saved before is there, and reading goes on. Make room, then press Ctrl+S.")},
		{casefile.ErrWriteFailed, lang.X("error.write", "The disk refused to keep the last change."), lang.X("error.write.do", "What you typed is still on the screen. Lock, unlock, and look at it again.")},
		{casefile.ErrNotFound, lang.X("error.notfound", "That is not here any more."), safe},
		{casefile.ErrExists, lang.X("error.exists", "This case is here already."), safe},
		{casefile.ErrTooLarge, lang.X("error.large", "That is larger than a case file can hold."), lang.X("error.large.do", "Split it, or leave out what is not needed.")},
		{casefile.ErrInvalid, lang.X("error.invalid", "That file is not a case document."), lang.X("error.invalid.do", "Nothing was taken from it.")},
		{factors.ErrDate, lang.X("error.date", "That is not a date this program reads."), lang.X("date.wrong", "Write 2011-06-14, 2011-06 or 2011; 2005~ for about 2005; 2019/2020 for between.")},
		{factors.ErrLibrary, lang.X("error.library", "The rules and memos that came with the program cannot be read."), lang.X("error.library.do", "Install the program again. Case files are not affected.")},
		{exhibit.ErrKindHEIC, lang.X("error.heic", "This is a picture as telephones make them (HEIC), which is not read yet."), convert},
		{exhibit.ErrKindTIFF, lang.X("error.tiff", "This is a TIFF picture, which is not read yet."), convert},
		{exhibit.ErrKindPicture, lang.X("error.picture", "This kind of picture is not read."), convert},
		{exhibit.ErrKindWord, lang.X("error.word", "This is a word processor's document."), convert},
		{exhibit.ErrKindArchive, lang.X("error.archive", "This is an archive."), lang.X("error.archive.do", "It was not taken in. Take the files out of it and add them one by one.")},
		{exhibit.ErrKindText, lang.X("error.textfile", "This is a text or a web page."), convert},
		{exhibit.ErrKindMismatch, lang.X("error.mismatch", "This file is of another kind than it says."), convert},
		{exhibit.ErrKindUnknown, lang.X("error.kind", "This is not a PDF, a JPEG or a PNG."), convert},
		{exhibit.ErrEmpty, lang.X("error.empty", "This file is empty."), lang.X("error.empty.do", "Nothing was taken in. Look for the file again.")},
		{exhibit.ErrPassword, lang.X("error.password", "This PDF cannot be read without its password."), lang.X("error.password.do", "The original is kept. Print it to a new PDF without a password, and add that.")},
		{exhibit.ErrAsk, lang.X("error.ask", "This PDF holds something that is not seen on the page: a hidden layer, a field, an area marked for redaction."), kept},
		{exhibit.ErrLayers, lang.X("error.layers", "This PDF has a hidden layer that cannot be taken out."), kept},
		{exhibit.ErrTooLong, lang.X("error.long", "Reading this took too long."), kept},
		{exhibit.ErrTooLarge, lang.X("error.exhibit.large", "That file is too large to be one exhibit."), lang.X("error.large.do", "Split it, or leave out what is not needed.")},
		{exhibit.ErrPicture, lang.X("error.coding", "The picture is coded in a way that other programs could not show."), convert},
		{exhibit.ErrDamaged, lang.X("error.exhibit.damaged", "This file is damaged."), kept},
		{exhibit.ErrCrashed, lang.X("error.crashed", "This file could not be read safely."), kept},
		{exhibit.ErrProtocol, lang.X("error.crashed", "This file could not be read safely."), kept},
		{exhibit.ErrRefused, lang.X("error.crashed", "This file could not be read safely."), kept},
		{export.ErrNotClean, lang.X("error.notclean", "This exhibit could not be read safely, and cannot leave."), kept},
		{export.ErrExists, lang.X("error.file.exists", "There is a file of that name already."), lang.X("error.file.exists.do", "Nothing was replaced. Choose another name.")},
		{export.ErrICRFirst, lang.X("gate.closed", "ICR reviews field-office decisions. Without one, it sends the case back and says it will not review it yet."), lang.X("error.icr.do", "Record the request and its outcome under Sent and answered.")},
		{export.ErrBlocked, lang.X("error.blocked", "Something has to be settled before this may be signed."), lang.X("error.blocked.do", "The list on the Packet screen says what.")},
		{export.ErrSelfCheck, lang.X("error.selfcheck", "The packet did not pass our own check after it was written."), lang.X("error.selfcheck.do", "It was removed. Try again on another disk; nothing was sent.")},
		{export.ErrReplaced, lang.X("error.replaced", "Another file took the place of this one while it was being read."), lang.X("error.again.do", "Try again.")},
		{export.ErrSigner, lang.X("error.signer", "The key of these case files belongs to somebody else than the person who signs this packet."), lang.X("error.signer.do", "Nothing was written. Whoever signs opens the case with the own passphrase, or the signer's name under Overview is corrected.")},
		{export.ErrSentRecord, lang.X("error.sentrecord", "The record of the packet that was sent is not in this case."), lang.X("error.sentrecord.do", "Record the packet as sent under Sent and answered, or record the request as made elsewhere.")},
		{export.ErrPlanDate, lang.X("error.plandate", "The day changed while this was being made."), lang.X("error.again.do", "Try again.")},
		{export.ErrPages, lang.X("error.pages", "An exhibit changed while this was being made."), lang.X("error.again.do", "Try again.")},
		{export.ErrUnsettled, lang.X("error.unsettled", "The page numbers of this packet do not settle."), lang.X("error.unsettled.do", "Shorten the letter by a few lines, then try again.")},
		{export.ErrRecipient, lang.X("error.to", "It is not said to whom this goes."), lang.X("error.to.do", "Choose whom it goes to.")},
		{sign.ErrEd25519, lang.X("error.key", "This signing key cannot be used for packets."), lang.X("error.key.do", "Nothing was signed. Whoever looks after this computer has to replace the key.")},
		{sign.ErrKey, lang.X("error.key", "This signing key cannot be used for packets."), lang.X("error.key.do", "Nothing was signed. Whoever looks after this computer has to replace the key.")},
		{sign.ErrIdentity, lang.X("error.key", "This signing key cannot be used for packets."), lang.X("error.key.do", "Nothing was signed. Whoever looks after this computer has to replace the key.")},
		{sign.ErrName, lang.X("error.signname", "Your name cannot stand in a signature as it is."), lang.X("error.signname.do", "Write it again under Overview, without quotation marks, and shorter.")},
		{export.ErrTooLarge, lang.X("error.exhibit.large", "That file is too large to be one exhibit."), lang.X("error.large.do", "Split it, or leave out what is not needed.")},
		{errTooLong, lang.X("error.toolong", "That was longer than this field takes, and was cut."), lang.X("error.toolong.do", "Put long texts into an exhibit. What you copied is still on the clipboard.")},
		{errSamePassphrase, lang.X("error.differ", "The two passphrases differ."), lang.X("error.differ.do", "Type the same one twice.")},
		{casefile.ErrPassphraseShort, lang.X("error.short", "That passphrase is too short to protect a client."), lang.X("error.short.do", "Four or more words that you did not take from a book or a song.")},
		{errNoName, lang.X("error.name", "Your name is missing."), lang.X("error.name.do", "It stands under what you sign, and is kept sealed.")},
		{context.Canceled, lang.X("error.canceled", "Stopped."), safe},
	}
}

// Errors of the window itself.
var (
	errSamePassphrase = errors.New("passphrases differ")
	errNoName         = errors.New("name missing")
	errTooLong        = errors.New("text too long for its field")
)

// complain shows an error. Stopping something is no error.
func (s *shell) complain(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	words, _ := explain(err)
	technical := caption(err.Error())
	copyButton := newButton(lang.X("error.copy", "Copy technical words"), func() { s.app.Clipboard().SetContent(err.Error()) })
	copyButton.Importance = widget.LowImportance
	fold := widget.NewAccordion(widget.NewAccordionItem(lang.X("error.technical", "Technical words"), newColumn(space, technical, copyButton)))
	content := newColumn(2*space, strong(words.what), body(words.do), fold)
	s.dialog(lang.X("error.title", "That did not work"), content, lang.X("button.close", "Close"))
}

// dialog shows words over the screen with one button to put them away.
func (s *shell) dialog(name string, content fyne.CanvasObject, done string) dialog.Dialog {
	d := dialog.NewCustom(name, done, newLively(newRoll(inset(2*space, 2*space, content))), s.win)
	d.Resize(fyne.NewSize(560, 320))
	d.Show()
	return d
}

// ask shows words over the screen with a yes and a no that say what they do.
//
// Only an open vault asks: words about a client do not come up over a lock
// screen.
func (s *shell) ask(name string, content fyne.CanvasObject, yes, no string, answered func(bool)) {
	if s.vault == nil {
		return
	}
	d := dialog.NewCustomConfirm(name, yes, no, newLively(newRoll(inset(2*space, 2*space, content))), answered, s.win)
	d.Resize(fyne.NewSize(620, 420))
	d.Show()
}
