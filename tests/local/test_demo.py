import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from arrears.calendar import days_between
from arrears.model import Decision, Step
from tests.local.demo import MADE, demo

DAYS = list(days_between(date(2026, 2, 9), date(2026, 2, 12)))  # the monthly tick is on the 12th
FLATS, SEED = 150, 21  # a small portfolio with every kind of message in these days
MONTHS_END = list(days_between(date(2026, 2, 27), date(2026, 2, 28)))
ASKED_FOR = {"sms.jsonl", "emails.jsonl", "letters", "print-jobs", "decisions.jsonl", "report.html"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What four days of a small portfolio left, and what was printed meanwhile."""
    return _run(tmp_path_factory.mktemp("demo"))


def test_every_text_that_left_is_a_line_with_its_number_sender_words_reference_and_day(made: tuple[Path, str]) -> None:
    texts = _lines(made[0] / "sms.jsonl")
    assert len(texts) >= 5
    assert all(set(text) == {"to", "sender", "text", "reference", "on"} for text in texts)
    assert {text["sender"] for text in texts} == {"Heka"}
    assert len({text["reference"] for text in texts}) == len(texts)
    assert {text["on"] for text in texts} <= {f"{day}" for day in DAYS}


def test_every_letter_is_a_pdf_in_a_print_job(made: tuple[Path, str]) -> None:
    letters = list((made[0] / "letters").glob("*.pdf"))
    jobs = [json.loads(job.read_text("utf-8")) for job in (made[0] / "print-jobs").glob("*.json")]
    assert letters
    assert all(letter.read_bytes().startswith(b"%PDF-") for letter in letters)
    assert [job["count"] for job in jobs] == [len(job["letters"]) for job in jobs]
    assert sum(job["count"] for job in jobs) == len(letters)
    printed = {letter["sha256"] for job in jobs for letter in job["letters"]}
    assert printed == {hashlib.sha256(letter.read_bytes()).hexdigest() for letter in letters}


def test_every_decision_of_every_run_is_kept_with_its_reasons(made: tuple[Path, str]) -> None:
    decisions = [Decision.model_validate(line) for line in _lines(made[0] / "decisions.jsonl")]
    steps = {Step.SMS_REMINDER, Step.AGREEMENT_BROKEN_LETTER, Step.COURT_NOTICE, Step.HAND_TO_PERSON, Step.NONE}
    assert steps <= {decision.step for decision in decisions}
    assert all(decision.reasons for decision in decisions)
    assert {decision.on for decision in decisions} <= set(DAYS)
    by_whom = {decision.recipient is None for decision in decisions if decision.step is Step.SMS_REMINDER}
    assert by_whom == {False}


def test_it_tells_the_story_in_words_and_a_table(made: tuple[Path, str]) -> None:
    story = made[1]
    for words in ("150 made-up tenancies", "This is the first run", "is approved by", " messages left.", "2026-02"):
        assert words in story
    for line in (
        "Text messages, selected",
        "arrived",
        "Letters about a broken agreement",
        "fees, EUR",
        "Handed to people",
        "February 2026: ",
        " tenancies were judged, ",
        " of them got nothing: none of the four criteria is met (",
    ):
        assert line in story
    assert "failed" not in story


def test_the_same_seed_gives_the_same_bytes_also_over_an_old_folder(made: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "old.pdf").write_bytes(b"of an earlier run")
    (tmp_path / "sms.jsonl").write_text("of an earlier run\n", "utf-8")
    (tmp_path / "mine.txt").write_text("not the demo's", "utf-8")
    again, story = _run(tmp_path)
    assert _files(again) == _files(made[0]) | {"mine.txt": hashlib.sha256(b"not the demo's").hexdigest()}
    assert story.replace(str(again), "") == made[1].replace(str(made[0]), "")


def test_the_end_of_a_month_leaves_all_that_the_contract_lists_and_twice_the_same(tmp_path: Path) -> None:
    first, second = (_run(tmp_path / name, 60, MONTHS_END)[0] for name in ("first", "second"))
    assert {path.name for path in first.iterdir()} >= ASKED_FOR - {"letters", "print-jobs"}
    assert "<html" in (first / "report.html").read_text("utf-8")
    assert _files(first) == _files(second)


def _run(folder: Path, flats: int = FLATS, days: list[date] = DAYS) -> tuple[Path, str]:
    printed = io.StringIO()
    assert demo(flats, SEED, folder, days, Console(file=printed, width=120))
    return folder, printed.getvalue()


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _files(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    places = {file.relative_to(folder).parts[0] for file in files} - {"mine.txt"}
    assert {place for place in places if not place.startswith("report-")} <= set(MADE)
    return {f"{file.relative_to(folder)}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
