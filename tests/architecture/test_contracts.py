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


@pytest.mark.parametrize("allowed", ["attr", "attrs", "decimal", "collections", "domain.mutant"])
def test_the_allow_list_lets_through_what_is_on_it(allowed: str) -> None:
    graph = deepcopy(import_graph())
    graph.add_import(importer="application.production.mutant", imported=allowed)
    assert holds(contract("core-allow-list"), graph)
