"""The guard that keeps the tests on this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.guards import OutsideConnection, loopback_only


@pytest.mark.parametrize("host", ["192.0.2.1", "api.telegram.org", "2001:db8::1"])
async def test_other_machines_are_out_of_reach(host: str) -> None:
    with loopback_only(), pytest.raises(OutsideConnection):
        await asyncio.open_connection(host, 443)


def test_a_name_that_nobody_has_is_not_even_asked_for() -> None:
    with loopback_only(), pytest.raises(socket.gaierror):
        socket.getaddrinfo("does-not-exist.invalid", 80)


def test_a_plain_socket_is_held_back_too() -> None:
    with loopback_only(), socket.socket() as plain, pytest.raises(OutsideConnection):
        plain.connect_ex(("192.0.2.1", 443))


async def test_this_machine_is_within_reach() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with loopback_only():
        reader, writer = await asyncio.open_connection("localhost", port)
        assert await reader.read() == b"hello"
        writer.close()
    server.close()
