"""The Chinese interface: whole, in step with the source, and the only language of its pages."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from catalog import translations
from catalog.templatetags.catalogue import age, coded, related, tongue
from catalog.templatetags.names import glossed
from catalog.templatetags.passages import in_words, places_in_words
from catalog.translations import compile_translations, extracted
from tests.builders import THEN
from trials.seeding import seed

SOURCE = translations.LOCALES / "zh_Hans" / "LC_MESSAGES" / "django.po"
ADD = "run `make messages` and translate what is new"
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-0-9.]*[a-zA-Z]")

Key = tuple[str | None, str]


def entries() -> polib.POFile:
    return polib.pofile(str(SOURCE))


def strings(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


# --- The file


def test_every_text_is_translated():
    empty = [entry.msgid for entry in entries() if not all(strings(entry))]
    fuzzy = [entry.msgid for entry in entries() if entry.fuzzy]

    assert (empty, fuzzy) == ([], []), ADD


def test_a_translation_has_the_placeholders_of_its_text():
    unlike = {
        entry.msgid: string
        for entry in entries()
        for string in strings(entry)
        if sorted(_PLACEHOLDER.findall(entry.msgid)) != sorted(_PLACEHOLDER.findall(string))
    }
    assert unlike == {}


def test_countries_are_countries_or_regions_wherever_they_are_named():
    """As the names of Taiwan and Hong Kong in the same lists ask for."""
    alone = [
        string
        for entry in entries()
        for string in strings(entry)
        if re.search("国家(?![或和]地区)", string)
    ]
    assert alone == []


def test_a_translation_is_chinese_or_has_no_words():
    foreign = [
        string
        for entry in entries()
        for string in strings(entry)
        if re.search("[A-Za-z]", _PLACEHOLDER.sub("", string))
        and not re.search("[\u4e00-\u9fff]", string)
    ]
    assert sorted(foreign) == ["API", "DOI"]


def test_chinese_words_have_chinese_punctuation():
    halved = [
        string
        for entry in entries()
        for string in strings(entry)
        if re.search("[\u4e00-\u9fff][,;:!?.](?![a-z])|[\u4e00-\u9fff] ?\\(", string)
        and entry.msgid != "yes,no,not stated"  # Django's `yesno` parts it there
    ]
    assert halved == []


def test_the_file_is_in_step_with_the_source():
    ours: set[Key] = {(entry.msgctxt, entry.msgid) for entry in entries()}
    said: set[Key] = {
        (message.context, message.id if isinstance(message.id, str) else message.id[0])
        for message in extracted()
        if message.id
    }
    assert (said - ours, ours - said) == (set(), set()), ADD


# --- Making it


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of translations of our own: one text, translated."""
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Trials"\nmsgstr "试验"\n\nmsgid "Gone long ago"\nmsgstr "旧"\n',
        "utf-8",
    )
    monkeypatch.setattr(translations, "LOCALES", tmp_path)
    return folder


def test_a_compiled_file_is_made_once_and_again_when_its_source_changed(locales):
    compiled = locales / "django.mo"
    compile_translations()
    made = compiled.stat()

    compile_translations()
    assert compiled.stat() == made

    os.utime(locales / "django.po", (made.st_mtime + 5, made.st_mtime + 5))
    compile_translations()
    assert compiled.stat().st_ino != made.st_ino
    assert polib.mofile(str(compiled)).find("Trials").msgstr == "试验"
    assert sorted(file.name for file in locales.iterdir()) == ["django.mo", "django.po"]


def test_a_file_that_cannot_be_read_is_named_in_a_sentence(locales):
    with (locales / "django.po").open("a", encoding="utf-8") as file:
        file.write("<<<<<<< a merge that was not finished\n")

    with pytest.raises(CommandError, match=r"^\S+/django\.po: .+"):
        call_command("prepare", "translations")


def test_new_texts_come_untranslated_and_gone_ones_go(locales):
    ((path, missing),) = translations.update_translations()

    written = polib.pofile(str(path))
    assert written.find("Trials").msgstr == "试验"
    assert written.find("Gone long ago") is None
    assert written.find("Cell source").msgstr == ""
    assert missing == len(written) - 1


def test_to_bring_it_in_step_again_changes_nothing(locales):
    list(translations.update_translations())
    first = (locales / "django.po").read_bytes()

    list(translations.update_translations())

    assert (locales / "django.po").read_bytes() == first


