"""People's contact data are taken out; everything else stays."""

import json
import re
from copy import deepcopy
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import study_record
from trials.registry.errors import UnusableRecord
from trials.registry.scrub import (
    PERSONAL_KEYS,
    canonical,
    content_hash,
    scrub,
    scrub_text,
    served_digest,
)

PERSON = {"name": "Ann Example", "phone": "02 555 0100", "email": "ann@example.org"}


def peopled_record() -> dict[str, Any]:
    record = study_record(
        "NCT00000011",
        sponsorCollaboratorsModule={
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Ann Example",
                "investigatorTitle": "Professor Example",
                "investigatorAffiliation": "Office of Ann Example",
            }
        },
        contactsLocationsModule={
            "centralContacts": [PERSON],
            "overallOfficials": [{"name": "Ann Example", "role": "STUDY_CHAIR"}],
            "locations": [{"city": "Taipei", "contacts": [PERSON]}],
            "locations_nested": [{"city": "Taipei", "contacts": [PERSON]}],
        },
    )
    record["resultsSection"] = {"moreInfoModule": {"pointOfContact": PERSON}}
    record["annotationSection"] = {"unpostedResponsibleParty": "Ann Example, Harbour Hospital"}
    return record


def test_people_are_left_out_and_the_rest_stays() -> None:
    scrubbed = scrub(peopled_record())

    assert scrubbed == study_record(
        "NCT00000011",
        sponsorCollaboratorsModule={"responsibleParty": {"type": "PRINCIPAL_INVESTIGATOR"}},
        contactsLocationsModule={
            "locations": [{"city": "Taipei"}],
            "locations_nested": [{"city": "Taipei"}],
        },
    ) | {"resultsSection": {"moreInfoModule": {}}, "annotationSection": {}}


def test_the_record_itself_is_not_touched() -> None:
    record = peopled_record()
    before = deepcopy(record)

    scrub(record)

    assert record == before


def test_a_record_without_people_stays_as_it_is() -> None:
    record = study_record("NCT00000011")

    assert scrub(record) == record


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Write to ann.b@example.org.", "Write to [e-mail removed]."),
        ("mailto:ann@mail.example.co.uk?x", "mailto:[e-mail removed]?x"),
        ("(ann+x@ex-ample.org)", "([e-mail removed])"),
        ("ann\\_b@example.org", "[e-mail removed]"),
        ("邮箱ann@example.cn。", "邮箱[e-mail removed]。"),
        ("ann＠example.cn", "[e-mail removed]"),
        ("ann [at] example.org", "[e-mail removed]"),
        ("ann&#64;example.org", "[e-mail removed]"),
        ("jörg@bücher.de", "[e-mail removed]"),
        ("a" * 90 + "@example.org", "[e-mail removed]"),
        ("?to=ann%40example.org&x=1", "?to=[e-mail removed]&x=1"),
        ("ANN@EXAMPLE.ORG, bob@example.org", "[e-mail removed], [e-mail removed]"),
        ("ann @ example.org", "[e-mail removed]"),
        ("Ann.B @example.com.tw, room 7", "[e-mail removed], room 7"),
        ("ann@ mail.example.cn", "[e-mail removed]"),
        ("邮箱 ann ＠ example.cn。", "邮箱 [e-mail removed]。"),
    ],
)
def test_e_mail_addresses_are_replaced(text: str, scrubbed: str) -> None:
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Tel. +43 50 1255 1255; room 7", "Tel. [phone removed]; room 7"),
        ("call +86-10-5555-0100 now", "call [phone removed] now"),
        ("+1 (555) 010-0199", "[phone removed]"),
        ("Phone/Fax Number: 0271-727007.", "Phone/Fax Number: [phone removed]."),
        ("telephone (02) 5555 0100", "telephone [phone removed]"),
        ("TEL:555-010-0199", "TEL:[phone removed]"),
        ("tel5550100", "tel[phone removed]"),
        ("电话：010-55550100", "电话：[phone removed]"),
        ("请拨打手机13800000000。", "请拨打手机[phone removed]。"),
        ("mobile: 07700 900123", "mobile: [phone removed]"),
        ("Cell phone 555-010-0199", "Cell phone [phone removed]"),
        ("Please call us at 555 010 0199.", "Please call us at [phone removed]."),
        ("call (555) 010-0199 today", "call [phone removed] today"),
        ("WeChat ID: 5550100199", "WeChat ID: [phone removed]"),
        ("微信：5550100199", "微信：[phone removed]"),
        ("WhatsApp 0049 30 5550 1001", "WhatsApp [phone removed]"),
        ("Ann, 0049 30 5550 1001, room 7", "Ann, [phone removed], room 7"),
        ("0086-10-55550100", "[phone removed]"),
        ("0049 (0) 30 55501001", "[phone removed]"),
        ("Dr Ann 13800000001", "Dr Ann [phone removed]"),
        ("联系人：张13800000001。", "联系人：张[phone removed]。"),
        ("86-13800000001 or 8613900000001", "[phone removed] or [phone removed]"),
    ],
)
def test_plain_telephone_numbers_are_replaced(text: str, scrubbed: str) -> None:
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "NCT01234567 and ISRCTN12345678",
        "CD34+ 2 000 000 000 cells",
        "CD34+2000000000 cells",
        "doses of 1 000 000, 5 000 000 and 10 000 000 cells/kg",
        "from day -30 to day +180",
        "2016-03-15 to 2017-04-16",
        "by phone 2016-03-15",
        "by telephone, 100 000 000 people",
        "ISBN 978-3-16-148410-0",
        "platelets 100 000 000 /L",
        "a hostel 1234567",
        "the @Bridge platform; INTR@PID Program; Cancer Institute @ Providence",
        "follows:@@@@@@@@@Identified data",
        "measured at 3, 6, 12 (at) 24 months",
        "phone interview after 12 weeks",
        "doi:10.1000/123456789012",
        "pain (at) 24.5 points",
        "pain @ 24.5 points; pain @ rest.Then more",
        "pain @ rest.at 6 weeks",
        "10 000 000 cells, 1.5 x 10 7 cells, 1.5 x 107",
        "15000000000 cells, 13 800 000 001 cells and 13800000001 cells/kg",
        "a phone call 15.03.2016, 15/03/2016 and call 2016-03-15",
        "call 10 000 000 people; mobile 1.000.000.000",
        "a call at 12 24 36 48 60 weeks",
        "mobile 2 500 000 patients",
        "PMID: 13800001; PMCID: PMC1380000001",
        "doi: 10.1016/13800000001, 10.1177/0022034520913242, 10.1007/s00264-017-3650-8",
        "EudraCT 2004-001234-45 2005-001235-46",
        "ISRCTN13800000001 and NCT00212345 0 and IRB00123456789 and HX-13800000001",
        "00:30 to 12:00, 0.001234567890",
        "13800000001234 and 138000000012",
        "2013-2014 2015-2016 2017-2018",
        "days 0 1 3 7 14 28 90 180 365",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert scrub_text(text) == text


