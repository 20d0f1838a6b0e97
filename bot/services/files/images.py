"""Images made anew from their pixels: what was hidden in the file, such as where it was taken, is gone."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from bot.services.files.kinds import Found

# Told by the header, before any pixel is read. A page scanned at 600 dots per inch has 35 million.
MOST_PIXELS = 50_000_000
# Still legible: a page of A4 at 350 dots per inch. What a phone takes beyond that is reduced while reading.
LONGEST_SIDE = 4096
JPEG_QUALITY = 88


class TooManyPixels(Exception):
    """The picture would need too much memory; small files can claim to be huge."""


class NoImage(Exception):
    """The file begins like an image but can't be read to its end."""


def made_anew(content: bytes, kind: Found) -> bytes:
    """The same picture, upright, as a new file of its kind, without notes, place, preview or whatever was appended.

    Takes processor time and up to 400 MB while it runs: call it in a thread, few at a time.
    """
    try:
        with Image.open(BytesIO(content), formats=("PNG",) if kind is Found.PNG else ("JPEG", "MPO")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            if kind is Found.JPG:
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _written(ImageOps.exif_transpose(image), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError) as error:
        raise NoImage from error


def _written(image: Image.Image, kind: Found) -> bytes:
    # Pillow writes some of what it read here into the new file.
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    output = BytesIO()
    if kind is Found.PNG:
        image.save(output, "PNG")
        return output.getvalue()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()
