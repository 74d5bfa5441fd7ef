package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;

/** What differs between the versions of RabbitMQ that a broker can be like. */
class CompatibilityTest {
  private static TestBroker like(String profile) {
    return TestBroker.start().like(Compatibility.profile(profile));
  }

  @Test
  void everyProfileIsFoundByItsNameAndSaysItsVersion() {
    for (String profile : Compatibility.PROFILES) {
      assertThat(Compatibility.profile(profile).version()).startsWith(profile + ".");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compatibility.profile("5.0"))
        .withMessage("'5.0' is none of 3.10, 3.13, 4.2, 4.3");
  }

  @Test
  void from43OnAQueueIsDurableOrExclusive() {
    TestBroker broker = like("4.3");
    TestChannel channel = broker.channel();
    channel.declare("exclusive", true, false);
    channel.call(
        new QueueMethod.Declare("durable", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    channel.send(new QueueMethod.Declare("q", false, false, false, false, false, FieldTable.EMPTY));

    ConnectionMethod.Close close = channel.client().expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(541);
    assertThat(close.replyText())
        .isEqualTo(
            "INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.\n"
                + "By default, this feature is not permitted anymore.\n"
                + "The feature will be removed from a future major RabbitMQ version, regardless of"
                + " the configuration; actual version to be determined.\n"
                + "To...");
    assertThat(broker.vhost().queueOrNull("q")).isNull();
  }

  @Test
  void upTo42AQueueMayBeNeither() {
    like("4.2").channel().declare("q");
    like("3.13").channel().declare("q");
  }

  @Test
  void from43OnTheWindowIsAlwaysThatOfTheConsumer() {
    assertThat(deliveredToTwoConsumers("4.2")).isEqualTo(1);
    assertThat(deliveredToTwoConsumers("4.3")).isEqualTo(2);
  }

  private static int deliveredToTwoConsumers(String profile) {
    TestChannel channel = like(profile).channel();
    channel.declare("q", true, false);
    channel.qos(1, true).consume("q", "first").consume("q", "second");
    return channel.publish("q", "1").publish("q", "2").publish("q", "3").deliveries().size();
  }
}
