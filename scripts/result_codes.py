"""Make the table of result codes of the docs, from the description and the SDK's own table.

    python scripts/result_codes.py --write    write it into docs/*/reference/result-codes.md
    python scripts/result_codes.py            exit code 1 if a page has another table

Codes and messages are the description's (`x-result-codes`); error class, bill and retry are what
the SDK does (`nhncloud_ocr._codes`); what to do stands here.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from nhncloud_ocr._codes import CODE_RANGES, STATUS_RANGES, Verdict, verdict
from nhncloud_ocr._errors import Again

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "openapi/general-ocr.yaml"
BEGIN, END = "<!-- table: python scripts/result_codes.py --write -->\n", "<!-- end of table -->\n"


class Words(NamedTuple):
    """What one language's table says; `advice` by code, else by the name of the class."""

    heads: tuple[str, ...]
    billed: dict[bool, str]
    again: dict[Again, str]
    others: str
    advice: dict[int | str, str]


ENGLISH = Words(
    heads=("HTTP", "code", "message", "raises", "billed?", "tried again?", "what to do"),
    billed={False: "no", True: "perhaps"},
    again={
        Again.NO: "no",
        Again.YES: "yes",
        Again.IF_MAYBE_BILLED: "with `retry_maybe_billed`",
        Again.IF_RATE_LIMITED: "with `retry_rate_limit`",
    },
    others="any other",
    advice={
        "AuthenticationError": "Check the keys: console, URL & Appkey.",
        "PermissionDeniedError": "Check the project's permissions and its allowed addresses.",
        "BadRequestError": "Check the base URL and what is sent.",
        "ImageRejectedError": "Send a sound JPEG or PNG of at most 20 MB.",
        "RateLimitError": "Send fewer calls at a time, or ask for a higher limit.",
        "ServerError": "Try again later.",
        "ApiError": "Read the message; nobody documents this code.",
        4000006: "Set `max_per_second`, or `retry_rate_limit=True` with many attempts.",
        4000501: 'With `on_no_text="empty"` this is a result without lines.',
        4000502: "Send the URL of an image of at most 20 MB.",
        4000503: "The image's server took more than 20 s: send the file itself.",
        4000504: "The service could not fetch the URL: send the file itself.",
        4000505: "Past 1:10: use `recognize_cropping`, or cut the image.",
        4010006: "A token was refused; it is renewed once before this is raised.",
        4291001: "The quota is used up: ask for more.",
    },
)
KOREAN = Words(
    heads=("HTTP", "코드", "메시지", "예외", "과금", "재시도", "해결 방법"),
    billed={False: "없음", True: "모름"},
    again={
        Again.NO: "안 함",
        Again.YES: "함",
        Again.IF_MAYBE_BILLED: "`retry_maybe_billed`일 때",
        Again.IF_RATE_LIMITED: "`retry_rate_limit`일 때",
    },
    others="그 밖의",
    advice={
        "AuthenticationError": "키를 확인하세요(콘솔의 URL & Appkey).",
        "PermissionDeniedError": "프로젝트의 권한과 허용된 주소를 확인하세요.",
        "BadRequestError": "기본 URL과 보낸 내용을 확인하세요.",
        "ImageRejectedError": "20 MB 이하의 온전한 JPEG나 PNG를 보내세요.",
        "RateLimitError": "동시에 보내는 호출을 줄이거나 한도를 올려 달라고 하세요.",
        "ServerError": "나중에 다시 시도하세요.",
        "ApiError": "메시지를 읽어 보세요. 문서에 없는 코드입니다.",
        4000006: "`max_per_second`를 정하거나, `retry_rate_limit=True`로 여러 번 시도하세요.",
        4000501: '`on_no_text="empty"`이면 줄이 없는 결과가 됩니다.',
        4000502: "20 MB 이하 이미지의 URL을 보내세요.",
        4000503: "이미지 서버가 20초를 넘겼습니다. 파일을 직접 보내세요.",
        4000504: "서비스가 URL을 내려받지 못했습니다. 파일을 직접 보내세요.",
        4000505: "1:10을 넘었습니다. `recognize_cropping`을 쓰거나 이미지를 자르세요.",
        4010006: "토큰이 거절되었습니다. 한 번 새로 받은 뒤에도 거절되면 발생합니다.",
        4291001: "사용량을 다 썼습니다. 한도를 늘려 달라고 하세요.",
    },
)
LANGUAGES = {"en": ENGLISH, "ko": KOREAN}


def page(language: str) -> Path:
    """Return the page of the docs that holds the table."""
    return ROOT / "docs" / language / "reference/result-codes.md"


def known_codes(found: Any = None) -> list[dict[str, Any]]:
    """Return the description's codes of failures: `httpStatus`, `code`, perhaps `message`."""
    tree = yaml.safe_load(DESCRIPTION.read_text("utf-8")) if found is None else found
    (codes,) = _values(tree, "x-result-codes")
    return [each for each in codes if each["code"] != 0]


def table(words: Words) -> str:
    """Return the whole table, in Markdown: the codes, then what holds for all others."""
    rows = [words.heads, ("---",) * len(words.heads)]
    for each in known_codes():
        status, code = each["httpStatus"], each["code"]
        rows.append(_row(words, status, str(code), each.get("message", ""), verdict(status, code)))
    for first, last, meant in CODE_RANGES:
        rows.append(_row(words, 200, f"{words.others} {first} – {last}", "", meant))
    rows.append(_row(words, 200, words.others, "", verdict(200, 1)))
    for first, last, meant in STATUS_RANGES:
        rows.append(_row(words, f"{words.others} {first} – {last}", "", "", meant))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(
    words: Words, status: int | str, code: str, message: str, meant: Verdict
) -> tuple[str, ...]:
    name = meant.error.__name__
    own = words.advice.get(int(code)) if code.isdecimal() and status in (200, 429) else None
    return (
        str(status),
        code,
        message,
        f"`{name}`",
        words.billed[meant.maybe_billed],
        words.again[meant.again],
        own or words.advice[name],
    )


def with_table(text: str, words: Words) -> str:
    """Return a page with the table of today between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(words)}\n{END}{after}"


def main(write: bool) -> int:
    """Write the tables, or compare them; return the exit code."""
    stale = []
    for language, words in LANGUAGES.items():
        path = page(language)
        text = path.read_text("utf-8")
        if (new := with_table(text, words)) != text:
            stale.append(path)
            if write:
                path.write_text(new, "utf-8")
    if write:
        return 0
    for path in stale:
        print(f"{path}: run `python scripts/result_codes.py --write`", file=sys.stderr)
    return 1 if stale else 0


def _values(tree: Any, name: str) -> Iterator[Any]:
    """Yield what stands under a name, at any depth."""
    if isinstance(tree, dict):
        if name in tree:
            yield tree[name]
        for each in tree.values():
            yield from _values(each, name)
    elif isinstance(tree, list):
        for each in tree:
            yield from _values(each, name)


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
