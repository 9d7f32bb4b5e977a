package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The daemon from its start until /healthz is green, on an empty data folder
// (initdb and migrations) and on one that is there; with the memory of the idle
// daemon and of its private cluster.
func BenchmarkServe(b *testing.B) {
	binario := compila(b)
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			d := avvia(b, binario, cartellaDati(b))
			d.salute(b)
			b.StopTimer()
			d.ferma(b)
			b.StartTimer()
		}
	})
	b.Run("warm", func(b *testing.B) {
		data := cartellaDati(b)
		avvia(b, binario, data).ferma(b)
		var demone, cluster float64
		for b.Loop() {
			d := avvia(b, binario, data)
			d.salute(b)
			b.StopTimer()
			demone, cluster = memoria(b, d.processo.Process.Pid)
			d.ferma(b)
			b.StartTimer()
		}
		b.ReportMetric(demone, "MB-daemon")
		b.ReportMetric(cluster, "MB-cluster")
	})
}

// memoria returns the proportional memory (Pss) in MB of a process and of its
// descendants.
func memoria(b *testing.B, pid int) (suo, figli float64) {
	b.Helper()
	stati, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	padri := map[int]int{}
	for _, s := range stati {
		testo, err := os.ReadFile(s)
		if err != nil {
			continue // it ended in the meantime
		}
		var figlio, padre int
		_, dopo, _ := strings.Cut(string(testo), ") ")
		if _, err := fmt.Sscanf(dopo, "%s %d", new(string), &padre); err == nil {
			figlio, _ = strconv.Atoi(filepath.Base(filepath.Dir(s)))
			padri[figlio] = padre
		}
	}
	for p := range padri {
		for q := p; q > 1; q = padri[q] {
			if q == pid && p != pid {
				figli += pss(p)
			}
		}
	}
	return pss(pid), figli
}

// pss reads the proportional set size of a process, 0 where it is gone.
func pss(pid int) float64 {
	testo, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	for riga := range strings.Lines(string(testo)) {
		if campi := strings.Fields(riga); len(campi) > 1 && campi[0] == "Pss:" {
			kb, err := strconv.ParseFloat(campi[1], 64)
			if err == nil {
				return kb / 1024
			}
		}
	}
	return 0
}
