package io.harveymq.management.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.management.http.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Recorded messages as a file, and back, byte for byte. Bodies and properties are as in RabbitMQ's
 * HTTP API; {@code header_types} says what that does not tell, and {@code properties_base64} has
 * properties as on the wire where that is not enough. Any thread.
 */
public final class RecordingJson {
  /** What a file says that it is. */
  public static final String FORMAT = "harvey-recording";

  /** The version that is written, and the only one that is read. */
  public static final int VERSION = 1;

  private static final String DEFAULT_EXCHANGE = "amq.default";
  private static final String EXACT = "properties_base64";
  private static final String TYPES = MessageJson.HEADER_TYPES;

  /** A part of a file ends with the message that makes it so large. */
  private static final int PART_BYTES = 256 << 10;

  /** Ten years. */
  private static final long LATEST = 315_360_000_000L;

  private static final Set<String> OF_A_FILE =
      new TreeSet<>(
          List.of(
              "format",
              "version",
              "vhost",
              "exchange",
              "queue",
              "began",
              "length_ms",
              "ended_by",
              "hidden",
              "messages"));
  private static final Set<String> OF_A_MESSAGE =
      new TreeSet<>(
          List.of(
              "at_ms",
              "exchange",
              "routing_key",
              "mandatory",
              "properties",
              TYPES,
              EXACT,
              "payload",
              "payload_encoding",
              "payload_bytes",
              "queues",
              "user",
              "connection",
              "client"));

  private RecordingJson() {}

  // ---- out

  /** The name of an exchange as people see it. */
  public static String exchangeName(String name) {
    return name.isEmpty() ? DEFAULT_EXCHANGE : name;
  }

  /**
   * A file in parts, with a message on each line. Only what is asked for is made.
   *
   * @param messages of the recording
   * @param hidden those that are left out because they are not to be shown
   */
  public static Iterator<byte[]> write(
      Recording recording, List<RecordedMessage> messages, int hidden) {
    Iterator<RecordedMessage> left = messages.iterator();
    return new Iterator<>() {
      private boolean isBegun;
      private boolean isOver;

      @Override
      public boolean hasNext() {
        return !isOver;
      }

      @Override
      public byte[] next() {
        if (isOver) {
          throw new NoSuchElementException();
        }
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        if (!isBegun) {
          isBegun = true;
          part.writeBytes(head(recording, hidden));
        }
        while (left.hasNext() && part.size() < PART_BYTES) {
          part.writeBytes(Json.write(exact(left.next())));
          part.writeBytes((left.hasNext() ? ",\n" : "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (!left.hasNext()) {
          isOver = true;
          part.writeBytes("]\n}".getBytes(StandardCharsets.UTF_8));
        }
        return part.toByteArray();
      }
    };
  }

  /** All before the messages, with a field on each line. */
  private static byte[] head(Recording recording, int hidden) {
    ObjectNode file = Json.object();
    file.put("format", FORMAT);
    file.put("version", VERSION);
    file.put("vhost", recording.vhost());
    if (recording.rule().exchange() != null) {
      file.put("exchange", exchangeName(recording.rule().exchange()));
    }
    if (recording.rule().queue() != null) {
      file.put("queue", recording.rule().queue());
    }
    file.put("began", recording.began());
    file.put("length_ms", recording.lengthMillis());
    if (!recording.on()) {
      file.put("ended_by", recording.end().toString());
    }
    if (hidden > 0) {
      file.put("hidden", hidden);
    }
    StringBuilder head = new StringBuilder("{\n");
    file.properties()
        .forEach(
            field -> head.append('"' + field.getKey() + "\":" + field.getValue()).append(",\n"));
    return head.append("\"messages\":[\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode exact(RecordedMessage message) {
    ObjectNode body = shown(message, -1);
    byte[] properties = message.content().properties();
    MessageJson.putHeaderTypes(body, properties);
    if (!readsBackAs(body, properties)) {
      body.remove(TYPES);
      body.put(EXACT, Base64.getEncoder().encodeToString(properties));
    }
    return body;
  }

  private static boolean readsBackAs(ObjectNode message, byte[] properties) {
    try {
      JsonNode read =
          Json.read(
              Json.write(
                  Json.object()
                      .<ObjectNode>set("properties", message.get("properties"))
                      .set(TYPES, message.get(TYPES))));
      return Arrays.equals(properties((ObjectNode) read), properties);
    } catch (IOException | ApiException | IllegalArgumentException unreadable) {
      return false;
    }
  }

  /**
   * A message to look at.
   *
   * @param truncate the most bytes of the payload; negative for all
   */
  public static ObjectNode shown(RecordedMessage message, long truncate) {
    ObjectNode body = Json.object();
    body.put("at_ms", message.atMillis());
    MessageJson.put(body, message.content(), false, truncate);
    body.put("mandatory", message.mandatory());
    ArrayNode queues = body.putArray("queues");
    message.queues().forEach(queues::add);
    if (message.by() != null) {
      body.put("user", message.by().user());
      body.put("connection", message.by().connection());
      if (message.by().client() != null) {
        body.put("client", message.by().client());
      }
    }
    return body;
  }

  // ---- in

  /**
   * The messages of a file.
   *
   * @throws ApiException 400 with the place and what to do about it
   */
  public static List<RecordedMessage> read(byte[] document) {
    JsonNode read = json(document);
    if (!(read instanceof ObjectNode file) || !FORMAT.equals(text(file, "format", null))) {
      throw ApiException.badRequest(
          "this is no recording: give a file that was downloaded from one, an object with"
              + " \"format\":\""
              + FORMAT
              + "\"");
    }
    JsonNode version = file.path("version");
    if (!version.isIntegralNumber()
        || !version.canConvertToInt()
        || version.intValue() != VERSION) {
      throw ApiException.badRequest(
          "version " + version + " is not known here; " + VERSION + " is");
    }
    requireKnown(file, OF_A_FILE, "the file");
    if (!(file.get("messages") instanceof ArrayNode all)) {
      throw ApiException.badRequest("messages has to be a list");
    }
    List<RecordedMessage> messages = new ArrayList<>(all.size());
    long at = 0;
    for (int i = 0; i < all.size(); i++) {
      RecordedMessage message = message(i, all.get(i), at);
      at = message.atMillis();
      messages.add(message);
    }
    return messages;
  }

  private static JsonNode json(byte[] document) {
    try {
      return Json.read(document);
    } catch (JsonProcessingException broken) {
      // limits of the parser are told without a place
      JsonLocation at = broken.getLocation();
      String place =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw ApiException.badRequest("no JSON" + place + ": " + broken.getOriginalMessage());
    } catch (IOException broken) {
      throw ApiException.badRequest("no JSON: " + broken.getMessage());
    }
  }

  private static RecordedMessage message(int number, JsonNode json, long before) {
    String place = "message " + number;
    if (!(json instanceof ObjectNode message)) {
      throw ApiException.badRequest(place + " has to be an object");
    }
    requireKnown(message, OF_A_MESSAGE, place);
    try {
      String exchange = text(message, "exchange", "");
      byte[] address =
          Content.address(
              exchange.equals(DEFAULT_EXCHANGE) ? "" : exchange, required(message, "routing_key"));
      Content content = new Content(address, properties(message), body(message));
      return new RecordedMessage(
          at(message, before), content, isMandatory(message), List.of(), null);
    } catch (ApiException wrong) {
      throw ApiException.badRequest(place + ": " + sentence(wrong.reason()));
    } catch (AmqpException malformed) {
      throw ApiException.badRequest(place + ": " + EXACT + " has no properties of a message");
    } catch (IllegalArgumentException tooLong) {
      throw ApiException.badRequest(
          place + ": exchange and routing_key may have 255 bytes at most");
    }
  }

  private static void requireKnown(ObjectNode object, Set<String> known, String what) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw ApiException.badRequest(
            what
                + " has '"
                + name
                + "', which is not known; there are "
                + String.join(", ", known));
      }
    }
  }

