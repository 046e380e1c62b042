// A part of a chain that is neither rule nor stage.
// expect: gradus::Chain: each part must be a rule, a gradient stage or a step stage
#include <gradus/gradus.hpp>

gradus::Chain chain{gradus::Constant<>{}, gradus::SGD{}};
