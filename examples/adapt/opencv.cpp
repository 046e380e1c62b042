// A continuous cv::Mat needs no header: a span views its memory.
#include <cstddef>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <opencv2/core.hpp>
#include <span>

namespace {

// CV_Assert throws a cv::Exception if rows have gaps between them or elements are of another type.
std::span<float> span_of(cv::Mat& x) {
  CV_Assert(x.isContinuous() && x.depth() == CV_32F);
  return {x.ptr<float>(), x.total() * static_cast<std::size_t>(x.channels())};
}

}  // namespace

int main() {
  cv::Mat image(8, 8, CV_32FC3, cv::Scalar::all(0)), target(8, 8, CV_32FC3), grad;
  cv::theRNG().state = 1;
  cv::randu(target, 0, 1);
  gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .end = 0, .steps = 200}, gradus::Adam{},
                        span_of(image)};
  for (int t = 0; t < 200; ++t) {
    grad = image - target;
    opt.step(span_of(image), span_of(grad));
  }
  const double error = cv::norm(image, target, cv::NORM_INF);
  bool refused = false;
  try {
    cv::Mat part = image.colRange(0, 4);
    span_of(part);
  } catch (const cv::Exception&) {
    refused = true;
  }
  std::printf("largest error of a pixel %.2g\n", error);
  return error < 1e-3 && refused ? 0 : 1;
}
