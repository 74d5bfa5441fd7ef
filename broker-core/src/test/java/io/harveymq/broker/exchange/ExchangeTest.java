package io.harveymq.broker.exchange;

import static io.harveymq.broker.exchange.Exchanges.bind;
import static io.harveymq.broker.exchange.Exchanges.definition;
import static io.harveymq.broker.exchange.Exchanges.exchange;
import static io.harveymq.broker.exchange.Exchanges.match;
import static io.harveymq.broker.exchange.Exchanges.unbind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeTest {
  private final TestQueue q = new TestQueue("q");
  private final TestQueue r = new TestQueue("r");

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
  void secondIdenticalBindChangesNothing(ExchangeType type) {
    Exchange x = exchange(type);
    assertThat(bind(x, q, "k")).isTrue();
    assertThat(bind(x, q, "k")).isFalse();
    assertThat(x.bindingCount()).isEqualTo(1);
    assertThat(q.incoming()).hasSize(1);
    assertThat(match(x, "k")).containsExactly(q);
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
  void unbindTellsWhetherThereWasABinding(ExchangeType type) {
    Exchange x = exchange(type);
    assertThat(unbind(x, q, "k")).isFalse();
    bind(x, q, "k");
    assertThat(unbind(x, q, "other")).isFalse();
    assertThat(unbind(x, r, "k")).isFalse();
    assertThat(unbind(x, q, "k")).isTrue();
    assertThat(unbind(x, q, "k")).isFalse();
    assertThat(x.isUnused()).isTrue();
    assertThat(q.incoming()).isEmpty();
    assertThat(match(x, "k")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
  void bindingsWithOtherArgumentsAreOtherBindings(ExchangeType type) {
    Exchange x = exchange(type);
    FieldTable arguments = FieldTable.builder().put("x-a", 1).build();
    assertThat(bind(x, q, "k")).isTrue();
    assertThat(bind(x, q, "k", arguments)).isTrue();
    assertThat(bind(x, q, "k", FieldTable.builder().put("x-a", 1L).build())).isTrue();
    assertThat(x.bindingCount()).isEqualTo(3);
    assertThat(x.unbind(new Binding(x, q, "k", arguments))).isTrue();
    assertThat(x.bindingCount()).isEqualTo(2);
    assertThat(match(x, "k")).contains(q);
  }

  @Test
  void orderOfArgumentsDoesNotMakeAnotherBinding() {
    Exchange x = exchange(ExchangeType.HEADERS);
    bind(x, q, "", FieldTable.builder().put("a", 1).put("b", 2).build());
    FieldTable swapped = FieldTable.builder().put("b", 2).put("a", 1).build();
    assertThat(bind(x, q, "", swapped)).isFalse();
    assertThat(x.unbind(new Binding(x, q, "", swapped))).isTrue();
  }

  @Test
  void directMatchesEqualKeysOnly() {
    Exchange x = exchange(ExchangeType.DIRECT);
    bind(x, q, "a");
    bind(x, q, "b");
    bind(x, r, "a");
    bind(x, r, "");
    assertThat(match(x, "a")).containsExactly(q, r);
    assertThat(match(x, "b")).containsExactly(q);
    assertThat(match(x, "")).containsExactly(r);
    assertThat(match(x, "A")).isEmpty();
    assertThat(match(x, "#")).isEmpty();
  }

  @Test
  void fanoutMatchesEveryBindingWhateverTheKey() {
    Exchange x = exchange(ExchangeType.FANOUT);
    assertThat(match(x, "k")).isEmpty();
    bind(x, q, "a");
    bind(x, r, "b");
    assertThat(match(x, "")).containsExactly(q, r);
    unbind(x, q, "a");
    assertThat(match(x, "a")).containsExactly(r);
  }

  @Test
  void exchangesAreDestinationsToo() {
    Exchange source = exchange(ExchangeType.DIRECT);
    Exchange target = exchange(ExchangeType.FANOUT);
    bind(source, target, "k");
    bind(source, source, "k");
    assertThat(match(source, "k")).containsExactly(target, source);
    assertThat(target.isQueue()).isFalse();
    assertThat(target.incoming()).extracting(Binding::source).containsExactly(source);
    assertThat(target.isUnused()).isTrue();
    unbind(source, target, "k");
    assertThat(target.incoming()).isEmpty();
  }

  @Test
  void someTypesLookBeyondTheKey() {
    Set<ExchangeType> beyond =
        Set.of(ExchangeType.HEADERS, ExchangeType.RANDOM, ExchangeType.LOCAL_RANDOM);
    for (ExchangeType type : ExchangeType.values()) {
      assertThat(exchange(type).dependsOnKeyOnly()).isEqualTo(!beyond.contains(type));
    }
  }

  @Test
  void bindingsAreListedOldestFirst() {
    Exchange x = exchange(ExchangeType.TOPIC);
    List<String> keys = new ArrayList<>(List.of("z", "a", "m", "#", "*"));
    keys.forEach(key -> bind(x, q, key));
    unbind(x, q, "m");
    keys.remove("m");
    assertThat(x.bindings()).extracting(Binding::routingKey).containsExactlyElementsOf(keys);
  }

  @Test
  void alternateExchangeIsReadFromTheArguments() {
    FieldTable arguments = FieldTable.builder().put("alternate-exchange", "ae").build();
    Exchange x = Exchange.create("/", definition(ExchangeType.DIRECT, arguments));
    assertThat(x.alternateExchange()).isEqualTo("ae");
    assertThat(exchange(ExchangeType.DIRECT).alternateExchange()).isNull();
  }

  @Test
  void alternateExchangeMustBeAString() {
    FieldTable arguments = FieldTable.builder().put("alternate-exchange", 1).build();
    assertThatThrownBy(() -> Exchange.create("/", definition(ExchangeType.DIRECT, arguments)))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange'"
                + " in exchange 'x' in vhost '/'");
    FieldTable nothing =
        FieldTable.builder().put("alternate-exchange", FieldValue.Void.INSTANCE).build();
    assertThatThrownBy(() -> Exchange.create("/", definition(ExchangeType.DIRECT, nothing)))
        .hasMessageContaining("invalid type 'void'");
  }

  @Test
  void typesAreFoundByTheirExactName() {
    assertThat(ExchangeType.of("direct")).isEqualTo(ExchangeType.DIRECT);
    assertThat(ExchangeType.of("headers")).isEqualTo(ExchangeType.HEADERS);
    assertThat(ExchangeType.of("Direct")).isNull();
    assertThat(ExchangeType.of("")).isNull();
    for (ExchangeType type : ExchangeType.values()) {
      assertThat(ExchangeType.of(type.protocolName())).isEqualTo(type);
      assertThat(exchange(type).definition().type()).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FANOUT", "TOPIC", "HEADERS"})
  void aHundredThousandBindingsComeAndGoQuickly(ExchangeType type) {
    Exchange x = exchange(type);
    List<TestQueue> queues =
        IntStream.range(0, 50_000).mapToObj(i -> new TestQueue("q" + i)).toList();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          queues.forEach(queue -> bind(x, queue, "a.shared.key"));
          queues.forEach(queue -> bind(x, queue, "a.key.of." + queue.name()));
          assertThat(x.bindingCount()).isEqualTo(100_000);
          queues.forEach(queue -> unbind(x, queue, "a.shared.key"));
          queues.forEach(queue -> unbind(x, queue, "a.key.of." + queue.name()));
        });
    assertThat(x.isUnused()).isTrue();
    assertThat(match(x, "a.shared.key")).isEmpty();
  }
}
