"""A second opinion on what a process does: a small token game that shares no code with the engine.

`model` says what a process is, `interpreter` plays it by the BPMN standard, `bpmn` writes it as a file that the
engine can read, `strategies` draw models, `agreement` runs both side by side and compares them after every step.
"""
