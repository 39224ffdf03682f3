"""The figures of a report, whatever the platforms: each states its finding in its title."""
