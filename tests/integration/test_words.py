"""The pages speak French as well as English."""

import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

import interfaces.web

WEB = Path(interfaces.web.__file__).parent
FRENCH = WEB / "locale/fr/LC_MESSAGES"
STRING = r"""(?:u?'((?:[^'\\]|\\.)*)'|u?"((?:[^"\\]|\\.)*)")"""


def catalog() -> dict[str, str]:
    """What the server reads: every sentence with its French; the form for one where there are two."""
    with (FRENCH / "django.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # there is no other way to list it
    return {key if isinstance(key, str) else key[0]: said for key, said in found.items() if key}


def sentences(template: Path) -> list[str]:
    """Every sentence of a template that is to be translated."""
    called = re.findall(rf"\bn?gettext\({STRING}", templatize(template.read_text(encoding="utf-8")))
    return [(one or other).encode().decode("unicode_escape") for one, other in called]


@pytest.mark.parametrize("template", sorted(WEB.rglob("*.html")), ids=lambda path: path.name)
def test_every_sentence_has_its_french(template: Path) -> None:
    assert [sentence for sentence in sentences(template) if not catalog().get(sentence)] == []


def test_sentences_are_found() -> None:
    assert len({sentence for template in WEB.rglob("*.html") for sentence in sentences(template)}) == len(catalog())


def test_what_the_server_reads_is_what_was_translated() -> None:
    text = (FRENCH / "django.po").read_text(encoding="utf-8")
    written = set(re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', text, re.MULTILINE))
    with (FRENCH / "django.mo").open("rb") as file:
        read = {said for key, said in gettext.GNUTranslations(file)._catalog.items() if key}  # type: ignore[attr-defined]  # as above
    assert read == written
