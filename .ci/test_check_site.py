"""The check of the built site, held against small sites in which one thing is wrong."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKS = runpy.run_path(str(Path(__file__).with_name("check_site.py")))

Check = Callable[[Path], Iterator[str]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site in which nothing is wrong."""
    (tmp_path / "a.html").write_text(
        '<link href="a.css"><h1 id="top">A</h1><a href="#top">up</a><a href="b/b.html#end">on</a>'
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "b.html").write_text('<p id="end"><a href="../a.html">back</a></p>')
    (tmp_path / "a.css").write_text("")
    (tmp_path / "llms.txt").write_text("- [A](a.html): first.\n- [B](b/b.html): second.\n")
    return tmp_path


@pytest.mark.parametrize("name", ["broken_links", "loaded_from_elsewhere", "unlisted_pages"])
def test_a_right_site_passes(site: Path, name: str) -> None:
    """Nothing is said of a site in which all is right."""
    assert [*CHECKS[name](site)] == []


@pytest.mark.parametrize(
    ("name", "html", "said"),
    [
        ("broken_links", '<a href="c.html">', "new.html links to c.html"),
        ("broken_links", '<a href="a.html#bottom">', "new.html links to a.html#bottom"),
        ("broken_links", '<a href="#bottom">', "new.html links to #bottom"),
        ("broken_links", '<script src="gone.js">', "new.html links to gone.js"),
        ("loaded_from_elsewhere", '<script src="//host/x.js">', "new.html loads //host/x.js"),
        ("loaded_from_elsewhere", '<link href="https://host/x.css">', "new.html loads https:"),
        ("unlisted_pages", "", "llms.txt does not list new.html"),
    ],
)
def test_what_is_wrong_is_said(site: Path, name: str, html: str, said: str) -> None:
    """Whatever is wrong in one new page is found there, and nowhere else."""
    (site / "new.html").write_text(html)
    (found,) = CHECKS[name](site)
    assert found.startswith(said)


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """Return a site that has nothing but the incidents."""
    pages: dict[str, str] = {}
    (tmp_path / "incidents").mkdir()
    for case in CHECKS["every_case"]():
        name = case.name.replace("_", "-")
        shown = f'<section id="{name}">'
        for place, step in enumerate(CHECKS["replayed"](case), start=1):
            (tmp_path / f"{name}-{place}.svg").write_text(step.picture)
            shown += f'<input id="{name}-{place}"><img src="../{name}-{place}.svg">'
        pages[case.cause] = pages.get(case.cause, "") + shown
    for cause, html in pages.items():
        (tmp_path / "incidents" / f"{cause}.html").write_text(html)
    return tmp_path


def test_a_right_gallery_passes(gallery: Path) -> None:
    """Nothing is said of a gallery that has every step of every incident."""
    assert [*CHECKS["missing_incidents"](gallery)] == []


def test_a_step_that_is_left_out_is_said(gallery: Path) -> None:
    """An incident with a step less than the data has is named."""
    path = gallery / "incidents" / "late.html"
    path.write_text(path.read_text().replace('id="moby-26421-2"', ""))
    (found,) = CHECKS["missing_incidents"](gallery)
    assert "steps of moby_26421" in found


def test_another_picture_is_said(gallery: Path) -> None:
    """A picture that is not what the library draws at that step is named."""
    _ = (gallery / "moby-26421-2.svg").write_text("<svg></svg>")
    (found,) = CHECKS["missing_incidents"](gallery)
    assert "other pictures of moby_26421" in found
