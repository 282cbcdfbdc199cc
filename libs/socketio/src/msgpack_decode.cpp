#include <parley/base/check.hpp>
#include <parley/socketio/json_writer.hpp>
#include <parley/socketio/msgpack.hpp>

#include <parley/socketio/iso_date.hpp>
#include "json.hpp"
#include "msgpack.hpp"
#include "understand.hpp"

#include <simdjson.h>

#include <utility>
#include <variant>

namespace parley::socketio {

namespace {

using msgpack::Reader;

/// Writes values of a message as JSON.
class Transcriber {
 public:
  Transcriber(Reader& reader, std::string& json) : reader_{reader}, writer_{json} {}

  /// The next value; false if it is none, or none that JSON can hold.
  bool transcribe(int depth = 0) {
    if (reader_.take_undefined()) {
      writer_.null();
      return true;
    }
    const auto value = reader_.next();
    if (!value || depth > json_depth_max) return false;
    return std::visit(Match{
                          [&](const msgpack::Array& array) { return transcribe(array, depth); },
                          [&](const msgpack::Map& map) { return transcribe(map, depth); },
                          [&](const auto& scalar) {
                            write(scalar);
                            return true;
                          },
                      },
                      *value);
  }

  const std::vector<std::string_view>& attachments() const { return writer_.attachments(); }
  /// Whether there was an object that may be taken for a place of one of them.
  bool has_placeholders() const { return has_placeholders_; }

 private:
  bool transcribe(const msgpack::Array& array, int depth) {
    writer_.begin_array();
    for (auto left = array.size; left > 0; --left) {
      if (!transcribe(depth + 1)) return false;
    }
    writer_.end_array();
    return true;
  }

  bool transcribe(const msgpack::Map& map, int depth) {
    writer_.begin_object();
    for (auto left = map.size; left > 0; --left) {
      const auto key = reader_.next();
      // What JSON.stringify leaves out.
      if (key && reader_.take_undefined()) continue;
      if (!key || !write_name(*key) || !transcribe(depth + 1)) return false;
    }
    writer_.end_object();
    return true;
  }

  // A number is the name that JavaScript makes of it.
  bool write_name(const msgpack::Value& key) {
    const auto* text = std::get_if<msgpack::Text>(&key);
    const auto* number = std::get_if<std::uint64_t>(&key);
    if (text != nullptr) {
      writer_.name(text->bytes);
      has_placeholders_ |= text->bytes == "_placeholder";
    }
    if (number != nullptr) writer_.name(std::to_string(*number));
    return text != nullptr || number != nullptr;
  }

  void write(std::monostate) { writer_.null(); }
  void write(bool value) { writer_.boolean(value); }
  void write(std::uint64_t value) { writer_.number(value); }
  void write(std::int64_t value) { writer_.number(value); }
  void write(double value) { writer_.number(value); }
  void write(msgpack::Text text) { writer_.string(text.bytes); }
  void write(msgpack::Binary binary) { writer_.bytes({binary.bytes}); }

  // As the parser of the field's clients has it: type 0 is an ArrayBuffer or, in the format with
  // eight bytes, a Date; whatever else is an array of its type and its bytes.
  void write(const msgpack::Extension& extension) {
    if (extension.type != 0 || (extension.is_fixed && extension.bytes.size() != 8)) {
      writer_.array(extension.type, Bytes{extension.bytes});
    } else if (extension.is_fixed) {
      write_date(extension.bytes);
    } else {
      writer_.bytes({extension.bytes});
    }
  }

  void write_date(std::string_view eight) {
    std::uint64_t milliseconds = 0;
    for (const char c : eight) milliseconds = milliseconds << 8 | static_cast<std::uint8_t>(c);
    const auto date = iso_date(static_cast<std::int64_t>(milliseconds));
    writer_.value(date);
  }

