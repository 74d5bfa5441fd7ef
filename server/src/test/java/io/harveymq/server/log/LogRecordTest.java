package io.harveymq.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.server.log.LogSettings.Layout;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class LogRecordTest {
  @Test
  void whateverAMessageQuotesItStaysOneLine() {
    String forged = "user 'a\n[INFO] all is well\r\u0085\u2028\u001b[2K'";
    assertThat(event(forged, null).text(LogSettings.Layout.SHORT))
        .isEqualTo("[WARN] user 'a\\u000a[INFO] all is well\\u000d\\u0085\\u2028\\u001b[2K'");
    assertThat(event("C:\\data äö 😀", null).text(LogSettings.Layout.SHORT))
        .isEqualTo("[WARN] C:\\data äö 😀");
  }

  private static LogRecord event(String message, Throwable failure) {
    OffsetDateTime time = OffsetDateTime.parse("2026-01-02T03:04:05.006007008+01:00");
    String logger = "io.harveymq.broker.connection.Handshake";
    return new LogRecord(time, LogLevel.WARN, logger, "loop-1", message, failure);
  }

  @Test
  void aPlainLineHasTimeAndLevel() {
    assertThat(event("m", null).text(Layout.PLAIN))
        .isEqualTo("2026-01-02 03:04:05.006+01:00 [WARN] m");
  }

  @Test
  void aJsonLineHasTheFieldsOfRabbitMq() {
    assertThat(event("a \"b\"\n\\\u0001\u00e9", null).text(Layout.JSON))
        .isEqualTo(
            "{\"time\":\"2026-01-02 03:04:05.006007+01:00\",\"level\":\"warning\","
                + "\"msg\":\"a \\\"b\\\"\\n\\\\\\u0001\u00e9\",\"domain\":\"rabbitmq.connection\","
                + "\"logger\":\"io.harveymq.broker.connection.Handshake\",\"pid\":\"<loop-1>\"}");
  }

  @Test
  void aStackTraceStaysInItsJsonLine() {
    assertThat(event("m", new IllegalStateException("why")).text(Layout.JSON))
        .contains("\"msg\":\"m\\njava.lang.IllegalStateException: why\\n\\tat ")
        .doesNotContain("\n");
  }

  @Test
  void aStackTraceFollowsAPlainLine() {
    assertThat(event("m", new IllegalStateException("why")).text(Layout.PLAIN).lines())
        .hasSizeGreaterThan(2)
        .element(1)
        .isEqualTo("java.lang.IllegalStateException: why");
  }
}
