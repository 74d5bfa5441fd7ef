package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Prefetch windows. What a consumer did not get is proved by taking the rest of the queue with
 * basic.get, which no window limits.
 */
class QosTest extends CompatTest {
  private String queue;

  @BeforeEach
  void fillQueue() throws Exception {
    queue = newQueue();
    fill(queue, "1", "2", "3", "4", "5", "6");
  }

  @Test
  void windowLimitsWhatIsOut() throws Exception {
    channel.basicQos(2);
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(2)).containsExactly("1", "2");
    assertThat(drain(queue)).containsExactly("3", "4", "5", "6");
    assertThat(deliveries.taken()).isEmpty();
  }

  @Test
  void everySettledMessageMakesRoomForAnother() throws Exception {
    channel.basicQos(2);
    Deliveries deliveries = Deliveries.from(channel, queue);
    deliveries.nextTexts(2);
    channel.basicAck(1, false);
    assertThat(deliveries.nextTexts(1)).containsExactly("3");
    channel.basicAck(3, true);
    assertThat(deliveries.nextTexts(2)).containsExactly("4", "5");
    channel.basicReject(4, false);
    assertThat(deliveries.nextTexts(1)).containsExactly("6");
    channel.basicNack(5, false, true);
    assertThat(deliveries.nextTexts(1)).containsExactly("5");
  }

  @Test
  void noQosMeansNoLimit() throws Exception {
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(6)).containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  void zeroMeansNoLimit() throws Exception {
    channel.basicQos(1);
    channel.basicQos(0);
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(6)).hasSize(6);
  }

  @Test
  void everyConsumerHasAWindowOfItsOwn() throws Exception {
    channel.basicQos(1);
    Deliveries first = Deliveries.from(channel, queue);
    Deliveries second = Deliveries.from(channel, queue);

    assertThat(first.nextTexts(1)).containsExactly("1");
    assertThat(second.nextTexts(1)).containsExactly("2");
    assertThat(drain(queue)).containsExactly("3", "4", "5", "6");
  }

  @Test
  void changeOfThePerConsumerWindowIsForLaterConsumers() throws Exception {
    channel.basicQos(1);
    Deliveries before = Deliveries.from(channel, queue);
    assertThat(before.nextTexts(1)).containsExactly("1");
    channel.basicQos(3);
    Deliveries after = Deliveries.from(channel, queue);

    assertThat(after.nextTexts(3)).containsExactly("2", "3", "4");
    assertThat(drain(queue)).containsExactly("5", "6");
    assertThat(before.taken()).isEmpty();
    assertThat(after.taken()).isEmpty();
  }

  @Test
  void noAckConsumersAreNotLimited() throws Exception {
    channel.basicQos(1);
    channel.basicQos(1, true);
    Deliveries deliveries = Deliveries.noAckFrom(channel, queue);

    assertThat(deliveries.nextTexts(6)).hasSize(6);
  }

  @Test
  void globalWindowIsSharedByTheConsumersOfAChannel() throws Exception {
    channel.basicQos(3, true);
    Deliveries first = Deliveries.from(channel, queue);
    assertThat(first.nextTexts(3)).containsExactly("1", "2", "3");
    Deliveries second = Deliveries.from(channel, queue);

    assertThat(drain(queue)).containsExactly("4", "5", "6");
    assertThat(first.taken()).isEmpty();
    assertThat(second.taken()).isEmpty();
  }

  @Test
  void globalWindowCountsWhatAllQueuesOfTheChannelHaveOut() throws Exception {
    String other = newQueue();
    fill(other, "a", "b", "c");
    channel.basicQos(4, true);
    Deliveries second = Deliveries.from(channel, other);
    assertThat(second.nextTexts(3)).containsExactly("a", "b", "c");
    Deliveries first = Deliveries.from(channel, queue);

    assertThat(first.nextTexts(1)).containsExactly("1");
    assertThat(drain(queue)).containsExactly("2", "3", "4", "5", "6");
  }

  @Test
  void globalWindowDoesNotReachOtherChannels() throws Exception {
    channel.basicQos(1, true);
    Deliveries limited = Deliveries.from(channel, queue);
    assertThat(limited.nextTexts(1)).containsExactly("1");
    Channel other = connection.createChannel();
    Deliveries unlimited = Deliveries.from(other, queue);

    assertThat(unlimited.nextTexts(5)).containsExactly("2", "3", "4", "5", "6");
    assertThat(limited.taken()).isEmpty();
  }

  @Test
  void bothWindowsApplyTogether() throws Exception {
    channel.basicQos(2);
    channel.basicQos(3, true);
    Deliveries first = Deliveries.from(channel, queue);
    assertThat(first.nextTexts(2)).containsExactly("1", "2");
    Deliveries second = Deliveries.from(channel, queue);

    assertThat(second.nextTexts(1)).containsExactly("3");
    assertThat(drain(queue)).containsExactly("4", "5", "6");
    assertThat(first.taken()).isEmpty();
    assertThat(second.taken()).isEmpty();
  }

  @Test
  void perConsumerWindowEndsTheGlobalOne() throws Exception {
    channel.basicQos(1, true);
    channel.basicQos(2);
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(2)).containsExactly("1", "2");
    assertThat(drain(queue)).containsExactly("3", "4", "5", "6");
  }

  @Test
  void raisingTheGlobalWindowResumesAtOnce() throws Exception {
    channel.basicQos(2, true);
    Deliveries deliveries = Deliveries.from(channel, queue);
    assertThat(deliveries.nextTexts(2)).containsExactly("1", "2");
    channel.basicQos(4, true);
    assertThat(deliveries.nextTexts(2)).containsExactly("3", "4");
    channel.basicQos(0, true);
    assertThat(deliveries.nextTexts(2)).containsExactly("5", "6");
  }

  @Test
  void loweredGlobalWindowHoldsUntilEnoughIsAcknowledged() throws Exception {
    channel.basicQos(3, true);
    Deliveries deliveries = Deliveries.from(channel, queue);
    assertThat(deliveries.nextTexts(3)).containsExactly("1", "2", "3");
    channel.basicQos(1, true);
    channel.basicAck(1, false);
    channel.basicAck(2, false);
    assertThat(text(channel.basicGet(queue, true))).isEqualTo("4");
    assertThat(deliveries.taken()).isEmpty();
    channel.basicAck(3, false);

    assertThat(deliveries.nextTexts(1)).containsExactly("5");
    assertThat(drain(queue)).containsExactly("6");
  }

  @Test
  void globalWindowIntroducedWhileMessagesAreOutCountsThem() throws Exception {
    Deliveries deliveries = Deliveries.from(channel, queue);
    assertThat(deliveries.nextTexts(6)).hasSize(6);
    channel.basicQos(2, true);
    fill(queue, "7", "8");
    assertThat(text(channel.basicGet(queue, true))).isEqualTo("7");
    channel.basicAck(6, true);

    assertThat(deliveries.nextTexts(1)).containsExactly("8");
  }

  @Test
  void getIsNotLimited() throws Exception {
    channel.basicQos(1);
    channel.basicQos(1, true);
    Deliveries deliveries = Deliveries.from(channel, queue);
    deliveries.nextTexts(1);

    assertThat(text(channel.basicGet(queue, false))).isEqualTo("2");
    assertThat(text(channel.basicGet(queue, true))).isEqualTo("3");
  }

  @Test
  void whatGetFetchesDoesNotFillTheGlobalWindow() throws Exception {
    channel.basicQos(1, true);
    channel.basicGet(queue, false);
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(1)).containsExactly("2");
    channel.basicAck(1, false);
    assertThat(drain(queue)).containsExactly("3", "4", "5", "6");
    assertThat(deliveries.taken()).isEmpty();
  }

  @Test
  void fullGlobalWindowHoldsConsumersWithoutAcknowledgementToo() throws Exception {
    channel.basicQos(1, true);
    Deliveries acknowledging = Deliveries.from(channel, queue);
    assertThat(acknowledging.nextTexts(1)).containsExactly("1");
    Deliveries other = Deliveries.noAckFrom(channel, queue);

    assertThat(drain(queue)).containsExactly("2", "3", "4", "5", "6");
    assertThat(other.taken()).isEmpty();
  }

  @Test
  void windowClosesNothingForCancelledConsumersReplacement() throws Exception {
    channel.basicQos(1);
    Deliveries first = new Deliveries(channel);
    String tag = channel.basicConsume(queue, first);
    assertThat(first.nextTexts(1)).containsExactly("1");
    channel.basicCancel(tag);
    Deliveries second = Deliveries.from(channel, queue);

    assertThat(second.nextTexts(1)).containsExactly("2");
  }

  @Test
  void prefetchSizeIsNotImplemented() throws Exception {
    assertConnectionError(
        Closing.connection(540, "NOT_IMPLEMENTED - prefetch_size!=0 (10)", AmqpMethod.BASIC_QOS),
        ch -> ch.basicQos(10, 1, false));
  }

  @Test
  void largestWindowIsSixtyFiveThousand() throws Exception {
    channel.basicQos(65_535);
    channel.basicQos(65_535, true);
    Deliveries deliveries = Deliveries.from(channel, queue);

    assertThat(deliveries.nextTexts(6)).hasSize(6);
  }
}
