"""The account as a picture: drawn on the phone from the server's SVG, shared and stored."""

import struct

SHEET = """() => {
  Object.defineProperty(navigator, "canShare", { value: () => true });
  const share = async ({ files }) => { window.shared = files[0]; };
  Object.defineProperty(navigator, "share", { value: share });
}"""  # no headless browser has a share sheet
SHARED = "() => window.shared && [window.shared.name, window.shared.type, window.shared.size]"


def test_the_share_sheet_and_the_downloads_get_a_png(danas, demo):
    page = danas.page
    page.add_init_script(f"({SHEET})()")
    page.goto("/account/share?range=month")
    page.get_by_role("button", name="Share the picture").click()
    name, kind, size = page.wait_for_function(SHARED).json_value()
    assert (name, kind) == ("kept-account-2026-11-24.png", "image/png")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    content = download.value.path().read_bytes()
    assert download.value.suggested_filename == name
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1080, 1350)
    assert len(content) == size > 20_000  # a blank one has four
