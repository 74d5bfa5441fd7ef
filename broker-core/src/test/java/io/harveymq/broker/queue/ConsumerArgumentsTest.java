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
    assertThat(ConsumerArguments.parse("q", "/", QueueType.CLASSIC, FieldTable.EMPTY))
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

  @ParameterizedTest
  @CsvSource({
    "x-stream-offset=S:first, FIRST, 0",
    "x-stream-offset=S:last, LAST, 0",
    "x-stream-offset=S:next, NEXT, 0",
    "x-stream-offset=x:first, FIRST, 0",
    "x-stream-offset=I:7, OFFSET, 7",
    "x-stream-offset=l:-1, OFFSET, -1",
    "x-stream-offset=T:5, TIMESTAMP, 5000",
    "x-stream-offset=S:7D, AGO, 604800000",
    "x-stream-offset=S:010s, AGO, 10000",
    "x-stream-offset=S:2Y, AGO, 63072000000",
    "x-stream-offset=S:1M, AGO, 2592000000",
    "x-stream-offset=S:3h, AGO, 10800000",
    "x-stream-offset=S:4m, AGO, 240000",
    "x-stream-offset=S:99999999999999999999Y, AGO, 4611686018427387903",
    "x-credit=I:7, NEXT, 0",
  })
  void placeInAStreamIsRead(String arguments, StreamOffset.Kind kind, long value) {
    ConsumerArguments parsed =
        ConsumerArguments.parse("q", "/", QueueType.STREAM, Arguments.of(arguments));
    assertThat(parsed.streamOffset()).isEqualTo(new StreamOffset(kind, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x-stream-offset=S:3 | {invalid_stream_offset_arg,{longstr,<<\"3\">>}}",
        "x-stream-offset=S:0D | {invalid_stream_offset_arg,{longstr,<<\"0D\">>}}",
        "x-stream-offset=S:1.5h | {invalid_stream_offset_arg,{longstr,<<\"1.5h\">>}}",
        "x-stream-offset=x:1h | {invalid_stream_offset_arg,{binary,<<\"1h\">>}}",
        "x-stream-offset=t:true | {invalid_stream_offset_arg,{bool,true}}",
      })
  void badPlaceInAStreamIsRefusedInRabbitMqWords(String arguments, String text) {
    assertThatThrownBy(
            () -> ConsumerArguments.parse("q", "/", QueueType.STREAM, Arguments.of(arguments)))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'q' in vhost '/': "
                + text);
  }

  private static ConsumerArguments parse(String arguments) {
    return ConsumerArguments.parse("q", "/", QueueType.CLASSIC, Arguments.of(arguments));
  }
}
