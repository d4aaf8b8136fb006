"""A load of writes over HTTP that keeps account: what was answered must be there, what was not may be or not."""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

from faults.house import House

from soaking.served import FOUND, OK, Answer, Served
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.meetings.models import Answer as Said
from wayhouse.people.models import Invitation, Person, RosterEntry

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = {"role": "member", "languages": "en", "slots": "tue-evening", "mode": "either", "travel": "district",
         "kinds": "mixed", "version": "-1", "meetings_a_week": "1"}  # fmt: skip


class Register:
    """One value that one writer changes again and again."""

    def __init__(self, value: Any, read: Callable[[], Any]) -> None:
        self.answered, self.read = value, read
        # Sent since, and answered by nobody: cut off before or after it was written down.
        self.unsure: set[Any] = set()

    def fault(self) -> str:
        """What is wrong with what lies there now, or nothing; what lies there is answered from now on."""
        found = self.read()
        wrong = "" if found in {self.answered, *self.unsure} else f"{found!r} instead of {self.answered!r}"
        self.answered, self.unsure = found, set()
        return wrong


class Load:
    """Writers, each with a browser of their own, and what they were told."""

    def __init__(self, house: House, served: Served) -> None:
        self.house, self.served = house, served
        self.statuses: Counter[int] = Counter()
        self.numbers = itertools.count()
        self.sent, self.entered = set[str](), dict[str, str]()
        self.invited, self.unsure = set[str](), set[str]()
        group, evening = house.group, house.evening()
        self.paths = {"name": f"/groups/{group.pk}/name/", "answer": f"/evenings/{evening.pk}/answer/"}
        self.cookies = {
            who: f"sid={house.cast.sign_in(house.person(who)).cookies['sid'].value}" for who in house.people
        }
        cass, dee = house.people["cass"], house.people["dee"]
        answers = Said.objects.filter(meeting=evening, person=cass)
        self.registers = {
            "name": Register("Kestrel", self._group_name),
            "answer": Register(None, lambda: answers.values_list("coming", flat=True).first()),
            "language": Register("en", lambda: Person.objects.get(pk=dee.pk).language),
        }

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """While this lasts everybody writes as fast as they are answered."""
        over = threading.Event()
        works = [self._enter, self._enter, self._invite, self._rename, self._answer, self._choose]

        def write(work: Callable[[], None]) -> None:
            while not over.is_set():
                before = self.statuses[0]
                work()
                if self.statuses[0] > before:
                    over.wait(0.1)

        threads = [threading.Thread(target=write, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    @property
    def answered(self) -> int:
        """How many writes were answered with yes."""
        return self.statuses[FOUND] + self.statuses[OK]

    def faults(self) -> list[str]:
        """What was answered and is not there, and what is there and was never sent."""
        with self.house.acting():
            rows = list(RosterEntry.objects.select_related("item").filter(person__programme=self.house.ana.programme))
            open_all(rows)
            present = {row.name for row in rows if row.name.startswith("Fox ")}
            found = [f"{register}: {words}" for register, one in self.registers.items() if (words := one.fault())]
        lost, strange = self.entered.keys() - present, present - self.sent
        open_ones = Invitation.objects.open().filter(person__in=[UUID(pk) for pk in self.invited])
        uninvited = self.invited - {str(pk) for pk in open_ones.values_list("person_id", flat=True)}
        found += [f"{len(lost)} people are lost"] * bool(lost) + [f"{len(strange)} people nobody entered"] * bool(
            strange
        )
        return found + [f"{len(uninvited)} invitations are lost"] * bool(uninvited)

    def _enter(self) -> None:
        name = f"Fox {_letters(next(self.numbers))}"
        self.sent.add(name)
        answer = self._post("ana", "/people/new/", **WORDS, name=name, key=str(uuid4()))
        if answer.status == FOUND and answer.location.startswith("/people/"):
            self.entered[name] = answer.location.split("/")[2]

    def _invite(self) -> None:
        with suppress(IndexError):
            person = random.choice(list(self.entered.values())[-20:])  # noqa: S311  no secret
            if self._post("ana", f"/people/{person}/invite/").status == OK:
                self.invited.add(person)

    def _rename(self) -> None:
        self._change("name", f"Heron {_letters(next(self.numbers))}", "ana", self.paths["name"], "name")

    def _answer(self) -> None:
        coming = not self.registers["answer"].answered
        self._change("answer", coming, "cass", self.paths["answer"], "answer", said="yes" if coming else "no")

    def _choose(self) -> None:
        language = "de" if self.registers["language"].answered == "en" else "en"
        self._change("language", language, "dee", "/people/me/language/", "language")

    def _change(self, register: str, value: Any, who: str, path: str, field: str, *, said: str = "") -> None:
        one = self.registers[register]
        one.unsure.add(value)
        answer = self._post(who, path, **{field: said or value})
        if answer.status == FOUND and "login" not in answer.location:
            one.answered, one.unsure = value, set()

    def _post(self, who: str, path: str, **form: str) -> Answer:
        answer = self.served.ask("POST", path, cookie=self.cookies[who], **form)
        self.statuses[answer.status] += 1
        return answer

    def _group_name(self) -> str:
        try:
            return str(self.house.group.name)
        except CannotOpen:
            return ""


def _letters(number: int) -> str:
    """A number in letters, since a name is no number."""
    found = ""
    while number or not found:
        number, digit = divmod(number, len(LETTERS))
        found = LETTERS[digit] + found
    return found
