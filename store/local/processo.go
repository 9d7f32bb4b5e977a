package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// processo is a server that we started.
type processo struct {
	cmd  *exec.Cmd
	fine chan struct{} // closed when it has ended
	err  error         // how; to be read after fine
}

// suFilo starts c on a thread that stays until c has ended: the kernel ends the
// child when the thread that started it dies, so that thread must not be one that
// the runtime may give up.
func suFilo(c *exec.Cmd) (*processo, error) {
	p := &processo{cmd: c, fine: make(chan struct{})}
	partito := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := c.Start(); err != nil {
			partito <- fmt.Errorf("start %s: %w", c.Path, err)
			return
		}
		partito <- nil
		p.err = c.Wait()
		close(p.fine)
	}()
	return p, <-partito
}

// unoSolo runs c to its end and returns what it said.
func unoSolo(c *exec.Cmd) ([]byte, error) {
	var detto bytes.Buffer
	c.Stdout, c.Stderr = &detto, &detto
	p, err := suFilo(c)
	if err != nil {
		return nil, err
	}
	<-p.fine
	return detto.Bytes(), p.err
}

// coda is the end of what a program said, on one line.
func coda(detto []byte) string {
	s := strings.Join(strings.Fields(string(detto)), " ")
	if len(s) > 600 {
		s = "… " + strings.ToValidUTF8(s[len(s)-600:], "")
	}
	return s
}

// ferma ends the server in order: connections are cut, everything is written.
func (p *processo) ferma() error {
	select {
	case <-p.fine:
		return nil // has ended by itself, which its clients have seen
	default:
	}
	for _, segnale := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := p.cmd.Process.Signal(segnale); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("signal the server: %w", err)
		}
		select {
		case <-p.fine:
			return nil
		case <-time.After(attesaArresto):
		}
	}
	return fmt.Errorf("the server (process %d) does not end", p.cmd.Process.Pid)
}

// massimoDiario is how long the server's log may grow before a start empties
// it.
const massimoDiario = 8 << 20

// diario opens the server's log, dir/postgres.log.
func (k cartella) diario() (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(k.dir, "postgres.log"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o640)
	if err != nil {
		return nil, fmt.Errorf("server log: %w", err)
	}
	i, err := f.Stat()
	if err == nil && i.Size() > massimoDiario {
		err = f.Truncate(0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("server log: %w", err), f.Close())
	}
	return f, nil
}

// lancia starts the server and waits until it takes connections.
func (k cartella) lancia(ctx context.Context, p programmi, socket string, o opzioni) (*processo, error) {
	diario, err := k.diario()
	if err != nil {
		return nil, err
	}
	argomenti := []string{"-D", k.dati(), "-p", porta, "-c", "listen_addresses=",
		"-c", "unix_socket_directories=" + socket, "-c", "unix_socket_permissions=0700",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "jit=off"}
	if o.senzaSync {
		argomenti = append(argomenti, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	inizio, err := diario.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("server log: %w", err), diario.Close())
	}
	// the server outlives ctx, which is about its start
	c := k.comando(context.WithoutCancel(ctx), syscall.SIGINT, p.percorso("postgres"), argomenti...)
	c.Stdout, c.Stderr = diario, diario
	server, err := suFilo(c)
	if err != nil {
		return nil, errors.Join(err, diario.Close())
	}
	if err := k.attendi(ctx, server); err != nil {
		detto, errLettura := io.ReadAll(io.NewSectionReader(diario, inizio, massimoDiario))
		return nil, errors.Join(fmt.Errorf("%w: %s%s", err, coda(detto), spazio(detto)), errLettura, server.ferma(), diario.Close())
	}
	return server, diario.Close() // the server has its own
}

// spazio says what to do where the server found no room; else "".
func spazio(detto []byte) string {
	if strings.Contains(string(detto), "No space left on device") {
		return "; make room on that disk, then try again: what was acknowledged before is safe"
	}
	return ""
}

// attendi waits until the server says that it is ready, ends, or ctx does.
func (k cartella) attendi(ctx context.Context, server *processo) error {
	for {
		s, err := k.leggiStato()
		if err != nil {
			return err
		}
		if s.pid == server.cmd.Process.Pid && s.pronto {
			return nil
		}
		select {
		case <-server.fine:
			return fmt.Errorf("the server did not start (%w)", server.err)
		case <-ctx.Done():
			return fmt.Errorf("the server did not start in time: %w", ctx.Err())
		case <-time.After(passo):
		}
	}
}

// statoServer is what a running server writes of itself into postmaster.pid.
type statoServer struct {
	pid    int    // 0 where the file is not there
	socket string // folder of its socket
	pronto bool   // takes connections
}

// risponde tells whether somebody is behind the socket: a server that was just
// killed is ready by its file, and has a process for a moment more.
func (s statoServer) risponde(ctx context.Context) bool {
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(s.socket, ".s.PGSQL."+porta))
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// leggiStato reads postmaster.pid: the process, the data folder, when it
// started, the port, the socket's folder, the address, the memory key, the state.
func (k cartella) leggiStato() (statoServer, error) {
	b, err := os.ReadFile(filepath.Join(k.dati(), "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return statoServer{}, nil
	}
	if err != nil {
		return statoServer{}, fmt.Errorf("state of the server: %w", err)
	}
	righe := append(strings.Split(string(b), "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(righe[0]))
	if err != nil {
		return statoServer{}, nil // being written
	}
	return statoServer{pid: pid, socket: strings.TrimSpace(righe[4]), pronto: strings.TrimSpace(righe[7]) == "ready"}, nil
}

// inFunzione returns the server that runs in the folder, waiting while it starts
// or stops; without a socket where none does, and no guardian is about to start one.
// A postmaster.pid left by a killed one does not count, and where its number now
// belongs to another program it is removed, because it would stop the server from
// starting.
func (k cartella) inFunzione(ctx context.Context) (statoServer, error) {
	ctx, cancel := context.WithTimeout(ctx, attesaArresto)
	defer cancel()
	for {
		posseduto, err := k.posseduto()
		if err != nil {
			return statoServer{}, err
		}
		s, err := k.leggiStato()
		vivo := s.pid != 0 && k.vivo(s.pid)
		switch {
		case err != nil || vivo && posseduto && s.pronto && s.risponde(ctx):
			return s, err
		case !vivo && !posseduto:
			return statoServer{}, nil
		case vivo && !posseduto && !k.nostro(s.pid):
			if err := os.Remove(filepath.Join(k.dati(), "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return statoServer{}, fmt.Errorf("remove a stale postmaster.pid: %w", err)
			}
			return statoServer{}, nil
		}
		select {
		case <-ctx.Done():
			return statoServer{}, fmt.Errorf("a server that nobody can use runs there (process %d): end it, or wait until it ends: %w", s.pid, ctx.Err())
		case <-time.After(passo):
		}
	}
}

// vivo tells whether there is such a process that has not ended.
func (k cartella) vivo(pid int) bool {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, dopo, _ := strings.Cut(string(b[bytes.LastIndexByte(b, ')')+1:]), " ")
	return !strings.HasPrefix(dopo, "Z")
}

// nostro tells whether the process is the server of this folder: it stands there,
// or was told to.
func (k cartella) nostro(pid int) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	if dove, err := os.Readlink(filepath.Join(proc, "cwd")); err == nil {
		return dove == k.dati()
	}
	// another user's, of whom we see the command alone; that of one who is just
	// ending is empty
	comando, err := os.ReadFile(filepath.Join(proc, "cmdline"))
	return err == nil && slices.Contains(strings.Split(string(comando), "\x00"), k.dati())
}
