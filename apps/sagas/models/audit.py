"""What the auditor found, and how far it has got."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.models import Identified


class AuditPosition(models.Model):
    """
    How far one check has got with one source of what it judges; `position` is the source's own word.

    It has judged everything that is older than `judged_until`. Of a source that goes round, `began_at` is when this
    round began, and `judged_until` when the last whole one did.
    """

    pk = models.CompositePrimaryKey("check_name", "source")
    check_name = models.CharField(max_length=100)
    source = models.CharField(max_length=50)
    position = models.CharField(max_length=100)
    judged_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True)
    judged_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_positions"

    def __str__(self) -> str:
        return f"{self.check_name} of {self.source}"


class AuditFinding(Identified):
    """
    Something that breaks an invariant, open until the same check finds it right again.

    `subject` says what kind of row `subject_id` is: a saga, a variant, an event, a request.
    """

    invariant = models.CharField(max_length=5)
    check_name = models.CharField(max_length=100)
    subject = models.CharField(max_length=50)
    subject_id = models.UUIDField()
    problem = models.TextField()
    found_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "audit_findings"
        constraints = [
            models.UniqueConstraint(
                fields=["check_name", "invariant", "subject_id"],
                condition=Q(closed_at__isnull=True),
                name="one_open_finding_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(invariant__regex="^I([1-9]|1[0-4])$"), name="audit_finding_names_an_invariant"
            ),
        ]
        indexes = [models.Index(fields=["found_at"], name="idx_audit_findings_found")]

    def __str__(self) -> str:
        return f"{self.invariant}: {self.subject} {self.subject_id}"
