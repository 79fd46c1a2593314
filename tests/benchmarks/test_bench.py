"""The program of `nox -s bench` works and prints each of its rows; how fast anything is, no test
says.
"""

import json

import bench
import bench_server
import pytest

EXPORTS = (
    *("hocr", "alto", "svg", "csv", "tsv", "jsonl", "layout_text"),
    *("hocr, leaning", "alto, leaning", "layout_text, leaning"),
)


def test_every_row_is_printed(capsys) -> None:
    assert bench.main(["--seconds", "0.01", "--rounds", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    rows = [line[:54].strip() for line in printed[1:]]
    calls = [
        f"{words} {form}" for words in bench_server.SIZES for form in ("words", "repeated keys")
    ]
    assert rows == [
        *(f"call, {place}: {call}" for place in ("loopback", "in process") for call in calls),
        "2,000 words, a field that nobody described",
        "2,000 words, a described optional field",
        "async, 32 in flight: time",
        "async, 32 in flight: CPU",
        "import nhncloud_ocr / import httpx",
        "import and client / import httpx and client",
        "peak memory / body: 2000 words",
        "peak memory / body: 2000 repeated keys",
        *(f"export, 2,000 words: {name}" for name in EXPORTS),
        "export, 2,000 words: pdf with its image",
        "added to its image by a pdf, leaning",
        "merge_slices, 711 words of 600x12000",
        "import nhncloud_ocr_toolkit over nhncloud_ocr",
    ]
    assert all(float(line[54:62]) > 0 for line in printed[1:])


@pytest.mark.parametrize("words", bench_server.SIZES)
def test_both_forms_of_a_reply_hold_the_same_words(words) -> None:
    plain, repeated = (bench_server.REPLIES[name] for name in (str(words), f"{words}-repeated"))
    groups = []

    def keep(pairs):
        groups.extend(value for name, value in pairs if name == "inferTexts")
        return dict(pairs)

    json.loads(repeated, object_pairs_hook=keep)
    lines = json.loads(plain)["result"]["listOfInferTexts"]
    texts = [word["value"] for line in lines for word in line["inferTexts"]]
    assert [word["value"] for group in groups for word in group] == texts
    assert len(texts) == words
    assert len(groups) > len(lines)


def test_a_passed_limit_is_an_exit_code_only_when_asked_for(monkeypatch) -> None:
    monkeypatch.setattr(bench, "call_rows", lambda seconds: iter([bench.Row("a", 2.0, 1.2)]))
    monkeypatch.setattr(bench, "field_rows", lambda seconds: iter([]))
    monkeypatch.setattr(bench, "async_rows", lambda seconds: iter([]))
    monkeypatch.setattr(bench, "import_rows", lambda rounds: iter([bench.Row("b", 9.0, None)]))
    monkeypatch.setattr(bench, "memory_rows", lambda: iter([]))
    monkeypatch.setattr(bench, "toolkit_rows", lambda rounds: iter([]))
    assert bench.main([]) == 0
    assert bench.main(["--strict"]) == 1
