"""The rules between calls: what a single reply cannot show, and several together can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd

from contract.judge.exchange import Picture, Sent
from contract.judge.judging import Verdict, finding_of
from contract.judge.reading import Reading
from contract.judge.rules import Finding
from contract.judge.truth import matched

WORDS_TO_COMPARE = 3  # fewer may stand in two pictures alike
WORDS_OF_ONE_CONF, PICTURES_OF_ONE_CONF = 40, 4  # a few plain words may all be of one confidence
PICTURES_WITHOUT_END = 3  # one of them may have been misread
WORDS_OF_A_WAY, MOST = 40, 0.85  # of many plainly printed words nearly all are read
STEP = 5  # pixels: of many numbers some are no multiple of it

# A code path of a server: each may be broken by itself.
Way = tuple[str, str]  # operation, media type


@dataclass
class History:
    """What the successes of a run had in common. One for a run; `learn` takes each verdict."""

    _said: dict[tuple[str, ...], Sent] = field(default_factory=dict)
    _answers: dict[tuple[str, Picture], tuple[str, object]] = field(default_factory=dict)
    _confs: dict[Way, list[float]] = field(default_factory=dict)
    _pictures: dict[Way, set[Picture]] = field(default_factory=dict)
    _steps: dict[Way, tuple[int, int]] = field(default_factory=dict)
    _found: dict[Way, dict[Picture, list[bool]]] = field(default_factory=dict)

    def learn(self, verdict: Verdict) -> list[Finding]:
        """Take note of an exchange, and return what it shows together with those before it."""
        sent, reading = verdict.sent, verdict.reading
        if verdict.findings or reading is None or sent.picture is None:
            return []
        return [
            *self._same_words(sent, sent.picture, reading),
            *self._same_answer(sent, sent.picture, reading),
            *self._conf(sent, sent.picture, reading),
            *self._step(sent, reading),
            *self._never_read(sent, sent.picture, reading),
        ]

    def _same_words(self, sent: Sent, picture: Picture, reading: Reading) -> Iterator[Finding]:
        """Two pictures of different text cannot give the same words."""
        words = tuple(word.text for word in reading.words)
        if len(words) < WORDS_TO_COMPARE or not picture.text:
            return
        before = self._said.setdefault(words, sent)
        if before.picture and before.picture.text != picture.text:
            seen = f"the same {len(words)} words as for {before.label}, whose image shows others"
            yield finding_of("own-words", sent, "", seen)

    def _same_answer(self, sent: Sent, picture: Picture, reading: Reading) -> Iterator[Finding]:
        """By file or by URL, today or again: one image has one answer."""
        if not picture.words:
            return
        lines = [[word.text for word in line] for line in reading.visual_lines]
        answer = (lines, reading.slices, len(reading.words))
        label, before = self._answers.setdefault((sent.operation, picture), (sent.label, answer))
        if before != answer:
            seen = f"another result than for {label}, whose image is the same"
            yield finding_of("same-answer", sent, "", seen)

    def _conf(self, sent: Sent, picture: Picture, reading: Reading) -> Iterator[Finding]:
        way = (sent.operation, sent.media_type)
        confs = self._confs.setdefault(way, [])
        confs += [word.conf for word in reading.words]
        pictures = self._pictures.setdefault(way, set())
        pictures.add(picture)
        enough = len(confs) >= WORDS_OF_ONE_CONF and len(pictures) >= PICTURES_OF_ONE_CONF
        if enough and len(set(confs)) == 1:
            seen = f"conf {confs[0]:g} for each of {len(confs)} words of {len(pictures)} images"
            yield finding_of("conf-varies", sent, "", seen)

    def _step(self, sent: Sent, reading: Reading) -> Iterator[Finding]:
        """Where boxes lie on a coarse grid, somebody has rounded them, or scaled them up."""
        way = (sent.operation, sent.media_type)
        count, step = self._steps.get(way, (0, 0))
        for box in (word.box for word in reading.words if word.box):
            count, step = count + 1, gcd(step, *map(int, box.numbers))
        self._steps[way] = count, step
        if count >= WORDS_OF_A_WAY and step >= STEP:
            seen = f"each number of {count} boxes is a multiple of {step}"
            yield finding_of("single-pixels", sent, "", seen)

    def _never_read(self, sent: Sent, picture: Picture, reading: Reading) -> Iterator[Finding]:
        """One picture may be misread here or there; all of them at the same place may not."""
        if not picture.words:
            return
        pairs = {true for true, _ in matched(picture.words, reading.words)}
        way = (sent.operation, sent.media_type)
        of_way = self._found.setdefault(way, {})
        of_way[picture] = [word in pairs for word in picture.words]
        found = list(of_way.values())
        if len(found) >= PICTURES_WITHOUT_END:
            shortest = min(map(len, found))
            places = {f"word {index + 1}": index for index in range(shortest)}
            last = range(1, min(shortest, 3) + 1)
            places |= {f"word {index} from the end": -index for index in last}
            for place, index in places.items():
                enough = len(found) > PICTURES_WITHOUT_END or index in (0, -1)
                if enough and not any(words[index] for words in found):
                    missing = picture.words[index].text
                    seen = f"{place} is missing in all of {len(found)} images, here {missing}"
                    yield finding_of("whole-image", sent, "", seen)
                    return
        every = [word for words in found for word in words]
        if len(every) >= WORDS_OF_A_WAY and sum(every) < MOST * len(every):
            seen = f"{sum(every)} of {len(every)} words in {len(found)} images of plain print"
            yield finding_of("reads-most", sent, "", seen)
