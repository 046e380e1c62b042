# Set REPO and SHA512 to the place and the sum of the released tarball. This port was written, but not yet run.
set(VCPKG_BUILD_TYPE release)  # headers only
vcpkg_from_github(OUT_SOURCE_PATH SOURCE_PATH REPO "${GRADUS_REPOSITORY}" REF "v${VERSION}" SHA512 0)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS
  -DGRADUS_BUILD_TESTS=OFF -DGRADUS_BUILD_BENCH=OFF -DGRADUS_BUILD_EXAMPLES=OFF -DGRADUS_BUILD_DOCS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/gradus)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
