"""The languages that people are spoken to in."""

from enum import StrEnum


class Language(StrEnum):
    """By ISO 639-1."""

    ENGLISH = "en"
    FRENCH = "fr"
