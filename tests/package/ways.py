#!/usr/bin/env python3
"""Tries the ways to get gradus into a program. Each way starts from nothing, in a new folder outside of the tree, and ends
with the run of the first program.

usage: ways.py WAY [--compiler COMPILER]    tries one way; exit status 77 if it needs what is not installed
       ways.py --list                       lists the ways
       ways.py --write                      tries all, and writes their lines and seconds into docs/guide/install.md

The lines are the commands and the lines of build files that a user types, the copy of the sources among them. The program,
its start and what only the test needs are not.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "tools/lib"))
import debian_package  # noqa: E402

page = root / "docs/guide/install.md"
program = root / "tests/package/main.cpp"

cmake_head = """cmake_minimum_required(VERSION 3.20)
project(app LANGUAGES CXX)
"""
cmake_tail = """add_executable(app main.cpp)
target_link_libraries(app PRIVATE gradus::gradus)
"""


class Missing(Exception):
    """A way needs a program that is not installed."""


class Folder:
    """A new folder in which a way is tried, as a user would in a terminal."""

    def __init__(self, path, compiler):
        self.path = pathlib.Path(path)
        self.compiler = compiler
        self.lines = 0
        shutil.copy(program, self.path)

    def write(self, name, text):
        if name != "main.cpp":
            self.lines += len(text.splitlines())
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def type(self, *command, **environment):
        """A command that a user types."""
        self.lines += 1
        return self.run(*command, **environment)

    def run(self, *command, **environment):
        command = [str(c) for c in command]
        if not shutil.which(command[0], path=None) and "/" not in command[0]:
            raise Missing(command[0])
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, env={
            **os.environ, "CXX": self.compiler, **environment})
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        for line in (done.stdout + done.stderr).splitlines():
            if re.search(r"\bwarning\b", line, re.IGNORECASE):
                sys.exit(f"{' '.join(command)} warns:\n{line}")
        return done.stdout

    def app(self, path="./app"):
        said = self.run(self.path / path)
        if not said.startswith(f"gradus {debian_package.version_of(root)}: 0.99"):
            sys.exit(f"the program says {said}")

    def compile(self, *flags, to="app"):
        self.type(self.compiler, "-std=c++20", "-O2", "-Wall", "-Wextra", *flags, "-o", to)

    def copy_tree(self, to):
        """The tree without what is built in it, as a clone or a tarball has it."""
        if (root / ".git").exists():
            listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True, text=True)
            for name in listed.stdout.splitlines():
                if (root / name).is_file():
                    (self.path / to / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(root / name, self.path / to / name)
        else:
            shutil.copytree(root, self.path / to, ignore=shutil.ignore_patterns("build*", "__pycache__"))

    def get(self, to):
        """The copy of the sources that a user makes, by one command."""
        self.lines += 1
        self.copy_tree(to)

    def install(self, to):
        self.get("gradus-source")
        self.type("cmake", "-S", "gradus-source", "-B", "gradus-build", "-DCMAKE_BUILD_TYPE=Release", "-DGRADUS_BUILD_TESTS=OFF",
                 "-DGRADUS_BUILD_BENCH=OFF", "-DGRADUS_BUILD_EXAMPLES=OFF", "-DGRADUS_BUILD_DOCS=OFF")
        self.type("cmake", "--install", "gradus-build", "--prefix", self.path / to)

    def cmake(self, middle, *options):
        self.write("CMakeLists.txt", cmake_head + middle + cmake_tail)
        self.type("cmake", "-B", "build", "-DCMAKE_BUILD_TYPE=Release", *options)
        self.type("cmake", "--build", "build")
        self.app("build/app")


def include_folder(f):
    """the folder `include` and -I"""
    f.get("gradus")
    f.compile("-Igradus/include", "main.cpp")
    f.app()


def single_header(f):
    """one header, copied into your sources"""
    f.get("gradus-source")
    f.type(sys.executable, "gradus-source/tools/generate", "--single-header", f.path / "gradus/gradus.hpp")
    f.compile("-I.", "main.cpp")
    f.app()


def single_header_io(f):
    """one header, with saving, texts, plots, search and rules for matrices"""
    f.get("gradus-source")
    f.type(sys.executable, "gradus-source/tools/generate", "--single-header", f.path / "gradus/gradus.hpp", "--io")
    f.write("main.cpp", program.read_text(encoding="utf-8").replace(
        "  return 0;", '  return gradus::io::parse("cosine(0.1, 0, 10)")(0) == 0.1 ? 0 : 1;'))
    f.compile("-I.", "main.cpp")
    f.app()


def find_package(f):
    """CMake, installed: find_package"""
    f.install("prefix")
    f.cmake("find_package(gradus 0.2 REQUIRED)\n", f"-DCMAKE_PREFIX_PATH={f.path / 'prefix'}")


def moved_prefix(f):
    """CMake, installed and then moved: find_package"""
    f.install("prefix")
    f.type("mv", "prefix", "elsewhere")
    shutil.rmtree(f.path / "gradus-source")
    f.cmake("find_package(gradus 0.2 REQUIRED)\n", f"-DCMAKE_PREFIX_PATH={f.path / 'elsewhere'}")


def add_subdirectory(f):
    """CMake, as a folder: add_subdirectory"""
    f.get("gradus")
    f.cmake("add_subdirectory(gradus)\n")


def fetch_content(f):
    """CMake, from a repository: FetchContent"""
    f.copy_tree("origin")
    f.run("git", "init", "-q", "origin")
    f.run("git", "-C", "origin", "add", "-A")
    f.run("git", "-C", "origin", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a")
    f.cmake(f"""include(FetchContent)
