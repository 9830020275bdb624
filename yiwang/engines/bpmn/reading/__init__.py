"""Reading BPMN XML, ours and that of other modellers, into a bundle."""
