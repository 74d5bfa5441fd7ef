package io.harveymq.codec;

import java.nio.charset.StandardCharsets;

/**
 * What of a published message goes out again as it came in: where it was published to, its
 * properties and its body. The arrays are never changed; any thread.
 */
public class Content {
  private final byte[] address;
  private final byte[] properties;
  private final byte[] body;

  /**
   * @param address exchange and routing key, see {@link #address(String, String)}
   * @param properties property flags and values as on the wire
   * @param body the whole body
   */
  public Content(byte[] address, byte[] properties, byte[] body) {
    this.address = address;
    this.properties = properties;
    this.body = body;
  }

  /**
   * Exchange and routing key as two consecutive short strings, as deliver, get-ok and return carry
   * them.
   */
  public final byte[] address() {
    return address;
  }

  /** Property flags and values as on the wire. */
  public final byte[] properties() {
    return properties;
  }

  /** The whole body. */
  public final byte[] body() {
    return body;
  }

  /** The name of the exchange that it was published to. */
  public final String exchange() {
    return new String(address, 1, address[0] & 0xFF, StandardCharsets.UTF_8);
  }

  /** The routing key that it was published with. */
  public final String routingKey() {
    int at = 1 + (address[0] & 0xFF);
    return new String(address, at + 1, address[at] & 0xFF, StandardCharsets.UTF_8);
  }

  /**
   * Encodes exchange and routing key as {@link #address()} has them.
   *
   * @throws IllegalArgumentException if one has more than 255 bytes in UTF-8
   */
  public static byte[] address(String exchange, String routingKey) {
    byte[] first = exchange.getBytes(StandardCharsets.UTF_8);
    byte[] second = routingKey.getBytes(StandardCharsets.UTF_8);
    if (Math.max(first.length, second.length) > ShortString.MAX_BYTES) {
      throw new IllegalArgumentException("address of " + first.length + " + " + second.length);
    }
    byte[] both = new byte[2 + first.length + second.length];
    both[0] = (byte) first.length;
    System.arraycopy(first, 0, both, 1, first.length);
    both[1 + first.length] = (byte) second.length;
    System.arraycopy(second, 0, both, 2 + first.length, second.length);
    return both;
  }
}
