#pragma once

#include <parley/flow/callback.hpp>
#include <parley/flow/task.hpp>

#include <utility>

namespace parley::flow {

/// Routes the outcome of a flow, success or failure, into the step of another flow that waits for
/// `done`. It succeeds itself either way, in the call that completed the flow. If it is cancelled
/// before, its copy of `done` is gone.
template <class T>
task<> pipe(task<T> flow, Done<T> done) {
  done.complete(co_await attempt(std::move(flow)));
}

}  // namespace parley::flow
