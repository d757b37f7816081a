"""The command line `xueshi`. Everything heavy is imported by the command that needs it, so `--help` is instant."""

import asyncio
import gc
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.failures import sentence

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="xueshi",
    help="学时助手: keeps the continuing-education hours of China's professionals, in WeChat.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

LINE_LIMIT = 1_000_000  # characters of one JSONL line
_ROLES = ("all", "gateway", "worker")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="port of the page of phones; the service listens on the next one")] = 8090,
) -> None:
    """The whole product on this machine, nothing configured: service, stand-in for WeChat, and a page of phones."""
    gc.disable()  # loading makes no garbage; `bot.app.loaded` lets the collector run again
    from bot.demo import run  # noqa: PLC0415

    _run(run(port))


@app.command()
def run(
    role: Annotated[str, typer.Option(help="all, gateway or worker")] = "all",
) -> None:
    """The service, configured by the environment."""
    if role not in _ROLES:
        raise typer.BadParameter(f"use one of {', '.join(_ROLES)}", param_hint="--role")
    settings = _settings()
    if settings.database_url.startswith("sqlite") and role != "all":
        raise typer.BadParameter("SQLite serves one process: use role all, or PostgreSQL", param_hint="--role")
    gc.disable()  # as in `demo`
    from bot.app import serve  # noqa: PLC0415

    _run(serve(settings, role))


@app.command()
def migrate() -> None:
    """Brings the database to the current schema."""
    from storage.schema import migrate as migrate_schema  # noqa: PLC0415

    migrate_schema(_settings(serving=False).database_url)
    typer.echo("the database is at the current schema")


@app.command("verify-ledger")
def verify_ledger() -> None:
    """Checks every person's chain of entries: nothing tampered with, missing or reordered."""
    from bot.inspection import verify  # noqa: PLC0415

    _run(verify(_settings(serving=False)))


@app.command("check-rules")
def check_rules(
    rehearse: Annotated[Path | None, typer.Option(help="a folder with a changed book: who would move, and why")] = None,
) -> None:
    """The rule book is well formed: no overlap, no gap, every source and article there."""
    from bot.inspection import check  # noqa: PLC0415

    if rehearse is None:
        check(datetime.now(UTC).date())
        return
    if not rehearse.is_dir():
        raise typer.BadParameter("there is no such folder", param_hint="--rehearse")
    from bot.rehearsal import run as run_rehearsal  # noqa: PLC0415

    settings = _settings(serving=False)
    _run(run_rehearsal(settings, rehearse, datetime.now(settings.zone).date()))


@app.command()
def parse() -> None:
    """JSONL on stdin to JSONL on stdout: what the bot understands."""
    from nlp.contract import parse_line  # noqa: PLC0415

    _filter(parse_line, flush=False)


@app.command()
def spans() -> None:
    """JSONL on stdin to JSONL on stdout: the dates, durations and numbers in a text."""
    from nlp.contract import spans_line  # noqa: PLC0415

    _filter(spans_line, flush=True)


@app.command()
def decide() -> None:
    """JSONL on stdin to JSONL on stdout: what the rules say."""
    from rules.book import load as load_book  # noqa: PLC0415
    from rules.contract import decide_line  # noqa: PLC0415
    from wording import say  # noqa: PLC0415

    book = load_book()
    _filter(lambda record: decide_line(record, book, say), flush=False)


@app.command("read-proof")
def read_proof(
    files: Annotated[list[Path], typer.Argument(help="pictures of proofs")],
    holder: Annotated[str | None, typer.Option(help="whose row is meant in a list of several people")] = None,
) -> None:
    """What photos of proofs say: one JSON line for each picture, in order."""
    from bot.readings import UnreadableFiles, print_readings  # noqa: PLC0415

    if refused := print_readings(files, holder):
        raise UnreadableFiles(refused, len(files))


@app.command("import-roster")
def import_roster(
    file: Annotated[Path, typer.Argument(help="spreadsheet with the columns 姓名, 手机号 or 身份证号, 部门")],
    unit: Annotated[str, typer.Option(help="the unit's name")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="says what would happen and changes nothing")] = False,
) -> None:
    """Employees of a unit, from a spreadsheet."""
    from datetime import datetime  # noqa: PLC0415

    from bot.roster import import_roster as import_file  # noqa: PLC0415

    settings = _settings(serving=False)
    _run(import_file(settings, file, unit, datetime.now(settings.zone), dry_run=dry_run))


@app.command("import-deadlines")
def import_deadlines(
    file: Annotated[Path, typer.Argument(help="spreadsheet with the columns 年度, 事项, 截止日期")],
    unit: Annotated[str, typer.Option(help="the unit's name")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="says what would happen and changes nothing")] = False,
) -> None:
    """Days that a unit sets for its people, from a spreadsheet."""
    from datetime import datetime  # noqa: PLC0415

    from bot.deadlines import import_deadlines as import_file  # noqa: PLC0415

    settings = _settings(serving=False)
    if not asyncio.run(import_file(settings, file, unit, datetime.now(settings.zone), dry_run=dry_run)):
        raise typer.Exit(1)


@app.command()
def grant(
    person: Annotated[str, typer.Option(help="the person's id")],
    unit: Annotated[str, typer.Option(help="the unit's name")],
    role: Annotated[str, typer.Option(help="hr_admin, reviewer, approver or operator")],
) -> None:
    """Makes the first admin."""
    from bot.inspection import grant_role  # noqa: PLC0415

    _run(grant_role(_settings(serving=False), person, unit, role))


@app.command("admin-link")
def admin_link(person: Annotated[str, typer.Option(help="the person's id")]) -> None:
    """A one-time sign-in link for the console, good for five minutes."""
    from bot.inspection import sign_in_link  # noqa: PLC0415

    settings = _settings(serving=False)
    _run(sign_in_link(settings, person, datetime.now(settings.zone)))


@app.command("export-sentences")
def export_sentences(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="first day, as 2026-11-20")] = None,
) -> None:
    """What was not understood and kept with consent, without personal data: one JSON line each, to be labelled."""
    from bot.sentences import export  # noqa: PLC0415

    _run(export(_settings(serving=False), since.date() if since else None))


def _filter(answer: Callable[[Any], dict[str, Any]], *, flush: bool) -> None:
    """One output line per input line, in order; a bad line gets an error, never silence."""
    write = sys.stdout.write
    for raw in sys.stdin.buffer:
        write(json.dumps(_line(answer, raw), ensure_ascii=False) + "\n")
        if flush:
            sys.stdout.flush()
    sys.stdout.flush()


def _line(answer: Callable[[Any], dict[str, Any]], raw: bytes) -> dict[str, Any]:
    try:
        if len(raw) > LINE_LIMIT:
            return {"id": None, "error": "the line is too long"}
        record = json.loads(raw)
    except (ValueError, RecursionError):
        return {"id": None, "error": "the line is not JSON"}
    if not isinstance(record, dict):
        return {"id": None, "error": "the line is not a JSON object"}
    return answer(record)


def _settings(*, serving: bool = True) -> "Settings":
    from bot.settings import load  # noqa: PLC0415

    return load(serving=serving)


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def main() -> None:
    """Entry point: errors are one clear sentence on stderr; status 2 for unusable arguments, 1 otherwise."""
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        sys.stderr.write(f"xueshi: {sentence(error)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
