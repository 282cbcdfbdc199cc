#include "environment.hpp"

#include <string_view>

namespace parley::client {

std::string Environment::request(std::string_view method, std::string_view target,
                                 const std::vector<HttpField>& fields) const {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ");
  text.append(url.authority()).append("\r\n");
  for (const auto* some : {&fields, &extra_headers})
    for (const auto& [name, value] : *some)
      text.append(name).append(": ").append(value).append("\r\n");
  return text += "\r\n";
}

}  // namespace parley::client
