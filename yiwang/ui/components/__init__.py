"""Typed components. Python builds them, `{{ component }}` or `{% ui "name" … %}` shows them."""
