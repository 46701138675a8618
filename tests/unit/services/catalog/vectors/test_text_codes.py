from __future__ import annotations

import numpy as np

from services.catalog.vectors.text_codes import TextCodes


def test_a_mask_is_where_the_column_holds_one_of_the_texts() -> None:
    codes = TextCodes()
    column = np.array(codes.encode(["a", "b", "a", "c"]), np.int32)
    assert codes.mask(column, ["a"]).tolist() == [True, False, True, False]
    assert codes.mask(column, ["c", "b", "never"]).tolist() == [False, True, False, True]
    assert codes.mask(column, ["never"]).tolist() == [False] * 4
    assert codes.mask(column, []).tolist() == [False] * 4
    assert TextCodes().mask(column[:0], ["a"]).tolist() == []
    tokens = column.reshape(2, 2)
    assert codes.mask(tokens, ["c"]).tolist() == [[False, False], [False, True]]
    assert codes.mask(tokens, ["never"]).tolist() == [[False, False]] * 2
