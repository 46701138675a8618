"""What a record tells of a change."""

from __future__ import annotations

import pytest

from services.audit.record import MAX_TEXT_CHARS, AuditRecord, Change, Facts


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"name": "a", "url": "", "price": None}, ({}, {"name": "a"})),
        ({"name": "a", "limit": 0}, {}, ({"name": "a", "limit": 0}, {})),
        ({"name": "a", "url": "u"}, {"name": "b", "url": "u"}, ({"name": "a"}, {"name": "b"})),
        ({"limit": None}, {"limit": 0}, ({}, {"limit": 0})),
        (
            {"attributes": {"size": "M", "fit": "slim"}},
            {"attributes": {"size": "L", "fit": "slim", "lining": "silk"}},
            ({"attributes": {"size": "M"}}, {"attributes": {"size": "L", "lining": "silk"}}),
        ),
        ({"attributes": {"size": "M"}}, {"attributes": {}}, ({"attributes": {"size": "M"}}, {})),
    ],
)
def test_a_change_has_only_what_differs(before: Facts, after: Facts, expected: tuple[Facts, Facts]) -> None:
    change = Change.between("products/1", before, after)
    assert change is not None
    assert (change.before, change.after) == expected


def test_nothing_is_no_change() -> None:
    assert Change.between("products/1", {"name": "a", "url": ""}, {"name": "a", "url": None}) is None


def test_long_texts_are_cut() -> None:
    facts = {"description": "x" * 5000, "attributes": {"care": "y" * 300}, "name": "z" * MAX_TEXT_CHARS}
    record = AuditRecord(1, "0" * 16, "t", "key:1", "", "UpdateProduct", "products/1", facts, {}, "r")
    cut = record.shortened().before
    assert cut["description"] == f"{'x' * MAX_TEXT_CHARS}... (5000 characters)"
    assert cut["attributes"]["care"] == f"{'y' * MAX_TEXT_CHARS}... (300 characters)"
    assert cut["name"] == facts["name"]


def test_a_record_as_json_reads_like_the_command_s() -> None:
    record = AuditRecord(
        250_000, "0" * 16, "t", "key:1", "u", "UpdateProduct", "products/1", {}, {"a": 1}, "r"
    )
    assert record.as_json() == {
        "id": "0" * 16,
        "create_time": "1970-01-01T00:00:00.250000+00:00",
        "tenant": "t",
        "actor": "key:1",
        "end_user": "u",
        "action": "UpdateProduct",
        "resource": "products/1",
        "before": {},
        "after": {"a": 1},
        "request_id": "r",
    }
