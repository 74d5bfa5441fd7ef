package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A value of a field table or array, one record for each type that RabbitMQ knows. Type names and
 * tags are those of RabbitMQ's rabbit_binary_parser. Byte arrays are not copied and must not be
 * changed. Immutable; any thread.
 */
public sealed interface FieldValue {

  /** The type's tag on the wire. */
  char tag();

  /** RabbitMQ's name of the type, as its error texts show it, such as {@code signedint}. */
  String typeName();

  /** Writes the value at the writer index, without its tag. */
  void write(ByteBuf out);

  /**
   * Whether RabbitMQ takes this type where an argument has to be a whole number; a timestamp is
   * none.
   */
  default boolean isInteger() {
    return false;
  }

  /**
   * The value of an integer type.
   *
   * @throws IllegalStateException if {@link #isInteger} is false
   */
  default long asLong() {
    throw new IllegalStateException(typeName() + " is no integer");
  }

  /** A long string in UTF-8. */
  static LongString of(String value) {
    return new LongString(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A signed 64-bit number, type {@code long}. */
  static Int64 of(long value) {
    return new Int64(value);
  }

  /** A signed 32-bit number, type {@code signedint}. */
  static Int32 of(int value) {
    return new Int32(value);
  }

  /** One of the two shared booleans. */
  static Bool of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  /** A table as a value. */
  static Table of(FieldTable value) {
    return new Table(value);
  }

  /** An array of values. */
  static Array of(List<? extends FieldValue> values) {
    return new Array(List.copyOf(values));
  }

  /** A whole number of any width. */
  sealed interface IntegerValue extends FieldValue {
    @Override
    default boolean isInteger() {
      return true;
    }
  }

  private static void requireUnsigned(long value, int bits) {
    if (value < 0 || value >>> bits != 0) {
      throw new IllegalArgumentException(value + " does not fit " + bits + " unsigned bits");
    }
  }

  /** Any octet but zero is true; written as 1. */
  record Bool(boolean value) implements FieldValue {
    public static final Bool TRUE = new Bool(true);
    public static final Bool FALSE = new Bool(false);

    @Override
    public char tag() {
      return 't';
    }

    @Override
    public String typeName() {
      return "bool";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeBoolean(value);
    }
  }

  /** A signed octet. */
  record Int8(byte value) implements IntegerValue {
    @Override
    public char tag() {
      return 'b';
    }

    @Override
    public String typeName() {
      return "byte";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeByte(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** An unsigned octet. */
  record UInt8(int value) implements IntegerValue {
    public UInt8 {
      requireUnsigned(value, 8);
    }

    @Override
    public char tag() {
      return 'B';
    }

    @Override
    public String typeName() {
      return "unsignedbyte";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeByte(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** A signed 16-bit number; read from tag {@code U} too, which the specification has for it. */
  record Int16(short value) implements IntegerValue {
    @Override
    public char tag() {
      return 's';
    }

    @Override
    public String typeName() {
      return "short";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeShort(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** An unsigned 16-bit number. */
  record UInt16(int value) implements IntegerValue {
    public UInt16 {
      requireUnsigned(value, 16);
    }

    @Override
    public char tag() {
      return 'u';
    }

    @Override
    public String typeName() {
      return "unsignedshort";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeShort(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** A signed 32-bit number. */
  record Int32(int value) implements IntegerValue {
    @Override
    public char tag() {
      return 'I';
    }

    @Override
    public String typeName() {
      return "signedint";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeInt(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** An unsigned 32-bit number. */
  record UInt32(long value) implements IntegerValue {
    public UInt32 {
      requireUnsigned(value, 32);
    }

    @Override
    public char tag() {
      return 'i';
    }

    @Override
    public String typeName() {
      return "unsignedint";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeInt((int) value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** A signed 64-bit number; read from tag {@code L} too, as RabbitMQ does. */
  record Int64(long value) implements IntegerValue {
    @Override
    public char tag() {
      return 'l';
    }

    @Override
    public String typeName() {
      return "long";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeLong(value);
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** A 32-bit floating point number. */
  record Float32(float value) implements FieldValue {
    @Override
    public char tag() {
      return 'f';
    }

    @Override
    public String typeName() {
      return "float";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeFloat(value);
    }
  }

  /** A 64-bit floating point number. */
  record Float64(double value) implements FieldValue {
    @Override
    public char tag() {
      return 'd';
    }

    @Override
    public String typeName() {
      return "double";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeDouble(value);
    }
  }

  /** The number unscaled / 10^scale, both unsigned (8 and 32 bits). */
  record Decimal(int scale, long unscaled) implements FieldValue {
    public Decimal {
      requireUnsigned(scale, 8);
      requireUnsigned(unscaled, 32);
    }

    @Override
    public char tag() {
      return 'D';
    }

    @Override
    public String typeName() {
      return "decimal";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeByte(scale);
      out.writeInt((int) unscaled);
    }
  }

  /** Bytes that are UTF-8 by custom, equal by content. */
  record LongString(byte[] value) implements FieldValue {
    /** The bytes as UTF-8, with U+FFFD for what is malformed; decoded on each call. */
    public String asString() {
      return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof LongString that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "LongString[" + asString() + "]";
    }

    @Override
    public char tag() {
      return 'S';
    }

    @Override
    public String typeName() {
      return "longstr";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeInt(value.length);
      out.writeBytes(value);
    }
  }

  /** Bytes, equal by content. */
  record Binary(byte[] value) implements FieldValue {

    @Override
    public boolean equals(Object other) {
      return other instanceof Binary that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Binary" + Arrays.toString(value);
    }

    @Override
    public char tag() {
      return 'x';
    }

    @Override
    public String typeName() {
      return "binary";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeInt(value.length);
      out.writeBytes(value);
    }
  }

  /** Values of any types, in order. */
  record Array(List<FieldValue> values) implements FieldValue {
    public Array {
      values = List.copyOf(values);
    }

    @Override
    public char tag() {
      return 'A';
    }

    @Override
    public String typeName() {
      return "array";
    }

    @Override
    public void write(ByteBuf out) {
      int start = out.writerIndex();
      out.writeInt(0);
      for (FieldValue value : values) {
        out.writeByte(value.tag());
        value.write(out);
      }
      out.setInt(start, out.writerIndex() - start - Integer.BYTES);
    }
  }

  /** A table within a table or array. */
  record Table(FieldTable value) implements FieldValue {
    @Override
    public char tag() {
      return 'F';
    }

    @Override
    public String typeName() {
      return "table";
    }

    @Override
    public void write(ByteBuf out) {
      value.write(out);
    }
  }

  /** Unsigned seconds since 1970-01-01 UTC. */
  record Timestamp(long seconds) implements FieldValue {
    @Override
    public char tag() {
      return 'T';
    }

    @Override
    public String typeName() {
      return "timestamp";
    }

    @Override
    public void write(ByteBuf out) {
      out.writeLong(seconds);
    }
  }

  /** No value. */
  record Void() implements FieldValue {
    public static final Void INSTANCE = new Void();

    @Override
    public char tag() {
      return 'V';
    }

    @Override
    public String typeName() {
      return "void";
    }

    @Override
    public void write(ByteBuf out) {}
  }
}
