"""The guard that keeps every other test off the network."""

import socket

import pytest


def test_no_test_reaches_the_network():
    with socket.socket() as plain, pytest.raises(AssertionError, match="tried to reach"):
        plain.connect(("127.0.0.1", 9))
