"""A second opinion on what a process does: a small token game that shares no code with the engine.

`model` says what a process is, `interpreter` plays it by the BPMN standard, `bpmn` writes it as a file that the
engine can read, `strategies` draw models. `views` says what is compared, `orders` what the standard leaves open,
`runner` is the engine's side, and `test_engine_agrees_with_oracle` brings them together.
"""
