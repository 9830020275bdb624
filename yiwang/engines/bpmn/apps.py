"""Django's view of BPMN: it brings the drawing's style sheet and nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class BpmnConfig(AppConfig):
    name = "yiwang.engines.bpmn"
    label = "bpmn"
    verbose_name = "流程图"
