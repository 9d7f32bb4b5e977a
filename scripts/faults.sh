#!/bin/sh
# The invariants of RELIABILITY.md with their full number of trials; prints one line
# for each, and what failed. Takes the better part of an hour on two cores.
set -u
esito=0
uscita=$(mktemp)
trap 'rm -f "$uscita"' EXIT
for p in ./importer/sheet ./jobs ./cmd/scadenzario; do
	SCADENZARIO_PROVE=1 "${GO:-go}" test -count=1 -timeout 80m -v -run 'Invariant|Damage|Generated|Hostile|EndsEarly' "$p" >"$uscita" 2>&1 || esito=1
	grep -E 'invariant [0-9]+ \||damages|generated workbooks|^--- FAIL|^FAIL|^ok' "$uscita" | sed 's/^ *[a-z_]*_test.go:[0-9]*: //'
done
exit $esito
