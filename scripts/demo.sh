#!/bin/sh
# The main job, end to end, on the real plan: what `make demo` runs. Everything
# stays in var/; a second run finds its data there and doubles nothing.
set -eu
cd "$(dirname "$0")/.."

scadenzario() { bin/scadenzario --data var "$@"; }
passo() { printf '\n== %s\n' "$*"; }

passo "Who answers for what: testdata/moduli/anagrafica.xlsx"
scadenzario --ente "Unione dei Comuni Terre di Pianura" registry import testdata/moduli/anagrafica.xlsx

passo "The plan, as the eight offices keep it"
scadenzario import --date 2021-04-20 testdata/moduli/piano-2021/*.xlsx

passo "The Giunta approves it"
scadenzario plan approve --anno 2021 --atto "DGU 18/2021" --date 2021-04-27

passo "The same workbooks, handed in again at mid-year"
scadenzario import --date 2021-06-30 testdata/moduli/stato-2021-06-30/*.xlsx

passo "Late or overdue on 12 July 2021"
scadenzario check --date 2021-07-12

passo "Reminders of 12 July 2021"
scadenzario remind --date 2021-07-12

passo "The Segretario's digest of June 2021"
scadenzario digest --month 2021-06 --date 2021-07-12

passo "Delivery"
scadenzario send
ls var/posta/*.eml

cat <<'FINE'

== What to look at, what to try
  the files above                                         open them in a mail program
  bin/scadenzario read testdata/moduli/piano-2021/suap.xlsx    what a sheet says
  bin/scadenzario remind --date 2021-07-19 --dry-run      what another day would bring
  bin/scadenzario check --date 2021-12-31 --settore SUAP  any day, any settore
  bin/scadenzario serve                                   the daemon; drop a sheet into
                                                          var/inbox/<ente>/<settore>/
FINE
