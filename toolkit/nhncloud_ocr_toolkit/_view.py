"""A page that shows itself in a notebook, and nowhere else."""

from __future__ import annotations

from nhncloud_ocr import OcrResult

from ._layout import layout_text
from ._markup import escape
from ._picture import Frame, ImageInput
from ._svg import svg


class View:
    """What `view` returns: Jupyter and its kind show it; printed or logged, it tells no text."""

    __slots__ = ("_html", "_words")

    def __init__(self, html: str, words: int) -> None:
        self._html = html
        self._words = words

    def __repr__(self) -> str:
        return f"View(words=<{self._words}>)"

    def _repr_html_(self) -> str:
        """What a notebook asks for: the picture with its words, and their text below."""
        return self._html


def view(page: OcrResult, image: ImageInput, *, frame: Frame = "upright") -> View:
    """The page for a notebook: the picture with a polygon over each word, whose text shows under
    the pointer, and the text as it lies on the page, folded up below.

    A notebook that is saved holds both. Otherwise as `svg`.
    """
    html = (
        f'<div style="max-width: 100%; overflow: auto">\n{svg(page, image, frame=frame)}</div>\n'
        f"<details><summary>{len(page.words)} words</summary>\n"
        f"<pre>{escape(layout_text(page))}</pre></details>\n"
    )
    return View(html, len(page.words))
