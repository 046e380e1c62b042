# Adds the target gradus::c, the interface for C and Python, of the sources in a folder of headers. It is compiled only for
# targets that link it.
function(gradus_add_c headers)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(folder "${headers}/gradus/adapt/c")
  if(NOT CXX IN_LIST languages OR TARGET gradus_c OR NOT EXISTS "${folder}/gradus.cpp")
    return()
  endif()
  set(sources gradus any_optimizer rules_0 rules_1 rules_2 rules_3)
  list(TRANSFORM sources PREPEND "${folder}/")
  list(TRANSFORM sources APPEND .cpp)
  add_library(gradus_c OBJECT EXCLUDE_FROM_ALL ${sources})
  add_library(gradus::c ALIAS gradus_c)
  target_link_libraries(gradus_c PUBLIC gradus::gradus)
  set_target_properties(gradus_c PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON UNITY_BUILD OFF)
endfunction()
