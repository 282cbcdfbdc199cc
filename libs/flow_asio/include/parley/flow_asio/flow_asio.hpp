#pragma once

#include <parley/flow_asio/async_run.hpp>
#include <parley/flow_asio/scheduler.hpp>
#include <parley/flow_asio/step.hpp>
