"""What needs a person, the worst first.

`finding` says what is in doubt about a trial, `keeping` keeps it in step with the trials, `kinds`
is the list of all kinds of items: a further kind registers itself there.
"""
