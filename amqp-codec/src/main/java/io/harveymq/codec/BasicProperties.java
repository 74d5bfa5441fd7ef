package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The properties of a message, as a view over their encoded form: two octets of flags and the
 * values, exactly as they were received. Accessors decode on each call. Neither the view nor anyone
 * else may change the bytes. Immutable; any thread.
 *
 * <p>What is malformed follows RabbitMQ 3.10.8, asked over a raw socket: it reads one flag word,
 * ignores the lowest two bits (so there is no continuation), wants the values to end exactly where
 * the bytes do, takes any bytes as a short string, and answers anything else with 541.
 */
public final class BasicProperties {
  private static final int CONTENT_TYPE = 1 << 15;
  private static final int CONTENT_ENCODING = 1 << 14;
  static final int HEADERS = 1 << 13;
  private static final int DELIVERY_MODE = 1 << 12;
  private static final int PRIORITY = 1 << 11;
  private static final int CORRELATION_ID = 1 << 10;
  private static final int REPLY_TO = 1 << 9;
  private static final int EXPIRATION = 1 << 8;
  private static final int MESSAGE_ID = 1 << 7;
  private static final int TIMESTAMP = 1 << 6;
  private static final int TYPE = 1 << 5;
  private static final int USER_ID = 1 << 4;
  private static final int APP_ID = 1 << 3;
  private static final int CLUSTER_ID = 1 << 2;

