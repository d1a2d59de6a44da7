"""Models in service: which one answers whom, how another takes its place, and when an engine is no longer needed."""
