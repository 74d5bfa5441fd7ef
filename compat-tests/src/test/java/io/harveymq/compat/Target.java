package io.harveymq.compat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What differs between the RabbitMQ versions that the tests know, chosen by the version that the
 * broker announces. Immutable; any thread.
 */
final class Target {
  private static volatile Target current;

  private final boolean harvey;
  private final boolean before313;
  private final boolean before40;
  private final boolean before42;

  private Target(Map<String, Object> serverProperties) {
    String version = (String) serverProperties.get("version");
    before40 = version.startsWith("3.");
    before313 = before40 && !version.startsWith("3.13.");
    before42 = before40 || version.startsWith("4.0.") || version.startsWith("4.1.");
    harvey =
        BrokerUnderTest.isEmbedded()
            || serverProperties.toString().toLowerCase(Locale.ROOT).contains("harvey");
  }

  /** The target of this run; asks the broker the first time. */
  static Target current() throws IOException {
    if (current == null) {
      try (RawConnection raw = RawConnection.connect()) {
        raw.sendProtocolHeader();
        WireReader start = raw.expect(0, AmqpMethod.CONNECTION_START);
        start.u16();
        current = new Target(start.table());
      }
    }
    return current;
  }

  /** The smallest frame_max that the broker accepts in tune-ok; 4.1 doubled it. */
  int smallestFrameMax() {
    return before40 ? 4096 : 8192;
  }

  /** The largest body in bytes that may be published; 4.0 lowered it. */
  int maxMessageSize() {
    return (before40 ? 128 : 16) << 20;
  }

  /**
   * Whether tune-ok with unacceptable numbers is answered with a connection.close. RabbitMQ (3.10
   * and 4.x) has such a text but only logs it, and closes the socket after three seconds; Harvey
   * says it.
   */
  boolean explainsTuning() {
    return harvey;
  }

  /**
   * More body octets than announced, then another method: before 4.0 the broker waited for more
   * body and blamed the method.
   */
  Closing tooMuchBody() {
    return before40 && !harvey
        ? Closing.connection(
            505,
            "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
            AmqpMethod.BASIC_PUBLISH)
        : Closing.connection(
            501,
            "FRAME_ERROR - content body frame exceeds remaining content size",
            AmqpMethod.BASIC_PUBLISH);
  }

  /**
   * Whether delivery modes but 1 and 2 are errors, as in RabbitMQ before 4.0; else they are kept.
   */
  boolean refusesUnknownDeliveryModes() {
    return before40 && !harvey;
  }

  /**
   * Whether a method with unknown numbers is explained; RabbitMQ's reader dies of it without a
   * word.
   */
  boolean explainsUnknownMethods() {
    return harvey;
  }

  /**
   * Whether a mandatory direct reply is returned although the requester got it, and binding a reply
   * queue is answered as if there were none.
   */
  boolean knowsNoReplyQueues() {
    return before42;
  }

  /** Whether there is no exchange type x-local-random. */
  boolean knowsNoLocalRandom() {
    return before40;
  }

  /** Whether a 403 says which right is missing, as since 4.0. */
  boolean refusalNamesRight() {
    return !before40;
  }

  /**
   * What connections hear whose virtual host is deleted; with RabbitMQ, its stop and its deletion
   * race.
   */
  List<String> endOfVhost(String vhost) {
    String name = "CONNECTION_FORCED - vhost '" + vhost + "' is ";
    return harvey ? List.of(name + "deleted") : List.of(name + "deleted", name + "down");
  }

  /** Whether clients may log in by ANONYMOUS, as since 4.0. */
  boolean offersAnonymousLogin() {
    return !before40;
  }

  /** Whether quorum queues have a delivery limit without saying so, as since 4.0. */
  boolean limitsDeliveriesUnlessToldNotTo() {
    return !before40;
  }

  /** Whether AMQPLAIN may come with byte arrays (x), which RabbitMQ 3.10 dies of. */
  boolean takesOctetsForCredentials() {
    return harvey || !before40;
  }

  /**
   * Whether a client may answer the broker's basic.cancel, though it says nowait: some do. RabbitMQ
   * 3.10 closes the connection.
   */
  boolean takesAnswersToItsCancel() {
    return harvey || !before40;
  }

  /** An unknown exchange type closed the connection before 4.0, since then the channel. */
  Closing unknownExchangeType(String type) {
    String text = " - unknown exchange type '" + type + "'";
    return before40
        ? Closing.connection(503, "COMMAND_INVALID" + text, AmqpMethod.EXCHANGE_DECLARE)
        : Closing.channel(406, "PRECONDITION_FAILED" + text, AmqpMethod.EXCHANGE_DECLARE);
  }

  /** Whether basic.nack and basic.reject of a stream's messages are refused, as before 3.13. */
  boolean refusesNacksOfStreams() {
    return before313;
  }

  /** Whether consumers of streams can filter, as since 3.13. */
  boolean filtersStreams() {
    return !before313;
  }

  /** How a refusal names a stream: its words changed with 4.0. */
  String consumerWithoutPrefetch(String stream) {
    String queue = "queue '" + stream + "' in vhost '/'";
    return "consumer prefetch count is not set for "
        + (before40 ? "'" + queue + "'" : "stream " + queue);
  }

  /** The same for a consumer without acknowledgements. */
  String consumerWithoutAcks(String stream) {
    return "automatic acknowledgement not supported by stream "
        + (before40 ? "queues " : "")
        + "queue '"
        + stream
        + "' in vhost '/'";
  }

  /**
   * Whether more may be delivered to a consumer of a stream than its prefetch says; RabbitMQ 3.10
   * always delivers whole chunks.
   */
  boolean deliversWholeChunks() {
    return before40 && !harvey;
  }

  /** Whether dead letters reach streams; RabbitMQ 3.10 loses them without a word. */
  boolean deadLettersReachStreams() {
    return harvey || !before313;
  }
}
