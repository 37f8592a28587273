"""What is sent while it is read is of one state, holds it no longer than that, and stays small."""

import gc
import json
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client

from catalog.exports.flow import from_one_state_to_the_end
from tests.builders import make_trial
from trials.models import Trial
from trials.search import answer

FEW = 500


def elsewhere(write: Callable[[], Any]) -> None:
    """Write in a connection of its own and commit."""

    def work() -> None:
        write()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_file_shows_the_state_in_which_it_was_begun(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite has one connection")
    monkeypatch.setattr(answer, "AT_ONCE", 1)
    for n in range(1, 4):
        make_trial(f"NCT0000000{n}", title=f"Trial {n}")
    response = client.get("/trials.ndjson?ordering=title")
    pieces = iter(response)
    lines = [next(pieces)]
    elsewhere(lambda: Trial.objects.filter(number="NCT00000002").delete())
    elsewhere(lambda: Trial.objects.update(title="Another"))
    lines += pieces
    response.close()
    titles = [json.loads(line)["title"]["en"] for line in lines]
    assert (response["X-Total-Count"], titles) == ("3", ["Trial 1", "Trial 2", "Trial 3"])
    assert client.head("/trials.csv")["X-Total-Count"] == "2"


@pytest.mark.parametrize("taken", [0, 1, 3])
@pytest.mark.django_db(transaction=True)
def test_the_state_ends_with_the_file_also_where_its_reader_leaves(
    client: Client, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    monkeypatch.setattr(answer, "AT_ONCE", 1)
    for _ in range(3):
        make_trial()
    response = client.get("/trials.ndjson")
    pieces = iter(response)
    for _ in range(taken):
        next(pieces)
    assert connection.in_atomic_block
    response.close()
    assert not connection.in_atomic_block
    make_trial()
    assert client.head("/trials.ndjson")["X-Total-Count"] == "4"
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/trials.csv?contry=CN", "/trials.ris?page=9"])
def test_a_refusal_holds_no_state(client: Client, address: str) -> None:
    assert client.get(address).status_code in (400, 404)
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_a_view_that_fails_holds_no_state() -> None:
    @from_one_state_to_the_end
    def failing(request: HttpRequest) -> StreamingHttpResponse:
        raise RuntimeError("in the view")

    with pytest.raises(RuntimeError):
        failing(HttpRequest())
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_a_file_that_breaks_off_is_told_from_a_whole_one() -> None:
    """No piece follows the error, so that a server cannot end the file as if it were whole."""

    def pieces() -> Iterator[bytes]:
        yield b"1"
        raise RuntimeError("half way")

    @from_one_state_to_the_end
    def breaking(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(pieces())

    response = breaking(HttpRequest())
    with pytest.raises(RuntimeError, match="half way"):
        b"".join(response)  # type: ignore[arg-type]
    response.close()
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_the_choice_of_database_lasts_to_the_end() -> None:
    """The middleware that chooses has ended before the first piece is asked for."""
    choice = ContextVar("choice", default="default")
    seen = []

    def pieces() -> Iterator[bytes]:
        seen.append(choice.get())
        yield b"1"

    @from_one_state_to_the_end
    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(pieces())

    token = choice.set("replica")
    response = view(HttpRequest())
    choice.reset(token)
    assert b"".join(response) == b"1"  # type: ignore[arg-type]
    response.close()
    assert (seen, choice.get()) == (["replica"], "default")


def make_up_to(count: int) -> None:
    Trial.objects.bulk_create(
        Trial(
            number=f"NCT{n:08d}",
            registry="ClinicalTrials.gov",
            registry_id=f"NCT{n:08d}",
            title=f"Cells for knees, {n}",
        )
        for n in range(Trial.objects.count() + 1, count + 1)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("ending", "many"), [("csv", 2_000), ("ris", 10_000)])
def test_many_rows_take_no_more_memory_than_few(client: Client, ending: str, many: int) -> None:
    def peak(count: int) -> tuple[int, int]:
        make_up_to(count)
        response = client.get(f"/trials.{ending}")
        gc.collect()
        gc.freeze()  # what the other tests left is not gone through with each piece
        tracemalloc.start()
        size = 0
        for piece in response:
            size += len(piece)
            gc.collect()  # rows refer to each other; when they are taken away is Python's affair
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        return size, most

    size_of_few, of_few = peak(FEW)
    size_of_many, of_many = peak(many)
    assert size_of_many > 0.9 * many / FEW * size_of_few
    assert of_many < 1.2 * of_few
