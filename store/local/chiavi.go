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

// Two locks keep the processes of one folder apart; the kernel gives back those
// of a process that dies. avvio is held by who looks whether a server runs and
// starts one. possesso is held by the owner of the server as long as it means to
// run it: a server that nobody owns is about to end, whatever its own files say.

func (k cartella) avvio() string    { return filepath.Join(k.dir, "postgres.lock") }
func (k cartella) possesso() string { return filepath.Join(k.dir, "postgres.owner") }

// prova takes the lock on that file, nil where another one has it. Closing the
// file gives it back.
func prova(percorso string) (*os.File, error) {
	f, err := os.OpenFile(percorso, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return f, nil
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return nil, f.Close()
	default:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", percorso, err), f.Close())
	}
}

// blocca waits until it has the lock.
func blocca(ctx context.Context, percorso string) (*os.File, error) {
	for {
		f, err := prova(percorso)
		if f != nil || err != nil {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another process is starting it: %w", ctx.Err())
		case <-time.After(passo):
		}
	}
}

// posseduto tells whether a process of ours means to run the server.
func (k cartella) posseduto() (bool, error) {
	f, err := prova(k.possesso())
	if f == nil {
		return err == nil, err
	}
	return false, f.Close()
}
