// A chain of stages alone takes no step.
// expect: gradus::Chain must have exactly one rule
#include <gradus/gradus.hpp>

gradus::Chain<gradus::ClipValue, gradus::WeightDecay> chain(gradus::ClipValue{},
                                                            gradus::WeightDecay{});
