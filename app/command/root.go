// Package command is Forbear without its window: the same work, scripted.
//
// One file holds one command. A command opens what it needs, does one thing and
// closes it again; it says nothing about a client unless it was asked to print
// it, and nothing at all on standard output that a program would have to guess
// at: with --json every report is one JSON document.
//
// No command knows the window, so that a machine without a screen, or without a
// graphics driver, can still keep, check, export and verify.
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"forbear/assets"
	"forbear/casefile"
	"forbear/factors"
)

// Exit codes of every command; verify has two more of its own.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 64
)

// An env is what a command may touch of the world outside: its streams, the
// clock, and the flags that every command shares.
type env struct {
	In       io.Reader
	Out, Err io.Writer
	Now      func() time.Time

	JSON           bool
	vaultDir       string
	user           string
	passphraseFile string
}

// An exitError carries the exit code of a command that has already said, or is
// saying with err, why it ends.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exitWith ends a command with code. A nil err means that everything there is
// to say has been printed.
func exitWith(code int, err error) error { return &exitError{code, err} }

// Execute runs one command line and returns its exit code.
func Execute(args []string, in io.Reader, out, errw io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	return execute(ctx, &env{In: in, Out: out, Err: errw, Now: time.Now}, args)
}

func execute(ctx context.Context, e *env, args []string) int {
	root := rootCommand(e)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var exit *exitError
	if errors.As(err, &exit) {
		if exit.err != nil {
			fmt.Fprintln(e.Err, "forbear:", exit.err)
		}
		return exit.code
	}
	var usage *usageError
	if errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command") {
		fmt.Fprintln(e.Err, "forbear:", err)
		return exitUsage
	}
	fmt.Fprintln(e.Err, "forbear:", err)
	return exitRefused
}

// A usageError is a command line that does not say what to do.
type usageError struct{ error }

func (u *usageError) Unwrap() error { return u.error }

func rootCommand(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:           "forbear",
		Short:         "Case files, checklists and packets for prosecutorial discretion, offline",
		Version:       Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(e.In)
	root.SetOut(e.Out)
	root.SetErr(e.Err)
	root.CompletionOptions.DisableDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&e.vaultDir, "vault", "", "folder of the vault (default: the per-user data folder)")
	flags.StringVar(&e.user, "user", "", "whose vault it is, where several people share one")
	flags.StringVar(&e.passphraseFile, "passphrase-file", "", "file that holds the passphrase; - is standard input")
	flags.BoolVar(&e.JSON, "json", false, "print one JSON document")
	root.AddCommand(
		demoCommand(e),
		vaultCommand(e),
		caseCommand(e),
		schemaCommand(e),
		exhibitCommand(e),
		memoCommand(e),
		assessCommand(e),
		packetCommand(e),
		verifyCommand(e),
		workerCommand(e),
	)
	markUsage(root)
	return root
}

// markUsage makes wrong flags and wrong arguments end with exit code 64.
func markUsage(c *cobra.Command) {
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return &usageError{err}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}

// Today is the computer's local date.
func (e *env) Today() factors.Date { return factors.DateOf(e.Now()) }

// Library reads the memo library that the program carries.
func (e *env) Library() (*factors.Library, error) { return factors.Load(assets.Memos) }

// VaultDir is the folder of the vault: the one that was named, or the one of
// this user of this computer. The default lies in the local, never in the
// roaming profile: what roams is copied to a server.
func (e *env) VaultDir() (string, error) {
	if e.vaultDir != "" {
		return e.vaultDir, nil
	}
	return DefaultVaultDir()
}

// DefaultVaultDir is the vault's folder when none is named.
func DefaultVaultDir() (string, error) {
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Forbear"), nil
		}
	case "darwin":
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, "Library", "Application Support", "Forbear"), nil
		}
	default:
		if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "forbear"), nil
		}
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, ".local", "share", "forbear"), nil
		}
	}
	return "", errors.New("find the per-user data folder: name one with --vault")
}

// maxPassphrase bounds what is read as a passphrase, in bytes.
const maxPassphrase = 4096

