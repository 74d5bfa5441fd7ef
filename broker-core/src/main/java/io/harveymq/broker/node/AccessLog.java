package io.harveymq.broker.node;

import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.store.Definition;

/** What the log says of a change of users, virtual hosts or permissions. Stateless; any thread. */
final class AccessLog {
  private AccessLog() {}

  static String text(AccessEditor.Change change) {
    Definition definition = change.definition();
    if (definition instanceof Definition.User user) {
      String name = "user '" + user.user().name() + "'";
      return change.removed() ? "deleted " + name : "set " + name + " with " + details(user);
    }
    if (definition instanceof Definition.VirtualHost vhost) {
      String name = "vhost '" + vhost.vhost() + "'";
      return change.removed()
          ? "deleting " + name
          : "set " + name + " (description: '" + vhost.definition().description() + "')";
    }
    if (definition instanceof Definition.Permission set) {
      return (change.removed() ? "cleared" : "set")
          + " permissions for "
          + scope(set.permission().user(), set.vhost())
          + (change.removed()
              ? ""
              : patterns(
                  set.permission().configure(), set.permission().write(), set.permission().read()));
    }
    if (definition instanceof Definition.Parameter set) {
      return (change.removed() ? "cleared" : "set")
          + (set.parameter().isGlobal() ? " global" : " " + set.parameter().component())
          + " parameter '"
          + set.parameter().name()
          + "'"
          + (set.parameter().isGlobal() ? "" : " in virtual host '" + set.vhost() + "'");
    }
    Definition.TopicPermission set = (Definition.TopicPermission) definition;
    return (change.removed() ? "cleared" : "set")
        + " topic permissions on '"
        + set.permission().exchange()
        + "' for "
        + scope(set.permission().user(), set.vhost())
        + (change.removed() ? "" : patterns(set.permission().write(), set.permission().read()));
  }

  private static String details(Definition.User user) {
    return "tags " + user.user().tags();
  }

  private static String scope(String user, String vhost) {
    return "'" + user + "' in virtual host '" + vhost + "'";
  }

  private static String patterns(String... patterns) {
    return " to '" + String.join("', '", patterns) + "'";
  }
}
