"""What may be shown of an address, and which addresses are this machine."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.addresses import has_misplaced_credentials, is_loopback, masked_address, without_credentials
from assistant.config import printable_value
from assistant.errors import ConfigError
from assistant.models.hosted.server import HostedModelSettings, server_of


@pytest.mark.parametrize(
    "address",
    [
        "http://u:p/ssecret@h/v1",
        "http://u:12/secret@h/v1",
        "http://u:p?secret@h/v1",
        "http://u:p#secret@h/v1",
        "http://u:p@secret@h/v1",
        "http://u:p@ss/secret@h/v1",
        "http://u:p:secret@h/v1",
        "http://u:se cret@h/v1",
        "http://u:sec\tret@h/v1",
        "http://u:p\\secret@h/v1",
        "http://u:[secret@h/v1",
        "http://u:secret\uff20h/v1",
        "http://secret@h/v1",
        "https://to/secret@h/v1",
        "  HTTP://u:secret@h/v1",
        "//u:secret@h/v1",
        "socks5h://u:secret@h/v1",
        "u:secret@h/v1",
        "u:p/secret@h/v1",
        "secret@h/v1",
        "http:/u:secret@h/v1",
        "http:u:secret@h/v1",
    ],
)
def test_user_and_password_of_an_address_are_masked(address: str) -> None:
    masked = masked_address(address)

    assert masked.endswith("***@h/v1")
    for part in ("secret", "se", "cret", "u:"):
        assert part not in masked
    assert "@" not in without_credentials(address)
    assert without_credentials(address).endswith("h/v1")


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co",
        "https://host/@user/x",
        "http://localhost:8000/@user/v1",
        "http://[::1]:8000/@user/v1",
        "https://host/a/@b/@c",
        "https://host/api/daily_papers?cursor=ab@cd",
        "host/@user",
        "localhost:11434/v1",
        "",
        "http://",
    ],
)
def test_addresses_without_credentials_keep_their_host(address: str) -> None:
    assert masked_address(address) == address
    assert without_credentials(address) == address
    assert not has_misplaced_credentials(address)


@given(password=st.text(st.characters(exclude_characters="\n"), min_size=1))
@example("/")
@example("1/?=@")
def test_no_password_is_shown_whatever_its_signs(password: str) -> None:
    assert masked_address(f"https://user:x{password}@host.example:8000/v1") == "https://***@host.example:8000/v1"


@pytest.mark.parametrize(
    ("address", "misplaced"),
    [
        ("http://u:p/ss@h/v1", True),
        ("http://u:p?ss@h/v1", True),
        ("http://u:p#ss@h/v1", True),
        ("http://u:p@ss/word@h/v1", True),
        ("http://u:p\\ss@h/v1", True),
        ("http://u:p%2Fss@h/v1", False),
        ("http://u:p@ss@h/v1", False),
        ("http://u:p ss@h/v1", False),
    ],
)
def test_credentials_that_end_the_host_too_early_are_noticed(address: str, misplaced: bool) -> None:
    assert has_misplaced_credentials(address) is misplaced


@pytest.mark.parametrize("password", ["p/secret", "p?secret", "p#secret", "12/secret", "p@ss/secret", "p\\secret"])
def test_no_key_goes_to_a_host_that_is_a_part_of_a_password(password: str) -> None:
    with pytest.raises(ConfigError, match=r"https://\*\*\*@gate\.example/v1") as raised:
        server_of(HostedModelSettings(base_url=f"https://me:{password}@gate.example/v1", model="m", api_key="sk-1"))
    assert "secret" not in raised.value.message
    assert "%2F (/)" in (raised.value.remedy or "")


@pytest.mark.parametrize("address", ["http://u:secret@h:p/v1", "http://u:secret@[::1/v1", "http://u:sec\u2100ret@h/v1"])
def test_why_an_address_is_none_does_not_quote_its_password(address: str) -> None:
    with pytest.raises(ConfigError) as raised:
        server_of(HostedModelSettings(base_url=address, model="m", api_key="sk-1"))
    assert "ret" not in raised.value.message


@pytest.mark.parametrize("value", ["me@example.org", "a@example.org, b@example.org", "owner/model@q4", "/a/b@c.gguf"])
def test_addresses_of_mail_and_names_are_shown_whole(value: str) -> None:
    assert printable_value(value) == value


@pytest.mark.parametrize("value", ["u:secret@h/v1", "http://u:se cret@h/v1", "http://u:p/secret@h/v1"])
def test_settings_are_shown_without_passwords(value: str) -> None:
    assert str(printable_value(value)).endswith("***@h/v1")
    assert "cret" not in str(printable_value(value))


HERE = ("localhost", "LOCALHOST", "localhost.", "gpu.localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "::1%1",
        "::ffff:127.0.0.1")  # fmt: skip
EVERY = ("0.0.0.0", "::", "[::]", "::ffff:0.0.0.0")
ELSEWHERE = ("", "localhost.example.org", "notlocalhost", "10.0.0.1", "mail", "127.0.0.1.example.org", "[fe80::1]",
             "192.168.1.7")  # fmt: skip


@pytest.mark.parametrize(
    ("host", "connected", "listened"),
    [
        *((host, True, True) for host in HERE),
        *((host, True, False) for host in EVERY),
        *((host, False, False) for host in ELSEWHERE),
    ],
)
def test_which_hosts_are_this_machine(host: str, connected: bool, listened: bool) -> None:
    assert is_loopback(host, or_unspecified=True) is connected
    assert is_loopback(host) is listened


@pytest.mark.parametrize(
    "base_url", ["http://0.0.0.0:8000/v1", "http://localhost.:8000/v1", "http://[::]:8000/v1", "http://[::1]:8000/v1"]
)
def test_a_server_on_this_machine_needs_no_key_however_it_is_named(base_url: str) -> None:
    assert server_of(HostedModelSettings(base_url=base_url, model="m")).is_local
