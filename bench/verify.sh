#!/usr/bin/env bash
# How long the record takes to be verified, and how much memory: see `bench/verify.sh --help` and bench/README.md.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: bench/verify.sh [CASES] [sqlite|postgres]

Fills a fresh database with CASES answered cases (200000 when not said: five events each) through `gongkai import-ledger`, signs its
checkpoints, writes them to a second place, and verifies the record against it, no server running: seconds, events, the most memory.
Beside them, for comparison on the same machine, what SHA-256 of as many texts of 300 bytes takes in one thread. Builds the release
binary first.

postgres: on the server of GONGKAI_TEST_POSTGRES_URL; without it, through `scripts/test --with-postgres`.
HELP
}

case ${1-} in --help | -h) usage; exit ;; esac
cases=${1:-200000}
database=${2:-sqlite}
root=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=bench/place.sh
. "$root/bench/place.sh"
export GONGKAI_CHECKPOINT_DIR=$work/second
mkdir "$work/second"
"$gongkai" agency create --code bench --name 某市人民政府 >/dev/null
{
    echo number,channel,received_on,registered_on,applicant_kind,applicant_name,description,department,outcome,replied_on,archived_on
    awk -v cases="$cases" 'BEGIN {
        for (n = 0; n < cases; n++) {
            printf "V-%d,counter,2024-03-%02d,2024-03-%02d,natural_person,王示例,申请公开第%d号文件。,办公室,granted,2024-04-%02d,2024-05-06\n",
                n, 1 + n % 20, 1 + n % 20, n, 1 + n % 20
        }
    }'
} >ledger.csv
"$gongkai" import-ledger ledger.csv --agency bench >/dev/null 2>&1
"$gongkai" audit checkpoint >&2

python3 - "$gongkai" "$database" <<'PY'
import hashlib, json, resource, subprocess, sys, time

gongkai, database = sys.argv[1:]
begun = time.monotonic()
answer = subprocess.run([gongkai, "--json", "audit", "verify"], stdout=subprocess.PIPE, check=False).stdout
seconds = time.monotonic() - begun
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
told = json.loads(answer)
if not told["sound"]:
    sys.exit(json.dumps(told, ensure_ascii=False)[:2000])
events = sum(agency["report"]["events"] for agency in told["agencies"])
begun = time.monotonic()
for n in range(events):
    hashlib.sha256(b"%0300d" % n).digest()
hashing = time.monotonic() - begun
print(f"{database}: {events} events verified in {seconds:.2f} s, at most {memory:.0f} MiB; "
      f"SHA-256 of as many texts alone, in Python: {hashing:.2f} s ({seconds / max(hashing, 1e-9):.1f} times)")
PY
