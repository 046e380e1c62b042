# Compiles SOURCE and compares the result with these lines of the file:
#   // expect: <regex>       compilation must fail, and its output must match every such line
#   // expect-gcc: <regex>   the same, only for g++; expect-clang only for clang
#   // expect-success        compilation must succeed
#   // flags: <flags>         compile with these flags too
# Regular expressions are those of CMake. Further variables: COMPILER, COMPILER_ID, FLAGS, INCLUDE.
cmake_minimum_required(VERSION 3.20)

if(COMPILER_ID MATCHES "Clang")
  set(kind clang)
else()
  set(kind gcc)
endif()
file(READ ${SOURCE} text)
if(text MATCHES "(^|\n)// flags: ([^\n]+)")
  string(APPEND FLAGS " ${CMAKE_MATCH_2}")
endif()
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C  # plain quotes in the messages
    ${COMPILER} ${flags} -std=c++20 -fsyntax-only -fdiagnostics-color=never -I${INCLUDE} ${SOURCE}
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)

# Reads line by line without CMake's lists, where brackets and semicolons have a meaning.
string(REGEX MATCH "(^|\n)// expect-success" success "${text}")
set(count 0)
set(unmet "")
while(text MATCHES "(^|\n)// expect(-gcc|-clang)?: ([^\n]+)")
  set(line "${CMAKE_MATCH_0}")
  set(only "${CMAKE_MATCH_2}")
  set(pattern "${CMAKE_MATCH_3}")
  string(FIND "${text}" "${line}" at)
  string(LENGTH "${line}" length)
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${text}" ${at} -1 text)
  if(only STREQUAL "" OR only STREQUAL "-${kind}")
    math(EXPR count "${count} + 1")
    if(NOT output MATCHES "${pattern}")
      string(APPEND unmet "\n  ${pattern}")
    endif()
  endif()
endwhile()

if(success)
  if(NOT status EQUAL 0)
    message("${output}")
    message(FATAL_ERROR "must compile, but does not")
  endif()
elseif(count EQUAL 0)
  message(FATAL_ERROR "has no expectation for ${kind}")
elseif(status EQUAL 0)
  message(FATAL_ERROR "must not compile, but does")
elseif(NOT unmet STREQUAL "")
  message("${output}")
  message(FATAL_ERROR "fails to compile, as expected, but the output lacks${unmet}")
endif()
