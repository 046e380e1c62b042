// A matrix as other libraries have them: data(), size() and rows(), but no contiguous range, for it
// may be a block of a larger one.
// expect: gradus: the parameters are no contiguous range, which a matrix, an expression or a block
// expect: gradus: the gradients [(]or what else is read[)] are no contiguous range, which a matrix
// expect: of one is not: pass std::span.x.data.., x.size... if its elements lie one after another
// expect: AsParams<float, Matrix<1> ?&>
// expect: AsParams<float, Matrix<2> ?&>
// expect: AsGrads<float, Matrix<3> ?>
// expect: AsGrads<float, Matrix<4> ?>
// expect: AsGrads<float, Matrix<5> ?>
// expect: AsParams<float, Matrix<6> ?&>
// expect: AsGrads<void, Matrix<7> ?>
// expect: AsParams<float, Matrix<8> ?&>
// expect: gradus::spans takes contiguous ranges, which a matrix, an expression or a block
#include <gradus/gradus.hpp>

#include <vector>

template <int N>
struct Matrix {
  float* data() { return nullptr; }
  const float* data() const { return nullptr; }
  std::ptrdiff_t size() const { return 0; }
  std::ptrdiff_t rows() const { return 0; }
};
template <int N>
Matrix<N> matrix;

int main() {
  std::vector<float> p(4), g(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  gradus::Optimizer of_matrix{gradus::Constant{0.1}, gradus::SGD{}, matrix<1>};
  opt.step(matrix<2>, g);
  opt.step(p, matrix<3>);
  gradus::Accumulator acc{p}, of_others{matrix<4>};
  acc.add(matrix<5>);
  gradus::SAM of_none{matrix<6>};
  gradus::gradient_norm(matrix<7>);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, matrix<8>, g);
  gradus::spans(p, matrix<9>);
}
