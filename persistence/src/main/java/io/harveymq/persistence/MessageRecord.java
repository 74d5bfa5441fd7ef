package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.StoredMessage;
import java.nio.ByteBuffer;

/**
 * The form of a message in a segment: a header, exchange and routing key, properties, and the body
 * or where that lies. Stateless; any thread.
 */
final class MessageRecord {
  static final int HEADER = 16;
  static final int DELIVERIES_AT = 6;

  private static final int POSITION_AT = 4;
  private static final int FLAGS_AT = 8;
  private static final int ADDRESS_AT = 10;
  private static final int PROPERTIES_AT = 12;

  private static final int TRANSIENT = 1;
  private static final int EXTERNAL = 2;

  /** The properties are in front of the body, outside. */
  private static final int PROPERTIES_EXTERNAL = 4;

  /** There is a due time between header and exchange. */
  private static final int DUE = 8;

  private static final int DEAD_LETTER = 16;

  /** There is a time of arrival before exchange; older stores have none. */
  private static final int ARRIVED = 32;

  private static final int DUE_BYTES = Long.BYTES;
  private static final int ARRIVED_BYTES = Integer.BYTES;

  private MessageRecord() {}

  /**
   * What a record begins with.
   *
   * @param length of the record, in bytes
   * @param position counted from the first of the segment
   * @param due milliseconds since the epoch, 0 for never
   */
  record Head(int length, int position, long due, boolean survives) {}

  /**
   * Bytes of the record.
   *
   * @param ref null when the body is in it
   */
  static int length(Message message, long due, BodyRef ref) {
    int length = HEADER + (due > 0 ? DUE_BYTES : 0) + (message.arrived() == 0 ? 0 : ARRIVED_BYTES);
    length += message.address().length;
    return ref == null
        ? length + message.properties().length + message.body().length
        : length + message.properties().length - Bodies.inFront(message) + ref.encodedLength();
  }

  /**
   * Writes one.
   *
   * @param ref null when the body is in it
   */
  static void write(ByteBuffer to, Head head, Message message, BodyRef ref) {
    byte[] properties = message.properties();
    boolean inFront = ref != null && Bodies.inFront(message) > 0;
    int flags =
        (head.survives() ? 0 : TRANSIENT)
            | (head.due() > 0 ? DUE : 0)
            | (message.isDeadLetter() ? DEAD_LETTER : 0)
            | (message.arrived() == 0 ? 0 : ARRIVED)
            | (ref == null ? 0 : EXTERNAL)
            | (inFront ? PROPERTIES_EXTERNAL : 0);
    to.putInt(head.length())
        .putShort((short) head.position())
        .putShort((short) 0)
        .putShort((short) (flags << Byte.SIZE))
        .putShort((short) message.address().length)
        .putInt(properties.length);
    if (head.due() > 0) {
      to.putLong(head.due());
    }
    if (message.arrived() != 0) {
      to.putInt(message.arrived());
    }
    to.put(message.address());
    if (!inFront) {
      to.put(properties);
    }
    if (ref == null) {
      to.put(message.body());
    } else {
      ref.write(to);
    }
  }

  /**
   * The length of the record that begins there.
   *
   * @param end of the records in the buffer
   * @throws IllegalStateException when there can't be one
   */
  static int length(ByteBuffer from, int at, int end) {
    int length = end - at < HEADER ? 0 : from.getInt(at);
    if (length < HEADER
        || length > end - at
        || inlineProperties(from, at) < 0
        || addressAt(from, at) - at + addressLength(from, at) + (long) inlineProperties(from, at)
            > length) {
      throw new IllegalStateException("no message can look like what is at byte " + at);
    }
    return length;
  }

  static int position(ByteBuffer from, int at) {
    return from.getShort(at + POSITION_AT) & 0xFFFF;
  }

  /** Gives a record that begins there another position in its segment. */
  static void move(ByteBuffer record, int at, int position) {
    record.putShort(at + POSITION_AT, (short) position);
  }

  static int deliveries(ByteBuffer from, int at) {
    return from.getShort(at + DELIVERIES_AT) & 0xFFFF;
  }

  static boolean survives(ByteBuffer from, int at) {
    return (from.get(at + FLAGS_AT) & TRANSIENT) == 0;
  }

  static boolean isExternal(ByteBuffer from, int at) {
    return (from.get(at + FLAGS_AT) & EXTERNAL) != 0;
  }

