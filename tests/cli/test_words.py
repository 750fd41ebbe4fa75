"""`arrears check-text` and `arrears phone`: what an operator or a script is told, exit codes and all."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arrears.cli import main
from arrears.wording import TEXTS, template

GOOD = template("sms_voluntary")
COURT = template("sms_court_notice")


def arrears(*arguments: str, stdin: str | bytes = "") -> Result:
    """What comes of a command."""
    return CliRunner().invoke(main, list(arguments), input=stdin)


def test_a_good_text_is_ok_and_says_what_it_costs() -> None:
    result = arrears("check-text", "--kind", "sms_reminder", stdin=GOOD)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "ok": True,
        "encoding": "gsm7",
        "septets": 158,
        "segments": 1,
        "violations": [],
    }


def test_a_text_is_read_from_a_file_and_its_line_end_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(f"{GOOD}\r\n".encode())
    result = arrears("check-text", "--kind", "sms_reminder", str(tmp_path / "text.txt"))
    assert (result.exit_code, json.loads(result.stdout)["septets"]) == (0, 158)


@pytest.mark.parametrize("name", ["sms_court_notice", "sms_court_notice_short"])
def test_the_court_notice_is_fine_for_its_kind_and_a_threat_for_the_other(name: str) -> None:
    file = str(TEXTS / f"{name}.txt")
    assert arrears("check-text", "--kind", "court_notice", file).exit_code == 0
    assert "threat" in json.loads(arrears("check-text", "--kind", "sms_reminder", file).stdout)["violations"]


def test_a_bad_text_is_told_with_all_its_codes_and_exit_code_one() -> None:
    result = arrears(
        "check-text", "--kind", "sms_reminder", stdin=GOOD.replace("summa", "200e ja heka.fi").replace("Hei", "Hei…")
    )
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["ok"] is False
    assert told["encoding"] == "ucs2"
    assert told["segments"] == 3
    assert set(told["violations"]) >= {"digits", "money", "link", "not_gsm7", "too_long"}


def test_an_empty_text_is_empty() -> None:
    told = json.loads(arrears("check-text", "--kind", "court_notice", stdin="\n").stdout)
    assert told == {"ok": False, "encoding": "gsm7", "septets": 0, "segments": 0, "violations": ["empty"]}


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["check-text", "--kind", "sms_reminder"], b"Hei\n\xff", "stdin: line 2: byte 4 is not UTF-8"),
        (["check-text", "--kind", "sms_reminder", "/nowhere.txt"], b"", "/nowhere.txt: cannot be read"),
        (["check-text", "--kind", "sms_reminder", "/"], b"", "/: cannot be read"),
        (
            ["check-text", "--kind", "sms_reminder", "--on", "2020-01-01"],
            b"Hei",
            "no policy was in force on 2020-01-01",
        ),
        (["phone"], b"040\n\xff", "stdin: line 2: byte 4 is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line_and_exit_code_two(arguments: list[str], stdin: bytes, said: str) -> None:
    result = arrears(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["check-text"], ["check-text", "--kind", "collection_letter"]])
def test_wrong_use_is_exit_code_two(arguments: list[str]) -> None:
    assert arrears(*arguments, stdin=GOOD).exit_code == 2


@pytest.mark.parametrize("command", ["check-text", "phone"])
def test_every_command_has_help(command: str) -> None:
    result = arrears(command, "--help")
    assert (result.exit_code, result.stdout.startswith("Usage:")) == (0, True)


def test_each_number_is_told_on_its_own_line_and_one_problem_makes_exit_code_one() -> None:
    result = arrears("phone", "040 112 2334", "401122334", "-040", "+46701234567", "Äiti")
    assert result.exit_code == 1
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"input": "040 112 2334", "e164": "+358401122334", "problem": None},
        {"input": "401122334", "e164": None, "problem": "not_a_number"},
        {"input": "-040", "e164": None, "problem": "not_a_number"},
        {"input": "+46701234567", "e164": None, "problem": "foreign"},
        {"input": "Äiti", "e164": None, "problem": "illegal_characters"},
    ]


def test_numbers_come_from_stdin_too_one_a_line_and_all_usable_is_exit_code_zero() -> None:
    result = arrears("phone", stdin="040 112 2334\r\n+358 50 112 2334")
    assert result.exit_code == 0
    assert [json.loads(line)["e164"] for line in result.stdout.splitlines()] == ["+358401122334", "+358501122334"]


def test_an_empty_line_is_an_empty_number() -> None:
    result = arrears("phone", stdin="\n0401122334\n")
    assert [json.loads(line)["problem"] for line in result.stdout.splitlines()] == ["empty", None]
    assert result.exit_code == 1
