"""`nhncloud-ocr` over many images: names, order, files, errors in line, and when it stops."""

import io
import json
import sys
import threading

import httpx
import pypdf
import pytest
from nhncloud_ocr_toolkit.cli import main
from nhncloud_ocr_toolkit.cli.messages import said
from nhncloud_ocr_toolkit.cli.progress import columns_of, fitted
from toolkit.conftest import KOREAN
from unit.support import IMAGES, PNG, answer, page, refusal, success, word

TALL = IMAGES / "ours/s30_tall_chat_720x5400.png"
RECEIPT = IMAGES / "ours/s08_mixed_receipt.png"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "scans"
    (place / "sub").mkdir(parents=True)
    for name in ("b.png", "a.JPG", "sub/c.jpeg", "notes.txt", ".hidden.png"):
        (place / name).write_bytes(PNG)
    return place


def test_each_text_stands_under_its_name(run, service, image, tmp_path) -> None:
    other = tmp_path / "둘째 영수증.png"
    other.write_bytes(PNG)
    code, out, err = run("recognize", image, other)
    assert (code, err) == (0, "")
    assert out == f"==> {image} <==\n{KOREAN}\n==> {other} <==\n{KOREAN}\n"


def test_one_image_has_no_name_above_it(run, service, image) -> None:
    assert run("recognize", image)[1] == f"{KOREAN}\n"


def test_texts_come_in_the_order_given_however_many_calls_at_a_time(run, service, tmp_path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(12)]
    for path in paths:
        path.write_bytes(PNG)
    _, out, _ = run("recognize", "--jobs", 5, *reversed(paths))
    named = [line for line in out.splitlines() if line.startswith("==>")]
    assert named == [f"==> {path} <==" for path in reversed(paths)]


def test_a_folder_stands_for_its_images(run, service, folder) -> None:
    _, out, _ = run("recognize", "--json", folder)
    names = [json.loads(line)["image"] for line in out.splitlines()]
    assert names == [str(folder / name) for name in ("a.JPG", "b.png", "sub/c.jpeg")]


def test_a_pattern_that_the_shell_left_alone_is_expanded(run, service, folder) -> None:
    _, out, _ = run("recognize", "--json", f"{folder}/**/*.jp*g")
    assert [json.loads(line)["image"] for line in out.splitlines()] == [str(folder / "sub/c.jpeg")]


def test_a_folder_without_images_and_a_pattern_without_match_fail(run, service, tmp_path) -> None:
    code, _, err = run("recognize", tmp_path)
    assert (code, len(err.splitlines())) == (1, 1)
    code, _, err = run("recognize", f"{tmp_path}/*.png")
    assert (code, len(err.splitlines())) == (1, 1)
    assert service.received == []


def test_json_names_each_image_and_errors_stand_in_line(run, service, image, tmp_path) -> None:
    missing = tmp_path / "missing.png"
    code, out, _ = run("recognize", "--json", image, missing, image)
    first, second, third = map(json.loads, out.splitlines())
    assert code == 1
    assert (first["image"], first["text"]) == (str(image), KOREAN)
    assert second == {"image": str(missing), "error": "No such file or directory"}
    assert third == first


