// What the standard library calls when it has to end the program. Its own versions print the
// reason, and printing would bring stdio and three imports into the module; a page sees the trap.

#include <__verbose_abort>

_LIBCPP_BEGIN_NAMESPACE_STD
void __libcpp_verbose_abort(const char*, ...) { __builtin_trap(); }
_LIBCPP_END_NAMESPACE_STD

extern "C" void abort_message(const char*, ...) { __builtin_trap(); }
