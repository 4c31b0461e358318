"""The contracts of `.importlinter` and the import graph, read as import-linter reads them."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import grimp
from importlinter import Contract, api
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from tests.architecture.allow_list import AllowListContract

REPOSITORY = Path(__file__).parents[2]

_SETTINGS = api.read_configuration(config_filename=str(REPOSITORY / ".importlinter"))
SESSION: dict[str, Any] = _SETTINGS["session_options"]
CONTRACTS: dict[str, dict[str, Any]] = {options["id"]: options for options in _SETTINGS["contracts_options"]}

TYPES: dict[str, type[Contract]] = {
    contract_type.type_name: contract_type
    for contract_type in (
        AcyclicSiblingsContract,
        AllowListContract,
        ForbiddenContract,
        LayersContract,
        ProtectedContract,
    )
}


def contract(identifier: str) -> Contract:
    """Make the contract that `.importlinter` has under this identifier."""
    options = CONTRACTS[identifier]
    return TYPES[options["type"]](options["name"], SESSION, options)


def contracts_of_type(contract_type: type[Contract]) -> list[Contract]:
    """Make all contracts of one type, in the order of the file."""
    return [contract(key) for key, options in CONTRACTS.items() if TYPES[options["type"]] is contract_type]


@cache
def import_graph() -> grimp.ImportGraph:
    """Build the graph of the code as it stands, once; treat it as frozen."""
    return grimp.build_graph(*SESSION["root_packages"], include_external_packages=True, cache_dir=None)


def holds(checked: Contract, graph: grimp.ImportGraph) -> bool:
    """Say whether the contract is kept on this graph, which stays as it is."""
    return checked.check(deepcopy(graph), verbose=False).kept
