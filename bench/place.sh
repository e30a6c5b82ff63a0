#!/usr/bin/env bash
# A fresh database for a benchmark, in a folder of its own that is removed at the end; sourced by the scripts beside it. Wants
# `database` (sqlite or postgres) and `root`; sets `gongkai`, the release binary, and `work`, and stands in it. With postgres and without
# GONGKAI_TEST_POSTGRES_URL the calling script begins again on a throw-away server.

if [[ $database == postgres && -z ${GONGKAI_TEST_POSTGRES_URL-} ]]; then
    exec "$root/scripts/test" --with-postgres "$0" "$@"
fi

if [[ -n ${GONGKAI_BENCH_BINARY-} ]]; then
    gongkai=$(realpath "$GONGKAI_BENCH_BINARY")
    # The program would take it for a setting.
    unset GONGKAI_BENCH_BINARY
else
    cargo build --release --locked --manifest-path "$root/Cargo.toml" >&2
    gongkai=${CARGO_TARGET_DIR:-$root/target}/release/gongkai
fi

work=$(mktemp -d)
name=gongkai_bench_$$
server=
clean() {
    [[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    if [[ $database == postgres ]]; then
        psql -q "$GONGKAI_TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" || true
    fi
    rm -rf "$work"
}
trap clean EXIT

case $database in
sqlite) export GONGKAI_DATABASE_URL=sqlite://$work/gongkai.db ;;
postgres)
    psql -q "$GONGKAI_TEST_POSTGRES_URL" -c "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'"
    # The last part of the URL's path is the database.
    export GONGKAI_DATABASE_URL=${GONGKAI_TEST_POSTGRES_URL%/*}/$name
    ;;
*) usage >&2; exit 2 ;;
esac
export GONGKAI_DATA_DIR=$work/data GONGKAI_MASTER_KEY_FILE=$work/master.key
(umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$work/master.key")

cd "$work"
