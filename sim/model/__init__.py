"""The host in motion: machines, boundaries, the activities of instances, and what performs them."""
