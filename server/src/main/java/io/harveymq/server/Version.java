package io.harveymq.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The versions of Harvey and of the Java that it runs on. Any thread. */
final class Version {
  private Version() {}

  /** Harvey's version, as the build wrote it into the jar. */
  static String harvey() {
    try (InputStream in = Version.class.getResourceAsStream("version")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of the running JVM, such as {@code 17.0.15}. */
  static String java() {
    return System.getProperty("java.version");
  }
}
