package casefile

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"

	"forbear/casefile/internal/kdf"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	return must[[]byte](t)(hex.DecodeString(s))
}

// draft-irtf-cfrg-xchacha-01, appendix A.3.1.
func TestKeys_xchachaKnownAnswer(t *testing.T) {
	key := unhex(t, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
	nonce := unhex(t, "404142434445464748494a4b4c4d4e4f5051525354555657")
	ad := unhex(t, "50515253c0c1c2c3c4c5c6c7")
	plain := []byte("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.")
	want := unhex(t, "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49")
	a, err := chacha20poly1305.NewX(key)
	check(t, err)
	if got := a.Seal(nil, nonce, plain, ad); !bytes.Equal(got, want) {
		t.Errorf("sealed %x", got)
	}
	got, err := openBytes(key, append(nonce, want...), ad)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opened %q, %v", got, err)
	}
}

// RFC 5869, appendix A.1; the first 32 bytes of its 42.
func TestKeys_hkdfKnownAnswer(t *testing.T) {
	got := derive(bytes.Repeat([]byte{0x0b}, 22), unhex(t, "000102030405060708090a0b0c"), string(unhex(t, "f0f1f2f3f4f5f6f7f8f9")))
	if want := "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"; hex.EncodeToString(got) != want {
		t.Errorf("got %x", got)
	}
}

// BIP 173, valid checksums, in lower case.
func TestKeys_bech32KnownAnswers(t *testing.T) {
	for hrp, want := range map[string]string{"a": "a12uel5l", "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio": "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs"} {
		if got := bech32(hrp, nil); got != want {
			t.Errorf("got %s", got)
		}
	}
	// With data: what age writes of an identity it read from us is what we wrote.
	for n := range 20 {
		text := strings.ToUpper(bech32("age-secret-key-pq-", bytes.Repeat([]byte{byte(n * 13)}, 32)))
		id, err := age.ParseHybridIdentity(text)
		if err != nil || id.String() != text {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The same seed gives the same keys for ever.
func TestKeys_seedIsStable(t *testing.T) {
	packet := bytes.Repeat([]byte{1}, 32)
	k := must[*personKeys](t)(newPersonKeys(bytes.Repeat([]byte{7}, 32), packet))
	sum := func(s string) string { return hex.EncodeToString(mac(nil, []byte(s)))[:16] }
	for name, got := range map[string]string{
		"age recipient " + sum(k.identity.Recipient().String()):  "age recipient 77694542d150fe13",
		"index key " + hex.EncodeToString(k.index)[:16]:          "index key 73e9b9290aa5ce97",
		"signing key " + hex.EncodeToString(k.signing[32:])[:16]: "signing key 7f9810893465ba09",
	} {
		if name != got {
			t.Errorf("%s, want %s", name, got)
		}
	}
}

// Every field that a ciphertext is bound to changes it.
func TestKeys_associatedData(t *testing.T) {
	k := newCaseKeys(bytes.Repeat([]byte{1}, 16), 1, make([]byte, 32), make([]byte, 32))
	sealed := sealBytes(k.values, []byte("x"), k.associated("purpose", []byte("ab"), []byte("c")))
	other := newCaseKeys(bytes.Repeat([]byte{2}, 16), 1, make([]byte, 32), make([]byte, 32))
	epoch := newCaseKeys(bytes.Repeat([]byte{1}, 16), 2, make([]byte, 32), make([]byte, 32))
	for name, ad := range map[string][]byte{
		"purpose": k.associated("other", []byte("ab"), []byte("c")),
		"border":  k.associated("purpose", []byte("a"), []byte("bc")),
		"case":    other.associated("purpose", []byte("ab"), []byte("c")),
		"epoch":   epoch.associated("purpose", []byte("ab"), []byte("c")),
	} {
		if _, err := openBytes(k.values, sealed, ad); err == nil {
			t.Errorf("%s does not count", name)
		}
	}
	for name, pair := range map[string][2][]byte{
		"case": {k.values, other.values}, "epoch": {k.values, epoch.values}, "label": {k.values, k.names},
	} {
		if bytes.Equal(pair[0], pair[1]) {
			t.Errorf("%s does not change the key", name)
		}
	}
	if _, err := openBytes(k.values, sealed, k.associated("purpose", []byte("ab"), []byte("c"))); err != nil {
		t.Error(err)
	}
}

// Deriving a key leaves the passphrase as it is: it may have to be tried on
// another slot.
func TestKeys_passphraseIsLeftAlone(t *testing.T) {
	for _, want := range []string{phrase, "caf\u00e9 canci\u00f3n", "cafe\u0301 cancio\u0301n"} {
		passphrase := []byte(want)
		kdf.Key(passphrase, make([]byte, kdf.SaltSize), kdf.New())
		if string(passphrase) != want {
			t.Errorf("%q was overwritten", want)
		}
	}
}
