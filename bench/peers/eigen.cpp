// Eigen's arrays: the usual expressions, on the memory of the caller.
#include <Eigen/Core>
#include <cmath>

#include "peer.hpp"

namespace {

using hand::beta1, hand::beta2, hand::mu, hand::rate;

struct Arrays {
  using Map = Eigen::Map<Eigen::ArrayXf>;
  explicit Arrays(const hand::Arrays& x)
      : p(x.p, size(x)), g(x.g, size(x)), a(x.a, size(x)), b(x.b, size(x)) {}
  static Eigen::Index size(const hand::Arrays& x) { return static_cast<Eigen::Index>(x.n); }
  Map p, g, a, b;
};
struct SGD : Arrays {
  using Arrays::Arrays;
  void step(int) { p -= rate * g; }
};
struct Momentum : Arrays {
  using Arrays::Arrays;
  void step(int) {
    a = mu * a + g;
    p -= rate * a;
  }
};
struct Adam : Arrays {
  using Arrays::Arrays;
  void step(int t) {
    const float size = rate / (1 - std::pow(beta1, static_cast<float>(t)));
    const float root = std::sqrt(1 - std::pow(beta2, static_cast<float>(t)));
    a = beta1 * a + (1 - beta1) * g;
    b = beta2 * b + (1 - beta2) * g.square();
    p -= size * a / (b.sqrt() / root + 1e-8f);
  }
};

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
constexpr auto name = "Eigen " TEXT(EIGEN_WORLD_VERSION) "." TEXT(EIGEN_MAJOR_VERSION) "." TEXT(
    EIGEN_MINOR_VERSION) " " PEER_FLAGS;

}  // namespace

const peer::Row* gradus_peer() {
  static constexpr peer::Row rows[] = {peer::row<SGD>("SGD", name),
                                       peer::row<Momentum>("Momentum", name),
                                       peer::row<Adam>("Adam", name),
                                       {}};
  return rows;
}
