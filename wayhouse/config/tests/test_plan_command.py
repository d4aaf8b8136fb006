"""The command line of both kernels: what goes in, what comes out, what is said where the problem is wrong."""

import json
import signal
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from benchmarks.planning import formation as people
from benchmarks.planning import rota as evenings
from wayhouse.core.kernel import run_kernel
from wayhouse.groups import formation
from wayhouse.meetings import rota

WORDS = ["--work-limit", "0.3", "--quiet"]
SCHEMA = json.loads(resources.files("wayhouse.groups.formation").joinpath("result.schema.json").read_text("utf-8"))


def plan(kernel: Any, *words: str) -> int:
    asks = {"what_if": kernel.what_if} if kernel is formation else {}
    return run_kernel(kernel.Problem.from_json, kernel.solve, kernel.ProblemError, words, **asks)


def test_the_same_problem_and_seed_give_the_same_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = json.dumps(people.generate(30))
    (tmp_path / "problem.json").write_text(problem)
    assert plan(formation, str(tmp_path / "problem.json"), "--seed", "4", *WORDS) == 0
    from_file = json.loads(capsys.readouterr().out)
    monkeypatch.setattr("sys.stdin", StringIO(problem))
    assert plan(formation, "-", "--seed", "4", *WORDS) == 0
    from_input = json.loads(capsys.readouterr().out)
    assert {**from_file, "seconds": 0} == {**from_input, "seconds": 0}
    broken, parts = people.check(json.loads(problem), from_file)
    assert (broken, sum(parts.values())) == ([], from_file["objective"])


def test_reasons_and_chances_are_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(people.generate(30))))
    assert plan(formation, "-", "--explain", "--what-if", "--time-limit", "4", *WORDS) == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    validate(result, SCHEMA)
    assert "what_if" in result
    assert f"{result['unplaced'][0]['person']}: {result['unplaced'][0]['reasons'][0]}" in told.err.splitlines()


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(evenings.generate(1, weeks=4))))
    assert plan(rota, "-") == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert told.err.splitlines()[-1].endswith(f"s  {result['objective']}, bound {result['bound']}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "the problem must be a JSON object"),
        ("{}", "weeks: is missing"),
        ('{"weeks": 1e999, "groups": [], "staff": []}', "weeks: must be a whole number"),
        ('{"weeks": NaN, "groups": [], "staff": []}', "weeks: must be a whole number"),
        ('{"weeks": 2, "groups": [], "staff": [], "keep_apart": [["a"]]}', "keep_apart[0]: needs two people or more"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    text: str, complaint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(text))
    assert plan(rota, "-") == 2
    assert capsys.readouterr() == ("", f"-: {complaint}\n")


def test_an_option_that_leads_nowhere_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = people.generate(10)
    problem["people"][3]["options"] = [{"cell": "x", "cost": 1, "interpreter": None}]
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem))
    assert plan(formation, str(file)) == 2
    assert capsys.readouterr().err == f"{file}: people[3].options[0].cell: an unknown cell 'x'\n"


def test_nesting_without_end_is_no_crash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO('{"a":' * 100_000))
    assert plan(rota, "-") == 2
    assert capsys.readouterr().err.startswith("-: not JSON")


@pytest.mark.parametrize("word", ["-1", "nan", "x"])
def test_a_limit_is_zero_or_more(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        plan(rota, "-", "--time-limit", word)
    assert ended.value.code == 2
    assert "--time-limit" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_gives_the_best_so_far(
    number: signal.Signals, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def solve(problem: formation.Problem, **hooks: Any) -> formation.Result:
        assert not hooks["should_stop"]()
        signal.raise_signal(number)
        assert hooks["should_stop"]()
        return formation.solve(problem, **hooks)

    raw, before = people.generate(200), signal.getsignal(number)
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(raw)))
    assert run_kernel(formation.Problem.from_json, solve, formation.ProblemError, ["-", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    broken, parts = people.check(raw, result)
    assert (broken, sum(parts.values()), result["optimal"]) == ([], result["objective"], False)
    assert signal.getsignal(number) is before
