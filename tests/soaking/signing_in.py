"""python -m soaking.signing_in [--attempts 2000] [--at-once 64]

A crowd at the door: many wrong sign-ins from many networks, most of them with the name of one victim, while others read
pages, and people with the right passphrase want to come in. One line of JSON.
"""

import argparse
import json
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

django.setup()

from conftest import PASSPHRASE  # noqa: E402
from soaking.house import built  # noqa: E402  Django must be set up first
from soaking.served import BUSY, FOUND, OK, Answer, Served, Watch, serving, tell  # noqa: E402

ADDRESS = "/account/login/"
WRONG = "none of these six plain words"
VICTIM, OTHERS = "cass", ("dee", "bo", "max", "mia")
LONGEST_WAIT = 120.0
MOST_MEGABYTES = 400


def main() -> None:
    """Build, serve, try, and say what happened."""
    options = _options()
    house = built()
    with serving() as served:
        reader = Reader(served, f"sid={house.cast.sign_in(house.person('dee')).cookies['sid'].value}")
        watch = Watch(served)
        watch.start()
        reader.start()
        found = _crowd(served, options.attempts, options.at_once)
        reader.over.set()
        reader.join()
        after = _come_in(served, VICTIM, "192.0.2.7")
        told = {**found, **reader.told(), "victim_afterwards": after is not None, "megabytes": round(watch.most)}
        told["faults"] = list(_faults(told))
        watch.over.set()
    sys.stdout.write(json.dumps(told) + "\n")


class Reader(threading.Thread):
    """Somebody who is signed in and reads, and somebody who is not, all the while."""

    def __init__(self, served: Served, cookie: str) -> None:
        super().__init__(daemon=True)
        self.served, self.cookie, self.over = served, cookie, threading.Event()
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        """Until it is over."""
        while not self.over.wait(0.1):
            for path, cookie in (("/about/", ""), ("/", self.cookie)):
                start = time.monotonic()
                self.statuses[self.served.ask("GET", path, network="198.51.100.4", cookie=cookie).status] += 1
                self.seconds.append(time.monotonic() - start)

    def told(self) -> dict[str, Any]:
        """How long pages took, and how many were not shown."""
        ordered = sorted(self.seconds)
        return {
            "pages": len(ordered),
            "pages_not_shown": sum(count for status, count in self.statuses.items() if status != OK),
            "page_median_ms": round(statistics.median(ordered) * 1000),
            "page_p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000),
            "page_longest_ms": round(ordered[-1] * 1000),
        }


def _crowd(served: Served, attempts: int, at_once: int) -> dict[str, Any]:
    """All attempts, so many at once; in between the victim and others with the right words."""
    answers: Counter[str] = Counter()
    done = threading.Lock()

    def attempt(number: int) -> None:
        answer = served.ask("POST", ADDRESS, network=_network(), **_typed(number))
        with done:
            answers[_named(answer)] += 1
            if sum(answers.values()) % 250 == 0:
                tell(f"{sum(answers.values())} attempts: {dict(answers)}")

    start = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool, ThreadPoolExecutor(8) as people:
        wanted = [people.submit(_come_in, served, who, f"203.0.113.{at}") for at, who in enumerate((VICTIM, *OTHERS))]
        list(pool.map(attempt, range(attempts)))
        seconds = time.monotonic() - start
        came = [one.result() for one in wanted]
    waits = [wait for wait in came if wait is not None]
    return {
        "attempts": attempts,
        "at_once": at_once,
        "seconds": round(seconds, 1),
        "answers": dict(answers),
        "right_ones": len(came),
        "right_ones_in": len(waits),
        "longest_wait_s": round(max(waits, default=0), 1),
    }


def _faults(told: dict[str, Any]) -> Iterator[str]:
    """What must not be."""
    strange = {said: count for said, count in told["answers"].items() if said not in {"refused", "later"}}
    if strange:
        yield f"wrong sign-ins were answered {strange}"
    if told["right_ones_in"] < told["right_ones"] or not told["victim_afterwards"]:
        yield "somebody with the right passphrase was kept out"
    if told["pages_not_shown"]:
        yield f"{told['pages_not_shown']} pages were not shown"
    if told["megabytes"] >= MOST_MEGABYTES:
        yield f"{told['megabytes']} MB of memory"


def _typed(number: int) -> dict[str, str]:
    """Half of them the victim's name, a quarter of another account, a quarter a name that nobody has."""
    name = VICTIM if number % 2 else OTHERS[number // 4 % len(OTHERS)] if number % 4 else f"nobody {number}"
    return {"login": name, "password": WRONG}


def _network() -> str:
    """Another network each time."""
    return ".".join(str(random.randrange(1, 255)) for _part in range(4))  # noqa: S311  no secret


def _named(answer: Answer) -> str:
    known = {OK: "refused", BUSY: "later", FOUND: "in", 0: "none"}
    said = known.get(answer.status, str(answer.status))
    return "later, not when" if answer.status == BUSY and not answer.retry_after else said


def _come_in(served: Served, who: str, network: str) -> float | None:
    """Sign in with the right words, trying again as long as asked to; seconds until it worked, or None."""
    start = time.monotonic()
    while time.monotonic() - start < LONGEST_WAIT:
        answer = served.ask("POST", ADDRESS, network=network, login=who, password=PASSPHRASE)
        if answer.status == FOUND and answer.cookie:
            return time.monotonic() - start
        if answer.status != BUSY:
            tell(f"{who} was answered {answer.status}")
            return None
        time.sleep(answer.retry_after + random.random())  # noqa: S311  no secret
    return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=64)
    return parser.parse_args()


if __name__ == "__main__":
    main()
