#!/usr/bin/env bash
# How quickly a clerk's search answers over many cases. See `bench/search.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/search.sh [CASES] [sqlite|postgres] [ROUNDS]

Fills a fresh database with CASES cases (100000 when not said) whose subjects are made up as those of the search tests are
(tests/it/search/corpus.rs), serves it, and asks over HTTP, one caller after the other, for the first page of every query of the
tests (tests/it/search/found.rs), ROUNDS times (20 when not said). Prints the percentiles of all answers, the slowest queries, and beside
them the same percentiles of the queue without a query, measured in turn with it. Builds the release binary first.

postgres: on the server of GONGKAI_TEST_POSTGRES_URL; without it, through `scripts/test --with-postgres`.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
cases=${1:-100000}
database=${2:-sqlite}
rounds=${3:-20}
root=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=bench/place.sh
. "$root/bench/place.sh"
"$gongkai" agency create --code bench --name 某市人民政府 >/dev/null
echo 'a long enough passphrase 1' |
    "$gongkai" account create --username bench.clerk --agency bench --role clerk --password-stdin >/dev/null
python3 "$root/bench/search.py" ledger "$cases" >ledger.csv
"$gongkai" import-ledger ledger.csv --agency bench >/dev/null 2>&1
[[ $database == sqlite ]] || psql -q "$GONGKAI_DATABASE_URL" -c 'VACUUM ANALYZE'

GONGKAI_LISTEN=127.0.0.1:0 "$gongkai" serve >serve.log 2>&1 &
server=$!
for _ in $(seq 100); do
    address=$(grep -o 'http://127\.0\.0\.1:[0-9]*' serve.log | head -1) && break
    sleep 0.1
done
printf '%s, %s cases: ' "$database" "$cases"
python3 "$root/bench/search.py" ask "$address" "$rounds"
