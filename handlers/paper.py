"""登记表 and 进度卡: asked for in the chat, made by a task, shown when they are ready."""

from dataclasses import replace

from domain.delivery import Reply, ReplyKind
from domain.task import NewTask, TaskKind
from handlers import question, show
from handlers.turn import Outcome, Turn
from wording import say


def export(turn: Turn) -> Outcome:
    """导出我的登记表: of the year said, else this one."""
    year = question.year_of(turn)
    if not any(claim.year == year for claim in turn.claims):
        return show.answer(say("paper.nothing", year=year))
    told = show.answer(say("paper.making", year=year), "" if turn.person.name else say("paper.no_name"))
    return replace(told, tasks=(NewTask(TaskKind.RENDER_FORM, {"year": year}),))


def progress(turn: Turn) -> Outcome:
    """hours.summary: the figures at once, and the card after them when it is the progress that was asked for."""
    told = question.summary(turn)
    year = question.year_of(turn)
    wanted = any(word in turn.message.text for word in say("paper.card_words").split())
    if not wanted or not any(claim.year == year for claim in turn.claims):
        return told
    return replace(told, tasks=(NewTask(TaskKind.RENDER_CARD, {"year": year}),))


def form_ready(turn: Turn) -> Outcome:
    made = turn.message.details
    if "failed" in made:
        return show.answer(say("paper.failed"))
    told = show.text(
        say("paper.ready", year=made["year"], code=made["code"]),
        say("paper.more_pages", shown=len(made["media"]), pages=made["pages"])
        if len(made["media"]) < made["pages"]
        else "",
        say("paper.link", link=made["link"]) if made["link"] else "",
        say("paper.verify", link=made["verify"]) if made["verify"] else "",
    )
    return Outcome(replies=(told, *_pictures(turn)))


def card_ready(turn: Turn) -> Outcome:
    """The card; that it could not be drawn needs no sentence, the figures have been told."""
    return Outcome(replies=() if "failed" in turn.message.details else _pictures(turn))


def _pictures(turn: Turn) -> tuple[Reply, ...]:
    return tuple(Reply(kind=ReplyKind.IMAGE, media_id=media) for media in turn.message.details["media"])
