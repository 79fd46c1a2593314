"""What a run leaves behind: lines for people, JUnit XML for machines; neither holds a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from contract.judge import Verdict
from contract.judge.rules import Finding, Severity
from contract.report.coverage import Coverage


@dataclass
class Report:
    """Collects the calls of a run. `redacted` takes the keys out of a text."""

    redacted: Callable[[str], str]
    live: bool = False
    strict: bool = False
    say: Callable[[str], None] = print
    breaks: list[Finding] = field(default_factory=list)
    news: dict[str, Finding] = field(default_factory=dict)
    _calls: dict[str, list[tuple[str, str, list[Finding]]]] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)

    def call(self, driver: str, verdict: Verdict) -> None:
        """Note one call of a driver."""
        sent = verdict.sent
        with self._lock:
            calls = self._calls.setdefault(driver, [])
        calls.append((sent.operation, sent.label, verdict.findings))

    def find(self, finding: Finding) -> bool:
        """Note a finding and print its line; True if it is a break. Equal news print once."""
        broken = finding.severity(live=self.live, strict=self.strict) is Severity.BREAK
        if broken:
            self.breaks.append(finding)
            self.say(f"BREAK {self.redacted(finding.line())}")
        else:
            key = f"{finding.operation} {finding.rule.name} {finding.seen}"
            if key not in self.news:
                self.say(f"news  {self.redacted(finding.line())}")
            self.news.setdefault(key, finding)
        return broken

    def summary(self) -> str:
        """One line: calls by driver, breaks, news, seconds."""
        calls = ", ".join(f"{len(calls)} {driver}" for driver, calls in self._calls.items())
        seconds = time.monotonic() - self._started
        verdict = "the contract is broken" if self.breaks else "the contract is kept"
        return f"{verdict}: calls: {calls or 'none'}; {len(self.news)} news; {seconds:.1f} s"

    def write(self, folder: Path, coverage: Coverage | None = None) -> None:
        """Write `contract.xml` (JUnit) and `contract.txt`."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [self.summary()]
        lines += [f"BREAK {finding.line()}" for finding in self.breaks]
        lines += [f"news  {finding.line()}" for finding in self.news.values()]
        if coverage is not None:
            lines += ["", "coverage by outcome", *coverage.lines()]
        text = self.redacted("\n".join(lines)) + "\n"
        (folder / "contract.txt").write_text(text, encoding="utf-8")
        xml = ElementTree.tostring(self._junit(), encoding="unicode")
        head = '<?xml version="1.0" encoding="utf-8"?>\n'
        (folder / "contract.xml").write_text(head + xml + "\n", encoding="utf-8")

    def _junit(self) -> ElementTree.Element:
        suites = ElementTree.Element("testsuites", name="contract")
        for driver, calls in self._calls.items():
            suite = ElementTree.SubElement(
                suites, "testsuite", name=driver, tests=str(len(calls)), failures="0"
            )
            failures = 0
            for operation, label, findings in calls:
                name = f"{driver}.{operation or 'no-operation'}"
                case = ElementTree.SubElement(
                    suite, "testcase", classname=name, name=_printable(self.redacted(label))
                )
                for finding in findings:
                    broken = finding.severity(live=self.live, strict=self.strict) is Severity.BREAK
                    kind = "failure" if broken else "system-out"
                    element = ElementTree.SubElement(case, kind)
                    element.text = _printable(self.redacted(finding.line()))
                    failures += broken
            suite.set("failures", str(failures))
        return suites


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
