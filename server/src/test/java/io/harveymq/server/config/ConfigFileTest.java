package io.harveymq.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  private static List<ConfigEntry> entries(String... lines) throws ConfigException {
    return ConfigFile.parse("f", String.join("\n", lines)).entries();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a = 1                       | a                  | 1
          a.b_c-1=x                   | a.b_c-1            | x
            a =  1  2   # comment     | a                  | 1  2
          a = 1#2                     | a                  | 1
          a = '1 # 2' # comment       | a                  | 1 # 2
          a = ''                      | a                  | ``
          a = "b"                     | a                  | "b"
          loopback_users.x\\.y = true | loopback_users.x.y | true
          a = b = c                   | a                  | b = c
          """)
  void readsAKeyAndItsValue(String line, String key, String value) throws ConfigException {
    assertThat(entries(line)).containsExactly(new ConfigEntry(key, value, Source.FILE, "f:1"));
  }

  @Test
  void passesOverCommentsAndEmptyLinesAndKnowsItsLines() throws ConfigException {
    assertThat(entries("\uFEFF# comment", "", "  \t", "a = 1\r", "## b = 1", "a = 2"))
        .containsExactly(
            new ConfigEntry("a", "1", Source.FILE, "f:4"),
            new ConfigEntry("a", "2", Source.FILE, "f:6"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a 1        | f:2:3: expected '=' after the key 'a'
          a          | f:2:2: expected '=' after the key 'a'
          a =        | f:2:4: the key 'a' has no value
          a = # x    | f:2:5: the key 'a' has no value
          = 1        | f:2:1: expected a key (letters, digits, '_', '-' and '.')
          [{rabbit,  | f:2:1: expected a key (letters, digits, '_', '-' and '.')
          a..b = 1   | f:2:3: a part of the key is empty
          a. = 1     | f:2:3: a part of the key is empty
          a = 'x     | f:2:5: the single quote before the value of 'a' has no second one
          a = 'x' y  | f:2:9: nothing but a comment may follow the quoted value of 'a'
          """)
  void namesLineAndColumnOfWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> ConfigFile.parse("f", "# first\n" + line + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void saysThatDoubleQuotesBelongToTheValue() throws ConfigException {
    assertThat(ConfigFile.parse("f", "default_pass = \"x\"").warnings())
        .singleElement()
        .asString()
        .startsWith("f:1: the double quotes are part of the value of default_pass");
  }
}
