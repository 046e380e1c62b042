#!/usr/bin/env python3
"""Builds the Debian package libgradus-dev from a tree of gradus.

usage: debian_package.py TREE FOLDER

The package lies in FOLDER afterwards. It needs dpkg-dev, debhelper and cmake.
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def version_of(tree):
    text = (tree / "include/gradus/config/version.hpp").read_text(encoding="utf-8")
    return re.search(r'GRADUS_VERSION_STRING "(.*)"', text)[1]


def changelog(version, when):
    """Debian's changelog has one entry, which refers to ours."""
    return f"""gradus ({version}) unstable; urgency=medium

  * Release {version}; CHANGELOG.md has what changed.

 -- gradus authors <gradus@example.org>  {when:%a, %d %b %Y %H:%M:%S +0000}
"""


def copyright_of(tree):
    licence = (tree / "LICENSE").read_text(encoding="utf-8").splitlines()
    owner = next(line for line in licence if line.startswith("Copyright"))
    text = "\n".join(" " + (line or ".") for line in licence[licence.index(owner) + 2:])
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: gradus

Files: *
{owner.replace(" (c)", ":", 1)}
License: Expat

License: Expat
{text}
"""


def build(tree, folder):
    """Builds the package and returns its path. The same tree gives the same file on the same version of Debian."""
    tree, folder = pathlib.Path(tree).resolve(), pathlib.Path(folder).resolve()
    version = version_of(tree)
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or (tree / "CHANGELOG.md").stat().st_mtime)
    with tempfile.TemporaryDirectory() as work:
        source = pathlib.Path(work) / f"gradus-{version}"
        # copy gives each file the time of now, which dpkg lowers to that of the changelog; so no older time remains.
        shutil.copytree(tree, source, ignore=shutil.ignore_patterns(".git", "build*", "__pycache__", "dist"),
                        copy_function=shutil.copy)
        shutil.copytree(tree / "tools/packages/debian", source / "debian")
        (source / "debian/copyright").write_text(copyright_of(tree), encoding="utf-8")
        when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        (source / "debian/changelog").write_text(changelog(version, when), encoding="utf-8")
        done = subprocess.run(["dpkg-buildpackage", "-us", "-uc", "-b"], cwd=source, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"dpkg-buildpackage failed:\n{done.stdout}{done.stderr}")
        folder.mkdir(parents=True, exist_ok=True)
        return pathlib.Path(shutil.copy(next(pathlib.Path(work).glob("*.deb")), folder))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(build(sys.argv[1], sys.argv[2]))
