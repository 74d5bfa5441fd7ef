package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {
  @Test
  void whatWouldMakeOrHideLinesIsEscaped() {
    assertThat(LogText.of("a\r\nb\u001b[2J\u2028\u202e\u0085"))
        .isEqualTo("a\\u000d\\u000ab\\u001b[2J\\u2028\\u202e\\u0085");
    assertThat(LogText.of("\\u000a")).isEqualTo("\\u005cu000a");
  }

  @Test
  void longTextIsCut() {
    assertThat(LogText.of("x".repeat(255))).isEqualTo("x".repeat(255));
    assertThat(LogText.of("x".repeat(256))).isEqualTo("x".repeat(255) + "...");
    assertThat(LogText.of(null)).isEqualTo("null");
  }

  @Test
  void otherTextStaysAsItIs() {
    assertThat(LogText.of("Jürgen O'Neill 😀 äöü")).isEqualTo("Jürgen O'Neill 😀 äöü");
  }
}
