"""Tables of the history. Only a function of the migrations writes them, and it only adds."""

from django.db import models
from django.db.models import Q


class Chain(models.Model):
    """A chain of entries with its head: the number and hash of its last one."""

    kept_by_triggers = True

    name = models.TextField(unique=True)
    number = models.BigIntegerField(default=0)
    sha256 = models.TextField()

    class Meta:
        db_table = "history_chain"

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """See `domain.history`. The function that enters a document takes what entries are found by out of it."""

    kept_by_triggers = True
    application_may_call = "enter_history(text[], text[])"

    id = models.BigAutoField(primary_key=True)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.BigIntegerField()
    document = models.TextField()
    sha256 = models.TextField()
    at = models.TextField()
    actor = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    subject_code = models.TextField(db_default="")
    action = models.TextField()

    class Meta:
        db_table = "history_entry"
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="history_entry_number_is_unique")]
        indexes = [
            models.Index(fields=["at"], name="history_entry_at"),
            models.Index(fields=["actor", "at"], name="history_entry_actor"),
            models.Index(fields=["subject_kind", "subject_id"], name="history_entry_subject"),
            models.Index(
                fields=["subject_kind", "subject_code", "at", "id"],
                name="history_entry_code",
                condition=~Q(subject_code=""),
            ),
            models.Index(fields=["action", "at"], name="history_entry_action", condition=~Q(action="recorded")),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.number}"
