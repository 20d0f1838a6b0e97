"""Every table, for whoever needs the whole schema: importing this module makes ``METADATA`` complete.

The words are those of the glossary in README.md; the classes only describe columns: statements are
Core statements over a connection (``select(Contact.id).where(...)``), so that what a request costs
can be read off the page. Times are UTC, ids of the outside world are text, statuses are short words.
"""

from bot.db.models import (
    applications,
    businesses,
    calendar,
    check_in,
    clock,
    handing_in,
    learning,
    messages,
    offerings,
    people,
    reporting,
    tickets,
)
from bot.db.types import Base

MODULES = (
    people,
    messages,
    clock,
    businesses,
    offerings,
    applications,
    check_in,
    calendar,
    reporting,
    handing_in,
    tickets,
    learning,
)
METADATA = Base.metadata
