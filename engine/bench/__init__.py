"""Measurements: what a step costs, as a ratio to what PostgreSQL alone needs for the same rows.

Machines differ and are noisy, so every figure is a ratio of two medians measured turn by turn in one run.
"""
