"""What an error of the mail server means for a delivery."""

from __future__ import annotations

import re

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPReadTimeoutError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from bot.errors import ChannelClosed, DeliveryError, MessageRefused, RecipientGone, TryLater

# While the server can't be reached every message meets the same, so all of them wait.
OUT_OF_REACH_SECONDS = 60.0
PERMANENT = 500
# RFC 3463: 5.1.x says that there is no such mailbox, 5.2.1 that it takes nothing any more.
_NOBODY_THERE = re.compile(r"\b5\.(1\.\d+|2\.1)\b")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# Without such a code: no such mailbox, not here, no longer at this place, bad name of a mailbox.
_GONE = (550, 551, 553)


def delivery_error(error: SMTPException | OSError) -> DeliveryError:
    """The error that delivery acts on; its reason names no credentials, since servers don't repeat them."""
    match error:
        case SMTPRecipientsRefused():
            return _of_recipient(error)
        case SMTPAuthenticationError() if error.code >= PERMANENT:
            return ChannelClosed(_reason("the mail server refused user or password", error))
        case SMTPSenderRefused() if error.code >= PERMANENT:
            return ChannelClosed(_reason("the mail server refused SMTP_FROM", error))
        case SMTPException() if isinstance(error, SMTPNotSupported) or "STARTTLS" in str(error):
            return ChannelClosed(f"the mail server can't do what SMTP_URL asks for: {str(error)[:200]}")
        case SMTPResponseException() if error.code >= PERMANENT:
            return MessageRefused(_reason("the mail server refused the message", error))
        case SMTPResponseException():
            return TryLater(_reason("the mail server is busy", error))
        case SMTPReadTimeoutError() | SMTPServerDisconnected():
            return TryLater("the mail server gave no answer, or hung up", maybe_sent=True)
    return TryLater(
        f"the mail server can't be reached: {type(error).__name__}: {str(error)[:200]}",
        after=OUT_OF_REACH_SECONDS,
        whole_channel=True,
    )


def _of_recipient(error: SMTPRecipientsRefused) -> DeliveryError:
    refused = error.recipients[0]
    said = _reason("the mail server refused the recipient", refused)
    if refused.code < PERMANENT:
        return TryLater(said)
    # Others, such as 550 5.7.1, are about who sends and what: the mailbox may be there.
    enhanced = _ENHANCED.search(refused.message)
    gone = _NOBODY_THERE.search(refused.message) if enhanced else refused.code in _GONE
    return RecipientGone(said) if gone else MessageRefused(said)


def _reason(what: str, error: SMTPResponseException) -> str:
    return f"{what}: {error.code} {' '.join(error.message.split())[:200]}"
