#include "cases.hpp"
#include "process.hpp"

namespace parley::bench {

namespace {

class Storm : public Watcher {
 public:
  explicit Storm(const Options& options) : crowd_{target_of(options, "/broadcast"), *this} {}

  void run(std::size_t connections) {
    for (std::size_t i = 0; i < connections; ++i) crowd_.connect(crowd_.add());
    crowd_.turn_until([&] { return joined_ == connections; }, "clients to join");
  }

  void opened(Client& client) override { crowd_.join(client); }
  void joined(Client&) override { ++joined_; }
  void received(Client&, std::string_view packet) override {
    fail("nobody said anything: " + std::string{packet});
  }

 private:
  Crowd crowd_;
  std::size_t joined_ = 0;
};

}  // namespace

void run_storm(const Options& options) {
  const Process server{options.pid, options.allocations};
  Storm storm{options};
  const Window window{server};
  storm.run(options.connections);
  Report report{"storm"};
  window.add_to(report, static_cast<double>(options.connections));
  report.print();
}

}  // namespace parley::bench
