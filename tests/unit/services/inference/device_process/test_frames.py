from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    ArmoireError,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidInput,
    Overloaded,
    Unavailable,
)
from services.inference.device_process.frames import Answer, Request, Verb, answers, requests

NUMBERS = st.integers(0, 2**32 - 1)
REQUESTS = st.builds(
    Request,
    st.sampled_from(Verb),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2),
    NUMBERS,
    NUMBERS,
    st.booleans(),
    st.floats(0, 1e9) | st.just(math.inf),
)


@given(st.lists(REQUESTS, max_size=5), st.integers(1, 60))
def test_requests_survive_being_cut_anywhere(sent: list[Request], piece: int) -> None:
    stream = b"".join(request.pack() for request in sent)
    received = bytearray()
    read: list[Request] = []
    for start in range(0, len(stream), piece):
        received += stream[start : start + piece]
        read += requests(received)
    assert read == sent
    assert not received


@given(st.lists(st.tuples(st.booleans(), NUMBERS, st.text(max_size=9)), max_size=5), st.integers(1, 90))
def test_answers_survive_being_cut_anywhere(sent: list[tuple[bool, int, str]], piece: int) -> None:
    made = [
        Answer(number, done, number * 2, number * 3, None if done else DeadlineExceeded(text))
        for done, number, text in sent
    ]
    stream = b"".join(answer.pack() for answer in made)
    received = bytearray()
    read: list[Answer] = []
    for start in range(0, len(stream), piece):
        received += stream[start : start + piece]
        read += answers(received)
    assert [(a.request_id, a.done, a.queue_ns, a.run_ns) for a in read] == [
        (a.request_id, a.done, a.queue_ns, a.run_ns) for a in made
    ]
    assert [str(a.error) for a in read] == [str(a.error) for a in made]
    assert not received


@pytest.mark.parametrize(
    "error",
    [
        Overloaded("full", retry_after_s=0.25, metadata={"max_queue_rows": "8"}),
        Unavailable("closing", retry_after_s=2.5, reason="DRAINING"),
        DeadlineExceeded("too late"),
        FailedPrecondition("not now"),
        InvalidInput("rows", "are bad"),
    ],
)
def test_errors_keep_their_kind_and_what_they_say(error: ArmoireError) -> None:
    (read,) = answers(bytearray(Answer(1, done=False, error=error).pack()))
    assert type(read.error) is type(error)
    assert vars(read.error) == vars(error)


def test_an_error_without_a_meaning_to_callers_is_for_the_log() -> None:
    error = RuntimeError("no such kernel")
    (read,) = answers(bytearray(Answer(1, done=False, error=error).pack()))
    assert type(read.error) is RuntimeError
    assert str(error) in str(read.error)
