"""Foreign keys keep the order of the contexts, which imports can't show: a relation may be a string."""

from collections.abc import Callable, Iterable, Iterator
from inspect import isfunction

import pytest
from django.apps import apps  # noqa: TID251 - the tests ask for every model, not for one by name
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey  # noqa: TID251 - the tests show that it is found
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.contracts import contract

ModelType = type[models.Model]

#: From the outermost layer to the innermost; the contexts of one layer don't know each other.
LAYERS = [{tail.name for tail in layer.module_tails} for layer in contract("persistence-contexts").layers]
DEPTHS = {context: depth for depth, layer in enumerate(LAYERS) for context in layer}


def our_models() -> list[ModelType]:
    """Every model of the product, those that Django makes for many-to-many relations included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model.__module__.startswith("infrastructure.")]


def home_of(model: ModelType) -> str:
    """The context that a model belongs to, `identity`, or the package that it comes from."""
    parts = model.__module__.split(".")
    if parts[:2] == ["infrastructure", "persistence"]:
        return parts[2]
    return parts[1] if parts[0] == "infrastructure" else ".".join(parts[:3])


def relations(model: ModelType) -> Iterator[models.Field]:
    """The relations that the model itself declares."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.is_relation:
            yield field


def may_refer(source: str, target: str) -> bool:
    """Whether a table of one home may point at a table of another."""
    if source == "identity":
        return target in {"identity", "django.contrib.auth"}
    return target == source or DEPTHS.get(target, -1) > DEPTHS[source]


def outward_relations(found: Iterable[ModelType]) -> list[str]:
    """The relations that leave their context for one beside or above it."""
    return [
        f"{field} -> {field.related_model._meta.label}"
        for model in found
        for field in relations(model)
        if not may_refer(home_of(model), home_of(field.related_model))
    ]


def unnamed_relations(found: Iterable[ModelType]) -> list[str]:
    """The relations whose way back has no name of its own."""
    return [
        str(field)
        for model in found
        if not model._meta.auto_created
        for field in relations(model)
        if not field.remote_field.related_name
    ]


def generic_relations(found: Iterable[ModelType]) -> list[str]:
    """The relations that may point at any table."""
    return [str(field) for model in found for field in model._meta.private_fields]


def floats(found: Iterable[ModelType]) -> list[str]:
    """The columns that hold binary floats."""
    binary = models.FloatField  # noqa: TID251 - it is what the tests look for
    return [str(field) for model in found for field in model._meta.local_fields if isinstance(field, binary)]


def methods(found: Iterable[ModelType]) -> list[str]:
    """What the models do, beyond naming themselves: rules belong to the domain, queries to querysets."""
    classes = {
        ancestor for model in found for ancestor in model.__mro__ if ancestor.__module__.startswith("infrastructure.")
    }
    return sorted(
        f"{owner.__module__}.{owner.__name__}.{name}"
        for owner in classes
        for name, value in vars(owner).items()
        if isinstance(value, property | classmethod | staticmethod)
        or (isfunction(value) and value.__module__ == owner.__module__ and name != "__str__")
    )


CHECKS = (outward_relations, unnamed_relations, generic_relations, floats, methods)


@pytest.mark.parametrize("check", CHECKS)
def test_every_model_keeps_the_rule(check: Callable[[Iterable[ModelType]], list[str]]) -> None:
    assert check(our_models()) == []


def test_the_models_are_there() -> None:
    assert {"catalog", "production", "identity"} <= {home_of(model) for model in our_models()}


def test_every_home_is_known() -> None:
    assert {home_of(model) for model in our_models()} <= {*DEPTHS, "identity"}


def make_model(module: str, name: str = "Example", **attributes: object) -> ModelType:
    """A model as it would stand in that module."""
    meta = type("Meta", (), {"app_label": module.split(".")[-2]})
    return type(name, (models.Model,), {"__module__": module, "Meta": meta, **attributes})


def refer(source: str, target: ModelType | str, related_name: str | None = "examples") -> ModelType:
    """A model of this module that points at the target."""
    key = models.ForeignKey(target, on_delete=models.PROTECT, related_name=related_name)
    return make_model(source, "Referring", key=key)


CATALOG, PRODUCTION, QUALITY, TRACEABILITY = (
    f"infrastructure.persistence.{context}.models" for context in ("catalog", "production", "quality", "traceability")
)
IDENTITY = "infrastructure.identity.models"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (CATALOG, PRODUCTION),
        (CATALOG, QUALITY),
        (PRODUCTION, QUALITY),
        (PRODUCTION, TRACEABILITY),
        (QUALITY, TRACEABILITY),
        (TRACEABILITY, QUALITY),
        (PRODUCTION, IDENTITY),
        (IDENTITY, CATALOG),
    ],
)
@isolate_apps()
def test_a_relation_outwards_is_found(source: str, target: str) -> None:
    assert outward_relations([refer(source, make_model(target))])


@isolate_apps()
def test_a_relation_outwards_by_name_is_found() -> None:
    make_model(PRODUCTION)
    assert outward_relations([refer(CATALOG, "production.Example")])


@isolate_apps()
def test_many_to_many_outwards_is_found() -> None:
    lots = models.ManyToManyField(make_model(PRODUCTION), related_name="products")
    assert outward_relations([make_model(CATALOG, "Referring", lots=lots)])


@isolate_apps()
def test_a_relation_to_somebody_elses_table_is_found() -> None:
    assert outward_relations([refer(PRODUCTION, Group)])


@pytest.mark.parametrize(
    ("source", "target"),
    [(PRODUCTION, CATALOG), (QUALITY, PRODUCTION), (TRACEABILITY, CATALOG), (CATALOG, CATALOG), (IDENTITY, IDENTITY)],
)
@isolate_apps()
def test_a_relation_inwards_is_left_alone(source: str, target: str) -> None:
    referring = refer(source, make_model(target))
    assert [check([referring]) for check in CHECKS] == [[]] * len(CHECKS)


@isolate_apps()
def test_a_relation_without_a_name_back_is_found() -> None:
    assert unnamed_relations([refer(PRODUCTION, make_model(CATALOG), related_name=None)])


@isolate_apps()
def test_a_float_column_is_found() -> None:
    quantity = models.FloatField()  # noqa: TID251 - the tests show that it is found
    assert floats([make_model(PRODUCTION, quantity=quantity)])


@isolate_apps()
def test_logic_in_a_model_is_found() -> None:
    def save(self: models.Model) -> None:
        """Do more than saving."""

    save.__module__ = PRODUCTION
    assert methods([make_model(PRODUCTION, save=save)])
    assert methods([make_model(PRODUCTION, "Other", total=property(save))])


@isolate_apps()
def test_a_generic_relation_is_found() -> None:
    assert generic_relations([make_model(PRODUCTION, about=GenericForeignKey("kind", "key"))])
