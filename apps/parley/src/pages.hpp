#pragma once

#include "bundle.hpp"

#include <parley/net/client_files.hpp>
#include <parley/net/pages.hpp>

#include <optional>

namespace parley::app {

/// The page of the call at `/11`, what it consists of, and a polite refusal for everything else.
class BundlePages : public net::Pages {
 public:
  /// `client` is shown where the field's servers show it, if there is one.
  explicit BundlePages(Bundle bundle, std::optional<net::ClientFiles> client = {})
      : bundle_{std::move(bundle)}, client_{std::move(client)} {}

  HttpResponse get(const HttpRequest& request) override;
  std::optional<HttpResponse> get_before_node(const HttpRequest& request) override;

 private:
  HttpResponse answer(const HttpRequest& request) const;

  Bundle bundle_;
  std::optional<net::ClientFiles> client_;
};

}  // namespace parley::app
