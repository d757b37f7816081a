"""The command line: filters answer every line in order, errors are one sentence with the promised exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EMPTY = {name: value for name, value in os.environ.items() if not name.startswith("XUESHI_")}


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot.commands", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**EMPTY, **environment},
        timeout=60,
    )


PARSE = {"id": "a", "text": "我还差多少学时", "now": "2026-11-20T09:30:00+08:00", "expecting": None}
SPANS = {"id": "b", "text": "上周三下午3个半小时", "reference": "2026-11-20T09:30:00"}
DECIDE = {
    "id": "c",
    "regime": "neimenggu",
    "target_year": 2026,
    "as_of_date": "2026-11-20",
    "profile": {},
    "entries": [
        {
            "id": "e1",
            "date": "2026-11-11",
            "category": "professional",
            "mode": "academic_lecture",
            "quantity": 1,
            "unit": "half_day",
        }
    ],
}
BAD = [b"not json", b"[1]", b'{"id": "x"}', b"\xff\xfe", b"", b'{"id": 1' + b"[" * 5000]


@pytest.mark.parametrize(
    ("command", "record", "key", "value"),
    [
        ("parse", PARSE, "intent", "hours.remaining"),
        ("spans", SPANS, "hours", 3.5),
        ("decide", DECIDE, "recognised_hours", {"e1": 4}),
    ],
)
def test_a_filter_answers_every_line_in_order(command: str, record: dict[str, object], key: str, value: object) -> None:
    good = json.dumps(record, ensure_ascii=False).encode()
    lines = [good, *BAD, good]
    done = run(command, given=b"\n".join(lines) + b"\n")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    assert answers[0][key] == answers[-1][key] == value
    assert all("error" in answer for answer in answers[1:-1])


def test_unusable_arguments_are_status_2() -> None:
    assert run("run", "--role", "nobody").returncode == 2
    assert run("nonsense").returncode == 2


def test_a_missing_environment_is_one_clear_message() -> None:
    done = run("run")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("xueshi: these settings need attention:")
    assert b"Traceback" not in done.stderr


def test_an_outdated_schema_says_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    done = run("verify-ledger", XUESHI_DATABASE_URL=url, XUESHI_SECRET_KEY=key)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert run("migrate", XUESHI_DATABASE_URL=url, XUESHI_SECRET_KEY=key).returncode == 0
    assert run("verify-ledger", XUESHI_DATABASE_URL=url, XUESHI_SECRET_KEY=key).returncode == 0


def test_the_rule_book_is_well_formed() -> None:
    assert run("check-rules").returncode == 0


def test_sentences_are_exported_as_lines_and_none_is_no_error(tmp_path: Path) -> None:
    where = {"XUESHI_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", "XUESHI_SECRET_KEY": "A" * 43 + "="}
    missing = run("export-sentences", **where)
    assert (missing.returncode, missing.stdout) == (1, b"")
    assert b"xueshi migrate" in missing.stderr
    assert run("migrate", **where).returncode == 0
    nothing = run("export-sentences", "--since", "2026-11-20", **where)
    assert (nothing.returncode, nothing.stdout) == (0, b"")
    assert run("export-sentences", "--since", "yesterday", **where).returncode == 2


def test_a_link_for_the_first_admin_needs_an_address_and_a_person(tmp_path: Path) -> None:
    where = {"XUESHI_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", "XUESHI_SECRET_KEY": "A" * 43 + "="}
    assert run("migrate", **where).returncode == 0
    nowhere = run("admin-link", "--person", "somebody", **where)
    assert (nowhere.returncode, nowhere.stdout) == (1, b"")
    assert b"XUESHI_PUBLIC_URL" in nowhere.stderr
    nobody = run("admin-link", "--person", "somebody", XUESHI_PUBLIC_URL="https://xueshi.example", **where)
    assert (nobody.returncode, nobody.stdout) == (1, b"")
    assert b"no person" in nobody.stderr
    assert run("admin-link", **where).returncode == 2
