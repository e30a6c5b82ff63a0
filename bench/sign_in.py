"""Whether the time of a refused sign-in tells which names exist (reliability T25). See bench/README.md.

Asks ADDRESS for ROUNDS pairs of refused sign-ins, in random order: one of a name that exists, one of a name that does not. Prints both
medians, how far they are apart, and the p of a Mann-Whitney test (normal approximation, ties given middle ranks).
Usage: sign_in.py ADDRESS USERNAME ROUNDS
"""

import json
import math
import random
import statistics
import sys
import time
import urllib.error
import urllib.request


def refused(address, username):
    """Seconds until the refusal."""
    body = json.dumps({"username": username, "password": "Not-The-Password-%d" % random.getrandbits(64)}).encode()
    request = urllib.request.Request(address + "/api/v1/auth/login", body, {"Content-Type": "application/json"})
    start = time.perf_counter()
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as answer:
        told = json.loads(answer.read())["code"]
        assert (answer.code, told) == (401, "login_failed"), (answer.code, told)
        return time.perf_counter() - start
    raise AssertionError("it was not refused")


def p_value(left, right):
    """Two-sided, of the hypothesis that neither is longer."""
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    rank_sum = sum(rank for rank, (_, side) in enumerate(ranked, 1) if side == 0)
    n, m = len(left), len(right)
    u = rank_sum - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def main():
    address, username, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    known, unknown = [], []
    for _ in range(rounds):
        sides = [(known, username), (unknown, username + "-nobody")]
        random.shuffle(sides)
        for times, name in sides:
            times.append(refused(address, name))
    a, b = statistics.median(known), statistics.median(unknown)
    print(
        "known %.2f ms, unknown %.2f ms, apart %.2f %%, p %.3f (%d each)"
        % (a * 1e3, b * 1e3, abs(a - b) / max(a, b) * 100, p_value(known, unknown), rounds)
    )


main()
