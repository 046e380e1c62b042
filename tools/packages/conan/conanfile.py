"""The recipe for Conan 2. It was written, but not yet run."""
import pathlib
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy
from conan.tools.layout import basic_layout

tree = pathlib.Path("..", "..", "..")


class Gradus(ConanFile):
    name = "gradus"
    description = "Learning-rate schedules and optimizer rules for C++20"
    license = "MIT"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    def set_version(self):
        text = (pathlib.Path(self.recipe_folder) / tree / "include/gradus/config/version.hpp").read_text(encoding="utf-8")
        self.version = re.search(r'GRADUS_VERSION_STRING "(.*)"', text)[1]

    def export_sources(self):
        source = pathlib.Path(self.recipe_folder) / tree
        copy(self, "include/*", source, self.export_sources_folder)
        copy(self, "LICENSE", source, self.export_sources_folder)

    def layout(self):
        basic_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, pathlib.Path(self.package_folder) / "licenses")
        copy(self, "include/*", self.source_folder, self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "gradus")
        self.cpp_info.set_property("cmake_target_name", "gradus::gradus")
        self.cpp_info.set_property("pkg_config_name", "gradus")
