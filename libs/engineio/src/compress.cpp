#include <parley/base/accept_encoding.hpp>
#include <parley/base/check.hpp>
#include <parley/engineio/compress.hpp>

#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>

namespace parley::engineio {

namespace {

// For deflateInit2(): the window's bits, and 16 more for the frame of gzip instead of zlib's, which
// is what HTTP calls deflate (RFC 9110, section 8.4.1.2).
constexpr int zlib_frame = 15;
constexpr int gzip_frame = 15 + 16;
constexpr int memory_level = 8;

std::string packed(std::string_view bytes, int frame) {
  z_stream stream{};
  // It fails without memory only, as our own strings do.
  PARLEY_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, frame, memory_level,
                            Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  PARLEY_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

Coding coding_for(const HttpRequest& request) {
  const auto accepted = request.field("Accept-Encoding").value_or("");
  const int gzip = coding_weight(accepted, "gzip");
  const int deflate = coding_weight(accepted, "deflate");
  if (gzip == 0 && deflate == 0) return Coding::identity;
  return gzip >= deflate ? Coding::gzip : Coding::deflate;
}

void compress(HttpResponse& response, Coding coding) {
  if (coding == Coding::identity) return;
  const bool is_gzip = coding == Coding::gzip;
  response.body = packed(response.body, is_gzip ? gzip_frame : zlib_frame);
  response.fields.push_back({"Content-Encoding", is_gzip ? "gzip" : "deflate"});
}

}  // namespace parley::engineio
