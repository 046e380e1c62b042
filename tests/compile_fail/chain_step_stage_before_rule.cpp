// A step stage before there is a step.
// expect-gcc: satisfaction of .GradientStagesThenRuleThenStepStages<
// expect-clang: because 'GradientStagesThenRuleThenStepStages<gradus::WeightDecay, gradus::SGD>'
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::WeightDecay, gradus::SGD>* chain = nullptr; }
