// Two fields, one schedule.
// expect: gradus::vary takes one schedule for each field
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::weight_decay, &gradus::AdamW::beta1>(
    gradus::AdamW{}, gradus::Constant<>{0.1});
