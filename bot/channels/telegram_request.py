"""python-telegram-bot's requests on aiohttp's client: a tenth of the processor time of its own httpx one.

The address of every request holds the bot's token, so nothing raised here may quote it: errors of
aiohttp that can carry an address are replaced by the name of their kind, not chained.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import FileNotFetched, FileTooLarge

USER_AGENT = "nhip-cau"
CONNECT_SECONDS = 10.0
# Waiting for one of our own connections and then connecting; nothing was sent when this runs out.
POOL_AND_CONNECT_SECONDS = 20.0
MOST_CONNECTIONS = 64
KEEP_ALIVE_SECONDS = 30.0
PAUSE_WITHOUT_ADVICE = 5.0
# What PTB has an error of its own for, and 408, which says nothing about the request itself.
KNOWN_REFUSALS = frozenset({400, 401, 403, 404, 408, 409})

_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request provably never reached Telegram: there was no connection to send it on."""


class TooManyRequests(TelegramError):
    """Telegram wants silence for ``seconds``.

    PTB's RetryAfter is not used because making one warns about its own attribute.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too Many Requests: retry after {seconds:g}")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """One aiohttp session for all calls of a bot, long polling included."""

    def __init__(self, read_timeout: float, proxy: str | None = None) -> None:
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer when the call says nothing else."""
        return self._read_timeout

    @property
    def is_open(self) -> bool:
        """Whether requests can be made: between ``initialize`` and ``shutdown``."""
        return self._session is not None

    async def initialize(self) -> None:
        """Open the session; nothing is connected yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=300
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
                proxy=self._proxy,
                timeout=_timeout(self._read_timeout),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one request. Only ``read_timeout`` can be chosen per call."""
        if self._session is None:
            raise NotSent("The session is not open")
        options: dict[str, Any] = {}
        if read_timeout is not BaseRequest.DEFAULT_NONE:
            options["timeout"] = _timeout(read_timeout)
        if request_data is not None and request_data.contains_files:
            options["data"] = _form(request_data)
        elif request_data is not None:
            options |= {"data": orjson.dumps(request_data.parameters), "headers": _JSON}
        try:
            async with self._session.request(method, url, allow_redirects=False, **options) as response:
                status, body = response.status, await response.read()
        except aiohttp.ConnectionTimeoutError:
            raise NotSent("No connection in time") from None
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"No connection: {type(error).__name__}") from None
        except TimeoutError:
            raise TimedOut("No answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"The connection failed: {type(error).__name__}") from None
        if status == 429:
            raise TooManyRequests(_pause_wanted(body))
        if 400 <= status < 500 and status not in KNOWN_REFUSALS:  # such as 413; PTB would call it a network error
            raise BadRequest(f"Refused with status {status}")
        return status, body

    async def download(self, url: str, most: int) -> bytes:
        """The body at an address, of at most ``most`` bytes.

        Raises FileTooLarge as soon as there are more, and FileNotFetched.
        """
        if self._session is None:
            raise FileNotFetched("the session is not open")
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                if response.status != 200:
                    raise FileNotFetched(f"status {response.status}")
                if (response.content_length or 0) > most:
                    raise FileTooLarge
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > most:
                        raise FileTooLarge
                return bytes(body)
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            raise FileNotFetched(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object of an answer. Its content never gets into a log, as PTB's own would."""
        try:
            parsed = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        return parsed


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for an address: some networks let Telegram through only so."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("127.0.0.1", "localhost", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def _timeout(read_seconds: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=None, connect=POOL_AND_CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=read_seconds
    )


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Quoted, a Vietnamese file name would reach the person as percent signs.
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=" ".join(file_name.split()), content_type=media_type)
    return form


def _pause_wanted(body: bytes) -> float:
    """Seconds to keep silent, from the answer's parameters; its text is no contract."""
    try:
        seconds = orjson.loads(body)["parameters"]["retry_after"]
        return max(float(seconds), 1.0)
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError):
        return PAUSE_WITHOUT_ADVICE
