"""What the stand-in for splunkd writes is what splunkd writes, and what it reads is what the SDK wrote."""

from __future__ import annotations

from tests.splunk.harness import body_of, chunks, message, read_body, several, split


def test_a_body_has_all_plain_columns_first_and_quotes_what_is_not_plain() -> None:
    body = body_of([{"_time": "1599171244.277", "text": "abc", "user": ["a$b", "c"]}])
    assert body == (
        b'"_time",text,user,"__mv__time","__mv_text","__mv_user"\n"1599171244.277",abc,"a$b\nc",,,"$a$$b$;$c$"\n'
    )


def test_an_empty_cell_is_not_quoted_and_a_quote_is_doubled() -> None:
    assert body_of([{"a": "", "b": 'say "so"'}], has_mv=False) == b'a,b\n,"say ""so"""\n'


def test_rows_are_split_where_asked_and_nothing_is_lost() -> None:
    rows = [{"n": str(number)} for number in range(10)]
    bodies = split(rows, [3, 0, 5])
    assert [len(read_body(body)[1]) for body in bodies] == [3, 0, 5, 2]
    assert [row["n"] for body in bodies for row in read_body(body)[1]] == [row["n"] for row in rows]
    assert split([], []) == [b""]


def test_only_the_last_chunk_is_finished() -> None:
    sent = list(chunks([b"a\n", b"", b"b\n"]))
    assert [b'"finished": true' in one for one in sent] == [False, False, True]
    assert message({}, b"xy") == b"chunked 1.0,2,2\n{}xy"


def test_what_the_sdk_writes_is_read() -> None:
    header, rows = read_body(b'a,__mv_a,b,__mv_b\r\n"x\ny",$x$;$y$,1,\r\n')
    assert (header, rows) == (["a", "b"], [{"a": ["x", "y"], "b": "1"}])
    assert several("$a$$;b$;$$;$c$") == ["a$;b", "", "c"]
