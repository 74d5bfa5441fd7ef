package io.harveymq.broker.node;

import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the event exchange is told of users, virtual hosts, permissions and limits, with RabbitMQ's
 * keys and headers. Owned by the node's loop.
 */
public final class AccessEvents {
  private final EventExchange exchange;

  AccessEvents(EventExchange exchange) {
    this.exchange = exchange;
  }

  /** Where they go. Any thread. */
  public EventExchange exchange() {
    return exchange;
  }

  /**
   * A change was made.
   *
   * @param before what held until then
   * @param vhosts what is there now; that one is gone is told when it is
   */
  void tell(AccessRules before, AccessEditor editor, Map<String, VirtualHost> vhosts) {
    if (exchange.isOfNoInterest()) {
      return;
    }
    Set<List<String>> topics = new HashSet<>();
    for (AccessEditor.Change change : editor.changes()) {
      Definition definition = change.definition();
      if (definition instanceof Definition.User changed) {
        tell(before.user(changed.user().name()), changed.user(), change.removed());
      } else if (definition instanceof Definition.VirtualHost changed && !change.removed()) {
        tell(before.vhost(changed.vhost()), changed.definition(), vhosts);
      } else if (definition instanceof Definition.Permission changed) {
        if (!change.removed() || !editor.deletedUsers().contains(changed.permission().user())) {
          tell(changed.permission(), change.removed());
        }
      } else if (definition instanceof Definition.TopicPermission changed) {
        TopicPermission topic = changed.permission();
        if (!change.removed()) {
          created(topic);
        } else if (!editor.deletedUsers().contains(topic.user())
            && topics.add(List.of(topic.user(), topic.vhost()))) {
          emit("topic.permission.deleted", of("vhost", topic.vhost()).put("user", topic.user()));
        }
      } else if (definition instanceof Definition.Parameter changed) {
        tell(changed.parameter(), change.removed());
      }
    }
  }

  private void emit(String key, FieldTable.Builder headers) {
    exchange.emit(key, headers);
  }

  private static FieldTable.Builder of(String header, String value) {
    return FieldTable.builder()
        .put("user_who_performed_action", EventExchange.INTERNAL)
        .put(header, value);
  }

  // ---- users

  private void tell(User before, User user, boolean removed) {
    String name = user.name();
    if (removed) {
      emit("user.deleted", of("name", name));
      return;
    }
    if (before == null) {
      emit("user.created", of("name", name));
    } else if (!before.password().equals(user.password())) {
      boolean empty = user.password().equals(PasswordHash.NONE);
      emit(empty ? "user.password.cleared" : "user.password.changed", of("name", name));
    }
    if (before == null ? !user.tags().isEmpty() : !before.tags().equals(user.tags())) {
      emit("user.tags.set", of("name", name).put("tags", texts(user.tags())));
    }
    UserLimits limits = user.limits();
    if (!limits.equals(before == null ? UserLimits.NONE : before.limits())) {
      FieldTable.Builder headers = of("name", "limits").put("username", name);
      limit(headers, "max-connections", limits.maxConnections());
      limit(headers, "max-channels", limits.maxChannels());
      emit(limits.equals(UserLimits.NONE) ? "user.limits.cleared" : "user.limits.set", headers);
    }
  }

  private static FieldValue texts(List<String> texts) {
    return FieldValue.of(texts.stream().map(FieldValue::of).toList());
  }

  private static void limit(FieldTable.Builder headers, String name, int limit) {
    if (limit != UserLimits.UNSET) {
      headers.put(name, (long) limit);
    }
  }

  // ---- permissions

  private void tell(Permission permission, boolean removed) {
    FieldTable.Builder headers = of("vhost", permission.vhost()).put("user", permission.user());
    if (removed) {
      emit("permission.deleted", headers);
    } else {
      emit(
          "permission.created",
          headers
              .put("read", permission.read())
              .put("write", permission.write())
              .put("configure", permission.configure()));
    }
  }

  private void created(TopicPermission permission) {
    emit(
        "topic.permission.created",
        of("vhost", permission.vhost())
            .put("user", permission.user())
            .put("read", permission.read())
            .put("write", permission.write())
            .put("exchange", permission.exchange()));
  }

  // ---- runtime parameters

  private void tell(Parameter parameter, boolean removed) {
    FieldTable.Builder headers = of("name", parameter.name());
    if (!parameter.isGlobal()) {
      headers.put("vhost", parameter.vhost()).put("component", parameter.component());
    }
    if (removed) {
      emit("parameter.cleared", headers);
    } else {
      emit("parameter.set", headers.put("value", parameter.value()));
    }
  }

  // ---- virtual hosts

  private void tell(
      VirtualHostDefinition before, VirtualHostDefinition vhost, Map<String, VirtualHost> vhosts) {
    if (before == null) {
      vhosts.get(vhost.name()).events().createdWithExchanges();
      emit("vhost.created", said(vhost));
    } else if (!before.withLimits(vhost.limits()).equals(vhost)) {
      boolean onlyTags = before.withTags(vhost.tags()).withLimits(vhost.limits()).equals(vhost);
      if (onlyTags) {
        emit("vhost.tags.set", of("name", vhost.name()).put("tags", texts(vhost.tags())));
      } else {
        emit("vhost.updated", said(vhost));
      }
    }
    if (!vhost.limits().equals(before == null ? VhostLimits.NONE : before.limits())) {
      tellLimits(vhost.name(), vhost.limits());
    }
  }

  private FieldTable.Builder said(VirtualHostDefinition vhost) {
    String type = vhost.defaultQueueType();
    FieldTable state = FieldTable.builder().put(exchange.node(), "running").build();
    return of("name", vhost.name())
        .put("tags", String.join(",", vhost.tags()))
        .put("description", vhost.description())
        .put("cluster_state", new FieldValue.Table(state))
        .put("tracing", false)
        .put("default_queue_type", type == null ? "undefined" : type);
  }

  private void tellLimits(String vhost, VhostLimits limits) {
    FieldTable.Builder parameter =
        of("vhost", vhost).put("name", "limits").put("component", "vhost-limits");
    FieldTable.Builder values = FieldTable.builder();
    FieldTable.Builder headers = of("name", "limits");
    for (FieldTable.Builder table : List.of(values, headers)) {
      limit(table, "max-connections", limits.maxConnections());
      limit(table, "max-queues", limits.maxQueues());
    }
    if (limits.equals(VhostLimits.NONE)) {
      emit("parameter.cleared", parameter);
      emit("vhost.limits.cleared", headers);
    } else {
      emit("parameter.set", parameter.put("value", new FieldValue.Table(values.build())));
      emit("vhost.limits.set", headers);
    }
  }

  /** A virtual host is gone, and everything that was in it. */
  void deleted(VirtualHostDefinition vhost) {
    emit("vhost.deleted", of("name", vhost.name()));
    if (!vhost.limits().equals(VhostLimits.NONE)) {
      tellLimits(vhost.name(), VhostLimits.NONE);
    }
    emit("vhost.down", of("name", vhost.name()).put("node", exchange.node()));
  }
}
