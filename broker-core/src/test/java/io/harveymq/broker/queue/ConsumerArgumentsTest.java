package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are what a RabbitMQ 3.10.8 answered. */
class ConsumerArgumentsTest {
  @ParameterizedTest
  @CsvSource({
    "x-priority=I:-5, -5",
    "x-priority=B:7, 7",
    "x-priority=l:1099511627776, 2147483647",
    "x-priority=l:-1099511627776, -2147483648",
    "x-cancel-on-ha-failover=t:true, 0",
    "x-unknown=S:a, 0",
  })
  void priorityIsRead(String arguments, int priority) {
    assertThat(parse(arguments).priority()).isEqualTo(priority);
    assertThat(parse(arguments).table()).isEqualTo(Arguments.of(arguments));
  }

  @Test
  void emptyTableGivesTheSharedInstance() {
    assertThat(ConsumerArguments.parse(QueueType.CLASSIC, "q", "/", FieldTable.EMPTY))
        .isSameAs(ConsumerArguments.NONE);
    assertThat(ConsumerArguments.NONE.priority()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x-priority=S:a | 'x-priority' for queue 'q' in vhost '/': \"expected integer, got"
            + " longstr\"",
        "x-priority=V: | 'x-priority' for queue 'q' in vhost '/': \"expected integer, got void\"",
        "x-cancel-on-ha-failover=I:1 | 'x-cancel-on-ha-failover' for queue 'q' in vhost '/':"
            + " {unacceptable_type,signedint}",
        "x-stream-offset=S:first | 'x-stream-offset' for queue 'q' in vhost '/' of queue type"
            + " rabbit_classic_queue",
        "x-stream-offset=S:first x-priority=d:1 | 'x-priority' for queue 'q' in vhost '/':"
            + " \"expected integer, got double\"",
      })
  void badArgumentIsRefusedInRabbitMqWords(String arguments, String text) {
    assertThatThrownBy(() -> parse(arguments))
        .isInstanceOf(ChannelException.class)
        .hasMessage("PRECONDITION_FAILED - invalid arg " + text);
  }

  private static ConsumerArguments parse(String arguments) {
    return ConsumerArguments.parse(QueueType.CLASSIC, "q", "/", Arguments.of(arguments));
  }
}
