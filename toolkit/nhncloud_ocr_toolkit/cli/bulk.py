"""`nhncloud-ocr bulk SOURCE...`: many images, each paid once, with a journal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..bulk import JournalError, entry, plan
from ..bulk.plan import Plan
from ..bulk.settings import Settings
from ..bulk.sources import never
from . import bulk_run, client, money, recognize
from .bulk_sources import Named
from .messages import complain, said

ASKED_ABOVE = 100  # calls
_LOOK = 0.5  # seconds to count before the first call
_LOOK_BEFORE_ASKING = 10.0  # somebody reads then, and would know how much it is


def add_command(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "bulk",
        help="recognise many images, each paid once",
        description="Recognise many images. A journal says of each call, before it is made, that "
        "it is: a run that was cut short goes on, and pays nothing twice. `bulk status RUN.DB` and "
        "`bulk export RUN.DB --out FILE` say what became of them.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a file, folder, pattern, URL (http, s3, gs, az), or - for names on standard input",
    )
    parser.add_argument("--journal", type=Path, required=True, metavar="RUN.DB")
    parser.add_argument(
        "--manifest", type=Path, metavar="FILE", help="JSON Lines or CSV with ref and maybe id"
    )
    cap = parser.add_mutually_exclusive_group()
    cap.add_argument("--max-calls", type=_count, metavar="N", help="in the journal's whole life")
    cap.add_argument(
        "--max-cost", type=money.amount, metavar="X", help="the same as a sum, with --price"
    )
    parser.add_argument("--price", type=money.amount, metavar="P", help="of one call")
    parser.add_argument("--max-per-second", type=_rate, metavar="R", help="calls a second at most")
    parser.add_argument(
        "--concurrency",
        type=_concurrency,
        default="auto",
        metavar="N",
        help="calls in flight at most (default: auto, up to 32)",
    )
    parser.add_argument("--cropping", action="store_true", help="slice long images; or auto")
    parser.add_argument(recognize.AUTO, dest="auto", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    parser.add_argument("--retry-failed", action="store_true", help="try those that failed again")
    parser.add_argument(
        "--retry-unknown", action="store_true", help="and those that may have been billed"
    )
    parser.add_argument(
        "--store",
        choices=("raw", "text", "none"),
        default="raw",
        help="what the journal keeps of replies (default: raw, all of them)",
    )
    parser.add_argument("--yes", action="store_true", help=f"do not ask above {ASKED_ABOVE} calls")
    client.add_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not arguments.sources and not arguments.manifest:
        complain("give a SOURCE, or --manifest")
        return 2
    if arguments.max_cost and not arguments.price:
        complain("--max-cost needs --price, the price of one call: none is published")
        return 2
    if arguments.price and arguments.max_cost:
        arguments.max_calls = money.calls_for(arguments.max_cost, arguments.price)
    named = Named(arguments.sources, arguments.manifest)
    try:
        settings = entry.settings(
            max_calls=arguments.max_calls,
            concurrency=arguments.concurrency,
            max_per_second=arguments.max_per_second,
            cropping="auto" if arguments.auto else arguments.cropping,
            retry_failed=arguments.retry_failed,
            retry_unknown=arguments.retry_unknown,
        )
        if arguments.dry_run:
            return _rehearse(named, arguments, settings)
        ocr = client.async_of_options(arguments)
        asks = not arguments.yes and sys.stdin is not None and sys.stdin.isatty()
        late = plan.later_than(_LOOK_BEFORE_ASKING if asks else _LOOK)
        seen = plan.survey(
            named.to_count(late),
            arguments.journal,
            settings,
            late if named.can_be_read_again else never,  # else they are held already
        )
        seen.complete &= not named.is_cut
        _announce(seen, arguments, settings)
        much = seen.within(settings.max_calls) > ASKED_ABOVE or not seen.complete
        if much and asks and not _agreed():
            complain("nothing was sent")
            return 1
        return bulk_run.run(ocr, named, arguments, settings, seen)
    except OSError as exc:
        complain(f"{exc.filename}: {said(exc)}" if exc.filename else said(exc))
        return 2
    except JournalError as exc:
        complain(said(exc))
        return 2


def _announce(seen: Plan, arguments: argparse.Namespace, settings: Settings) -> None:
    """Say what is about to be done."""
    calls = seen.within(settings.max_calls)
    known = "" if seen.complete else "at least "
    cost = money.in_words(calls, arguments.price)
    capped = ""
    if settings.max_calls is not None:
        room = max(0, settings.max_calls - seen.spent)
        capped = f"; the cap leaves {_counted(room, 'call')}{money.in_words(room, arguments.price)}"
        cost = "" if not seen.complete else cost
    before = f", {seen.settled:,} of them settled before" if seen.settled else ""
    price = "" if arguments.price else ", cost not known without --price"
    complain(
        f"about to send: {known}{_counted(seen.images, 'image')}{before}; "
        f"{known or 'at most '}{_counted(calls, 'call')}{cost}{price}{capped}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _agreed() -> bool:
    """Ask whether to go on."""
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _rehearse(named: Named, arguments: argparse.Namespace, settings: Settings) -> int:
    seen = plan.rehearse(named.to_send(), arguments.journal, settings)
    calls = seen.within(settings.max_calls)
    print(f"images: {seen.images:,}")
    print(f"settled before: {seen.settled:,}")
    print(f"duplicates: {seen.duplicates:,}")
    print(f"cannot be sent: {seen.unfit:,}")
    print(f"bytes to send: {seen.bytes:,}")
    print(f"calls: {calls:,}{money.in_words(calls, arguments.price)}")
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _rate(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be a positive number")
    return number


def _concurrency(text: str) -> int | str:
    return text if text == "auto" else recognize.positive(text)
