"""Benchmarks: what the service reaches beside what the machine itself can do, measured in the same run."""
