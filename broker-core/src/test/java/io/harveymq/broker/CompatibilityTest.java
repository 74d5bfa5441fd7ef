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
  void whatIsPermittedWinsOverTheVersion() {
    var queues = DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES;
    TestBroker.start().like(Compatibility.V4_3.permitting(queues, true)).channel().declare("q");

    Compatibility denied = Compatibility.V4_2.permitting(queues, false);
    assertThat(denied.refusesTransientQueues()).isTrue();
    assertThat(denied.ignoresGlobalQos()).isFalse();
    assertThat(denied.deprecated().refusal(queues))
        .isEqualTo(
            "Feature `transient_nonexcl_queues` is deprecated.\n"
                + "Its use is not permitted per the configuration (overriding the default, which"
                + " is permitted):\n"
                + "    \"deprecated_features.permit.transient_nonexcl_queues = false\"\n"
                + "Its use will not be permitted by default in a future minor RabbitMQ version"
                + " and the feature will be removed from a future major RabbitMQ version; actual"
                + " versions to be determined.\n"
                + "To continue using this feature when it is not permitted by default, set the"
                + " following parameter in your configuration:\n"
                + "    \"deprecated_features.permit.transient_nonexcl_queues = true\"");
    assertThat(denied.permitting(queues, true).refusesTransientQueues()).isFalse();
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
