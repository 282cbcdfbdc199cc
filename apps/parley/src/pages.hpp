#pragma once

#include "bundle.hpp"

#include <parley/net/pages.hpp>

namespace parley::app {

/// The page of the call at `/11`, what it consists of, and a polite refusal for everything else.
class BundlePages : public net::Pages {
 public:
  explicit BundlePages(Bundle bundle) : bundle_{std::move(bundle)} {}

  HttpResponse get(const HttpRequest& request) override;

 private:
  HttpResponse answer(const HttpRequest& request) const;

  Bundle bundle_;
};

}  // namespace parley::app
