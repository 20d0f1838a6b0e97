"""What is kept of a message that asks something: a line in the log, without the asker, and the asker's last question.

On PostgreSQL that is one statement when one thing was asked, as nearly always.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.answering.findings import Answer, Finding, Further
from bot.services.learning import last_questions, question_log

_LOG_AND_REMEMBER = question_log.LOG.add_cte(last_questions.REMEMBER.cte("remembered"))


async def keep(
    connection: AsyncConnection, contact_id: int, message: str, findings: Sequence[Finding], now: datetime
) -> list[str]:
    """Keep a message and what was found for each thing it asks; the tokens to rate them by, empty for small talk."""
    lines = [question_log.line(message, finding, now) for finding in findings]
    logged = [line for line in lines if line is not None]
    kept = last_questions.kept(contact_id, message, _about(findings[-1]), now)
    if connection.dialect.name == "postgresql" and len(logged) == 1:
        await connection.execute(_LOG_AND_REMEMBER, logged[0] | kept)
    else:
        await connection.execute(last_questions.REMEMBER, kept)
        if logged:
            await connection.execute(question_log.LOG, logged)
    return [line["new_token"] if line is not None else "" for line in lines]


def _about(finding: Finding) -> str | None:
    """The entry that the next question may carry on."""
    outcome = finding.outcome
    return outcome.entry.id if isinstance(outcome, Answer | Further) else None
