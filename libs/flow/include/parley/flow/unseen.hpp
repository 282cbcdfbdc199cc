#pragma once

#include <parley/flow/error.hpp>

#ifndef __wasm__
#include <cstdio>
#endif
#include <functional>
#include <utility>

namespace parley::flow {

/// Who is told, while it lives, of errors that nobody looked at. The host makes one on the thread
/// of its scheduler. It is told of the flows that are destroyed on the thread that made it and of
/// no others, inside their destructor, so nothing is shared between threads. It is destroyed on
/// that thread as well; of several the one made last is told, and is destroyed first. Where there
/// is none the error is written to standard error, but for WebAssembly.
class OnUnseenError {
 public:
  /// `tell` does not throw, and destroys no flow but its own.
  explicit OnUnseenError(std::function<void(const Error&)> tell)
      : tell_{std::move(tell)}, outer_{std::exchange(of_this_thread, this)} {}
  OnUnseenError(const OnUnseenError&) = delete;
  OnUnseenError& operator=(const OnUnseenError&) = delete;
  ~OnUnseenError() { of_this_thread = outer_; }

  /// For what destroys a flow whose error nobody has seen.
  static void report(const Error& error) {
    if (of_this_thread) return of_this_thread->tell_(error);
#ifndef __wasm__  // which has no standard error that a host without WASI could give it
    std::fprintf(stderr, "flow: an error that nobody looked at: %s (%s)\n",
                 error.code.message().c_str(), error.context.c_str());
#endif
  }

 private:
  // Nothing is destroyed at the end of a thread, so flows may be until then.
  inline static constinit thread_local OnUnseenError* of_this_thread = nullptr;

  std::function<void(const Error&)> tell_;
  OnUnseenError* outer_;
};

}  // namespace parley::flow