  /** Where the body lies; only when it is external. */
  static BodyRef ref(ByteBuffer from, int at) {
    return BodyRef.read(from.slice(bodyAt(from, at), from.getInt(at) - (bodyAt(from, at) - at)));
  }

  /** Bytes of body and properties. */
  static int messageBytes(ByteBuffer from, int at) {
    return bodyBytes(from, at) + from.getInt(at + PROPERTIES_AT);
  }

  /** Bytes of the body. */
  static int bodyBytes(ByteBuffer from, int at) {
    if (!isExternal(from, at)) {
      return from.getInt(at) - (bodyAt(from, at) - at);
    }
    int inFront = from.getInt(at + PROPERTIES_AT) - inlineProperties(from, at);
    return ref(from, at).length() - inFront;
  }

  private static int bodyAt(ByteBuffer from, int at) {
    return addressAt(from, at) + addressLength(from, at) + inlineProperties(from, at);
  }

  private static int addressAt(ByteBuffer from, int at) {
    int arrived = (from.get(at + FLAGS_AT) & ARRIVED) == 0 ? 0 : ARRIVED_BYTES;
    return arrivedAt(from, at) + arrived;
  }

  private static int arrivedAt(ByteBuffer from, int at) {
    return at + HEADER + ((from.get(at + FLAGS_AT) & DUE) == 0 ? 0 : DUE_BYTES);
  }

  /** Milliseconds since the epoch; 0 for never. */
  static long due(ByteBuffer from, int at) {
    return (from.get(at + FLAGS_AT) & DUE) == 0 ? 0 : from.getLong(at + HEADER);
  }

  /** As {@link Message#arrived} tells; 0 when it is not known. */
  static int arrived(ByteBuffer from, int at) {
    return (from.get(at + FLAGS_AT) & ARRIVED) == 0 ? 0 : from.getInt(arrivedAt(from, at));
  }

  private static int addressLength(ByteBuffer from, int at) {
    return from.getShort(at + ADDRESS_AT) & 0xFFFF;
  }

  private static int inlineProperties(ByteBuffer from, int at) {
    boolean inFront = (from.get(at + FLAGS_AT) & PROPERTIES_EXTERNAL) != 0;
    int length = from.getInt(at + PROPERTIES_AT);
    return inFront ? 0 : length;
  }

  /** Makes messages of records, with arrays that those in a row share where they can. */
  static final class Reader {
    private final Bodies bodies;
    private byte[] address = {};
    private byte[] properties = {};

    Reader(Bodies bodies) {
      this.bodies = bodies;
    }

    /**
     * The message whose record begins there, with what is noted about it.
     *
     * @param first position of the segment
     */
    StoredMessage stored(long first, ByteBuffer from, int at) {
      Message message = message(from, at);
      if ((from.get(at + FLAGS_AT) & DEAD_LETTER) != 0) {
        message.markDeadLetter();
      }
      message.arrived(arrived(from, at));
      return new StoredMessage(
          first + position(from, at), message, due(from, at), deliveries(from, at));
    }

    /** The message whose record begins there. */
    Message message(ByteBuffer from, int at) {
      int start = addressAt(from, at);
      address = same(address, from, start, addressLength(from, at));
      start += address.length;
      boolean inFront = (from.get(at + FLAGS_AT) & PROPERTIES_EXTERNAL) != 0;
      int propertyBytes = from.getInt(at + PROPERTIES_AT);
      if (!isExternal(from, at)) {
        properties = same(properties, from, start, propertyBytes);
        start += propertyBytes;
        byte[] body = new byte[at + from.getInt(at) - start];
        from.get(start, body);
        return new Message(address, properties, body);
      }
      BodyRef ref = ref(from, at);
      if (inFront) {
        properties = bodies.read(ref, 0, propertyBytes);
        return new Message(
            address, properties, bodies.read(ref, propertyBytes, ref.length() - propertyBytes));
      }
      properties = same(properties, from, start, propertyBytes);
      return new Message(address, properties, bodies.read(ref, 0, ref.length()));
    }

    private static byte[] same(byte[] last, ByteBuffer from, int at, int length) {
      if (last.length == length && from.slice(at, length).equals(ByteBuffer.wrap(last))) {
        return last;
      }
      byte[] bytes = new byte[length];
      from.get(at, bytes);
      return bytes;
    }
  }
}
