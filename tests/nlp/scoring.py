"""How labelled utterances are scored: which slots decide for an intent, and what counts as the same value."""

import json
import re
from pathlib import Path
from typing import Any

UTTERANCES = Path(__file__).parent.parent / "phrases" / "utterances.jsonl"
DECIDING = {
    "hours.remaining": "year category",
    "hours.summary": "year category",
    "hours.list": "year category start end",
    "hours.explain": "year category mode index",
    "claim.record": "year start end quantity unit category mode title",
    "claim.correct": "index start end quantity unit category mode title",
    "claim.withdraw": "index start end title",
    "claim.status": "index start end category",
    "proof.submit": "index category",
    "convert.ask": "quantity unit mode region",
    "policy.ask": "region category mode",
    "readiness.ask": "level",
    "plan.suggest": "category",
    "profile.set": "region level",
    "reminder.set": "days_before start end",
    "record.export": "year",
    "answer.no": "category",
    "answer.value": "year start end quantity unit category mode title region level index",
    "review.approve": "person index",
    "review.return": "person index reason",
    "broadcast.draft": "audience department",
    "stats.show": "year category department",
    "staff.lookup": "person year category department",
}
_WORDS = ("title", "reason", "person", "department")
_GENERIC = re.compile("(?:培训班|研修班|学习班|讲座|课程|课|培训|会议|会|班)$")


def utterances() -> list[dict[str, Any]]:
    return [json.loads(line) for line in UTTERANCES.read_text(encoding="utf-8").splitlines()]


def right_intent(want: dict[str, Any], got: dict[str, Any]) -> bool:
    return got["intent"] in {want["intent"]} | {tag[5:] for tag in want["tags"] if tag.startswith("also:")}


def wrong_slots(want: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """The deciding slots that differ; none when another honest intent was chosen."""
    if got["intent"] != want["intent"]:
        return []
    free = {tag[5:] for tag in want["tags"] if tag.startswith("free:")}
    free |= {"unit"} if "quantity" in free else set()
    wanted, given = want["slots"], got["slots"]
    decide = [name for name in DECIDING.get(want["intent"], "").split() if name not in free]
    return [name for name in decide if not _same(name, wanted, given)]


def _same(name: str, wanted: dict[str, Any], given: dict[str, Any]) -> bool:
    want, got = wanted.get(name), given.get(name)
    if want == got:
        return True
    if name in _WORDS:
        return bool(want and got) and _bare(name, want) == _bare(name, got)
    if name in ("quantity", "unit"):
        return _half_days(wanted) is not None and _half_days(wanted) == _half_days(given)
    if name == "year":
        return str(want or got) in (str(given.get("start", ""))[:4], str(wanted.get("start", ""))[:4])
    if name in ("start", "end") and want is None and wanted.get("year"):
        return got == f"{wanted['year']}-{'01-01' if name == 'start' else '12-31'}"
    return False


def _half_days(slots: dict[str, Any]) -> float | None:
    return {"half_day": 1, "day": 2}.get(slots.get("unit", ""), 0) * slots.get("quantity", 0) or None


def _bare(name: str, said: str) -> str:
    plain = re.sub(r"[\W_]+", "", said).lower()
    return _GENERIC.sub("", plain) if name == "title" else plain
