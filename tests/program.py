"""A module of this project as a process of its own: started with given settings, waited for, stopped or killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
READY_SECONDS = 60
STOP_SECONDS = 40


@dataclass
class Program:
    """``await start(…)``, then ``await ready()``; ``await stop()`` or ``await kill()`` at the end, always.

    ``errors`` is what it wrote to standard error so far, which is its log.
    """

    process: asyncio.subprocess.Process
    errors: list[str] = field(default_factory=list)
    _first_line: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def ready(self) -> str:
        """Wait for its first line on standard output, which it writes when it serves; fails when it ends before."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                line = await asyncio.shield(self._first_line)
        except TimeoutError:
            line = ""
        assert line, f"not ready:\n{self.log}"
        return line

    async def stop(self) -> int:
        """End it as an operator does; returns its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            return await self.ends()

    async def kill(self) -> None:
        """End it as a power cut does; returns when nothing of it is left."""
        if self.process.returncode is None:
            self.process.kill()
        await self.ends()

    def freeze(self) -> None:
        """Let it do nothing more, though it is still there."""
        self.process.send_signal(signal.SIGSTOP)

    @property
    def log(self) -> str:
        return "".join(self.errors)

    @property
    def cpu_seconds(self) -> float:
        """What it has used of processors so far; only while it runs."""
        return cpu_seconds(self.process.pid)

    async def ends(self) -> int:
        """Wait until it has ended by itself; returns its exit code."""
        code = await self.process.wait()
        await asyncio.gather(*self._readers)
        return code

    async def _read_output(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            if not self._first_line.done():
                self._first_line.set_result(line.decode().rstrip())
        if not self._first_line.done():
            self._first_line.set_result("")

    async def _read_errors(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.errors.append(line.decode(errors="replace"))


def cpu_seconds(pid: int) -> float:
    """What a process that runs has used of processors so far, of all its threads."""
    # proc(5): fields 14 and 15, counted here from behind the name, which may hold blanks.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def start(module: str, *arguments: str, folder: Path, settings: Mapping[str, str]) -> Program:
    """Start ``python -m MODULE …`` in a folder, with these settings and none of whoever runs the tests."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    program = Program(process)
    program._readers = [
        asyncio.create_task(program._read_output(process.stdout)),
        asyncio.create_task(program._read_errors(process.stderr)),
    ]
    return program
