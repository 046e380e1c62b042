// A Fold is a product, a sum, a minimum or a maximum.
// expect: a Pointwise takes a product, a sum, a minimum or a maximum
#include <gradus/gradus.hpp>

gradus::Pointwise<gradus::Fold{99}, gradus::Constant<>> schedule{{gradus::Constant{1}}};
