package io.harveymq.persistence.journal;

import org.mapdb.volume.Volume;
import org.mapdb.volume.VolumeFactory;

/** Gives MapDB a volume that is open already. Store thread. */
final class OneVolume extends VolumeFactory {
  private final JournaledVolume volume;

  OneVolume(JournaledVolume volume) {
    this.volume = volume;
  }

  @Override
  public Volume makeVolume(
      String file, boolean readOnly, long wait, int sliceShift, long size, boolean fixedSize) {
    return volume;
  }

  @Override
  public boolean exists(String file) {
    return volume.getLong(0) != 0;
  }

  @Override
  public boolean handlesReadonly() {
    return false;
  }
}
