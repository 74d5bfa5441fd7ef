package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.server.config.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreRequestTest {
  @Test
  void theDataDirectoryIsThatOfTheServerUnlessGiven() throws UsageException {
    StoreRequest request = StoreRequest.of(List.of("info"));

    assertThat(request.action()).isEqualTo(StoreAction.INFO);
    assertThat(request.dataDir()).isEqualTo(Path.of("harvey-data").toAbsolutePath());
    assertThat(request.other()).isNull();
    assertThat(request.acceptLoss()).isFalse();
  }

  @Test
  void optionsComeInAnyOrderWithASpaceOrAnEqualsSign() throws UsageException {
    StoreRequest request = StoreRequest.of(List.of("backup", "--to=/b", "--data-dir", "/a"));

    assertThat(request)
        .isEqualTo(
            new StoreRequest(
                StoreAction.BACKUP,
                Path.of("/a").toAbsolutePath(),
                Path.of("/b").toAbsolutePath(),
                false));
    assertThat(StoreRequest.of(List.of("compact", "--accept-loss")).acceptLoss()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| store needs an action, one of info, verify, compact, backup, restore",
        "burn | unknown action 'burn' for store, it must be one of info, verify, compact, backup, restore",
        "backup | store backup needs --to DIRECTORY",
        "restore --to /x | unknown option '--to' for store restore",
        "info --accept-loss | unknown option '--accept-loss' for store info",
        "info here | unexpected argument 'here' for store info",
        "info --data-dir | --data-dir needs a value: --data-dir DIR",
        "info --data-dir= | --data-dir must be the path of a directory, got ''",
      })
  void eachMistakeIsNamed(String arguments, String message) {
    List<String> words = arguments == null ? List.of() : List.of(arguments.split(" "));

    assertThatThrownBy(() -> StoreRequest.of(words))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