  private static final int FIRST_FLAG = 15;
  private static final int LAST_FLAG = 2;
  private static final int FLAG_BYTES = 2;
  private static final int TRANSIENT = 1;
  private static final int PERSISTENT = 2;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] NONE = {0, 0};
  private static final byte[] ONLY_TRANSIENT = {DELIVERY_MODE >> 8, 0, TRANSIENT};
  private static final byte[] ONLY_PERSISTENT = {DELIVERY_MODE >> 8, 0, PERSISTENT};

  /** No property at all. */
  public static final BasicProperties EMPTY = new BasicProperties(NONE);

  private final byte[] encoded;

  private BasicProperties(byte[] encoded) {
    this.encoded = encoded;
  }

  /**
   * A view over the bytes, which are not copied.
   *
   * @throws ConnectionException 541 if they are malformed
   */
  public static BasicProperties of(byte[] encoded) {
    validate(encoded);
    return new BasicProperties(encoded);
  }

  /**
   * A view over bytes that came from {@link #read} or {@link #encoded} or passed {@link #validate};
   * no check.
   */
  public static BasicProperties trusted(byte[] encoded) {
    return new BasicProperties(encoded);
  }

  /** A builder of properties from nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads the encoded properties, the rest of a header frame's payload, at the reader index.
   *
   * @param length bytes to read
   * @return a fresh validated array, or a shared one for the commonest encodings: never to be
   *     changed
   * @throws ConnectionException 541 if they are malformed
   */
  public static byte[] read(ByteBuf in, int length) {
    if (length < FLAG_BYTES || length > in.readableBytes()) {
      throw malformed();
    }
    if (length <= ONLY_PERSISTENT.length) {
      byte[] shared = shared(in, in.readerIndex(), length);
      if (shared != null) {
        in.skipBytes(length);
        return shared;
      }
    }
    byte[] encoded = new byte[length];
    in.readBytes(encoded);
    validate(encoded);
    return encoded;
  }

  private static byte[] shared(ByteBuf in, int index, int length) {
    int flags = in.getUnsignedShort(index);
    if (length == FLAG_BYTES) {
      return flags == 0 ? NONE : null;
    }
    if (flags != DELIVERY_MODE) {
      return null;
    }
    return switch (in.getByte(index + FLAG_BYTES)) {
      case TRANSIENT -> ONLY_TRANSIENT;
      case PERSISTENT -> ONLY_PERSISTENT;
      default -> null;
    };
  }

  /**
   * Checks flags, every value and the structure of the headers; allocates nothing.
   *
   * @throws ConnectionException 541 if they are malformed
   */
  public static void validate(byte[] encoded) {
    if (encoded.length < FLAG_BYTES) {
      throw malformed();
    }
    int flags = flags(encoded);
    int position = FLAG_BYTES;
    for (int bit = FIRST_FLAG; bit >= LAST_FLAG; bit--) {
      int flag = 1 << bit;
      if ((flags & flag) != 0) {
        if (lengthBytes(flag) > encoded.length - position) {
          throw malformed();
        }
        long end = position + size(encoded, flag, position);
        if (end > encoded.length) {
          throw malformed();
        }
        if (flag == HEADERS) {
          new FieldTableReader(encoded, position + Integer.BYTES, ReplyCode.INTERNAL_ERROR)
              .checkTable((int) end);
        }
        position = (int) end;
      }
    }
    if (position != encoded.length) {
      throw malformed();
    }
  }

  /** Whether the delivery mode is 2. For validated bytes; allocates nothing. */
  public static boolean isPersistent(byte[] encoded) {
    return octet(encoded, DELIVERY_MODE) == PERSISTENT;
  }

  /** The priority, 0 to 255, or -1 if there is none. For validated bytes; allocates nothing. */
  public static int priority(byte[] encoded) {
    return octet(encoded, PRIORITY);
  }

  /**
   * The delivery mode, 0 to 255, or -1 if there is none. For validated bytes; allocates nothing.
   */
  public static int deliveryMode(byte[] encoded) {
    return octet(encoded, DELIVERY_MODE);
  }

  /** Whether there are headers, maybe empty ones. For validated bytes; allocates nothing. */
  public static boolean hasHeaders(byte[] encoded) {
    return (flags(encoded) & HEADERS) != 0;
  }

  /** Whether there is an expiration. For validated bytes; allocates nothing. */
  public static boolean hasExpiration(byte[] encoded) {
    return (flags(encoded) & EXPIRATION) != 0;
  }

  /** Whether there is a user id. For validated bytes; allocates nothing. */
  public static boolean hasUserId(byte[] encoded) {
    return (flags(encoded) & USER_ID) != 0;
  }

  /** Whether there is a reply-to. For validated bytes; allocates nothing. */
  public static boolean hasReplyTo(byte[] encoded) {
    return (flags(encoded) & REPLY_TO) != 0;
  }

  /** The encoded form itself, not a copy: never to be changed. */
  public byte[] encoded() {
    return encoded;
  }

  /** The content type, or null. In this and all other strings malformed UTF-8 becomes U+FFFD. */
  public String contentType() {
    return shortString(CONTENT_TYPE);
  }

  /** The content encoding, or null. */
  public String contentEncoding() {
    return shortString(CONTENT_ENCODING);
  }

  /** The headers, or null if there are none; empty headers are not null. */
  public FieldTable headers() {
    int at = position(encoded, HEADERS);
    if (at < 0) {
      return null;
    }
    int start = at + Integer.BYTES;
    return new FieldTableReader(encoded, start, ReplyCode.INTERNAL_ERROR)
        .readTable(start + (int) INT.get(encoded, at));
  }

  /** The delivery mode, 0 to 255 (2 is persistent), or -1 if there is none. */
  public int deliveryMode() {
    return octet(encoded, DELIVERY_MODE);
  }

  /** The priority, 0 to 255, or -1 if there is none. */
  public int priority() {
    return octet(encoded, PRIORITY);
  }

  /** The correlation id, or null. */
  public String correlationId() {
    return shortString(CORRELATION_ID);
  }

  /** The reply-to, or null. */
  public String replyTo() {
    return shortString(REPLY_TO);
  }

  /** The expiration as sent, by rule a decimal number of milliseconds, or null. */
  public String expiration() {
    return shortString(EXPIRATION);
  }

  /** The message id, or null. */
  public String messageId() {
    return shortString(MESSAGE_ID);
  }

  /** Unsigned seconds since 1970-01-01 UTC, or null. */
  public Long timestamp() {
    int at = position(encoded, TIMESTAMP);
    return at < 0 ? null : (Long) (long) LONG.get(encoded, at);
  }

  /** The type, or null. */
  public String type() {
    return shortString(TYPE);
  }

  /** The user id, or null. */
  public String userId() {
    return shortString(USER_ID);
  }

  /** The app id, or null. */
  public String appId() {
    return shortString(APP_ID);
  }

  /** The cluster id, or null. */
  public String clusterId() {
    return shortString(CLUSTER_ID);
  }

  /** A builder that holds these values; those that are not set anew keep their exact bytes. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    int flags = flags(encoded);
    int position = FLAG_BYTES;
    for (int bit = FIRST_FLAG; bit >= LAST_FLAG; bit--) {
      int flag = 1 << bit;
      if ((flags & flag) != 0) {
        int end = position + (int) size(encoded, flag, position);
        builder.values[FIRST_FLAG - bit] = Arrays.copyOfRange(encoded, position, end);
        position = end;
      }
    }
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BasicProperties that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return "BasicProperties" + ErlangTerm.binary(Unpooled.wrappedBuffer(encoded));
  }

  private static int flags(byte[] encoded) {
    return (encoded[0] & 0xFF) << Byte.SIZE | encoded[1] & 0xFF;
  }

  /** Where the value of a property starts, or -1 if there is none. */
  private static int position(byte[] encoded, int wanted) {
    return (flags(encoded) & wanted) == 0 ? -1 : place(encoded, wanted);
  }

  /** Where the table of headers starts, or would. */
  static int headersAt(byte[] encoded) {
    return place(encoded, HEADERS);
  }

  private static int place(byte[] encoded, int wanted) {
    int flags = flags(encoded);
    int position = FLAG_BYTES;
    for (int flag = CONTENT_TYPE; flag != wanted; flag >>= 1) {
      if ((flags & flag) != 0) {
        position += (int) size(encoded, flag, position);
      }
    }
    return position;
  }

  /** The bytes of the value at a position, its length included. */
  private static long size(byte[] encoded, int flag, int position) {
    return switch (flag) {
      case DELIVERY_MODE, PRIORITY -> 1;
      case TIMESTAMP -> Long.BYTES;
      case HEADERS -> Integer.BYTES + Integer.toUnsignedLong((int) INT.get(encoded, position));
      default -> 1 + (encoded[position] & 0xFF);
    };
  }

  /** The bytes that have to be there before {@link #size} can be asked. */
  private static int lengthBytes(int flag) {
    return flag == HEADERS ? Integer.BYTES : 1;
  }

  private static int octet(byte[] encoded, int flag) {
    int at = position(encoded, flag);
    return at < 0 ? -1 : encoded[at] & 0xFF;
  }

  private String shortString(int flag) {
    int at = position(encoded, flag);
    return at < 0 ? null : new String(encoded, at + 1, encoded[at] & 0xFF, StandardCharsets.UTF_8);
  }

  private static ConnectionException malformed() {
    return new ConnectionException(ReplyCode.INTERNAL_ERROR, "malformed message properties");
  }

  /** Sets properties one by one; null (or -1) takes one away. For one thread. */
  public static final class Builder {
    /**
     * The encoded value of each property, in the order of their flags, null where there is none.
     */
    private final byte[][] values = new byte[FIRST_FLAG - LAST_FLAG + 1][];

    private Builder() {}

    public Builder contentType(String value) {
      return shortString(CONTENT_TYPE, value);
    }

    public Builder contentEncoding(String value) {
      return shortString(CONTENT_ENCODING, value);
    }

    /** Encodes the headers at once. */
    public Builder headers(FieldTable value) {
      if (value == null) {
        return set(HEADERS, null);
      }
      ByteBuf buffer = Unpooled.buffer();
      value.write(buffer);
      return set(HEADERS, Arrays.copyOf(buffer.array(), buffer.readableBytes()));
    }

    /** Sets 0 to 255. */
    public Builder deliveryMode(int value) {
      return octet(DELIVERY_MODE, value);
    }

    /** Sets 0 to 255. */
    public Builder priority(int value) {
      return octet(PRIORITY, value);
    }

    public Builder correlationId(String value) {
      return shortString(CORRELATION_ID, value);
    }

    public Builder replyTo(String value) {
      return shortString(REPLY_TO, value);
    }

    public Builder expiration(String value) {
      return shortString(EXPIRATION, value);
    }

    public Builder messageId(String value) {
      return shortString(MESSAGE_ID, value);
    }

    /** Sets unsigned seconds since 1970-01-01 UTC. */
    public Builder timestamp(Long seconds) {
      byte[] bytes = null;
      if (seconds != null) {
        bytes = new byte[Long.BYTES];
        LONG.set(bytes, 0, seconds.longValue());
      }
      return set(TIMESTAMP, bytes);
    }

    public Builder type(String value) {
      return shortString(TYPE, value);
    }

    public Builder userId(String value) {
      return shortString(USER_ID, value);
    }

    public Builder appId(String value) {
      return shortString(APP_ID, value);
    }

    public Builder clusterId(String value) {
      return shortString(CLUSTER_ID, value);
    }

    /** The properties, newly encoded. */
    public BasicProperties build() {
      int flags = 0;
      int length = FLAG_BYTES;
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null) {
          flags |= CONTENT_TYPE >> i;
          length += values[i].length;
        }
      }
      ByteBuf out = Unpooled.wrappedBuffer(new byte[length]).clear();
      out.writeShort(flags);
      for (byte[] value : values) {
        if (value != null) {
          out.writeBytes(value);
        }
      }
      byte[] shared = length > ONLY_PERSISTENT.length ? null : shared(out, 0, length);
      return new BasicProperties(shared == null ? out.array() : shared);
    }

    private Builder octet(int flag, int value) {
      if (value < -1 || value > 0xFF) {
        throw new IllegalArgumentException(value + " does not fit an octet");
      }
      return set(flag, value == -1 ? null : new byte[] {(byte) value});
    }

    /**
     * Sets a short string.
     *
     * @throws IllegalArgumentException if it has more than 255 bytes in UTF-8
     */
    private Builder shortString(int flag, String value) {
      if (value == null) {
        return set(flag, null);
      }
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      if (utf8.length > ShortString.MAX_BYTES) {
        throw new IllegalArgumentException("short string of " + utf8.length + " bytes");
      }
      byte[] bytes = new byte[1 + utf8.length];
      bytes[0] = (byte) utf8.length;
      System.arraycopy(utf8, 0, bytes, 1, utf8.length);
      return set(flag, bytes);
    }

    private Builder set(int flag, byte[] value) {
      values[Integer.numberOfLeadingZeros(flag) - Short.SIZE] = value;
      return this;
    }
  }
}
