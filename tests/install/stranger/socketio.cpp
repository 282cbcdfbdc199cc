#include <parley/socketio/message.hpp>

int main() {
  const parley::socketio::Message message{"move", 3};
  const auto values = parley::socketio::values_of<int>(message, 1);
  return values && std::get<0>(*values) == 3 ? 0 : 1;
}
