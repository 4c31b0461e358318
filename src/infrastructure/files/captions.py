"""The words in a picture of the genealogy: short ones in it, all of them for whoever points at a thing or listens."""

from collections.abc import Mapping, Sequence

from domain.production.lot import STOPPED, Disposition
from domain.shared.exact import canonical
from domain.traceability.diagram import Box, Diagram, Flow, Joint, Name, Scale

WORDS: Mapping[Disposition, str] = {
    Disposition.PENDING: "pending",
    Disposition.RELEASED: "released",
    Disposition.ON_HOLD: "on hold",
    Disposition.REJECTED: "rejected",
}

DRAWN_BY: Mapping[Scale, str] = {
    Scale.LOT: "",
    Scale.CAMPAIGN: ", drawn together by product and campaign",
    Scale.PRODUCT: ", drawn together by product",
    Scale.LARGEST: ", drawn together by product, the products with the fewest lots as one",
}

DESCRIPTION = (
    "Lines lead from the lots that operations took from, through the operations, to the lots that they put something "
    "into, where they end in arrows. What is pointed at says all that is known of it."
)


def title(diagram: Diagram) -> str:
    """What the picture shows."""
    if diagram.start is None:
        return "Genealogy of nothing: there is no lot to begin with"
    if diagram.starts == 1:
        return f"Genealogy of {_called(diagram.start)}"
    product = f" of {diagram.start.product}" if diagram.start.product else ""
    campaign = f" of campaign {diagram.start.campaign}" if diagram.start.campaign else ""
    return f"Genealogy of {_number(diagram.starts, 'lot')}{product}{campaign}"


def summary(diagram: Diagram) -> str:
    """How much it shows, and how much together."""
    counts = f"{_number(diagram.lots, 'lot')}, {_number(diagram.operations, 'operation')}"
    boxes = f", in {_number(len(diagram.boxes), 'box', 'boxes')}" if diagram.scale is not Scale.LOT else ""
    return counts + boxes + DRAWN_BY[diagram.scale]


def box_lines(box: Box, scale: Scale, *, sites: bool) -> list[str]:
    """What stands in a box, the first line in bold; with `sites` it says whose site it is."""
    name = box.name
    product = name.product or "other products"
    place = f" · {name.site}" if sites and name.site else ""
    if scale is Scale.LOT:
        lines = [_code(name), product + place]
    else:
        campaign = [name.campaign or "no campaign"] if scale is Scale.CAMPAIGN else []
        lines = [product + place, *campaign, f"{_number(box.lots, 'lot')}" + _first(box)]
    return [*lines, *([_on_hand(box)] if box.unit else []), *_standing(box), *_partners(box)]


def box_title(box: Box) -> str:
    """Everything that is known of a box."""
    if box.lots == 1:
        says = [f"Lot {_called(box.name)}"]
    else:
        says = [f"{_number(box.lots, 'lot')} of {box.name.product or 'other products'}"]
    says += [f"at {box.name.site}"] if box.name.site else []
    says += [f"campaign {box.name.campaign}"] if box.name.campaign else []
    says += [_on_hand(box)] if box.unit else []
    says += _standing(box)
    for flow, partners in ((Flow.RECEIVED, box.suppliers), (Flow.SHIPPED, box.customers), (Flow.RETURNED, ())):
        if flow in box.quantities or partners:
            says += [_flow(box, flow) + _towards(flow, partners)]
    says += ["the trace begins here"] if box.starts else []
    return "; ".join(says) + "."


def joint_caption(joint: Joint) -> str:
    """What stands on operations."""
    return joint.kind.value + (f" ×{joint.times}" if joint.times > 1 else "")  # noqa: RUF001 - times, not the letter


def joint_title(joint: Joint, boxes: Sequence[Box]) -> str:
    """Everything that is known of operations."""
    sources, targets = (
        ", ".join(_called(boxes[place].name) for place in places) for places in (joint.sources, joint.targets)
    )
    return f"{joint.kind.value.capitalize()}, {_number(joint.times, 'operation')}: from {sources} to {targets}."


def _code(name: Name) -> str:
    return (name.code or "") + (f" ({name.sub_lot})" if name.sub_lot else "")


def _called(name: Name) -> str:
    parts = (name.product or "other products", _code(name)) if name.code else (name.product, name.campaign)
    return " ".join(part for part in parts if part) or "other products"


def _number(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _first(box: Box) -> str:
    return f", {box.starts:,} to begin with" if box.starts else ""


def _on_hand(box: Box) -> str:
    return _flow(box, Flow.ON_HAND)


def _flow(box: Box, flow: Flow) -> str:
    word = flow.value.replace("_", " ")
    return f"{canonical(box.quantities[flow])} {box.unit} {word}" if flow in box.quantities else word


def _standing(box: Box) -> list[str]:
    """What quality says of the lots; those that it has stopped have a line of their own."""
    if box.lots == 1:
        return [WORDS[each] for each in box.dispositions]
    lines = ([each for each in box.dispositions if (each in STOPPED) is stopped] for stopped in (False, True))
    return [", ".join(f"{box.dispositions[each]:,} {WORDS[each]}" for each in line) for line in lines if line]


def _partners(box: Box) -> list[str]:
    lines = []
    if box.suppliers:
        lines.append("from " + _these(box.suppliers, "suppliers"))
    if box.customers:
        lines.append("to " + _these(box.customers, "customers"))
    return lines


def _these(partners: Sequence[str], many: str) -> str:
    return partners[0] if len(partners) == 1 else f"{len(partners):,} {many}"


def _towards(flow: Flow, partners: Sequence[str]) -> str:
    if not partners:
        return ""
    return (" from " if flow is Flow.RECEIVED else " to ") + ", ".join(partners)
