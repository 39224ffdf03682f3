"""Why a file cannot be read as an image."""


class NoImage(Exception):
    """A file that holds no image that can be read: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy
