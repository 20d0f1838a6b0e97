"""Keeps the tests on this machine: a connection to anywhere else is a mistake in the test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class OutsideConnection(AssertionError):
    """A test tried to reach another machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Inside the block this process can look up and connect to its own machine only."""
    real_lookup = socket.getaddrinfo

    def connect_to(real: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX:
                _require_loopback(address[0])
            return real(self, address)

        return connect

    def lookup(host: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(host, str) and host.endswith(".invalid"):  # reserved for names that nobody has: no need to ask
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host:
            _require_loopback(host)
        return real_lookup(host, *arguments, **named)

    with (
        patch.object(socket.socket, "connect", connect_to(socket.socket.connect)),
        patch.object(socket.socket, "connect_ex", connect_to(socket.socket.connect_ex)),
        patch.object(socket, "getaddrinfo", lookup),
    ):
        yield


def _require_loopback(host: str | bytes) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideConnection(f"the tests must not reach {name}")
