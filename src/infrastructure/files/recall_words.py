"""The words of a recall's report and letters: `recall_words.toml` has all languages side by side."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from application.shared.language import Language

WORDS = Path(__file__).parent / "recall_words.toml"


@cache
def words_in(language: Language) -> Mapping[str, str]:
    """All words in one language, by their keys."""
    return {key: word[language.value] for key, word in tomllib.loads(WORDS.read_text(encoding="utf-8")).items()}
