package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.ErlangPattern;
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
import java.util.Set;

/**
 * What the user of a connection may do, by the permissions that hold at that time. Names that were
 * found to be allowed are remembered until anything changes. Owned by the home loop.
 */
public final class AccessChecks {
  private static final int MOST_REMEMBERED = 256;

  private final LoopAccess access;
  private final String user;
  private final String vhost;
  private final Compatibility compatibility;
  private final UserChannels channels;

  /** What the rest was found by. */
  private AccessRules rules;

  private final ErlangPattern[] patterns = new ErlangPattern[AccessRight.values().length];
  private Set<String>[] allowed;
  private boolean topicsAreRestricted;

  /**
   * @param access of the home loop of the virtual host
   */
  public AccessChecks(LoopAccess access, String user, String vhost, Compatibility compatibility) {
    this.access = access;
    this.user = user;
    this.vhost = vhost;
    this.compatibility = compatibility;
    this.channels = user == null ? null : access.channels(user);
  }

  /**
   * What the broker itself may do: everything.
   *
   * @param access of the home loop of the virtual host
   */
  public static AccessChecks ofBroker(
      LoopAccess access, String vhost, Compatibility compatibility) {
    return new AccessChecks(access, null, vhost, compatibility);
  }

  /** Who logged in; null for the broker itself. */
  public String user() {
    return user;
  }

  /** Whether the user may publish in other users' names. */
  public boolean mayImpersonate() {
    User found = access.rules().user(user);
    return found != null && found.hasTag(User.IMPERSONATOR);
  }

  /**
   * Checks the right to a queue.
   *
   * @throws ChannelException 403 without it
   */
  public void checkQueue(AccessRight right, String name) {
    if (!allows(right, name)) {
      throw refused(right, ResourceName.queue(vhost, name));
    }
  }

  /**
   * Checks the right to an exchange.
   *
   * @param name empty for the default exchange
   * @throws ChannelException 403 without it
   */
  public void checkExchange(AccessRight right, String name) {
    String known = name.isEmpty() ? AccessRules.DEFAULT_EXCHANGE : name;
    if (!allows(right, known)) {
      throw refused(right, ResourceName.exchange(vhost, known));
    }
  }

  /**
   * Checks that the user may ask whether a queue is there: from 4.3 on with any right to it.
   *
   * @throws ChannelException 403 without one
   */
  public void checkPassiveQueue(String name) {
    if (compatibility.passiveNeedsRight() && !allowsAnything(name)) {
      throw refused(AccessRight.CONFIGURE, ResourceName.queue(vhost, name));
    }
  }

  /**
   * Checks that the user may ask whether an exchange is there: from 4.3 on with any right to it.
   *
   * @throws ChannelException 403 without one
   */
  public void checkPassiveExchange(String name) {
    if (compatibility.passiveNeedsRight() && !allowsAnything(name)) {
      throw refused(AccessRight.CONFIGURE, ResourceName.exchange(vhost, name));
    }
  }

  private boolean allowsAnything(String name) {
    return allows(AccessRight.READ, name)
        || allows(AccessRight.WRITE, name)
        || allows(AccessRight.CONFIGURE, name);
  }

  /**
   * Checks the right to use a routing key with an exchange, if that is a topic exchange.
   *
   * @param right to write for publishing, to read for binding
   * @throws ChannelException 403 without it
   */
  public void checkTopic(AccessRight right, Exchange exchange, String routingKey) {
    if (exchange.definition().type() != ExchangeType.TOPIC) {
      return;
    }
    lookAgainIfChanged();
    if (topicsAreRestricted
        && !rules.allowsTopic(user, vhost, exchange.name(), right, routingKey)) {
      throw refused(
          right, "topic '" + routingKey + "' in " + ResourceName.exchange(vhost, exchange.name()));
    }
  }

  private ChannelException refused(AccessRight right, String resource) {
    return new ChannelException(
        ReplyCode.ACCESS_REFUSED,
        (compatibility.refusalNamesRight() ? right + " " : "")
            + "access to "
            + resource
            + " refused for user '"
            + user
            + "'");
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
    if (matches && names.size() < MOST_REMEMBERED) {
      names.add(name);
    }
    return matches;
  }

  private void lookAgainIfChanged() {
    if (rules != access.rules()) {
      rules = access.rules();
      allowed = newSets();
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
