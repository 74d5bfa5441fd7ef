package io.harveymq.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErlangPatternTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        ".*, anything, true",
        "^.*, anything, true",
        "b, abc, true",
        "^b, abc, false",
        "c$, abc, true",
        "^(a|b)\\., b.c, true",
        "^{a}$, {a}, true",
        "^a{2}$, aa, true",
        "^a{2}$, a{2}, false",
        "^[[:alpha:]]+$, abc, true",
        "^[[:alpha:]]+$, ab1, false",
        "^[[:^digit:]]+$, abc, true",
        "^[[:^digit:]]+$, ab1, false",
        "^[][]+$, [], true",
        "^[[:]$, :, true",
        "^[a[]+$, a[, true",
        "^[a&&b]+$, a&b, true",
        "^\\Q[x]\\E$, [x], true",
        "^(?P<n>a)\\k<n>$, aa, true",
        "^\\d+$, 12, true",
        "(?i)^ABC$, abc, true",
      })
  void matchesAsPcreDoes(String pattern, String text, boolean matches) {
    assertThat(ErlangPattern.of(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void anEmptyPatternMatchesTheEmptyTextOnly() {
    assertThat(ErlangPattern.of("").matches("")).isTrue();
    assertThat(ErlangPattern.of("").matches("a")).isFalse();
  }

  @Test
  void onlyALineFeedEndsALine() {
    assertThat(ErlangPattern.of("^a$").matches("a\n")).isTrue();
    assertThat(ErlangPattern.of("^a$").matches("a\r")).isFalse();
    assertThat(ErlangPattern.of("^a.b$").matches("a\rb")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"(", "[a", "a**", "*", "a\\"})
  void aMalformedPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> ErlangPattern.of(pattern))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("regular expression '" + pattern + "' is invalid")
        .extracting("reason")
        .isEqualTo(AccessException.Reason.INVALID_REGEXP);
  }

  @Test
  void aPatternThatTakesForeverDoesNotMatch() {
    assertThat(ErlangPattern.of("^(a+)+$").matches("a".repeat(60) + "b")).isFalse();
    assertThat(ErlangPattern.of("^(a|b)*$").matches("ab".repeat(20_000))).isFalse();
  }
}
