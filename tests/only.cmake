# The unit tests in the files GRADUS_TESTS_ONLY, for tools/test -R. They compile what they need by themselves,
# not optimised, and without the precompiled header of the whole library, which every edit would renew.
find_package(Catch2 REQUIRED)
find_package(Threads REQUIRED)
include(Catch)
file(GLOB support CONFIGURE_DEPENDS support/*.cpp)
add_executable(gradus_tests_only ${GRADUS_TESTS_ONLY} ${support})
target_link_libraries(gradus_tests_only PRIVATE gradus::gradus Catch2::Catch2 Threads::Threads)
target_include_directories(gradus_tests_only PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(gradus_tests_only PRIVATE GRADUS_TEST_ALONE
  GRADUS_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
target_compile_options(gradus_tests_only PRIVATE -O0)
gradus_warnings(gradus_tests_only)
set_source_files_properties(support/main.cpp PROPERTIES COMPILE_OPTIONS -w)
catch_discover_tests(gradus_tests_only)