@pytest.mark.parametrize("code", [4010001, 4010003])
def test_refused_keys_are_tried_once(run, service, folder, code) -> None:
    service.replies[:] = [refusal(code)]
    exit_code, out, err = run("recognize", "--jobs", 3, folder)
    assert (exit_code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert len(service.received) == 1


def test_out_writes_a_file_an_image_and_nothing_else(run, service, folder, tmp_path) -> None:
    out = tmp_path / "new/out"
    code, printed, _ = run("recognize", "--out", out, folder)
    assert (code, printed) == (0, "")
    written = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert written == ["a.txt", "b.txt", "sub/c.txt"]
    assert (out / "a.txt").read_text("utf-8") == f"{KOREAN}\n"


def test_two_images_of_one_name_lose_neither_text(run, service, tmp_path) -> None:
    for name in ("x/r.png", "y/r.png", "y/r.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PNG)
    images = [tmp_path / name for name in ("x/r.png", "y/r.png", "y/r.jpg")]
    run("recognize", "--out", tmp_path / "out", *images)
    assert len(list((tmp_path / "out").iterdir())) == 3


@pytest.mark.parametrize(
    ("option", "suffix", "begins"),
    [
        ("--layout", ".txt", KOREAN[:3]),
        ("--hocr", ".hocr", "<?xml"),
        ("--alto", ".alto.xml", "<?xml"),
        ("--svg", ".svg", "<svg"),
        ("--tsv", ".tsv", "page\tline\tword\ttext"),
        ("--csv", ".csv", "page,line,word,text"),
        ("--json", ".json", "{"),
        ("--raw", ".json", "{"),
    ],
)
def test_each_form_is_printed_and_written(run, service, tmp_path, option, suffix, begins) -> None:
    code, out, err = run("recognize", option, RECEIPT)
    assert (code, err) == (0, "")
    assert out.lstrip().startswith(begins)
    run("recognize", option, "--out", tmp_path, RECEIPT)
    [written] = tmp_path.iterdir()
    assert written.name == f"s08_mixed_receipt{suffix}"
    assert written.read_text("utf-8").lstrip().startswith(begins)


def test_two_forms_at_once_are_bad_usage(run, service, image) -> None:
    assert run("recognize", "--hocr", "--csv", image)[0] == 2


def test_a_picture_is_asked_for_where_only_its_url_is_known(run, service) -> None:
    code, out, err = run("recognize", "--hocr", "https://example.com/a.png")
    assert (code, out) == (1, "")
    assert "download it" in err


def test_cropping_auto_takes_those_that_are_long(run, service, image) -> None:
    run("recognize", "--cropping", "auto", "--jobs", 1, TALL, image)
    run("recognize", "--cropping=auto", "--jobs", 1, TALL)
    ends = [path.rsplit("/", 1)[1] for path, _, _ in service.received]
    assert ends == ["cropping", "general", "cropping"]


def test_merge_leaves_doubled_lines_out(run, service) -> None:
    line = {"inferTexts": [word("같은"), word("줄입니다")]}
    boxes = [{"boundingBoxes": [_box(0, top), _box(100, top)]} for top in (100, 1300, 1350, 2600)]
    texts = [{"inferTexts": [word("처음"), word("줄입니다")]}, line, line, line]
    reply = answer(page(texts=texts, boxes=boxes, slicesImages=4))
    service.replies[:] = [reply]
    code, out, _ = run("recognize", "--merge", TALL)
    assert (code, service.received[0][0].endswith("/cropping")) == (0, True)
    assert "처음 줄입니다" in out


def _box(left, top):
    return {
        **{"x1": left, "y1": top, "x2": left + 90, "y2": top},
        **{"x3": left + 90, "y3": top + 30, "x4": left, "y4": top + 30},
    }


def test_export_writes_stored_replies_without_a_call(run, service, tmp_path, monkeypatch) -> None:
    copy = tmp_path / "receipt.png"
    copy.write_bytes(RECEIPT.read_bytes())
    run("recognize", "--raw", "--out", tmp_path, copy)
    calls = len(service.received)
    monkeypatch.delenv("NHNCLOUD_OCR_APP_KEY")  # no keys are needed either
    raw = tmp_path / "receipt.json"
    assert run("export", raw) == (0, f"{KOREAN}\n", "")
    assert run("export", "--hocr", raw)[1].startswith("<?xml")
    assert json.loads(run("export", "--json", raw)[1])["text"] == KOREAN
    copy.unlink()
    code, _, err = run("export", "--hocr", raw)
    assert code == 1
    assert "--images" in err
    assert run("export", "--hocr", "--image", RECEIPT, raw)[0] == 0
    assert len(service.received) == calls


def test_export_tells_what_is_no_reply_and_what_was_refused(run, tmp_path) -> None:
    (tmp_path / "a.json").write_text("what?")
    (tmp_path / "b.json").write_bytes(refusal(4000501).body)
    code, _, err = run("export", tmp_path / "a.json", tmp_path / "b.json", tmp_path / "c.json")
    assert code == 1
    assert [name in line for name, line in zip("abc", err.splitlines(), strict=True)] == [True] * 3


def test_find_prints_a_line_a_match(run, service, image) -> None:
    service.replies[:] = [
        success(
            texts=[{"inferTexts": [word("함계"), word("29,800원")]}],
            boxes=[{"boundingBoxes": [_box(0, 0), _box(100, 0)]}],
        )
    ]
    code, out, err = run("find", "합계", image, image)
    assert (code, err) == (0, "")
    assert [line.startswith(f"{image}: 0.") and "함계" in line for line in out.splitlines()] == [
        True,
        True,
    ]
    found = json.loads(run("find", "--json", "합계", image)[1])
    assert found["matches"][0]["boxes"] == [[0, 0, 90, 30]]
    assert run("find", "총계", image)[:2] == (0, "")


def test_closed_standard_input_and_output_are_a_line(service, image, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["recognize", "-"]) == 1
    err = capsys.readouterr().err
    assert "standard input is closed" in err
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["recognize", str(image)]) == 1
    assert service.received == []


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_a_line_on_a_terminal_that_is_gone_at_the_end(
    service, folder, monkeypatch, capsys
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["recognize", "--json", str(folder)]) == 0
    shown = terminal.getvalue()
    assert "3/3" in shown
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown


def test_no_terminal_no_progress(run, service, folder) -> None:
    assert run("recognize", folder)[2] == ""


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("영수증.png", 20, "영수증.png"),
        ("영수증.png", 5, "영수"),
        ("영수증.png", 6, "영수증"),
        ("a\x1b[31m.png", 20, "a?[31m.png"),
    ],
)
def test_hangul_takes_two_columns(text, columns, expected) -> None:
    assert fitted(text, columns) == expected
    assert columns_of("가") == 2


