"""Every path of the API, with who answers it and what it takes and gives."""

from pydantic import BaseModel

from bot.api import (
    advice,
    binding,
    entries,
    login,
    me,
    papers,
    pictures,
    policies,
    privacy,
    readings,
    reminding,
    reviews,
    rulings,
    summary,
)
from bot.api.models import hours, law, people, pieces, records, reviewing, wishes
from bot.api.route import Route, Run

Model = type[BaseModel] | None

_NOTHING = pieces.Nothing
_PICTURE = ("image/jpeg",)
_PAPERS = ("application/pdf", "image/png", "application/zip")


def _enter(path: str, summary: str, run: Run, body: Model, answer: Model, *refuses: int) -> Route:
    return Route("POST", path, summary, run, body, answer=answer, open=True, refuses=refuses)


def _get(path: str, summary: str, run: Run, answer: Model, query: Model = None, *refuses: int) -> Route:
    return Route("GET", path, summary, run, query=query, answer=answer, refuses=refuses)


def _file(path: str, summary: str, run: Run, files: tuple[str, ...], *refuses: int) -> Route:
    return Route("GET", path, summary, run, files=files, refuses=refuses)


def _ask(path: str, summary: str, run: Run, body: Model, answer: Model, *refuses: int) -> Route:
    """Sent again, it changes nothing more."""
    return Route("POST", path, summary, run, body, answer=answer, refuses=refuses)


def _write(
    path: str, summary: str, run: Run, body: Model, answer: Model, *refuses: int, status: int = 200, by: str = "POST"
) -> Route:
    return Route(by, path, summary, run, body, answer=answer, status=status, keyed=True, refuses=refuses)


def _upload(path: str, summary: str, run: Run, body: Model, answer: Model) -> Route:
    return Route("POST", path, summary, run, body, answer=answer, status=202, keyed=True, upload=True)


_ONESELF = (
    _enter("/login", "wx.login's code for tokens", login.login, people.LoginAsked, people.LoginTold, 401, 403, 503),
    _enter("/refresh", "new tokens", login.refresh, people.RefreshAsked, people.LoginTold, 401),
    Route("POST", "/logout", "ends this login", login.logout, status=204),
    _ask("/binding", "a code to say in the chat", binding.made, None, people.BindingTold, 503),
    _ask("/binding/{code}", "a code that the chat gave", binding.used, None, people.BoundTold, 409, 503),
    _get("/me", "who one is here", me.shown, people.MeTold),
    _write("/me", "settings and personal facts", me.changed, people.MeAsked, people.MeTold, by="PATCH"),
    _write("/me/consent", "the privacy notice is accepted", me.consented, people.ConsentAsked, people.MeTold),
)
_HOURS = (
    _get("/summary", "a year at a glance", summary.shown, hours.SummaryTold, pieces.OfYear, 404),
    _get("/rulings/{year}", "a year's ruling, step by step", rulings.of_year, hours.RulingTold),
    _get("/entries", "records, newest first", entries.listed, records.EntriesTold, records.EntriesAsked),
    _write("/entries", "records an activity", entries.recorded, records.EntryAsked, records.EntryWhole, status=201),
    _get("/entries/{id}", "one record", entries.opened, records.EntryWhole),
    _get("/entries/{id}/ruling", "what one record gives, and why", rulings.of_entry, hours.RulingTold),
    _write(
        "/entries/{id}/correction",
        "the record as it should be",
        entries.corrected,
        records.CorrectionAsked,
        records.EntryWhole,
    ),
    _write("/entries/{id}/withdrawal", "takes a record back", entries.withdrawn, _NOTHING, records.EntryWhole),
    _write("/entries/{id}/appeal", "against a return, once", entries.appealed, records.AppealAsked, records.EntryWhole),
    _write("/entries/{id}/proofs", "a picture for a record", entries.proved, records.ProofAsked, records.EntryWhole),
    _ask("/readings", "a sentence as a form", readings.read, records.ReadingAsked, records.ReadingTold),
)
_PHOTOS = (
    _upload("/photos", "a picture to be read", pictures.taken, records.Taken, records.PhotoTaken),
    _get("/photos/{photo}", "what was read in it", pictures.opened, records.PhotoTold),
    _file("/photos/{photo}/picture", "the picture", pictures.shown, _PICTURE),
    _write(
        "/photos/{photo}/confirmation",
        "the record that it proves",
        pictures.confirmed,
        records.EntryAsked,
        records.EntryWhole,
        status=201,
    ),
    _get("/proofs", "all pictures, newest first", pictures.listed, records.ProofsTold, pieces.Page),
)
_LAW = (
    _ask("/conversions", "what an activity gives", advice.converted, hours.ConversionAsked, hours.ConversionTold, 404),
    _ask("/what-ifs", "the year with more learned", advice.supposed, hours.WhatIfAsked, hours.WhatIfTold, 404),
    _get("/plan", "how to make up what is missing", advice.planned, hours.PlanTold, pieces.OfYear, 404),
    _get("/readiness", "ready for title review?", advice.prepared, hours.ReadinessTold, hours.OfLevel, 404),
    _get("/deadlines", "until when", advice.days, hours.DeadlinesTold, pieces.OfYear, 404),
    _get("/places", "places and their documents", policies.places, law.PlacesTold),
    _get("/policies", "questions about the rules", policies.searched, law.PoliciesTold, law.PoliciesAsked, 404),
    _get("/policies/{place}/{document}", "a text, article by article", policies.document, law.DocumentWhole),
    _get("/policies/{place}/{document}/{article}", "one article", policies.article, law.ArticleTold),
)
_OUT = (
    _get("/reminders", "what is wanted, what is ahead", reminding.shown, wishes.RemindersTold, None, 404),
    _write("/reminders", "all that is wanted", reminding.wanted, wishes.RemindersAsked, wishes.RemindersTold, by="PUT"),
    _get("/grants", "notices agreed to", reminding.grants, wishes.GrantsTold),
    _write("/grants", "an answer to the question for notices", reminding.granted, wishes.GrantAsked, wishes.GrantsTold),
    _write("/exports", "a form or a card", papers.begun, wishes.ExportAsked, wishes.ExportTaken, status=202),
    _get("/exports/{export}", "how far it is", papers.shown, wishes.ExportTold),
    _file("/exports/{export}/file", "the paper", papers.file, _PAPERS),
    _get("/privacy", "what is kept, who looked", privacy.shown, wishes.PrivacyTold),
    _write("/privacy/copy", "a copy of everything", papers.copied, _NOTHING, wishes.ExportTaken, status=202),
    _write(
        "/privacy/erasure",
        "everything is deleted",
        privacy.erased,
        wishes.ErasureAsked,
        wishes.ErasureTaken,
        status=202,
    ),
)
_HR = (
    _get("/reviews", "what waits for review", reviews.listed, reviewing.ReviewsTold, pieces.Page, 403),
    _get("/reviews/{id}", "one claim with its proofs", reviews.opened, reviewing.ReviewTold, None, 403),
    _file("/reviews/{id}/pictures/{photo}", "a proof; the look is logged", reviews.picture, _PICTURE, 403),
    _write("/reviews/{id}/verification", "verifies", reviews.verified, _NOTHING, reviewing.DecidedTold, 403),
    _write(
        "/reviews/{id}/return",
        "sends back with a reason",
        reviews.returned,
        reviewing.ReturnAsked,
        reviewing.DecidedTold,
        403,
    ),
)

ROUTES: tuple[Route, ...] = (*_ONESELF, *_HOURS, *_PHOTOS, *_LAW, *_OUT, *_HR)
