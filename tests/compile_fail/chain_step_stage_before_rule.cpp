// A step stage before there is a step.
// expect-gcc: satisfaction of .GradientStagesThenRuleThenStepStages<
// expect-clang: because 'GradientStagesThenRuleThenStepStages<gradus::Decay, gradus::SGD>'
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::Decay, gradus::SGD>* chain = nullptr; }
