package io.harveymq.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PatternCostTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".*",
        "^(?!amq\\.).*",
        "^(team|squad)-[a-z0-9_-]{1,40}(\\.(new|old))?$",
        "^.*\\..*\\..*\\..*\\..*$",
        "^((a|b)|(c|d))*-((e|f)|(g|h))+$",
        "^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$",
        "^\\Q((((\\E[(|)]+$",
        "(?i)^(?:order|invoice)(?:[.-](?:eu|us|asia))?(?<n>.)\\k<n>\\1$",
        "(?<=^tenant-)[^-]+(?<!x)",
      })
  void whatPeopleWriteIsCheap(String expression) {
    assertThat(PatternCost.of(expression)).isLessThan(60);
    ErlangPattern.compile(expression);
  }

  @Test
  void manyNamesSideBySideAreAllowed() {
    String names =
        IntStream.range(0, 1_000).mapToObj(i -> "order-" + i).collect(Collectors.joining("|"));
    assertThat(ErlangPattern.compile("^(" + names + ")$").matches("order-999")).isTrue();
  }

  static Stream<String> expensive() {
    return Stream.of(
        "(){2000000000}",
        "((){999}){999}",
        "(?:(?:){99}){99}+x",
        "()".repeat(8_000),
        "(|){40}x",
        "(|)".repeat(40),
        "(a?|b?|)".repeat(30) + "x",
        "((a?)*)*".repeat(30),
        "(?=" + "(|)".repeat(30) + ")",
        "(?!" + "(|)".repeat(30) + "(?!))",
        "a(" + "(|)".repeat(30) + "(?!))",
        "(x" + "(|)".repeat(30) + ")*",
        "\\b?".repeat(40) + "x",
        "(\\1|)".repeat(40) + "x",
        "(?<=a{0,9}b{0,9}c{0,9}d{0,9}e{0,9}f{0,9})x",
        "(".repeat(20_000) + ")".repeat(20_000),
        "(?x)(#(\n)",
        "[a]{0}(|){40}",
        "[\\]]?(|){40}",
        "[]a](|){40}",
        "\\Q(\\E(|){40}",
        "\\p{L}?(|){40}");
  }

  @ParameterizedTest
  @MethodSource("expensive")
  void whatMightTakeYearsWithoutALookIsRefused(String expression) {
    assertThat(PatternCost.of(expression)).isGreaterThan(PatternCost.MOST);
    assertThatThrownBy(() -> ErlangPattern.compile(expression))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining("too complex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "(a*a*)*b",
        "(a|a)*(a|aa)*b$",
        "(?=(a+)+$)b",
        "^(?:a?){30}a{30}$",
        "(x?a?){9}(|a){9}!",
        "(.*)(\\1)(\\1)(\\1)!",
        "((a|)(a|)(a|)(a|)(a|)(a|)(a|)(a|))*!",
      })
  void whatIsAllowedComesToAnEnd(String expression) {
    ErlangPattern pattern = ErlangPattern.compile(expression);
    long start = System.nanoTime();
    pattern.matches("a".repeat(255) + "b");
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }

  @Test
  void whatIsTooDeepForTheStackIsRefusedOrDoesNotMatch() {
    String long1 = "(?:a.)?".repeat(2_000);
    assertThat(matchesOrIsRefused(long1 + "!")).isFalse();
    assertThat(matchesOrIsRefused("[ab].".repeat(4_000) + "!")).isFalse();
  }

  private static boolean matchesOrIsRefused(String expression) {
    try {
      return ErlangPattern.compile(expression).matches("a".repeat(255));
    } catch (PatternSyntaxException refused) {
      return false;
    }
  }
}
