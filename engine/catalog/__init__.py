"""Packs: one organisation's processes, decisions, forms, templates, settings and scenarios in a folder."""
