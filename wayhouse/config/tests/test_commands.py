import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from wayhouse.config import command, sealing
from wayhouse.config.management.commands.serve import free_port
from wayhouse.crypto.models import Envelope, Keyholder
from wayhouse.people.models import Invitation, Programme

ROOT = Path(__file__).resolve().parents[3]
PROBLEM = {
    "size": {"min": 1, "target": 2, "max": 3},
    "pools": [],
    "max_groups": 2,
    "cells": [{"id": "c", "max_groups": 1, "uses": []}],
    "people": [{"id": "p", "mix": None, "options": [{"cell": "c", "cost": 1}], "previous": None}],
    "keep_apart": [],
    "interpreter_ratio": 4,
}


def plan(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from wayhouse.config.command import main; main()", "plan", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, input=given, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize(
    "words",
    ["help seal", "seal --help", "help shares", "shares -h", "help plan", "plan --help", "plan prepare --help"],
)
def test_whoever_asks_what_a_command_of_ours_does_is_told_and_nothing_is_done(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["wayhouse", *words.split()])
    with pytest.raises(SystemExit) as ended:
        command.main()
    (name,) = {"seal", "shares", "plan"} & set(words.split())
    assert (ended.value.code, capsys.readouterr().out.split()[:2]) == (0, ["wayhouse", name])


def test_the_help_of_all_begins_with_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["wayhouse", "help"])
    command.main()
    told = capsys.readouterr().out
    assert [f"wayhouse {name}" in told for name in ("plan", "seal", "shares --join")] == [True] * 3
    assert "[config]" in told


def test_sealing_with_a_word_too_many_seals_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["wayhouse", "seal", "now"])
    monkeypatch.setattr(sealing, "seal", lambda: 0)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert (ended.value.code, capsys.readouterr().err.split()[:2]) == (1, ["wayhouse", "seal"])


@pytest.mark.abuse(22)
def test_a_worker_has_a_thread_left_while_a_passphrase_is_stretched_and_a_dead_one_is_replaced(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str, Any] = {}

    class Server:
        def __init__(self, target: str, **settings: Any) -> None:
            begun.update(settings)

        def serve(self) -> None:
            begun["served"] = True

    monkeypatch.setattr("granian.server.Server", Server)
    monkeypatch.setenv("WAYHOUSE_BOOT_KEY", "")
    monkeypatch.setattr(settings, "WAYHOUSE_BOOT_KEY", "17" * 32)
    monkeypatch.setattr(connection, "close", lambda: None)
    call_command("serve", "--no-work", "--workers", "3")
    assert (begun["workers"], begun["respawn_failed_workers"], begun["served"]) == (3, True, True)
    assert begun["blocking_threads"] > 1


def test_founding_prints_a_link_that_works(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("found", "Lantern Trust", "Open Circle", "Ana")
    assert capsys.readouterr().out.startswith("/people/welcome/")
    assert (Programme.objects.count(), Invitation.objects.open().count()) == (1, 1)


def test_an_unknown_time_zone_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="Atlantis"):
        call_command("found", "Lantern Trust", "Open Circle", "Ana", "--time-zone", "Atlantis")
    assert not Programme.objects.exists()


def test_planning_reads_standard_input() -> None:
    done = plan("groups", "-", "--time-limit", "5", "--quiet", given=json.dumps(PROBLEM))
    assert (done.returncode, json.loads(done.stdout)["groups"]) == (
        0,
        [{"cell": "c", "members": ["p"], "continues": None}],
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "not JSON"),
        ("[1]", "must be a JSON object"),
        ("{}", "size"),
        (json.dumps({**PROBLEM, "cells": [{"id": "c", "max_groups": "many"}]}), "cells[0].max_groups"),
    ],
)
def test_a_problem_that_cannot_be_read_is_said_in_one_line(given: str, said: str) -> None:
    done = plan("groups", "-", given=given)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_planning_something_else_tells_how() -> None:
    assert plan("holidays").stderr.startswith("usage: wayhouse plan")


def test_a_port_that_is_taken_gives_way() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert free_port(port) != port


def test_tidying_takes_back_what_an_invitation_that_ran_out_could_open(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("found", "Lantern Trust", "Open Circle", "Ana")
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        call_command("tidy")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Invitations that were not used: 1 closed, with the keys that they hold."
    )
    assert not Keyholder.objects.filter(kind=Keyholder.Kind.INVITATION).exists()
    assert not Envelope.objects.filter(holder__kind=Keyholder.Kind.INVITATION).exists()
