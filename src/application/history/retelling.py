"""What a record has to be by what the history tells of it."""

from collections.abc import Iterable, Iterator, Mapping

from domain.history.entry import Told
from domain.history.values import kept
from domain.shared.canonical import Json

_WHOLE = {"added", "planned", "opened"}
"""What is done to records that weren't there before, with all that they say."""


_OF_A_RECALL = {"signed", "closed"}
"""What is done to recalls themselves; the rest is told of their lots, holds and notes."""


def told_state(entries: Iterable[Told]) -> dict[str, Json] | None:
    """The attributes of a record after these entries; None where they don't begin with all of it, or remove it."""
    state: dict[str, Json] | None = None
    for told in entries:
        change = told.change
        if change.action in _WHOLE and change.before is None:
            state = dict(change.after or {})
        elif change.action == "removed":
            state = None
        elif state is not None:
            state.update(_changes(told, state))
    return state


def _changes(told: Told, state: Mapping[str, Json]) -> dict[str, Json]:
    change = told.change
    if change.subject.kind == "recall" and change.action not in _OF_A_RECALL:
        return {}
    changes = {name: value for name, value in (change.after or {}).items() if name in state}
    if change.action == "closed" and "closings" in state:
        changes["closings"] = int(str(state["closings"])) + 1
    if change.action == "closed" and change.subject.kind == "recall":
        changes["conclusion"] = change.reason
        changes["closed_at"] = kept(told.clock or told.at)
        changes["closed_by"] = told.whence.actor
        changes["signature"] = kept(change.signature)
    return changes


def differing(told: Mapping[str, Json], stored: Mapping[str, Json]) -> Iterator[str]:
    """Names of attributes that aren't as they are told. What neither or only one of both has, as attributes come and go
    with versions of the software, isn't compared, and neither are versions, which count changes.
    """
    for name in sorted(told.keys() & stored.keys() - {"version"}):
        if _comparable(name, told[name]) != _comparable(name, stored[name]):
            yield name


def _comparable(name: str, value: Json) -> Json:
    """A product may change after a campaign of it was planned."""
    return value["id"] if name == "product" and isinstance(value, Mapping) else value
