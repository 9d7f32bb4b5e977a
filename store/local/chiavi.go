package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Three locks keep the processes of one folder apart; the kernel gives back those
// of a process that dies, however it dies.
//
//   - avvio is held by who looks whether a server runs, starts one or leaves one.
//   - uso is shared by all who use the server. Who gets it alone, the guardian, knows
//     that nobody does, and ends the server before letting it go.
//   - possesso is held by the guardian as long as it means to run the server: a
//     server that nobody guards is about to end, whatever its own files say.

func (k cartella) avvio() string    { return filepath.Join(k.dir, "postgres.lock") }
func (k cartella) uso() string      { return filepath.Join(k.dir, "postgres.users") }
func (k cartella) possesso() string { return filepath.Join(k.dir, "postgres.owner") }

// Whether a lock is for one alone or shared.
const (
	daSolo  = syscall.LOCK_EX
	insieme = syscall.LOCK_SH
)

// prova takes the lock on that file, nil where others are in the way. Closing the
// file gives it back.
func prova(percorso string, come int) (*os.File, error) {
	f, err := os.OpenFile(percorso, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	switch err := syscall.Flock(int(f.Fd()), come|syscall.LOCK_NB); {
	case err == nil:
		return f, nil
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return nil, f.Close()
	default:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", percorso, err), f.Close())
	}
}

// blocca waits until it has the lock.
func blocca(ctx context.Context, percorso string, come int) (*os.File, error) {
	for {
		f, err := prova(percorso, come)
		if f != nil || err != nil {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another process is starting or ending it: %w", ctx.Err())
		case <-time.After(passo):
		}
	}
}

// libera tells whether nobody has the lock in a way that would be in ours.
func libera(percorso string, come int) (bool, error) {
	f, err := prova(percorso, come)
	if f == nil {
		return false, err
	}
	return true, f.Close()
}

// posseduto tells whether a guardian means to run the server.
func (k cartella) posseduto() (bool, error) {
	f, err := libera(k.possesso(), daSolo)
	return !f && err == nil, err
}
