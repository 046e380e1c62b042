#include <gradus/gradus.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/save.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using namespace gradus;

TEST_CASE("inspect says what is in a file without knowing the types", "[io][inspect]") {
  const support::Folder folder;
  std::vector<float> w(3, 1.0F), b(2, 1.0F), v = w, c = b;
  std::int64_t seen = 7;
  Optimizer opt{Warmup{5, Cosine{.start = 1e-3, .steps = 100}},
                Chain{ClipNorm{0.5}, Momentum{.momentum = 0.5}}, spans(w, b)};
  for (int t = 0; t < 3; ++t) opt.step(spans(w, b), spans(v, c));
  io::save(folder / "x", io::named({"w", "b"}, opt), io::named("seen", seen));
  const io::SavedFile file = io::inspect(folder / "x");
  CHECK(file.format == 2);
  REQUIRE(file.optimizers.size() == 1);
  const io::SavedOptimizer& o = file.optimizers[0];
  CHECK(o.rule == "Chain{ClipNorm, Momentum}");
  CHECK(o.rule_settings == "Chain{ClipNorm{max_norm=0.5, eps=0}, Momentum{momentum=0.5}}");
  CHECK(o.rule_settings == io::settings_of(opt.rule()));
  CHECK(o.schedule == "Warmup{Cosine}");
  CHECK(o.schedule_settings == "Warmup{steps=5, schedule=Cosine{start=0.001, steps=100}}");
  CHECK(o.parameters == "F32");
  CHECK(o.sizes == "3, 2");
  CHECK(o.spans == "w, b");
  CHECK(o.slots == "Momentum.momentum_buffer F32");
  CHECK(o.steps == step_t{3});
  CHECK(file.text() ==
        "format 2\n"
        "optimizer 0\n"
        "  steps: 3\n"
        "  rule: Chain{ClipNorm{max_norm=0.5, eps=0}, Momentum{momentum=0.5}}\n"
        "  schedule: Warmup{steps=5, schedule=Cosine{start=0.001, steps=100}}\n"
        "  parameters: F32\n"
        "  sizes: 3, 2\n"
        "  spans: w, b\n"
        "  slots: Momentum.momentum_buffer F32\n"
        "tensors\n"
        "  step: I64\n"
        "  seen: I64\n"
        "  Momentum.momentum_buffer: F32 [5]\n");
}

TEST_CASE("inspect reads files of every version", "[io][inspect][saved]") {
  const int version = GENERATE(1, 2);
  const io::SavedFile file = io::inspect(std::string(GRADUS_TEST_DATA "/saved/version_") +
                                         std::to_string(version) + ".safetensors");
  CHECK(file.format == version);
  REQUIRE(file.optimizers.size() == 4);
  CHECK(file.optimizers[0].rule == "Chain{ClipNorm, AdamW, Ema}");
  CHECK(file.optimizers[0].schedule == "Warmup{Cosine}");
  CHECK(file.optimizers[0].spans == (version == 1 ? "" : "floats"));
  CHECK(file.optimizers[3].slots == (version == 1 ? "" : "exp_avg Signed8, exp_avg_sq Positive8"));
  for (const io::SavedOptimizer& o : file.optimizers) CHECK(o.steps == step_t{7});
  REQUIRE(file.tensors.size() == 23);
  CHECK(file.tensors.back().name == "list.1");
  CHECK(file.tensors.back().shape == std::vector<std::uint64_t>{2});
}

TEST_CASE("inspect tells the step of an optimizer from what others call so", "[io][inspect]") {
  const support::Folder folder;
  std::vector<float> p(3, 1.0F), g = p;
  Optimizer opt{Constant{0.1}, SGD{}, p};
  opt.step(p, g);
  std::int64_t mine = 99;
  const auto steps = [&](const auto&... x) {
    io::save(folder / "x", x...);
    return io::inspect(folder / "x").optimizers[0].steps;
  };
  CHECK(steps(opt, io::named("my step", mine)) == step_t{1});
  CHECK(steps(io::named("step", mine), opt) == std::nullopt);  // ours is called step'
  CHECK(steps(opt, io::named("step'", mine)) == std::nullopt);
  io::save(folder / "x", opt, opt);
  CHECK(io::inspect(folder / "x").optimizers[1].steps == step_t{1});
  io::save(folder / "x", io::named("p", p));
  CHECK(io::inspect(folder / "x").optimizers.empty());
}

TEST_CASE("inspect refuses what is damaged or forged", "[io][inspect]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  std::vector<float> p(3, 1.0F);
  const Optimizer opt{Constant{0.1}, Adam{}, p};
  io::save(path, opt);
  const std::string file = support::bytes_of(path);
  const auto reason = [&](const std::string& bytes) -> std::string {
    support::put_bytes(path, bytes);
    try {
      static_cast<void>(io::inspect(path));
    } catch (const gradus::Error& error) {
      const std::string words = error.what(), head = "gradus::io: \"" + path + "\" ";
      return words.starts_with(head) ? words.substr(head.size()) : words;
    }
    return "";
  };
  std::size_t refused = 0;
  for (std::size_t n = 0; n < file.size(); ++n)
    refused += reason(file.substr(0, n)) != "" ? 1U : 0U;
  CHECK(refused == file.size());
  refused = 0;
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string bytes = file;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    refused += reason(bytes).find("is damaged") != std::string::npos ? 1U : 0U;
  }
  CHECK(refused == 8 * file.size());
  CHECK(reason(file).empty());
  CHECK(reason(file + "x") == "must have 32 bytes of data (got 33)");
  const auto says = [&](std::string_view part, std::string_view by) {
    return reason(support::forged(file, part, by));
  };
  CHECK(says(R"("gradus":"2")", R"("gradus":"3")") == "must be of format 1 or 2 (got 3)");
  for (const char* count : {"0", "2", "-1", "", "01", "18446744073709551616", "many"})
    CHECK(says(R"("optimizers":"1")", "\"optimizers\":\"" + std::string(count) + "\"") ==
          "has a malformed header");
  for (const char* offsets :
       {"[9,20]", "[8,7]", "[8,020]", "[8,18446744073709551616]", "[8]", "[8,20,21]", "[8,-1]"})
    CHECK(says("[8,20]", offsets) == "has a malformed header");
  CHECK(says("[20,32]", "[20,18446744073709551615]") ==
        "must have 18446744073709551615 bytes of data (got 32)");
  CHECK(says("\"shape\":[3]", "\"shape\":[3") == "has a malformed header");
  std::string negative = file;
  negative[8 + support::header_size(file) + 7] = '\x80';
  CHECK(reason(support::forged(negative, support::header_of(negative))) ==
        "must have a step below 2^63");
  CHECK_THROWS_AS(io::inspect(folder / "none"), std::system_error);
  CHECK_THROWS_WITH(io::inspect(folder / ""),
                    Catch::EndsWith("must be a regular file (got a folder)"));
}
