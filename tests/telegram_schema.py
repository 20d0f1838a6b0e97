"""Is this a call that Telegram would accept? aiogram's types know the shape, the limits are checked here.

aiogram is generated from the official description of the Bot API and is no part of the bot, so it is
an independent opinion. It lets unknown fields pass and knows no lengths: both are made up for here.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardMarkup, InputFile, ReplyKeyboardMarkup
from pydantic import BaseModel, ValidationError

METHODS: Mapping[str, type[TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for method in vars(aiogram.methods).values()
    if isinstance(method, type) and issubclass(method, TelegramMethod) and method is not TelegramMethod
}

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100
MOST_BUTTONS = 100
MOST_BUTTONS_IN_A_ROW = 8
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "pre"), frozenset()),
    "a": frozenset({"href"}),
    "code": frozenset({"class"}),
    "span": frozenset({"class"}),
    "blockquote": frozenset({"expandable"}),
    "tg-emoji": frozenset({"emoji-id"}),
}
NAMED_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class WrongCall(Exception):
    """A call that Telegram would refuse as wrongly made; the text is the answer's description."""


def read_call(name: str, fields: Mapping[str, Any]) -> TelegramMethod[Any]:
    """The call as aiogram's method, checked. Files among the fields are ``InputFile`` objects."""
    method = METHODS.get(name.lower())
    if method is None:
        raise WrongCall(f"no method {name}")
    values = {key: _decoded(method, key, value) for key, value in fields.items()}
    try:
        call = method.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5])
        raise WrongCall(f"{method.__api_method__}: {problems}") from error
    unknown = [*_unknown_fields(call, method.__api_method__)]
    if unknown:
        raise WrongCall(f"unknown fields: {', '.join(unknown)}")
    _check_limits(call)
    return call


def plain_text(text: str, parse_mode: object) -> str:
    """What a person sees of a text; refuses markup that Telegram could not read."""
    if parse_mode != "HTML":
        if isinstance(parse_mode, str):
            raise WrongCall(f"parse mode {parse_mode!r} is not known to this test")
        return text.strip()
    reader = _MarkupReader()
    reader.feed(text)
    reader.close()
    reader.finish()
    return "".join(reader.shown).strip()


def plain(value: BaseModel) -> Any:
    """A type of aiogram as JSON values, as Telegram would write it."""
    return value.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def utf16_length(text: str) -> int:
    """How Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class _MarkupReader(HTMLParser):
    """Stricter than Telegram in one thing: a bare ``&`` is a mistake, since it shows that nobody escaped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.shown: list[str] = []
        self._open: list[str] = []
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ATTRIBUTES:
            raise _unreadable(f'Unsupported start tag "{tag}"')
        for name, _ in attrs:
            if name not in ATTRIBUTES[tag]:
                raise _unreadable(f'Unsupported attribute "{name}" of "{tag}"')
        self._open.append(tag)
        self._count += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise _unreadable(f'Unsupported start tag "{tag}/"')

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise _unreadable(f'Unmatched end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        if stray := re.search(r"[<>&]", data):
            raise _unreadable(f"Unexpected {stray[0]!r}")
        self.shown.append(data)

    def handle_entityref(self, name: str) -> None:
        if name not in NAMED_ENTITIES:
            raise _unreadable(f'Unknown entity "{name}"')
        self.shown.append(NAMED_ENTITIES[name])

    def handle_charref(self, name: str) -> None:
        self.shown.append(chr(int(name[1:], 16) if name[0] in "xX" else int(name)))

    def handle_comment(self, data: str) -> None:
        raise _unreadable("Unsupported start tag")

    def handle_decl(self, decl: str) -> None:
        raise _unreadable("Unsupported start tag")

    def handle_pi(self, data: str) -> None:
        raise _unreadable("Unsupported start tag")

    def unknown_decl(self, data: str) -> None:
        raise _unreadable("Unsupported start tag")

    def finish(self) -> None:
        if self.rawdata:
            raise _unreadable("Unexpected end of text")
        if self._open:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self._open[-1]}"')
        if self._count > MOST_ENTITIES:
            raise WrongCall("too many entities")


