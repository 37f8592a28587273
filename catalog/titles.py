"""How much of a trial's title a list shows; the whole of it is on the trial's own page."""

LONGEST = 300  # letters; the registry's own limit for a brief title


def short_title(title: str) -> str:
    """The title, cut and with an ellipsis where a list of such titles could not be read."""
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
