"""kept invite: a link for one more account."""

from tests.command import refusal


def test_an_invitation_leads_to_the_public_address(empty, at_monday):
    (link,) = at_monday("invite", data=empty, KEPT_ORIGIN="https://kept.example.org")
    place, token = link.rsplit("/", 1)
    assert place == "https://kept.example.org/invitations"
    assert len(token) == 43


def test_where_registration_is_closed_none_is_made(empty):
    assert "REGISTRATION is closed" in refusal("invite", data=empty, REGISTRATION="closed")
