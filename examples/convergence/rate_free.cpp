#include "method.hpp"

namespace convergence {

std::vector<Method> without_a_schedule() {
  using namespace gradus;
  return {method(ScheduleFreeSGD::name, ScheduleFreeSGD{}, "x"),
          method(ScheduleFreeAdamW::name, ScheduleFreeAdamW{}, "x")};
}

std::vector<Method> rate_free() {
  using namespace gradus;
  return {method(DoG{}),
          method(LDoG{}),
          method("DoG (reps_rel 1e-4)", DoG{.reps_rel = 1e-4}),
          method("LDoG (reps_rel 1e-4)", LDoG{.reps_rel = 1e-4}),
          method(DoWG{}),
          method(DAdaptSGD{}),
          method(DAdaptAdam{}),
          method(Prodigy{}),
          method(COCOB{}),
          method("SGD, Mechanic", Chain{SGD{}, Mechanic{}}),
          method("Adam, Mechanic", Chain{Adam{}, Mechanic{}}),
          method(PolyakSGD{}),
          method("PolyakSGD, max_rate 100", PolyakSGD{.max_rate = 100}),
          method("DoG, Ema", Chain{DoG{}, Ema{.decay = 0.99}}, "Ema.average")};
}

}  // namespace convergence
