package io.harveymq.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PasswordHashTest {
  @Test
  void aHashThatRabbitMqMadeMatchesItsPassword() {
    PasswordHash hash =
        PasswordHash.imported(
            HashingAlgorithm.SHA256, "Rgylqt2F2cPCvo9U0D39vKhKjGTccl4fFsWH35JoAd3XYL8E");

    assertThat(hash.matches("p")).isTrue();
    assertThat(hash.matches("q")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aHashIsItsPasswordsAfterExportAndImport(HashingAlgorithm algorithm) {
    PasswordHash made = PasswordHash.of("secret", algorithm);
    PasswordHash imported = PasswordHash.imported(made.algorithm(), made.base64());

    assertThat(imported).isEqualTo(made);
    assertThat(imported.matches("secret")).isTrue();
    assertThat(imported.matches("Secret")).isFalse();
    assertThat(HashingAlgorithm.of(algorithm.protocolName())).isEqualTo(algorithm);
  }

  @Test
  void twoHashesOfAPasswordDiffer() {
    assertThat(PasswordHash.of("p")).isNotEqualTo(PasswordHash.of("p"));
  }

  @Test
  void nobodyLogsInWithoutAPassword() {
    assertThat(PasswordHash.NONE.matches("")).isFalse();
    assertThat(PasswordHash.imported(HashingAlgorithm.SHA256, "").matches("")).isFalse();
    assertThat(PasswordHash.of("").matches("")).isFalse();
  }

  @Test
  void whatIsNoBase64IsRefused() {
    assertThatThrownBy(() -> PasswordHash.imported(HashingAlgorithm.MD5, "!"))
        .isInstanceOf(AccessException.class);
  }
}
