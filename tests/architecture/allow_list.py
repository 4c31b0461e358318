"""A contract type of import-linter: what isn't on the list may not be imported."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application.contract_utils import render_broken_contract_guidance


class AllowListContract(Contract):
    """Modules that may import themselves, the standard library and a short list, and nothing else.

    So a library that nobody has thought of yet is forbidden too.

    Options:

    - `source_modules`: the packages that are held to the list; they may import each other.
    - `allowed_externals`: top-level packages that they may import beside the standard library.
    - `broken_contract_guidance`: where the code should go instead.

    Direct imports only: a chain leads out of the source modules through a direct import.
    """

    type_name = "allow_list"

    source_modules = fields.ListField(subfield=fields.ModuleField())
    allowed_externals = fields.SetField(subfield=fields.StringField())
    broken_contract_guidance = fields.TextField(required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import from the source modules that leads neither to them nor to the list."""
        sources = {
            module
            for package in self.source_modules
            for module in {package.name} | graph.find_descendants(package.name)
        }
        allowed = sys.stdlib_module_names | self.allowed_externals
        refused = [
            (importer, imported)
            for importer in sorted(sources)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) - sources)
            if imported.partition(".")[0] not in allowed
        ]
        lines = {
            (importer, imported): [
                detail["line_number"] for detail in graph.get_import_details(importer=importer, imported=imported)
            ]
            for importer, imported in refused
        }
        return ContractCheck(kept=not refused, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each refused import with its lines, then the guidance."""
        for (importer, imported), numbers in check.metadata["lines"].items():
            where = ", ".join(f"l.{number}" for number in numbers) or "l.?"
            output.print_error(f"- {importer} -> {imported} ({where})", bold=False)
        output.new_line()
        render_broken_contract_guidance(self.broken_contract_guidance)
