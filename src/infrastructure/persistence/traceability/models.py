"""The genealogy as a graph that a recursive query walks quickly."""

from django.db import models


class Passage(models.Model):
    """From a lot into an operation, or from an operation into a lot; triggers keep it equal to the standing movements.

    A lot is its number, an operation the negative of its sequence: walking takes one index and no other table, and an
    operation with a thousand lots on each side is two thousand rows, not a million.
    """

    kept_by_triggers = True

    pk = models.CompositePrimaryKey("source", "target")
    source = models.BigIntegerField()
    target = models.BigIntegerField()

    class Meta:
        db_table = "passage"
        indexes = [models.Index(fields=["target", "source"], name="passage_backward")]

    def __str__(self) -> str:
        return f"{self.source} {self.target}"
