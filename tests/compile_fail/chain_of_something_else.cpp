// A part of a chain that is neither rule nor stage.
// expect-gcc: satisfaction of .OnlyStagesBesideIt<
// expect-clang: because 'OnlyStagesBesideIt<gradus::Constant<>, gradus::SGD>' evaluated to false
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::Constant<>, gradus::SGD>* chain = nullptr; }
