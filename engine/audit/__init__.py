"""The trail as evidence: how events are chained, how a chain is verified, how it leaves the house."""
