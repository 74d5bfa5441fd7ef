package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.store.Definition;
import io.harveymq.codec.FieldTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefinitionCodecTest {
  @ParameterizedTest
  @EnumSource
  void anExchangeOfEveryTypeComesBack(ExchangeType type) {
    FieldTable arguments = FieldTable.builder().put("x-delayed-type", "topic").build();
    ExchangeDefinition exchange = new ExchangeDefinition("x", type, true, false, true, arguments);
    long log = type == ExchangeType.DELAYED_MESSAGE ? 77 : 0;
    Definition definition = new Definition.Exchange("/", exchange, log);
    assertThat(DefinitionCodec.decode(DefinitionCodec.encode(definition))).isEqualTo(definition);
  }
}
