package pdf

import (
	"fmt"
	"slices"
)

// A Role says what a value is for: a form that is drawn, the resources of that
// form, a font among them. The roles together are the list of everything that a
// packet may hold. A key that a role does not name is not copied, by anybody:
// that is how scripts, actions, embedded files, layers, structure trees,
// metadata of single pictures, private data of drawing programs and whatever
// the next version of PDF invents stay out, without a list of bad words that a
// resource which happens to be called "A" or "JS" would fall under.
//
// The exhibit worker copies by these roles, [OpenClean] checks by them, and the
// strict reader checks finished packets by them.
type Role uint8

// The roles of drawn content (ISO 32000-1, clauses 7 to 11). A page of a clean
// document is a RoleForm; everything else is reached from there.
const (
	// RolePlain is a number, a name, a string, a boolean, null, or an array of
	// such: anything that cannot lead anywhere.
	RolePlain Role = iota + 1
	RoleForm
	RoleImage
	RoleXObject // a form or an image, as its /Subtype says
	RoleMask    // of an image: an array of numbers, or an image
	RoleResources
	RoleXObjects     // resource names to forms and images
	RoleFonts        // resource names to fonts
	RoleColorSpaces  // resource or colorant names to color spaces
	RolePatterns     // resource names to patterns
	RoleShadings     // resource names to shadings
	RoleGraphics     // resource names to graphics states
	RolePropertyMaps // resource names to empty property lists
	RoleEmpty        // a dictionary without entries
	RoleGraphicsState
	RoleFontAndSize
	RoleSoftMask
	RoleGroup
	RoleColorSpace
	RoleCalibration // the parameters of CalGray, CalRGB and Lab
	RoleICC
	RoleDeviceN // attributes
	RoleProcess // of a DeviceN attribute
	RoleFunction
	RolePattern
	RoleShading
	RoleFont
	RoleFontDescriptor
	RoleFontFile
	RoleEncoding
	RoleCMap
	RoleCIDSystem
	RoleGlyphs // glyph names to the streams that draw them
	RoleData   // a stream with no entries but its filters
	RoleDecodeParms
)

// The roles of a packet's own frame, which no clean document has.
const (
	roleCatalog Role = iota + 100
	rolePageTree
	rolePage
	roleAnnotation
	roleLink
	roleWidget
	roleAppearance
	roleDestination
	roleBookmark
	rolePageLabels
	rolePageLabel
	roleViewer
	roleMetadata
	roleForms
	roleSignature
)

// A shape is what a value of one role may be.
type shape struct {
	scalar, array, dict, stream bool
	keys                        map[Name]Role
	// every is the role of all entries of a dictionary whose keys are names of
	// the author's choosing.
	every Role
	// element gives the role of an element of an array. first is the array's
	// first element when that is a name.
	element func(first Name, i int) (Role, bool)
}

// plain lists keys whose values lead nowhere; with adds others.
func plain(keys ...Name) map[Name]Role {
	m := make(map[Name]Role, len(keys))
	for _, k := range keys {
		m[k] = RolePlain
	}
	return m
}

func with(m map[Name]Role, more map[Name]Role) map[Name]Role {
	for k, r := range more {
		m[k] = r
	}
	return m
}

// all is the element function of an array whose elements have one role.
func all(r Role) func(Name, int) (Role, bool) {
	return func(Name, int) (Role, bool) { return r, true }
}

// led is the element function of an array with one special element in front.
func led(r Role) func(Name, int) (Role, bool) {
	return func(_ Name, i int) (Role, bool) {
		if i == 0 {
			return r, true
		}
		return RolePlain, true
	}
}

// shapes is the whole list. Left out on purpose, besides everything that acts:
// halftones, black generation and undercolor removal (they speak to printing
// presses), optional content, alternate images, /Metadata, /PieceInfo,
// /StructParent, /OPI, /Ref, /Measure, /AF, /Name.
var shapes map[Role]shape

