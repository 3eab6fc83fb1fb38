"""Swedish names in Swedish order: a database and a code point do not know it."""

from __future__ import annotations

from avvikelse.domain.kommuner import kommun_name, kommun_order
from avvikelse.domain.swedish_order import swedish


def test_the_last_letters_stand_last_and_in_order():
    names = ["Östersund", "Älvdalen", "Åre", "zebran", "Berg", "Örebro", "Ängelholm", "Ånge", "Alé", "Ale B"]
    in_order = ["Alé", "Ale B", "Berg", "zebran", "Ånge", "Åre", "Älvdalen", "Ängelholm", "Örebro", "Östersund"]
    assert sorted(names, key=swedish) == in_order


def test_kommuner_by_name_and_not_by_code():
    assert [kommun_name(code) for code in sorted(("2380", "2321", "2281", "2260"), key=kommun_order)] == [
        "Sundsvall", "Ånge", "Åre", "Östersund",
    ]  # fmt: skip
