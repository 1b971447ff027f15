"""Benchmarks: what a delivery, a connection and a page cost, beside the usual ways in the same run. See README.md."""
