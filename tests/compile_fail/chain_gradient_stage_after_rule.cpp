// Clipping the gradient when the rule has already seen it.
// expect-gcc: satisfaction of .GradientStagesThenRuleThenStepStages<
// expect-clang: because 'GradientStagesThenRuleThenStepStages<gradus::SGD, gradus::Clip
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::SGD, gradus::ClipValue>* chain = nullptr; }
