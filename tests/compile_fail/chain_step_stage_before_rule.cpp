// A step stage before there is a step.
// expect: GradientStagesThenRuleThenStepStages
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::Decay{}, gradus::SGD{}}; }
