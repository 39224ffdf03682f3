"""From what probes have read of a machine to overlays that scenarios can name, and their check."""
