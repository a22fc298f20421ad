package exhibit

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"forbear/export/pdf"
)

// A sourceRef refers to an object of the file being read, by its number. It
// never reaches the clean document: copying turns it into a [pdf.Ref].
type sourceRef int

// A stream is a stream object of the file being read, decrypted and otherwise
// as it stands.
type stream struct {
	number int
	dict   pdf.Dict
	raw    []byte
}

// A source is a PDF as pdfcpu read it. This file is the only one that knows
// pdfcpu, which is used to find, parse and decrypt objects and for nothing
// else: not to validate, not to decode, not to write.
type source struct {
	root      pdf.Dict
	info      bool
	encrypted bool
	data      []byte
	table     *model.XRefTable
	// lost is set when an object that the file lists could not be read.
	lost bool
}

// maxSourceObjects bounds the cross-reference table.
const maxSourceObjects = 500_000

var disableConfig = sync.OnceFunc(api.DisableConfigDir)

// openSource reads the objects of a PDF. A file that is encrypted with an empty
// user password opens; with any other it is [ErrPassword]. Whatever pdfcpu
// panics about is damage.
func openSource(data []byte) (s *source, err error) {
	defer func() {
		if recover() != nil {
			s, err = nil, fmt.Errorf("%w: reader gave up", ErrDamaged)
		}
	}()
	disableConfig()
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	conf.ValidationMode = model.ValidationRelaxed
	conf.DecodeAllStreams = false
	conf.Optimize = false
	conf.Limits.MaxStreamBytes = MaxInput
	conf.Limits.MaxDecodeBytes = maxDecoded
	conf.Limits.MaxObjectCount = maxSourceObjects
	conf.Limits.MaxObjectStreamCount = maxSourceObjects
	conf.Limits.MaxXRefEntries = maxSourceObjects
	conf.Limits.MaxRecursionDepth = 64
	ctx, err := api.ReadContext(bytes.NewReader(data), conf)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, ErrPassword
	case err != nil:
		// The cause may quote the file, so it is not passed on.
		return nil, fmt.Errorf("%w: no readable structure", ErrDamaged)
	case ctx.Root == nil:
		return nil, fmt.Errorf("%w: no catalog", ErrDamaged)
	case len(ctx.Table) > maxSourceObjects:
		return nil, ErrTooLarge
	}
	s = &source{data: data, table: ctx.XRefTable, info: ctx.Info != nil, encrypted: ctx.Encrypt != nil}
	root, ok := s.get(sourceRef(ctx.Root.ObjectNumber)).(pdf.Dict)
	if !ok {
		return nil, fmt.Errorf("%w: no catalog", ErrDamaged)
	}
	s.root = root
	return s, nil
}

// get returns an object: a pdf value in which references are sourceRefs, a
// *stream, or nil for what is not there.
func (s *source) get(ref sourceRef) pdf.Value {
	entry := s.table.Table[int(ref)]
	if entry == nil || entry.Free {
		return nil
	}
	o := entry.Object
	if _, lazy := o.(types.LazyObjectStreamObject); lazy {
		read, err := s.table.Dereference(*types.NewIndirectRef(int(ref), 0))
		if err != nil {
			s.lost = true
			return nil
		}
		o = read
	} else if o == nil && entry.Offset != nil && *entry.Offset > 0 {
		s.lost = true
	}
	switch o := o.(type) {
	case types.StreamDict:
		return s.stream(int(ref), &o)
	case types.ObjectStreamDict, types.XRefStreamDict:
		return nil
	default:
		return value(o)
	}
}

// stream takes over a stream. Where the file's /Length is wrong, pdfcpu cuts
// the stream there; viewers look for "endstream", and so do we.
func (s *source) stream(number int, sd *types.StreamDict) *stream {
	d, _ := value(sd.Dict).(pdf.Dict)
	st := &stream{number: number, dict: d, raw: sd.Raw}
	from := sd.StreamOffset
	if s.encrypted || from <= 0 || from+int64(len(sd.Raw)) > int64(len(s.data)) {
		return st
	}
	if !bytes.Equal(s.data[from:from+int64(len(sd.Raw))], sd.Raw) {
		return st // not at that place: recovered from elsewhere
	}
	rest := s.data[from+int64(len(sd.Raw)):]
	if bytes.HasPrefix(bytes.TrimLeft(rest[:min(len(rest), 32)], " \r\n\t\x00"), []byte("endstream")) {
		return st
	}
	if end := bytes.Index(s.data[from:], []byte("endstream")); end >= 0 {
		st.raw = bytes.TrimRight(s.data[from:from+int64(end)], "\r\n")
	}
	return st
}

