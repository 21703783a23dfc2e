"""The vectorised rules and the table of the design, row by row, on a sample with every dirt."""

import json

import polars as pl

from callcentersite.apps.etl.domain.rows import page_of
from callcentersite.apps.etl.domain.rules import Rules
from callcentersite.apps.etl.domain.test_data import QUEUES, CallSample, calls_of

from .rules_by_hand import reasons

CODES = frozenset(queue.queue_code for queue in QUEUES)
SAMPLE = CallSample(calls=20_000, seed=11, dirty=0.2)


def test_both_refuse_the_same_rows_for_the_same_reasons():
    rows = pl.concat(calls_of(SAMPLE)).to_dicts()

    verdict = Rules(zone="America/Mexico_City", queues=CODES).judge(page_of(rows))

    by_rules = {row["call_id"]: set(json.loads(row["reasons"])) for row in verdict.bad.to_dicts()}
    by_hand = {row["call_id"]: found for row in rows if (found := reasons(row, CODES))}
    assert by_rules == by_hand
    assert len(by_rules) == 4_000
