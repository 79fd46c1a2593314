"""The program behind `nox -s contract`: which server, which rows, and what is left behind."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from contract.drivers.caller import Target
from contract.drivers.image_host import Elsewhere, ImageHost
from contract.drivers.live import Budget, run_live
from contract.drivers.session import Session
from contract.judge import Judge, Verdict
from contract.judge.description import load
from contract.report import cassettes
from contract.report.coverage import Coverage
from contract.report.invisible import INVISIBLE, WHEN_CANNED
from contract.report.report import Report
from contract.run import ANY_SERVER, EMULATOR, TABLE, Run

REPORTS = Path(__file__).parents[2] / "reports"
KEYS = ("NHNCLOUD_OCR_APP_KEY", "NHNCLOUD_OCR_SECRET_KEY")
VENDOR = "nhncloudservice.com"


def main(
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    say: Callable[[str], None] = print,
    budget: Callable[[httpx.BaseTransport], httpx.BaseTransport] = Budget,
) -> int:
    """Run; 0 the contract is kept, 1 it is broken, 2 the command cannot be run as it stands."""
    options = _arguments(argv)
    app_key, secret_key = (environ.get(name, "") for name in KEYS)
    url = options.base_url or (environ.get("NHNCLOUD_OCR_BASE_URL") if options.live else None)
    if options.live:
        if not (app_key and secret_key):
            say(f"live: skipped, because {' and '.join(KEYS)} are not both set")
            return 0
        target = Target(url or load().document["servers"][0]["url"], app_key, secret_key)
        return _live(target, options, say, budget)
    if url is None:
        return _emulator(options, say)
    if _is_vendors(url):
        say(f"{urlsplit(url).hostname} bills each call: run the few rows for it with --live")
        return 2
    if not (app_key and secret_key):
        say(f"set {' and '.join(KEYS)} to the keys that {url} accepts")
        return 2
    return _server(Target(url, app_key, secret_key), options, say)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="contract",
        description="Hold a server against the description; without options, our emulator. "
        f"Keys come from {' and '.join(KEYS)}.",
    )
    parser.add_argument("--base-url", metavar="URL", help="any server, up to before /v1.0")
    parser.add_argument("--live", action="store_true", help="the real service, at most 12 calls")
    parser.add_argument("--strict", action="store_true", help="news fail as well")
    parser.add_argument(
        "--canned", action="store_true", help="it answers by rote: what it reads is not judged"
    )
    parser.add_argument(
        "--engine", default="fixture", help="of our emulator: fixture (default), tesseract or photo"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the generated calls (default 1)")
    parser.add_argument(
        "--examples", type=int, default=40, help="generated calls for each operation (default 40)"
    )
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER")
    parser.add_argument("--cassettes", type=Path, default=cassettes.FOLDER, metavar="FOLDER")
    return parser.parse_args(argv)


def _is_vendors(url: str) -> bool:
    host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").rstrip(".").lower()
    return host == VENDOR or host.endswith(f".{VENDOR}")


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _emulator(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    from nhncloud_ocr_emulator import Emulator

    coverage = Coverage(load())
    first = Emulator(engine=options.engine, allow_private_urls=True)
    target = Target("", first.app_key, first.secret_key)
    report = Report(target.redacted, strict=options.strict, say=say)
    with ExitStack() as stack:
        host = stack.enter_context(ImageHost())
        gateway = Emulator(
            engine=options.engine,
            mode="gateway",
            allow_private_urls=True,
            app_key=first.app_key,
            secret_key=first.secret_key,
        )
        for emulator, mode in ((first, "app"), (gateway, "gateway")):
            url = stack.enter_context(emulator).base_url
            say(f"the emulator in mode {mode}, engine {options.engine}")
            session = _session(replace(target, base_url=url), host, options, say)
            session.must_reach = True
            if not Run(session, report, coverage).drive(EMULATOR if mode == "app" else TABLE):
                break
    report.write(options.reports, coverage)
    say(report.summary())
    if report.breaks:
        return 1
    _closing(coverage, options, say)
    for kind, items in coverage.missing().items():
        say(f"the emulator must show all {kind}; missing: {', '.join(sorted(items))}")
    return 1 if coverage.missing() else 0


def _server(target: Target, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    coverage = Coverage(load())
    report = Report(target.redacted, strict=options.strict, say=say)
    with ExitStack() as stack:
        # A server on this machine can reach images of ours; whether it does is seen, not assumed.
        near = _is_loopback(target.base_url)
        host = stack.enter_context(ImageHost()) if near else Elsewhere()
        session = _session(target, host, options, say)
        kept = Run(session, report, coverage).drive(ANY_SERVER)
    if kept:
        _closing(coverage, options, say)
    report.write(options.reports, coverage)
    say(target.redacted(report.summary()))
    return 0 if kept else 1


def _session(
    target: Target,
    host: ImageHost | Elsewhere,
    options: argparse.Namespace,
    say: Callable[[str], None],
) -> Session:
    judge = Judge(load(), canned=options.canned)
    return Session(target, judge, host, tell=say, seed=options.seed, max_examples=options.examples)


def _closing(coverage: Coverage, options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """What was reached, and what no run can see."""
    for line in coverage.lines():
        say(line)
    say("not seen by any run:")
    for what, reason in INVISIBLE.items():
        say(f"    {what} ({reason})")
    if options.canned:
        say(WHEN_CANNED)


def _live(
    target: Target,
    options: argparse.Namespace,
    say: Callable[[str], None],
    budget: Callable[[httpx.BaseTransport], httpx.BaseTransport],
) -> int:
    coverage = Coverage(load())
    report = Report(target.redacted, live=True, strict=options.strict, say=say)
    paced = budget(target.transport or httpx.HTTPTransport())
    session = _session(replace(target, transport=paced), Elsewhere(), options, say)

    def observe(verdict: Verdict) -> None:
        report.call("live", verdict)
        coverage.observe(verdict)
        cassettes.save(options.cassettes, verdict.sent.label, verdict.received, target.redacted)

    session.observe = observe
    with session:
        for finding in run_live(session):
            report.find(finding)
    report.write(options.reports, coverage)
    say(report.summary())
    return 1 if report.breaks else 0
