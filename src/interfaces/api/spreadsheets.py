"""Cells of CSV that a spreadsheet shows as text, whatever somebody typed."""

import re

_PASSED_OVER = r"[\s\"'\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
"""White space, quotes and invisible characters, behind which a spreadsheet may find a formula."""

_FORMULA = r"[=+\-@\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]"
"""What a formula begins with, in its full-width, small, raised and lowered forms as well."""

# A spreadsheet set to semicolons, as in France, or to tabs begins a cell behind each of them and on each line.
_MARKED = re.compile(rf"^(?=[\t\r\n])|(?:^|(?<=[;\t\n])|(?<=\r)(?!\n))(?='|{_PASSED_OVER}{_FORMULA})")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def safe_cell(value: str | int) -> str | int:
    """The value with an apostrophe wherever a spreadsheet may begin a cell that it would calculate.

    An apostrophe that stands there already gets another one, so that taking one away there gives the value back.
    Numbers stay as they are.
    """
    if isinstance(value, int) or _NUMBER.fullmatch(value):
        return value
    return _MARKED.sub("'", value)
