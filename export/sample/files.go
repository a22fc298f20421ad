package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/page"
	"forbear/factors"
)

// A File is one document as somebody brought it.
type File struct {
	Name  string // as on a telephone or a scanner; nothing in it names anybody
	Kind  string // pdf, jpeg, png
	Title string
	Data  []byte
	Meta  casefile.Exhibit // with its ID and its harm reading
}

const invented = "INVENTED. Nobody on this page exists."

// Exhibits draws all files of the sample in the order in which they came,
// mistakes included. Every one is put into the packet.
func Exhibits() ([]File, error) {
	var out []File
	for _, make := range []func() (File, error){
		g28, school, agency, complaint, payStub, churchLetter, churchTranslation, churchCertificate, photo, inhaler, disposition, wrongClient,
	} {
		f, err := make()
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Redacted is the wage complaint again, with the names of the coworkers and of
// the employer blacked out by whoever prepared it. It takes the place of the
// first one, and its reading says so: what was found was found in that file.
func Redacted() (File, error) {
	first, err := complaint()
	if err != nil {
		return File{}, err
	}
	f, err := complaintPages("[omitted: third party]", "[omitted: third party]", "[omitted]")
	if err != nil {
		return File{}, err
	}
	f.Meta.Reading = reading(f.Data, map[string]casefile.HarmAnswer{"other-people": {Done: "redacted"}})
	f.Meta.Reading.Earlier = digest(first.Data)
	return f, nil
}

// CallNote is the office's note of the telephone call in which the request was
// denied: the proof of an answer that nobody wrote down.
func CallNote(on factors.Date) (File, error) {
	f, err := letterhead("call-note.pdf", "Note of a telephone call, "+on.Words(), func(f *page.Flow) {
		para(f, "Basswood Legal Clinic (invented)", true)
		para(f, "Note of a telephone call on "+on.Words()+".", false)
		para(f, "The field office called about the request for Marisol Xol Caal de Núñez, A 000-000-501. A supervisory officer said that the request was denied. Asked for the reason, the officer said: criminal history. No letter would be sent.", false)
		para(f, "Noted by A. Ejemplo while the call went on.", false)
	})
	f.Meta = casefile.Exhibit{ID: exhibitCallNote, Title: "Note of the telephone call", Role: export.RoleAnswer, Date: on, Language: "English", InPacket: true, Reading: reading(f.Data, nil)}
	return f, err
}

// NewSince is what came after the request: a letter of the clinic.
func NewSince(on factors.Date) (File, error) {
	f, err := letterhead("clinic-new.pdf", "New treatment plan", func(f *page.Flow) {
		para(f, "Basswood Children's Clinic (invented)", true)
		para(f, "Treatment plan of "+on.Words()+" for the child of Marisol Xol Caal de Núñez.", false)
		para(f, "After two emergency visits the child needs a controller inhaler twice a day and a night reading of the peak flow, done by an adult who has been shown how. Her mother was shown how in 2019.", false)
	})
	f.Meta = casefile.Exhibit{ID: exhibitNew, Title: "Clinic letter: new treatment plan", Date: on, Language: "English", InPacket: true, Reading: reading(f.Data, nil)}
	return f, err
}

// reading is a complete harm reading of these bytes: no to each question but
// those given.
func reading(data []byte, found map[string]casefile.HarmAnswer) casefile.Reading {
	r := casefile.Reading{By: "Ana Ejemplo Ruiz", On: factors.MustDate("2026-09-28"), SHA256: digest(data)}
	for _, q := range export.HarmQuestions {
		a := casefile.HarmAnswer{Question: q, Found: factors.No}
		if f, ok := found[q]; ok {
			a = f
			a.Question, a.Found = q, factors.Yes
		}
		r.Answers = append(r.Answers, a)
	}
	return r
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func para(f *page.Flow, text string, bold bool) {
	f.Paragraph(page.Paragraph{Runs: []page.Run{{Text: text, Bold: bold}}, After: 8})
}

// newPage begins a page with the line that each page of the sample bears.
func newPage(f *page.Flow) {
	f.Break()
	f.Paragraph(page.Paragraph{Runs: page.Text(invented), Face: page.Sans, Size: 8, Gray: 0.3, After: 14})
}

// letterhead draws a PDF of one page or more.
func letterhead(name, title string, draw func(*page.Flow)) (File, error) {
	f := page.NewFlow(page.LetterMargins)
	newPage(f)
	draw(f)
	res, err := f.Finish()
	if err != nil {
		return File{}, fmt.Errorf("draw sample: %w", err)
	}
	return File{Name: name, Kind: "pdf", Title: title, Data: res.PDF}, nil
}

func g28() (File, error) {
	f, err := letterhead("scan-0001.pdf", "Notice of entry of appearance", func(f *page.Flow) {
		f.Paragraph(page.Paragraph{Runs: page.Text("Notice of Entry of Appearance"), Face: page.SansBold, Size: 15, Align: page.Center, After: 2})
		f.Paragraph(page.Paragraph{Runs: page.Text("a drawing in the manner of Form G-28, not the form"), Face: page.SansItalic, Size: 9, Align: page.Center, After: 16})
		row := func(label, value string) []page.Cell {
			return []page.Cell{{Runs: page.Text(label)}, {Runs: []page.Run{{Text: value, Bold: true}}}}
		}
		f.Table(page.Table{Columns: []float64{2, 4}, Face: page.Sans, Lined: true, Pad: 6, Rows: [][]page.Cell{
			row("Representative", "Ana Ejemplo Ruiz, attorney, Mississippi bar no. 000501"),
			row("Organization", "Basswood Legal Clinic (invented)"),
			row("Telephone and e-mail", "601-555-0142 · ana@example.invalid"),
			row("Appears before", "ICE, in custody and discretion"),
			row("Client", "Marisol Xol Caal de Núñez"),
			row("A-number", "A 000-000-501"),
			row("Signatures", "/s/ Ana Ejemplo Ruiz · /s/ by mark, M. X. C."),
		}})
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitG28, Title: "Notice of entry of appearance (Form G-28)", Role: export.RoleG28, Date: factors.MustDate("2026-08-24"),
		Language: "English", InPacket: true, Reading: reading(f.Data, nil),
	}
	return f, err
}

// school is a searchable file of several pages, of which one was scanned across
// and is turned by the reader.
func school() (File, error) {
	sheet := func(across bool, lines ...string) page.Sheet {
		sh := page.Sheet{Width: page.LetterWidth, Height: page.LetterHeight}
		for i, text := range append([]string{invented}, lines...) {
			m := page.Mark{Text: text, Face: page.Serif, Size: 12, X: 72, Y: 80 + float64(i)*24}
			if i < 2 {
				m.Face = page.SansBold
			}
			if across {
				// Turned back by the reader: the left edge is the top.
				m.X, m.Y, m.Angle = 80+float64(i)*24, page.LetterHeight/2, 90
			}
			sh.Marks = append(sh.Marks, m)
		}
		return sh
	}
	res, err := page.Sheets([]page.Sheet{
		sheet(
			false, "Basswood Elementary School and Basswood Children’s Clinic (invented)",
			"Records for the child of Marisol Xol Caal de Núñez, given to the family on request.",
			"The person to call since 2019 is the mother.",
			"She came to each of the eleven meetings and visits that are recorded.",
		),
		sheet(
			false, "Clinic: first registration of the mother",
			"Marisol Xol Caal de Núñez was first seen here in April 2005.",
			"Visits are recorded in each year since.",
		),
		sheet(
			true, "Clinic: care of the child",
			"The child, born in 2017, has asthma, certified since 2019.",
			"Her mother gives the medicine and brings her to each check.",
		),
	})
	if err != nil {
		return File{}, fmt.Errorf("draw sample: %w", err)
	}
	side, err := sideways(res.PDF, 3)
	if err != nil {
		return File{}, err
	}
	f := File{Name: "scan-0002.pdf", Kind: "pdf", Title: "School and clinic records", Data: side}
	f.Meta = casefile.Exhibit{
		ID: exhibitSchool, Title: "School and clinic records", Date: factors.MustDate("2026-09"), Language: "English", InPacket: true,
		Proves: []string{"entries/" + entry2005, "relatives/" + child, "health/" + asthma}, Reading: reading(side, nil),
	}
	return f, nil
}

func agency() (File, error) {
	f, err := letterhead("agency-letter.pdf", "Letter of the labor agency", func(f *page.Flow) {
		para(f, "State Labor Board (invented)", true)
		para(f, "September 14, 2026", false)
		para(f, "To whom it may concern: The Board has opened a case about unpaid overtime. Marisol Xol Caal de Núñez signed the complaint in February 2026, has been interviewed, and is named as a witness. The case is pending. Her presence is needed for it to be heard.", false)
		para(f, "A. Example, investigator", false)
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitAgency, Title: "Letter of the State Labor Board", Date: factors.MustDate("2026-09-14"), Language: "English", InPacket: true,
		Proves: []string{"roles/" + witness, "disputes/" + dispute}, Reading: reading(f.Data, nil),
	}
	return f, err
}

func complaint() (File, error) {
	f, err := complaintPages("Perla Inventada, Tomás Supuesto", "Florinda Supuesta", "Delta Feather Poultry (invented)")
	if err != nil {
		return File{}, err
	}
	// The reader saw the names, and nothing has been done about them yet.
	f.Meta.Reading = reading(f.Data, map[string]casefile.HarmAnswer{"other-people": {}})
	return f, nil
}

func complaintPages(coworkers, third, employer string) (File, error) {
	f, err := letterhead("complaint.pdf", "Wage complaint", func(f *page.Flow) {
		para(f, "Complaint about wages, February 2026 (invented)", true)
		para(f, "Against: "+employer+".", false)
		para(f, "We worked overtime from September 2025 to January 2026 and were not paid for it. Signed by Marisol Xol Caal de Núñez, "+coworkers+".", false)
		newPage(f)
		para(f, "Attachment: hours as written down by "+third+".", true)
		para(f, "Weeks 38 to 52 of 2025 and 1 to 4 of 2026: between 9 and 14 hours of overtime in each.", false)
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitComplaint, Title: "Wage complaint to the State Labor Board", Date: factors.MustDate("2026-02"), Language: "English", InPacket: true,
		Proves: []string{"disputes/" + dispute},
	}
	return f, err
}

func churchLetter() (File, error) {
	f, err := letterhead("carta.pdf", "Carta de la iglesia", func(f *page.Flow) {
		para(f, "Iglesia La Invención (inventada)", true)
		para(f, "A quien corresponda: Conozco a Marisol Xol Caal de Núñez desde 2015. Ayuda cada domingo en la cocina. Es una mujer honrada que nunca ha sido arrestada.", false)
		para(f, "Pastor P. Inventado", false)
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitChurch, Title: "Letter of the church", Date: factors.MustDate("2026-09-20"), Language: "Spanish", InPacket: true,
		Translation: casefile.Translation{Needed: true}, Reading: reading(f.Data, nil),
	}
	return f, err
}

func churchTranslation() (File, error) {
	f, err := letterhead("letter-en.pdf", "Translation", func(f *page.Flow) {
		para(f, "Church of the Invention (invented)", true)
		para(f, "To whom it may concern: I have known Marisol Xol Caal de Núñez since 2015. She helps in the kitchen every Sunday. She is an honest woman who has never been arrested.", false)
		para(f, "Pastor P. Inventado", false)
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitChurchEN, Title: "Letter of the church", Date: factors.MustDate("2026-09-21"), TranslationOf: exhibitChurch, Language: "English", InPacket: true,
		Translation: casefile.Translation{
			Translator: "T. Inventada", Address: "3 Example Road, Basswood, MS 00000", Competent: true, Accurate: true, Signed: factors.MustDate("2026-09-21"),
		},
		Reading: reading(f.Data, nil),
	}
	return f, err
}

func churchCertificate() (File, error) {
	f, err := letterhead("certificate.pdf", "Certificate of translation", func(f *page.Flow) {
		para(f, "Certificate of translation", true)
		para(f, "I, T. Inventada, am competent to translate from Spanish into English, and certify that the translation of the letter of September 20, 2026 is true and accurate to the best of my abilities.", false)
		para(f, "/s/ T. Inventada, September 21, 2026 · 3 Example Road, Basswood, MS 00000", false)
	})
	f.Meta = casefile.Exhibit{
		ID: exhibitChurchCert, Title: "Certificate of translation", Role: export.RoleCertificate, Date: factors.MustDate("2026-09-21"),
		TranslationOf: exhibitChurch, Language: "English", InPacket: true, Reading: reading(f.Data, nil),
	}
	return f, err
}

// disposition is encrypted with an empty password, as courts' systems write
// them.
func disposition() (File, error) {
	flow := page.NewFlow(page.LetterMargins)
	newPage(flow)
	para(flow, "Basswood County Court (invented): disposition", true)
	para(flow, "Marisol Xol Caal de Núñez. Driving under the influence, first offense, May 14, 2011. Plea of guilty, July 8, 2011. Five days, served. Fine paid. Class ordered.", false)
	newPage(flow)
	para(flow, "Certificate", true)
	para(flow, "The class on driving and alcohol was finished on November 19, 2011.", false)
	res, err := flow.FinishLocked()
	if err != nil {
		return File{}, fmt.Errorf("draw sample: %w", err)
	}
	f := File{Name: "court.pdf", Kind: "pdf", Title: "Disposition and certificate of class", Data: res.PDF}
	f.Meta = casefile.Exhibit{
		ID: exhibitDisposition, Title: "Court disposition and certificate of class", Date: factors.MustDate("2011-07-08"), Language: "English", InPacket: true,
		Proves: []string{"offenses/" + offense2011},
		Reading: reading(res.PDF, map[string]casefile.HarmAnswer{
			"arrests":       {Done: "kept", Why: "It is the matter itself, explained in the letter."},
			"alcohol-drugs": {Done: "kept", Why: "It is the matter itself, explained in the letter."},
		}),
	}
	return f, nil
}

// wrongClient was scanned into the wrong folder.
func wrongClient() (File, error) {
	f, err := letterhead("scan-0003.pdf", "Clinic visit", func(f *page.Flow) {
		para(f, "Basswood Children's Clinic (invented)", true)
		para(f, "Patient: Otilia Nadie Imaginada", false)
		para(f, "A 000-000-777. Visit of September 3, 2026. Seen for a cough.", false)
	})
	f.Meta = casefile.Exhibit{ID: exhibitWrong, Title: "Clinic visit", Date: factors.MustDate("2026-09-03"), Language: "English", InPacket: true, Reading: reading(f.Data, nil)}
	return f, err
}