// The table refers to functions that refer to the table, which Go does not
// allow in one expression.
func init() {
	shapes = map[Role]shape{
		RolePlain: {scalar: true, array: true, element: all(RolePlain)},
		RoleForm: {stream: true, keys: with(
			plain("Type", "Subtype", "FormType", "BBox", "Matrix"),
			map[Name]Role{"Resources": RoleResources, "Group": RoleGroup},
		)},
		RoleImage: {stream: true, keys: with(
			plain("Type", "Subtype", "Width", "Height", "BitsPerComponent", "Intent",
				"ImageMask", "Decode", "Interpolate", "SMaskInData", "Matte"),
			map[Name]Role{"ColorSpace": RoleColorSpace, "Mask": RoleMask, "SMask": RoleImage},
		)},
		RoleMask: {array: true, element: all(RolePlain)},
		RoleResources: {dict: true, keys: with(plain("ProcSet"), map[Name]Role{
			"XObject": RoleXObjects, "Font": RoleFonts, "ColorSpace": RoleColorSpaces,
			"Pattern": RolePatterns, "Shading": RoleShadings, "ExtGState": RoleGraphics,
			"Properties": RolePropertyMaps,
		})},
		RoleXObjects:     {dict: true, every: RoleXObject},
		RoleFonts:        {dict: true, every: RoleFont},
		RoleColorSpaces:  {dict: true, every: RoleColorSpace},
		RolePatterns:     {dict: true, every: RolePattern},
		RoleShadings:     {dict: true, every: RoleShading},
		RoleGraphics:     {dict: true, every: RoleGraphicsState},
		RolePropertyMaps: {dict: true, every: RoleEmpty},
		RoleEmpty:        {dict: true},
		RoleGraphicsState: {dict: true, keys: with(
			plain("Type", "LW", "LC", "LJ", "ML", "D", "RI", "OP", "op", "OPM", "FL",
				"SM", "SA", "BM", "CA", "ca", "AIS", "TK"),
			map[Name]Role{
				"Font": RoleFontAndSize, "SMask": RoleSoftMask,
				"TR": RoleFunction, "TR2": RoleFunction,
			},
		)},
		RoleFontAndSize: {array: true, element: led(RoleFont)},
		RoleSoftMask: {scalar: true, dict: true, keys: with(plain("Type", "S", "BC"),
			map[Name]Role{"G": RoleForm, "TR": RoleFunction})},
		RoleGroup: {dict: true, keys: with(plain("Type", "S", "I", "K"),
			map[Name]Role{"CS": RoleColorSpace})},
		RoleColorSpace:  {scalar: true, array: true, element: colorSpaceElement},
		RoleCalibration: {dict: true, keys: plain("WhitePoint", "BlackPoint", "Gamma", "Matrix", "Range")},
		RoleICC: {stream: true, keys: with(plain("N", "Range"),
			map[Name]Role{"Alternate": RoleColorSpace})},
		RoleDeviceN: {dict: true, keys: with(plain("Subtype"),
			map[Name]Role{"Colorants": RoleColorSpaces, "Process": RoleProcess})},
		RoleProcess: {dict: true, keys: with(plain("Components"),
			map[Name]Role{"ColorSpace": RoleColorSpace})},
		RoleFunction: {
			scalar: true, array: true, dict: true, stream: true,
			element: all(RoleFunction),
			keys: with(
				plain("FunctionType", "Domain", "Range", "Size", "BitsPerSample", "Order",
					"Encode", "Decode", "C0", "C1", "N", "Bounds"),
				map[Name]Role{"Functions": RoleFunction},
			),
		},
		RolePattern: {dict: true, stream: true, keys: with(
			plain("Type", "PatternType", "PaintType", "TilingType", "BBox", "XStep",
				"YStep", "Matrix"),
			map[Name]Role{
				"Resources": RoleResources, "Shading": RoleShading,
				"ExtGState": RoleGraphicsState,
			},
		)},
		RoleShading: {dict: true, stream: true, keys: with(
			plain("ShadingType", "Background", "BBox", "AntiAlias", "Domain", "Matrix",
				"Coords", "Extend", "BitsPerCoordinate", "BitsPerComponent", "BitsPerFlag",
				"Decode", "VerticesPerRow"),
			map[Name]Role{"ColorSpace": RoleColorSpace, "Function": RoleFunction},
		)},
		RoleFont: {
			// The array is /DescendantFonts.
			dict: true, array: true, element: all(RoleFont),
			keys: with(
				plain("Type", "Subtype", "BaseFont", "FirstChar", "LastChar", "Widths",
					"FontBBox", "FontMatrix", "DW", "W", "DW2", "W2"),
				map[Name]Role{
					"FontDescriptor": RoleFontDescriptor, "Encoding": RoleEncoding,
					"ToUnicode": RoleCMap, "DescendantFonts": RoleFont,
					"CharProcs": RoleGlyphs, "Resources": RoleResources,
					"CIDSystemInfo": RoleCIDSystem, "CIDToGIDMap": RoleCMap,
				},
			),
		},
		RoleFontDescriptor: {dict: true, keys: with(
			plain("Type", "FontName", "FontFamily", "FontStretch", "FontWeight", "Flags",
				"FontBBox", "ItalicAngle", "Ascent", "Descent", "Leading", "CapHeight",
				"XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth", "MissingWidth", "CharSet"),
			map[Name]Role{
				"FontFile": RoleFontFile, "FontFile2": RoleFontFile,
				"FontFile3": RoleFontFile, "CIDSet": RoleData,
			},
		)},
		RoleFontFile: {stream: true, keys: plain("Subtype", "Length1", "Length2", "Length3")},
		RoleEncoding: {scalar: true, dict: true, stream: true, keys: with(
			plain("Type", "BaseEncoding", "Differences", "CMapName", "WMode"),
			map[Name]Role{"CIDSystemInfo": RoleCIDSystem, "UseCMap": RoleCMap},
		)},
		RoleCMap: {scalar: true, stream: true, keys: with(plain("Type", "CMapName", "WMode"),
			map[Name]Role{"CIDSystemInfo": RoleCIDSystem, "UseCMap": RoleCMap})},
		RoleCIDSystem: {dict: true, keys: plain("Registry", "Ordering", "Supplement")},
		RoleGlyphs:    {dict: true, every: RoleData},
		RoleData:      {stream: true},
		RoleDecodeParms: {
			scalar: true, array: true, dict: true, element: all(RoleDecodeParms),
			keys: with(
				plain("Predictor", "Colors", "BitsPerComponent", "Columns", "EarlyChange",
					"K", "EndOfLine", "EncodedByteAlign", "Rows", "EndOfBlock", "BlackIs1",
					"DamagedRowsBeforeError", "ColorTransform"),
				map[Name]Role{"JBIG2Globals": RoleData},
			),
		},

		roleCatalog: {dict: true, keys: with(plain("Type", "Lang", "PageMode"), map[Name]Role{
			"Pages": rolePageTree, "Outlines": roleBookmark, "PageLabels": rolePageLabels,
			"ViewerPreferences": roleViewer, "Metadata": roleMetadata, "AcroForm": roleForms,
		})},
		rolePageTree: {
			dict: true, array: true, element: all(rolePage),
			keys: with(plain("Type", "Count"), map[Name]Role{"Kids": rolePageTree}),
		},
		rolePage: {dict: true, keys: with(plain("Type", "MediaBox"), map[Name]Role{
			"Parent": rolePageTree, "Resources": RoleResources, "Contents": RoleData,
			"Annots": roleAnnotation,
		})},
		roleAnnotation: {array: true, element: all(roleAnnotation)},
		roleLink: {dict: true, keys: with(plain("Type", "Subtype", "Rect", "Border", "F"),
			map[Name]Role{"Dest": roleDestination})},
		roleWidget: {dict: true, keys: with(plain("Type", "Subtype", "Rect", "F", "FT", "T"),
			map[Name]Role{"P": rolePage, "V": roleSignature, "AP": roleAppearance})},
		roleAppearance:  {dict: true, keys: map[Name]Role{"N": RoleForm}},
		roleDestination: {array: true, element: led(rolePage)},
		// The root of the outline is a bookmark without a title.
		roleBookmark: {dict: true, keys: with(plain("Type", "Title", "Count"), map[Name]Role{
			"Parent": roleBookmark, "Prev": roleBookmark, "Next": roleBookmark,
			"First": roleBookmark, "Last": roleBookmark, "Dest": roleDestination,
		})},
		rolePageLabels: {
			dict: true, array: true, keys: map[Name]Role{"Nums": rolePageLabels},
			element: func(_ Name, i int) (Role, bool) {
				if i%2 == 0 {
					return RolePlain, true
				}
				return rolePageLabel, true
			},
		},
		rolePageLabel: {dict: true, keys: plain("S", "P", "St")},
		roleViewer:    {dict: true, keys: plain("DisplayDocTitle")},
		roleMetadata:  {stream: true, keys: plain("Type", "Subtype")},
		roleForms: {
			dict: true, array: true, element: all(roleAnnotation),
			keys: with(plain("SigFlags"), map[Name]Role{"Fields": roleForms}),
		},
		roleSignature: {dict: true, keys: plain("Type", "Filter", "SubFilter", "Name",
			"Reason", "M", "ByteRange", "Contents")},
	}
}

