#pragma once

#include <parley/flow/event.hpp>
#include <parley/flow/gate.hpp>
#include <parley/flow/mailbox.hpp>
#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow/within.hpp>
