"""Entry passes: what the QR picture says, that only we can make one, and that a phone can read it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.services.applications import application_codes
from bot.services.passes.passes import Passes

CODE = application_codes.write("7K3MQ")


@pytest.fixture
def passes(tmp_path: Path) -> Passes:
    return Passes(b"a key that only the tests have", tmp_path / "files", "")


def test_a_pass_is_read_as_the_code_it_was_made_for(passes: Passes) -> None:
    text = passes.sign(CODE)

    assert text.startswith(f"NC1.{CODE}.")
    assert passes.read(text) == CODE
    assert passes.read(f" {text.lower()}\n") == CODE


def test_a_signature_has_at_least_80_bits_and_no_look_alikes(passes: Passes) -> None:
    signature = passes.sign(CODE).rpartition(".")[2]

    assert 31 ** len(signature) > 2**80
    assert not set(signature) & set("01OIL")


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE,
        f"NC1.{CODE}",
        f"NC1.{CODE}.",
        f"NC2.{CODE}.AAAAAAAAAAAAAAAAA",
        f"NC1.{CODE}.AAAAAAAAAAAAAAAAA",
        f"NC1.{CODE}.ÁÀẢẠẮ",
        "NC1.NC-0000-00.AAAAAAAAAAAAAAAAA",
        "https://example.org/" + "x" * 4000,
    ],
)
def test_what_we_did_not_sign_is_no_pass(passes: Passes, text: str) -> None:
    assert passes.read(text) is None


def test_a_pass_of_another_installation_is_none_of_ours(passes: Passes, tmp_path: Path) -> None:
    assert Passes(b"another key", tmp_path, "").read(passes.sign(CODE)) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert Passes(b"k", Path("unused"), "").read(text) is None


@given(st.integers(0, 30), st.sampled_from("23456789ABCDEFGHJKMNPQRSTUVWXYZ"))
def test_one_changed_character_is_seen(position: int, character: str) -> None:
    passes = Passes(b"k", Path("unused"), "")
    text = passes.sign(CODE)
    changed = text[:position] + character + text[position + 1 :]

    assert (passes.read(changed) == CODE) == (changed == text)


def test_a_phone_reads_the_picture_even_small_and_dirty(passes: Passes) -> None:
    attachment = passes.picture(CODE)
    picture = Image.open(BytesIO((passes.files / attachment.path).read_bytes())).convert("L")
    small = picture.resize((150, 150))
    dirty = picture.copy()
    middle = picture.width // 2
    dirty.paste(128, (middle - 30, middle - 30, middle + 30, middle + 30))

    assert attachment.name == f"{CODE}.png"
    for seen in (picture, small, dirty, picture.rotate(30, expand=True, fillcolor=255)):
        assert [found.text for found in zxingcpp.read_barcodes(seen)] == [passes.sign(CODE)]


def test_the_quiet_zone_is_white_and_wide(passes: Passes) -> None:
    picture = Image.open(passes.files / passes.picture(CODE).path).convert("L")
    module = 10

    assert picture.crop((0, 0, picture.width, 4 * module)).getextrema() == (255, 255)
    assert picture.getpixel((4 * module, 4 * module)) == 0


def test_the_same_picture_is_kept_once_and_forgotten_with_the_application(passes: Passes) -> None:
    first, second = passes.picture(CODE), passes.picture(CODE)
    other = passes.picture(application_codes.write("AAAAA"))

    assert first == second
    assert CODE.lower() not in first.path.lower()
    passes.forget(CODE)
    passes.forget(CODE)
    assert not (passes.files / first.path).exists()
    assert (passes.files / other.path).exists()
