"""The language of an answer."""

from django.utils.translation import get_language

from application.shared.language import Language


def language() -> Language:
    """The language that the caller reads, of those that there are."""
    return Language(get_language() or Language.ENGLISH)
