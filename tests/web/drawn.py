"""A source of numbers for tests that say which number is drawn."""

import random

__all__ = ["Drawn"]


class Drawn(random.Random):
    """Gives what it was given, one after the other and the last for ever."""

    def __init__(self, *given: int) -> None:
        super().__init__()
        self.given = list(given)

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """The next of them, whatever the bounds."""
        return self.given.pop(0) if len(self.given) > 1 else self.given[0]
