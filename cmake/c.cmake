# Adds the target gradus::c, the interface for C and Python, of the sources in a folder of headers. It is compiled only for
# targets that link it.
function(gradus_add_c headers)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CXX IN_LIST languages OR TARGET gradus_c)
    return()
  endif()
  file(GLOB sources ${headers}/gradus/adapt/c/*.cpp)
  add_library(gradus_c OBJECT EXCLUDE_FROM_ALL ${sources})
  add_library(gradus::c ALIAS gradus_c)
  target_link_libraries(gradus_c PUBLIC gradus::gradus)
  set_target_properties(gradus_c PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
endfunction()