@pytest.mark.parametrize(
    "text",
    [
        "app_key is missing, empty or no string: pass app_key=... or set NHNCLOUD_OCR_APP_KEY",
        "timeout must be a positive number of seconds, or an httpx.Timeout",
        "The service would not take it; recognize_cropping() is for long images.",
        'There is no text in the image. With on_no_text="empty" this is a result without lines.',
        "base_url is not a URL",
    ],
)
def test_messages_speak_of_options(text) -> None:
    told = said(RuntimeError(text))
    for python in ("=...", "()", "on_no_text", "base_url ", "httpx"):
        assert python not in told.replace("--base-url", "")


def test_ctrl_c_while_it_starts_is_130(monkeypatch) -> None:
    import builtins

    real = builtins.__import__

    def interrupted(name, *arguments):
        if name == "command":
            raise KeyboardInterrupt
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", interrupted)
    assert main(["recognize", "a.png"]) == 130


def test_threads_end_with_the_command(run, service, folder) -> None:
    run("recognize", folder)
    assert not [t for t in threading.enumerate() if t.name.startswith("nhncloud-ocr_")]


def test_the_first_image_goes_alone(run, service, folder, monkeypatch) -> None:
    """Keys that are wrong are tried once, however many calls at a time."""
    begun = []
    real = httpx.HTTPTransport.handle_request
    monkeypatch.setattr(
        httpx.HTTPTransport,
        "handle_request",
        lambda self, request: (begun.append(1), real(self, request))[1],
    )
    service.replies[:] = [refusal(4010001)]
    run("recognize", "--jobs", 8, folder)
    assert len(service.received) == 1


def test_all_images_become_one_searchable_pdf(run, service, image, tmp_path) -> None:
    out = tmp_path / "out.pdf"
    assert run("recognize", RECEIPT, image, "--pdf", out) == (0, "", "")
    with pypdf.PdfReader(out) as file:
        assert [KOREAN in sheet.extract_text() for sheet in file.pages] == [True, True]


def test_a_cmyk_image_makes_the_pdf_a_plain_one_and_says_so(run, service, tmp_path) -> None:
    out = tmp_path / "out.pdf"
    code, _, err = run("recognize", IMAGES / "ours/s14_mixed_cmyk.jpg", "--pdf", out)
    assert code == 0
    assert "a plain PDF, not PDF/A" in err
    assert "pdfa" not in err
    with pypdf.PdfReader(out) as file:
        assert len(file.pages) == 1


def test_a_missing_pillow_is_said_in_one_line(run, service, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    alpha = IMAGES / "ours/s18_mixed_alpha_black.png"
    code, _, err = run("recognize", alpha, "--pdf", tmp_path / "out.pdf")
    assert code == 1
    assert "nhncloud-ocr[pillow]" in err


def test_images_may_stand_on_both_sides_of_options(run, service, image) -> None:
    code, out, _ = run("recognize", image, "--json", image, "--jobs", "1", image)
    assert (code, len(out.splitlines())) == (0, 3)
    code, out, _ = run("find", KOREAN, image, "--json", image)
    assert (code, len(out.splitlines())) == (0, 2)


def test_an_unknown_option_is_named_without_its_value(run, service, image) -> None:
    code, _, err = run("recognize", image, "--secret-key", "hidden", image)
    assert (code, service.received) == (2, [])
    assert "--secret-key" in err
    assert "hidden" not in err


def test_a_pattern_that_names_a_folder_and_its_files_is_each_image_once(
    run, service, folder
) -> None:
    run("recognize", f"{folder}/**", "--out", folder.parent / "out")
    assert len(service.received) == 3 + 1  # notes.txt is named by the pattern, too


def test_a_file_that_cannot_be_written_is_named(run, service, image, tmp_path) -> None:
    (tmp_path / "out" / "receipt.txt").mkdir(parents=True)
    code, _, err = run("recognize", image, "--out", tmp_path / "out")
    assert code == 1
    assert f"{tmp_path}/out" in err
