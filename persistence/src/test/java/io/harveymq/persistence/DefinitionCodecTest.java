package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefinitionCodecTest {
  @ParameterizedTest
  @EnumSource
  void anExchangeOfEveryTypeComesBack(ExchangeType type) {
    FieldTable arguments = FieldTable.builder().put("x-delayed-type", "topic").build();
    ExchangeDefinition exchange = new ExchangeDefinition("x", type, true, false, true, arguments);
    long log = type == ExchangeType.DELAYED_MESSAGE ? 77 : 0;
    Definition definition = new Definition.Exchange("/", exchange, log, "maker");
    assertThat(DefinitionCodec.decode(DefinitionCodec.encode(definition))).isEqualTo(definition);
    assertThat(
            DefinitionCodec.decode(asBefore(new Definition.Exchange("/", exchange, log, null), 2)))
        .isEqualTo(new Definition.Exchange("/", exchange, log, null));
  }

  /** Up to format 2 there was nothing of what is written last. */
  private static byte[] asBefore(Definition definition, int newer) {
    byte[] bytes = DefinitionCodec.encode(definition);
    return Arrays.copyOf(bytes, bytes.length - newer);
  }

  @Test
  void limitsThatWereSetToNothingAreToldFromNone() {
    for (VhostLimits limits :
        List.of(VhostLimits.NONE, new VhostLimits(VhostLimits.UNSET, VhostLimits.UNSET))) {
      Definition definition =
          new Definition.VirtualHost(VirtualHostDefinition.of("v").withLimits(limits));
      assertThat(DefinitionCodec.decode(DefinitionCodec.encode(definition))).isEqualTo(definition);
    }
  }

  @Test
  void limitsOfAStoreOfTheFormatBeforeAreRead() {
    for (VhostLimits limits : List.of(VhostLimits.NONE, new VhostLimits(1, VhostLimits.UNSET))) {
      Definition definition =
          new Definition.VirtualHost(VirtualHostDefinition.of("v").withLimits(limits));
      assertThat(DefinitionCodec.decode(asBefore(definition, 1))).isEqualTo(definition);
    }
  }
}
