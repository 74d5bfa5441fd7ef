package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.LoginRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What connections are held to. */
class SettingsTest {
  @ParameterizedTest
  @CsvSource({"0, 16777216", "1000, 1000", "536870912, 536870912", "536870913, 536870912"})
  void messagesAreNeverLargerThanHalfAGibibyte(long configured, long most) {
    ConnectionLimits limits = new ConnectionLimits(131_072, 2_047, 60, configured, -1, -1);
    assertThat(
            new Settings(Compatibility.V4_2, limits, 0, null, LoginRules.DEFAULT).maxMessageSize())
        .isEqualTo(most);
  }
}
