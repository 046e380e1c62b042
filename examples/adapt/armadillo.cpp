// Matrices of Armadillo need no header: their memory is contiguous, and a span views it.
#include <armadillo>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <span>

namespace {

// Of fmat, fvec, mat, vec ..., not of a submatrix, which is another type.
template <class T>
std::span<T> span_of(arma::Mat<T>& x) {
  return {x.memptr(), x.n_elem};
}

}  // namespace

int main() {
  arma::arma_rng::set_seed(1);
  const arma::mat x(4, 100, arma::fill::randu), truth(2, 4, arma::fill::randu), y = truth * x;
  arma::mat W(2, 4, arma::fill::zeros), gW(2, 4);
  gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .end = 0, .steps = 800}, gradus::Adam{},
                        span_of(W)};
  for (int t = 0; t < 800; ++t) {
    gW = (W * x - y) * x.t() / 100;
    opt.step(span_of(W), span_of(gW));
  }
  const double error = arma::abs(W - truth).max();
  std::printf("largest error of a weight %.2g\n", error);
  return error < 1e-3 ? 0 : 1;
}
