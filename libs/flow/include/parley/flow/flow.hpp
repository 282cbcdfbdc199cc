#pragma once

/// All of the library. What holds for every word of it:
///
/// A flow, all that it awaits and all that it waits for belong to one thread, that of their
/// scheduler; what has none belongs to the thread of whoever awaits it. Destroying a task cancels
/// it, at every point at which it can wait: what it holds and what it awaits is destroyed, and
/// nothing of it resumes. A failure ends the flow that awaits it; what a word adds to that, when it
/// completes and what it fails with by itself is said where it is declared.

#include <parley/flow/any.hpp>
#include <parley/flow/around.hpp>
#include <parley/flow/callback.hpp>
#include <parley/flow/channel.hpp>
#include <parley/flow/event.hpp>
#include <parley/flow/filter.hpp>
#include <parley/flow/first.hpp>
#include <parley/flow/fork.hpp>
#include <parley/flow/gate.hpp>
#include <parley/flow/iterable.hpp>
#include <parley/flow/last.hpp>
#include <parley/flow/mailbox.hpp>
#include <parley/flow/map.hpp>
#include <parley/flow/merge.hpp>
#include <parley/flow/none.hpp>
#include <parley/flow/pipe.hpp>
#include <parley/flow/pipeline.hpp>
#include <parley/flow/race.hpp>
#include <parley/flow/react.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/scope.hpp>
#include <parley/flow/source.hpp>
#include <parley/flow/stream.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/together.hpp>
#include <parley/flow/turns.hpp>
#include <parley/flow/unseen.hpp>
#include <parley/flow/until.hpp>
#include <parley/flow/waterfall.hpp>
#include <parley/flow/within.hpp>
#include <parley/flow/wrap.hpp>
