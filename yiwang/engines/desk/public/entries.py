"""Entries of the public header, and where the wordmark leads."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from yiwang.ui import navigation, shell


def register() -> None:
    """Called once at start."""
    shell.configure(home_url_name="desk:home")
    group = navigation.PUBLIC
    navigation.register(
        navigation.NavItem(key="home", title=gettext_noop("首页"), url_name="desk:home", group=group, order=10)
    )
    navigation.register(
        navigation.NavItem(key="follow", title=gettext_noop("查询进度"), url_name="desk:follow", group=group, order=30)
    )
