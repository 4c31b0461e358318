"""What everybody may expect of a unit of work."""

import pytest

from domain.catalog.site import Site
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import new_id


class UnitOfWorkContract:
    def add_site(self, world: World, code: str) -> None:
        world.records[Site].add([Site(new_id(), code, code)])

    def sites(self, world: World, *codes: str) -> set[object]:
        return set(world.records[Site].find(codes))

    def test_what_is_committed_is_kept(self, empty_world: World) -> None:
        with empty_world.unit_of_work as work:
            self.add_site(empty_world, "A")
            work.commit(by=ACTOR, at=AT)
        assert self.sites(empty_world, "A") == {"A"}

    def test_what_is_not_committed_is_forgotten(self, empty_world: World) -> None:
        with empty_world.unit_of_work:
            self.add_site(empty_world, "A")
            assert self.sites(empty_world, "A") == {"A"}
        assert not self.sites(empty_world, "A")

    @pytest.mark.parametrize("after_the_commit", [False, True])
    def test_an_error_undoes_everything_and_is_passed_on(self, empty_world: World, after_the_commit: bool) -> None:
        def fail() -> None:
            with empty_world.unit_of_work as work:
                self.add_site(empty_world, "A")
                if after_the_commit:
                    work.commit(by=ACTOR, at=AT)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert not self.sites(empty_world, "A")

    def test_it_is_used_again_and_remembers_no_earlier_commit(self, empty_world: World) -> None:
        with empty_world.unit_of_work as work:
            self.add_site(empty_world, "A")
            work.commit(by=ACTOR, at=AT)
        with empty_world.unit_of_work:
            self.add_site(empty_world, "B")
        with empty_world.unit_of_work as work:
            self.add_site(empty_world, "C")
            work.commit(by=ACTOR, at=AT)
        assert self.sites(empty_world, "A", "B", "C") == {"A", "C"}

    def test_it_does_not_nest(self, empty_world: World) -> None:
        def nest() -> None:
            with empty_world.unit_of_work as work:
                self.add_site(empty_world, "A")
                work.commit(by=ACTOR, at=AT)
                with empty_world.unit_of_work:
                    pass

        with pytest.raises(RuntimeError):
            nest()
        assert not self.sites(empty_world, "A")

    def test_after_a_refused_nesting_it_works_again(self, empty_world: World) -> None:
        with pytest.raises(RuntimeError), empty_world.unit_of_work, empty_world.unit_of_work:
            pass
        with empty_world.unit_of_work as work:
            self.add_site(empty_world, "A")
            work.commit(by=ACTOR, at=AT)
        assert self.sites(empty_world, "A") == {"A"}


class TestOnMemory(OnMemory, UnitOfWorkContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, UnitOfWorkContract):
    """The adapter."""
