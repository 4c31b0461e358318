"""Names of new users: nobody is to be taken for somebody else or for a program (after Unicode TR 39 and RFC 8265).

Users who are there keep the names that they have.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from domain.shared.errors import Fault

NAME_TAKEN = Fault(
    "code_taken", "There is a user with this name already, or with one that looks like it.", ("username",), refusal=True
)

_SCRIPTS = {
    **{script: script for script in ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC")},
    **{script: script for script in ("DEVANAGARI", "BENGALI", "TAMIL", "THAI", "HANGUL")},
    **dict.fromkeys(("HIRAGANA", "KATAKANA", "CJK"), "JAPANESE"),
}
"""Scripts by the first word of the names that Unicode gives their letters. Those written together count as one."""

_LAST_OF_LATIN_EXTENDED_A = "\u017f"
_BLANK = frozenset("\u115f\u1160\u0640")
"""Letters that are blank or only lengthen a word; others that nobody sees are no letters, or of no script here."""

_LIKE_LATIN = frozenset(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"  # Greek capitals
    "\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c3\u03c5\u03c7\u03f2\u03f3\u03f9\u037f"  # and small letters
    "\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u042c"  # Cyrillic
    "\u0430\u0435\u043a\u043e\u0440\u0441\u0442\u0443\u0445\u044c\u0455\u0456\u0457\u0458"
    "\u0400\u0401\u0407\u0450\u0451\u0474\u0475\u04ae\u04af\u04ba\u04bb\u04c0\u04cf\u0501\u050c\u051b\u051c\u051d"
    "\u0555\u054d\u0578\u057d\u0585\u0570\u0581\u0566\u0575\u0584"  # Armenian
)
"""Letters of other scripts that are taken for Latin ones or digits."""

_ALIKE = str.maketrans({"l": "i", "|": "i", "1": "i", "0": "o", "\u0131": "i", "\u0138": "k"})
"""Characters of one script that are alike in some typeface, small letters all of them."""


def skeleton_of(username: str) -> str:
    """The same for all names that are taken for each other: whatever their case, and with `l` like `I` and `1`."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())
    return folded.translate(_ALIKE)


def alike(username: str, others: Iterable[str]) -> bool:
    """Whether a name is taken for one of these."""
    skeleton = skeleton_of(username)
    return any(skeleton_of(other) == skeleton for other in others)


def faults_in_new_username(username: str, programs: frozenset[str]) -> Iterator[Fault]:
    """What is wrong with the name of a new user; `programs` are those that the history names beside users."""
    if alike(username, programs):
        yield Fault("reserved", f"The history calls a program {username!r}: choose another name.", ("username",))
    if username != unicodedata.normalize("NFKC", username) or "  " in username or not all(map(_is_plain, username)):
        detail = (
            "A user name has letters (an accent and its letter are one character), digits and the other characters of "
            "ASCII, and no two spaces in a row."
        )
        yield Fault("bad_name", detail, ("username",))
        return
    letters = [character for character in username if not character.isascii() or character.isalpha()]
    if len({_script_of(letter) for letter in letters}) > 1:
        yield Fault("mixed_scripts", "The letters of a user name are of one script.", ("username",))
    elif letters and _LIKE_LATIN.issuperset(letters):
        detail = "Each letter of this user name is taken for a Latin one: write it in Latin letters."
        yield Fault("look_alike", detail, ("username",))


def _is_plain(character: str) -> bool:
    """Whether people know what a character is: one of ASCII, or a letter of a script in wide use, or a mark of such."""
    if character.isascii():
        return character.isprintable()
    if character in _BLANK or unicodedata.category(character)[0] not in "LM":
        return False
    if _script_of(character) != "LATIN":
        return _script_of(character) is not None
    base = unicodedata.normalize("NFD", character)[0]
    return base.isascii() or character <= _LAST_OF_LATIN_EXTENDED_A


def _script_of(letter: str) -> str | None:
    first_word = unicodedata.name(letter, "").replace("-", " ").partition(" ")[0]
    return _SCRIPTS.get(first_word)
