"""Show what a docstring says of each name, `name: what it is`, as a list in the reference.

An extension of griffe, which reads the docstrings for the site.
"""

import sys
from pathlib import Path
from typing import Any

import griffe

sys.path.insert(0, str(Path(__file__).parent))  # griffe runs this file from elsewhere
from docstring_text import with_lists


class DocstringLists(griffe.Extension):
    """Turns such lines of every docstring into a Markdown list."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of one object, before it is rendered."""
        if obj.docstring is not None:
            obj.docstring.value = with_lists(obj.docstring.value)
