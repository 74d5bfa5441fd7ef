package io.harveymq.persistence;

import io.harveymq.persistence.journal.JournaledVolume;
import java.io.File;
import java.nio.ByteBuffer;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;
import org.mapdb.volume.VolumeFactory;

/**
 * What MapDB sees of the journaled volume. Records of the size of a slab are only allocated: their
 * content is not written, nor read, and where they lie is noted. Store thread.
 */
final class SlabVolume extends Volume {
  /** Bytes of a slab, the largest plain record of MapDB. */
  static final int SLAB = 65_520;

  private static final DataInput2 NOTHING = new DataInput2.ByteArray(new byte[0]);

  private final JournaledVolume volume;
  private long slabOffset = -1;

  SlabVolume(JournaledVolume volume) {
    this.volume = volume;
  }

  /** Where the last slab lies that was put or got, in bytes from the file's beginning. */
  long slabOffset() {
    return slabOffset;
  }

  VolumeFactory asFactory() {
    VolumeFactory inner = volume.asFactory();
    return new VolumeFactory() {
      @Override
      public Volume makeVolume(
          String file, boolean readOnly, long wait, int shift, long size, boolean fixed) {
        return SlabVolume.this;
      }

      @Override
      public boolean exists(String file) {
        return inner.exists(file);
      }

      @Override
      public boolean handlesReadonly() {
        return false;
      }
    };
  }

  @Override
  public void putData(long offset, byte[] source, int from, int size) {
    if (size == SLAB) {
      slabOffset = offset;
    } else {
      volume.putData(offset, source, from, size);
    }
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    if (size == SLAB) {
      slabOffset = offset;
      return NOTHING;
    }
    return volume.getDataInput(offset, size);
  }

  @Override
  public void ensureAvailable(long offset) {
    volume.ensureAvailable(offset);
  }

  @Override
  public void truncate(long size) {
    volume.truncate(size);
  }

  @Override
  public void sync() {
    volume.sync();
  }

  @Override
  public void putLong(long offset, long value) {
    volume.putLong(offset, value);
  }

  @Override
  public void putInt(long offset, int value) {
    volume.putInt(offset, value);
  }

  @Override
  public void putByte(long offset, byte value) {
    volume.putByte(offset, value);
  }

  @Override
  public void putData(long offset, ByteBuffer source) {
    volume.putData(offset, source);
  }

  @Override
  public void clear(long from, long until) {
    volume.clear(from, until);
  }

  @Override
  public long getLong(long offset) {
    return volume.getLong(offset);
  }

  @Override
  public int getInt(long offset) {
    return volume.getInt(offset);
  }

  @Override
  public byte getByte(long offset) {
    return volume.getByte(offset);
  }

  @Override
  public void getData(long offset, byte[] target, int from, int size) {
    volume.getData(offset, target, from, size);
  }

  @Override
  public int sliceSize() {
    return volume.sliceSize();
  }

  @Override
  public boolean isSliced() {
    return volume.isSliced();
  }

  @Override
  public long length() {
    return volume.length();
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return true;
  }

  /** Nothing: who opened the volume closes it. */
  @Override
  public void close() {}
}
