"""What pages load to embed the widget: how long each file may be kept, and which pages may read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import StartKontakt

pytestmark = pytest.mark.anyio
EMBEDDING = "https://www.linkoping.se"
FILES = {
    "kontakt-widget.js": "no-cache",
    "kontakt-widget-0.1.0-0123456789ab.js": "public, max-age=31536000, immutable",
    "strings/ar-0123456789ab.json": "public, max-age=31536000, immutable",
    "release.json": "no-cache",
    "demo/plain.html": "no-cache",
}


@pytest.fixture
def web_dist(tmp_path: Path) -> Path:
    """A folder of built files."""
    for name in FILES:
        path = tmp_path / "dist" / "widget" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path / "dist"


@pytest.mark.parametrize("name", FILES)
async def test_file_whose_name_changes_with_it_is_kept_for_ever(
    start_kontakt: StartKontakt, web_dist: Path, name: str
) -> None:
    async with start_kontakt(web_dist=web_dist) as kontakt:
        first = await kontakt.http.get(f"/widget/{name}")
        assert (first.status_code, first.headers["cache-control"]) == (200, FILES[name])
        again = await kontakt.http.get(f"/widget/{name}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, FILES[name])


async def test_only_pages_that_may_embed_the_widget_read_its_tables(
    start_kontakt: StartKontakt, web_dist: Path
) -> None:
    path = "/widget/strings/ar-0123456789ab.json"
    async with start_kontakt(web_dist=web_dist, allowed_origins=(EMBEDDING,)) as kontakt:
        named = await kontakt.http.get(path, headers={"Origin": EMBEDDING})
        assert named.headers["access-control-allow-origin"] == EMBEDDING
        foreign = await kontakt.http.get(path, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers
        assert "Origin" in named.headers["vary"] and "Origin" in foreign.headers["vary"]
