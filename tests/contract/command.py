"""The program behind `nox -s contract`: which server, which rows, and what is left behind."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx
from nhncloud_ocr_emulator import Emulator
from patience import a_slow_machine_is_no_slow_service

from contract.drivers.caller import Target
from contract.drivers.emulated import ENGINES, EngineUnavailableError, target_of
from contract.drivers.image_host import Elsewhere, ImageHost
from contract.drivers.live import Budget, run_live
from contract.drivers.remembering import Memory, remember
from contract.drivers.rows import OF_A_GATEWAY
from contract.drivers.rows.versions import V10, V11
from contract.drivers.session import Session
from contract.drivers.tokens import AccessKey
from contract.judge import Judge, Verdict
from contract.judge.description import load
from contract.report import cassettes
from contract.report.coverage import Coverage
from contract.report.invisible import INVISIBLE, WHEN_CANNED
from contract.report.report import Report
from contract.run import ANY_SERVER, BEYOND_TABLE, DEMANDED, TABLE, Run

REPORTS = Path(__file__).parents[2] / "reports"
KEYS = ("NHNCLOUD_OCR_APP_KEY", "NHNCLOUD_OCR_SECRET_KEY")
ACCESS = ("NHNCLOUD_OCR_USER_ACCESS_KEY_ID", "NHNCLOUD_OCR_SECRET_ACCESS_KEY")
NEEDED = f"{' and '.join(KEYS)} (v1.0), or {KEYS[0]}, {' and '.join(ACCESS)} (v1.1)"
VENDOR = "nhncloudservice.com"
VENDORS_TOKEN_URL = f"https://oauth.api.{VENDOR}/oauth2/token/create"
# Engines that take seconds for a single word: in a run they read each picture once, not in each of
# the 700 calls that are accepted, and for one caller at a time, for there is little but reading.
SLOW = ("photo",)


def main(
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    say: Callable[[str], None] = print,
    budget: Callable[[httpx.BaseTransport], httpx.BaseTransport] = Budget,
) -> int:
    """Run; 0 the contract is kept, 1 it is broken, 2 the command cannot be run as it stands."""
    options = _arguments(argv)
    url = options.base_url or (environ.get("NHNCLOUD_OCR_BASE_URL") if options.live else None)
    if url is None and not options.live:
        try:
            return _emulator(options, say)
        except EngineUnavailableError as error:
            say(str(error))
            return 2
    if url and not options.live and _is_vendors(url):
        say(f"{urlsplit(url).hostname} bills each call: run the few rows for it with --live")
        return 2
    target = _target(url or load().document["servers"][0]["url"], options, environ)
    if not target.versions:
        if options.live:
            say(f"live: skipped, because {NEEDED} are not set")
            return 0
        say(f"set {NEEDED} to the keys that {url} accepts")
        return 2
    if options.live:
        return _live(target, options, say, budget)
    if target.access and _is_vendors(target.access.token_url):
        say("the vendor's tokens are for --live: name this server's with --token-url")
        return 2
    return _server(target, options, say)


def _target(base_url: str, options: argparse.Namespace, environ: Mapping[str, str]) -> Target:
    """The server, with the versions for which there are keys and that were not left out."""
    app_key, secret_key = (environ.get(name, "") for name in KEYS)
    name, password = (environ.get(name, "") for name in ACCESS)
    token_url = options.token_url or environ.get("NHNCLOUD_OCR_TOKEN_URL") or VENDORS_TOKEN_URL
    v10 = bool(app_key and secret_key) and options.version in (None, V10)
    v11 = bool(app_key and name and password) and options.version in (None, V11)
    access = AccessKey(token_url, name, password) if v11 else None
    return Target(base_url, app_key, secret_key if v10 else "", access=access)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="contract",
        description="Hold a server against the description; without options, our emulator. "
        f"Keys come from {NEEDED}; both versions are tried if there are keys for both.",
    )
    parser.add_argument(
        "--base-url", metavar="URL", help="any server, up to before /v1.0 and /v1.1"
    )
    parser.add_argument(
        "--token-url",
        metavar="URL",
        help="where v1.1's tokens come from (NHNCLOUD_OCR_TOKEN_URL)",
    )
    parser.add_argument("--version", choices=(V10, V11), help="this version alone")
    parser.add_argument("--live", action="store_true", help="the real service, at most 12 calls")
    parser.add_argument("--strict", action="store_true", help="news fail as well")
    parser.add_argument(
        "--canned", action="store_true", help="it answers by rote: what it reads is not judged"
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="fixture", help="of our emulator (default fixture)"
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
    """Both modes of our emulator, by three callers at a time: while it reads for one, the others
    judge. Each has an emulator and an image host, which counts what is fetched, of its own.
    """
    memory: Memory = {}
    at_a_time = 1 if options.engine in SLOW else 3
    with ExitStack() as stack:
        stack.enter_context(a_slow_machine_is_no_slow_service())
        table, beyond, gateway = (
            _emulated(mode, stack, memory, options, say) for mode in ("app", "app", "gateway")
        )
        gateway.table = OF_A_GATEWAY
        say(f"the emulator in modes app and gateway, engine {options.engine}")
        sessions = (table, beyond, gateway)
        report = Report(_redacted(sessions), strict=options.strict, say=say)
        coverage = Coverage(load(table.target.versions))
        shares = (TABLE, (*BEYOND_TABLE, *DEMANDED), TABLE)
        with ThreadPoolExecutor(at_a_time) as callers:
            runs = [
                callers.submit(Run(session, report, coverage).drive, drivers)
                for session, drivers in zip(sessions, shares, strict=True)
            ]
        for run in runs:
            run.result()
    report.write(options.reports, coverage)
    say(report.summary())
    if report.breaks:
        return 1
    _closing(coverage, options, say)
    for kind, items in coverage.missing().items():
        say(f"the emulator must show all {kind}; missing: {', '.join(sorted(items))}")
    return 1 if coverage.missing() else 0


def _redacted(sessions: Sequence[Session]) -> Callable[[str], str]:
    """What takes the keys of all of them out of a text."""

    def redacted(text: str) -> str:
        for session in sessions:
            text = session.target.redacted(text)
        return text

    return redacted


def _emulated(
    mode: Literal["app", "gateway"],
    stack: ExitStack,
    memory: Memory,
    options: argparse.Namespace,
    say: Callable[[str], None],
) -> Session:
    """A session with an emulator in a mode, which lives as long as the stack."""
    host = stack.enter_context(ImageHost())
    emulator = Emulator(engine=options.engine, mode=mode, allow_private_urls=True, playground=False)
    if options.engine in SLOW:
        remember(emulator, memory)
    stack.enter_context(emulator)
    target = target_of(emulator, emulator.base_url)
    if options.version == V10:
        target = replace(target, access=None)
    elif options.version == V11:
        target = replace(target, secret_key="")
    session = _session(target, host, options, say)
    session.must_reach = True
    return session


def _server(target: Target, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    coverage = Coverage(load(target.versions))
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
    judge = Judge(load(target.versions), canned=options.canned)
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
    coverage = Coverage(load(target.versions))
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
