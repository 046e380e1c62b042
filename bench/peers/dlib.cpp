// dlib's solver class `adam` on tensors in main memory, and the addition by which a network applies
// the step.
#include <dlib/dnn.h>
#include <dlib/revision.h>

#include <algorithm>

#include "peer.hpp"

namespace {

// The part of a layer that a solver uses.
struct Layer {
  dlib::resizable_tensor params;
  const dlib::tensor& get_layer_params() const { return params; }
};

class Adam {
 public:
  explicit Adam(hand::Arrays& x) {
    layer_.params.set_size(static_cast<long long>(x.n));
    grads_.set_size(static_cast<long long>(x.n));
    std::copy_n(x.p, x.n, layer_.params.host());
    std::copy_n(x.g, x.n, grads_.host());
    x.p = layer_.params.host();
    x.g = grads_.host();
  }
  void step(int) {
    dlib::tt::add(layer_.params, layer_.params, solver_(hand::rate, layer_, grads_));
  }

 private:
  Layer layer_;
  dlib::resizable_tensor grads_;
  dlib::adam solver_{0, hand::beta1, hand::beta2};
};

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
constexpr auto name = "dlib " TEXT(DLIB_MAJOR_VERSION) "." TEXT(DLIB_MINOR_VERSION);

}  // namespace

const peer::Row* gradus_peer() {
  static constexpr peer::Row rows[] = {peer::row<Adam>("Adam", name), {}};
  return rows;
}
