"""Who is at the other end of a web chat: a random id in a signed cookie, and how fast they may write."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from aiohttp import web

COOKIE = "visitor"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one
# Far above what a person types; a script in a loop is slowed down.
BURST, PER_SECOND = 300.0, 10.0
REMEMBERED_VISITORS = 20_000


@dataclass(frozen=True, slots=True)
class Visitors:
    """Reads and writes the cookie.

    ``secure`` where people come by https, which also lets other sites embed the chat.
    """

    key: bytes
    secure: bool

    def known(self, request: web.Request) -> str:
        """The visitor's id, or "" when the cookie is absent or not ours."""
        visitor, _, signature = request.cookies.get(COOKIE, "").partition(".")
        return visitor if visitor and hmac.compare_digest(signature, self._signature(visitor)) else ""

    def new(self) -> str:
        return secrets.token_urlsafe(24)

    def remember(self, response: web.StreamResponse, visitor: str) -> None:
        """Set the cookie, also to prolong it."""
        # Written out, since the standard library of Python 3.11 doesn't know Partitioned, without
        # which browsers drop the cookie of a chat that is embedded in another site.
        reach = "SameSite=None; Secure; Partitioned" if self.secure else "SameSite=Lax"
        value = f"{COOKIE}={visitor}.{self._signature(visitor)}"
        response.headers.add("Set-Cookie", f"{value}; Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; {reach}")

    def _signature(self, visitor: str) -> str:
        return hmac.new(self.key, b"visitor:" + visitor.encode(), hashlib.sha256).hexdigest()[:43]


@dataclass
class Throttle:
    """A token bucket per visitor, for this process; the ones longest silent are forgotten first."""

    buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, visitor: str) -> bool:
        """Whether the visitor may write now; counts the message if so."""
        now = time.monotonic()
        level, since = self.buckets.pop(visitor, (BURST, now))
        level = min(BURST, level + (now - since) * PER_SECOND)
        allowed = level >= 1
        self.buckets[visitor] = (level - 1 if allowed else level, now)
        if len(self.buckets) > REMEMBERED_VISITORS:
            self.buckets.popitem(last=False)
        return allowed
