"""Compiles the catalogs when the project is installed; the build backend runs this, the program never does.

Editable installs included. An editor who changes a catalog afterwards need not run it again:
``bot.i18n`` notices that the text file is newer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogs(BuildHookInterface[Any]):
    """Writes an ``.mo`` file beside every ``.po`` file under ``content/locales``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for text in sorted(Path(self.root, "content", "locales").glob("*/LC_MESSAGES/*.po")):
            language = text.parent.parent.name
            with text.open("rb") as file:
                catalog = read_po(file, locale=language, abort_invalid=True)
            with text.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalog)
