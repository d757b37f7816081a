"""Places, texts, and questions about them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.api.models.pieces import Place, Required, Told


class DocumentTold(Told):
    document: str
    title: str
    number: str
    summary: bool
    articles: int
    path: str | None


class PlaceTold(Told):
    place: str
    name: str
    whole_text: bool
    documents: list[DocumentTold]


class PlacesTold(Told):
    items: list[PlaceTold]


class PoliciesAsked(BaseModel):
    """`q` is a question, `topic` one that was offered; with neither, what is required."""

    model_config = ConfigDict(extra="forbid")
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    topic: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")] = ""
    place: Place | None = None


class ArticleTold(Told):
    place: str
    document: str
    article: str
    title: str
    number: str
    heading: str
    text: str
    summary: bool
    url: str | None
    previous: str | None
    next: str | None


class PolicyAnswer(Told):
    article: ArticleTold
    sentence: str
    plain: str


class Guess(Told):
    topic: str
    label: str


class PoliciesTold(Told):
    place: str
    place_name: str
    topic: str
    topic_label: str
    title: str
    silent: str | None
    answers: list[PolicyAnswer]
    guesses: list[Guess]
    required: list[Required]
    note: str


class ArticleLine(Told):
    article: str
    heading: str
    text: str
    path: str


class DocumentWhole(Told):
    place: str
    document: str
    title: str
    number: str
    summary: bool
    url: str | None
    articles: list[ArticleLine]
