"""What a sentence was understood to mean. The names are those of `xueshi parse`."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict

from domain.vocabulary import Category, Mode, Unit


class Intent(StrEnum):
    HOURS_REMAINING = "hours.remaining"
    HOURS_SUMMARY = "hours.summary"
    HOURS_LIST = "hours.list"
    HOURS_EXPLAIN = "hours.explain"
    CLAIM_RECORD = "claim.record"
    CLAIM_CORRECT = "claim.correct"
    CLAIM_WITHDRAW = "claim.withdraw"
    CLAIM_STATUS = "claim.status"
    PROOF_SUBMIT = "proof.submit"
    CONVERT_ASK = "convert.ask"
    POLICY_ASK = "policy.ask"
    READINESS_ASK = "readiness.ask"
    PLAN_SUGGEST = "plan.suggest"
    PROFILE_SET = "profile.set"
    PROFILE_SHOW = "profile.show"
    REMINDER_SET = "reminder.set"
    REMINDER_STOP = "reminder.stop"
    REMINDER_LIST = "reminder.list"
    RECORD_EXPORT = "record.export"
    PRIVACY_EXPORT = "privacy.export"
    PRIVACY_DELETE = "privacy.delete"
    HUMAN_CONTACT = "human.contact"
    HELP = "help"
    GREET = "greet"
    THANKS = "thanks"
    ANSWER_YES = "answer.yes"
    ANSWER_NO = "answer.no"
    ANSWER_CANCEL = "answer.cancel"
    ANSWER_SKIP = "answer.skip"
    ANSWER_VALUE = "answer.value"
    REVIEW_QUEUE = "review.queue"
    REVIEW_APPROVE = "review.approve"
    REVIEW_RETURN = "review.return"
    BROADCAST_DRAFT = "broadcast.draft"
    BROADCAST_STATUS = "broadcast.status"
    STATS_SHOW = "stats.show"
    STAFF_LOOKUP = "staff.lookup"
    CONSOLE_OPEN = "console.open"
    UNKNOWN = "unknown"


class Expecting(StrEnum):
    """What the bot has just asked for; decides how a short answer reads."""

    CONFIRM = "confirm"
    CATEGORY = "category"
    HOURS = "hours"
    DATE = "date"
    MODE = "mode"
    TITLE = "title"
    REGION = "region"
    CHOICE = "choice"


class Slots(TypedDict, total=False):
    """Only what was said. `start`/`end` are inclusive days; `index` counts from 1; `weekday` from Monday = 1.

    `attrs` are conditions that the rules ask about, named as in `xueshi decide` (level of a meeting, …); like
    `work_field` they are ours, beyond the contract.
    """

    year: int
    start: date
    end: date
    quantity: float
    unit: Unit
    category: Category
    mode: Mode
    title: str
    region: str
    days_before: int
    person: str
    department: str
    reason: str
    audience: str
    every: str
    weekday: int
    level: str
    index: int
    work_field: str
    attrs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A slot with more than one honest reading, best first, for the bot to ask about."""

    slot: str
    candidates: tuple[tuple[date, date], ...]
    said: str  # the words concerned


@dataclass(frozen=True, slots=True)
class Reading:
    """`read(text, now, expecting)` in one value.

    `alternatives` are other intents worth offering when `confidence` is low, best first. `activities` holds the slots
    of each activity when the sentence names more than one (then `slots` is the first). `back` is set when the person
    wants the question before the open one again (上一步, 回到上一题); the intent is then ANSWER_VALUE without slots.
    """

    intent: Intent
    slots: Slots = field(default_factory=Slots)
    confidence: float = 1.0
    alternatives: tuple[Intent, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    activities: tuple[Slots, ...] = ()
    back: bool = False
