"""The two languages of the pages: Dutch first, English by ``?lang=en`` and remembered in a cookie."""

from __future__ import annotations

from enum import StrEnum

from ledger.verdict import Message

COOKIE = "lang"


class Language(StrEnum):
    """A language that the pages speak."""

    NL = "nl"
    EN = "en"

    def say(self, nl: str, en: str) -> str:
        """The one of two texts that is in this language."""
        return en if self is Language.EN else nl

    def of(self, message: Message) -> str:
        """A sentence in this language."""
        return message.en if self is Language.EN else message.nl

    @property
    def other(self) -> Language:
        """The language to switch to."""
        return Language.NL if self is Language.EN else Language.EN


def language_of(asked: str | None, remembered: str | None) -> Language:
    """The language of a request, from ``?lang=`` over the cookie over Dutch."""
    for value in (asked, remembered):
        if value in {"nl", "en"}:
            return Language(value)
    return Language.NL
