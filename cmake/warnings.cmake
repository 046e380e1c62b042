include_guard()

# gradus_warnings(target): sets the warning flags of our own builds. Users of gradus::gradus get none of them. Warnings are
# errors only with GRADUS_STRICT, which the presets set, because another compiler or version of a library may warn.
function(gradus_warnings target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(MSVC)  # the nearest equivalent; not tested yet
    target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${GRADUS_STRICT}>:/WX> /permissive-)
    return()
  endif()
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wdouble-promotion
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast> $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wuseless-cast>
    $<$<BOOL:${GRADUS_STRICT}>:-Werror>)
endfunction()
