"""The walls hold, and each of them can fail."""

import pkgutil
import sys
from copy import deepcopy

import pytest
from importlinter.contracts.layers import LayersContract
from importlinter.domain.imports import ModuleExpression

from tests.architecture.allow_list import AllowListContract
from tests.architecture.contracts import (
    CONTRACTS,
    REPOSITORY,
    SESSION,
    contract,
    contracts_of_type,
    holds,
    import_graph,
)
from tests.architecture.mutants import mutants_of

ROOTS = SESSION["root_packages"]

#: Libraries that a contract forbids before anything of theirs is installed.
TO_COME = {"celery"}

#: What a contract may say; whatever weakens one (`ignore_imports`, `exhaustive_ignores`, ...) is left out.
OPTIONS = {
    "acyclic_siblings": {"ancestors"},
    "allow_list": {"source_modules", "allowed_externals"},
    "forbidden": {"source_modules", "forbidden_modules"},
    "layers": {"containers", "layers", "exhaustive"},
    "protected": {"protected_modules", "allowed_importers"},
}

every_contract = pytest.mark.parametrize("identifier", CONTRACTS)


@every_contract
def test_holds_for_the_code_as_it_stands(identifier: str) -> None:
    assert holds(contract(identifier), import_graph())


@every_contract
def test_breaks_with_every_import_that_it_forbids(identifier: str) -> None:
    checked = contract(identifier)
    mutants = mutants_of(checked, import_graph())
    survivors = []
    for mutant in mutants:
        mutated = deepcopy(import_graph())
        mutant.add_to(mutated)
        if checked.check(mutated, verbose=False).kept:
            survivors.append(mutant)
    assert mutants, "the contract forbids nothing that can be derived from it"
    assert not survivors


@every_contract
def test_says_what_it_wants_and_where_the_code_goes(identifier: str) -> None:
    checked = contract(identifier)
    assert len(checked.name.split()) >= 3
    assert len(checked.broken_contract_guidance.split()) > 8


@every_contract
def test_has_no_option_that_weakens_it(identifier: str) -> None:
    options = CONTRACTS[identifier]
    common = {"id", "name", "type", "broken_contract_guidance"}
    assert set(options) - common <= OPTIONS[options["type"]]


def test_the_session_sees_everything() -> None:
    custom = f"{AllowListContract.type_name}: {AllowListContract.__module__}.{AllowListContract.__name__}"
    assert {
        "root_packages": ROOTS,
        "include_external_packages": "True",
        "contract_types": [custom],
    } == SESSION


def test_every_module_of_the_product_is_in_the_graph() -> None:
    """A folder without `__init__.py`, or a package beside the roots, would be outside all walls."""
    files = {
        path.relative_to(base).with_suffix("")
        for base, folder in ((REPOSITORY / "src", "."), (REPOSITORY, "config"))
        for path in (base / folder).rglob("*.py")
    }
    names = {".".join(file.parts).removesuffix(".__init__") for file in files}
    assert names <= import_graph().modules
    assert {name.partition(".")[0] for name in names} == set(ROOTS)


def test_every_root_has_a_layer() -> None:
    (inwards,) = (layers for layers in contracts_of_type(LayersContract) if not layers.containers)
    assert sorted(tail.name for layer in inwards.layers for tail in layer.module_tails) == sorted(ROOTS)


def test_every_package_that_holds_contexts_or_adapters_is_layered_exhaustively() -> None:
    graph = import_graph()
    contexts = {"catalog", "production"}
    needed = set(ROOTS) - {"config"}
    needed |= {m.rpartition(".")[0] for m in graph.modules if m.rpartition(".")[2] in contexts}
    exhaustive = {
        container.expression
        for layers in contracts_of_type(LayersContract)
        if layers.exhaustive
        for container in layers.containers
    }
    assert needed <= exhaustive


def test_the_contexts_have_one_order() -> None:
    orders = {
        container.expression: [{tail.name for tail in layer.module_tails} for layer in layers.layers if container]
        for layers in contracts_of_type(LayersContract)
        for container in layers.containers or []
    }
    order = orders["domain"]
    assert orders["infrastructure.persistence"] == order
    assert orders["application"] == [{"processes"}, *order]


def test_every_named_library_exists() -> None:
    """import-linter keeps a contract that forbids a library which nobody has, a mistyped one for instance."""
    libraries = {
        name
        for options in CONTRACTS.values()
        for key in ("forbidden_modules", "protected_modules", "allowed_externals")
        for name in options.get(key, [])
        if name.partition(".")[0] not in ROOTS
    }
    importable = {module.name for module in pkgutil.iter_modules()} | sys.stdlib_module_names
    assert libraries - importable == TO_COME


def test_every_wildcard_matches() -> None:
    """import-linter keeps a contract whose wildcard matches nothing."""
    expressions = {
        value.expression
        for identifier in CONTRACTS
        for field in vars(contract(identifier)).values()
        if isinstance(field, list | set)
        for value in field
        if isinstance(value, ModuleExpression) and value.has_wildcard_expression()
    }
    assert expressions
    assert [e for e in sorted(expressions) if not import_graph().find_matching_modules(e)] == []