// resolve follows references to what they lead to.
func (s *source) resolve(v pdf.Value) pdf.Value {
	for range 32 {
		ref, ok := v.(sourceRef)
		if !ok {
			return v
		}
		v = s.get(ref)
	}
	return nil
}

func (s *source) dict(v pdf.Value) pdf.Dict {
	switch v := s.resolve(v).(type) {
	case pdf.Dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (s *source) array(v pdf.Value) pdf.Array {
	a, _ := s.resolve(v).(pdf.Array)
	return a
}

func (s *source) name(v pdf.Value) pdf.Name {
	n, _ := s.resolve(v).(pdf.Name)
	return n
}

func (s *source) integer(v pdf.Value) int {
	f, _ := s.number(v)
	return int(f)
}

func (s *source) number(v pdf.Value) (float64, bool) {
	switch v := s.resolve(v).(type) {
	case int64:
		if v > math.MaxInt32 || v < math.MinInt32 {
			return 0, true
		}
		return float64(v), true
	case pdf.Real:
		return float64(v), true
	}
	return 0, false
}

// numbers reads an array of at least n numbers.
func (s *source) numbers(v pdf.Value, n int) []float64 {
	a := s.array(v)
	if len(a) < n {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		f, ok := s.number(a[i])
		if !ok {
			return nil
		}
		out[i] = f
	}
	return out
}

// value turns pdfcpu's objects into ours.
func value(o types.Object) pdf.Value {
	switch o := o.(type) {
	case types.Boolean:
		return bool(o)
	case types.Integer:
		return int64(o)
	case types.Float:
		f := float64(o)
		if math.IsNaN(f) || math.Abs(f) > 1e12 {
			f = 0
		}
		return pdf.Real(f)
	case types.Name:
		return pdf.Name(o)
	case types.StringLiteral:
		return pdf.String(unescape([]byte(o)))
	case types.HexLiteral:
		return pdf.String(unhex([]byte(o)))
	case types.IndirectRef:
		return sourceRef(o.ObjectNumber)
	case *types.IndirectRef:
		return sourceRef(o.ObjectNumber)
	case types.Array:
		out := make(pdf.Array, len(o))
		for i, e := range o {
			out[i] = value(e)
		}
		return out
	case types.Dict:
		out := make(pdf.Dict, len(o))
		for k, e := range o {
			if e != nil {
				out[pdf.Name(k)] = value(e)
			}
		}
		return out
	}
	return nil
}

// filters reads the filter chain of a stream. ok is false when it holds one
// that we do not know.
func (s *source) filters(st *stream) (chain []filter, ok bool) {
	var names, parms pdf.Array
	switch v := s.resolve(st.dict["Filter"]).(type) {
	case nil:
		return nil, true
	case pdf.Name:
		names = pdf.Array{v}
	case pdf.Array:
		names = v
	}
	switch v := s.resolve(st.dict["DecodeParms"]).(type) {
	case pdf.Dict:
		parms = pdf.Array{v}
	case pdf.Array:
		parms = v
	}
	for i, n := range names {
		f := filter{name: fullFilterName(string(s.name(n)))}
		if f.name == "Crypt" {
			continue // pdfcpu has decrypted already
		}
		if !isKnownFilter(f.name) || len(chain) == 4 {
			return nil, false
		}
		var d pdf.Dict
		if i < len(parms) {
			d = s.dict(parms[i])
		}
		f.dict = d
		f.parms = decodeParms{predictor: 1, colors: 1, bits: 8, columns: 1, earlyChange: true}
		for key, to := range map[pdf.Name]*int{
			"Predictor": &f.parms.predictor, "Colors": &f.parms.colors,
			"BitsPerComponent": &f.parms.bits, "Columns": &f.parms.columns,
		} {
			if v, there := d[key]; there {
				*to = s.integer(v)
			}
		}
		if v, there := d["EarlyChange"]; there {
			f.parms.earlyChange = s.integer(v) != 0
		}
		chain = append(chain, f)
	}
	return chain, true
}
