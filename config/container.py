"""The composition root: which adapter stands behind which port."""

import warnings

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Container as Part
from dependency_injector.providers import Factory
from dependency_injector.wiring import DIWiringWarning

import interfaces
from infrastructure.system.clock import SystemClock
from infrastructure.system.ids import UuidVersion7Ids


class System(DeclarativeContainer):
    """Time and identities."""

    clock = Factory(SystemClock)
    ids = Factory(UuidVersion7Ids)


class Container(DeclarativeContainer):
    """Everything that interfaces may ask for, by name: `Provide["system.clock"]`."""

    system = Part(System)


def wired_container() -> Container:
    """Make the container and hand its parts to every module under `interfaces`.

    Raises dependency_injector's Error for a dependency without a provider, and DIWiringWarning for a name in an
    interface that the container doesn't know.
    """
    container = Container()
    container.check_dependencies()
    with warnings.catch_warnings():
        warnings.simplefilter("error", DIWiringWarning)
        container.wire(packages=[interfaces], warn_unresolved=True)
    return container
