"""Sweeps: many runs over a design, on whatever performs them, and answers at the end."""
