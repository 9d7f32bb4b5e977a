#!/bin/sh
# Runs the Go benchmarks and prints them as one table: time, and the ratio to the
# benchmark named Excelize of the same input in the same run (merely opening the
# workbook and visiting its cells).
set -eu
cd "$(dirname "$0")/.."
go test -run '^$' -bench . -benchtime "${BENCHTIME:-2s}" -timeout 30m ./importer ./jobs ./cmd/scadenzario | awk '
/^goos|^goarch|^cpu/ { print; next }
/^FAIL|^---|panic/ { print; failed = 1 }
/^Benchmark/ {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	n++; names[n] = name
	for (i = 3; i < NF; i += 2) if ($(i + 1) == "ns/op") ns[name] = $i; else extra[name] = extra[name] sprintf("  %s %s", $i, $(i + 1))
}
END {
	printf "\n%-36s %12s %10s\n", "what", "ms", "ratio"
	for (i = 1; i <= n; i++) {
		name = names[i]; split(name, part, "/"); base = "Excelize/" part[2]
		ratio = (base in ns) && name != base ? sprintf("%.2f", ns[name] / ns[base]) : ""
		printf "%-36s %12.2f %10s%s\n", name, ns[name] / 1e6, ratio, extra[name]
	}
	exit failed
}'
