"""The mails themselves: both parts, subjects and headers."""

import re
from collections.abc import Callable
from email.headerregistry import Address
from email.utils import formataddr
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings

from authentication.mail import messages
from authentication.mail.messages import Message
from authentication.tokens.links import LIFETIMES, Purpose
from tests.live import ROOT
from tests.smtp import LINK, Mail, Page
from tools import mails

FOLDER = ROOT / "authentication/templates/authentication/mail"
PARTIAL = {"base", "button", "facts"}
EXAMPLES = {example.template: example for example in mails.examples()}
RESET = EXAMPLES["password_reset"]
EXAMPLES_AND_ADVICE = [
    *EXAMPLES.values(),
    Message(RESET.to, RESET.template, {**RESET.context, "advised": True}),
]
LINK_OF = {
    "email_verification": Purpose.VERIFY,
    "email_change": Purpose.CHANGE,
    "email_changed": Purpose.UNDO,
    "password_reset": Purpose.RESET,
}
every_mail = pytest.mark.parametrize("message", EXAMPLES_AND_ADVICE, ids=lambda message: message.template)


def _sent(message: Message, message_id: str = "<1@localhost>") -> Mail:
    """Return the mail as it arrives."""
    return Mail([message.to], messages.render(message, message_id).message().as_bytes())


def _paragraphs(text: str) -> list[str]:
    """Return what the text says, each paragraph and each line of facts in one line."""
    lines = re.sub(r"^(When|IP address|Device): (.*)$", r"\n\1 \2\n", text, flags=re.MULTILINE)
    paragraphs = (" ".join(paragraph.split()) for paragraph in lines.split("\n\n"))
    return [paragraph.removeprefix("-- ") for paragraph in paragraphs if paragraph]


def test_there_is_an_example_of_every_mail() -> None:
    templates = {path.stem for path in FOLDER.glob("*.txt")} - PARTIAL

    assert {path.stem for path in FOLDER.glob("*.html")} - PARTIAL == templates
    assert set(EXAMPLES) == templates


@every_mail
def test_both_parts_say_the_same(message: Message) -> None:
    mail = _sent(message)
    page = Page(mail.html)

    said = _paragraphs(mail.text)
    assert said[0] == "Hello jane_doe,"
    assert [paragraph for paragraph in said if paragraph not in page.text] == []
    assert set(page.links) == set(mail.links)
    for fact in ("23 November 2026, 14:20 UTC", "192.0.2.10", "Firefox on Linux", "new@example.com"):
        assert (fact in mail.text) is (fact in page.text), fact
    if "link" in message.context:
        assert message.context["link"] in mail.links


@every_mail
def test_the_text_is_pleasant_to_read(message: Message) -> None:
    text = _sent(message).text

    assert re.findall(r"[{}<>]|&\w+;|&#|\t|None", text) == []
    assert [line for line in text.splitlines() if len(line) > 78 and not LINK.fullmatch(line)] == []
    assert "\n\n\n" not in text
    assert text.endswith(
        f"\n--\nSent by Oddjobbox about the account jane_doe.\n{django_settings.FRONTEND_URL}\n"
    )


@every_mail
def test_the_page_has_no_leftovers_and_loads_nothing(message: Message) -> None:
    html = _sent(message).html

    assert re.findall(r"{[{%#]|[}%#]}|&amp;(?:amp|quot|lt|#)", html) == []
    assert re.findall(r"<(?:img|script|link|iframe)|url\(|@import", html) == []


@every_mail
def test_a_hostile_name_of_the_site_stays_a_name(message: Message, settings: Settings) -> None:
    settings.SITE_NAME = 'Tom & "Jerry" <b>\r\nBcc: thief@example.com\u2028'
    mail = _sent(message)

    name = 'Tom & "Jerry" <b> Bcc: thief@example.com'
    assert mail.subject.endswith(f" {name}")
    assert mail.headers["Bcc"] is None
    assert f"Sent by {name} about the account jane_doe." in " ".join(mail.text.split())
    assert "&amp; &quot;Jerry&quot; &lt;b&gt;" in mail.html
    assert "<b>" not in mail.html
    assert [key for key in mail.headers if key.lower() not in HEADERS] == []


HEADERS = {
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "subject",
    "to",
}


@pytest.mark.parametrize(
    "name", ['Doe, "Jane" & Sons', "Bücher (alt) <neu>", "a@b, c", "Evil\r\nBcc: thief@example.com", "\\"]
)
def test_the_sender_is_the_name_of_the_site_whatever_is_in_it(name: str, settings: Settings) -> None:
    # As the settings put it together.
    settings.DEFAULT_FROM_EMAIL = formataddr((name, "no-reply@example.com"))
    mail = _sent(RESET)

    (sender,) = mail.headers["From"].addresses
    assert sender == Address(" ".join(name.split()), addr_spec="no-reply@example.com")
    assert mail.headers["Bcc"] is None
    assert mail.headers["To"].addresses == (Address(addr_spec="jane@example.com"),)


