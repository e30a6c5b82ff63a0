#!/usr/bin/env bash
# Whether the record of clean databases raises alarms: see `bench/clean.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/clean.sh [COUNT]

Makes COUNT databases (1000 when not said; every tenth on PostgreSQL), each with a history at random: agencies, departments, cases on
their way to a reply, refused sign-ins, new keys, checkpoints. Verifies each against its second place, and derives its rows again. Prints how
many alarms there were, which must be none, and the seed. The same test runs in the gate with 40.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
export GONGKAI_CLEAN_DATABASES=${1:-1000}
scripts/test --with-postgres cargo test --locked --test it -- --nocapture clean_databases_raise_no_alarm
