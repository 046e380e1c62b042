#include "method.hpp"

namespace convergence {

std::vector<Method> adam_and_after() {
  using namespace gradus;
  return {method(Adam{}),   method(AdamW{}),    method(AMSGrad{}),  method(PAdam{}),
          method(Adamax{}), method(NAdam{}),    method(RAdam{}),    method(AdaBelief{}),
          method(Yogi{}),   method(AdaBound{}), method(AMSBound{}), method(LaProp{}),
          method(ADOPT{}),  method(QHAdam{}),   method(Adan{}),     method(AdEMAMix{}),
          method(MARS{}),   method(LAMB{})};
}

}  // namespace convergence
