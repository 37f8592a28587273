"""Reads one record whole: contacts out, parsed, screened, its facts read. Bytes in, values out."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from trials.extraction.facts import facts_of, read_facts, read_gist
from trials.extraction.passages import read_texts
from trials.extraction.readings import Reading
from trials.extraction.screening import Verdict, screen
from trials.extraction.tables import Lexicon
from trials.registry.scrub import read_canonical, scrub_canonical
from trials.registry.study import Study, parse_study

# The texts are small: more effort would save a tenth of the room and take twice the time.
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record without contacts, as it is stored and as it is understood.

    `body` is compressed JSON, `content_hash` the SHA-256 of its content. `readings` are those of a
    study that the screening takes in; of others they are not read.
    """

    study: Study
    body: bytes
    content_hash: str
    verdict: Verdict
    readings: tuple[Reading, ...]

    def facts(self, words: Lexicon | None = None) -> tuple[Reading, ...]:
        """What is read in it by these words, which it was read by; also of a study that a document
        or a person put in."""
        return self.readings if self.verdict.included else read_facts(self.study, words)


def read_record(written: bytes, words: Lexicon | None = None) -> ReadRecord:
    """Read the record whose canonical JSON this is. UnusableRecord says why one cannot be used.

    Without words, it is read by those of the files.
    """
    scrubbed = scrub_canonical(written)
    study = parse_study(read_canonical(scrubbed.body))
    texts = read_texts(study, words)
    gist = read_gist(texts)
    verdict = screen(gist)
    return ReadRecord(
        study=study,
        body=zlib.compress(scrubbed.body, _COMPRESSION),
        content_hash=scrubbed.content_hash,
        verdict=verdict,
        readings=facts_of(texts, gist) if verdict.included else (),
    )
