"""A chat model that needs no key: honest about knowing nothing, exact about its traffic."""

from chains.models.simulated.model import SimulatedChatModel
from chains.models.simulated.parameters import SimulatedParameters
from chains.models.simulated.traffic import FAULTS, Fault

__all__ = ["FAULTS", "Fault", "SimulatedChatModel", "SimulatedParameters"]
