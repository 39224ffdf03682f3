"""Frames become something that people read: terminal, page, Markdown, figures, tables."""
