package io.harveymq.auth;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import java.util.ArrayList;
import java.util.List;

/**
 * What the scopes of a token allow, and its tags, by the rules of rabbit_oauth2_scope. Immutable;
 * any thread.
 */
final class Scopes {
  private static final String TAG = "tag:";

  /**
   * One permission.
   *
   * @param routingKey null when it says nothing of topics
   */
  private record Permission(
      AccessRight right, Wildcard vhost, Wildcard name, Wildcard routingKey) {}

  private final List<String> tags;
  private final List<Permission> permissions = new ArrayList<>();

  /**
   * @param scopes without their prefix
   */
  Scopes(List<String> scopes) {
    tags =
        scopes.stream()
            .filter(scope -> scope.startsWith(TAG))
            .map(scope -> scope.substring(TAG.length()))
            .sorted()
            .distinct()
            .toList();
    for (String scope : scopes) {
      for (AccessRight right : AccessRight.values()) {
        String start = right + ":";
        if (scope.startsWith(start)) {
          addPermission(right, scope.substring(start.length()).split("/", -1));
        }
      }
    }
  }

  private void addPermission(AccessRight right, String[] patterns) {
    if (patterns.length == 2 || patterns.length == 3) {
      permissions.add(
          new Permission(
              right,
              new Wildcard(patterns[0]),
              new Wildcard(patterns[1]),
              patterns.length == 2 ? null : new Wildcard(patterns[2])));
    }
  }

  List<String> tags() {
    return tags;
  }

  boolean allow(AccessQuestion question) {
    return permissions.stream().anyMatch(one -> allows(one, question));
  }

  private static boolean allows(Permission one, AccessQuestion question) {
    if (!one.vhost.matches(question.vhost())) {
      return false;
    }
    if (question instanceof AccessQuestion.Resource resource) {
      return one.right == resource.right() && one.name.matches(resource.name());
    }
    if (question instanceof AccessQuestion.Topic topic) {
      return one.right == topic.right()
          && one.routingKey != null
          && one.name.matches(topic.exchange())
          && one.routingKey.matches(topic.routingKey());
    }
    return true;
  }
}
