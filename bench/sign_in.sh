#!/usr/bin/env bash
# Whether the time of a refused sign-in tells which names exist. See `bench/sign_in.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/sign_in.sh [ROUNDS] [sqlite|postgres]

Serves a fresh database with one account and asks for ROUNDS (1000 when not said) pairs of refused sign-ins, one of a name that exists
and one of a name that does not. Prints the medians, how far they are apart, and the p of a Mann-Whitney test. The account rests
for most of them, as one under attack does; the first five are counted. Builds the release binary first; GONGKAI_BENCH_BINARY names
another one (of a debug build, which hashes with an optimised argon2 too).

postgres: on the server of GONGKAI_TEST_POSTGRES_URL; without it, through `scripts/test --with-postgres`.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
rounds=${1:-1000}
database=${2:-sqlite}
root=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=bench/place.sh
. "$root/bench/place.sh"
"$gongkai" agency create --code bench --name 某市人民政府 >/dev/null
echo 'a long enough passphrase 1' |
    "$gongkai" account create --username bench.clerk --agency bench --role clerk --password-stdin >/dev/null
# The limits stand before the hash, and would end the measuring.
GONGKAI_LISTEN=127.0.0.1:0 GONGKAI_SIGN_IN_RATE=60000 GONGKAI_SIGN_IN_NAME_RATE=60000 "$gongkai" serve >serve.log 2>&1 &
server=$!
for _ in $(seq 100); do
    address=$(grep -o 'http://127\.0\.0\.1:[0-9]*' serve.log | head -1) && break
    sleep 0.1
done
printf '%s: ' "$database"
python3 "$root/bench/sign_in.py" "$address" bench.clerk "$rounds"
