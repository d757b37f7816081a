"""Renders what people take away, in a thread, and uploads its pages so that they can be shown in the chat."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import zxingcpp

from bot.chores import Worker
from console.exports.years import year_of
from documents import card, form
from documents.render import pages, pdf
from documents.year import Year
from domain.ledger import fold
from domain.masking import masked_name
from domain.paper import Form, check_code, spaced
from domain.task import Task, TaskKind
from rules.book import Book
from storage.papers import PaperStore
from storage.store import Store

LINK_DAYS = 7
PAGES_SHOWN = 3  # as pictures in the chat: a person may be sent only a few messages in a row
CARD_PPI = 220
PNG = "image/png"


class Uploads(Protocol):
    async def upload_media(self, content: bytes, content_type: str) -> str: ...


class Papers:
    """`uploads` are the clients by channel: a media id belongs to the account that it was uploaded to. `public_url` is
    where links begin, without a slash at the end; empty: no links are given.
    """

    def __init__(
        self,
        store: Store,
        uploads: Mapping[str, Uploads],
        book: Book,
        now: Callable[[], datetime],
        public_url: str,
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._book = book
        self._now = now
        self._public_url = public_url.rstrip("/")

    def workers(self) -> dict[TaskKind, Worker]:
        return {TaskKind.RENDER_FORM: self.render_form, TaskKind.RENDER_CARD: self.render_card}

    async def render_form(self, task: Task) -> dict[str, Any]:
        """Issues the registration form of `content["year"]`; done again, it is the same form."""
        now = self._now()
        year, head = await self._year(task.person_id, task.content["year"], now.date())
        issued, verify = await self._issued(year, head, task.key, now)
        code = issued.code
        drawn = await asyncio.to_thread(pages, "form", issued.values)
        media = [] if _is_quiet(task) else [await self._upload(task, page) for page in drawn[:PAGES_SHOWN]]
        link = f"{self._public_url}{paper_link(self._store.papers, code, now)}" if self._public_url else ""
        return {"code": spaced(code), "media": media, "pages": len(drawn), "link": link, "verify": verify}

    async def form_file(self, person_id: str, year: int, key: str) -> tuple[str, bytes] | None:
        """The check code and the PDF of a person's form, issued once by `key`; None where nothing is recorded."""
        now = self._now()
        found, head = await self._year(person_id, year, now.date())
        if not found.claims:
            return None
        issued, _ = await self._issued(found, head, key, now)
        return spaced(issued.code), await form_pdf(issued)

    async def _issued(self, year: Year, head: int, key: str, now: datetime) -> tuple[Form, str]:
        """The form that was issued under `key`, now or before, and where it is confirmed."""
        code = check_code(self._store.papers.digest(key))
        verify = f"{self._public_url}/verify/{code}" if self._public_url else ""
        values = form.form(year, spaced(code), qr(verify) if verify else None)
        shown = {**form.shown(year), "name": masked_name(year.person.name or "")}
        made = Form(code, year.person.id, year.standing.year, now, values, shown, head)
        return await self._store.papers.issue(made), verify

    async def render_card(self, task: Task) -> dict[str, Any]:
        """Draws the progress card of `content["year"]`."""
        drawn = await self.card_of(task.person_id, task.content["year"])
        return {"media": [] if _is_quiet(task) else [await self._upload(task, drawn)]}

    async def card_of(self, person_id: str, year: int) -> bytes:
        """The progress card of a year as it stands now, as PNG."""
        found, _ = await self._year(person_id, year, self._now().date())
        (drawn,) = await asyncio.to_thread(pages, "card", card.card(found), CARD_PPI)
        return drawn

    async def _upload(self, task: Task, picture: bytes) -> str:
        return await self._uploads[task.channel].upload_media(picture, PNG)

    async def _year(self, person_id: str, year: int, day: date) -> tuple[Year, int]:
        """The person's year as it stands now, and the number of their last entry."""
        person = await self._store.find_person(person_id)
        if person is None:
            raise LookupError("the person is gone")
        entries = await self._store.load_entries(person_id, None)
        kept = await self._store.desk.photos_of(person_id)
        readings = {one.photo: one.reading for one in kept if one.reading}
        claims = [claim for claim in fold(entries) if claim.year == year]
        numbered = [replace(claim, number=number) for number, claim in enumerate(claims, 1)]
        return year_of(person, numbered, year, day, self._book, readings), entries[-1].seq if entries else 0


def _is_quiet(task: Task) -> bool:
    """Whether the result is for a page of the mini program: nothing is sent into a chat."""
    return bool(task.content.get("quietly"))


def qr(address: str) -> str:
    """The QR code of an address, as SVG."""
    barcode = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode)
    return str(zxingcpp.write_barcode_to_svg(barcode))


def paper_link(papers: PaperStore, code: str, now: datetime) -> str:
    """The path of a form's PDF, good for LINK_DAYS."""
    until = int((now + timedelta(days=LINK_DAYS)).timestamp())
    return f"/documents/{code}.pdf?until={until}&key={papers.sign(f'{code} {until}')}"


async def form_pdf(issued: Form) -> bytes:
    """The PDF of a form, made from the values that it was issued with."""
    return await asyncio.to_thread(pdf, "form", issued.values)
