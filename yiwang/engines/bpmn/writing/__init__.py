"""Writing a bundle as BPMN XML: what BPMN has words for in its words, the rest as our properties."""
