package io.harveymq.management.dev;

import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.Resource;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.VhostInfo;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.management.dev.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What is close to a limit that somebody set, other than the length of a queue: memory, disk,
 * connections, the queues of a virtual host. Of one object, the limit that it is closest to.
 * Stateless.
 */
final class LimitFindings {
  /** From this share of a limit on it is near. */
  static final double NEAR = 0.9;

  private static final String KIND = "near-limit";

  private final boolean administrator;

  /**
   * @param administrator whether who asks may change limits
   */
  LimitFindings(boolean administrator) {
    this.administrator = administrator;
  }

  private record Level(long now, long most, String what) {
    boolean isNear() {
      return most > 0 && now >= NEAR * most;
    }

    double share() {
      return (double) now / most;
    }
  }

  /** What the node's memory and disk are close to, unless there is an alarm. */
  static List<Finding> resources(String node, ResourceAlarms alarms) {
    List<Finding> found = new ArrayList<>();
    long used = alarms.memoryUsed();
    long limit = alarms.memoryLimit();
    if (new Level(used, limit, "").isNear() && !alarms.raised().contains(Resource.MEMORY)) {
      found.add(
          resource(node, "has " + bytes(used) + " in memory; above " + bytes(limit))
              .shows("memory_used", used));
    }
    long free = alarms.diskFree();
    long least = alarms.diskLimit();
    if (free >= 0 && free < least / 9 * 10 && !alarms.raised().contains(Resource.DISK)) {
      found.add(
          resource(node, "has " + bytes(free) + " of disk left; below " + bytes(least))
              .shows("disk_free", free));
    }
    return found;
  }

  private static Finding resource(String node, String what) {
    return new Finding(KIND, Severity.WARN, node, what + " publishers are blocked")
        .of("node", null, node)
        .weighs(Long.MAX_VALUE)
        .mendedBy("show-node", "Show node");
  }

  /**
   * Connections of the whole broker.
   *
   * @param open those that are logged in
   * @param accepted those that are not, too
   */
  List<Finding> broker(String node, ConnectionLimits limits, int open, int accepted) {
    Level login = new Level(open, limits.maxConnections(), "connections");
    Level sockets = new Level(accepted, limits.node().maxSockets(), "open sockets");
    boolean waits = sockets.isNear() && !(login.isNear() && login.share() >= sockets.share());
    Level level = waits ? sockets : login;
    if (!level.isNear()) {
      return List.of();
    }
    String then = waits ? "more will have to wait" : "more will be refused";
    return List.of(
        new Finding(KIND, Severity.WARN, node, says(level, then))
            .of("node", null, node)
            .weighs(level.now)
            .mendedBy("show-connections", "Show clients"));
  }

  /** Connections and queues of virtual hosts. */
  List<Finding> vhosts(List<VhostInfo> vhosts) {
    List<Finding> found = new ArrayList<>();
    for (VhostInfo vhost : vhosts) {
      VhostLimits limits = vhost.definition().limits();
      Level clients =
          new Level(vhost.totals().connections(), limits.maxConnections(), "connections");
      Level queues = new Level(vhost.totals().queues(), limits.maxQueues(), "queues");
      boolean more = queues.isNear() && !(clients.isNear() && clients.share() >= queues.share());
      Level level = more ? queues : clients;
      String name = vhost.definition().name();
      if (level.isNear()) {
        found.add(
            limited("Virtual host " + name, says(level, "more will be refused"), level, name));
      }
    }
    return found;
  }

  /** Connections of users. */
  List<Finding> users(
      List<User> users, Predicate<String> visible, List<ConnectionInfo> connections) {
    List<Finding> found = new ArrayList<>();
    for (User user : users) {
      if (user.limits().maxConnections() > 0 && visible.test(user.name())) {
        long open = connections.stream().filter(one -> one.user().equals(user.name())).count();
        Level level = new Level(open, user.limits().maxConnections(), "connections");
        if (level.isNear()) {
          String says = says(level, "more will be refused");
          found.add(
              limited("User " + user.name(), says, level, null).of("user", null, user.name()));
        }
      }
    }
    return found;
  }

  private Finding limited(String subject, String predicate, Level level, String vhost) {
    Finding finding = new Finding(KIND, Severity.WARN, subject, predicate).weighs(level.now);
    if (vhost != null) {
      finding.of("vhost", null, vhost);
    }
    boolean connections = level.what.equals("connections");
    return administrator
        ? finding.mendedBy("show-limits", "Show limits")
        : connections
            ? finding.mendedBy("show-connections", "Show clients")
            : finding.mendedBy("show-queues", "Show queues");
  }

  private static String says(Level level, String then) {
    return "has "
        + number(level.now)
        + " of "
        + number(level.most)
        + " "
        + (level.most == 1 ? level.what.replaceFirst("s$", "") : level.what)
        + "; "
        + then;
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** So many bytes of so many. */
  static String bytes(long now, long most) {
    String[] parts = bytes(now).split(" ");
    String all = bytes(most);
    return (all.endsWith(parts[1]) ? parts[0] : bytes(now)) + " of " + all;
  }

  /** So many bytes as people say it. */
  static String bytes(long bytes) {
    if (bytes < 10 << 10) {
      return number(bytes) + (bytes == 1 ? " byte" : " bytes");
    }
    boolean large = bytes >= 10 << 20;
    double value = bytes / (double) (large ? 1 << 20 : 1 << 10);
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value)
            .replaceFirst("\\.0$", "")
        + (large ? " MiB" : " KiB");
  }
}
