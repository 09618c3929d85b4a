"""Ctrl-C under long work: a mark that the work looks at, because an exception out of nowhere can get lost."""

from __future__ import annotations

import signal

import pytest

from cli.stopping import stoppable


def test_ctrl_c_is_seen_where_the_work_looks() -> None:
    with stoppable() as look:
        look()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            look()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_in_a_finaliser_is_not_lost() -> None:
    class Finalised:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    with stoppable() as look:
        Finalised()
        with pytest.raises(KeyboardInterrupt):
            look()


def test_a_second_ctrl_c_does_not_wait_for_a_look() -> None:
    with stoppable():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_handler_from_before_comes_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stoppable():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
