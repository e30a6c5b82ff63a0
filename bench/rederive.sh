#!/usr/bin/env bash
# How long a change of the calendar takes over many open cases that all move: its preview, and its application.
# See `bench/rederive.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/rederive.sh [CASES] [sqlite|postgres]

Fills a fresh database with CASES open cases (100000 when not said) through `gongkai import-ledger`, all received in the
weeks before 3 September 2015, then imports the year 2015 as it was before 国发明电〔2015〕1号 gave 3 to 5 September off: every
case moves. Prints the seconds of the preview and of the application, the start of the program included, and checks with
`gongkai rebuild --check` that the queue is what the record makes of it. Builds the release binary first.

postgres: on the server of GONGKAI_TEST_POSTGRES_URL; without it, through `scripts/test --with-postgres`.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
cases=${1:-100000}
database=${2:-sqlite}
root=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=bench/place.sh
. "$root/bench/place.sh"
"$gongkai" agency create --code bench --name 某市人民政府 >/dev/null
{
    echo number,channel,received_on,registered_on,applicant_kind,applicant_name,description,department,outcome,replied_on,archived_on
    awk -v cases="$cases" 'BEGIN {
        for (n = 0; n < cases; n++) {
            day = sprintf("2015-08-%02d", 10 + n % 20)
            printf "B-%d,counter,%s,%s,natural_person,王示例,申请公开第%d号文件。,办公室,,,\n", n, day, day, n
        }
    }'
} >ledger.csv
"$gongkai" import-ledger ledger.csv --agency bench >/dev/null 2>&1
grep -E '^(date|2015)' "$root/law/cn/calendar.csv" | grep -vE '^2015-09-(03|04|06)' >2015.csv

# Runs a command and prints its seconds.
seconds() {
    local from to
    from=$(date +%s%N)
    "$@" >answer.json
    to=$(date +%s%N)
    awk -v ns=$((to - from)) 'BEGIN { printf "%.2f", ns / 1e9 }'
}

moved() {
    sed -n '/"moved"/,/}/s/.*"total": \([0-9]*\).*/\1/p' answer.json | tail -1
}

preview=$(seconds "$gongkai" calendar import 2015.csv --preview --json)
would=$(moved)
apply=$(seconds "$gongkai" calendar import 2015.csv --json)
did=$(moved)
printf '%s: %s open cases; preview %s s (%s would move), preview and application %s s (%s moved)\n' \
    "$database" "$cases" "$preview" "$would" "$apply" "$did"
"$gongkai" rebuild --check >&2
