"""What is remembered between two decisions comes back, tenant by tenant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.memory.row import MemoryRow
from enumwatch.elastic.runner.recollection import Recollection

ROWS = st.lists(
    st.builds(
        MemoryRow, st.text(st.characters(), max_size=5), st.sampled_from(["", "a", "\ud800"]), st.just("name"),
        st.text(max_size=5), st.integers(0, 9), st.integers(0, 9),
    )
)  # fmt: skip


@given(ROWS)
def test_rows_come_back_by_tenant(rows: list[MemoryRow]) -> None:
    kept = Recollection(rows)
    assert kept.number == len(rows)
    assert sorted(kept.everything()) == sorted(rows)
    assert kept.tenants == sorted({row.tenant for row in rows})
    for tenant in kept.tenants:
        assert kept.rows(tenant) == [row for row in rows if row.tenant == tenant]


def test_many_rows_and_a_tenant_that_is_taken_over() -> None:
    rows = [MemoryRow(str(turn), tenant, "name", "x", 1, 2) for tenant in "ab" for turn in range(5_000)]
    kept, other = Recollection(rows), Recollection()
    other.take_over(kept, "b")
    other.take_over(kept, "nobody")
    assert other.number == 5_000
    assert list(other.everything()) == rows[5_000:]
