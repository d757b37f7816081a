"""绑定小程序 123456, and a code for the mini program: one person in both. The work itself is a task."""

from domain.task import NewTask, TaskKind
from handlers import show
from handlers.cues import Cue, parts
from handlers.turn import Outcome, Turn
from wording import say


def bind(turn: Turn) -> Outcome:
    code = parts(turn, Cue.BIND)["digits"]
    return Outcome(replies=(show.text(say("binding.trying")),), tasks=(NewTask(TaskKind.BIND, {"code": code}),))


def code(_turn: Turn) -> Outcome:
    return Outcome(replies=(show.text(say("binding.making")),), tasks=(NewTask(TaskKind.MAKE_CODE),))


def bound(turn: Turn) -> Outcome:
    """What has come of it."""
    told = turn.message.details
    if "carried" not in told:
        return show.answer(say(f"binding.{told.get('refused', 'failed')}"))
    return show.answer(
        say("binding.done"),
        say("binding.carried", count=told["carried"]) if told["carried"] else "",
        say("binding.alike", count=told["alike"]) if told["alike"] else "",
        say("binding.verify_again", count=told["verify_again"]) if told["verify_again"] else "",
    )


def made(turn: Turn) -> Outcome:
    """A code has been made."""
    told = turn.message.details
    return show.answer(say("binding.code", code=told["code"]) if "code" in told else say("binding.failed"))
