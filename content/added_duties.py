"""Lays duties that staff sent in the chat over those of the files. Pure.

One that can't be read any more, or names an agency that is gone, is passed over: whatever is in the database, the
content stays one that the program can run on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from content.duty_model import Duty
from content.model import Content


def with_duties(content: Content, definitions: Sequence[Mapping[str, Any]]) -> tuple[Content, tuple[str, ...]]:
    """The content with these duties in place of those of their names, new ones last; and which were passed over."""
    if not definitions:
        return content, ()
    duties = dict(content.duties)
    misfits = []
    for definition in definitions:
        try:
            duty = Duty.model_validate(definition)
        except ValidationError as error:
            misfits.append(f"{definition.get('slug')}: {error.error_count()} mistakes")
            continue
        gone = [slug for slug in named(duty) if slug not in content.agencies]
        if gone:
            misfits.append(f"{duty.slug}: there is no {gone[0]!r}")
        else:
            duties[duty.slug] = duty
    return content.model_copy(update={"duties": duties}), tuple(misfits)


def named(duty: Duty) -> tuple[str, ...]:
    """Every agency that a duty names."""
    by = duty.owed_by
    return (*duty.received_by, *(duty.review or ()), *by.agencies, *by.exclude)
