// Package layers holds the shape of the tree: who may import whom, who may start
// a goroutine, and which dependency may link a network. It parses source, so
// that no cache can hide a rule that was broken.
package layers

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A source is one Go file of ours.
type source struct {
	path string // slash-separated, from the root of the module
	test bool
	file *ast.File
}

func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

const root = "../.."

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base == "build" || (strings.HasPrefix(base, ".") && base != "." && base != "..") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		all = append(all, source{rel, strings.HasSuffix(rel, "_test.go"), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("found %d files: this is not the whole tree", len(all))
	}
	return all
}

// layers from the bottom up. A package may import packages of lower layers and
// of its own; assets is a leaf that everybody may import.
var layers = []string{"assets", "factors", "casefile", "export", "app"}

func layer(p string) int { return slices.Index(layers, strings.SplitN(p, "/", 2)[0]) }

func TestDependenciesPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		own := layer(s.path)
		if own < 0 {
			t.Errorf("%s lies outside the layers", s.path)
			continue
		}
		for _, p := range s.imports() {
			rest, ours := strings.CutPrefix(p, "forbear/")
			if !ours {
				continue
			}
			if l := layer(rest); l > own || own == 0 {
				t.Errorf("%s imports %s, which lies above it", s.path, p)
			}
		}
	}
}

// TestSoleImporters holds each of these behind one file, so that its faults can
// be handled, and it can be replaced, in one place. Tests may look behind it.
func TestSoleImporters(t *testing.T) {
	sole := map[string]string{
		"github.com/dgraph-io/badger": "casefile/",
		"github.com/signintech/gopdf": "export/page/",
		"github.com/pdfcpu/pdfcpu":    "export/exhibit/",
		"golang.org/x/crypto/argon2":  "casefile/",
	}
	users := map[string]map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for dep := range sole {
				if strings.HasPrefix(p, dep) {
					if users[dep] == nil {
						users[dep] = map[string]bool{}
					}
					users[dep][s.path] = true
				}
			}
		}
	}
	for dep, where := range sole {
		if len(users[dep]) != 1 {
			t.Errorf("%s is imported by %d files, not one: %v", dep, len(users[dep]), users[dep])
		}
		for file := range users[dep] {
			if !strings.HasPrefix(file, where) {
				t.Errorf("%s imports %s, which belongs in %s", file, dep, where)
			}
		}
	}
}

func TestOnlyAppKnowsTheWindow(t *testing.T) {
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			if !strings.HasPrefix(p, "fyne.io/fyne") {
				continue
			}
			if !strings.HasPrefix(s.path, "app/") || strings.HasPrefix(s.path, "app/command/") {
				t.Errorf("%s imports %s", s.path, p)
			}
		}
	}
}

func TestNoNetworkAndNoPrograms(t *testing.T) {
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			switch {
			case p == "net" || strings.HasPrefix(p, "net/"):
				// net/mail and the like would be no better: none is needed.
				if s.path != "app/command/offline.go" && s.path != "app/command/offline_test.go" {
					t.Errorf("%s imports %s", s.path, p)
				}
			case p == "os/exec":
				if !s.test && !strings.HasPrefix(s.path, "export/exhibit/worker") {
					t.Errorf("%s imports %s: only the exhibit worker's parent starts a program", s.path, p)
				}
			case p == "unsafe" && !s.test:
				if !unsafeFiles[s.path] {
					t.Errorf("%s imports unsafe", s.path)
				}
			case p == "filippo.io/age/plugin":
				t.Errorf("%s imports %s, which runs programs found in PATH", s.path, p)
			}
		}
	}
}

// unsafeFiles talk to the system directly.
var unsafeFiles = map[string]bool{
	"app/command/offline_linux.go":      true,
	"export/exhibit/confine_windows.go": true,
}

func TestOneGoStatementInApp(t *testing.T) {
	starts, dos := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		if s.test || !strings.HasPrefix(s.path, "app/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				starts[s.path]++
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "fyne" && (n.Sel.Name == "Do" || n.Sel.Name == "DoAndWait") {
					dos[s.path+" "+n.Sel.Name]++
				}
			}
			return true
		})
	}
	if len(starts) != 1 || starts["app/worker.go"] != 1 {
		t.Errorf("go statements in app: %v, want the one in app/worker.go", starts)
	}
	if len(dos) != 1 || dos["app/worker.go Do"] != 1 {
		t.Errorf("calls of fyne.Do in app: %v, want the one in app/worker.go", dos)
	}
}

// networked names each dependency that imports net or net/http, with the reason
// that it may stay. A new one has to be looked at before it gets a line.
var networked = map[string]string{
	"fyne.io/fyne/v2":                                "resources by URL, never asked for",
	"fyne.io/fyne/v2/internal/repository":            "http: resources by URI, never asked for",
	"fyne.io/fyne/v2/storage/repository":             "parses host and port of a URI",
	"github.com/godbus/dbus/v5":                      "the session bus, over a Unix socket",
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/primitives": "remote images of forms it makes, which we never ask for",
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/sign":       "certificate revocation; conf.Offline is set, and we judge signatures ourselves",
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate":   "checks of links; conf.Offline is set",
	"github.com/spf13/pflag":                         "the types of flags for addresses",
	"go.opentelemetry.io/otel/propagation":           "headers of traces, linked by Badger and never sent",
}

func TestNetworkedDependencies(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-tags", "accessibility,no_animations", "-json=ImportPath,Imports,Standard", "./app")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list dependencies: %v", err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
			Standard   bool
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Standard || strings.HasPrefix(p.ImportPath, "forbear/") {
			continue
		}
		if !slices.Contains(p.Imports, "net/http") && !slices.Contains(p.Imports, "net") {
			continue
		}
		seen[p.ImportPath] = true
		if networked[p.ImportPath] == "" {
			t.Errorf("%s imports the network and has no line in this test", p.ImportPath)
		}
	}
	for p := range networked {
		if !seen[p] {
			t.Errorf("%s no longer imports the network: take its line away", p)
		}
	}
}

// TestEveryPackageSaysWhatItIs asks for a package comment, the essay a stranger
// reads first.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		dir := path.Dir(s.path)
		if s.file.Doc != nil {
			said[dir] = true
		} else if _, ok := said[dir]; !ok {
			said[dir] = false
		}
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}
