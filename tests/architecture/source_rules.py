"""Rules that the import graph can't see, read from the source itself.

ruff says most of them too, but ruff can be silenced on a line; these can't.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import cache, cached_property

from attrs import frozen

from tests.architecture.contracts import REPOSITORY

PRODUCT = ("src/", "config/")
CORE = ("src/domain/", "src/application/")

#: Ways to reach code that an import statement doesn't show.
HIDDEN_IMPORTS = (
    "__import__",
    "builtins.__import__",
    "django.utils.module_loading",
    "eval",
    "exec",
    "importlib",
    "pkgutil",
    "runpy",
    "sys.modules",
    "typing.TYPE_CHECKING",
    "typing_extensions.TYPE_CHECKING",
)
MODEL_LOOKUPS = ("django.apps.apps", "django.contrib.auth.get_user_model", "django.contrib.contenttypes")
CLOCKS_AND_CHANCE = (
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "uuid.getnode",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
)
DATABASE_ACCESS = tuple(
    f"django.db.{name}" for name in ("connection", "connections", "migrations", "models", "transaction")
)
HEAVY_SIGNALS = (
    "django.dispatch.receiver",
    *(
        f"django.db.models.signals.{name}"
        for name in (
            "m2m_changed",
            "post_delete",
            "post_init",
            "post_save",
            "pre_delete",
            "pre_init",
            "pre_save",
        )
    ),
)
#: The one place that may name `float`, to refuse it.
FLOAT_REFUSAL = "src/domain/shared/exact.py"
SECRET = re.compile("SECRET|PASSWORD|TOKEN|API_KEY")
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.Match, ast.comprehension, ast.BoolOp)
BRANCHES_OF_A_VIEW = 2
#: What silences a check on a line, with its code and without the words that may follow.
SUPPRESSION = re.compile(
    r"\b(?:type:\s*ignore(?P<types>\[[\w\-, ]+\])?|noqa(?P<lint>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?"
    r"|pragma:\s*no\s*cover(?P<cover>)|nosec(?P<security>\s+B\d+)?)",
    re.IGNORECASE,
)
WHOLE_FILE_SUPPRESSION = re.compile(r"\b(?:mypy:\s*(?:ignore-errors|disable)|ruff:\s*noqa|flake8:\s*noqa)")


@frozen(slots=False)
class Source:
    """A file of the repository, by its path in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def names(self) -> list[tuple[str, int]]:
        """Every name that the file imports or uses, in full (`datetime.date.today`), with its line."""
        return list(_names(self.tree))

    @property
    def comments(self) -> Iterator[tuple[str, int]]:
        """Every comment with its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string, token.start[0]


@frozen
class Rule:
    """A rule about source: what it says, where it holds, and the lines that break it."""

    says: str
    within: tuple[str, ...]
    faults: Callable[[Source], Iterator[int]]
    apart_from: tuple[str, ...] = ()

    def applies_to(self, path: str) -> bool:
        """Whether the rule holds for the file at this path."""
        return path.startswith(self.within) and not path.startswith(self.apart_from)


@cache
def sources() -> list[Source]:
    """Read every Python file of the product and of its tests."""
    paths = [
        REPOSITORY / "manage.py",
        *(path for folder in ("src", "config", "tests") for path in (REPOSITORY / folder).rglob("*.py")),
    ]
    return [
        Source(path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(paths)
        if path.exists()
    ]


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                aliases[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                full = f"{node.module}.{name.name}"
                aliases[name.asname or name.name] = full
                yield full, node.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            dotted = _dotted(node)
            first, dot, rest = dotted.partition(".")
            yield aliases.get(first, first) + dot + rest, node.lineno


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _uses(*forbidden: str) -> Callable[[Source], Iterator[int]]:
    """Find the lines that use one of these names or something inside it."""

    def faults(source: Source) -> Iterator[int]:
        for name, line in source.names:
            if any(name == other or name.startswith(f"{other}.") for other in forbidden):
                yield line

    return faults


def _model_lookups(source: Source) -> Iterator[int]:
    yield from _uses(*MODEL_LOOKUPS)(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"get_model", "get_models"}:
            yield node.lineno


def _star_imports(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
            yield node.lineno


def _unexplained_suppressions(source: Source) -> Iterator[int]:
    for comment, line in source.comments:
        found = list(SUPPRESSION.finditer(comment))
        coded = all(any(group is not None for group in match.groups()) for match in found)
        words = re.findall(r"[A-Za-z']{2,}", SUPPRESSION.sub(" ", comment))
        if WHOLE_FILE_SUPPRESSION.search(comment) or (found and not (coded and len(words) > 1)):
            yield line


def _floats(source: Source) -> Iterator[int]:
    """Float literals, and the name `float` but where one is refused."""
    refusals = {
        id(name)
        for call in ast.walk(source.tree)
        if source.path == FLOAT_REFUSAL and isinstance(call, ast.Call) and _dotted(call.func) == "isinstance"
        for name in ast.walk(call)
    }
    for node in ast.walk(source.tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        named = isinstance(node, ast.Name) and node.id in {"float", "complex"} and id(node) not in refusals
        if literal or named:
            yield node.lineno


def _float_fields(source: Source) -> Iterator[int]:
    for name, line in source.names:
        if name.rpartition(".")[2] == "FloatField":
            yield line


def _debug_switched_on(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "DEBUG" for target in targets):
            value = getattr(node, "value", None)
            if not (isinstance(value, ast.Constant) and value.value is False):
                yield node.lineno


def _built_in_secrets(source: Source) -> Iterator[int]:
    """Secrets that stand in the source, as values or as what is taken when the environment has none."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            values = [node.value]
        elif isinstance(node, ast.Call):
            names = [argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)]
            values = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Dict):
            yield from _secrets_in_a_table(node)
            continue
        else:
            continue
        if any(SECRET.search(str(name)) for name in names) and any(
            isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value for value in values
        ):
            yield node.lineno


