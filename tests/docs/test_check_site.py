"""`scripts/check_site.py` notices what would disturb a reader of the site."""

from pathlib import Path

import check_site
import pytest

SOUND = (
    '<a href="b.html#there">b</a><script src="s.js"></script><a href="https://example.com">x</a>'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "a.html").write_text(SOUND, "utf-8")
    (tmp_path / "b.html").write_text('<h2 id="there">b</h2>', "utf-8")
    (tmp_path / "s.js").touch()
    return tmp_path


def test_a_sound_site_has_no_finding(site, capsys) -> None:
    assert check_site.main(site) == 0
    assert "2 pages, 0 findings" in capsys.readouterr().out


def test_an_empty_folder_is_no_site(tmp_path) -> None:
    assert check_site.main(tmp_path) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('<a href="c.html">c</a>', "a.html links to c.html, which is not there"),
        ('<a href="b.html#gone">b</a>', "a.html links to b.html#gone, whose anchor is not there"),
        ('<img src="gone.png">', "a.html links to gone.png, which is not there"),
        ('<script src="https://example.com/s.js"></script>', "from another host"),
        ('<script src="//example.com/s.js"></script>', "from another host"),
        ('<link rel="stylesheet" href="https://example.com/s.css">', "from another host"),
        ('<img src="https://example.com/i.png">', "from another host"),
        ('<a data-md-component="source" href="https://github.com/o/r">r</a>', "from another host"),
    ],
)
def test_it_tells_what_is_wrong(site, capsys, wrong, said) -> None:
    (site / "a.html").write_text(SOUND + wrong, "utf-8")
    assert check_site.main(site) == 1
    assert said in capsys.readouterr().err


def test_each_language_explains_every_public_name(tmp_path, capsys) -> None:
    api = tmp_path / "api.txt"
    api.write_text("# The API.\nm.f | def: int\nm.f(x) | required\nm.C.y | field: int\n", "utf-8")
    site = tmp_path / "site"
    for language, entries in (("", ("m.f", "m.C.y")), ("ko", ("m.f",))):
        folder = site / language / "reference"
        folder.mkdir(parents=True)
        html = "".join(f'<h3 id="{name}">x</h3>' for name in entries)
        (folder / "m.html").write_text(html, "utf-8")
    assert check_site.main(site) == 0
    assert check_site.main(site, api) == 1
    assert capsys.readouterr().err == "check_site: ko/reference does not explain m.C.y\n"
