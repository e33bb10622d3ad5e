"""Columns in packed chunks hold what was written to them, wherever it is asked for and whenever."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench_gui.bench.audit.growing_table import GrowingTable, Packing

LINES, PLACES = 3, 40
SMALL = Packing(chunk_bits=2, chunks=2, chunks_a_line=0)

spots = st.lists(st.tuples(st.integers(0, LINES - 1), st.integers(0, PLACES - 1)), max_size=8)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("add"), spots, st.integers(-3, 3)),
        st.tuples(st.just("fill"), st.lists(st.integers(0, PLACES), min_size=2, max_size=2),
                  st.integers(-2, 2)),
        st.tuples(st.just("rest"), st.just(None), st.just(0)),
    ),
    max_size=30,
)  # fmt: skip


def arrays(spots: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    lines, places = zip(*spots, strict=True) if spots else ((), ())
    return np.array(lines, dtype=np.int64), np.array(places, dtype=np.int64)


@given(moves=moves)
def test_a_table_is_what_plain_arrays_would_be(moves: list[tuple[str, object, int]]) -> None:
    table = GrowingTable(LINES, {"small": np.int8, "large": np.int64}, SMALL)
    plain = np.zeros((LINES, PLACES), dtype=np.int64)
    for verb, where, value in moves:
        if verb == "add":
            lines, places = arrays(where)
            table.add("large", table.at(lines, places), value)
            np.add.at(plain, (lines, places), value)
        elif verb == "fill":
            first, after = sorted(where)
            table.fill("large", 1, first, after, value)
            plain[1, first:after] = value
        else:
            table.rest()
    for line in range(LINES):
        assert table.line("large", line, 0, PLACES).tolist() == plain[line].tolist()
        everywhere = np.full(PLACES, line)
        found = table.look_up("large", everywhere, np.arange(PLACES))
        assert found.tolist() == plain[line].tolist()
        assert not table.line("small", line, 0, PLACES).any()


def test_what_lies_outside_is_zero() -> None:
    table = GrowingTable(1, {"column": np.int32}, SMALL)
    table.fill("column", 0, 0, 4, 7)
    lines, places = np.array([0, 0, -1, 1, 0]), np.array([3, 4, 0, 0, -1])
    assert table.look_up("column", lines, places).tolist() == [7, 0, 0, 0, 0]


def test_a_million_places_that_say_little_take_little_room() -> None:
    table = GrowingTable(1, {"count": np.int32, "number": np.int64, "who": np.int32})
    for first in range(0, 1 << 20, 1 << 16):
        at = table.range_at(0, first, first + (1 << 16))
        table["count"][at] = 1
        table["number"][at] = np.arange(first, first + (1 << 16))
        table["who"][at] = np.arange(1 << 16) // 20 % 4
        table.rest()
    assert sum(len(data) for data in table._packed.values()) < (1 << 20) * 0.2
    assert sum(column.nbytes for column in table._columns.values()) < 5_000_000
    assert table.line("number", 0, 9000, 9002).tolist() == [9000, 9001]
    assert table.line("who", 0, 9000, 9002).tolist() == [450 % 4, 450 % 4]
