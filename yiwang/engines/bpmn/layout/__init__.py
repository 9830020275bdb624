"""Layout by itself: layers from left to right, few crossings, right-angled lines, sub-processes sized to their content.

`ranking` gives columns, `ordering` rows, `routing` the ways of lines on tracks between them, `plan` the pixels.
"""
