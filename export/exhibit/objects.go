package exhibit

import (
	"io"

	"forbear/export/pdf"
)

// objects collects the objects of a clean document until it is known which of
// them the pages reach: copying may give up half-way through a value, and a
// clean document holds nothing that lies about unused.
type objects struct {
	list []pdf.Object
}

// Reserve gives a reference to an object that is Put later.
func (o *objects) Reserve() pdf.Ref {
	o.list = append(o.list, pdf.Object{})
	return pdf.Ref(len(o.list) - 1)
}

func (o *objects) Put(ref pdf.Ref, object pdf.Object) { o.list[ref] = object }

func (o *objects) Add(object pdf.Object) pdf.Ref {
	ref := o.Reserve()
	o.Put(ref, object)
	return ref
}

// write writes the objects that the pages reach, numbered in the order in which
// they are met, so that equal pages give equal bytes.
func (o *objects) write(w io.Writer, pages []pdf.CleanPage, removed []string) error {
	out := pdf.NewCleanWriter(w)
	number := make([]pdf.Ref, len(o.list))
	for i := range number {
		number[i] = -1
	}
	var queue []pdf.Ref
	reach := func(ref pdf.Ref) pdf.Ref {
		if number[ref] < 0 {
			number[ref] = out.Reserve()
			queue = append(queue, ref)
		}
		return number[ref]
	}
	var renumber func(v pdf.Value) pdf.Value
	renumber = func(v pdf.Value) pdf.Value {
		switch v := v.(type) {
		case pdf.Ref:
			return reach(v)
		case pdf.Array:
			for i := range v {
				v[i] = renumber(v[i])
			}
		case pdf.Dict:
			for _, k := range sortedKeys(v) {
				v[k] = renumber(v[k])
			}
		}
		return v
	}
	placed := make([]pdf.CleanPage, len(pages))
	for i, p := range pages {
		p.Form = reach(p.Form)
		placed[i] = p
		for len(queue) > 0 {
			ref := queue[0]
			queue = queue[1:]
			object := o.list[ref]
			object.Value = renumber(object.Value)
			out.Put(number[ref], object)
		}
	}
	return out.Close(placed, removed)
}
