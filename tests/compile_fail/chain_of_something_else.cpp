// A part of a chain that is neither rule nor stage.
// expect: OnlyStagesBesideIt
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::Constant<>{0.1}, gradus::SGD{}}; }
