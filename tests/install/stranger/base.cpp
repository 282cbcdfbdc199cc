#include <parley/base/base64.hpp>

int main() { return parley::base64_encode("foo") == "Zm9v" ? 0 : 1; }
