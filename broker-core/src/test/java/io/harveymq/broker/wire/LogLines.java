package io.harveymq.broker.wire;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Keeps what is logged, instead of showing it, until it is closed. */
public final class LogLines implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  public LogLines() {
    System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
  }

  /** All lines so far. */
  public List<String> all() {
    return kept.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Lines that nobody wants to see: errors, and stack traces of whatever level. */
  public List<String> alarming() {
    return stream()
        .filter(
            line ->
                line.contains(" ERROR ")
                    || line.contains("LEAK")
                    || line.startsWith("\tio.") // where a leaked buffer was used
                    || line.startsWith("\tat ")
                    || line.startsWith("Exception in thread"))
        .toList();
  }

  private Stream<String> stream() {
    return all().stream();
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
