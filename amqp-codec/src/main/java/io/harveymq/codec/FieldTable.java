package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A field table: names with values, in the order on the wire. Like RabbitMQ it keeps all entries of
 * a repeated key, and {@link #get} finds the first. Lookup is a linear scan. Equal if entries and
 * their order are equal. Immutable; any thread.
 */
public final class FieldTable {
  public static final FieldTable EMPTY = new FieldTable(new String[0], new FieldValue[0]);

  /** What an entry takes besides the letters of its key and its value. */
  private static final int ENTRY_SIZE = 56;

  /** What a value takes besides its bytes or elements. */
  private static final int VALUE_SIZE = 32;

  private final String[] keys;
  private final FieldValue[] values;

  /** One name with its value. */
  public record Entry(String key, FieldValue value) {}

  /** Takes both arrays over; they are equally long. */
  FieldTable(String[] keys, FieldValue[] values) {
    this.keys = keys;
    this.values = values;
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a table with its four-byte length at the reader index.
   *
   * @throws ConnectionException 501 if it is cut short, has an unknown type tag or is nested deeper
   *     than 128 levels. RabbitMQ 3.10.8 drops the socket for an unknown tag
   */
  public static FieldTable read(ByteBuf in) {
    int available = in.readableBytes() - Integer.BYTES;
    if (available < 0 || in.getUnsignedInt(in.readerIndex()) > available) {
      throw new ConnectionException(ReplyCode.FRAME_ERROR, "malformed field table: cut short");
    }
    byte[] entries = new byte[in.readInt()];
    in.readBytes(entries);
    return parse(entries);
  }

  /**
   * Reads the entries of a table that has no length before it, as an AMQPLAIN response.
   *
   * @throws ConnectionException as {@link #read}
   */
  public static FieldTable parse(byte[] entries) {
    return new FieldTableReader(entries, 0, ReplyCode.FRAME_ERROR).readTable(entries.length);
  }

  /**
   * Writes the table with its four-byte length at the writer index.
   *
   * @throws IllegalArgumentException if a key has more than 255 bytes in UTF-8
   */
  public void write(ByteBuf out) {
    int start = out.writerIndex();
    out.writeInt(0);
    for (int i = 0; i < keys.length; i++) {
      ShortString.write(out, keys[i]);
      FieldValue value = values[i];
      out.writeByte(value.tag());
      value.write(out);
    }
    out.setInt(start, out.writerIndex() - start - Integer.BYTES);
  }

  /** Bytes that {@link #write} writes. */
  public int encodedSize() {
    if (keys.length == 0) {
      return Integer.BYTES;
    }
    ByteBuf encoded = Unpooled.buffer();
    write(encoded);
    return encoded.readableBytes();
  }

  /** Bytes of memory that the table takes, roughly: small values take more than on the wire. */
  public long retainedSize() {
    long bytes = 0;
    for (int i = 0; i < keys.length; i++) {
      bytes += ENTRY_SIZE + keys[i].length() + retainedSize(values[i]);
    }
    return bytes;
  }

  private static long retainedSize(FieldValue value) {
    if (value instanceof FieldValue.LongString string) {
      return VALUE_SIZE + string.value().length;
    } else if (value instanceof FieldValue.Binary binary) {
      return VALUE_SIZE + binary.value().length;
    } else if (value instanceof FieldValue.Table table) {
      return VALUE_SIZE + table.value().retainedSize();
    } else if (value instanceof FieldValue.Array array) {
      long bytes = VALUE_SIZE;
      for (FieldValue element : array.values()) {
        bytes += retainedSize(element);
      }
      return bytes;
    }
    return VALUE_SIZE;
  }

  /** The value of the first entry with this key, or null. */
  public FieldValue get(String key) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].equals(key)) {
        return values[i];
      }
    }
    return null;
  }

  public boolean containsKey(String key) {
    return get(key) != null;
  }

  /** Entries, repeated keys included. */
  public int size() {
    return keys.length;
  }

  public boolean isEmpty() {
    return keys.length == 0;
  }

  /** The key at a position from 0 to {@link #size} - 1. */
  public String key(int position) {
    return keys[position];
  }

  /** The value at a position from 0 to {@link #size} - 1. */
  public FieldValue value(int position) {
    return values[position];
  }

  /** A new list of all entries in order. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(keys.length);
    forEach((key, value) -> entries.add(new Entry(key, value)));
    return entries;
  }

  /** Calls {@code action} for each entry in order. */
  public void forEach(BiConsumer<String, FieldValue> action) {
    for (int i = 0; i < keys.length; i++) {
      action.accept(keys[i], values[i]);
    }
  }

  /**
   * A table in which this key has this value only: in the place of its first entry, or at the end.
   */
  public FieldTable with(String key, FieldValue value) {
    return toBuilder().put(key, value).build();
  }

  /** A table without any entry of this key; this table if there is none. */
  public FieldTable without(String key) {
    return containsKey(key) ? toBuilder().remove(key).build() : this;
  }

  /** The same entries by key, as RabbitMQ leaves a table that it has changed. */
  public FieldTable sorted() {
    List<Entry> entries = new ArrayList<>(entries());
    entries.sort(Comparator.comparing(Entry::key));
    Builder sorted = builder();
    entries.forEach(entry -> sorted.append(entry.key(), entry.value()));
    return sorted.build();
  }

  /** A builder that holds this table's entries. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.keys.addAll(Arrays.asList(keys));
    builder.values.addAll(Arrays.asList(values));
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldTable that
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < keys.length; i++) {
      text.append(i == 0 ? "" : ", ").append(keys[i]).append('=').append(values[i]);
    }
    return text.append('}').toString();
  }

  /** Gathers entries. For one thread. */
  public static final class Builder {
    private final List<String> keys = new ArrayList<>();
    private final List<FieldValue> values = new ArrayList<>();

    private Builder() {}

    /** Sets the only value of a key: in the place of its first entry, or at the end. */
    public Builder put(String key, FieldValue value) {
      Objects.requireNonNull(value, key);
      int first = keys.indexOf(key);
      if (first < 0) {
        return append(key, value);
      }
      values.set(first, value);
      for (int i = keys.size() - 1; i > first; i--) {
        if (keys.get(i).equals(key)) {
          removeAt(i);
        }
      }
      return this;
    }

    /** Sets a long string. */
    public Builder put(String key, String value) {
      return put(key, FieldValue.of(value));
    }

    /** Sets a boolean. */
    public Builder put(String key, boolean value) {
      return put(key, FieldValue.of(value));
    }

    /** Sets a number of type {@code signedint}. */
    public Builder put(String key, int value) {
      return put(key, FieldValue.of(value));
    }

    /** Sets a number of type {@code long}. */
    public Builder put(String key, long value) {
      return put(key, FieldValue.of(value));
    }

    /** Sets a table. */
    public Builder put(String key, FieldTable value) {
      return put(key, FieldValue.of(value));
    }

    /** Adds an entry at the end even if the key is there already. */
    public Builder append(String key, FieldValue value) {
      keys.add(Objects.requireNonNull(key));
      values.add(Objects.requireNonNull(value));
      return this;
    }

    /** Removes all entries of a key. */
    public Builder remove(String key) {
      for (int i = keys.size() - 1; i >= 0; i--) {
        if (keys.get(i).equals(key)) {
          removeAt(i);
        }
      }
      return this;
    }

    public FieldTable build() {
      return keys.isEmpty()
          ? EMPTY
          : new FieldTable(keys.toArray(String[]::new), values.toArray(FieldValue[]::new));
    }

    private void removeAt(int position) {
      keys.remove(position);
      values.remove(position);
    }
  }
}
