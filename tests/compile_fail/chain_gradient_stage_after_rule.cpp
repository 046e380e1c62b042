// Clipping the gradient when the rule has already seen it.
// expect: gradus::Chain: a stage that changes the gradient .ClipNorm. must stand before the rule
#include <gradus/gradus.hpp>

gradus::Chain chain{gradus::SGD{}, gradus::ClipValue{}};
