"""The bpmn engine: processes as BPMN 2.0 XML, in and out, with a drawing laid out by itself, and runs on paper."""
