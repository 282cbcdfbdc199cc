#pragma once

#include "options.hpp"

namespace parley::bench {

// Each runs one case and prints its line. Those in `/rtc` load the lesson's namespace: `identify`
// pairs two consecutive arrivals, `signal` goes to the partner.

/// Pairs in `/rtc` that hand `in_flight` signals to and fro, as fast as they go.
void run_relay(const Options& options);

/// Pairs in `/rtc`, one of which sends at a fixed rate: how long signals take.
void run_latency(const Options& options);

/// Connections that do nothing: memory of each, also after it has relayed one signal.
void run_idle(const Options& options);

/// Pairs that connect, join `/rtc`, relay a signal each way, and leave, over and over.
void run_connect(const Options& options);

/// So many clients come and go, half of them rudely; a line at each tenth of what the server has
/// and holds while nobody is there.
void run_churn(const Options& options);

/// All connections at once, until all have joined `/broadcast`.
void run_storm(const Options& options);

/// One client of `/broadcast` says something, and all hear it, the one included; then the next.
void run_broadcast(const Options& options);

}  // namespace parley::bench
