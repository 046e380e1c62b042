// A step stage before there is a step.
// expect: and one that changes the step .WeightDecay. behind it
#include <gradus/gradus.hpp>

gradus::Chain chain{gradus::WeightDecay{}, gradus::SGD{}};
