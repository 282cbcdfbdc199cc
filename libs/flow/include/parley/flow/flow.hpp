#pragma once

#include <parley/flow/any.hpp>
#include <parley/flow/event.hpp>
#include <parley/flow/first.hpp>
#include <parley/flow/gate.hpp>
#include <parley/flow/last.hpp>
#include <parley/flow/mailbox.hpp>
#include <parley/flow/map.hpp>
#include <parley/flow/none.hpp>
#include <parley/flow/pipeline.hpp>
#include <parley/flow/race.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/together.hpp>
#include <parley/flow/unseen.hpp>
#include <parley/flow/until.hpp>
#include <parley/flow/within.hpp>
