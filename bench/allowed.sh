#!/usr/bin/env bash
# What a case says is allowed is accepted, at every place on both databases: see `bench/allowed.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/allowed.sh

Asks every command of everybody at every place where a case can stand, on SQLite and on PostgreSQL. The same test runs in the gate,
on PostgreSQL at every third place.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
cd "$(dirname "$0")/.."
export GONGKAI_EVERY_PLACE=1
scripts/test --with-postgres cargo test --locked --test it -- --nocapture what_is_said_to_be_allowed