def _unreadable(what: str) -> WrongCall:
    return WrongCall(f"can't parse entities: {what}")


def _decoded(method: type[TelegramMethod[Any]], key: str, value: Any) -> Any:
    """A form's fields are all strings: objects, numbers and truth values come as JSON in them."""
    if not isinstance(value, str) or key not in method.model_fields:
        return value
    allowed = set(_parts(method.model_fields[key].annotation))
    if int in allowed and str in allowed:
        return int(value) if re.fullmatch(r"-?\d+", value) else value
    if str in allowed:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise WrongCall(f"can't parse {key}: not JSON") from error


def _parts(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _unknown_fields(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _unknown_fields(each, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _unknown_fields(each, f"{path}[{name!r}]")


def _check_limits(call: TelegramMethod[Any]) -> None:
    match call:
        case aiogram.methods.SendMessage() | aiogram.methods.EditMessageText():
            shown = utf16_length(plain_text(call.text or "", call.parse_mode))
            if shown == 0:
                raise WrongCall("message text is empty")
            if shown > LONGEST_TEXT:
                raise WrongCall("message is too long")
        case aiogram.methods.SendDocument() | aiogram.methods.SendPhoto():
            if utf16_length(plain_text(call.caption or "", call.parse_mode)) > LONGEST_CAPTION:
                raise WrongCall("message caption is too long")
            file = call.document if isinstance(call, aiogram.methods.SendDocument) else call.photo
            if isinstance(file, InputFile) and not getattr(file, "data", b""):
                raise WrongCall("file must be non-empty")
        case aiogram.methods.AnswerCallbackQuery():
            if utf16_length(call.text or "") > 200:
                raise WrongCall("MESSAGE_TOO_LONG")
        case aiogram.methods.SetMyCommands():
            _check_commands(call)
        case aiogram.methods.SetWebhook():
            _check_webhook(call)
        case _:
            pass
    _check_keyboard(getattr(call, "reply_markup", None))


def _check_webhook(call: aiogram.methods.SetWebhook) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", call.secret_token or "none"):
        raise WrongCall("secret token contains unallowed characters")
    if not 1 <= (call.max_connections or 40) <= 100:
        raise WrongCall("max_connections out of range")


def _check_commands(call: aiogram.methods.SetMyCommands) -> None:
    if len(call.commands) > 100:
        raise WrongCall("BOT_COMMANDS_TOO_MUCH")
    if call.language_code and not re.fullmatch(r"[a-z]{2}", call.language_code):
        raise WrongCall("language code is invalid")
    for command in call.commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.command):
            raise WrongCall(f"BOT_COMMAND_INVALID: {command.command!r}")
        if not 1 <= len(command.description) <= 256:
            raise WrongCall("BOT_COMMAND_DESCRIPTION_INVALID")


def _check_keyboard(markup: object) -> None:
    rows: list[list[Any]] = []
    if isinstance(markup, InlineKeyboardMarkup):
        rows = list(markup.inline_keyboard)
        for button in (button for row in rows for button in row):
            actions = button.model_dump(exclude_none=True, exclude={"text", "style", "icon_custom_emoji_id"})
            if len(actions) != 1:
                raise WrongCall(f"a button needs exactly one action, {button.text!r} has {sorted(actions)}")
            if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= 64:
                raise WrongCall("BUTTON_DATA_INVALID")
            if button.url is not None and not re.match(r"tg://|https?://(?!127\.)[^\s/.]+\.[^\s/]+", button.url):
                raise WrongCall(f"inline keyboard button URL {button.url!r} is invalid: Wrong HTTP URL")
    elif isinstance(markup, ReplyKeyboardMarkup):
        rows = list(markup.keyboard)
        if not rows:
            raise WrongCall("reply keyboard is empty")
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_BUTTONS_IN_A_ROW for row in rows):
        raise WrongCall("reply markup is too long")
    if any(not row for row in rows) or any(not button.text.strip() for row in rows for button in row):
        raise WrongCall("BUTTON_TEXT_INVALID: a button or row is empty")
