"""What a new user may be called: nobody is taken for somebody else or for a program."""

import pytest

from domain.access.user import User, faults_in_new_user, faults_in_user
from domain.access.usernames import alike, skeleton_of

PROGRAMS = frozenset({"import_log", "openid", "system"})


def faults_in(name: str) -> list[str]:
    """The codes of what is wrong with a new user of this name."""
    return [fault.code for fault in faults_in_new_user(User(name), PROGRAMS)]


@pytest.mark.parametrize(
    "name",
    [
        *("odile", "Odile", "jean.dupont", "odile@example.com", "O'Brien", "scale-2", "C 1?#%2F", "1.", "_", "42"),
        *("ren\u00e9", "No\u00ebl", "\u0152uvray", "Stra\u00dfer", "\u0141ukasz", "\u015e\u00fckr\u00fc"),
        "\u0110\u1eb7ng",
        "\u039d\u03af\u03ba\u03bf\u03c2",  # Greek: Nikos
        *("\u0410\u043d\u043d\u0430", "\u0438\u0432\u0430\u043d.2"),  # Cyrillic: Anna, ivan.2
        *("\u5c71\u7530\u592a\u90ce", "\u5c71\u7530\u30bf\u30ed\u30fc"),  # Han, Han with Katakana
        "\uae40\ucca0\uc218",  # Hangul
        *("\u05d9\u05d5\u05e1\u05d9", "\u0645\u062d\u0645\u062f"),  # Hebrew, Arabic
        "\u0938\u0940\u0924\u093e",  # Devanagari
    ],
)
def test_these_are_names(name: str) -> None:
    assert faults_in(name) == []


@pytest.mark.parametrize(
    "name",
    [
        *("import_log", "Import_Log", "IMPORT_LOG", "1mport_log", "import_Iog", "imp0rt_log", "\u0131mport_log"),
        *("openid", "OpenID", "0penid", "system", "SYSTEM"),
    ],
)
def test_these_are_names_of_programs(name: str) -> None:
    assert faults_in(name) == ["reserved"]


@pytest.mark.parametrize("name", ["import_logs", "openid2", "systems", "import"])
def test_these_only_begin_like_programs(name: str) -> None:
    assert faults_in(name) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("\u0430dmin", "mixed_scripts"),  # Cyrillic a
        ("od\u0456le", "mixed_scripts"),  # Ukrainian i
        ("\u03bfdile", "mixed_scripts"),  # Greek omicron
        ("\u0410nna", "mixed_scripts"),
        ("ren\u00e9\u0430", "mixed_scripts"),
        ("\u0430\u0441\u0435", "look_alike"),  # Cyrillic that reads as Latin: ace
        ("\u041e\u0441\u0430-1", "look_alike"),
        ("\u0391\u039d\u039d\u0391", "look_alike"),  # Greek that reads as Latin: ANNA
        ("\u0585\u057d\u0585", "look_alike"),  # Armenian: ouo
        ("\uff41dmin", "bad_name"),  # full width
        ("\ufb01n", "bad_name"),  # a ligature
        ("\u1d43dmin", "bad_name"),  # raised
        ("\U0001d41ddmin", "bad_name"),  # mathematical
        ("rene\u0301", "bad_name"),  # the accent apart
        ("a\u0336dmin", "bad_name"),  # struck through
        ("\u0251dmin", "bad_name"),  # phonetic
        ("\u01c0dmin", "bad_name"),  # a click, like l
        ("\u13aa\u13a0", "bad_name"),  # Cherokee, like AD
        ("ana\ufe0f", "bad_name"),  # a variation selector
        ("ana\u034f", "bad_name"),  # a joiner of graphemes
        ("ana\u1160", "bad_name"),  # a filler of Hangul
        ("ana\u3164", "bad_name"),
        ("ana\u2800", "bad_name"),  # a blank of braille
        ("ana\u0661", "bad_name"),  # an Arabic digit one
        ("O\u2019Brien", "bad_name"),
        ("ana\u2024b", "bad_name"),  # a leader that looks like a dot
        ("ana\u2010b", "bad_name"),  # a hyphen that isn't that of ASCII
        ("\u0645\u062d\u0640\u0645\u062f", "bad_name"),  # lengthened
        ("ana  bea", "bad_name"),
        *((f"ana{blank}", "bad_code") for blank in " \t\u00a0\u3000"),
        *((f"a{unseen}na", "bad_code") for unseen in "\u200b\u200d\u200e\u202e\u2066\u00ad\ufeff\u0000\u00a0"),
        *((f"{unseen}ana", "bad_code") for unseen in " \u200b\u202e"),
    ],
)
def test_these_are_taken_for_others(name: str, code: str) -> None:
    assert faults_in(name) == [code]
    assert all(fault.path == ("username",) for fault in faults_in_new_user(User(name), PROGRAMS))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("odile", "Odile"),
        ("odile", "ODILE"),
        ("odile", "odiIe"),
        ("odile", "od1le"),
        ("odile", "0dile"),
        ("odile", "od\u0131le"),
        ("ren\u00e9", "REN\u00c9"),
        ("strasser", "Stra\u00dfer"),
        ("odile", "\uff4fdile"),
        ("\u03c3\u03b1\u03c2", "\u03a3\u0391\u03a3"),
    ],
)
def test_these_are_taken_for_each_other(name: str, other: str) -> None:
    assert skeleton_of(name) == skeleton_of(other)
    assert alike(other, ["somebody else", name])
    assert alike(name, [other])


@pytest.mark.parametrize(
    ("name", "other"), [("odile", "odilee"), ("rene", "ren\u00e9"), ("ana-1", "ana_1"), ("2", "3")]
)
def test_these_are_told_apart(name: str, other: str) -> None:
    assert not alike(name, [other])
    assert not alike(name, [])


@pytest.mark.parametrize("name", ["import_log", "\u0430dmin", "rene\u0301", "ana  bea"])
def test_who_is_there_already_keeps_such_a_name(name: str) -> None:
    assert list(faults_in_user(User(name))) == []
