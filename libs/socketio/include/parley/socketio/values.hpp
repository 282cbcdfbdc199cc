#pragma once

// Values of events and acknowledgements for applications: reading them (Json, arguments_as) and
// writing them (JsonWriter).
#include <parley/socketio/json_read.hpp>    // IWYU pragma: export
#include <parley/socketio/json_view.hpp>    // IWYU pragma: export
#include <parley/socketio/json_writer.hpp>  // IWYU pragma: export
