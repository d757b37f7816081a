"""The worker process that reads pictures: frames on stdin, one JSON line on stdout for each, in order.

A frame is four bytes of length and a JSON header {"holder", "size"}, then the picture. The answer is {"proof": …} or
{"flaw", "found", "limit"}, with the worker's resident memory in megabytes. It knows nothing but pictures: it is started
without the service's secrets, runs at low priority and ends when its stdin does.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO

from bot.picture import pixels
from domain.picture import PictureRefused
from nlp.proofs.extraction import extract
from nlp.proofs.proof import Proof, record_of

ADDRESS_SPACE = 6 << 30  # a picture that asks for more than this is refused its memory, not the machine's
NICENESS = 5  # chat comes first


class Eye:
    """The loaded recogniser and what it makes of a picture."""

    def __init__(self, threads: int = 1) -> None:
        from bot.recognition import Recogniser  # noqa: PLC0415 (the models' libraries take a second to import)

        self._recogniser = Recogniser(threads)

    def read(self, picture: bytes, holder: str | None = None) -> Proof:
        """What the picture says. Raises PictureRefused. `holder` finds the right row in a list of several people."""
        from bot.recognition import LONGEST  # noqa: PLC0415

        return extract(self._recogniser.page(pixels(picture, LONGEST)), holder)


def resident_megabytes() -> int:
    """What this process holds in memory now."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 (not a path, a question to the kernel)
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def serve(frames: BinaryIO, answers: BinaryIO) -> None:
    """Answers every frame until there are no more."""
    eye = Eye()
    _say(answers, {"ready": True})
    while head := frames.read(4):
        header = json.loads(frames.read(int.from_bytes(head)))
        picture = frames.read(header["size"])
        _say(answers, {**_answer(eye, picture, header["holder"]), "megabytes": resident_megabytes()})


def _answer(eye: Eye, picture: bytes, holder: str | None) -> dict[str, Any]:
    try:
        return {"proof": record_of(eye.read(picture, holder))}
    except PictureRefused as refused:
        return {"flaw": refused.flaw.value, "found": refused.found, "limit": refused.limit}


def _say(answers: BinaryIO, record: dict[str, Any]) -> None:
    answers.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers_only = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to stderr, not between the answers
    serve(sys.stdin.buffer, answers_only)
