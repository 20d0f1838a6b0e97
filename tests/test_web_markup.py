"""Text as the web page shows it."""

from __future__ import annotations

import pytest

from bot.channels.web_markup import to_html


@pytest.mark.parametrize(
    "text, html",
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("a:\n- b\n- c\nd", "<p>a:</p><ul><li>b</li><li>c</li></ul><p>d</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("1. a\nwhen\n2. b\n- c", "<ol><li>a<br>when</li><li>b</li></ol><ul><li>c</li></ul>"),
        ("1. a\nwhen\n\n2. b\n\nc", "<ol><li>a<br>when</li><li>b</li></ol><p>c</p>"),
        ("a\n\n2. b", "<p>a</p><p>2. b</p>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("<b>a</b> & b", "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"),
        ("see https://a.vn/?b=1&c=2.", '<p>see <a href="https://a.vn/?b=1&amp;c=2">https://a.vn/?b=1&amp;c=2</a>.</p>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_paragraphs_lists_and_links(text: str, html: str) -> None:
    assert to_html("", text, "") == html


def test_the_title_comes_first_and_the_footnote_last() -> None:
    assert to_html("<T>", "x", "a\nb") == "<p><b>&lt;T&gt;</b></p><p>x</p><p><i>a<br>b</i></p>"
