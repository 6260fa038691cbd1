"""Where mail servers hand mail over: SMTP and LMTP, each mail answered only when what came of it is durable."""

from engine.listener.places import Place, places_of
from engine.listener.running import Listener

__all__ = ["Listener", "Place", "places_of"]
