"""Errors that a caller can act on. A reason is written for an administrator to read, in English."""

from __future__ import annotations


class DeliveryError(Exception):
    """A reply could not be handed to its channel."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(DeliveryError):
    """The channel is busy or out of reach.

    ``after`` is in seconds; None leaves the pause to the caller. ``whole_channel`` holds back every
    message of the token, not only this one. ``maybe_sent`` says that the person may have got it.
    """

    def __init__(
        self,
        reason: str,
        *,
        after: float | None = None,
        whole_channel: bool = False,
        maybe_sent: bool = False,
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.whole_channel = whole_channel
        self.maybe_sent = maybe_sent


class MessageRefused(DeliveryError):
    """This message will never be accepted."""


class RecipientGone(DeliveryError):
    """The person blocked the bot, left, or never started it: stop writing to this address."""


class ChannelClosed(DeliveryError):
    """The token was refused: stop sending on this channel until somebody mends it."""


class FileNotFetched(Exception):
    """A file that somebody sent could not be got from its channel, or not any more."""


class FileTooLarge(Exception):
    """A file that somebody sent has more bytes than were asked for."""


class Refused(Exception):
    """The person may not do this, or not any more; ``message`` is a sentence in their language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
