// Asio's own code, compiled once: see BOOST_ASIO_SEPARATE_COMPILATION in CMakeLists.txt.

#include <boost/asio/impl/src.hpp>
