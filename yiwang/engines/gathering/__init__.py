"""Gathering: many reports of one problem: suggested, merged, taken apart, bundled."""
