// Armadillo: the same expressions as with Eigen.
#include <armadillo>
#include <cmath>

#include "peer.hpp"

namespace {

using hand::beta1, hand::beta2, hand::mu, hand::rate;

struct Arrays {
  explicit Arrays(const hand::Arrays& x)
      : p(x.p, x.n, false, true),
        g(x.g, x.n, false, true),
        a(x.a, x.n, false, true),
        b(x.b, x.n, false, true) {}
  arma::fvec p, g, a, b;  // these use the memory of the caller
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
    b = beta2 * b + (1 - beta2) * arma::square(g);
    p -= size * a / (arma::sqrt(b) / root + 1e-8f);
  }
};

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
constexpr auto name = "Armadillo " TEXT(ARMA_VERSION_MAJOR) "." TEXT(ARMA_VERSION_MINOR) "." TEXT(
    ARMA_VERSION_PATCH) " " PEER_FLAGS;

}  // namespace

const peer::Row* gradus_peer() {
  static constexpr peer::Row rows[] = {peer::row<SGD>("SGD", name),
                                       peer::row<Momentum>("Momentum", name),
                                       peer::row<Adam>("Adam", name),
                                       {}};
  return rows;
}
