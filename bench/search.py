"""The two halves of bench/search.sh that are no shell: `ledger CASES` prints a ledger, `ask ADDRESS ROUNDS` searches and times.

Subjects and queries are read from the tests, so that what is timed is what is proved there.
"""

import csv
import datetime
import http.client
import json
import pathlib
import random
import re
import sys
import time
import urllib.parse

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests/it/search"
SEED = 20261122


def words(file, name):
    """A table of strings of a test's source."""
    source = (TESTS / file).read_text(encoding="utf-8")
    table = re.search(r"const %s: &\[&str\] = &\[(.*?)\n?\];" % name, source, re.S).group(1)
    table = re.sub(r"^\s*//.*$", "", table, flags=re.M)
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', table)
    if not found:
        sys.exit(f"no {name} in {file}")
    return found


def ledger(cases):
    """As `subject` of the tests makes them, in the same proportions."""
    places, matters, ends, signs, titles, rules = (
        words("corpus.rs", name) for name in ("PLACES", "MATTERS", "ENDS", "SIGNS", "TITLES", "RULES")
    )
    print(f"seed {SEED}", file=sys.stderr)
    dice = random.Random(SEED)

    def number():
        sign, year, n = dice.choice(signs), 2015 + dice.randrange(11), 1 + dice.randrange(180)
        ways = ("{}[{}]{}号", "{}（{}）{}号", "{}【{}】{}号", "{} 〔{}〕 {} 号", "{}〔{}〕{}号", "{}〔{}〕{}号", "{}〔{}〕{}号")
        return dice.choice(ways).format(sign, year, n)

    def subject():
        year, place = 2012 + dice.randrange(14), dice.choice(places)
        matter, end = dice.choice(matters), dice.choice(ends)
        return dice.choice((
            lambda: f"{year}年度{place}{matter}{end}",
            lambda: f"{place}{year}年{matter}（{number()}）{end}",
            lambda: f"{dice.choice(titles)}{dice.choice(rules)}》的通知，{place}{matter}",
            lambda: f"{number()}：{place}{matter}{end}",
            lambda: f"{place}——{matter}{end} ABC-{year}-{dice.randrange(3000):04}",
            lambda: f"{place}{matter}、{dice.choice(matters)}{end}",
            lambda: f"{place} {matter} {year}-{1 + dice.randrange(12):02} v{dice.randrange(4)}.{dice.randrange(10)}.3",
            lambda: f"「{place}」{matter}{end}",
        ))()

    header = "number,channel,received_on,registered_on,applicant_kind,applicant_name,description,department,outcome,replied_on,archived_on"
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(header.split(","))
    first = datetime.date(2020, 1, 2)
    for n in range(1, cases + 1):
        received = first + datetime.timedelta(days=n * 7919 % 1800)
        replied = received + datetime.timedelta(days=20) if n % 50 else ""
        outcome = "granted" if replied else ""
        out.writerow(
            [f"L-{n}", "registered_post", received, received, "natural_person", "示例甲", subject(), "办公室", outcome, replied, ""]
        )


class Caller:
    """One connection, signed in."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc)
        self.headers = {"Content-Type": "application/json"}
        credentials = {"username": "bench.clerk", "password": "a long enough passphrase 1"}
        answer = self.call("POST", "/api/v1/auth/login", json.dumps(credentials))
        self.headers["Authorization"] = "Bearer " + answer["access_token"]

    def call(self, method, path, body=None):
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def timed(self, path):
        begun = time.perf_counter()
        answer = self.call("GET", path)
        return (time.perf_counter() - begun) * 1000, len(answer["items"])


def at(times, percent):
    """The nearest rank."""
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)]


def ask(address, rounds):
    caller = Caller(address)
    queries = words("found.rs", "QUERIES")
    plain, searched, found = [], {query: [] for query in queries}, {}
    for round in range(rounds + 1):
        for query in queries:
            path = "/api/v1/cases?limit=50&q=" + urllib.parse.quote(query)
            took, found[query] = caller.timed(path)
            listed, _ = caller.timed("/api/v1/cases?limit=50")
            if round:  # the first round warms up
                searched[query].append(took)
                plain.append(listed)
    every = [took for times in searched.values() for took in times]
    line = "p50 {:.1f} ms, p95 {:.1f} ms, p99 {:.1f} ms, slowest {:.1f} ms"
    of = lambda times: line.format(at(times, 50), at(times, 95), at(times, 99), max(times))
    print(f"{len(queries)} queries, {rounds} rounds, {sum(1 for n in found.values() if n)} find something")
    print(f"  search           {of(every)}")
    print(f"  queue without it {of(plain)}; p99 of the search is {at(every, 99) / at(plain, 99):.1f} times its")
    for query, times in sorted(searched.items(), key=lambda item: -at(item[1], 50))[:8]:
        print(f"  {query}: median {at(times, 50):.1f} ms, {found[query]} on the first page")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ledger", cases]:
            ledger(int(cases))
        case ["ask", address, rounds]:
            ask(address, int(rounds))
        case _:
            sys.exit(__doc__)
