"""From a name to whoever waits for it, across the instances of a desk: messages to one catcher, signals to all."""

from engine.correlation.messages import (
    LONGEST_LIFE,
    USUAL_LIFE,
    Messages,
    Sending,
    Sent,
    message_id,
    time_to_live,
)
from engine.correlation.signals import Broadcast, Heard, Signals

__all__ = [
    "LONGEST_LIFE",
    "USUAL_LIFE",
    "Broadcast",
    "Heard",
    "Messages",
    "Sending",
    "Sent",
    "Signals",
    "message_id",
    "time_to_live",
]
