#include "reliability/fuzz_load.hpp"

#include <gradus/feedback/plateau.hpp>
#include <gradus/groups.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/novograd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/save/generator.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/storage/block8.hpp>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "support/folder.hpp"
#include "support/forge.hpp"

namespace {

namespace io = gradus::io;

/// Parts of every kind.
class Run {
 public:
  void save(const std::string& path) const {
    io::save(path, io::named({"p", "q", "r"}, groups_), io::named("p", p_),
             io::named("plateau", plateau_), io::named("sum", sum_),
             io::named("generator", generator_));
  }
  void load(const std::string& path) {
    io::load(path, io::named({"p", "q", "r"}, groups_), io::named("p", p_),
             io::named("plateau", plateau_), io::named("sum", sum_),
             io::named("generator", generator_));
  }
  void step() {
    const std::vector<float> g = p_, h = q_, i = r_;
    sum_.add(g);
    groups_.step({p_, q_, r_}, {g, h, i});
  }

 private:
  std::vector<float> p_{1, 2, 3}, q_{4}, r_{5, 6};
  gradus::Groups<
      gradus::Optimizer<gradus::Cosine<>, gradus::Chain<gradus::NAdam, gradus::Ema>>,
      gradus::Optimizer<gradus::Constant<>, gradus::NovoGrad>,
      gradus::Optimizer<gradus::Constant<>, gradus::Stored<gradus::Momentum, gradus::Signed8>>>
      groups_{gradus::Optimizer{gradus::Cosine{.start = 0.1, .steps = 10},
                                gradus::Chain{gradus::NAdam{}, gradus::Ema{0.9}}, p_},
              gradus::Optimizer{gradus::Constant{0.1}, gradus::NovoGrad{}, q_},
              gradus::Optimizer{gradus::Constant{0.1},
                                gradus::stored<gradus::Signed8>(gradus::Momentum{}), r_}};
  gradus::Plateau plateau_{};
  gradus::Accumulator<float> sum_{p_};
  std::minstd_rand generator_{};
};

std::size_t loads = 0;
const support::Folder& folder() {
  static const support::Folder r;
  return r;
}
std::string saved(const Run& run) {
  const std::string path = folder() / "saved";
  run.save(path);
  return support::bytes_of(path);
}
/// Whether what was loaded from a file is what is saved of it: all but remarks, and what an older
/// format did not have.
bool same(const std::string& saved, const std::string& file) {
  const auto data = [](const std::string& f) { return f.substr(8 + support::header_size(f)); };
  const bool old = support::header_of(file).find("\"gradus\":\"1\"") != std::string::npos;
  return old ? data(saved) == data(file)
             : support::without_remarks(saved) == support::without_remarks(file);
}

}  // namespace

std::size_t loaded() { return loads; }
std::string bytes_that_load() {
  Run run;
  run.step();
  return "\1" + saved(run);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1 && file.size() >= 8) {
    const std::size_t length = support::header_size(file);
    if (length <= file.size() - 8) file = support::forged(file, support::header_of(file));
  }
  const std::string path = folder() / "x";
  support::put_bytes(path, file);

  bool inspected = true;
  try {
    static_cast<void>(io::inspect(path));
  } catch (const gradus::Error&) {
    inspected = false;
  }
  static const std::string untouched = saved(Run{});
  Run run;
  try {
    run.load(path);
    ++loads;
    if (!same(saved(run), file) || !inspected) std::abort();
  } catch (const gradus::Error&) {
    if (saved(run) != untouched) std::abort();
  }
  return 0;
}
