package io.harveymq.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns and what RabbitMQ 3.10.8's wildcard:match/2 says of them. */
class WildcardTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"        | \"\"     | true",
        "\"\"        | a        | false",
        "orders      | orders   | true",
        "orders      | order    | false",
        "orders      | orderss  | false",
        "Orders      | orders   | false",
        "*           | anything | true",
        "*           | \"\"     | true",
        "**          | anything | true",
        "**          | \"\"     | false",
        "***         | \"\"     | false",
        "***         | a        | true",
        "or*         | orders   | true",
        "or*         | or       | true",
        "or*         | o        | false",
        "*ers        | orders   | true",
        "*ers        | ers      | true",
        "*ers        | erst     | false",
        "o*s         | orders   | true",
        "a*b         | abxb     | false",
        "a*b*        | abxb     | true",
        "a*c*b       | axcxb    | true",
        "a*c*b       | axb      | false",
        "*d*         | orders   | true",
        "a%2Fb       | a/b      | true",
        "a%2fb       | a/b      | true",
        "a%2Ab       | a*b      | true",
        "a%2Ab       | axb      | false",
        "a+b         | \"a b\"  | true",
        "a%2Bb       | a+b      | true",
        "a%2         | a%2      | false",
        "a%zz        | a%zz     | false",
        "100%        | 100%     | false",
        "%C3%A9*     | été      | true",
        "é*          | été      | true"
      })
  void matchesAsInRabbitMq(String pattern, String text, boolean matches) {
    assertThat(new Wildcard(pattern).matches(text)).isEqualTo(matches);
  }
}
