"""An event's entry pass: the code of a confirmed application, signed, as text and as a QR picture.

The signature says that we made the pass; whether it still counts is for the door to look up. Everything that
is made here is a file in the folder of stored files, in a folder per application that nobody can guess.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import segno

from bot.messages import Attachment
from bot.services.applications import application_codes
from bot.services.messages.received import READABLE

FOLDER = "passes"
PNG = "image/png"

_VERSION = "NC1"
# 17 of 31 characters are 84 bits. With capitals, figures, full stop and hyphen a QR code stays in its
# alphanumeric mode, which keeps it coarse and so easy to scan.
_SIGNATURE = 17
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Passes:
    """Makes and reads passes. ``files`` is the folder of stored files, ``public_url`` our address, if known."""

    secret: bytes
    files: Path
    public_url: str

    def sign(self, code: str) -> str:
        """What the QR picture says: ``NC1.NC-7K3M-Q9.<signature>``."""
        return f"{_VERSION}.{code}.{self._word('pass', code)}"

    def read(self, text: str) -> str | None:
        """The code of a pass that we signed, None for anything else."""
        parts = text.strip().upper().split(".") if len(text) <= _LONGEST else []
        if len(parts) != 3 or parts[0] != _VERSION:
            return None
        code = application_codes.read(parts[1])
        if code is None:
            return None
        genuine = hmac.compare_digest(parts[2].encode(), self._word("pass", code).encode())
        return code if genuine else None

    def picture(self, code: str) -> Attachment:
        """The pass as a picture that a phone shows and another phone scans."""
        return self.keep(code, f"{code}.png", PNG, picture(self.sign(code)))

    def keep(self, code: str, name: str, media_type: str, content: bytes) -> Attachment:
        """Store something made for an application, to go with a reply; the same content is stored once."""
        folder = Path(FOLDER) / self._word("folder", code).lower()
        path = folder / f"{sha256(content).hexdigest()[:24]}{Path(name).suffix}"
        if not (self.files / path).exists():
            (self.files / folder).mkdir(parents=True, exist_ok=True)
            unfinished = self.files / folder / f".{uuid4().hex}"
            unfinished.write_bytes(content)
            unfinished.replace(self.files / path)
        return Attachment(name, media_type, path.as_posix())

    def forget(self, code: str) -> None:
        """Remove everything that was made for an application."""
        folder = self.files / FOLDER / self._word("folder", code).lower()
        for path in folder.glob("*"):
            path.unlink(missing_ok=True)
        if folder.exists():
            folder.rmdir()

    def _word(self, purpose: str, code: str) -> str:
        key = hmac.digest(self.secret, f"event passes: {purpose}".encode(), "sha256")
        number = int.from_bytes(hmac.digest(key, code.encode(), "sha256"))
        letters = []
        for _ in range(_SIGNATURE):
            number, position = divmod(number, len(READABLE))
            letters.append(READABLE[position])
        return "".join(letters)


def picture(text: str) -> bytes:
    """A QR code as PNG: a quarter of it may be dirty, and the quiet zone is what the standard asks for."""
    content = BytesIO()
    # Any mask can be read; trying out all eight for the most even picture would take as long as everything else.
    code = segno.make_qr(text, error="q", boost_error=False, mask=4)
    # People wait for their seat while this is made: packed harder it would be half as large and take twice as long.
    code.save(content, kind="png", scale=10, border=4, compresslevel=1)
    return content.getvalue()
