package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.DeathHeaderStyle;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the versions of RabbitMQ tell of deaths. */
class DeathHeadersTest {
  private static final BasicProperties NONE = BasicProperties.EMPTY;

  private static BasicProperties die(
      BasicProperties properties, DeathHeaderStyle style, String reason, String queue) {
    return new DeathHeaders(reason, queue, "x", List.of("key", "cc"), 1_000)
        .addTo(properties, properties.headers() != null, style);
  }

  private static List<String> names(FieldTable table) {
    List<String> names = new ArrayList<>();
    table.entries().forEach(entry -> names.add(entry.key()));
    return names;
  }

  private static FieldTable death(BasicProperties properties, int index) {
    return ((FieldValue.Table) DeathHeaders.deaths(properties.headers()).get(index)).value();
  }

  /** The queues of the entries in their order. */
  private static String queues(BasicProperties properties) {
    StringBuilder queues = new StringBuilder();
    DeathHeaders.deaths(properties.headers())
        .forEach(
            death -> queues.append(DeathHeaders.text(((FieldValue.Table) death).value(), "queue")));
    return queues.toString();
  }

  @ParameterizedTest
  @EnumSource
  void theFirstDeathHasTheseFields(DeathHeaderStyle style) {
    BasicProperties dead = die(NONE, style, "rejected", "q");
    assertThat(names(death(dead, 0)))
        .containsExactly("count", "reason", "queue", "time", "exchange", "routing-keys");
    assertThat(death(dead, 0).get("count")).isEqualTo(FieldValue.of(1L));
    assertThat(death(dead, 0).get("time")).isEqualTo(new FieldValue.Timestamp(1_000));
    assertThat(death(dead, 0).get("routing-keys"))
        .isEqualTo(new FieldValue.Array(List.of(FieldValue.of("key"), FieldValue.of("cc"))));
    List<String> expected = new ArrayList<>(List.of("x-death"));
    for (String which :
        style == DeathHeaderStyle.HEADERS ? List.of("first") : List.of("first", "last")) {
      for (String what : List.of("exchange", "queue", "reason")) {
        expected.add("x-" + which + "-death-" + what);
      }
    }
    assertThat(names(dead.headers())).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void expirationMovesIntoTheEntry(DeathHeaderStyle style) {
    BasicProperties expiring = BasicProperties.builder().expiration("77").build();
    BasicProperties dead = die(expiring, style, "expired", "q");
    assertThat(dead.expiration()).isNull();
    List<String> names = names(death(dead, 0));
    int place = style == DeathHeaderStyle.HEADERS ? names.size() - 1 : 0;
    assertThat(names.get(place)).isEqualTo("original-expiration");
    assertThat(death(dead, 0).get("original-expiration")).isEqualTo(FieldValue.of("77"));
  }

  @ParameterizedTest
  @EnumSource
  void sameReasonInTheSameQueueIsOneEntryAndComesFirst(DeathHeaderStyle style) {
    BasicProperties dead = die(NONE, style, "rejected", "a");
    dead = die(dead, style, "expired", "b");
    dead = die(dead, style, "rejected", "a");
    assertThat(queues(dead)).isEqualTo("ab");
    assertThat(death(dead, 0).get("count")).isEqualTo(FieldValue.of(2L));
    assertThat(death(dead, 1).get("count")).isEqualTo(FieldValue.of(1L));
  }

  @ParameterizedTest
  @EnumSource
  void anotherReasonInTheSameQueueIsAnotherEntry(DeathHeaderStyle style) {
    BasicProperties dead = die(die(NONE, style, "rejected", "a"), style, "expired", "a");
    assertThat(queues(dead)).isEqualTo("aa");
  }

  @ParameterizedTest
  @EnumSource
  void olderEntriesChangePlacesUpTo312(DeathHeaderStyle style) {
    BasicProperties dead = NONE;
    for (String queue : List.of("a", "b", "c", "d")) {
      dead = die(dead, style, "rejected", queue);
    }
    // group_by_queue_and_reason turns what there is around: a; b, a; c, a, b; d, b, a, c
    assertThat(queues(dead)).isEqualTo(style == DeathHeaderStyle.HEADERS ? "dbac" : "dcba");
  }

  @ParameterizedTest
  @EnumSource
  void deathsThatAClientMadeUpCountUpTo313(DeathHeaderStyle style) {
    BasicProperties before = die(NONE, style, "rejected", "q");
    BasicProperties dead =
        new DeathHeaders("rejected", "q", "x", List.of("key"), 2_000).addTo(before, false, style);
    long count = style == DeathHeaderStyle.ANNOTATIONS ? 1 : 2;
    assertThat(death(dead, 0).get("count")).isEqualTo(FieldValue.of(count));
  }

  @ParameterizedTest
  @EnumSource
  void headerOfAWrongTypeIsReplaced(DeathHeaderStyle style) {
    FieldTable headers = FieldTable.builder().put("x-death", "no array").put("mine", 1).build();
    BasicProperties odd = BasicProperties.builder().headers(headers).build();
    BasicProperties dead =
        new DeathHeaders("rejected", "q", "x", List.of("key"), 2_000).addTo(odd, false, style);
    assertThat(queues(dead)).isEqualTo("q");
    assertThat(dead.headers().get("mine")).isEqualTo(FieldValue.of(1));
  }

  @Test
  void lastDeathChangesAndFirstStays() {
    BasicProperties dead = die(NONE, DeathHeaderStyle.ANNOTATIONS, "rejected", "a");
    dead = die(dead, DeathHeaderStyle.ANNOTATIONS, "expired", "b");
    assertThat(dead.headers().get("x-first-death-queue")).isEqualTo(FieldValue.of("a"));
    assertThat(dead.headers().get("x-last-death-queue")).isEqualTo(FieldValue.of("b"));
    assertThat(dead.headers().get("x-last-death-reason")).isEqualTo(FieldValue.of("expired"));
  }
}
