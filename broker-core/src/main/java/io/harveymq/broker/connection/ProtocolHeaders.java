package io.harveymq.broker.connection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Says what the first bytes of a connection that is not AMQP 0-9-1 look like. Stateless; any
 * thread.
 */
final class ProtocolHeaders {
  private static final int TLS_HANDSHAKE = 0x16;

  private ProtocolHeaders() {}

  static String describe(long header) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(header).array();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith("GET ") || text.startsWith("POST") || text.startsWith("HEAD")) {
      return "an HTTP request (this port speaks AMQP, not HTTP)";
    }
    if (bytes[0] == TLS_HANDSHAKE && bytes[1] == 3) {
      return "a TLS handshake (this port speaks AMQP without TLS)";
    }
    if (text.startsWith("AMQP")) {
      return "AMQP " + bytes[4] + "," + bytes[5] + "," + bytes[6] + "," + bytes[7];
    }
    return HexFormat.of().formatHex(bytes);
  }
}