# --- Words that are put together


@pytest.mark.parametrize(
    ("registered", "english", "chinese"),
    [
        ("18 Years", "18 years", "18 岁"),
        ("6 Months", "6 months", "6 个月"),
        ("1 Year", "1 year", "1 岁"),
        ("N/A", "N/A", "N/A"),
        ("", "", ""),
    ],
)
def test_an_age_is_said_in_the_readers_language(registered, english, chinese):
    assert age(registered) == english
    with override("zh-hans"):
        assert age(registered) == chinese


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("paragraph 19", "第 19 段"),
        ("list, row 3", "名单第 3 行"),
        ("title of the paper", "论文标题"),
        ("interventions[0].description", "干预措施 1, 说明"),
        ("news of August 2023", "news of August 2023"),
    ],
)
def test_a_place_is_said_in_the_readers_language(place, words):
    with override("zh-hans"):
        assert in_words(place) == words


def test_an_english_sentence_keeps_its_places_english():
    with override("zh-hans"):
        assert places_in_words("no cells (conditions[0])") == "no cells (condition 1)"


def test_the_registrys_words_of_a_design_are_translated():
    with override("zh-hans"):
        assert [coded("NON_RANDOMIZED"), coded("QUADRUPLE"), coded("NEW_WORD")] == [
            "非随机",
            "四盲",
            "New word",
        ]
        assert [related("derived"), related("of the same group")] == [
            "按试验编号找到",
            "of the same group",
        ]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (
            "Allogeneic (a donor's)",
            'Allogeneic<span class="gloss"> (a donor&#x27;s)</span>',
        ),
        ("异体（他人捐献）", '异体<span class="gloss">（他人捐献）</span>'),
        ("Cells (two) of one kind", "Cells (two) of one kind"),
    ],
)
def test_an_explanation_in_brackets_is_marked_in_both_languages(words, marked):
    assert glossed(words) == marked


# --- Pages

ADDRESSES = (
    "/",
    "/trials/",
    "/trials/?cell_source=adipose&country=CN&phase=PHASE2",
    "/trials/?q=nothing-has-this-word",
    "/trials/?nonsense=1",
    "/trials/NCT03166865/",
    "/trials/NCT04208646/",
    "/trials/NCT00000000/",
    "/trials/NCT03166865/changes/",
    "/sponsors/",
    "/sponsors/tigenix/",
    "/cell-sources/",
    "/cell-sources/umbilical-cord/",
    "/indications/",
    "/indications/knee-osteoarthritis/",
    "/countries/",
    "/countries/TW/",
    "/products/",
    "/products/chondrocelect/",
    "/publications/",
    "/publications/anil-2021-network/",
    "/documents/",
    "/documents/8761-cases/",
    "/documents/8761-cases/?verdict=misread",
    "/about/",
    "/about/coverage/",
    "/about/method/",
    "/changes/",
    "/no/such/page/",
)
_SPOKEN = ("alt", "aria-label", "placeholder", "title")
_VOID = {"br", "hr", "img", "input", "link", "meta", "rect", "path", "circle"}
# Two words side by side, each of three letters or more: a sentence, and no sign or name of a unit.
_ENGLISH = re.compile(r"[A-Za-z][a-z’']{2,} [A-Za-z][a-z’']{2,}")


class ForeignWords(HTMLParser):
    """Collects the English texts of a page that are not marked as English."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        language = given.get("lang", self.language)
        if tag not in _VOID:
            self.open.append((tag, language))
        for name in _SPOKEN:
            self._look(language, given.get(name, ""))
        if tag == "meta" and given.get("name") == "description":
            self._look(language, given.get("content", ""))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in ("code", "title", "option"):
            self._look(self.language, data)

    def _look(self, language: str, words: str) -> None:
        # English in a Chinese sentence is quoted there.
        if language != "en" and tongue(words) == "en" and _ENGLISH.search(words):
            self.found.append(" ".join(words.split()))


@pytest.mark.django_db
def test_a_chinese_page_has_no_english_that_is_not_marked():
    seed(settings.BASE_DIR / "fixtures", now=THEN)
    found = {}
    for address in ADDRESSES:
        page = ForeignWords()
        page.feed(Client().get(address, headers={"accept-language": "zh-CN"}).content.decode())
        if page.found:
            found[address] = page.found
    assert found == {}
