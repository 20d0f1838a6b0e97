"""``python -m bot check``: every mistake in the content."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from content.checks import check
from content.files import FOLDER
from content.yaml_reader import Mistake


def run_check(folder: Path = FOLDER) -> list[Mistake]:
    """The mistakes in the content as of today in Hanoi, in the order of the files."""
    return check(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date(), folder)
