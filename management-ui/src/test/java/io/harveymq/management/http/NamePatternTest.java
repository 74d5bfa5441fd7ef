package io.harveymq.management.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class NamePatternTest {
  @Test
  void findsAnywhereInAName() {
    assertThat(new NamePattern("^(?!amq\\.).*r{2}$").isIn("orr")).isTrue();
    assertThat(new NamePattern("^(?!amq\\.).*r{2}$").isIn("amq.orr")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*a*a*a*a*a*a*a*b$", "(.*a){20}b$"})
  void givesUpWhereTheSearchWouldTakeYears(String expression) {
    NamePattern pattern = new NamePattern(expression);
    assertThatThrownBy(() -> pattern.isIn("a".repeat(200) + "c"))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("takes too long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(){2000000000}", "((){999}){999}", "(|){40}x"})
  void repetitionsOfNothingAreLimited(String expression) {
    assertThatThrownBy(() -> new NamePattern(expression)).hasMessageContaining("takes too long");
  }

  @Test
  void lengthIsLimited() {
    new NamePattern("a".repeat(1_000));
    assertThatThrownBy(() -> new NamePattern("a".repeat(1_001)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("1000 characters");
    assertThatThrownBy(() -> new NamePattern("(")).isInstanceOf(PatternSyntaxException.class);
  }
}
