package io.harveymq.persistence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through the journals of a store that no broker has open, and changes nothing. Any thread.
 */
public final class JournalCheck {
  private JournalCheck() {}

  /**
   * What is wrong, one text for each damage with file and offset; empty when recovery would go
   * through. A torn tail is no damage.
   *
   * @throws IOException when a file cannot be read
   */
  public static List<String> findings(StoreFiles files) throws IOException {
    List<String> findings = new ArrayList<>();
    List<String> names = files.list();
    if (!names.contains(StoreState.NAME) || !names.contains(BaseFile.NAME)) {
      findings.add("There is no complete store in " + files.location());
      return findings;
    }
    StoreState state;
    try {
      state = StoreState.read(files);
    } catch (StoreOpenException e) {
      findings.add(e.getMessage());
      return findings;
    }
    for (JournalFile.Name name : JournalFile.Name.allIn(files)) {
      if (name.epoch() > state.epoch()) {
        findings.add(name + " is newer than " + StoreState.NAME + ", epoch " + state.epoch());
      }
    }
    try (JournalReader reader = new JournalReader(files, state)) {
      Nowhere nowhere = new Nowhere();
      JournalReader.Damage damage = reader.read(nowhere);
      while (damage != null) {
        findings.add(damage.toString());
        damage = reader.readBehind(damage, nowhere);
      }
    }
    return findings;
  }

  private static final class Nowhere implements JournalReader.Sink {
    @Override
    public void begin(long baseLength) {}

    @Override
    public void range(long offset, ByteBuffer bytes) {}

    @Override
    public void end(long sequence, String file) {}
  }
}
