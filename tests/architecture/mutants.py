"""For each type of contract, the imports that a contract's own definition forbids.

A mutant is one way to break a contract. Names that end in `mutant` belong to modules that don't exist: they
stand for code to come, so that optional layers and new modules are covered like those that are there.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise, permutations

from attrs import frozen
from grimp import ImportGraph
from importlinter import Contract
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression

from tests.architecture.allow_list import AllowListContract
from tests.architecture.contracts import SESSION

DETOUR = "detour_mutant"
UNKNOWN_LIBRARY = "library_mutant"


@frozen
class Mutant:
    """What forbidden code would add to the graph: imports as (importer, imported), modules, libraries."""

    imports: tuple[tuple[str, str], ...] = ()
    modules: tuple[str, ...] = ()
    externals: tuple[str, ...] = ()

    def add_to(self, graph: ImportGraph) -> None:
        """Change the graph as the forbidden code would."""
        for module in self.modules:
            graph.add_module(module)
        for external in self.externals:
            graph.add_module(external, is_squashed=True)
        for importer, imported in self.imports:
            graph.add_import(importer=importer, imported=imported)


def mutants_of(checked: Contract, graph: ImportGraph) -> list[Mutant]:
    """Derive everything that this contract promises to refuse; a type without derivation is a KeyError."""
    return list(_DERIVATIONS[type(checked)](checked, graph))


def _of_layers(checked: LayersContract, graph: ImportGraph) -> Iterator[Mutant]:
    """A lower layer imports a higher one, siblings import each other, a package has no layer."""
    for container in _named(graph, checked.containers or []) or [""]:
        layers = [
            sorted(f"{container}.{tail.name}".lstrip(".") for tail in layer.module_tails) for layer in checked.layers
        ]
        upwards = [(lower, higher) for above, below in combinations(layers, 2) for lower in below for higher in above]
        sideways = [
            pair
            for layer, names in zip(checked.layers, layers, strict=True)
            if layer.is_independent
            for pair in permutations(names, 2)
        ]
        for pair in upwards + sideways:
            importer, imported = map(_inside, pair)
            yield Mutant(modules=pair, imports=(pair,))
            yield Mutant(modules=pair, imports=((importer, imported),))
            yield Mutant(modules=pair, imports=((importer, DETOUR), (DETOUR, imported)))
        if checked.exhaustive:
            yield Mutant(modules=(_inside(container),))


def _of_forbidden(checked: ForbiddenContract, graph: ImportGraph) -> Iterator[Mutant]:
    """A source imports what is forbidden to it, by itself or round a corner."""
    for source in _named(graph, checked.source_modules):
        for forbidden in _named(graph, checked.forbidden_modules):
            externals = () if _is_within_any(forbidden, SESSION["root_packages"]) else (forbidden,)
            for importer in (source, _inside(source)):
                yield Mutant(externals=externals, imports=((importer, forbidden),))
                yield Mutant(externals=externals, imports=((importer, DETOUR), (DETOUR, forbidden)))


def _of_protected(checked: ProtectedContract, graph: ImportGraph) -> Iterator[Mutant]:
    """Each root, and each package in it, imports what it isn't allowed to."""
    roots = set(SESSION["root_packages"])
    packages = roots | {child for root in roots for child in graph.find_children(root)}
    allowed = _named(graph, checked.allowed_importers)
    strangers = sorted(
        importer
        for package in packages
        for importer in (package, _inside(package))
        if not _is_within_any(importer, allowed)
    )
    protected = set(_named(graph, checked.protected_modules))
    protected |= {expression.expression.replace("*", "mutant") for expression in checked.protected_modules}
    for module in sorted(protected):
        ours = _is_within_any(module, roots)
        for imported in (module, _inside(module)) if ours else (module,):
            for stranger in strangers:
                yield Mutant(modules=(module,) if ours else (), imports=((stranger, imported),))


def _of_allow_list(checked: AllowListContract, graph: ImportGraph) -> Iterator[Mutant]:
    """A source imports a library that others use, a library that nobody knows, or another root."""
    sources = {module.name for module in checked.source_modules}
    externals = {module for module in graph.modules if graph.is_module_squashed(module)}
    strangers = externals | {UNKNOWN_LIBRARY} | set(SESSION["root_packages"])
    strangers -= sys.stdlib_module_names | checked.allowed_externals | sources
    for source in sorted(sources):
        for importer in (source, _inside(source)):
            for stranger in sorted(strangers):
                yield Mutant(imports=((importer, stranger),))


def _of_acyclic_siblings(checked: AcyclicSiblingsContract, graph: ImportGraph) -> Iterator[Mutant]:
    """In each package down to the contract's depth, each module and its neighbour need each other."""
    packages = _named(graph, checked.ancestors)
    for _ in range(checked.depth + 1):
        for package in packages:
            siblings = graph.find_children(package) | {_inside(package), f"{package}.other_mutant"}
            for one, other in pairwise(sorted(siblings)):
                yield Mutant(imports=((_inside(one), other), (_inside(other), one)))
        packages = [
            child
            for package in packages
            for child in sorted(graph.find_children(package))
            if graph.find_children(child)
        ]


_DERIVATIONS: dict[type[Contract], Callable[..., Iterator[Mutant]]] = {
    AcyclicSiblingsContract: _of_acyclic_siblings,
    AllowListContract: _of_allow_list,
    ForbiddenContract: _of_forbidden,
    LayersContract: _of_layers,
    ProtectedContract: _of_protected,
}


def _inside(package: str) -> str:
    return f"{package}.mutant"


def _named(graph: ImportGraph, expressions: Iterable[ModuleExpression]) -> list[str]:
    return sorted(module.name for module in module_expressions_to_modules(graph, expressions))


def _is_within_any(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
