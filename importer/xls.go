package importer

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// tempoConversione is how long LibreOffice may take over one workbook; it needs one
// or two seconds for an office's.
const tempoConversione = 60 * time.Second

// errSenzaLibreOffice says that this machine cannot convert an old .xls.
var errSenzaLibreOffice = errors.New("no LibreOffice on this machine")

// daXLS has LibreOffice turn an old .xls into an .xlsx, which then goes the way of
// every other: what LibreOffice wrote is not trusted either. Its error is for the
// finding, not for the log, but for a broken machine, which looks the same.
func daXLS(contenuto []byte) (xlsx []byte, err error) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSenzaLibreOffice, err)
	}
	dir, err := os.MkdirTemp("", "scadenzario-xls-")
	if err != nil {
		return nil, fmt.Errorf("convert an .xls: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	entra := filepath.Join(dir, "cartella.xls")
	if err := os.WriteFile(entra, contenuto, 0o600); err != nil {
		return nil, fmt.Errorf("convert an .xls: %w", err)
	}
	if err := converti(soffice, dir, entra, tempoConversione); err != nil {
		return nil, err
	}
	xlsx, err = os.ReadFile(filepath.Join(dir, "cartella.xlsx"))
	if err != nil { // LibreOffice ends well even when it could not read the file and wrote nothing
		return nil, fmt.Errorf("convert an .xls: %w", err)
	}
	return xlsx, nil
}

// limiti starts a program within 1 GB of memory, a minute of processor and files of
// 64 MB, which its children share: also when this process dies, nothing that it
// started runs for ever.
const limiti = `ulimit -d 1000000 && ulimit -t 60 && ulimit -f 131072 && exec "$0" "$@"`

// converti runs LibreOffice on one file, into dir, with a profile and a home of its
// own there: it keeps to itself, and two at a time do not meet. After entro the whole
// group of its processes is killed.
func converti(soffice, dir, entra string, entro time.Duration) error {
	c := exec.Command("/bin/sh", "-c", limiti, soffice, "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profilo")),
		"--headless", "--norestore", "--nolockcheck", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", dir, entra)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8"}
	c.Dir = dir
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		return fmt.Errorf("convert an .xls: %w", err)
	}
	sveglia := time.AfterFunc(entro, func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // it has just ended by itself, or it ends now
	})
	err := c.Wait()
	if !sveglia.Stop() {
		return fmt.Errorf("convert an .xls: not done within %s", entro)
	}
	if err != nil {
		return fmt.Errorf("convert an .xls: %w", err)
	}
	return nil
}