// colorSpaceElement follows the color space families of ISO 32000-1, 8.6.3.
func colorSpaceElement(family Name, i int) (Role, bool) {
	if i == 0 {
		return RolePlain, true
	}
	switch family {
	case "CalGray", "CalRGB", "Lab":
		return RoleCalibration, i == 1
	case "ICCBased":
		return RoleICC, i == 1
	case "Indexed", "I":
		switch i {
		case 1:
			return RoleColorSpace, true
		case 2:
			return RolePlain, true
		}
		return RoleCMap, i == 3 // a string, or a stream of table bytes
	case "Separation", "DeviceN":
		switch i {
		case 1:
			return RolePlain, true
		case 2:
			return RoleColorSpace, true
		case 3:
			return RoleFunction, true
		}
		return RoleDeviceN, i == 4 && family == "DeviceN"
	case "Pattern":
		return RoleColorSpace, i == 1
	}
	return 0, false
}

// Entry returns the role of the value under key in a dictionary or stream of
// role r, and false when nothing under that key may be copied. subtype is that
// dictionary's /Subtype, or empty. A stream's filters are for everyone; its
// /Length is for nobody, since the writer knows it.
func (r Role) Entry(subtype, key Name) (Role, bool) {
	s, ok := shapes[r.refine(subtype)]
	if !ok || (!s.dict && !s.stream) {
		return 0, false
	}
	if s.every != 0 {
		return s.every, true
	}
	if s.stream {
		switch key {
		case "Filter":
			return RolePlain, true
		case "DecodeParms":
			return RoleDecodeParms, true
		}
	}
	child, ok := s.keys[key]
	return child, ok
}

