// Mechanic sets the parameters anew from where they began, which undoes a decay behind it.
// expect: gradus::Chain: a part sets the parameters itself at each step
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/mechanic.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

gradus::Chain chain{gradus::SGD{}, gradus::Mechanic{}, gradus::WeightDecay{0.5}};
