"""Measure a real machine: its cores, memory and disk, and what each runtime on it costs.

A `Probe` is one runtime that may be there, and makes it a `Runtime` that is ready to start
instances; a `Starter` starts some of them at the same moment; a `Workbench` takes everything away
again, however a calibration ends.
"""