// Element returns the role of element i of an array of role r, and false when
// it may not be copied. first is the array's first element when that is a name,
// and empty otherwise: color spaces are told apart by it.
func (r Role) Element(first Name, i int) (Role, bool) {
	s := shapes[r]
	if !s.array {
		return 0, false
	}
	return s.element(first, i)
}

// Takes tells whether v may stand in role r at all, its entries aside. stream
// says that v is the dictionary of a stream. A reference is never a yes: ask
// about what it refers to.
func (r Role) Takes(v Value, stream bool) bool {
	subtype := Name("")
	if d, ok := v.(Dict); ok {
		subtype, _ = d["Subtype"].(Name)
	}
	s := shapes[r.refine(subtype)]
	switch v.(type) {
	case nil, bool, int64, Real, Name, String:
		return s.scalar && !stream
	case Array:
		return s.array && !stream
	case Dict:
		if stream {
			return s.stream
		}
		return s.dict
	}
	return false
}

// refine resolves the roles that depend on a /Subtype. What it cannot resolve
// stays as it is, and then has no keys.
func (r Role) refine(subtype Name) Role {
	switch {
	case r == RoleXObject && subtype == "Form":
		return RoleForm
	case (r == RoleXObject || r == RoleMask) && subtype == "Image":
		return RoleImage
	case r == roleAnnotation && subtype == "Link":
		return roleLink
	case r == roleAnnotation && subtype == "Widget":
		return roleWidget
	}
	return r
}

