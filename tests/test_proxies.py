"""Which proxy an address goes through, and what is said of a variable that names none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.proxies import Proxy, ProxyUnusable, child_environment, proxy_for, unusable, without_unusable

FEED = "https://feed.test/api"


def through(value: str, url: str = FEED, **others: str) -> Proxy | None:
    return proxy_for(url, {"ALL_PROXY": value, **others})


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
        ("10.0.0.1:8080", "http://10.0.0.1:8080"),
        ("proxy.example", "http://proxy.example:80"),
        ("//proxy.example:3128", "http://proxy.example:3128"),
        (" http://proxy.example:3128/ \n", "http://proxy.example:3128"),
        ("HTTPS://proxy.example", "https://proxy.example:443"),
        ("socks5://127.0.0.1:7891", "socks5://127.0.0.1:7891"),
        ("socks5h://127.0.0.1", "socks5h://127.0.0.1:1080"),
        ("socks://127.0.0.1:1080/", "socks5h://127.0.0.1:1080"),
        ("SOCKS://[::1]:1080", "socks5h://[::1]:1080"),
        ("[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_proxy_is_understood_as_desktops_and_shells_write_it(value: str, address: str) -> None:
    proxy = through(value)
    assert proxy is not None
    assert (proxy.address, proxy.masked_url, proxy.full_address) == (address, address, address)


@pytest.mark.parametrize(
    "value",
    [
        "http://[::bad",
        "foo://secret",
        "http://",
        "http://host:99999",
        "http://host:0",
        "http://host:secret",
        "http://user:secret@",
        "http://user:secret@host:port",
        "http://user:se/cret@host:80",
        "http://user:80/secret@host:80",
        "http://user:80?secret@host:80",
        "http://ho st:80",
        "..:80",
        "socks4://user:secret@host:1080",
        "socks4a://host:1080",
    ],
)
def test_what_is_no_proxy_is_named_by_its_variable_and_never_shown(value: str) -> None:
    for variable in ("ALL_PROXY", "https_proxy"):
        with pytest.raises(ProxyUnusable) as caught:
            proxy_for(FEED, {variable: value})
        told = f"{caught.value.message} {caught.value.remedy}"
        assert variable in told
        assert "cret" not in told


def test_credentials_are_kept_for_the_proxy_and_masked_for_the_reader() -> None:
    proxy = through("http://us%40er:p%3Ass@proxy.example:3128")
    assert proxy is not None
    assert (proxy.username, proxy.password) == ("us@er", "p:ss")
    assert proxy.masked_url == "http://***@proxy.example:3128"
    assert proxy.full_address == "http://us%40er:p%3Ass@proxy.example:3128"
    assert "p:ss" not in repr(proxy)
    assert "us@er" not in repr(proxy)


@given(st.text(max_size=40))
@example("@0")
@example("me@proxy")
def test_whatever_a_variable_holds_is_a_proxy_or_the_named_error(value: str) -> None:
    wrong = unusable({"ALL_PROXY": value})
    assert all("ALL_PROXY" in error.message for error in wrong.values())
    proxy = None if wrong else through(value)
    assert proxy is None or through(proxy.full_address) == proxy


def test_the_variable_of_the_scheme_goes_before_the_one_for_all_and_lower_case_before_upper() -> None:
    variables = {"ALL_PROXY": "all:1", "HTTPS_PROXY": "upper:1", "https_proxy": "lower:1"}
    for expected in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        proxy = proxy_for(FEED, variables)
        assert proxy is not None
        assert proxy.variable == expected
        del variables[expected]
    assert proxy_for(FEED, variables) is None
    assert proxy_for(FEED, {"HTTP_PROXY": "http://[::bad"}) is None
    assert proxy_for(FEED, {"HTTPS_PROXY": "upper:1", "https_proxy": ""}) is None


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "0.0.0.0"]
)
def test_this_machine_is_asked_directly_whatever_the_proxy(host: str) -> None:
    assert through("foo://x", f"http://{host}:8080/v1") is None


@pytest.mark.parametrize("url", ["", "http://[bad", "http://h:99999", "h"])
def test_what_is_no_address_is_left_to_who_asks_for_it(url: str) -> None:
    assert proxy_for(url, {"HTTP_PROXY": "proxy:1"}) is None


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("*", FEED),
        ("localhost, * ", FEED),
        ("feed.test", FEED),
        ("FEED.TEST.", FEED),
        ("localhost,127.0.0.1,::1,feed.test, ", FEED),
        ("localhost feed.test", FEED),
        (".feed.test", FEED),
        ("test", FEED),
        ("*.test", FEED),
        ("feed.test:443", FEED),
        ("https://feed.test/", FEED),
        ("10.0.0.0/8", "http://10.1.2.3/"),
        ("10.1.2.3/8", "http://10.9.9.9/"),
        ("10.1.2.3", "http://10.1.2.3:9000/"),
        ("2001:db8::/32", "http://[2001:db8::7]/"),
        ("2001:db8::7", "http://[2001:DB8::7]/"),
        ("[2001:db8::7]", "http://[2001:db8::7]/"),
        ("[2001:db8::7]:80", "http://[2001:db8::7]/"),
    ],
)
def test_no_proxy_is_understood_in_all_its_forms(listed: str, url: str) -> None:
    assert through("proxy:1", url, NO_PROXY=listed) is None
    assert through("foo://x", url, no_proxy=listed) is None


@pytest.mark.parametrize(
    "listed", ["", ",", "localhost,127.0.0.1,::1", "eed.test", "feed.test:80", "feed.test.org", "[bad", ":::"]
)
def test_no_proxy_lets_other_hosts_through_it(listed: str) -> None:
    assert through("proxy:1", NO_PROXY=listed) is not None


def test_programs_that_are_started_get_what_they_understand() -> None:
    given_variables = {"ALL_PROXY": "socks://127.0.0.1:1080/", "http_proxy": "u:p@proxy:1", "HTTPS_PROXY": "foo://x"}
    environment = child_environment({**given_variables, "NO_PROXY": "intra.net, ", "HOME": "/h"})
    assert environment == {
        "ALL_PROXY": "socks5h://127.0.0.1:1080",
        "http_proxy": "http://u:p@proxy:1",
        "HTTPS_PROXY": "foo://x",
        "NO_PROXY": "intra.net,localhost,127.0.0.1,::1",
        "HOME": "/h",
    }
    assert list(unusable(environment)) == ["HTTPS_PROXY"]
    assert "HTTPS_PROXY" not in without_unusable(environment)
    assert child_environment({"HOME": "/h"}) == {"HOME": "/h"}
