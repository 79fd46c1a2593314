"""Whose turn it is among the calls that wait for an engine process."""

from __future__ import annotations

import struct
from math import inf

import pytest
from emulator.clock import Clock
from nhncloud_ocr_emulator._workers._queue import TURN, Job, Queue


def job(width: int, height: int = 1000, *, size: int = 100) -> Job:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    return Job(head.ljust(size, b"\0"), False, lambda job: None)


def untold() -> Job:
    return Job(b"\xff\xd8\xff\xff".ljust(40_000), False, lambda job: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> Queue:
    return Queue(2, clock)


def both_at_long_calls(queue: Queue, clock: Clock) -> None:
    queue.next()
    queue.next()
    clock.now += 100


def test_they_are_taken_as_they_came(queue: Queue) -> None:
    first, second, third = queue.waiting[:] = [job(900), job(5), job(10_000)]
    assert [queue.next(), queue.next(), queue.next()] == [first, second, third]
    assert queue.next() is None


@pytest.mark.parametrize("large", [job(16_001), untold()])
def test_large_ones_leave_a_worker_to_others(queue: Queue, large: Job) -> None:
    queue.waiting[:] = [job(20_000), large, small := job(5)]
    first = queue.next()
    assert queue.next() is small
    assert queue.next() is None
    assert first is not None
    queue.done(first)
    assert queue.next() is large


def test_a_short_file_is_small_though_it_does_not_tell_its_size(queue: Queue) -> None:
    queue.waiting[:] = [job(20_000), job(20_000), short := Job(b"\xff\xd8\xff", False, print)]
    queue.next()
    assert short.small
    assert queue.next() is short


def test_a_worker_alone_takes_them_too() -> None:
    queue = Queue(1)
    queue.waiting[:] = [large := job(20_000)]
    assert queue.next() is large


def test_the_extra_process_waits_until_all_workers_are_at_long_calls(
    queue: Queue, clock: Clock
) -> None:
    queue.waiting[:] = [job(8000), job(8000), small := job(100)]
    assert queue.seconds_until_long() == inf
    first = queue.next()
    clock.now += 100
    assert queue.seconds_until_long() == inf  # a worker is free
    queue.next()
    seconds = queue.seconds_until_long()
    assert seconds > 0
    assert queue.next_aside() is None
    clock.now += seconds
    assert queue.next_aside() is small
    assert set(queue.working) > {first, small}
    assert queue.busy == 2


def test_a_worker_that_is_begun_for_a_job_is_at_it_while_it_loads(
    queue: Queue, clock: Clock
) -> None:
    queue.waiting[:] = [first := job(8000), second := job(8000), job(100)]
    queue.has_new_worker(first)
    queue.has_new_worker(second)
    clock.now += 100
    queue.next()
    assert queue.seconds_until_long() == inf  # one loads still
    queue.next()
    assert queue.seconds_until_long() <= 0


def test_the_extra_process_takes_the_smallest_and_only_small_ones(
    queue: Queue, clock: Clock
) -> None:
    queue.waiting[:] = [job(8000), job(8000), job(2001), a := job(1500), b := job(200), untold()]
    both_at_long_calls(queue, clock)
    assert queue.next_aside() is b
    queue.done(b)
    assert queue.next_aside() is a
    queue.done(a)
    assert queue.next_aside() is None
    assert len(queue.working) == 2


def test_what_holds_the_extra_process_gives_way_to_what_had_no_turn(
    queue: Queue, clock: Clock
) -> None:
    queue.waiting[:] = [job(8000), job(8000), a := job(100), b := job(200), job(2001)]
    both_at_long_calls(queue, clock)
    assert queue.to_give_way() is None
    assert queue.next_aside() is a
    assert queue.to_give_way() is None
    clock.now += TURN
    assert queue.to_give_way() is a
    queue.put_back(a)
    assert queue.next_aside() is b
    clock.now += 2 * TURN
    assert queue.to_give_way() is None  # what waits had its turn, or is for the workers
    queue.waiting.append(c := job(300))
    assert queue.to_give_way() is b
    queue.put_back(b)
    assert queue.next_aside() is c
    queue.done(c)
    assert queue.next_aside() is a  # it is not forgotten
    queue.done(a)
    assert queue.waiting[0] is b


def test_a_large_file_of_few_pixels_is_not_small(queue: Queue, clock: Clock) -> None:
    queue.waiting[:] = [job(8000), job(8000), job(10, size=20_000_000), small := job(1500)]
    both_at_long_calls(queue, clock)
    assert queue.next_aside() is small
    queue.done(small)
    assert queue.next_aside() is None


def test_what_is_largest_stands_still_first_and_all_take_turns(queue: Queue) -> None:
    queue.waiting[:] = [small := job(100), large := job(10, size=20_000_000)]
    queue.next()
    queue.next()
    for expected in (large, small, large, small):
        assert queue.to_stand_still() is expected
        expected.stood_still += 1


def test_a_worker_takes_what_gave_way_before_all_others(queue: Queue, clock: Clock) -> None:
    queue.waiting[:] = [first := job(8000), job(8000), a := job(100), job(200)]
    both_at_long_calls(queue, clock)
    queue.next_aside()
    queue.put_back(a)
    assert first in queue.working
    queue.done(first)
    assert queue.next() is a


def test_who_asked_for_one_process_gets_one(clock: Clock) -> None:
    queue = Queue(1, clock)
    queue.waiting[:] = [job(8000), job(100)]
    queue.next()
    clock.now += 100
    assert queue.seconds_until_long() == inf
    assert queue.next_aside() is None
