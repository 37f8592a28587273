"""No rule goes back and forth: four times the text takes four times as long, whatever it holds."""

import time

import pytest

from trials.extraction.facts import read_facts
from trials.registry.study import Study, parse_study

# Texts that nearly match, again and again.
NEAR_MATCHES = {
    "phrases": "bone marro umbilical cor micro-fragmented adipos stem cel -- ,, ",
    "powers": "1 x 10 x 10^ 1, 2, 3, 4, 5 x 1.5-2-3-4-5 x 10 ",
    "digits": "1 2 3 4 5 6 7 8 9 1,2,3,4,5,6,7,8,",
    "short powers": "1e 2e 3e 1-2-3-4-5-6e ",
    "millions": "1, 2, 3, 4 and 5 and 6 to 7 millio ",
    "counts": "two intravenous cell stem mesenchymal msc of the a total dose infusio ",
    "days": "day 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16x ",
    "courses": "2 infusions of cells every 2 weeks once a week at a dose twice per 3 months for ",
    "numbers of weeks": "at 1, 2, 3, 4, 5 and 6, 7 number of infusions on 1st, 2nd ",
    "asides": "day 1 (a b c) day 2 (d e f), day 3 (g h i ",
    "sides": "4 x 10^7 cells per hemisphere, 8 x 10^7 in injections of 2 M ",
    "one long sentence": "mesenchymal stem cells bone marrow autologous IV 1x10^6 cells once ",
    "separators": "  -  -  -  ",
    "units": "1x10^6 a b c d e f g h cells / ",
    "numerals": "grade iv iv iv iii and iv ",
    "sentences": "MSC. Cells; bone marrow? once\n",
    "cords": "umbilical cord ",
    "powers over": "10^6 cells / ",
    "beginnings": "d 1 d.2 on the at study on day in the 3 during surgery infusions 2 of ",
    "signs": "1 10^ 2,000 5e 3M 0.5 .5.5 millio million illion hundred 7-8 million ",
    "millions in words": "two hundred million twenty five billion one a hundred millions ",
    "codes": "ab1c cd2e mesenchymal ef3g stem cells gh4i ",
}
SMALL, LARGE = 20_000, 80_000  # letters in each of five texts
MOST = 8  # times as long; going back and forth takes sixteen times, and more
REPEATED = 3


@pytest.mark.parametrize("words", NEAR_MATCHES.values(), ids=NEAR_MATCHES.keys())
def test_time_grows_with_the_text_alone(words):
    assert seconds(words, LARGE) < MOST * max(seconds(words, SMALL), 0.005)


def seconds(words: str, size: int) -> float:
    study = study_with((words * (size // len(words) + 1))[:size])
    return min(_once(study) for _ in range(REPEATED))


def _once(study: Study) -> float:
    started = time.process_time()
    read_facts(study)
    return time.process_time() - started


def study_with(text: str) -> Study:
    return parse_study(
        {
            "protocolSection": {
                "identificationModule": {"nctId": "NCT90000001", "briefTitle": "MSC for knees"},
                "conditionsModule": {"conditions": ["Knee Osteoarthritis"]},
                "descriptionModule": {"briefSummary": text, "detailedDescription": text},
                "armsInterventionsModule": {
                    "armGroups": [{"type": "EXPERIMENTAL", "label": "MSC", "description": text}],
                    "interventions": [{"name": "MSC", "description": text}, {"name": text}],
                },
            }
        }
    )
