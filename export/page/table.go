package page

// A Cell is one cell of a table row.
type Cell struct {
	Runs  []Run
	Align Align
}

// A Table is rows under a head that comes again on every page. Columns are
// shares of the measure. Rows are as high as their longest cell.
type Table struct {
	Columns []float64 // shares; their sum is the whole measure
	Head    []Cell    // may be empty
	Rows    [][]Cell
	Face    Face
	Size    float64 // 9.5 when 0
	Lined   bool    // thin rules between the rows
	Pad     float64 // above and below each row; 3 when 0
	Before  float64
	After   float64

	// Gap is kept free between two columns; 8 when 0.
	Gap float64
}

// Table adds a table.
func (f *Flow) Table(t Table) {
	if t.Size == 0 {
		t.Size = 9.5
	}
	if t.Pad == 0 {
		t.Pad = 3
	}
	if t.Gap == 0 {
		t.Gap = 8
	}
	var total float64
	for _, c := range t.Columns {
		total += c
	}
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = c / total * f.Width()
	}

	var head []slab
	if len(t.Head) > 0 {
		head = f.row(t, widths, t.Head, true)
		head[len(head)-1].ops = append(head[len(head)-1].ops, op{kind: opRule, y: head[len(head)-1].height - 0.8, w: f.Width(), thick: 0.8})
		for _, s := range head {
			s.withNext = true
			f.add(s)
		}
	}
	first := len(f.slabs) - len(head)
	for i, row := range t.Rows {
		slabs := f.row(t, widths, row, false)
		for k, s := range slabs {
			s.head = head
			if k == len(slabs)-1 && t.Lined {
				s.ops = append(s.ops, op{kind: opRule, y: s.height, w: f.Width(), thick: 0.35, gray: 0.55})
			}
			if k == len(slabs)-1 && i == len(t.Rows)-1 {
				s.height += t.After
			}
			f.add(s)
		}
	}
	if first < len(f.slabs) {
		f.slabs[first].before += t.Before
	}
}

// tallest is the height above which a row is cut into lines: a cell of several
// pages must go on, and a row that is merely long should not be torn.
const tallest = 240.0

// row lays out one row as one slab, or as one slab per line when it is too
// tall to be kept whole.
func (f *Flow) row(t Table, widths []float64, cells []Cell, head bool) []slab {
	p := Paragraph{Face: t.Face, Size: t.Size, Lead: 1.24}.defaults()
	rows := 0
	set := make([][]line, len(widths))
	for i := range widths {
		if i >= len(cells) {
			continue
		}
		runs := cells[i].Runs
		if head {
			runs = bolded(runs)
		}
		q := p
		q.Runs = runs
		w := widths[i]
		if i < len(widths)-1 {
			w -= t.Gap
		}
		lines, missing := breakLines(q, w)
		for _, r := range missing {
			f.missing = append(f.missing, missingAt{r, len(f.slabs)})
		}
		set[i] = lines
		rows = max(rows, len(lines))
	}
	step := p.Size * p.Lead
	slabs := make([]slab, max(rows, 1))
	for n := range slabs {
		slabs[n].height = step
		x := 0.0
		for i, w := range widths {
			if n < len(set[i]) {
				q := p
				q.Align = cells[i].Align
				inner := w
				if i < len(widths)-1 {
					inner -= t.Gap
				}
				slabs[n].ops = append(slabs[n].ops, set[i][n].draw(q, x, inner)...)
			}
			x += w
		}
	}
	shift(&slabs[0], t.Pad)
	slabs[len(slabs)-1].height += t.Pad
	if float64(len(slabs))*step > tallest {
		return slabs
	}
	whole := slabs[0]
	for _, s := range slabs[1:] {
		for _, o := range s.ops {
			o.y += whole.height
			whole.ops = append(whole.ops, o)
		}
		whole.height += s.height
	}
	return []slab{whole}
}

// shift moves a slab's content down.
func shift(s *slab, by float64) {
	for i := range s.ops {
		s.ops[i].y += by
	}
	s.height += by
}

func bolded(runs []Run) []Run {
	out := make([]Run, len(runs))
	for i, r := range runs {
		r.Bold = true
		out[i] = r
	}
	return out
}
