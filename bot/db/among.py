"""``column IN (many values)`` as one parameter, so that the statement is the same however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, ColumnElement, String, Text, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection


def among(connection: AsyncConnection, column: Any, ids: Sequence[int] | Sequence[str]) -> ColumnElement[bool]:
    """A condition that holds for rows whose ``column`` is one of ``ids``: numbers, or texts in a column of texts."""
    if connection.dialect.name == "postgresql":
        kind = ARRAY(Text() if isinstance(column.type, String) else BigInteger())
        return column == func.any(bindparam("ids", list(ids), type_=kind))  # type: ignore[no-any-return]
    values = func.json_each(bindparam("ids", orjson.dumps(list(ids)).decode())).table_valued("value")
    return column.in_(select(literal_column("value")).select_from(values))  # type: ignore[no-any-return]
