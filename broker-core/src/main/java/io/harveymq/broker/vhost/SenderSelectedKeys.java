package io.harveymq.broker.vhost;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.List;

/**
 * RabbitMQ's sender-selected distribution: the headers CC and BCC hold further routing keys, and
 * BCC is not shown to consumers. Stateless; any thread.
 */
public final class SenderSelectedKeys {
  private static final String CC = "CC";
  private static final String BCC = "BCC";

  private SenderSelectedKeys() {}

  /** Whether the properties might have such a header; quick, and true too often. */
  public static boolean mayBeIn(byte[] properties) {
    if (!BasicProperties.hasHeaders(properties)) {
      return false;
    }
    for (int i = 2; i < properties.length; i++) {
      if (properties[i] == 'C' && properties[i - 1] == 'C') {
        return true;
      }
    }
    return false;
  }

  /**
   * The further keys in a modifiable list.
   *
   * @throws ChannelException 406 when one of the headers is not an array
   */
  public static List<String> of(FieldTable headers) {
    List<String> keys = new ArrayList<>();
    add(headers, CC, keys);
    add(headers, BCC, keys);
    return keys;
  }

  private static void add(FieldTable headers, String name, List<String> keys) {
    FieldValue value = headers.get(name);
    if (value instanceof FieldValue.Array array) {
      for (FieldValue key : array.values()) {
        if (key instanceof FieldValue.LongString string) {
          keys.add(string.asString());
        }
      }
    } else if (value != null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid message: {unacceptable_type_in_header,\""
              + name
              + "\","
              + value.typeName()
              + "}");
    }
  }

  /** The keys in BCC, which consumers don't get to see. */
  public static List<String> hidden(byte[] properties) {
    List<String> keys = new ArrayList<>();
    add(BasicProperties.trusted(properties).headers(), BCC, keys);
    return keys;
  }

  /** The properties as consumers get them: without BCC. The same array when there is none. */
  public static byte[] withoutBcc(byte[] properties) {
    if (!mayBeIn(properties)) {
      return properties;
    }
    BasicProperties decoded = BasicProperties.trusted(properties);
    FieldTable headers = decoded.headers();
    if (!headers.containsKey(BCC)) {
      return properties;
    }
    return decoded.toBuilder().headers(headers.without(BCC)).build().encoded();
  }
}
