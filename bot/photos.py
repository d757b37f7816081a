"""Where the pictures themselves are: sealed, named by their SHA-256 and their person, in a folder or in S3.

A picture is on disk when `keep` returns: only then is its row written, and only then does anything read it.
"""

import asyncio
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, from_url

from storage.sealing import Vault

FOLDER = "file:"


class PhotoGone(Exception):
    """The picture is not in the store: its time was over, or somebody else has removed it."""


class Photos:
    """The object store of `url`: `file:<folder>`, relative to the working directory, or `s3://bucket/prefix`.

    Access to S3 is configured by the usual AWS_… variables of the environment.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        self._vault = vault
        self._folder = Path(url.removeprefix(FOLDER)).absolute() if url.startswith(FOLDER) else None
        self._store: Any = LocalStore(self._folder, mkdir=True) if self._folder is not None else from_url(url)

    async def keep(self, person_id: str, picture: bytes) -> str:
        """Stores a picture, and gives its hash. Storing it again changes nothing."""
        photo, sealed = await asyncio.to_thread(self._sealed, person_id, picture)
        path = _path(person_id, photo)
        await obstore.put_async(self._store, path, sealed)
        if self._folder is not None:
            await asyncio.to_thread(_onto_disk, self._folder / path)
        return photo

    def _sealed(self, person_id: str, picture: bytes) -> tuple[str, bytes]:
        photo = hashlib.sha256(picture).hexdigest()
        return photo, self._vault.seal(picture, _place(person_id, photo))

    async def open(self, person_id: str, photo: str) -> bytes:
        """The picture as it was sent. PhotoGone; SealBroken when it has been altered."""
        try:
            got = await obstore.get_async(self._store, _path(person_id, photo))
            sealed = bytes(await got.bytes_async())
        except FileNotFoundError:
            raise PhotoGone from None
        return await asyncio.to_thread(self._vault.open, sealed, _place(person_id, photo))

    async def probe(self) -> int | None:
        """Writes a small object, reads and removes it; the bytes that are free, None where nobody can say.

        Raises what the store raises when it cannot be written to or read.
        """
        name = f"probe.{os.urandom(6).hex()}"  # no picture's: those are two letters, a slash and a hash
        await obstore.put_async(self._store, name, b"xueshi")
        got = await obstore.get_async(self._store, name)
        if bytes(await got.bytes_async()) != b"xueshi":
            raise OSError("the store gives back something else")
        await obstore.delete_async(self._store, name)
        return None if self._folder is None else shutil.disk_usage(self._folder).free

    async def delete(self, person_id: str, photo: str) -> None:
        """Removes a picture; nothing happens when it is not there."""
        try:
            await obstore.delete_async(self._store, _path(person_id, photo))
        except FileNotFoundError:
            return


def _path(person_id: str, photo: str) -> str:
    return f"{photo[:2]}/{photo}.{person_id}"


def _place(person_id: str, photo: str) -> str:
    return f"photos/{person_id}/{photo}"


def _onto_disk(path: Path) -> None:
    """A file and its name, durable: the library renames it into place and leaves the rest to the kernel."""
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
