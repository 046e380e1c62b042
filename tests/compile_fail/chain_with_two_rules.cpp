// A chain has one rule: two would take two steps.
// expect: gradus::Chain must have exactly one rule
#include <gradus/gradus.hpp>

gradus::Chain chain{gradus::Momentum{}, gradus::Adam{}};
