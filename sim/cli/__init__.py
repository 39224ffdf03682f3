"""The command line: one verb, one call. What a page of help needs is all that a page loads."""
