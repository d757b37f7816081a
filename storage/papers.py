"""Registration forms to rows and back (`storage.store.Store.papers`)."""

import hmac
import json
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from domain.paper import Form
from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import HeadRow, columns, table
from storage.tables_papers import FormRow

_LINK = "paper link"
_FORMS, _HEADS = table(FormRow), table(HeadRow)
_ISSUE = Statement(insert(_FORMS).values(columns(FormRow)).on_conflict_do_nothing())
_FIND = Statement(
    select(
        *(_FORMS.c[name] for name in ("code", "person_id", "year", "issued_at", "content", "head_seq")), _HEADS.c.seq
    )
    .select_from(_FORMS.join(_HEADS, _HEADS.c.person_id == _FORMS.c.person_id))
    .where(_FORMS.c.code == bindparam("of"))
)


class PaperStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]], vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def issue(self, form: Form) -> Form:
        """Keeps a form by its code; the one kept before under this code when there is one."""
        found: Form = await self._run(_issued(self._vault, form), durable=True)
        return found

    async def find(self, code: str) -> Form | None:
        found: Form | None = await self._run(_found(self._vault, code))
        return found

    def digest(self, words: str) -> str:
        """What a check code is made of: nobody guesses it without the service's key."""
        return self._vault.digest(words, "form")

    def sign(self, words: str) -> str:
        """By which a link to a paper is known to be ours."""
        return self._vault.digest(words, _LINK)

    def signed(self, words: str, signature: str) -> bool:
        """Whether one of our keys made the signature; a key that was rotated out for new ones still counts."""
        given = signature.encode()
        return any(hmac.compare_digest(one.encode(), given) for one in self._vault.digests(words, _LINK))


def _issued(vault: Vault, form: Form) -> Visit[Form]:
    content = json.dumps({"values": form.values, "shown": form.shown}, ensure_ascii=False).encode()
    values = {
        "code": form.code,
        "person_id": form.person_id,
        "year": form.year,
        "issued_at": form.issued_at,
        "head_seq": form.head_seq,
        "content": vault.seal(content, _place(form.code)),
    }
    yield (Step(_ISSUE, values),)
    kept = yield from _found(vault, form.code)
    return kept or form


def _found(vault: Vault, code: str) -> Visit[Form | None]:
    (rows,) = yield (Step(_FIND, {"of": code}),)
    if not rows:
        return None
    code, person_id, year, issued_at, content, head_seq, seq = rows[0]
    kept = json.loads(vault.open(content, _place(code)))
    return Form(code, person_id, year, issued_at, kept["values"], kept["shown"], head_seq, changed=seq != head_seq)


def _place(code: str) -> str:
    return f"forms/{code}"
