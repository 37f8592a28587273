"""Which of two versions of a record is the later one: what came, or what is known of the study."""

from __future__ import annotations

from trials.models import StoredRecord, Trial
from trials.registry.study import Study


def version(study: Study) -> tuple[str, str]:
    """When the study was last updated, and of which day this copy of the registry's data is."""
    return str(study.last_updated or ""), str(study.version_date or "")


def is_older(study: Study, *, stored: StoredRecord | None, trial: Trial | None) -> bool:
    """A file may hold an earlier version than we know of: it must not undo the later one."""
    if trial is not None and (
        trial.joined_to_id or trial.number not in (study.registry_id, *study.aliases)
    ):
        return True  # the record bears an older number than the trial has now
    updated, copied = version(study)
    if stored is not None:
        if updated and stored.version and updated != stored.version:
            return updated < stored.version
        return bool(copied) and copied < stored.data_timestamp
    if trial is None or trial.refreshed_at is not None:
        return False
    return _precedes_the_reading(updated, copied, trial)


def _precedes_the_reading(updated: str, copied: str, trial: Trial) -> bool:
    """Whether a record is of before what somebody read by hand and put into the fixtures."""
    if trial.registry_as_of is None:
        # Read in an undated copy: of the day of the reading, as far as we can tell.
        return (copied or updated) < str(trial.checked_on or "")
    if updated and trial.last_updated:
        return updated < str(trial.last_updated)
    return (copied or updated) < str(trial.registry_as_of.earliest)
