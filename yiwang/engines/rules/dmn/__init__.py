"""Decision models: requirement graphs, decision tables and boxed expressions, in and out as DMN XML."""
