"""打开后台: a link into the console for whoever has a role, made in the commit of the turn that says it."""

from handlers import show
from handlers.turn import Outcome, Turn
from wording import say


def opened(turn: Turn) -> Outcome:
    """A link that signs in once; the ones asked for before end with it."""
    token = turn.facts.sign_in
    if not turn.person.roles or not token:
        return show.answer(say("hr.refused"))
    if not turn.texts.published_at:
        return show.answer(say("hr.console_nowhere"))
    link = f"{turn.texts.published_at}/console/in/{token}"
    return Outcome(replies=(show.text(say("hr.console", link=link)),), sign_in=token)
