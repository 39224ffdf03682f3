"""How rates, memory, space and locks are shared; knows numbers, never specs."""
