// Command logcheck checks what a log hands out, with packages that have nothing to do with this project: the note and tlog packages
// of golang.org/x/mod, and the cosignatures of github.com/transparency-dev/formats.
//
//	logcheck -key VKEY [-witness VKEY]… note FILE        a checkpoint: prints who signed it, its size and its root
//	logcheck -key VKEY proof FILE DATA                   an inclusion proof of the leaf with this data (hexadecimal)
//	logcheck -key VKEY grown URL OLDFILE                 that the log at the address grew from an older checkpoint, from its tiles
package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type several []string

func (s *several) String() string     { return strings.Join(*s, " ") }
func (s *several) Set(v string) error { *s = append(*s, v); return nil }

func main() {
	key := flag.String("key", "", "the public key of the log")
	var witnesses several
	flag.Var(&witnesses, "witness", "the public key of a witness that must have cosigned")
	flag.Parse()
	if err := run(*key, witnesses, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(1)
	}
}

func run(key string, witnesses []string, args []string) error {
	if len(args) < 2 {
		return errors.New("say what to check: note, proof or grown")
	}
	switch {
	case args[0] == "note":
		return checkNote(key, witnesses, args[1])
	case args[0] == "proof" && len(args) == 3:
		return checkProof(key, args[1], args[2])
	case args[0] == "grown" && len(args) == 3:
		return checkGrown(key, args[1], args[2])
	}
	return errors.New("say what to check: note FILE, proof FILE DATA or grown URL OLDFILE")
}

// open checks the signatures of a checkpoint and reads the tree that it is of.
func open(key string, witnesses []string, content []byte) (*note.Note, tlog.Tree, error) {
	log, err := note.NewVerifier(key)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	known := []note.Verifier{log}
	for _, text := range witnesses {
		witness, err := f_note.NewVerifierForCosignatureV1(text)
		if err != nil {
			return nil, tlog.Tree{}, err
		}
		known = append(known, witness)
	}
	opened, err := note.Open(content, note.VerifierList(known...))
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	if len(opened.Sigs) != len(known) {
		return nil, tlog.Tree{}, fmt.Errorf("%d of %d known keys signed it", len(opened.Sigs), len(known))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != log.Name() {
		return nil, tlog.Tree{}, errors.New("it is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return opened, tlog.Tree{N: size, Hash: root}, err
}

func checkNote(key string, witnesses []string, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	opened, tree, err := open(key, witnesses, content)
	if err != nil {
		return err
	}
	for _, one := range opened.Sigs {
		fmt.Println("signed by", one.Name)
	}
	fmt.Println("size", tree.N)
	fmt.Println("root", tree.Hash)
	return nil
}

func checkProof(key, file, data string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	leaf, err := hex.DecodeString(data)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("it is no proof")
	}
	if strings.HasPrefix(lines[1], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof := tlog.RecordProof{}
	for _, line := range lines[2:] {
		one, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(one) != tlog.HashSize {
			return errors.New("a line is no hash")
		}
		proof = append(proof, tlog.Hash(one))
	}
	_, tree, err := open(key, nil, []byte(checkpoint))
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return err
	}
	fmt.Println("leaf", index, "is in the tree of", tree.N)
	return nil
}

func checkGrown(key, url, file string) error {
	before, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	_, old, err := open(key, nil, before)
	if err != nil {
		return err
	}
	now, err := get(url + "/checkpoint")
	if err != nil {
		return err
	}
	_, tree, err := open(key, nil, now)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, &tiles{url})
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	fmt.Println("the tree of", tree.N, "grew from that of", old.N)
	return nil
}

// tiles reads tiles by the paths of C2SP tlog-tiles; those of x/mod have the height in them.
type tiles struct{ url string }

func (t *tiles) Height() int { return 8 }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, 0, len(wanted))
	for _, tile := range wanted {
		content, err := get(t.url + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func get(url string) ([]byte, error) {
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 1<<20))
}
