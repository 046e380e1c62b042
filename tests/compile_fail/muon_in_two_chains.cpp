// The stages of the outer chain would see other gradients in the second sweep.
// expect: gradus::Chain: a chain with a rule for matrices cannot be a part of another one
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

gradus::Chain chain{gradus::ClipValue{}, gradus::Chain{gradus::Muon{}, gradus::WeightDecay{}}};
