// optional header
// The list of all rules, from which a rule is chosen at run time. A new rule is an entry in
// `AnyRule`.
#pragma once

#include <variant>

#include <gradus/rule/adabelief.hpp>
#include <gradus/rule/adabound.hpp>
#include <gradus/rule/adadelta.hpp>
#include <gradus/rule/adagrad.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamax.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/adan.hpp>
#include <gradus/rule/ademamix.hpp>
#include <gradus/rule/adopt.hpp>
#include <gradus/rule/amsbound.hpp>
#include <gradus/rule/amsgrad.hpp>
#include <gradus/rule/asgd.hpp>
#include <gradus/rule/centered_rmsprop.hpp>
#include <gradus/rule/centered_rmsprop_momentum.hpp>
#include <gradus/rule/cocob.hpp>
#include <gradus/rule/dadapt_adam.hpp>
#include <gradus/rule/dadapt_sgd.hpp>
#include <gradus/rule/dampened_momentum.hpp>
#include <gradus/rule/dog.hpp>
#include <gradus/rule/dowg.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/laprop.hpp>
#include <gradus/rule/lars.hpp>
#include <gradus/rule/ldog.hpp>
#include <gradus/rule/lion.hpp>
#include <gradus/rule/madgrad.hpp>
#include <gradus/rule/mars.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/nesterov.hpp>
#include <gradus/rule/novograd.hpp>
#include <gradus/rule/padam.hpp>
#include <gradus/rule/polyak_sgd.hpp>
#include <gradus/rule/prodigy.hpp>
#include <gradus/rule/qhadam.hpp>
#include <gradus/rule/qhm.hpp>
#include <gradus/rule/radam.hpp>
#include <gradus/rule/rmsprop.hpp>
#include <gradus/rule/rmsprop_momentum.hpp>
#include <gradus/rule/rprop.hpp>
#include <gradus/rule/schedule_free_adamw.hpp>
#include <gradus/rule/schedule_free_sgd.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/sign_sgd.hpp>
#include <gradus/rule/signum.hpp>
#include <gradus/rule/smorms3.hpp>
#include <gradus/rule/yogi.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Any rule of this library, without stages. `std::visit` calls a function with the rule as its own
/// type; the function is compiled once for each rule.
using AnyRule =
    std::variant<AdaBelief, AdaBound, Adadelta, Adagrad, Adam, Adamax, AdamW, Adan, AdEMAMix, ADOPT,
                 AMSBound, AMSGrad, ASGD, CenteredRMSprop, CenteredRMSpropMomentum, COCOB,
                 DAdaptAdam, DAdaptSGD, DampenedMomentum, DoG, DoWG, FTRL, LAMB, LaProp, LARS, LDoG,
                 Lion, MADGRAD, MARS, Momentum, NAdam, Nesterov, NovoGrad, PAdam, PolyakSGD,
                 Prodigy, QHAdam, QHM, RAdam, RMSprop, RMSpropMomentum, Rprop, ScheduleFreeAdamW,
                 ScheduleFreeSGD, SGD, SignSGD, Signum, SMORMS3, Yogi>;

}}}  // namespace gradus::GRADUS_ABI::io
