"""A clock for tests: it goes on when it is told to, and when somebody sleeps by it."""


class Clock:
    def __init__(self, step: float = 0.0) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.step = step  # seconds that pass with each look at it

    def __call__(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
