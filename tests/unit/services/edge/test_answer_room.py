from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from services.edge.answer_room import FRAME_BYTES, MARGIN_BYTES, AnswerRoom


def test_parts_are_taken_until_the_answer_is_full() -> None:
    room = AnswerRoom(1000 + MARGIN_BYTES)
    room.take(400)
    with pytest.raises(InvalidInput, match=f"include_crops: .* at most {room.max_bytes} are sent") as refused:
        room.take(600)
    assert refused.value.reason == "ANSWER_TOO_LARGE"
    room.take(600 - 2 * FRAME_BYTES)
    with pytest.raises(InvalidInput):
        room.take(0)
