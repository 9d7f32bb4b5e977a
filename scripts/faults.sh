#!/bin/sh
# Tries what must hold as often as the proof asks and prints a line for each
# promise: the trials, the failures, and what 0 failures in that many trials say
# about the rate (3/n, 95 % sure). Without SCADENZARIO_PROVE the same tests try a few
# times: that is their form in make check.
set -eu
cd "$(dirname "$0")/.."
SCADENZARIO_PROVE=1
export SCADENZARIO_PROVE
go test -p 1 -count=1 -timeout 3h -v -run 'Invariant|ComingsAndGoings|Damage|Generated|EndsEarly|Hostile' ./... | awk '
/ trials \| [0-9]+ failures$/ {
	line = $0; sub(/^[^:]*:[0-9]+: /, "", line)
	split(line, part, / \| /)
	sub(/^invariant /, "", part[1]); trials = part[3] + 0; failures = part[4] + 0
	bound = failures == 0 && trials > 0 ? sprintf("%.2g", 3 / trials) : "-"
	printf "%-18s %-76s %7d trials %5d failures   rate below %s\n", part[1], part[2], trials, failures, bound
	n++; next
}
/^--- (FAIL|SKIP)|^panic|^FAIL/ { print; if (!/SKIP/) failed = 1; next }
/_test\.go:[0-9]+: / && shown < 40 { print; shown++ }
END { if (!n) print "nothing was tried"; exit failed || !n }'
