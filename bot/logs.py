"""Logging: one line per event, on a console or as JSON, without secrets or personal data."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Any

import structlog

_SECRETS = (
    (re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{20,}"), "[token]"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w.:-])\+?\d[\d .]{7,13}\d(?![\w:-])"), "[number]"),
)
# Written by the program itself about itself: never a person's.
_NUMERIC = {"timestamp", "seconds", "count", "port", "delivery", "lineno"}


def configure(level: str, style: str) -> None:
    """Send everything through structlog to standard error. ``style`` is console or json."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_values,
        redact,
    ]
    end = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, end],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Their lines hold whole request addresses, and a Telegram token is part of the address.
    for noisy in ("httpx", "httpcore", "apscheduler", "aiohttp.access", "asyncio", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def trace(error: BaseException) -> str:
    """What went wrong and where, without the message: that may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join([type(error).__name__, *(f"{each.filename}:{each.lineno} in {each.name}" for each in frames)])


def _without_values(_logger: Any, _method: str, event: Any) -> Any:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = trace(error)
    return event


def redact(_logger: Any, _method: str, event: Any) -> Any:
    """Replace tokens, e-mail addresses and long numbers in every value of a log event."""
    for name, value in event.items():
        if name in _NUMERIC or not isinstance(value, str | BaseException):
            continue
        text = str(value)
        for pattern, stand_in in _SECRETS:
            text = pattern.sub(stand_in, text)
        event[name] = text
    return event
