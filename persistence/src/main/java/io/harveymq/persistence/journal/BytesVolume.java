package io.harveymq.persistence.journal;

import java.io.File;
import java.nio.ByteBuffer;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * The many ways in which MapDB reads and writes numbers and bytes, led back to one of each. Store
 * thread.
 */
abstract class BytesVolume extends Volume {
  private final ByteBuffer scratch = ByteBuffer.allocate(Long.BYTES);

  /** Writes bytes of an array from an offset in the file on. */
  abstract void put(long offset, byte[] bytes, int from, int length);

  /** Fills the buffer with what is at an offset in the file. */
  public abstract void read(long offset, ByteBuffer target);

  private ByteBuffer get(long offset, int length) {
    read(offset, scratch.limit(length).position(0));
    return scratch;
  }

  @Override
  public void putLong(long offset, long value) {
    put(offset, scratch.clear().putLong(0, value).array(), 0, Long.BYTES);
  }

  @Override
  public void putInt(long offset, int value) {
    put(offset, scratch.clear().putInt(0, value).array(), 0, Integer.BYTES);
  }

  @Override
  public void putByte(long offset, byte value) {
    put(offset, scratch.clear().put(0, value).array(), 0, 1);
  }

  @Override
  public void putData(long offset, byte[] source, int from, int size) {
    put(offset, source, from, size);
  }

  @Override
  public void putData(long offset, ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    put(offset, bytes, 0, bytes.length);
  }

  @Override
  public void clear(long from, long until) {
    put(from, new byte[(int) (until - from)], 0, (int) (until - from));
  }

  @Override
  public long getLong(long offset) {
    return get(offset, Long.BYTES).getLong(0);
  }

  @Override
  public int getInt(long offset) {
    return get(offset, Integer.BYTES).getInt(0);
  }

  @Override
  public byte getByte(long offset) {
    return get(offset, 1).get(0);
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    byte[] bytes = new byte[size];
    getData(offset, bytes, 0, size);
    return new DataInput2.ByteArray(bytes);
  }

  @Override
  public void getData(long offset, byte[] target, int from, int size) {
    read(offset, ByteBuffer.wrap(target, from, size));
  }

  @Override
  public int sliceSize() {
    return -1;
  }

  @Override
  public boolean isSliced() {
    return false;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  /** Null: the file is nobody else's business while the journal holds a part of it. */
  @Override
  public File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return true;
  }

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("truncate");
  }
}
