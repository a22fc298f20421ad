package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"forbear/casefile"
	"forbear/export"
	"forbear/export/exhibit"
	"forbear/export/sign"
	"forbear/factors"
)

// Every error that a lower layer lets a caller test for has words of its own.
func TestExplain_coversEveryError(t *testing.T) {
	covered := map[string]bool{}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "explain.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && strings.HasPrefix(sel.Sel.Name, "Err") {
				covered[x.Name+"."+sel.Sel.Name] = true
			}
		}
		return true
	})
	for name, path := range map[string]string{
		"casefile": "../casefile/errors.go", "factors": "../factors/errors.go", "export": "../export/errors.go",
		"exhibit": "../export/exhibit/errors.go", "sign": "../export/sign/errors.go",
	} {
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				for _, id := range s.(*ast.ValueSpec).Names {
					if id.IsExported() {
						n++
						if !covered[name+"."+id.Name] {
							t.Errorf("%s.%s has no words", name, id.Name)
						}
					}
				}
			}
		}
		if n == 0 {
			t.Errorf("%s names no error", path)
		}
	}
}

func TestExplain_findsWrappedErrors(t *testing.T) {
	for _, err := range []error{
		casefile.ErrPassphrase, &casefile.DamageError{Part: "journal"}, &casefile.VersionError{Found: 9, Newest: 1},
		&export.GateError{}, &export.BlockedError{}, exhibit.ErrPassword, sign.ErrName, factors.ErrDate, context.Canceled,
	} {
		words, known := explain(fmt.Errorf("do something: %w", err))
		if !known || words.what == "" || words.do == "" {
			t.Errorf("%v: %q", err, words)
		}
	}
	if words, known := explain(errors.New("surprise")); known || words.what == "" {
		t.Errorf("an unforeseen error: %q, %v", words, known)
	}
}

func TestExplain_aDamagedFileIsNotAWrongPassphrase(t *testing.T) {
	words, _ := explain(errors.Join(errors.New("x"), exhibit.ErrRefused))
	if !strings.Contains(words.what, "read safely") {
		t.Errorf("refused: %q", words)
	}
}
