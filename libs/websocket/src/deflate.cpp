#include <parley/base/check.hpp>
#include <parley/websocket/deflate.hpp>

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace parley::websocket {

namespace {

// What is cleared for each message grows with these, and what is gained hardly does.
constexpr int window_bits = 11;
constexpr int level = 4;
constexpr int memory_level = 4;

// What the compressor writes at the end of a message and the frame leaves out.
constexpr std::string_view tail{"\0\0\xff\xff", 4};

// A buffer larger than this is not kept for the next message.
constexpr std::size_t kept_bytes = std::size_t{64} * 1024;

Bytef* bytes_of(std::string_view text) {
  // zlib's input is not const, and is not written to.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

uInt count_of(std::size_t size) {
  PARLEY_CHECK(size <= std::numeric_limits<uInt>::max());
  return static_cast<uInt>(size);
}

}  // namespace

struct Deflater::Stream {
  z_stream z{};
};

Deflater::Deflater() : stream_{std::make_unique<Stream>()} {
  if (deflateInit2(&stream_->z, level, Z_DEFLATED, -window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc{};
}

Deflater::~Deflater() { deflateEnd(&stream_->z); }

std::optional<Payload> Deflater::deflate(std::string_view message, Arena& arena) {
  Payload payload{arena, message.size()};
  auto& z = stream_->z;
  deflateReset(&z);
  z.next_in = bytes_of(message);
  z.avail_in = count_of(message.size());
  z.next_out = reinterpret_cast<Bytef*>(payload.bytes().data());
  z.avail_out = count_of(payload.size());
  // Without room left there may be more to come.
  if (::deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_out == 0) return std::nullopt;
  return payload.first(payload.size() - z.avail_out - tail.size());
}

struct Inflater::Stream {
  z_stream z{};

  // Between two blocks, and between two bytes: zlib.h, "inflate", on data_type.
  bool is_at_border() const { return z.data_type == 128; }
};

Inflater::Inflater() : stream_{std::make_unique<Stream>()} {
  // The largest window, so that clients may use what they like.
  if (inflateInit2(&stream_->z, -MAX_WBITS) != Z_OK) throw std::bad_alloc{};
}

Inflater::~Inflater() { inflateEnd(&stream_->z); }

Result<std::string_view, CloseCode> Inflater::inflate(std::string_view payload,
                                                      std::size_t bytes_max) {
  if (buffer_.size() > kept_bytes) buffer_ = {};
  size_ = 0;
  has_ended_ = false;
  inflateReset(&stream_->z);
  for (const auto part : {payload, tail}) {
    if (const auto fault = add(part, bytes_max)) return std::unexpected{*fault};
  }
  if (!has_ended_ && !stream_->is_at_border()) return std::unexpected{CloseCode::invalid_payload};
  return std::string_view{buffer_}.substr(0, size_);
}

std::optional<CloseCode> Inflater::add(std::string_view compressed, std::size_t bytes_max) {
  auto& z = stream_->z;
  z.next_in = bytes_of(compressed);
  z.avail_in = count_of(compressed.size());
  for (;;) {
    make_room(bytes_max);
    if (has_ended_ && z.avail_in > 0) {
      // Some end each message with a last block (section 7.2.3.4); others may follow.
      inflateReset(&z);
      has_ended_ = false;
    }
    z.next_out = reinterpret_cast<Bytef*>(buffer_.data() + size_);
    z.avail_out = count_of(buffer_.size() - size_);
    const auto outcome = ::inflate(&z, Z_SYNC_FLUSH);
    size_ = buffer_.size() - z.avail_out;
    if (size_ > bytes_max) return CloseCode::message_too_big;
    has_ended_ = outcome == Z_STREAM_END;
    if (!has_ended_ && outcome != Z_OK && outcome != Z_BUF_ERROR) return CloseCode::invalid_payload;
    if (z.avail_in == 0 && (has_ended_ || z.avail_out > 0)) return std::nullopt;
  }
}

// At most for one byte more than may be: if that comes, it was too much.
void Inflater::make_room(std::size_t bytes_max) {
  constexpr std::size_t first_size = 4096;
  if (size_ == buffer_.size())
    buffer_.resize(std::min(std::max(2 * buffer_.size(), first_size), bytes_max + 1));
}

}  // namespace parley::websocket
