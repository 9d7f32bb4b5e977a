#!/bin/sh
# Runs the Go benchmarks and prints them as one table: time, and the ratio to the
# benchmark named Excelize of the same input in the same run (merely opening the
# workbook and visiting its cells). Below it what issue 3 asks for, beside what is.
# Where Debian's python3-openpyxl and python3-psycopg2 are installed, bench/import.py
# runs beside our import.
set -eu
cd "$(dirname "$0")/.."
# Process has a run of its own: a child counts as its memory what its parent held.
{
	go test -p 1 -run '^$' -bench '^BenchmarkProcess$' -benchtime "${BENCHTIME:-2s}" -timeout 30m ./importer
	go test -p 1 -run '^$' -bench . -skip '^BenchmarkProcess$' -benchtime "${BENCHTIME:-2s}" -timeout 30m ./importer/sheet ./importer ./store ./jobs ./cmd/scadenzario
} | awk '
/^goos|^goarch|^cpu/ { if (!seen[$0]++) print; next }
/^FAIL|^--- FAIL|panic/ { print; failed = 1 }
/^Benchmark/ {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	n++; names[n] = name
	for (i = 3; i < NF; i += 2) {
		value[name, $(i + 1)] = $i
		if ($(i + 1) != "ns/op") extra[name] = extra[name] sprintf("  %s %s", $i, $(i + 1))
	}
}
function goal(what, top, bottom, unit, wanted) {
	if (!((top, unit) in value) || !((bottom, unit) in value)) { printf "%-60s %9s %9.3g\n", what, "-", wanted; return }
	printf "%-60s %9.3f %9.3g\n", what, value[top, unit] / value[bottom, unit], wanted
}
END {
	printf "\n%-36s %12s %10s\n", "what", "ms", "ratio"
	for (i = 1; i <= n; i++) {
		name = names[i]; split(name, part, "/"); base = "Excelize/" part[2]
		ratio = ((base, "ns/op") in value) && name != base ? sprintf("%.2f", value[name, "ns/op"] / value[base, "ns/op"]) : ""
		printf "%-36s %12.2f %10s%s\n", name, value[name, "ns/op"] / 1e6, ratio, extra[name]
	}
	printf "\n%-60s %9s %9s\n", "ratio", "is", "at most"
	goal("the cells of the 16 cards / GetRows", "Apri/8", "Excelize/8", "ns/op", 0.1)
	goal("read of the 16 cards, findings included / GetRows", "Read/8", "Excelize/8", "ns/op", 0.25)
	goal("import of the 16 cards, committed / GetRows", "Import/8", "Excelize/8", "ns/op", 0.6)
	goal("read of 500 cards / GetRows", "Read/500", "Excelize/500", "ns/op", 0.2)
	goal("our processor time / that of bench/import.py, 16 cards", "Import/8", "Python/8", "cpu-ms/op", 0.025)
	goal("our processor time / that of bench/import.py, 500 cards", "Import/500", "Python/500", "cpu-ms/op", 0.025)
	if (("Process/500", "MB-process") in value) printf "%-60s %9.1f %9.3g\n", "MB of the process that reads 500 cards", value["Process/500", "MB-process"], 60
	for (i = 1; i <= 3; i++) {
		cards = i == 1 ? 16 : i == 2 ? 500 : 5000; name = "Process/" cards
		if ((name, "MB-process") in value)
			printf "%-60s %9.2f\n", "ms of processor time a card, the process started, of " cards, value[name, "cpu-ms/op"] / cards
	}
	exit failed
}'