def test_a_mail_asks_for_no_automatic_reply() -> None:
    assert _sent(RESET).headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("no-reply@example.com", "example.com"),
        ('"a@b, c" <no-reply@example.com>', "example.com"),
        ("Bücher <no-reply@bücher.example>", "xn--bcher-kva.example"),
    ],
)
def test_the_message_id_is_made_of_the_task_and_the_senders_domain(
    sender: str, domain: str, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    message_id = messages.message_id("4b1ad55e")

    assert message_id == f"<4b1ad55e@{domain}>"
    assert _sent(RESET, message_id).headers["Message-ID"] == message_id


def test_a_link_does_not_end_in_punctuation(settings: Settings) -> None:
    settings.FRONTEND_URL = "https://app.example.com"

    link = messages.link("reset-password", uid=1, key="ojk_a-b-")
    assert link == "https://app.example.com/reset-password#uid=1&key=ojk_a-b%2D"


def test_an_address_in_an_international_domain_is_written_to() -> None:
    mail = _sent(Message("jane@bücher.example", RESET.template, RESET.context))

    assert mail.headers["To"] == "jane@xn--bcher-kva.example"


def test_an_address_with_signs_of_html_stays_as_it_is_in_both_parts() -> None:
    changed = EXAMPLES["email_changed"]
    address = "o'hara&<co@example.com"
    mail = _sent(Message(changed.to, changed.template, {**changed.context, "new_email": address}))

    sentence = f"The address of your account is now {address}."
    assert sentence in " ".join(mail.text.split())
    assert sentence in Page(mail.html).text


@pytest.mark.parametrize("template", sorted(LINK_OF))
def test_a_mail_names_the_lifetime_of_its_link(template: str) -> None:
    mail = _sent(EXAMPLES[template])
    lifetime = LIFETIMES[LINK_OF[template]]
    hours = lifetime.total_seconds() / 3600
    count, unit = (hours / 24, "day") if hours >= 24 else (hours, "hour")
    named = f"{count:g} {unit}{'' if count == 1 else 's'}"

    for said in (mail.text, Page(mail.html).text):
        assert set(re.findall(r"expires\s+after\s+(\d+\s+\w+)", said)) == {named}


@pytest.mark.parametrize("template", sorted(set(EXAMPLES) - set(LINK_OF)))
def test_a_mail_without_a_key_names_no_lifetime(template: str) -> None:
    mail = _sent(EXAMPLES[template])

    assert "expires" not in mail.text + mail.html
    assert "#" not in "".join(mail.links)


@pytest.fixture
def override(tmp_path: Path, settings: Settings) -> Callable[[str, str], None]:
    """Put a template into a project's own folder."""
    (tmp_path / "authentication/mail").mkdir(parents=True)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]

    def write(name: str, text: str) -> None:
        (tmp_path / "authentication/mail" / name).write_text(text, encoding="utf-8")

    return write


def test_a_projects_own_templates_go_first(override: Callable[..., Any]) -> None:
    override("new_device.txt", "Neues Gerät\n\nHallo {{ username }}, {{ device }}.")
    override("new_device.html", "<p>Hallo {{ username }}, {{ device }}.</p>")
    mail = _sent(EXAMPLES["new_device"])

    assert mail.subject == "Neues Gerät"
    assert mail.text == "Hallo jane_doe, Firefox on Linux.\n"
    assert mail.html.strip() == "<p>Hallo jane_doe, Firefox on Linux.</p>"


def test_a_project_can_replace_the_base_template_of_all_mails(override: Callable[..., Any]) -> None:
    override("base.html", "<main>{% block text %}{% endblock %}</main>")
    mail = _sent(EXAMPLES["email_taken"])

    assert mail.html.startswith("<main>")
    assert "It belongs to your account jane_doe" in Page(mail.html).text
    assert mail.text.startswith("Hello jane_doe,\n")


def test_the_examples_are_written_to_a_folder(tmp_path: Path) -> None:
    assert mails.main([str(tmp_path / "mails")]) == 0

    written = {path.name for path in (tmp_path / "mails").iterdir()}
    assert written == {f"{name}.{kind}" for name in EXAMPLES for kind in ("html", "txt")}
    text = (tmp_path / "mails/new_device.txt").read_text()
    assert text.startswith("New sign-in at Oddjobbox\n\nHello jane_doe,\n")


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_the_examples_need_one_folder(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert mails.main(arguments) == 2
    assert capsys.readouterr().err == "Usage: python -m tools.mails FOLDER\n"
