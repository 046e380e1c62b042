# Tests `cmake -B build` and `cmake --install build` on a machine with only a compiler: no test framework, no fmt, no
# Python ... There must be no warning, the output must name what is left out, and no compilation may treat warnings as
# errors. Variables: SOURCE, BINARY, PREFIX, GENERATOR, MAKE_PROGRAM, COMPILER.
cmake_minimum_required(VERSION 3.20)

file(REMOVE_RECURSE ${BINARY} ${PREFIX})
set(missing "")
foreach(package Catch2 fmt benchmark TBB CLI11 OpenMP Python3 Eigen3 Torch Armadillo)
  list(APPEND missing -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G ${GENERATOR} --no-warn-unused-cli
    -DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_INSTALL_INCLUDEDIR=headers
    ${missing}
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0 OR output MATCHES "Warning|Error")
  message(FATAL_ERROR "does not configure cleanly:\n${output}")
endif()
foreach(left_out "no unit tests, Catch2" "no examples, fmt" "no benchmarks" "oneTBB was not found"
    "Eigen3, which was not found" "Torch, which was not found" "OpenMP was not found" "Python 3 was not found")
  if(NOT output MATCHES "-- gradus: [^\n]*${left_out}")
    message(FATAL_ERROR "does not say what is left out (${left_out}):\n${output}")
  endif()
endforeach()

file(READ ${BINARY}/compile_commands.json commands)
if(NOT commands MATCHES "-Wall" OR commands MATCHES "-Werror")
  message(FATAL_ERROR "a plain build must have warnings, and must not treat them as errors")
endif()

execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY} --prefix ${PREFIX}
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "does not install:\n${output}")
endif()
foreach(file headers/gradus/gradus.hpp share/cmake/gradus/gradusConfig.cmake share/cmake/gradus/c.cmake
    share/cmake/gradus/gradusConfigVersion.cmake share/doc/gradus/LICENSE share/pkgconfig/gradus.pc)
  if(NOT EXISTS ${PREFIX}/${file})
    message(FATAL_ERROR "installs no ${file}:\n${output}")
  endif()
endforeach()

# A program that finds the installed package: its targets, with the headers and sources where they are. The package was
# moved into a folder whose name means something in patterns.
set(moved "${PREFIX} [moved]")
file(REMOVE_RECURSE ${moved})
file(RENAME ${PREFIX} ${moved})
file(WRITE ${BINARY}/user/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.20)
project(user LANGUAGES CXX)
find_package(gradus REQUIRED)
find_package(gradus REQUIRED)
get_target_property(headers gradus::gradus INTERFACE_INCLUDE_DIRECTORIES)
get_target_property(sources gradus::c SOURCES)
foreach(file ${headers}/gradus/gradus.hpp ${sources})
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "there is no ${file}")
  endif()
endforeach()
if(NOT sources MATCHES "headers/gradus/adapt/c/gradus.cpp")
  message(FATAL_ERROR "gradus::c is made of ${sources}")
endif()
]])
execute_process(COMMAND ${CMAKE_COMMAND} -S ${BINARY}/user -B ${BINARY}/user/build -G ${GENERATOR}
    -DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${moved}
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "a program does not find what was installed:\n${output}")
endif()
