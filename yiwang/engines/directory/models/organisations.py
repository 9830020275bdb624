"""机构、岗位、任职: organisations and departments, posts with a division scope, and who holds them when."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Organisation(models.Model):
    """机构 or 内设部门 (then `parent` is its organisation). `kind` is a short key such as `water` or `town`."""

    name = models.CharField(max_length=120)
    code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    """统一社会信用代码, GB 32100."""
    kind = models.CharField(max_length=30, blank=True, db_index=True)
    division = models.ForeignKey("directory.Division", models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="departments")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["division", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name", "parent"], name="organisation_name", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: a role (`"<app>.<role>"`) at an organisation, for one division."""

    role = models.CharField(max_length=80, db_index=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    division = models.ForeignKey("directory.Division", models.PROTECT, related_name="posts")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["role", "division", "organisation"], name="post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.division_id}"


class Posting(models.Model):
    """任职: a person holds a post from one day to another, for oneself or on behalf of a colleague (代理)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    """First day on which the post is no longer held; null while open."""
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deputies"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="posting_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of__isnull=True) | ~models.Q(on_behalf_of=models.F("user")),
                name="posting_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of__isnull=True) | models.Q(to_on__isnull=False),
                name="posting_deputy_has_end",
            ),
        ]
        indexes = [models.Index(fields=["user", "to_on"], name="posting_user")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.post_id}"
