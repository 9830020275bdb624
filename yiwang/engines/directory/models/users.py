"""用户: an account. What it may do comes from its postings alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes accounts with hashed passwords; without a password the account cannot log in by password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """An account of the technical staff; it holds no post and so sees no case."""
        return self.create_user(username, password, **({"is_staff": True} | fields))


class User(AbstractBaseUser):
    """An account of a clerk, inspector or citizen. `party` links a citizen's or firm's account to its party."""

    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    """Made by the seed; shown as a card on the log-in page of a demo deployment only."""
    handed_out_password = models.CharField(max_length=128, blank=True, default="")
    """Hash of a password an administrator handed out; while it is still the password, the account may do nothing."""
    date_joined = models.DateTimeField(default=timezone.now)
    party = models.ForeignKey("directory.Party", models.PROTECT, null=True, blank=True, related_name="users")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def must_change_password(self) -> bool:
        """Whether the person still uses the password somebody else knows."""
        return bool(self.handed_out_password) and self.handed_out_password == self.password

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
