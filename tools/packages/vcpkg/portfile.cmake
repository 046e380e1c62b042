# A template, which was not yet run: write the repository in place of OWNER/gradus and, in place of 0, the sum of the archive
# that GitHub makes of the tag, which vcpkg prints. It is not the sum of the tarball of a release.
set(VCPKG_BUILD_TYPE release)  # headers only
vcpkg_from_github(OUT_SOURCE_PATH SOURCE_PATH REPO OWNER/gradus REF "v${VERSION}" SHA512 0)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS
  -DGRADUS_BUILD_TESTS=OFF -DGRADUS_BUILD_BENCH=OFF -DGRADUS_BUILD_EXAMPLES=OFF -DGRADUS_BUILD_DOCS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/gradus)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
