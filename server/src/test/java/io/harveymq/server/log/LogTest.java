package io.harveymq.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.server.log.LogSettings.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogTest {
  @TempDir Path directory;

  @AfterEach
  void logAsBefore() throws IOException {
    Log.configure(new LogSettings(List.of(Sink.err(LogLevel.INFO, false)), Map.of()));
  }

  @Test
  void eachSinkAndCategoryHasItsLevel() throws IOException {
    Logger other = LoggerFactory.getLogger("io.harveymq.broker.Broker");
    Logger connection = LoggerFactory.getLogger("io.harveymq.broker.connection.Connection");
    Path all = directory.resolve("sub/all.log");
    Path errors = directory.resolve("errors.log");

    Log.configure(
        new LogSettings(
            List.of(
                Sink.file(all, LogLevel.DEBUG, false), Sink.file(errors, LogLevel.ERROR, false)),
            Map.of("io.harveymq.broker.connection", LogLevel.WARN)));
    other.debug("one {}", 1);
    other.error("two");
    connection.info("three");
    connection.warn("four {} {}", "a", "b");

    assertThat(Files.readAllLines(all))
        .satisfiesExactly(
            line -> assertThat(line).endsWith("[DEBUG] one 1"),
            line -> assertThat(line).endsWith("[ERROR] two"),
            line -> assertThat(line).endsWith("[WARN] four a b"));
    assertThat(Files.readAllLines(errors)).singleElement().asString().endsWith("[ERROR] two");
  }

  @Test
  void nettyExplainsNothingBelowInfo() throws IOException {
    Path file = directory.resolve("x.log");
    Log.configure(new LogSettings(List.of(Sink.file(file, LogLevel.DEBUG, false)), Map.of()));

    assertThat(LoggerFactory.getLogger("io.netty.util.X").isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.harveymq.X").isDebugEnabled()).isTrue();
  }

  @Test
  void whoTakesLinesNoMoreDoesNotTakeThemFromTheNext() throws IOException {
    Log.configure(new LogSettings(List.of(Sink.exchange(LogLevel.INFO, false)), Map.of()));
    Logger logger = LoggerFactory.getLogger("x");
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    Log.Exchange one = (level, time, text) -> first.add(text);
    Log.Exchange other = (level, time, text) -> second.add(text);

    Log.publishTo(one);
    logger.info("a");
    Log.publishTo(other);
    Log.publishNoMoreTo(one);
    logger.info("b");
    Log.publishNoMoreTo(other);
    logger.info("c");

    assertThat(first).singleElement().asString().endsWith("a\n");
    assertThat(second).singleElement().asString().endsWith("b\n");
  }

  @Test
  void withLevelNoneNothingIsWritten() throws IOException {
    Path file = directory.resolve("x.log");
    Log.configure(new LogSettings(List.of(Sink.file(file, LogLevel.NONE, true)), Map.of()));

    LoggerFactory.getLogger("x").error("m");

    assertThat(file).isEmptyFile();
  }
}
