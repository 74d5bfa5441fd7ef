package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.node.LoopAccess;
import io.harveymq.broker.node.UserChannels;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What the user of a connection may do, by the permissions that hold at that time. Names that were
 * found to be allowed are remembered until anything changes. Where backends decide, a check may
 * have to wait for them. Owned by the home loop.
 */
public final class AccessChecks {
  private static final int MOST_REMEMBERED = 256;

  private static final List<AccessRight> ANY_RIGHT =
      List.of(AccessRight.READ, AccessRight.WRITE, AccessRight.CONFIGURE);

  /** Letters of remembered names, of all rights together. */
  private static final int MOST_LETTERS = 8_192;

  private final LoopAccess access;
  private final String user;
  private final String vhost;
  private final Compatibility compatibility;
  private final UserChannels channels;

  /** What backends say; null where only the broker's own permissions count. */
  private final AskedAccess asked;

  /** What the rest was found by. */
  private AccessRules rules;

  private final ErlangPattern[] patterns = new ErlangPattern[AccessRight.values().length];
  private Set<String>[] allowed;
  private int letters;
  private boolean topicsAreRestricted;

  private AccessChecks(
      LoopAccess access,
      Identity identity,
      String vhost,
      Compatibility compatibility,
      boolean forgets) {
    this.access = access;
    this.user = identity == null ? null : identity.name();
    this.vhost = vhost;
    this.compatibility = compatibility;
    this.channels = user == null ? null : access.channels(user);
    this.asked =
        identity == null || identity.isInternal()
            ? null
            : new AskedAccess(access.home(), identity, forgets);
  }

  /**
   * Those of a connection.
   *
   * @param access of the home loop of the virtual host
   */
  static AccessChecks ofConnection(
      LoopAccess access, Identity identity, String vhost, Compatibility compatibility) {
    return new AccessChecks(access, identity, vhost, compatibility, true);
  }

  /**
   * Those of somebody who gives one command.
   *
   * @param access of the home loop of the virtual host
   * @param identity null for the broker itself, which may do everything
   */
  public static AccessChecks ofCommand(
      LoopAccess access, Identity identity, String vhost, Compatibility compatibility) {
    return new AccessChecks(access, identity, vhost, compatibility, false);
  }

  /**
   * What the broker itself may do: everything.
   *
   * @param access of the home loop of the virtual host
   */
  public static AccessChecks ofBroker(
      LoopAccess access, String vhost, Compatibility compatibility) {
    return new AccessChecks(access, null, vhost, compatibility, false);
  }

  /** Who logged in; null for the broker itself. */
  public String user() {
    return user;
  }

  /**
   * Another number whenever what a backend allowed before may not be allowed any more. Changes of
   * the broker's own permissions begin a new routing epoch instead.
   */
  public int epoch() {
    return asked == null ? 0 : asked.epoch();
  }

  /** Who to ask for a new secret; null where a secret is of no use after the login. */
  Identity renewable() {
    return asked == null || !asked.identity().canExpire() ? null : asked.identity();
  }

  /** The user showed a new secret. */
  void renewed(Identity identity) {
    asked.renewed(identity);
  }

  /** The connection ends. */
  void end() {
    if (asked != null) {
      asked.end();
    }
  }

  /** Whether the user may publish in other users' names; the broker itself may. */
  public boolean mayImpersonate() {
    if (user == null) {
      return true;
    }
    if (asked != null) {
      return asked.identity().hasTag(User.IMPERSONATOR);
    }
    User found = access.rules().user(user);
    return found != null && found.hasTag(User.IMPERSONATOR);
  }

  /**
   * Checks the right to a queue.
   *
   * @throws ChannelException 403 without it
   * @throws AccessPending when somebody has to be asked
   */
  public void checkQueue(AccessRight right, String name) {
    if (asked != null) {
      Decision decision = asked.decide(queue(right, name));
      if (!decision.isAllowed()) {
        throw refused(right, ResourceName.queue(vhost, name), decision.suffix());
      }
    } else if (!allows(right, name)) {
      throw refused(right, ResourceName.queue(vhost, name), "");
    }
  }

  private AccessQuestion queue(AccessRight right, String name) {
    return new AccessQuestion.Resource(vhost, AccessQuestion.Resource.QUEUE, name, right);
  }

  private AccessQuestion exchange(AccessRight right, String name) {
    return new AccessQuestion.Resource(vhost, AccessQuestion.Resource.EXCHANGE, name, right);
  }

  /**
   * Checks the right to an exchange.
   *
   * @param name empty for the default exchange
   * @throws ChannelException 403 without it
   * @throws AccessPending when somebody has to be asked
   */
  public void checkExchange(AccessRight right, String name) {
    String known = name.isEmpty() ? AccessRules.DEFAULT_EXCHANGE : name;
    if (asked != null) {
      Decision decision = asked.decide(exchange(right, known));
      if (!decision.isAllowed()) {
        throw refused(right, ResourceName.exchange(vhost, known), decision.suffix());
      }
    } else if (!allows(right, known)) {
      throw refused(right, ResourceName.exchange(vhost, known), "");
    }
  }