#: What the architecture promises, in its own words rather than derived from the contracts: importer, imported.
REFUSED = [
    ("domain.production.mutant", "django"),
    ("domain.production.mutant", "orjson"),
    ("domain.production.mutant", "random"),
    ("domain.production.mutant", "application.production.mutant"),
    ("domain.catalog.mutant", "domain.production.mutant"),
    ("domain.production.mutant", "domain.quality.mutant"),
    ("domain.production.mutant", "domain.traceability.mutant"),
    ("domain.quality.mutant", "domain.traceability.mutant"),
    ("domain.shared.mutant", "domain.catalog.mutant"),
    ("domain.novelty.mutant", "domain.shared.mutant"),
    ("application.production.mutant", "cattrs"),
    ("application.production.mutant", "time"),
    ("application.production.mutant", "dependency_injector"),
    ("application.production.mutant", "infrastructure.system.mutant"),
    ("application.catalog.mutant", "application.production.mutant"),
    ("application.traceability.mutant", "application.quality.mutant"),
    ("application.quality.mutant", "application.processes.mutant"),
    ("interfaces.api.v1.mutant", "infrastructure.persistence.production.readers"),
    ("interfaces.api.v1.mutant", "config.container"),
    ("interfaces.api.v1.mutant", "interfaces.cli.mutant"),
    ("interfaces.imports.mutant", "interfaces.api.mutant"),
    ("interfaces.shared.mutant", "interfaces.imports.mutant"),
    ("interfaces.web.mutant", "interfaces.tasks.mutant"),
    ("interfaces.cli.mutant", "rest_framework"),
    ("interfaces.shared.mutant", "drf_spectacular"),
    ("interfaces.tasks.mutant", "celery"),
    ("infrastructure.persistence.production.mutant", "interfaces.shared.mutant"),
    ("infrastructure.persistence.production.mutant", "dependency_injector"),
    ("infrastructure.persistence.production.mutant", "rest_framework"),
    ("infrastructure.persistence.catalog.mutant", "infrastructure.persistence.production.mutant"),
    ("infrastructure.persistence.novelty.mutant", "infrastructure.persistence.shared.mutant"),
    ("infrastructure.persistence.production.mutant", "infrastructure.identity.mutant"),
    ("infrastructure.identity.mutant", "infrastructure.persistence.production.mutant"),
    ("infrastructure.identity.mutant", "psycopg"),
    ("infrastructure.persistence.production.mutant", "xlsxwriter"),
    ("infrastructure.files.mutant", "infrastructure.persistence.production.mutant"),
    ("interfaces.api.v1.mutant", "typst"),
    ("infrastructure.webhooks.mutant", "infrastructure.erp.mutant"),
    ("infrastructure.files.mutant", "infrastructure.persistence.mutant"),
    ("infrastructure.persistence.traceability.mutant", "pygraphviz"),
    ("infrastructure.novelty.mutant", "application.production.mutant"),
    ("config.mutant", "pygraphviz"),
    ("config.mutant", "infrastructure.persistence.production.models"),
    ("config.mutant", "infrastructure.identity.models"),
    ("config.mutant", "rest_framework"),
    ("config.mutant", "celery"),
]
ALLOWED = [
    ("domain.production.mutant", "attrs"),
    ("domain.production.mutant", "decimal"),
    ("domain.quality.mutant", "domain.production.mutant"),
    ("domain.traceability.mutant", "domain.catalog.mutant"),
    ("application.processes.mutant", "application.traceability.mutant"),
    ("application.production.mutant", "domain.quality.mutant"),
    ("interfaces.api.v1.mutant", "application.production.mutant"),
    ("interfaces.api.v1.mutant", "dependency_injector"),
    ("interfaces.api.v1.mutant", "rest_framework"),
    ("interfaces.cli.mutant", "interfaces.imports.mutant"),
    ("interfaces.web.mutant", "interfaces.shared.mutant"),
    ("infrastructure.persistence.production.mutant", "psycopg"),
    ("infrastructure.persistence.production.mutant", "infrastructure.persistence.catalog.models"),
    ("infrastructure.files.mutant", "pygraphviz"),
    ("infrastructure.files.mutant", "typst"),
    ("infrastructure.messaging.mutant", "application.shared.mutant"),
    ("config.mutant", "infrastructure.persistence.production.mutant"),
    ("config.mutant", "interfaces.api.v1.mutant"),
]


def broken_by(importer: str, imported: str) -> list[str]:
    """The contracts that this import would break, were it in the code."""
    graph = deepcopy(import_graph())
    for name in (importer, imported):
        parts = name.split(".")
        if parts[0] in ROOTS:
            for length in range(1, len(parts) + 1):
                graph.add_module(".".join(parts[:length]))
    graph.add_import(importer=importer, imported=imported)
    return [identifier for identifier in CONTRACTS if not holds(contract(identifier), graph)]


@pytest.mark.parametrize(("importer", "imported"), REFUSED)
def test_what_the_architecture_refuses_breaks_a_contract(importer: str, imported: str) -> None:
    assert broken_by(importer, imported)


@pytest.mark.parametrize(("importer", "imported"), ALLOWED)
def test_what_the_architecture_allows_breaks_none(importer: str, imported: str) -> None:
    assert broken_by(importer, imported) == []


def test_two_modules_of_a_package_that_need_each_other_break_a_contract() -> None:
    graph = deepcopy(import_graph())
    graph.add_import(importer="domain.production.one_mutant", imported="domain.production.other_mutant")
    assert holds(contract("no-circles"), graph)
    graph.add_import(importer="domain.production.other_mutant", imported="domain.production.one_mutant")
    assert not holds(contract("no-circles"), graph)
