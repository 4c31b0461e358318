"""What every record of the catalog has to get right."""

from collections.abc import Iterator

from attrs import fields

from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.shared.errors import Fault
from domain.shared.identity import code_fault, text_fault

Record = Product | Site | Line | Partner | Operator


def faults_in(record: Record) -> Iterator[Fault]:
    """Codes that aren't codes, texts that can't be printed, a name that is missing."""
    for attribute in fields(type(record)):
        value = getattr(record, attribute.name)
        if type(value) is not str:
            continue
        check = code_fault if attribute.name == "code" else text_fault
        if fault := check(value, attribute.name):
            yield fault
    if not record.name.strip():
        yield Fault("required", "A name isn't empty.", ("name",))
    if isinstance(record, Site) and record.second_person and not record.signs_decisions:
        detail = "A second person signs: that takes signs_decisions, too."
        yield Fault("required", detail, ("second_person",))
