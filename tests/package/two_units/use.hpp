// What both units do; internal linkage, so that each has its own copy.
#include <gradus/gradus.hpp>

#include <cstdint>
#include <cstring>
#include <exception>
#include <vector>

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED __attribute__((visibility("default")))
#endif

static std::uint64_t digest() {
  std::vector<float> params(1003), grads(params.size());
  // Exact values alone: under -Ofast each unit would round a quotient of its own differently.
  for (std::size_t i = 0; i < params.size(); ++i) params[i] = static_cast<float>(i % 89) / 64.0f;
  gradus::Optimizer opt{gradus::Cosine<>{.start = 1e-3, .end = 1e-5, .steps = 50},
                        gradus::AdamW{.weight_decay = 0.01}, params};
  for (int t = 0; t < 60; ++t) {
    for (std::size_t i = 0; i < grads.size(); ++i)
      grads[i] = params[i] - static_cast<float>((i * 7 + static_cast<std::size_t>(t)) % 11) / 16.0f;
    opt.step(params, grads);
  }
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const float p : params) {
    std::uint32_t bits;
    std::memcpy(&bits, &p, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
  return hash;
}

static void refused_call() {
  std::vector<float> params(1);
  gradus::Optimizer(gradus::Constant<>{0.1}, gradus::AdamW{.beta2 = 1}, params);
}

// Whether the unit catches what the call throws as a gradus::Error with its sentence, and a copy
// has the same sentence.
static bool catches(void (*call)()) {
  static const char sentence[] = "gradus::AdamW.beta2 must be in [0, 1) (got 1)";
  try {
    call();
  } catch (const gradus::Error& error) {
    const gradus::Error copy = error;
    return std::strcmp(error.what(), sentence) == 0 && std::strcmp(copy.what(), sentence) == 0;
  } catch (const std::exception&) {
    return false;
  }
  return false;
}