  /**
   * Checks that the user may ask whether a queue is there: from 4.3 on with any right to it.
   *
   * @throws ChannelException 403 without one
   */
  public void checkPassiveQueue(String name) {
    if (compatibility.passiveNeedsRight() && !hasAnyRight(name, right -> queue(right, name))) {
      throw refused(AccessRight.CONFIGURE, ResourceName.queue(vhost, name), "");
    }
  }

  /**
   * Checks that the user may ask whether an exchange is there: from 4.3 on with any right to it.
   *
   * @throws ChannelException 403 without one
   */
  public void checkPassiveExchange(String name) {
    if (compatibility.passiveNeedsRight() && !hasAnyRight(name, right -> exchange(right, name))) {
      throw refused(AccessRight.CONFIGURE, ResourceName.exchange(vhost, name), "");
    }
  }

  private boolean hasAnyRight(String name, Function<AccessRight, AccessQuestion> question) {
    if (asked == null) {
      return ANY_RIGHT.stream().anyMatch(right -> allows(right, name));
    }
    AccessQuestion[] questions = ANY_RIGHT.stream().map(question).toArray(AccessQuestion[]::new);
    return asked.decide(questions).isAllowed();
  }

  /**
   * Checks the right to publish with a key in CC or BCC, from 4.0 on: see {@link #checkTopic}.
   *
   * @throws ChannelException 403 without it
   * @throws AccessPending when somebody has to be asked
   */
  public void checkCopy(Exchange exchange, String routingKey) {
    if (compatibility.copiesNeedTopicRight()) {
      checkTopic(AccessRight.WRITE, exchange, routingKey);
    }
  }

  /**
   * Checks the right to use a routing key with an exchange, if that is a topic exchange.
   *
   * @param right to write for publishing, to read for binding
   * @throws ChannelException 403 without it
   * @throws AccessPending when somebody has to be asked
   */
  public void checkTopic(AccessRight right, Exchange exchange, String routingKey) {
    if (exchange.definition().type() != ExchangeType.TOPIC) {
      return;
    }
    Decision decision = decideTopic(right, exchange.name(), routingKey);
    if (!decision.isAllowed()) {
      throw refused(
          right,
          "topic '" + routingKey + "' in " + ResourceName.exchange(vhost, exchange.name()),
          decision.suffix());
    }
  }

  private Decision decideTopic(AccessRight right, String exchange, String routingKey) {
    if (asked != null) {
      return asked.decide(new AccessQuestion.Topic(vhost, exchange, right, routingKey));
    }
    lookAgainIfChanged();
    return Decision.of(
        !topicsAreRestricted || rules.allowsTopic(user, vhost, exchange, right, routingKey));
  }

  private ChannelException refused(AccessRight right, String resource, String suffix) {
    return new ChannelException(
        ReplyCode.ACCESS_REFUSED,
        (compatibility.refusalNamesRight() ? right + " " : "")
            + "access to "
            + resource
            + " refused for user '"
            + user
            + "'"
            + suffix);
  }

  private boolean allows(AccessRight right, String name) {
    lookAgainIfChanged();
    ErlangPattern pattern = patterns[right.ordinal()];
    if (pattern == null || pattern.matchesEverything()) {
      return pattern != null;
    }
    Set<String> names = allowed[right.ordinal()];
    if (names.contains(name)) {
      return true;
    }
    boolean matches = pattern.matches(name);
    if (matches && names.size() < MOST_REMEMBERED && letters < MOST_LETTERS) {
      names.add(name);
      letters += name.length();
    }
    return matches;
  }

  /** Names that are remembered with a right. */
  Set<String> remembered(AccessRight right) {
    return allowed[right.ordinal()];
  }

  private void lookAgainIfChanged() {
    if (rules != access.rules()) {
      rules = access.rules();
      allowed = newSets();
      letters = 0;
      for (AccessRight right : AccessRight.values()) {
        patterns[right.ordinal()] =
            user == null ? ErlangPattern.EVERYTHING : rules.pattern(user, vhost, right);
        allowed[right.ordinal()] = new HashSet<>(2);
      }
      topicsAreRestricted = user != null && rules.hasTopicPermissions(user, vhost);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Set<String>[] newSets() {
    return new Set[AccessRight.values().length];
  }

  // ---- channels

  /**
   * Counts a channel in.
   *
   * @throws ConnectionException 530 when the user has as many as allowed
   */
  void channelOpened() {
    User found = access.rules().user(user);
    int most = found == null ? -1 : found.limits().maxChannels();
    if (most >= 0 && channels.count() >= most) {
      throw new ConnectionException(
          ReplyCode.NOT_ALLOWED,
          "number of channels opened for user '"
              + user
              + "' has reached the maximum allowed user limit of ("
              + most
              + ")",
          0,
          0);
    }
    channels.add(1);
  }

  void channelsClosed(int count) {
    channels.add(-count);
  }
}
