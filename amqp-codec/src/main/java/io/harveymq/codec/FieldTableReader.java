package io.harveymq.codec;

import io.netty.buffer.ByteBufUtil;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads or checks one encoded field table, given as an array of bytes. Every size is held against
 * the bytes that are really there before anything is allocated, and nesting is limited, so hostile
 * bytes cost no more than their length. For one use by one thread.
 */
final class FieldTableReader {
  /**
   * The most tables and arrays within each other, the outermost included. RabbitMQ has no limit.
   */
  static final int MAX_DEPTH = 128;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int DECIMAL_BYTES = 5;
  private static final char REPLACEMENT = '\uFFFD';

  /** Names of so many bytes stay short enough even if each byte becomes U+FFFD. */
  private static final int MAX_GROWING_NAME = ShortString.MAX_BYTES / 3;

  private final byte[] bytes;
  private final ReplyCode errorCode;
  private int position;

  /**
   * @param bytes holds the table's entries, without their length, from {@code position} on
   * @param errorCode what a malformed table is answered with
   */
  FieldTableReader(byte[] bytes, int position, ReplyCode errorCode) {
    this.bytes = bytes;
    this.position = position;
    this.errorCode = errorCode;
  }

  /** Reads the entries up to {@code end}. */
  FieldTable readTable(int end) {
    return readTable(end, 1);
  }

  /** Goes over the entries up to {@code end}; allocates nothing but for unusually long names. */
  void checkTable(int end) {
    checkTable(end, 1);
  }

  private FieldTable readTable(int end, int depth) {
    requireDepth(depth);
    if (position == end) {
      return FieldTable.EMPTY;
    }
    String[] keys = new String[4];
    FieldValue[] values = new FieldValue[4];
    int size = 0;
    while (position < end) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
      int length = octet(end) & 0xFF;
      int start = skip(length, end);
      keys[size] = name(start, length);
      values[size++] = readValue(end, depth);
    }
    return new FieldTable(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
  }

  /**
   * A name, with U+FFFD for what is malformed. That has three bytes, so the name may have become
   * longer than any table can hold, which would be found only when it is written again.
   */
  private String name(int start, int length) {
    String name = new String(bytes, start, length, StandardCharsets.UTF_8);
    if (length > MAX_GROWING_NAME && name.indexOf(REPLACEMENT) >= 0) {
      int written = ByteBufUtil.utf8Bytes(name);
      if (written > ShortString.MAX_BYTES) {
        throw malformed("a name of " + length + " bytes that is not UTF-8");
      }
    }
    return name;
  }

  private FieldValue.Array readArray(int end, int depth) {
    requireDepth(depth);
    List<FieldValue> values = new ArrayList<>();
    while (position < end) {
      values.add(readValue(end, depth));
    }
    return new FieldValue.Array(values);
  }

  private FieldValue readValue(int end, int depth) {
    int tag = octet(end);
    int size = size(tag, end);
    int at = skip(size, end);
    switch (tag) {
      case 't':
        return FieldValue.of(bytes[at] != 0);
      case 'b':
        return new FieldValue.Int8(bytes[at]);
      case 'B':
        return new FieldValue.UInt8(bytes[at] & 0xFF);
      case 's', 'U':
        return new FieldValue.Int16((short) SHORT.get(bytes, at));
      case 'u':
        return new FieldValue.UInt16((short) SHORT.get(bytes, at) & 0xFFFF);
      case 'I':
        return new FieldValue.Int32((int) INT.get(bytes, at));
      case 'i':
        return new FieldValue.UInt32(Integer.toUnsignedLong((int) INT.get(bytes, at)));
      case 'l', 'L':
        return new FieldValue.Int64((long) LONG.get(bytes, at));
      case 'f':
        return new FieldValue.Float32(Float.intBitsToFloat((int) INT.get(bytes, at)));
      case 'd':
        return new FieldValue.Float64(Double.longBitsToDouble((long) LONG.get(bytes, at)));
      case 'D':
        return new FieldValue.Decimal(
            bytes[at] & 0xFF, Integer.toUnsignedLong((int) INT.get(bytes, at + 1)));
      case 'T':
        return new FieldValue.Timestamp((long) LONG.get(bytes, at));
      case 'V':
        return FieldValue.Void.INSTANCE;
      case 'S':
        return new FieldValue.LongString(Arrays.copyOfRange(bytes, at, at + size));
      case 'x':
        return new FieldValue.Binary(Arrays.copyOfRange(bytes, at, at + size));
      case 'F':
        position = at;
        return new FieldValue.Table(readTable(at + size, depth + 1));
      case 'A':
        position = at;
        return readArray(at + size, depth + 1);
      default:
        throw new AssertionError(tag);
    }
  }

  private void checkTable(int end, int depth) {
    requireDepth(depth);
    while (position < end) {
      int length = octet(end) & 0xFF;
      int start = skip(length, end);
      if (length > MAX_GROWING_NAME) {
        name(start, length);
      }
      checkValue(end, depth);
    }
  }

  private void checkArray(int end, int depth) {
    requireDepth(depth);
    while (position < end) {
      checkValue(end, depth);
    }
  }

  private void checkValue(int end, int depth) {
    int tag = octet(end);
    int size = size(tag, end);
    int at = skip(size, end);
    if (tag == 'F') {
      position = at;
      checkTable(at + size, depth + 1);
    } else if (tag == 'A') {
      position = at;
      checkArray(at + size, depth + 1);
    }
  }

  /**
   * The bytes that a value takes after its tag and, if it has one, its length, which is read here.
   */
  private int size(int tag, int end) {
    switch (tag) {
      case 'V':
        return 0;
      case 't', 'b', 'B':
        return 1;
      case 's', 'U', 'u':
        return Short.BYTES;
      case 'I', 'i', 'f':
        return Integer.BYTES;
      case 'D':
        return DECIMAL_BYTES;
      case 'l', 'L', 'd', 'T':
        return Long.BYTES;
      case 'S', 'x', 'A', 'F':
        int length = (int) INT.get(bytes, skip(Integer.BYTES, end));
        if (length < 0) {
          throw malformed("length " + Integer.toUnsignedString(length));
        }
        return length;
      default:
        throw malformed("type tag " + (tag & 0xFF));
    }
  }

  private byte octet(int end) {
    return bytes[skip(1, end)];
  }

  /** Moves over {@code size} bytes and gives the position before them. */
  private int skip(int size, int end) {
    int at = position;
    if (size > end - at) {
      throw malformed("needs " + size + " bytes where " + (end - at) + " are left");
    }
    position = at + size;
    return at;
  }

  private void requireDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw new ConnectionException(
          errorCode, "field table nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  private ConnectionException malformed(String what) {
    return new ConnectionException(errorCode, "malformed field table: " + what);
  }
}
