"""What is counted, for /status and for Prometheus."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from qa.bot.counters import Counters, Summary


def test_before_the_first_question():
    assert Counters(lambda: 5.0).summary() == Summary(0.0, 0, 0, 0, 0, 0.0, 0.0)


def test_the_summary():
    now = [5.0]
    counters = Counters(lambda: now[0])
    for number in range(1, 101):
        counters.answered(found=number > 40, seconds=number / 1000)
    counters.refused("bot_quota")
    counters.refused("bot_too_fast")
    counters.refused("bot_busy")
    counters.failed()
    counters.chosen()
    now[0] = 65.0
    done = counters.summary()
    assert (done.running_s, done.questions, done.found) == (60.0, 100, 60)
    assert (done.refused, done.errors) == (3, 1)
    assert (round(done.median_ms), round(done.slowest_ms)) == (51, 100)


def test_what_prometheus_reads():
    counters = Counters()
    counters.answered(found=True, seconds=0.03)
    counters.refused("bot_busy")
    families = {one.name: one for one in text_string_to_metric_families(
        counters.prometheus().decode())}  # fmt: skip
    assert families["qa_questions"].samples[0].value == 1
    assert families["qa_answer_seconds"].type == "histogram"
    refused = {one.labels.get("reason"): one.value for one in families["qa_refused"].samples
               if one.name == "qa_refused_total"}  # fmt: skip
    assert refused == {"bot_busy": 1}


def test_two_bots_in_one_process_count_apart():
    one, other = Counters(), Counters()
    one.failed()
    assert (one.summary().errors, other.summary().errors) == (1, 0)
