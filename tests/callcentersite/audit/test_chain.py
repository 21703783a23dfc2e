"""The arithmetic of the chain, without a database."""

from dataclasses import replace

import pytest

from callcentersite.apps.audit.domain.chain import BEGINNING, Keyring, Link, canonical, payload
from callcentersite.apps.audit.domain.verification import (
    Entry,
    Finding,
    Flaw,
    Verifier,
    judge_end,
)

KEYS = Keyring(["secreto"])


def chain(count, *, keys=KEYS, last=BEGINNING):
    made = []
    for position in range(last.position + 1, last.position + 1 + count):
        said = (f"2026-11-21T12:00:{position:02}", "ana", "login")
        text = payload(position, last.hash, keys.current, said)
        hash = keys.sign(text, key_id=keys.current)
        made.append(Entry(position, keys.current, last.hash, hash, said))
        last = Link(position=position, hash=hash)
    return made


def find(entries, *, keys=KEYS):
    return Verifier(BEGINNING, keys).walk(entries)


def test_what_was_signed_verifies():
    verifier = Verifier(BEGINNING, KEYS)

    assert verifier.walk(chain(5)) is None
    assert (verifier.checked, verifier.last.position) == (5, 5)


def test_a_changed_entry_is_named():
    entries = chain(5)
    entries[2] = replace(entries[2], said=("2026-11-21T12:00:03", "eva", "login"))

    assert find(entries) == Finding(flaw=Flaw.CHANGED, position=3)


def test_missing_entries_are_named():
    entries = chain(6)

    assert find(entries[:2] + entries[4:]) == Finding(flaw=Flaw.MISSING, position=3, until=4)


def test_entries_in_each_others_places_are_changed_ones():
    entries = chain(4)
    entries[1], entries[2] = replace(entries[2], position=2), replace(entries[1], position=3)

    assert find(entries) == Finding(flaw=Flaw.CHANGED, position=2)


def test_an_entry_of_another_chain_is_not_tied_to_this_one():
    other = chain(1, last=Link(position=2, hash="f" * 64))

    assert find(chain(2) + other) == Finding(flaw=Flaw.UNLINKED, position=3)


def test_whoever_lacks_the_key_can_forge_nothing():
    forger = Keyring(["adivinado"])
    forged = [replace(one, key_id=KEYS.current) for one in chain(2, keys=forger)]

    assert find(forged) == Finding(flaw=Flaw.CHANGED, position=1)
    assert find(chain(2, keys=forger)) == Finding(flaw=Flaw.UNKNOWN_KEY, position=1)


def test_a_replaced_key_goes_on_verifying_what_it_signed():
    entries = chain(2)
    both = Keyring(["nuevo", "secreto"])
    entries += chain(2, keys=both, last=Link(position=2, hash=entries[-1].hash))

    assert find(entries, keys=both) is None
    assert {one.key_id for one in entries} == {KEYS.current, both.current}
    assert both.current != KEYS.current


@pytest.mark.parametrize(
    ("last", "head", "newest", "flaw"),
    [
        (5, 5, 5, None),
        (3, 5, 3, Flaw.TRUNCATED),
        (5, 5, 7, Flaw.INSERTED),
    ],
)
def test_the_end_is_where_it_was_written_down(last, head, newest, flaw):
    def link(position):
        return Link(position=position, hash=f"{position:064}")

    finding = judge_end(link(last), head=link(head), newest=newest)

    assert (finding and finding.flaw) == flaw


def test_a_head_with_another_hash_is_noticed():
    head = Link(position=2, hash="a" * 64)

    finding = judge_end(Link(position=2, hash="b" * 64), head=head, newest=2)

    assert finding == Finding(flaw=Flaw.HEAD, position=2)


def test_equal_values_are_equal_texts():
    assert canonical({"b": [1, "ñ"], "a": None}) == '{"a":null,"b":[1,"ñ"]}'
    assert canonical({"a": None, "b": [1, "ñ"]}) == canonical({"b": [1, "ñ"], "a": None})