  /** Some reasons are pairs, as RabbitMQ gives them. */
  private static String sentence(JsonNode reason) {
    if (reason.isTextual()) {
      return reason.textValue();
    }
    return switch (reason.path(0).asText()) {
      case "not_string" -> reason.path(1).asText() + " has to be a string";
      case "not_int" -> reason.path(1).asText() + " has to be a whole number";
      default -> reason.toString();
    };
  }

  private static String required(ObjectNode message, String name) {
    String text = text(message, name, null);
    if (text == null) {
      throw ApiException.badRequest(name + " is missing");
    }
    return text;
  }

  private static String text(ObjectNode message, String name, String otherwise) {
    JsonNode value = message.get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(name + " has to be a string");
    }
    return value.textValue();
  }

  private static long at(ObjectNode message, long before) {
    JsonNode value = message.get("at_ms");
    if (value == null) {
      return before;
    }
    boolean isLong = value.isIntegralNumber() && value.canConvertToLong();
    if (!isLong || value.longValue() < 0 || value.longValue() > LATEST) {
      throw ApiException.badRequest("at_ms has to be a whole number from 0 to " + LATEST);
    }
    return value.longValue();
  }

  private static boolean isMandatory(ObjectNode message) {
    JsonNode value = message.get("mandatory");
    if (value != null && !value.isBoolean()) {
      throw ApiException.badRequest("mandatory has to be true or false");
    }
    return value != null && value.booleanValue();
  }

  private static byte[] body(ObjectNode message) {
    String payload = required(message, "payload");
    String encoding = text(message, "payload_encoding", "string");
    return switch (encoding) {
      case "string" -> payload.getBytes(StandardCharsets.UTF_8);
      case "base64" -> base64("payload", payload);
      default ->
          throw ApiException.badRequest(
              "payload_encoding '" + encoding + "' is not known; there are string and base64");
    };
  }

  private static byte[] base64(String name, String text) {
    try {
      return MessageJson.decoded(text);
    } catch (IllegalArgumentException broken) {
      throw ApiException.badRequest(name + " is not base64: " + broken.getMessage());
    }
  }

  private static byte[] properties(ObjectNode message) {
    String exact = text(message, EXACT, null);
    if (exact != null) {
      byte[] encoded = base64(EXACT, exact);
      BasicProperties.validate(encoded);
      return encoded;
    }
    JsonNode given = message.get("properties");
    return given == null
        ? BasicProperties.EMPTY.encoded()
        : PropertiesJson.read(given, message.get(TYPES)).encoded();
  }
}