@pytest.mark.parametrize(
    "sign",
    [
        *("a", "a.", "@", "a@", "a@a.", "+1 ", "+1", "tel 1", "tel 1 1 1 1 1 1 ", "\\", "1 -"),
        *(
            "a @ ",
            "a @ a.",
            " ",
            "00",
            "001 ",
            "001 1",
            "call ",
            "call 1 ",
            "call 1 000 ",
            "mobile",
        ),
        *("86 ", "86-1", "138", "13800000001", "13800000001 ", "wechat id ", "1. 1"),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(sign: str) -> None:
    text = "@ tel +1 call 0049 30 5550 1001 13800000001 " + sign * (400_000 // len(sign))
    began = perf_counter()

    scrub_text(text)

    assert perf_counter() - began < 3


def test_numbers_that_json_cannot_write_become_null() -> None:
    assert scrub({"lat": float("inf"), "lon": float("nan"), "count": 1.5}) == {
        "lat": None,
        "lon": None,
        "count": 1.5,
    }


def test_a_record_nested_beyond_all_records_is_unusable() -> None:
    nested: Any = "x"
    for _ in range(5000):
        nested = [nested]

    with pytest.raises(UnusableRecord, match="nested more than 250 levels deep"):
        scrub(nested)


def test_the_hash_forgets_contacts_and_the_order_of_keys() -> None:
    record = study_record("NCT00000011")
    turned = dict(reversed(record.items()))
    turned["protocolSection"]["contactsLocationsModule"]["centralContacts"] = [PERSON]

    assert content_hash(turned) == content_hash(study_record("NCT00000011"))


def test_contacts_within_a_text_do_not_change_the_hash() -> None:
    texts = [
        {"whyStopped": f"Ask ann@example.{domain}, tel. 555 010{digit}"}
        for domain, digit in (("org", 1), ("net", 2))
    ]

    first, second = (content_hash(study_record("NCT00000011", statusModule=one)) for one in texts)

    assert first == second


def test_the_hash_is_another_for_another_text() -> None:
    changed = study_record("NCT00000011", descriptionModule={"briefSummary": "Other words"})

    assert content_hash(changed) != content_hash(study_record("NCT00000011"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_scrubbing_twice_changes_nothing_more(value: Any) -> None:
    once = scrub(value)

    assert (scrub(once), content_hash(once)) == (once, content_hash(value))


@pytest.mark.records
def test_no_contact_is_left_in_any_real_record(real_records: list[Any]) -> None:
    address = re.compile(r"[\w.]@[\w-]+\.[\w-]")
    people = re.compile(r'"(?:phone|email|centralContacts|contacts|overallOfficials|\w*FullName)":')

    written = [json.dumps(scrub(raw), ensure_ascii=False) for raw in real_records]

    assert [text[:90] for text in written if address.search(text)] == []
    assert {found for text in written for found in people.findall(text)} <= {'"fullName":'}


def test_the_day_of_the_copy_is_no_content():
    first, second = (
        content_hash(study_record("NCT00000011", miscInfoModule={"versionHolder": day}))
        for day in ("2026-01-01", "2026-01-02")
    )

    assert first == second


def test_the_digest_as_served_knows_contacts_and_not_the_day_of_the_copy():
    plain, copied, peopled = (
        served_digest(canonical(record))
        for record in (
            study_record("NCT00000011"),
            study_record("NCT00000011", miscInfoModule={"versionHolder": "2026-01-02"}),
            peopled_record(),
        )
    )

    assert plain == copied
    assert plain != peopled


def test_half_a_character_and_a_huge_number_are_scrubbed_like_all_else():
    record = {"a": "ann@example.org \ud800", "b": 10**30}

    assert scrub(record) == {"a": "[e-mail removed] ", "b": 10**30}


@pytest.mark.parametrize("key", sorted(PERSONAL_KEYS))
def test_each_key_of_people_is_noticed(key):
    assert scrub({"a": [{key: "Ann Example", "b": 1}]}) == {"a": [{"b": 1}]}
