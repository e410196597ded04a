"""Chance: all that a case draws, keyed by the seed and the number of the case."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A generator with the few draws that mutations need."""

    @classmethod
    def of(cls, seed: int, number: int) -> "Chance":
        """Return the generator of a case."""
        return cls(f"hedgerow {seed} {number}")

    def often(self, share: float) -> bool:
        """Say yes in this share of draws."""
        return self.random() < share

    def one(self, among: Sequence[T]) -> T:
        """Return one of several."""
        return among[int(self.random() * len(among))]

    def weighted(self, among: Sequence[tuple[int, T]]) -> T:
        """Return one of several, each with its weight before it."""
        return self.choices([value for _, value in among], [weight for weight, _ in among])[0]

    def times(self, *weights: int) -> int:
        """Return how often: once with the first weight, twice with the second, ..."""
        return self.choices(range(1, len(weights) + 1), weights)[0]

    def until(self, change: Callable[[], bool], tries: int = 8) -> None:
        """Try a change until it changes something."""
        for _ in range(tries):
            if change():
                return
