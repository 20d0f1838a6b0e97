"""The HTTP shell: the channels' routes, health, metrics, and the limits that hold for all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import structlog
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bot.db.engine import Database
from bot.db.migrate import is_current
from bot.metrics import CONTENT_TYPE, Metrics

log = structlog.get_logger(__name__)

LARGEST_BODY = 12 * 1024 * 1024  # a file of 10 MB with its envelope


def make_server(routes: Iterable[web.RouteDef], database: Database, metrics: Metrics) -> web.Application:
    """The application; start it with ``listen``."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        try:
            async with database.reading() as connection:
                await connection.execute(text("SELECT 1"))
            if await is_current(database):
                return web.Response(text="ready\n")
            problem = "the schema is not current"
        except Exception as error:  # whatever it is, the answer is that we are not ready
            problem = f"the database does not answer ({type(error).__name__})"
        return web.Response(text=f"{problem}\n", status=503)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(database), headers={"Content-Type": CONTENT_TYPE})

    server = web.Application(client_max_size=LARGEST_BODY, middlewares=[_no_traceback])
    server.add_routes(routes)
    server.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", show_metrics)])
    return server


async def listen(server: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Serve; returns what to clean up and the port (that of the system's choice for 0)."""
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=2, handler_cancellation=False)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024, reuse_address=True)
    await site.start()
    return runner, runner.addresses[0][1]


@web.middleware
async def _no_traceback(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except (DBAPIError, NoFreeConnection, TimeoutError, OSError):
        log.exception("request failed for now", path=request.path, method=request.method)
        return _try_again(503)
    except Exception:
        log.exception("request failed", path=request.path, method=request.method)
        return _try_again(500)


def _try_again(status: int) -> web.Response:
    message = "Hệ thống đang gặp lỗi, vui lòng thử lại sau ít phút. / Something went wrong, please try again shortly."
    return web.json_response({"error": message}, status=status)
