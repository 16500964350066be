"""Dana's browser, signed in."""

import pytest

from tests import cast


@pytest.fixture
def inside(client, dana):
    cast.sign_in(client, dana)
    return client