FetchContent_Declare(gradus GIT_REPOSITORY {(f.path / "origin").as_uri()} GIT_TAG origin/HEAD)
FetchContent_MakeAvailable(gradus)
""")


def pkg_config(f):
    """pkg-config, also from a moved installation"""
    f.install("prefix")
    f.type("mv", "prefix", "elsewhere")
    flags = f.run("pkg-config", "--cflags", "gradus >= 0.2", PKG_CONFIG_PATH=str(f.path / "elsewhere/share/pkgconfig")).split()
    f.compile(*flags, "main.cpp")
    f.app()


def meson(f):
    """Meson, as a subproject"""
    f.get("subprojects/gradus")
    f.write("meson.build", """project('app', 'cpp', default_options: ['cpp_std=c++20'])
executable('app', 'main.cpp', dependencies: dependency('gradus', fallback: 'gradus'))
""")
    f.type("meson", "setup", "build")
    f.type("meson", "compile", "-C", "build")
    f.app("build/app")


def debian(f):
    """the Debian package libgradus-dev"""
    for needed in ("dpkg-buildpackage", "dh", "lintian"):
        if not shutil.which(needed):
            raise Missing(needed)
    f.get("gradus-source")
    f.lines += 1  # python3 tools/lib/debian_package.py
    package = debian_package.build(f.path / "gradus-source", f.path)
    f.run("lintian", "--fail-on", "error,warning", "--suppress-tags", "initial-upload-closes-no-bugs", package)
    f.type("dpkg", "-x", package, "system")
    flags = f.run("pkg-config", "--cflags", "gradus", PKG_CONFIG_PATH=str(f.path / "system/usr/share/pkgconfig")).split()
    f.compile(*flags, "main.cpp")
    f.app()


def module(f):
    """C++20 module, with clang 19 (experimental)"""
    f.get("gradus")
    f.write("main.cpp", "#include <cstdio>\n#include <vector>\n" + program.read_text(encoding="utf-8").replace(
        "#include <gradus/gradus.hpp>", "import gradus;").replace("GRADUS_VERSION_STRING", f'"{debian_package.version_of(root)}"'))
    f.type("clang++-19", "-std=c++20", "-O2", "-Igradus/include", "--precompile", "gradus/include/gradus/gradus.cppm", "-o", "gradus.pcm")
    f.type("clang++-19", "-std=c++20", "-O2", "-fmodule-file=gradus=gradus.pcm", "main.cpp", "gradus.pcm", "-o", "app")
    f.app()


ways = [include_folder, single_header, single_header_io, find_package, moved_prefix, add_subdirectory, fetch_content, pkg_config,
        meson, debian, module]


def attempt(way, compiler):
    """The lines and the seconds that a way takes."""
    with tempfile.TemporaryDirectory() as path:
        start = time.monotonic()
        folder = Folder(path, compiler)
        way(folder)
        return folder.lines, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", nargs="?", choices=[w.__name__ for w in ways])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--compiler", default="c++")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(w.__name__ for w in ways))
    elif arguments.write:
        rows = ["| {} | {} | {:.0f} |".format(w.__doc__, *attempt(w, arguments.compiler)) for w in ways]
        begin, end = "<!-- ways: written by tests/package/ways.py -->", "<!-- end: ways -->"
        head, _, rest = page.read_text(encoding="utf-8").partition(begin)
        table = "\n".join(["| way | lines | seconds |", "|---|---|---|", *rows])
        page.write_text(f"{head}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
    elif arguments.way:
        try:
            print("{} lines, {:.0f} s".format(*attempt(globals()[arguments.way], arguments.compiler)))
        except Missing as missing:
            print(f"skipped: {missing} is not installed")
            return 77
    else:
        parser.error("which way? ways.py --list lists them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