def _secrets_in_a_table(table: ast.Dict) -> Iterator[int]:
    """Entries whose key names a secret, and whose value is one or is called with one first."""
    for key, value in zip(table.keys, table.values, strict=True):
        given = value.args[0] if isinstance(value, ast.Call) and value.args else value
        secret = isinstance(key, ast.Constant) and SECRET.search(str(key.value))
        if secret and isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value:
            yield value.lineno


def _deciding_views(source: Source) -> Iterator[int]:
    """Methods of views that branch or loop more than a view needs to hand on a request."""
    views = (
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any(_dotted(base).endswith(("View", "ViewSet")) for base in node.bases)
    )
    for view in views:
        for method in view.body:
            if sum(isinstance(node, BRANCHES) for node in ast.walk(method)) > BRANCHES_OF_A_VIEW:
                yield method.lineno


def _databases_for_every_test(source: Source) -> Iterator[int]:
    """Fixtures that give the database to tests which don't ask for it by their marker."""
    fixtures = {"db", "transactional_db", "django_db_blocker", "django_db_reset_sequences"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            automatic = any(
                keyword.arg == "autouse" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call)
                for keyword in decorator.keywords
            )
            if automatic and fixtures & {argument.arg for argument in node.args.args}:
                yield node.lineno


RULES = {
    "hidden_imports": Rule("An import is a statement that the contracts can read", PRODUCT, _uses(*HIDDEN_IMPORTS)),
    "model_lookups": Rule(
        "Only infrastructure may look a model up by name", PRODUCT, _model_lookups, ("src/infrastructure/",)
    ),
    "star_imports": Rule("A name says where it comes from", PRODUCT, _star_imports),
    "suppressions": Rule(
        "A check is silenced on one line, by its code, and in words",
        (*PRODUCT, "tests/", "manage.py"),
        _unexplained_suppressions,
    ),
    "floats": Rule("No binary float gets into the core", CORE, _floats),
    "float_fields": Rule("No field holds a binary float", PRODUCT, _float_fields),
    "clocks": Rule("The core reads no clock and draws no chance", CORE, _uses(*CLOCKS_AND_CHANCE)),
    "queries_in_interfaces": Rule(
        "A view asks a handler or a reader, never the database", ("src/interfaces/",), _uses(*DATABASE_ACCESS)
    ),
    "heavy_signals": Rule("What a save does stands where the save is", PRODUCT, _uses(*HEAVY_SIGNALS)),
    "debug": Rule("Only development switches DEBUG on", ("config/",), _debug_switched_on, ("config/settings/dev.py",)),
    "secrets": Rule(
        "A secret comes from the environment, and has no default outside development and tests",
        ("config/",),
        _built_in_secrets,
        ("config/settings/dev.py", "config/settings/test.py"),
    ),
    "deciding_views": Rule(
        "A view hands a request to one handler or reader and returns what it says",
        ("src/interfaces/",),
        _deciding_views,
    ),
    "databases_for_every_test": Rule(
        "A test that uses the database says so by its marker", ("tests/",), _databases_for_every_test
    ),
}
