"""Log lines as JSON on standard error, without anything a person wrote and with ids shortened."""

import hashlib
import logging
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog


def set_up(level: int = logging.INFO) -> None:
    """structlog for our lines; the libraries' warnings go the same way, without their arguments' text."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_text,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s")


def short(identifier: str) -> str:
    """A stable stand-in for a person's id or a message key: the same person reads the same, nobody can be named."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:10]


def _exception_without_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """An exception as its type and where it was raised: its message may hold what a person wrote."""
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        trace = error.__traceback__
        frames = []
        while trace is not None:
            file = Path(trace.tb_frame.f_code.co_filename)
            frames.append(f"{file.parent.name}/{file.name}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["at"] = frames[-6:]
    elif error is not None:
        event["error"] = str(error)
    return event
