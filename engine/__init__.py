"""Casepath's engine: tickets moved along BPMN diagrams, one command in one transaction."""
