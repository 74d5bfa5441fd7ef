package io.harveymq.fuzz;

import io.harveymq.broker.exchange.PatternsTarget;
import io.harveymq.persistence.journal.RecoveryTarget;
import io.harveymq.server.ConfigurationTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is fuzzed: a class with the method that Jazzer calls, and inputs to begin with. */
public enum Target {
  FRAMES("io.harveymq.fuzz.FramesTarget", FramesTarget::fuzzerTestOneInput),
  METHODS("io.harveymq.fuzz.MethodsTarget", MethodsTarget::fuzzerTestOneInput),
  TABLES("io.harveymq.fuzz.TablesTarget", TablesTarget::fuzzerTestOneInput),
  CONNECTION("io.harveymq.fuzz.ConnectionTarget", ConnectionTarget::fuzzerTestOneInput),
  BROKER("io.harveymq.fuzz.BrokerTarget", BrokerTarget::fuzzerTestOneInput),
  PATTERNS("io.harveymq.broker.exchange.PatternsTarget", PatternsTarget::fuzzerTestOneInput),
  CONFIGURATION("io.harveymq.server.ConfigurationTarget", ConfigurationTarget::fuzzerTestOneInput),
  DEFINITIONS("io.harveymq.fuzz.DefinitionsTarget", DefinitionsTarget::fuzzerTestOneInput),
  HTTP("io.harveymq.fuzz.HttpTarget", HttpTarget::fuzzerTestOneInput),
  RECOVERY("io.harveymq.persistence.journal.RecoveryTarget", RecoveryTarget::fuzzerTestOneInput);

  /** Takes one input. */
  public interface Body {
    /**
     * @throws Exception or an error, for a finding
     */
    void run(byte[] input) throws Exception;
  }

  private static final Path SOURCES = Path.of("src", "test");

  private final String className;
  private final Body body;

  Target(String className, Body body) {
    this.className = className;
    this.body = body;
  }

  String className() {
    return className;
  }

  Body body() {
    return body;
  }

  /** The name in lower case, as on the command line and of folders. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where the inputs of the source tree are. */
  Path corpus(Path module) {
    return module.resolve(SOURCES).resolve("corpus").resolve(label());
  }

  /** Words that inputs are made of; there may be no such file. */
  Path dictionary(Path module) {
    return module.resolve(SOURCES).resolve("dictionaries").resolve(label() + ".dict");
  }

  /** The inputs of the source tree, in order. */
  List<Path> inputs(Path module) {
    try (Stream<Path> files = Files.list(corpus(module))) {
      return files.sorted().toList();
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
