// Clipping the gradient when the rule has already seen it.
// expect: GradientStagesThenRuleThenStepStages
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::SGD{}, gradus::ClipValue{}}; }
