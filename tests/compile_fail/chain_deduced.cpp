// A stage in place of a rule, in the usual spelling.
// expect: gradus::Chain must have exactly one rule: Chain{ClipNorm{}, Adam{}, WeightDecay{}}
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::ClipValue{}, gradus::WeightDecay{}}; }
