"""The field's numbers as data files, and the way from a scenario file over them to a Scenario."""
