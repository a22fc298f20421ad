package casefile

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// The labels of the key schedule. Each names one use of one key; a new use gets
// a new label, never an old one.
const (
	labelIdentity = "forbear v1 person encryption"
	labelSigning  = "forbear v1 person signing"
	labelIndex    = "forbear v1 person index"
	labelDevice   = "forbear v1 person device"

	labelHeader  = "forbear v1 case header"
	labelCurrent = "forbear v1 case current"
	labelJournal = "forbear v1 case journal"
	labelFrame   = "forbear v1 case frame head"
	labelValues  = "forbear v1 case values"
	labelNames   = "forbear v1 case names"
	labelBadger  = "forbear v1 case badger"
	labelBlobs   = "forbear v1 case blobs"
	labelSeal    = "forbear v1 case seal"
	labelCard    = "forbear v1 case card"
)

const (
	keySize   = 32
	nonceSize = chacha20poly1305.NonceSizeX
	tagSize   = chacha20poly1305.Overhead
)

// derive is HKDF-SHA256 (RFC 5869) with label as the info.
func derive(secret, salt []byte, label string) []byte {
	k, err := hkdf.Key(sha256.New, secret, salt, label, keySize)
	if err != nil {
		panic("casefile: internal error: " + err.Error()) // unreachable: 32 bytes are not too many
	}
	return k
}

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// newID returns 128 random bits as 32 hex digits.
func newID() string { return hex.EncodeToString(random(16)) }

func rawID(id string) ([]byte, bool) {
	b, err := hex.DecodeString(id)
	return b, err == nil && len(b) == 16 && hex.EncodeToString(b) == id
}

// sealBytes returns nonce and XChaCha20-Poly1305 ciphertext. 192 random bits of
// nonce never meet again under one key.
func sealBytes(key, plaintext, associated []byte) []byte {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("casefile: internal error: " + err.Error()) // unreachable: derive returns 32 bytes
	}
	nonce := random(nonceSize)
	out := make([]byte, nonceSize, nonceSize+len(plaintext)+tagSize)
	copy(out, nonce)
	return a.Seal(out, nonce, plaintext, associated)
}

var errAuthentication = errors.New("does not authenticate")

func openBytes(key, sealed, associated []byte) ([]byte, error) {
	if len(sealed) < nonceSize+tagSize {
		return nil, errAuthentication
	}
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("casefile: internal error: " + err.Error()) // unreachable, as above
	}
	plaintext, err := a.Open(nil, sealed[:nonceSize], sealed[nonceSize:], associated)
	if err != nil {
		return nil, errAuthentication
	}
	return plaintext, nil
}

// pad hides how long b is, but for the step it falls into: a length says a lot
// about a date of birth, or about whether there is a conviction. It puts the
// length, four bytes, before b and zeros behind.
func pad(b []byte) []byte {
	n := 4 + len(b)
	size := (n + 65535) &^ 65535
	for _, step := range []int{256, 1 << 10, 4 << 10, 16 << 10} {
		if n <= step {
			size = step
			break
		}
	}
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(len(b)))
	copy(out[4:], b)
	return out
}

func unpad(b []byte) ([]byte, bool) {
	if len(b) < 4 {
		return nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, false
	}
	return b[4 : 4+n], true
}

// personKeys are everything that a passphrase opens.
type personKeys struct {
	seed     []byte
	identity *age.HybridIdentity
	signing  ed25519.PrivateKey
	packet   *ecdsa.PrivateKey
	index    []byte
	device   []byte
}

func newPersonKeys(seed, packet []byte) (*personKeys, error) {
	k := &personKeys{seed: seed, index: derive(seed, nil, labelIndex), device: derive(seed, nil, labelDevice)}
	secret := derive(seed, nil, labelIdentity)
	defer clear(secret)
	var err error
	// age has no constructor for a known secret but its own text form.
	if k.identity, err = age.ParseHybridIdentity(strings.ToUpper(bech32("age-secret-key-pq-", secret))); err != nil {
		return nil, errors.New("derive encryption identity")
	}
	signing := derive(seed, nil, labelSigning)
	defer clear(signing)
	k.signing = ed25519.NewKeyFromSeed(signing)
	if k.packet, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), packet); err != nil {
		return nil, errors.New("read packet key")
	}
	return k, nil
}

// wipe overwrites what is ours to overwrite. The identities keep copies that
// cannot be reached; they are left to the garbage collector.
func (k *personKeys) wipe() {
	clear(k.seed)
	clear(k.index)
	clear(k.device)
	clear(k.signing)
	k.identity, k.packet = nil, nil
}

// caseKeys are the case key and the chain key of one epoch of one case, and all
// that follows from them.
type caseKeys struct {
	id    []byte // of the case, 16 bytes
	epoch uint32
	key   []byte
	chain []byte

	header, current, journal, frame, values, names, badger, blobs, seal, card []byte
}

func newCaseKeys(id []byte, epoch uint32, key, chain []byte) *caseKeys {
	salt := binary.BigEndian.AppendUint32(append([]byte(nil), id...), epoch)
	d := func(label string) []byte { return derive(key, salt, label) }
	return &caseKeys{
		id: id, epoch: epoch, key: key, chain: chain,
		header: d(labelHeader), current: d(labelCurrent), journal: d(labelJournal), frame: d(labelFrame),
		values: d(labelValues), names: d(labelNames), badger: d(labelBadger), blobs: d(labelBlobs),
		seal: d(labelSeal), card: d(labelCard),
	}
}

func (k *caseKeys) wipe() {
	for _, b := range [][]byte{k.key, k.chain, k.header, k.current, k.journal, k.frame, k.values, k.names, k.badger, k.blobs, k.seal, k.card} {
		clear(b)
	}
}

// associated binds a ciphertext to its purpose, its case and its epoch.
func (k *caseKeys) associated(purpose string, more ...[]byte) []byte {
	b := append([]byte(purpose), 0)
	b = append(b, k.id...)
	b = binary.BigEndian.AppendUint32(b, k.epoch)
	for _, m := range more {
		b = binary.BigEndian.AppendUint32(b, uint32(len(m)))
		b = append(b, m...)
	}
	return b
}

// bech32 is the text form of BIP 173, lower case, without its limit of 90
// characters, as age uses it.
func bech32(hrp string, data []byte) string {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	var five []byte
	var acc, bits uint
	for _, b := range data {
		acc, bits = acc<<8|uint(b), bits+8
		for bits >= 5 {
			bits -= 5
			five = append(five, byte(acc>>bits&31))
		}
	}
	if bits > 0 {
		five = append(five, byte(acc<<(5-bits)&31))
	}
	check := uint32(1)
	polymod := func(v byte) {
		top := check >> 25
		check = check&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				check ^= g
			}
		}
	}
	for _, c := range []byte(hrp) {
		polymod(c >> 5)
	}
	polymod(0)
	for _, c := range []byte(hrp) {
		polymod(c & 31)
	}
	for _, v := range five {
		polymod(v)
	}
	for range 6 {
		polymod(0)
	}
	check ^= 1
	for i := range 6 {
		five = append(five, byte(check>>(5*(5-i))&31))
	}
	var out strings.Builder
	out.WriteString(hrp + "1")
	for _, v := range five {
		out.WriteByte(charset[v])
	}
	return out.String()
}
