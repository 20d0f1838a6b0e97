"""Focal points in words."""

from __future__ import annotations

from bot.i18n import Translator
from bot.services.people.agencies import FocalRole


def role(of: FocalRole, t: Translator) -> str:
    """How a person answers for an agency."""
    match of:
        case FocalRole.HOLDER:
            return t("officer in charge")
        case FocalRole.DEPUTY:
            return t("deputy")
        case FocalRole.HEAD:
            return t("head of the agency")