// passphrase reads the passphrase from the file that was named or from the
// terminal. It never comes from an argument or the environment: both can be
// read by other programs of the same user.
func (e *env) passphrase(prompt string, twice bool) ([]byte, error) {
	switch {
	case e.passphraseFile == "-":
		return readPassphrase(e.In)
	case e.passphraseFile != "":
		f, err := os.Open(e.passphraseFile)
		if err != nil {
			return nil, fmt.Errorf("open passphrase file: %w", bare(err))
		}
		defer f.Close()
		return readPassphrase(f)
	}
	in, ok := e.In.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return nil, &usageError{errors.New("no terminal to ask for the passphrase: name --passphrase-file")}
	}
	ask := func(words string) (_ []byte, err error) {
		fmt.Fprint(e.Err, words)
		defer fmt.Fprintln(e.Err)
		// Raw, so that Ctrl+C arrives as a key: as a signal it would only end
		// the context, which a read from a terminal does not see.
		state, err := term.MakeRaw(int(in.Fd()))
		if err != nil {
			return nil, fmt.Errorf("prepare terminal: %w", err)
		}
		defer func() { err = errors.Join(err, term.Restore(int(in.Fd()), state)) }()
		return typedSecret(in)
	}
	first, err := ask(prompt + ": ")
	if err != nil || !twice {
		return first, err
	}
	second, err := ask("Again: ")
	if err != nil {
		return nil, err
	}
	defer clear(second)
	if !bytes.Equal(first, second) {
		clear(first)
		return nil, errors.New("compare passphrases: the two differ")
	}
	return first, nil
}

// errStopped ends a command whose question was answered with Ctrl+C.
var errStopped = errors.New("stopped")

// typedSecret reads keys from a raw terminal up to Enter. Nothing is shown.
func typedSecret(keys io.Reader) ([]byte, error) {
	secret := make([]byte, 0, maxPassphrase) // never moved, so that clear reaches all of it
	key := make([]byte, 1)
	for {
		if _, err := io.ReadFull(keys, key); err != nil {
			clear(secret)
			return nil, fmt.Errorf("read passphrase: %w", bare(err))
		}
		switch key[0] {
		case '\r', '\n':
			if len(secret) == 0 {
				return nil, errors.New("read passphrase: it is empty")
			}
			return secret, nil
		case 3, 4: // Ctrl+C, Ctrl+D
			clear(secret)
			return nil, errStopped
		case 8, 127: // Backspace takes a whole character
			_, size := utf8.DecodeLastRune(secret)
			clear(secret[len(secret)-size:])
			secret = secret[:len(secret)-size]
		case 21: // Ctrl+U
			clear(secret)
			secret = secret[:0]
		default:
			if len(secret) == maxPassphrase {
				clear(secret)
				return nil, errors.New("read passphrase: longer than 4,096 bytes")
			}
			secret = append(secret, key[0])
		}
	}
}

func readPassphrase(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPassphrase+1))
	if err != nil {
		return nil, fmt.Errorf("read passphrase: %w", bare(err))
	}
	if len(b) > maxPassphrase {
		clear(b)
		return nil, errors.New("read passphrase: longer than 4,096 bytes")
	}
	b = bytes.TrimRight(b, "\r\n")
	if len(b) == 0 {
		return nil, errors.New("read passphrase: it is empty")
	}
	return b, nil
}

// bare drops the path from a file error. A path may hold a client's name.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// OpenVault unlocks the vault. The caller closes it.
func (e *env) OpenVault(ctx context.Context) (*casefile.Vault, error) {
	dir, err := e.VaultDir()
	if err != nil {
		return nil, err
	}
	pass, err := e.passphrase("Passphrase", false)
	if err != nil {
		return nil, err
	}
	defer clear(pass)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return casefile.Open(dir, e.user, pass)
}

// OpenCase unlocks the vault and opens the case that ref names: an id, the first
// six or more digits of one, or an A-number. The returned function closes both
// and must be called; its error is the case's.
func (e *env) OpenCase(ctx context.Context, ref string) (*casefile.Case, func() error, error) {
	v, err := e.OpenVault(ctx)
	if err != nil {
		return nil, nil, err
	}
	c, err := openIn(v, ref)
	if err != nil {
		return nil, nil, errors.Join(err, v.Close())
	}
	return c, func() error { return errors.Join(c.Close(), v.Close()) }, nil
}

func openIn(v *casefile.Vault, ref string) (*casefile.Case, error) {
	id, err := findCase(v.Cards(), ref)
	if err != nil {
		return nil, err
	}
	return v.OpenCase(id)
}

// findCase names the one case that ref means.
func findCase(cards []casefile.Card, ref string) (string, error) {
	number, _ := casefile.ANumber(ref)
	var found []string
	for _, card := range cards {
		if card.ID == ref {
			return card.ID, nil
		}
		byID := len(ref) >= 6 && strings.HasPrefix(card.ID, strings.ToLower(ref))
		if byID || number != "" && card.ANumber == number {
			found = append(found, card.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", errors.New("find case: none with that id or A-number")
	case 1:
		return found[0], nil
	default:
		return "", errors.New("find case: several match; give the whole id")
	}
}
