// Functions that run on ranks. `run_ranks` is compiled for each function that it calls; this calls
// them all by one pointer, so that a file compiles the threads once.
#pragma once

#include <gradus/distributed/thread_comm.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <type_traits>

namespace support {

/// A function that is called with an X, and must outlive this.
template <class X>
class FunctionOf {
 public:
  template <class F>
  FunctionOf(const F& f)
      : function_(&f),
        call_([](const void* function, X& x) { (*static_cast<const F*>(function))(x); }) {}
  void operator()(X& x) const { call_(function_, x); }

 private:
  const void* function_;
  void (*call_)(const void*, X&);
};
using RankFunction = FunctionOf<gradus::ThreadComm>;
/// Calls f(comm) on so many ranks, as `gradus::run_ranks` does.
inline void on_ranks(std::size_t ranks, RankFunction f,
                     std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  gradus::run_ranks(ranks, f, patience);
}

/// Any ranks, so that what works on several kinds of them is compiled once.
class AnyComm {
 public:
  using Request = gradus::ThreadComm::Request;

  AnyComm() = default;
  AnyComm(const AnyComm&) = delete;
  AnyComm& operator=(const AnyComm&) = delete;
  virtual ~AnyComm() = default;

  virtual std::size_t rank() const = 0;
  virtual std::size_t size() const = 0;
  virtual Request start_all_to_all(const gradus::Outgoing& out, const gradus::Incoming& in) = 0;
  virtual Request start_all_gather(std::span<const std::byte> mine, const gradus::Incoming& in) = 0;
  virtual void wait(const Request& request) = 0;
};
/// Of `ThreadComm&` or `SelfComm`.
template <class C>
class ErasedComm final : public AnyComm {
 public:
  explicit ErasedComm(C comm) : comm_(comm) {}

  std::size_t rank() const override { return comm_.rank(); }
  std::size_t size() const override { return comm_.size(); }
  Request start_all_to_all(const gradus::Outgoing& out, const gradus::Incoming& in) override {
    return number_of(comm_.start_all_to_all(out, in));
  }
  Request start_all_gather(std::span<const std::byte> mine, const gradus::Incoming& in) override {
    return number_of(comm_.start_all_gather(mine, in));
  }
  void wait(const Request& request) override {
    if constexpr (std::is_same_v<C, gradus::SelfComm>)
      comm_.wait({});
    else
      comm_.wait(request);
  }

 private:
  static Request number_of(const Request& request) { return request; }
  static Request number_of(gradus::SelfComm::Request) { return {}; }

  C comm_;
};
/// `on_ranks` for functions of any ranks.
inline void on_any_ranks(std::size_t ranks, FunctionOf<AnyComm> f) {
  on_ranks(ranks, [f](gradus::ThreadComm& comm) {
    ErasedComm<gradus::ThreadComm&> any(comm);
    f(any);
  });
}

}  // namespace support
