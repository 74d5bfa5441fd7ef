package io.harveymq.compat.differential;

import java.util.List;

/**
 * A user who may not do everything, the same at both brokers; the password is the name. Connections
 * from 10 on are theirs: 21 and 22 are two of the user {@code u2}'s. Immutable; any thread.
 *
 * @param configure what the user may configure, a regular expression, as the others
 * @param topicExchange the exchange that the next two are for
 * @param topicWrite the routing keys with which the user may publish there
 * @param topicRead the routing keys with which the user may bind there
 */
record LimitedUser(
    String name,
    String configure,
    String write,
    String read,
    String topicExchange,
    String topicWrite,
    String topicRead) {
  /** All of them, {@code u1} first. */
  static final List<LimitedUser> ALL =
      List.of(
          new LimitedUser("u1", ".*", ".*", ".*", "x0", "^a", "^[a#]"),
          new LimitedUser("u2", "^(q0|x0)$", ".*", ".*", "amq.topic", "^$", ".*"),
          new LimitedUser("u3", ".*", "^(q0|q1|x1|amq\\.default)$", ".*", "x1", ".*", "b$"),
          new LimitedUser("u4", ".*", ".*", "^(q1|x0)$", "x1", "a.b", "a"),
          new LimitedUser("u5", "^amq.gen", "^x", "^(q|amq.gen)", "x0", "^a$", ".*"));

  /** Whose a connection is; those from 100 on are guest's, in another virtual host. */
  static String of(int connection) {
    return connection < 10 || connection > 99 ? "guest" : ALL.get(connection / 10 - 1).name;
  }

  /** The user with this name. */
  static LimitedUser named(String name) {
    return ALL.stream().filter(user -> user.name.equals(name)).findFirst().orElseThrow();
  }
}
