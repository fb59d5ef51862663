"""Building the API server for custom resources from Debian's source package of Kubernetes.

1. What was built is kept, and is not built again.
2. Debian's Go is newer than this Kubernetes. With it, the `reflect2` that Kubernetes brings along
   crashes, so Debian's own package of it takes its place.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

#: What must be installed, and which package of Debian brings it.
NEEDED: Final = {"go": "golang-go", "dpkg-source": "dpkg-dev", "etcd": "etcd-server"}
#: What is built, as Go names it.
_SERVER: Final = "k8s.io/kubernetes/vendor/k8s.io/apiextensions-apiserver"
_REFLECT: Final = "github.com/modern-go/reflect2"
_REFLECT_PACKAGE: Final = "golang-github-modern-go-reflect2-dev"


def built(folder: Path) -> Path:
    """Return the program; build it if it is not in the folder yet.

    Raises:
        FileNotFoundError: A program is not installed.
        CalledProcessError: A command failed. What it printed says why.
    """
    program = folder / "apiextensions-apiserver"
    if program.exists():
        return program
    for needed, package in NEEDED.items():
        if shutil.which(needed) is None:
            raise FileNotFoundError(f"there is no {needed}: apt-get install {package}")
    work = folder / "build"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    source = _source(work)
    _replace_reflect(work, source)
    _build(work, source, program)
    shutil.rmtree(work)
    return program


def release(folder: Path) -> str:
    """Return the version of the source package of what was built."""
    return (folder / "release").read_text("utf-8").strip()


def _source(work: Path) -> Path:
    """Return the folder with the sources, as Debian patched them."""
    lists, sources = work / "lists", work / "sources.sources"
    (lists / "partial").mkdir(parents=True)
    sources = _sources_of_sources(work)
    apt = [
        "apt-get",
        "--quiet",
        f"--option=Dir::Etc::sourcelist={sources}",
        "--option=Dir::Etc::sourceparts=-",
        f"--option=Dir::State::lists={lists}",
    ]
    _run([*apt, "update"], work)
    _run([*apt, "source", "--download-only", "kubernetes"], work)
    (described,) = work.glob("kubernetes_*.dsc")
    _run(["dpkg-source", "--no-check", "--extract", described.name, "source"], work)
    version = described.stem.removeprefix("kubernetes_")
    _ = (work.parent / "release").write_text(version + "\n", "utf-8")
    return work / "source"


def _sources_of_sources(work: Path) -> Path:
    """Return a list of apt like the one of this machine, for source packages."""
    for name in ("sources.list.d/debian.sources", "sources.list"):
        known = Path("/etc/apt") / name
        if known.exists():
            text = known.read_text("utf-8").replace("Types: deb\n", "Types: deb-src\n")
            lines = [line.replace("deb ", "deb-src ", 1) for line in text.splitlines()]
            copy = work / known.name
            _ = copy.write_text("\n".join(lines if known.suffix == ".list" else [text]), "utf-8")
            return copy
    raise FileNotFoundError("there is no list of Debian's packages in /etc/apt")


def _replace_reflect(work: Path, source: Path) -> None:
    """Put the `reflect2` of Debian in the place of the one that comes with the sources."""
    _run(["apt-get", "--quiet", "download", _REFLECT_PACKAGE], work)
    (package,) = work.glob(f"{_REFLECT_PACKAGE}_*.deb")
    _run(["dpkg-deb", "--extract", package.name, "reflect2"], work)
    there = source / "vendor" / _REFLECT
    shutil.rmtree(there)
    _ = shutil.copytree(work / "reflect2/usr/share/gocode/src" / _REFLECT, there)


def _build(work: Path, source: Path, program: Path) -> None:
    """Build the program, as Debian builds the other programs of the package."""
    place = work / "go/src/k8s.io"
    place.mkdir(parents=True)
    (place / "kubernetes").symlink_to(source)
    go = {
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
        "GOCACHE": str(work / "cache"),
        "GOPATH": str(work / "go"),
    }
    command = ["nice", "-n", "10", "go", "build", "-ldflags", "-s -w", "-o", str(program), _SERVER]
    _run(command, place / "kubernetes", go)


def _run(command: list[str], folder: Path, environ: dict[str, str] | None = None) -> None:
    print("$", *command, flush=True)
    _ = subprocess.run(command, cwd=folder, env=os.environ | (environ or {}), check=True)
