package io.harveymq.broker;

import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import java.util.List;

/**
 * What differs between versions of RabbitMQ and is seen by clients, one switch each. Immutable; any
 * thread.
 *
 * @param version the version given to clients, which some choose their behaviour by
 * @param smallestFrameMax bytes; a client that asks for less is refused, and no frame before
 *     tune-ok may be larger
 * @param maxMessageSize bytes of body
 * @param deathHeaders how dead letters tell of their deaths
 * @param defaultDeliveryLimit of quorum queues that do not say: 20 from 4.0 on, null for none
 * @param unknownExchangeTypeClosesConnection true up to 3.13 (503), false from 4.0 on (406)
 * @param hasLocalRandomExchange whether the exchange type x-local-random exists: from 4.0 on
 * @param replyQueuesAreVolatile from 4.2 on: a mandatory reply by direct reply-to is not returned,
 *     and binding a reply queue is refused with 403 instead of 404
 * @param deprecated which deprecated features may be used: from 4.3 on, those here may not unless
 *     they are permitted
 * @param refusalNamesRight whether a 403 begins with the missing right, {@code configure access to
 *     queue ...}, as RabbitMQ's rabbit_access_control has it since 4.0
 * @param passiveNeedsRight from 4.3 on: only who has some right to a queue or an exchange may ask
 *     whether it is there
 * @param copiesNeedTopicRight from 4.0 on: keys in CC and BCC need the topic permission, too
 *     (rabbit_channel:check_write_permitted_on_topics)
 * @param offersAnonymousLogin whether clients may log in as guest by the mechanism ANONYMOUS,
 *     RabbitMQ's default since 4.0
 * @param consumerTimeoutScope which deliveries have to be acknowledged in which time
 * @param nackIsNoFailure from 4.3 on: in quorum queues basic.nack, basic.recover and the consumer
 *     timeout put a message back without counting against its delivery limit, and the header
 *     x-acquired-count counts them
 * @param quorum what differs in quorum queues besides
 * @param streams what differs in streams
 * @param management what differs in the management API
 */
public record Compatibility(
    String version,
    int smallestFrameMax,
    long maxMessageSize,
    DeathHeaderStyle deathHeaders,
    Long defaultDeliveryLimit,
    boolean unknownExchangeTypeClosesConnection,
    boolean hasLocalRandomExchange,
    boolean replyQueuesAreVolatile,
    DeprecatedFeatures deprecated,
    boolean refusalNamesRight,
    boolean passiveNeedsRight,
    boolean copiesNeedTopicRight,
    boolean offersAnonymousLogin,
    ConsumerTimeoutScope consumerTimeoutScope,
    boolean nackIsNoFailure,
    QuorumRules quorum,
    StreamRules streams,
    ManagementRules management) {

  /** RabbitMQ 3.10. */
  public static final Compatibility V3_10 = of("3.10.25", 310);

  /** RabbitMQ 3.13. */
  public static final Compatibility V3_13 = of("3.13.7", 313);

  /** RabbitMQ 4.2. */
  public static final Compatibility V4_2 = of("4.2.5", 402);

  /** RabbitMQ 4.3. */
  public static final Compatibility V4_3 = of("4.3.5", 403);

  /** The names of all profiles, oldest first. */
  public static final List<String> PROFILES = List.of("3.10", "3.13", "4.2", "4.3");

  /** All switches of a release, such as 402 for 4.2. */
  private static Compatibility of(String version, int release) {
    return new Compatibility(
        version,
        release < 401 ? 4_096 : 8_192,
        release < 400 ? 128 << 20 : 16 << 20,
        deathHeaders(release),
        release < 400 ? null : Long.valueOf(20),
        release < 400,
        release >= 400,
        release >= 402,
        DeprecatedFeatures.of(release),
        release >= 400,
        release >= 403,
        release >= 400,
        release >= 400,
        consumerTimeoutScope(release),
        release >= 403,
        QuorumRules.of(release),
        StreamRules.of(release),
        ManagementRules.of(release));
  }

  private static ConsumerTimeoutScope consumerTimeoutScope(int release) {
    if (release >= 403) {
      return ConsumerTimeoutScope.QUORUM_QUEUE;
    }
    return release < 312 ? ConsumerTimeoutScope.NODE : ConsumerTimeoutScope.QUEUE;
  }

  private static DeathHeaderStyle deathHeaders(int release) {
    if (release >= 400) {
      return DeathHeaderStyle.ANNOTATIONS;
    }
    return release < 313 ? DeathHeaderStyle.HEADERS : DeathHeaderStyle.LATEST_FIRST;
  }

  /**
   * The profile with this name.
   *
   * @throws IllegalArgumentException when it is none of {@link #PROFILES}
   */
  public static Compatibility profile(String name) {
    return switch (name) {
      case "3.10" -> V3_10;
      case "3.13" -> V3_13;
      case "4.2" -> V4_2;
      case "4.3" -> V4_3;
      default ->
          throw new IllegalArgumentException(
              "'" + name + "' is none of " + String.join(", ", PROFILES));
    };
  }

  /**
   * The same version where a deprecated feature may be used, or may not, whatever the version says
   * by itself: RabbitMQ's deprecated_features.permit.
   */
  public Compatibility permitting(DeprecatedFeature feature, boolean permitted) {
    return new Compatibility(
        version,
        smallestFrameMax,
        maxMessageSize,
        deathHeaders,
        defaultDeliveryLimit,
        unknownExchangeTypeClosesConnection,
        hasLocalRandomExchange,
        replyQueuesAreVolatile,
        deprecated.permitting(feature, permitted),
        refusalNamesRight,
        passiveNeedsRight,
        copiesNeedTopicRight,
        offersAnonymousLogin,
        consumerTimeoutScope,
        nackIsNoFailure,
        quorum,
        streams,
        management);
  }

  /** Whether a queue has to be durable or exclusive. */
  public boolean refusesTransientQueues() {
    return !deprecated.permits(DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES);
  }

  /** Whether basic.qos with global is taken as one without. */
  public boolean ignoresGlobalQos() {
    return !deprecated.permits(DeprecatedFeature.GLOBAL_QOS);
  }

  /**
   * Checks that a queue that is to be made may be made.
   *
   * @throws ConnectionException 541 for one that would be neither durable nor exclusive, if that is
   *     refused
   */
  public void checkLifetime(QueueMethod.Declare method) {
    if (!method.durable() && !method.exclusive() && refusesTransientQueues()) {
      throw new ConnectionException(
          ReplyCode.INTERNAL_ERROR, deprecated.refusal(DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES));
    }
  }

  /**
   * The exchange type with this name.
   *
   * @throws AmqpException 503 or 406 when there is none in this version
   */
  public ExchangeType exchangeType(String name) {
    ExchangeType type = ExchangeType.of(name);
    if (type == null || type == ExchangeType.LOCAL_RANDOM && !hasLocalRandomExchange) {
      throw unknownExchangeType(name);
    }
    return type;
  }

  /** The answer to a declaration with an unknown exchange type. */
  private AmqpException unknownExchangeType(String type) {
    String text = "unknown exchange type '" + type + "'";
    return unknownExchangeTypeClosesConnection
        ? new ConnectionException(ReplyCode.COMMAND_INVALID, text)
        : new ChannelException(ReplyCode.PRECONDITION_FAILED, text);
  }
}
