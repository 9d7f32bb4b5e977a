package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// The server must outlive the command that started it, because others may have come
// to use it, and must not outlive the last of them, even one that was killed. So it
// is the child of a process of its own, the guardian: this same program, run again,
// which waits until it gets the lock uso alone. The server dies with the guardian.

// nomeGuardiano is how a guardian is called, in place of the program's name.
const nomeGuardiano = "scadenzario-guardian"

// nelGuardiano is set in the environment of a guardian: a program that does not call
// Guardiano would otherwise start itself again and again.
const nelGuardiano = "SCADENZARIO_GUARDIAN"

// Guardiano is called first thing in main by every program that calls Start, and in
// TestMain by every test that does. It returns at once, except in the process in
// which Start keeps the server: there it does not return.
func Guardiano() {
	if len(os.Args) != 2 || os.Args[0] != nomeGuardiano {
		return
	}
	os.Unsetenv(nelGuardiano) // the server need not know
	esito := os.NewFile(3, "outcome")
	syscall.CloseOnExec(3)
	if err := guarda(context.Background(), os.Args[1], esito); err != nil {
		fmt.Fprintln(esito, err) // who waits for it reads it; whoever does not wait any more need not know
		os.Exit(1)
	}
	os.Exit(0)
}

// compito is what a guardian is told.
type compito struct {
	Dir                 string
	Uid, Gid            *uint32 // who runs the server, where it is not we ourselves
	Alias               bool
	Bin, Socket         string
	SocketTolto, NoSync bool
}

// errOccupato is what a guardian says that finds another one: the one of a starter
// that was killed before its guardian had begun.
var errOccupato = errors.New("another guardian is starting the server")

// pronto is the line with which a guardian says that the server takes connections.
const pronto = "ready"

// guarda runs the server until nobody uses it any more, or until it ends by itself.
func guarda(ctx context.Context, testo string, esito *os.File) error {
	// what a terminal or an init system sends to all of us is for those who use the
	// server; it ends when they have
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	var c compito
	if err := json.Unmarshal([]byte(testo), &c); err != nil {
		return fmt.Errorf("task of the guardian: %w", err)
	}
	k := cartella{dir: c.Dir, alias: c.Alias}
	if c.Uid != nil {
		k.chi = &syscall.Credential{Uid: *c.Uid, Gid: *c.Gid}
	}
	possesso, err := prova(k.possesso(), daSolo)
	if err != nil {
		return err
	}
	if possesso == nil {
		return errOccupato
	}
	ctx, err = k.finoAllUltimo(ctx)
	if err != nil {
		return err
	}
	server, err := k.lancia(ctx, programmi{bin: c.Bin}, c.Socket, opzioni{senzaSync: c.NoSync})
	if err != nil {
		return err
	}
	// who does not listen any more has given its lock back
	_, _ = fmt.Fprintln(esito, pronto)
	_ = esito.Close()
	select {
	case <-server.fine: // its clients have seen it; the next start mends
		return nil
	case <-ctx.Done():
	}
	// first nobody is to join any more
	if err := errors.Join(possesso.Close(), server.ferma()); err != nil {
		return k.scriviDiario(err)
	}
	if c.SocketTolto {
		return k.scriviDiario(os.RemoveAll(c.Socket))
	}
	return nil
}

// finoAllUltimo returns a context that ends when nobody uses the server any more.
// From then on until this process ends nobody can: the lock is not given back.
func (k cartella) finoAllUltimo(ctx context.Context) (context.Context, error) {
	fd, err := syscall.Open(k.uso(), syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	ctx, finito := context.WithCancel(ctx)
	go func() {
		defer finito() // also where the lock cannot be had: better no server than one without end
		for errors.Is(syscall.Flock(fd, daSolo), syscall.EINTR) {
		}
	}()
	return ctx, nil
}

// scriviDiario leaves an error, where there is one, for whoever looks why the
// server did not end in order: nobody listens to the guardian any more.
func (k cartella) scriviDiario(err error) error {
	if err == nil {
		return nil
	}
	f, errFile := k.diario()
	if errFile != nil {
		return err
	}
	_, _ = fmt.Fprintln(f, "guardian:", err)
	return errors.Join(err, f.Close())
}

// affida starts a guardian and waits until its server takes connections.
func (k cartella) affida(ctx context.Context, p programmi, socket string, tolto bool, o opzioni) (*guardiano, error) {
	c := compito{Dir: k.dir, Alias: k.alias, Bin: p.bin, Socket: socket, SocketTolto: tolto, NoSync: o.senzaSync}
	if k.chi != nil {
		c.Uid, c.Gid = &k.chi.Uid, &k.chi.Gid
	}
	testo, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("task of the guardian: %w", err)
	}
	legge, scrive, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("guardian: %w", err)
	}
	g := &guardiano{fine: make(chan struct{})}
	g.cmd = &exec.Cmd{Path: "/proc/self/exe", Args: []string{nomeGuardiano, string(testo)}, Dir: k.dir,
		Env: append(os.Environ(), nelGuardiano+"=1"), ExtraFiles: []*os.File{scrive},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}} // away from our terminal
	if err := errors.Join(g.cmd.Start(), scrive.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("guardian: %w", err), legge.Close())
	}
	go func() {
		_ = g.cmd.Wait() // how it ended it has said
		close(g.fine)
	}()
	return g, g.ascolta(ctx, legge)
}

// guardiano is a guardian that we started.
type guardiano struct {
	cmd  *exec.Cmd
	fine chan struct{} // closed when it has ended
}

// ascolta waits for what the guardian says.
func (g *guardiano) ascolta(ctx context.Context, legge *os.File) error {
	detto := make(chan string, 1)
	go func() {
		defer legge.Close()
		riga, _ := bufio.NewReader(legge).ReadString('\n') // cut off: it was killed
		detto <- strings.TrimSpace(riga)
	}()
	select {
	case <-ctx.Done():
		return fmt.Errorf("the server did not start in time: %w", ctx.Err())
	case riga := <-detto:
		switch riga {
		case pronto:
			return nil
		case errOccupato.Error():
			return errOccupato
		case "":
			return errors.New("the server's guardian ended at once")
		}
		return errors.New(riga)
	}
}
