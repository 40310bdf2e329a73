"""The next page in Link headers, whatever the case, the quotes and the company of its relation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feeds.http_client import next_link, web_links


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('</api?p=1>; rel="next"', "/api?p=1"),
        ('</api?p=1>; rel="next last"', "/api?p=1"),
        ('</api?p=1>; rel="last\tNext"', "/api?p=1"),
        ("</api?p=1>;REL=next", "/api?p=1"),
        ("</api?p=1> ; Rel = NEXT ;", "/api?p=1"),
        ("</api?p=1>; rel='next'", "/api?p=1"),
        ("</api;v=1,2?p=1>; rel=next", "/api;v=1,2?p=1"),
        ('<?p=1>;title="a; b, <c>; rel=no";rel="next"', "?p=1"),
        ('</api?p=9>; rel="last", </api?p=1>; rel="next"', "/api?p=1"),
        ("</api?p=9>;rel=last,</api?p=1>;rel=next", "/api?p=1"),
        ('</api?p=1>; title="a \\" b"; rel="next"', "/api?p=1"),
        ("</api?p=1>; title*=UTF-8''n%C3%A4chste; rel=next", "/api?p=1"),
        ('</api?p=1>; crossorigin; rel="next', "/api?p=1"),
        ("nonsense; rel=next, </api?p=1>; rel=next", "/api?p=1"),
        ("< /api?p=1 >; rel=next", "/api?p=1"),
        ("</api?p=1>; rel=next, </api?p=2>; rel=next", "/api?p=1"),
    ],
)
def test_the_next_page_is_found(header: str, address: str) -> None:
    assert next_link([header]) == address
    assert next_link(["</style.css>; rel=preload", header]) == address


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<",
        "</api?p=1>",
        "</api?p=1>; rel",
        "</api?p=1>; rel=nextish",
        "</api?p=1>; rel=prev; rel=next",
        "</api?p=1>; rev=next",
        '</api?p=1>; title="rel=next"',
        '</api?p=1>; rel="https://example.org/rel/next"',
        '</api?p=1>; rel=next; anchor="/another"',
        "/api?p=1; rel=next",
    ],
)
def test_what_names_no_next_page_gives_none(header: str) -> None:
    assert next_link([header]) is None


@pytest.mark.parametrize("sign", [",", "<", "<,", "< ", "<a>;", "<a>;a='"])
def test_a_long_header_is_read_to_its_end(sign: str) -> None:  # in time that grows with its length alone
    assert next_link([sign * 20_000, "</api?p=1>; rel=next"]) == "/api?p=1"


@given(st.text(alphabet="<>;,=\"'\\ arelnxt/", max_size=60))
def test_any_header_is_read_to_its_end(header: str) -> None:
    assert all(isinstance(link.target, str) for link in web_links(header))
