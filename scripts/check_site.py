"""Hold the built site to what readers need: links that lead somewhere, and every public name.

    python scripts/check_site.py FOLDER [docs/api.txt]

The exit code is 1, with a line for each finding: a link to a page, an anchor or a file of the site
that is not there; a script, style, font or image that another host would serve; a name of the
public API without an entry in the reference of a language.
"""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


class Page(HTMLParser):
    """What one page links to, loads, and can be linked to in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("data-md-component") == "source":  # its script asks GitHub for figures
            self.loaded.append(given.get("href", ""))
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADED and _LOADED[tag] in given:
            self.loaded.append(given[_LOADED[tag]])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.loaded.append(given.get("href", ""))


def main(folder: Path, api: Path | None = None) -> int:
    """Check the site; return the exit code."""
    pages = {path.resolve(): Page(path) for path in sorted(folder.rglob("*.html"))}
    found = [finding for page in pages.values() for finding in findings(page, pages, folder)]
    if api is not None:
        found += unexplained(api, pages, folder)
    for finding in found:
        print(f"check_site: {finding}", file=sys.stderr)
    print(f"{len(pages)} pages, {len(found)} findings")
    return 1 if found or not pages else 0


def findings(page: Page, pages: dict[Path, Page], folder: Path) -> Iterator[str]:
    """Yield what is wrong with one page."""
    where = page.path.relative_to(folder)
    for link in page.loaded:
        if urlsplit(link).scheme in ("http", "https") or link.startswith("//"):
            yield f"{where} loads {link} from another host"
    if where.name == "404.html":  # served under any path: its links are absolute
        return
    for link in page.links + page.loaded:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = page.path.resolve()
        if parts.path:
            target = (page.path.parent / unquote(parts.path)).resolve()
        if not target.is_file():
            yield f"{where} links to {link}, which is not there"
        elif parts.fragment and target in pages and not has_anchor(pages[target], parts.fragment):
            yield f"{where} links to {link}, whose anchor is not there"


def unexplained(api: Path, pages: dict[Path, Page], folder: Path) -> Iterator[str]:
    """Yield each public name that a reference has no anchor for; parameters have none."""
    lines = (line.partition(" | ")[0] for line in api.read_text("utf-8").splitlines())
    names = {name for name in lines if name and name[0] != "#" and "(" not in name}
    for reference in sorted(folder.rglob("reference")):
        anchors = {
            anchor
            for path, page in pages.items()
            if path.parent == reference.resolve()
            for anchor in page.anchors
        }
        for name in sorted(names - anchors):
            yield f"{reference.relative_to(folder)} does not explain {name}"


def has_anchor(page: Page, fragment: str) -> bool:
    return unquote(fragment) in page.anchors


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
