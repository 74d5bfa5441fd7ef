package io.harveymq.broker.connection;

import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.node.AccessEvents;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.StringJoiner;

/**
 * What the event exchange is told of logins; nothing while there is none. Addresses are written as
 * Erlang does. Stateless; called on the loop of the connection.
 */
final class AuthenticationEvents {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_REASON = 1_000;

  private AuthenticationEvents() {}

  /**
   * Tells of a login.
   *
   * @param refusal why it was refused; null when it was not
   */
  static void login(Connection connection, SaslMechanism mechanism, String user, String refusal) {
    AccessEvents events = connection.node().access().events();
    if (events == null) {
      return;
    }
    SocketLink link = connection.link();
    FieldTable.Builder headers =
        FieldTable.builder()
            .put("ssl", link.tls() != null)
            .put("auth_mechanism", mechanism.toString())
            .put("protocol", "{0,9,1}")
            .put("peer_port", port(link.peer()))
            .put("peer_host", host(link.peer()))
            .put("connection_name", link.toString())
            .put("host", host(link.local()))
            .put("name", cut(user, LONGEST_NAME))
            .put("connection_type", "network");
    EventExchange exchange = events.exchange();
    if (refusal == null) {
      exchange.execute(() -> exchange.emit("user.authentication.success", headers));
    } else {
      headers.put("error", characters(cut(refusal, LONGEST_REASON)));
      exchange.execute(() -> exchange.emit("user.authentication.failure", headers));
    }
  }

  /** Nobody who logged in has a longer name; others could make the broker send a lot. */
  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  static long port(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  /** The address as Erlang prints it, such as {@code {127,0,0,1}}. */
  static String host(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return String.valueOf(address);
    }
    byte[] bytes = inet.getAddress().getAddress();
    int size = bytes.length > 4 ? Short.BYTES : Byte.BYTES;
    StringJoiner parts = new StringJoiner(",", "{", "}");
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      parts.add("" + (size == 1 ? buffer.get() & 0xFF : buffer.getShort() & 0xFFFF));
    }
    return parts.toString();
  }

  /** RabbitMQ gives this text as an array of its characters. */
  private static FieldValue characters(String text) {
    return FieldValue.of(text.chars().mapToObj(c -> FieldValue.of((long) c)).toList());
  }
}
