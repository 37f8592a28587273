"""The screen on which a curator goes through the queue, one item after the other, by keyboard.

What waits, and in which order, `trials.queue.kinds` says; how an item of a kind is shown and
decided, an `Item` of this package says. A further kind has one of each.
"""