  Reader& reader_;
  JsonWriter writer_;
  bool has_placeholders_ = false;
};

/// A packet's map as it stands in the message.
struct Fields {
  std::optional<std::uint64_t> type;
  std::optional<std::string_view> name_space;
  std::optional<std::uint64_t> ack;
  std::string json;  // empty if there is no data
  std::vector<std::string_view> attachments;
  bool has_placeholders = false;
};

// Of what is given twice the last counts. Names that we do not know ("options") are passed.
bool read_field(Reader& reader, std::string_view name, Fields& fields) {
  if (name == "data") {
    fields.json.clear();
    fields.attachments.clear();
    if (reader.take_undefined()) return true;
    Transcriber transcriber{reader, fields.json};
    const bool is_whole = transcriber.transcribe();
    fields.attachments = transcriber.attachments();
    fields.has_placeholders = transcriber.has_placeholders();
    return is_whole;
  }
  if (name == "id" && reader.take_undefined()) return true;
  if (name != "type" && name != "id" && name != "nsp") return reader.skip();

  const auto value = reader.next();
  if (!value) return false;
  if (name == "nsp") {
    const auto* text = std::get_if<msgpack::Text>(&*value);
    if (text != nullptr) fields.name_space = text->bytes;
    return text != nullptr;
  }
  const auto* number = std::get_if<std::uint64_t>(&*value);
  if (number != nullptr) (name == "id" ? fields.ack : fields.type) = *number;
  return number != nullptr;
}

std::optional<Fields> read_fields(std::string_view message) {
  Reader reader{message};
  const auto value = reader.next();
  const auto* map = value ? std::get_if<msgpack::Map>(&*value) : nullptr;
  if (map == nullptr) return std::nullopt;
  Fields fields;
  for (auto left = map->size; left > 0; --left) {
    const auto key = reader.next();
    const auto* name = key ? std::get_if<msgpack::Text>(&*key) : nullptr;
    if (name == nullptr || !read_field(reader, name->bytes, fields)) return std::nullopt;
  }
  if (!reader.is_at_end()) return std::nullopt;
  return fields;
}

std::optional<Violation> fault_in(const Fields& fields, const DecoderLimits& limits) {
  if (!fields.type || *fields.type > static_cast<std::uint64_t>(PacketType::connect_error))
    return Violation::unknown_packet_type;
  if (!fields.name_space) return Violation::illegal_msgpack;
  if (!simdjson::validate_utf8(fields.name_space->data(), fields.name_space->size()))
    return Violation::not_utf8;
  if (fields.ack && *fields.ack > ack_id_max) return Violation::illegal_ack_id;
  // Who may name an attachment twice may name it thousands of times, and we would write as many.
  if (fields.has_placeholders && !fields.attachments.empty()) return Violation::illegal_attachments;
  if (fields.attachments.size() > limits.max_attachments) return Violation::too_many_attachments;
  std::size_t bytes = 0;
  for (const auto attachment : fields.attachments) bytes += attachment.size();
  if (bytes > limits.max_attachment_bytes) return Violation::attachments_too_large;
  return std::nullopt;
}

PacketType type_of(const Fields& fields) {
  const auto type = static_cast<PacketType>(*fields.type);
  return fields.attachments.empty() ? type : with_attachments(type);
}

}  // namespace

Result<Packet, Violation> decode_msgpack(MessageKind kind, std::string_view message,
                                         const DecoderLimits& limits) {
  if (kind != MessageKind::binary) return std::unexpected{Violation::illegal_msgpack};
  auto fields = read_fields(message);
  if (!fields) return std::unexpected{Violation::illegal_msgpack};
  if (const auto fault = fault_in(*fields, limits)) return std::unexpected{*fault};

  auto stored = std::make_unique<StoredPacket>();
  stored->text = std::move(fields->json);
  stored->attachments.assign(fields->attachments.begin(), fields->attachments.end());
  Header header{.type = type_of(*fields),
                .attachments = stored->attachments.size(),
                .name_space = *fields->name_space,
                .json = stored->text};
  if (fields->ack) header.ack = AckId{*fields->ack};
  auto packet = understand(header, limits.sender, std::move(stored));
  if (packet) packet->arguments.attachments = packet->stored->attachments;
  return packet;
}

}  // namespace parley::socketio