// Filters lists the stream filters that a packet may hold: all of ISO 32000-1,
// 7.4, but Crypt.
var Filters = []Name{
	"FlateDecode", "DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode",
	"LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode",
}

// maxFilters bounds a chain of filters, each of which can multiply its input.
const maxFilters = 4

// checkFilter checks the /Filter of a stream, which has to be direct so that
// nobody needs to chase it.
func checkFilter(v Value) error {
	switch v := v.(type) {
	case nil:
		return nil
	case Name:
		if slices.Contains(Filters, v) {
			return nil
		}
	case Array:
		if len(v) > maxFilters {
			return fmt.Errorf("more than %d filters on one stream", maxFilters)
		}
		for _, e := range v {
			if n, ok := e.(Name); !ok || !slices.Contains(Filters, n) {
				return fmt.Errorf("filter is not on the list")
			}
		}
		return nil
	}
	return fmt.Errorf("filter is not on the list")
}

// A place is an object in a role. The same object may be in several.
type place struct {
	ref  Ref
	role Role
}

// A walk checks every object that can be reached from some roots against its
// role, one object at a time. It never follows a reference twice in the same
// role, so loops end it rather than keep it going.
type walk struct {
	// object returns the value of an object, and whether it is a stream.
	object  func(Ref) (Value, bool, error)
	seen    map[place]bool
	reached map[Ref]bool
	todo    []place
	most    int // places to look at before giving up
}

// newWalk returns a walk over a document of so many objects. Drawing programs
// put an object into one role, now and then into two. A file in which each
// stands in thirty was made to keep us busy.
func newWalk(objects int, object func(Ref) (Value, bool, error)) *walk {
	return &walk{
		object: object, seen: map[place]bool{}, reached: map[Ref]bool{},
		most: 4*objects + 100,
	}
}

// add puts an object in line.
func (w *walk) add(ref Ref, role Role) {
	p := place{ref, role}
	if !w.seen[p] {
		w.seen[p] = true
		w.reached[ref] = true
		w.todo = append(w.todo, p)
	}
}

// run checks everything in line, and what that leads to.
func (w *walk) run() error {
	for len(w.todo) > 0 {
		p := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if len(w.seen) > w.most {
			return fmt.Errorf("objects stand in more places than they can be looked at")
		}
		v, stream, err := w.object(p.ref)
		if err != nil {
			return err
		}
		if err := w.check(v, stream, p.role); err != nil {
			return fmt.Errorf("object %d: %w", p.ref, err)
		}
	}
	return nil
}

// check checks one value. Depth is bounded by whoever parsed it.
func (w *walk) check(v Value, stream bool, role Role) error {
	if ref, ok := v.(Ref); ok {
		w.add(ref, role)
		return nil
	}
	if !role.Takes(v, stream) {
		return fmt.Errorf("value does not fit its place (role %d)", role)
	}
	switch v := v.(type) {
	case Array:
		var first Name
		if len(v) > 0 {
			first, _ = v[0].(Name)
		}
		for i, e := range v {
			r, ok := role.Element(first, i)
			if !ok {
				return fmt.Errorf("array is longer than its kind allows (role %d)", role)
			}
			if err := w.check(e, false, r); err != nil {
				return err
			}
		}
	case Dict:
		subtype, _ := v["Subtype"].(Name)
		if stream {
			if err := checkFilter(v["Filter"]); err != nil {
				return err
			}
		}
		for key, e := range v {
			r, ok := role.Entry(subtype, key)
			if !ok {
				return fmt.Errorf("dictionary has an entry that its kind does not allow (role %d)", role)
			}
			if err := w.check(e, false, r); err != nil {
				return err
			}
		}
	}
	return nil
}
