package io.harveymq.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is to be told about a configuration that does not keep a broker from starting. Kept until
 * the log is set up, which the configuration decides on. One thread.
 */
public final class Notices {
  private final List<String> warnings = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /** Something that somebody may want to change. */
  void warn(String sentence) {
    warnings.add(sentence);
  }

  /** Something that is as it should be. */
  void remark(String sentence) {
    remarks.add(sentence);
  }

  /** All warnings, oldest first. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** All else, oldest first. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Hands out everything, the remarks first. */
  public void tell(Consumer<String> remark, Consumer<String> warning) {
    remarks.forEach(remark);
    warnings.forEach(warning);
  }
}
